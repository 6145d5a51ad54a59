"""The documentation states what the tables hold."""

import csv
from pathlib import Path

import pytest

from detente.actors import model, tables
from detente.ontology import SECTORS

DOCS = Path(__file__).parents[2] / "docs" / "actors.md"
TABLES = {
    "countries.csv": "states: members and observers of the UN, others, former states",
    "people.csv": "terms of office of leaders, ministers and other officials",
    "agencies.csv": "parts of governments, seats of power, parties, breakaway regions",
    "organisations.csv": "international organisations and NGOs",
    "armed_groups.csv": "armed groups",
    "companies.csv": "companies and news media",
    "peoples.csv": "peoples and communities",
    "places.csv": "cities and regions, each with its country",
    "groups.csv": "memberships of groups of states, with days",
    "roles.csv": "lists of titles and head words with their sector",
}


@pytest.mark.parametrize("table", TABLES)
def test_counts_in_the_documentation(table: str) -> None:
    count = len(list(tables.rows(table)))
    assert f"| `{table}` | {TABLES[table]} | {count:,} |" in DOCS.read_text(encoding="utf-8")


def test_kinds_are_documented() -> None:
    text = DOCS.read_text(encoding="utf-8")
    for kind in model.MentionKind.__args__:  # type: ignore[attr-defined]
        assert f"`{kind}`" in text


def test_tables_hold_only_known_codes_and_days() -> None:
    for table in TABLES:
        for row in tables.rows(table):
            assert None not in row, (table, row)
            assert not row.get("country") or row["country"] in tables.COUNTRIES, (table, row)
            assert not row.get("sector") or row["sector"] in SECTORS, (table, row)
            start, end = tables.day(row.get("start") or ""), tables.day(row.get("end") or "")
            assert start is None or end is None or start <= end, (table, row)


def test_every_term_of_office_has_a_source() -> None:
    sources = {row["source"] for row in tables.rows("people.csv")}
    assert sources == {"Archigos 4.1", "REIGN 2021-03", "public record", "public record, by year"}


def test_no_table_has_a_name_twice() -> None:
    for table in ("agencies.csv", "organisations.csv", "armed_groups.csv", "companies.csv", "peoples.csv"):
        names = [row["name"] for row in tables.rows(table)]
        assert len(names) == len(set(names)), table


def test_tables_are_well_formed_csv() -> None:
    for path in (Path(tables.__file__).parent / "data").glob("*.csv"):
        with path.open(encoding="utf-8", newline="") as file:
            widths = {len(row) for row in csv.reader(file)}
        assert len(widths) == 1, path.name
