"""Quotes in comma-separated files: cells over several lines are read, a quote that nobody closes costs its own line."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from detente.datasets import table_format
from detente.datasets.quotes import without_open_quotes
from detente.ledger import open_ledger
from detente.ledger.imports import import_files
from tests.datasets import made
from tests.datasets.conftest import Import, Query


def test_an_open_quote_costs_its_own_line(tmp_path: Path, bring: Import, query: Query) -> None:
    head, first, second = made.ACLED.splitlines(keepends=True)
    broken = first.replace("KEN1", "KEN3").replace('at night."', "at night.")
    report = bring("acled", made.write(tmp_path / "a.csv", head + broken + second + first))
    assert (report.rows, report.new, dict(report.skipped)) == (3, 2, {"quote": 1})
    assert report.rejected[0].where.endswith("line 2")
    assert {event["event_id"] for event in query()} == {"acled:KEN1", "acled:KEN2"}


def test_an_open_quote_in_a_cell_before_the_last(tmp_path: Path, bring: Import) -> None:
    broken = made.UCDP.replace('2,"AFG-2"', '3,"AFG-3').splitlines(keepends=True)[-1]
    report = bring("ucdp-ged", made.write(tmp_path / "a.csv", made.UCDP + broken + made.UCDP.split("\n", 1)[1], "gz"))
    assert (report.rows, report.new, dict(report.skipped)) == (5, 2, {"quote": 1})
    assert report.rejected[0].where.endswith("line 5")


LINES = {
    "nothing quoted": ("1,a,b\n2,c,d\n", []),
    "over three lines": ('1,"a\nb\nc",d\n2,c,d\n', []),
    "a quote inside a cell": ('1,5" gun,b\n2,c,"d"\n', []),
    "quotes inside a quoted cell": ('1,"a "b" c",d\n2,"say ""no""",d\n', []),
    "never closed": ('1,"a,b\n2,c,d\n3,e,f\n', [0]),
    "closed by the next row's": ('1,"a,b\n2,"c",d\n3,e,f\n', [0]),
    "two in a row": ('1,"a,b\n2,"c,d\n3,"e",f\n', [0, 1]),
    "over lines, with a cell too many": ('1,"a\nb",c,d\n2,e,f\n', [0]),
    "the last line, without an end": ('1,a,b\n2,c,"d', [1]),
}


@pytest.mark.parametrize("what", LINES)
def test_which_lines_are_left_out(what: str, tmp_path: Path) -> None:
    text, expected = LINES[what]
    path = made.write(tmp_path / "a.csv", text)
    with without_open_quotes(path, ",", 3) as (copy, blank):
        left = copy.read_text().split("\n")
    assert blank == expected
    lines = text.split("\n")
    assert left[: len(lines)] == ["" if n in expected else line for n, line in enumerate(lines)]
    assert path.exists()
    assert copy == path or not copy.exists()


WORDS = st.text(alphabet='ab "\n', max_size=12)
BROKEN = st.text(alphabet="ab ", min_size=1, max_size=8)


def _row(number: int, cell: str) -> str:
    quoted = '"' + cell.replace('"', '""') + '"'
    return f"id{number},2013-11-13,CONSULT,{quoted},Moscow,x\n"


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(WORDS, st.booleans(), BROKEN), min_size=1, max_size=12))
def test_each_line_is_saved_or_told(tmp_path: Path, rows: list[tuple[str, bool, str]]) -> None:
    """Whatever is quoted in whole rows, and whichever are followed by one with an open quote."""
    text, line, whole, broken = "id,date,event,actor,recipient,source\n", 2, set(), set()
    for number, (cell, breaks, words) in enumerate(rows):
        text += _row(number, cell)
        whole.add(f"table:id{number}")
        line += 1 + cell.count("\n")
        if breaks:
            text += f'bad{number},2013-11-13,CONSULT,"{words},Moscow,x\n'
            broken.add(line)
            line += 1
    (tmp_path / "q.ledger").unlink(missing_ok=True)
    fmt = table_format({name: name for name in ("id", "date", "event", "actor", "recipient", "source")})
    with open_ledger(tmp_path / "q.ledger", "write") as ledger:
        report = import_files(ledger, fmt, [made.write(tmp_path / "q.csv", text)])
        kept = {row[0] for row in ledger.connection.execute("SELECT event_id FROM events").fetchall()}
    assert kept == whole
    assert {int(item.where.rpartition("line ")[2]) for item in report.rejected} == broken
    assert report.rows == len(whole) + len(broken)
