"""The commands: what a user sees, and the Korea dossier read by the coder."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from detente.cli.main import run
from tests.relations.made import D, table, turn

CHANGE = D(2012, 3, 1)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("made") / "events.parquet"
    pq.write_table(table(turn("PRK", "RUS", change=CHANGE)).to_pyarrow(), path)
    return path


def said(capsys: pytest.CaptureFixture[str], *argv: object) -> str:
    assert run([str(x) for x in argv]) == 0
    return capsys.readouterr().out


def answer(capsys: pytest.CaptureFixture[str], *argv: object) -> Any:
    return json.loads(said(capsys, *argv, "--json"))


def test_relation_tells_series_shifts_and_events(made: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data = answer(capsys, "relation", "Russia", "DPRK", "--ledger", made, "--by", "year")
    wanted = {"a", "b", "by", "series", "attention", "baseline", "shifts", "events", "commitments"}
    assert wanted <= set(data)
    assert (data["a"], data["b"]) == ("RUS", "PRK")
    assert [x["direction"] for x in data["shifts"]] == ["cooling"]
    assert {p["direction"] for p in data["series"]} == {"RUS→PRK", "PRK→RUS", "both"}
    text = said(capsys, "relation", "Russia", "DPRK", "--ledger", made)
    for words in ("Russia (RUS) and North Korea (PRK)", "cooperation", "2012-03-01", "PRK ACCUSE RUS."):
        assert words in text


def test_group_by_name_and_by_list(made: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data = answer(capsys, "relation", "--group", "six-party", "--ledger", made)
    assert data["members"] == ["CHN", "JPN", "KOR", "PRK", "RUS", "USA"]
    assert len(data["pairs"]) == 15
    assert "PRK" in said(capsys, "relation", "--group", "Russia, North Korea", "--ledger", made)


def test_stance_tells_words_with_their_sentences(made: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data = answer(capsys, "stance", "RUS", "PRK", "--ledger", made)
    assert {"series", "words", "deeds", "evidence"} <= set(data)
    assert data["evidence"][0]["sentence"] == "RUS ACCUSE PRK."
    assert "RUS ACCUSE PRK." in said(capsys, "stance", "RUS", "PRK", "--ledger", made)


@pytest.mark.parametrize(
    ("argv", "words"),
    [
        (["relation", "Korea", "Russia"], "ambiguous"),
        (["relation", "Russia"], "two states"),
        (["relation", "Russia", "RU"], "same state"),
        (["relation", "Russia", "China", "--group", "P5"], "not both"),
        (["relation", "--group", "the moon"], "unknown"),
        (["relation", "Russia", "China", "--by", "fortnight"], "fortnight"),
        (["shifts", "--until", "yesterday"], "yesterday"),
        (["shifts", "--since", "2013-01-01", "--until", "2012-01-01"], "after"),
        (["shifts", "--sort", "loud"], "loud"),
        (["stance", "Atlantis", "Russia"], "Atlantis"),
    ],
)
def test_wrong_usage_is_told_in_a_line(
    argv: Sequence[str], words: str, made: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run([*argv, "--ledger", str(made)]) == 2
    told = capsys.readouterr()
    assert words in told.err
    assert told.err.count("\n") == 1
    assert told.out == ""


@pytest.mark.parametrize("until", [[], ["--until", "2013-12-31"]])
def test_on_the_korea_dossier_moscow_ranks_above_beijing(
    until: list[str], dossier_ledger: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    listed = [(x["a"], x["b"]) for x in answer(capsys, "shifts", "--ledger", dossier_ledger, *until)]
    assert listed.index(("PRK", "RUS")) < listed.index(("CHN", "PRK"))


def test_at_the_end_of_2013_moscow_is_seen_to_have_cooled(
    dossier_ledger: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    listed = answer(capsys, "shifts", "--ledger", dossier_ledger, "--until", "2013-12-31")
    moscow = next(x for x in listed if (x["a"], x["b"], x["direction"]) == ("PRK", "RUS", "cooling"))
    assert "2011-09" < moscow["date"] < "2013-04"
    assert 0.1 <= moscow["probability"] < 0.9
    assert moscow["events"]


def test_a_replay_tells_when_a_shift_could_be_known(made: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (found,) = answer(capsys, "shifts", "--ledger", made, "--replay", "month", "--min-probability", "0.5")
    assert (found["a"], found["b"], found["date"], found["direction"]) == ("PRK", "RUS", "2012-03-01", "cooling")
    assert found["known"] > found["date"]
    assert found["delay"] > 0
    assert found["known"] in said(capsys, "shifts", "--ledger", made, "--replay", "month", "--min-probability", "0.5")


@pytest.mark.parametrize(
    "argv", [["relation", "RUS", "PRK"], ["relation", "--group", "RUS,PRK"], ["shifts"], ["stance", "RUS", "PRK"]]
)
def test_every_answer_can_be_drawn(
    argv: Sequence[str], made: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "drawn.svg"
    text = said(capsys, *argv, "--ledger", made)
    assert said(capsys, *argv, "--ledger", made, "--chart", path) == text
    assert path.read_text(encoding="utf-8").startswith("<svg")
    assert run([*argv, "--ledger", str(made), "--chart", str(tmp_path / "drawn.gif")]) == 2
    assert ".svg, .png, .pdf, .json" in capsys.readouterr().err


def test_the_terminal_shows_levels_and_what_is_unnoticed(made: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = next(x for x in said(capsys, "stance", "RUS", "PRK", "--ledger", made).splitlines() if x[:6] == "words ")
    level = dict(zip("▁▂▃▄▅▆▇█", range(8), strict=True))
    first, *_, last = [level[c] for c in words[6:] if c != "·"]
    assert first > 3 > last, "from talks to accusations"
    (row,) = [x for x in said(capsys, "shifts", "--ledger", made).splitlines() if x.startswith("2012-03-01")]
    assert row.endswith("█") is (float(row.split()[7]) > 0)
    assert "attention: 24 documents on both, 100% of the 24 on RUS" in said(
        capsys, "relation", "RUS", "PRK", "--ledger", made
    )
