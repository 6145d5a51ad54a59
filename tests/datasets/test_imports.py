"""Again, interrupted, damaged, hostile: what an import does when files are not as they should be."""

import itertools
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from detente.datasets import FORMATS, inputs, open_format
from detente.errors import NotFound
from detente.ledger import imports as room
from detente.ledger import open_ledger
from detente.ledger.imports import import_files
from tests.datasets import made
from tests.datasets.conftest import Import, Query


def rows(first: int, last: int, **cells: str) -> str:
    return "".join(made.gdelt(n, f"201311{n % 28 + 1:02d}", **cells) + "\n" for n in range(first, last))


def test_importing_again_changes_nothing(tmp_path: Path, bring: Import, query: Query) -> None:
    path = made.write(tmp_path / "a.tsv", rows(0, 20))
    bring("gdelt", path)
    before = query()
    again = bring("gdelt", path)
    assert (again.new, again.files_before, query()) == (0, 1, before)
    elsewhere = made.write(tmp_path / "renamed.tsv", rows(0, 20), "gz")
    by_id = bring("gdelt", elsewhere)
    assert (by_id.new, by_id.already, query()) == (0, 20, before)
    grown = bring("gdelt", made.write(tmp_path / "a.tsv", rows(0, 25)))
    assert (grown.new, grown.already) == (5, 20)


def test_many_small_imports_leave_few_groups_of_rows(tmp_path: Path, bring: Import, query: Query) -> None:
    for n in range(8):
        bring("gdelt", made.write(tmp_path / f"{n}.tsv", rows(3 * n, 3 * n + 3)))
    (found,) = query("SELECT count(DISTINCT row_group_id) AS n FROM pragma_storage_info('imported')")
    assert found["n"] <= 3, "each group takes a block of the file"
    assert len(query()) == 24


def test_the_same_row_twice_in_a_file_is_one_event(tmp_path: Path, bring: Import) -> None:
    report = bring("gdelt", made.write(tmp_path / "a.tsv", made.gdelt(1) + "\n" + made.gdelt(1) + "\n"))
    assert (report.rows, report.new, report.already) == (2, 1, 1)


def test_a_cut_off_import_goes_on(
    tmp_path: Path, ledger: Path, query: Query, bring: Import, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inputs, "PIECE_BYTES", 2000)
    path = made.write(tmp_path / "a.tsv", rows(0, 60))
    monkeypatch.setattr(room, "pieces", lambda *a, **k: inputs.pieces(*a, **k, size=2000))
    told = []

    def stop(state: room.ImportProgress) -> None:
        told.append(state.rows)
        if len(told) == 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt), open_ledger(ledger, "write") as opened:
        import_files(opened, open_format("gdelt"), [path], progress=stop)
    kept = len(query())
    assert 0 < kept < 60
    report = bring("gdelt", path)
    assert (report.new, report.already, len(query())) == (60 - kept, 0, 60)
    assert bring("gdelt", path).files_before == 1


@pytest.mark.parametrize("packing", ["", "gz", "zip"])
def test_packed_and_cut_into_pieces_it_is_the_same(
    packing: str, tmp_path: Path, bring: Import, query: Query, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(room, "pieces", lambda *a, **k: inputs.pieces(*a, **k, size=700))
    text = made.ICEWS_HEAD + "\n" + "".join(made.icews(n) + "\n" for n in range(10)) + made.icews(11, day="2011-13-01")
    report = bring("icews", made.write(tmp_path / "e.tab", text, packing))
    assert (report.new, dict(report.skipped)) == (10, {"bad-value": 1})
    assert report.rejected[0].where.endswith("line 12"), "lines are counted in the whole file"
    assert len(query()) == 10


def test_an_import_loads_no_pandas(tmp_path: Path) -> None:
    """It would be loaded, for half a second, by the first bound value and by the first array made of a list."""
    pytest.importorskip("pandas")
    made.write(tmp_path / "a.tsv", rows(0, 20) + "not a row\n")
    script = (
        "import sys; from detente.datasets import open_format; from detente.ledger import open_ledger; "
        "from detente.ledger.imports import import_files; from detente.relations import keep; "
        "ledger = open_ledger('a.ledger', 'write'); report = import_files(ledger, open_format('gdelt'), ['a.tsv']); "
        "keep(ledger); print(report.new, dict(report.skipped), 'pandas' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", script], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "20 {'bad-value': 1} False"


def test_what_is_found(tmp_path: Path) -> None:
    (tmp_path / "in" / "deep").mkdir(parents=True)
    for name in ("b.csv", "a.csv", "in/c.csv", "in/deep/d.csv", "in/.hidden"):
        made.write(tmp_path / name, "x")
    names = [p.name for p in inputs.find_files([tmp_path / "*.csv", tmp_path / "in", tmp_path / "a.csv"])]
    assert names == ["a.csv", "b.csv", "c.csv", "d.csv"]
    with pytest.raises(NotFound, match="nothing"):
        inputs.find_files([tmp_path / "nothing*"])


BAD = {
    "a date that is none": ("bad-value", made.gdelt(2, "20139999")),
    "too few columns": ("columns", "2\t20131113\tx"),
    "too many columns": ("columns", made.gdelt(2, url="http://x.org") + "\t9\t9"),
    "no number": ("bad-value", made.gdelt(2, mentions="many")),
    "an unknown event": ("unknown-event", made.gdelt(2, cameo="999")),
    "another time": ("bad-date", made.gdelt(2, "02131113")),
}


@pytest.mark.parametrize("what", BAD)
def test_a_bad_row_costs_only_itself(what: str, tmp_path: Path, bring: Import, query: Query) -> None:
    code, bad = BAD[what]
    text = "\n".join([made.gdelt(0), made.gdelt(1), bad, made.gdelt(3), made.gdelt(4)]) + "\n"
    report = bring("gdelt", made.write(tmp_path / "a.tsv", text))
    assert (report.rows, report.new, dict(report.skipped)) == (5, 4, {code: 1})
    assert query("SELECT code, count(*) AS n FROM rejections GROUP BY 1") == [{"code": code, "n": 1}]
    (item,) = report.rejected
    assert "line 3" in item.where or "record 2" in item.where or code == "columns"


def test_rows_in_another_encoding_are_read(tmp_path: Path, bring: Import, query: Query) -> None:
    lines = [made.gdelt(n, place_name="Malmö, Sweden", place_country="SW").encode() for n in range(3)]
    lines[1] = lines[1].decode().encode("cp1252")
    report = bring("gdelt", made.write(tmp_path / "a.tsv", b"\n".join(lines) + b"\n"))
    assert (report.new, dict(report.skipped)) == (3, {})
    assert {e["place"] for e in query()} == {"Malmö, Sweden"}


NO_DATA = {
    "empty": (b"", "empty"),
    "blank": (b"\n \n\n", "empty"),
    "a web page": (b"<!DOCTYPE html><html><body>404</body></html>\n", "not-rows"),
    "another file": (b"a,b,c\n1,2,3\n", "not-rows"),
    "bytes": (bytes(range(256)) * 40, "not-rows"),
    "two bytes a letter": ("1\t2\t3\n".encode("utf-16"), "not-rows"),
    "two bytes a letter, unmarked": ((rows(0, 3)).encode("utf-16-le"), "not-rows"),
    "the start of a zip": (b"PK\x03\x04\x14\0\0\0\x08\0" + bytes(range(256)) * 9, "not-rows"),
}


@pytest.mark.parametrize("what", NO_DATA)
@pytest.mark.parametrize("fmt", ["gdelt", "icews", "ucdp-ged"])
def test_a_file_that_is_no_data_is_told(fmt: str, what: str, tmp_path: Path, bring: Import) -> None:
    content, code = NO_DATA[what]
    report = bring(fmt, made.write(tmp_path / "a.tsv", content), made.write(tmp_path / "b.tsv", content, "gz"))
    assert report.new == 0
    assert dict(report.skipped) == {code: 2}


def test_a_zip_gives_each_file_in_it_and_says_so_where_there_is_none(tmp_path: Path, bring: Import) -> None:
    for name, inside in (("two.zip", {"a.tsv": rows(0, 3), "in/b.tsv": rows(3, 5)}), ("none.zip", {})):
        with zipfile.ZipFile(tmp_path / name, "w") as archive:
            for member, text in inside.items():
                archive.writestr(member, text)
    report = bring("gdelt", tmp_path / "two.zip", tmp_path / "none.zip")
    assert (report.new, dict(report.skipped)) == (5, {"empty": 1})
    assert "no file in it" in report.rejected[0].reason


LONG = "X" * 1_000_000


def test_what_real_files_hold_costs_no_row(tmp_path: Path, bring: Import, query: Query) -> None:
    """Other line ends, a mark at the start, bytes of zero, a quote that nobody closes, a long row, mixed widths."""
    text = rows(0, 4).replace("\n", "\r\n") + rows(4, 6).replace("MOSCOW", "MOS\0COW")
    text += rows(6, 8).replace("MOSCOW", 'A "QUOTED MOSCOW') + made.gdelt(8, url=None) + "\n"
    text += made.gdelt(9, actor1_name=LONG) + "\n" + rows(10, 12)
    report = bring("gdelt", made.write(tmp_path / "a.tsv", b"\xef\xbb\xbf" + text.encode()))
    assert (report.new, dict(report.skipped)) == (12, {})
    names = {event["actor_text"] for event in query()}
    assert names == {"MOSCOW", 'A "QUOTED MOSCOW', LONG}


def test_a_header_in_the_middle_is_a_bad_row(tmp_path: Path, bring: Import) -> None:
    text = made.ICEWS_HEAD + "\n" + made.icews(1) + "\n" + made.ICEWS_HEAD + "\n" + made.icews(2) + "\n"
    report = bring("icews", made.write(tmp_path / "a.tab", text))
    assert (report.new, dict(report.skipped)) == (2, {"bad-value": 1})
    assert report.rejected[0].where.endswith("line 3")


@pytest.mark.parametrize("packing", ["gz", "zip"])
def test_a_cut_off_packed_file_gives_what_it_has(packing: str, tmp_path: Path, bring: Import) -> None:
    text = "".join(made.gdelt(n, url=f"http://x.org/{n * 7919 % 104729}") + "\n" for n in range(3000))
    path = made.write(tmp_path / "a.tsv", text, packing)
    data = path.read_bytes()
    if packing == "zip":  # the list of files at the end is whole, what it points to is not
        with zipfile.ZipFile(path) as archive:
            start = archive.infolist()[0].compress_size // 2
        data = data[:start] + b"\xff" * 40 + data[start + 40 :]
    else:
        data = data[: len(data) // 2]
    path.write_bytes(data)
    report = bring("gdelt", path)
    assert report.skipped["damaged"] == 1
    assert packing == "zip" or 0 < report.new < 3000


def test_a_bomb_is_not_unpacked(tmp_path: Path, bring: Import, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inputs, "_RATIO_FROM", 100_000)
    report = bring("gdelt", made.write(tmp_path / "a.tsv", b"\n" * 10_000_000, "gz"))
    assert dict(report.skipped) == {"too-large": 1}


def test_repeats_and_exploding_articles_count_for_less(tmp_path: Path, bring: Import, query: Query) -> None:
    monday = [made.gdelt(1, url="http://x.org/1"), made.gdelt(2, url="http://x.org/2")]
    monday += [made.gdelt(n, cameo=f"0{n}", url="http://x.org/long") for n in range(40, 46)]
    tuesday = [
        made.gdelt(90, added="20131114", url="http://x.org/3"),
        made.gdelt(91, added="20131116", url="http://x.org/4"),
    ]
    bring("gdelt", made.write(tmp_path / "1.tsv", "\n".join(monday)))
    report = bring("gdelt", made.write(tmp_path / "2.tsv", "\n".join(tuesday)))
    events = {e["document_id"]: e for e in query()}
    assert events["1"]["repeat_of"] is None
    assert events["2"]["repeat_of"] == events["90"]["repeat_of"] == "gdelt:1"
    assert events["91"]["repeat_of"] is None, "three days later it is news again"
    assert report.repeats == 1
    assert events["2"]["reliability"] < events["1"]["reliability"] / 2
    assert events["41"]["reliability"] == pytest.approx(events["1"]["reliability"] * (3 / 6) ** 0.5, abs=0.01)
    assert events["41"]["story_id"] == events["42"]["story_id"] != events["1"]["story_id"]


def test_reliability_follows_its_rule(tmp_path: Path, bring: Import, query: Query) -> None:
    best = made.gdelt(1, articles="20", sources="5", url="http://a/1")
    lone = made.gdelt(
        2, root="0", articles="1", sources="1", place_type="1", cameo="042", url="http://a/2", actor2_code=""
    )
    nobody = made.gdelt(
        3,
        root="0",
        articles="1",
        sources="1",
        cameo="042",
        url="",
        actor1_code="",
        actor2_code="",
        actor2_name="",
        place_type="0",
    )
    bring("gdelt", made.write(tmp_path / "a.tsv", f"{best}\n{lone}\n{nobody}\n"))
    assert [round(e["reliability"], 2) for e in query()] == [1.0, 0.2, 0.12]


cells = st.text(st.characters(codec="utf-8", exclude_characters="\n\r"), max_size=12)
lines = st.one_of(
    st.lists(cells, max_size=70).map("\t".join),
    st.binary(max_size=60).map(lambda b: b.decode("latin-1")),
    st.builds(made.gdelt, st.integers(0, 9), day=st.sampled_from(["20131113", "", "x", "00000000"]), cameo=cells),
    st.just(made.icews(3)),
)
heads = st.sampled_from(
    ["", made.ICEWS_HEAD, *(text.split("\n")[0] for text in (made.TKG, made.UCDP, made.ACLED, made.POLECAT))]
)
numbers = itertools.count()


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    fmt=st.sampled_from(sorted(FORMATS)),
    head=heads,
    body=st.lists(lines, max_size=12),
    end=st.sampled_from(["\n", "\r\n", ""]),
)
def test_anything_can_be_thrown_at_it(fmt: str, head: str, body: list[str], end: str, tmp_path: Path) -> None:
    """No file stops an import, and every row is an event, was there already, or is told as skipped."""
    number = next(numbers)
    text = (end or "\n").join([head, *body]) + end
    path = made.write(tmp_path / f"{number}.txt", text.encode("utf-8", "surrogateescape"))
    with open_ledger(tmp_path / "fuzz.ledger", "write") as opened:
        report = import_files(opened, open_format(fmt), [path])
        assert report.new + report.already + sum(report.skipped.values()) >= min(report.rows, 1)
        assert report.rows == report.new + report.already + sum(
            n for code, n in report.skipped.items() if code not in ("empty", "not-rows") or report.rows
        )
        assert report.files_before or report.new or report.already or report.skipped or not text.strip() or not body
