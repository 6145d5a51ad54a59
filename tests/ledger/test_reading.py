"""Filters, counts and exports."""

import csv
import datetime
import gzip
import json
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from detente.errors import BadDate, BadInput, BadOption
from detente.ledger import LEDGER_EVENT_SCHEMA, Ledger, open_ledger
from detente.records import event_from_row, to_json

from .made import CODER, Coded, coded


@pytest.fixture
def filled(ledger: Ledger) -> Ledger:
    items = []
    for n in range(6):
        item = coded(f"d{n}", f'Sentence {n}, with =formula, "quotes" and\u202e 漢字. Next.')
        event = {f: getattr(item.events[0], f) for f in item.events[0].__dataclass_fields__}
        event |= {"date": datetime.date(2013, 9 + n // 2, 1 + n), "event": "ACCUSE" if n % 2 else "CONSULT"}
        event |= {"confidence": n / 10, "status": "denied" if n == 5 else "happened"}
        if n == 4:
            event["recipient"] = None
        items.append(Coded(item.document, item.sentences, (type(item.events[0])(**event),)))
    with ledger.batch("read", coder=CODER) as batch:
        ledger.write_coded(batch, items)
    return ledger


@pytest.mark.parametrize(
    ("filters", "wanted"),
    [
        ({}, "012345"),
        ({"actor": "RUS"}, "012345"),
        ({"actor": "PRK"}, ""),
        ({"actor": ["PRK", "Russia"], "recipient": "North Korea"}, "01235"),
        ({"since": "2013-10-03"}, "2345"),
        ({"until": datetime.date(2013, 10, 3)}, "012"),
        ({"types": "CONSULT"}, "024"),
        ({"types": ["CONSULT", "ACCUSE"], "status": "denied"}, "5"),
        ({"min_confidence": 0.3}, "345"),
        ({"min_reliability": 1}, "012345"),
        ({"dataset": "gdelt"}, ""),
    ],
)
def test_filters(filled: Ledger, filters: dict[str, object], wanted: str) -> None:
    found = filled.events(**filters).order_by("document_id").to_pyarrow()
    assert [name[1] for name in found["document_id"].to_pylist()] == list(wanted)


def test_filters_are_checked(filled: Ledger) -> None:
    with pytest.raises(BadDate, match="since"):
        filled.events(since="yesterday")
    with pytest.raises(BadOption, match="announced"):
        filled.events(status="promised")
    with pytest.raises(BadInput, match="min_confidence"):
        filled.events(min_confidence=60)
    with pytest.raises(BadOption, match="statements"):
        filled.table("evnets")


def stored(ledger: Ledger) -> list[dict[str, object]]:
    events = [e for n in range(6) for e in ledger.document(f"d{n}").events]
    return sorted((to_json(e) for e in events), key=lambda e: (e["date"], e["event_id"]))


@pytest.mark.parametrize("name", ["out.jsonl", "out.ndjson", "out.jsonl.gz"])
def test_json_lines_are_what_the_library_gives(filled: Ledger, tmp_path: Path, name: str) -> None:
    assert filled.export(tmp_path / name) == 6
    data = (tmp_path / name).read_bytes()
    lines = (gzip.decompress(data) if name.endswith(".gz") else data).decode().splitlines()
    wanted = stored(filled)
    assert [{key: json.loads(line)[key] for key in wanted[0]} for line in lines] == wanted


@pytest.mark.parametrize("name", ["out.parquet", "months", "months.d/"])
def test_parquet_comes_back(filled: Ledger, tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    if name.endswith("/"):
        path.mkdir()
    for _ in range(2):  # an earlier export is replaced
        assert filled.export(path) == 6
    table = pq.read_table(path)
    if path.is_dir():
        assert sorted(p.name for p in path.iterdir()) == ["month=2013-09", "month=2013-10", "month=2013-11"]
        table = table.drop_columns(["month"])
    assert table.column_names == LEDGER_EVENT_SCHEMA.names
    found = [to_json(event_from_row(row)) for row in table.sort_by([("date", "ascending")]).to_pylist()]
    assert found == stored(filled)


def test_csv(filled: Ledger, tmp_path: Path) -> None:
    assert filled.export(tmp_path / "out.csv", types="CONSULT") == 3
    with (tmp_path / "out.csv").open(encoding="utf-8", newline="") as file:
        found = list(csv.DictReader(file))
    assert [row["document_id"] for row in found] == ["d0", "d2", "d4"]
    assert found[0]["contexts"] == "diplomatic;military"
    assert found[0]["sentence"] == filled.document("d0").sentences[0].text


def test_an_export_is_whole_or_not_there(filled: Ledger, tmp_path: Path) -> None:
    before = sorted(p.name for p in tmp_path.iterdir())
    with pytest.raises(BadOption, match=r"\.csv"):
        filled.export(tmp_path / "out.xlsx")
    with pytest.raises(BadInput, match="does not exist"):
        filled.export(tmp_path / "no" / "out.csv")
    assert sorted(p.name for p in tmp_path.iterdir()) == before
    kept = tmp_path / "kept"
    kept.mkdir()
    (kept / "thesis.txt").write_text("mine")
    with pytest.raises(BadInput, match="no earlier export"):
        filled.export(kept)
    assert (kept / "thesis.txt").read_text() == "mine"


def test_an_empty_ledger_exports(ledger: Ledger, tmp_path: Path) -> None:
    assert [ledger.export(tmp_path / name) for name in ("a.csv", "a.jsonl", "a.parquet", "months")] == [0, 0, 0, 0]
    assert pq.read_table(tmp_path / "a.parquet").column_names == LEDGER_EVENT_SCHEMA.names
    assert (tmp_path / "months").is_dir()


def test_the_same_events_give_the_same_file_in_whatever_order_they_came(filled: Ledger, tmp_path: Path) -> None:
    filled.export(tmp_path / "a.jsonl")
    with open_ledger(tmp_path / "two.ledger", "write") as two:
        for n in (5, 3, 1, 0, 2, 4):
            item = filled.document(f"d{n}")
            with two.batch("read", coder=CODER) as batch:
                two.write_coded(batch, [item])
        two.export(tmp_path / "b.jsonl")

    def lines(name: str) -> list[dict[str, object]]:
        records = [json.loads(line) for line in (tmp_path / name).read_text().splitlines()]
        return [{k: v for k, v in record.items() if k != "batch_id"} for record in records]

    assert lines("a.jsonl") == lines("b.jsonl")
