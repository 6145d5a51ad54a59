"""``detente commitments``, its charts and its scorer, as a user meets them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import pytest

from detente.bench.commitments import measure
from detente.charts.commitments import board_chart, board_records, commitment_chart, commitment_records, silence_records
from detente.cli.main import run
from detente.commitments import find
from detente.documents import split
from detente.errors import BadInput
from detente.ledger import open_ledger
from detente.records import Document, Event, Sentence, Statement
from tests.commitments.made import PIPELINE, report


@dataclass(frozen=True)
class Coded:
    document: Document
    sentences: tuple[Sentence, ...]
    events: tuple[Event, ...] = ()
    statements: tuple[Statement, ...] = ()


@pytest.fixture
def ledger(tmp_path: Path) -> Path:
    path = tmp_path / "test.ledger"
    with open_ledger(path, "write") as store, store.batch("read", coder="none") as batch:
        store.write_coded(batch, [Coded(d, tuple(split(d.text))) for d in PIPELINE])
    return path


def said(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str, str]:
    code = run([str(a) for a in ("commitments", *arguments)])
    out, err = capsys.readouterr()
    return code, out, err


def test_json_and_table(ledger: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = said(capsys, "--ledger", ledger, "--party", "Norway", "--json")
    (found,) = json.loads(out)
    assert code == 0
    assert found == find(PIPELINE)[0].to_json()
    code, out, _ = said(capsys, "--ledger", ledger, "--party", "Poland", "--party", "Norway")
    assert code == 0
    assert out.startswith("advancing (1)")
    assert "NOR" in out
    assert "3/3 fulfilled" in out
    assert "[if the pipeline is approved by parliament]" in out


def test_filters(ledger: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert said(capsys, "--ledger", ledger, "--party", "Chile")[1] == "no commitments\n"
    assert said(capsys, "--ledger", ledger, "--status", "breached", "--json")[1] == "[]\n"
    assert said(capsys, "--ledger", ledger, "--until", "2001-01-01")[1] == "no commitments\n"
    code, out, err = said(capsys, "--ledger", ledger, "--status", "late")
    assert (code, out) == (2, "")
    assert "late" in err
    assert "stalled" in err


def test_everything_about_one(ledger: Path, capsys: pytest.CaptureFixture[str]) -> None:
    wanted = find(PIPELINE)[0].commitment_id
    code, out, _ = said(capsys, "--ledger", ledger, "--show", wanted)
    assert code == 0
    assert PIPELINE[2].text in out
    assert "due 2004-12-31" in out
    assert said(capsys, "--ledger", ledger, "--show", "none")[0] == 2


def test_corrections_are_kept(ledger: Path, capsys: pytest.CaptureFixture[str]) -> None:
    wanted = find(PIPELINE)[0].commitment_id
    assert said(capsys, "--ledger", ledger, "--correct", f"{wanted}:status=stalled")[0] == 0
    assert said(capsys, "--ledger", ledger, "--confirm", wanted)[0] == 0
    (found,) = json.loads(said(capsys, "--ledger", ledger, "--json")[1])
    assert (found["status"], found["corrected"]) == ("stalled", ["status", "confirmed"])
    assert said(capsys, "--ledger", ledger, "--confirm", "nobody")[0] == 2
    assert said(capsys, "--ledger", ledger, "--correct", f"{wanted}:status")[0] == 2
    assert said(capsys, "--ledger", ledger, "--split", f"{wanted}:two")[0] == 2


def test_charts_have_what_they_name() -> None:
    quiet = [*PIPELINE, report(7, "2009-02-02", "Poland beat Norway at handball in Warsaw.")]
    found = find(quiet)
    kinds = {row["kind"] for row in commitment_records(found[0])}
    assert {"made", "due", "advance", "fulfil"} <= kinds
    assert [row["provision"] for row in silence_records(found[0])] == ["gas pipeline"]
    assert board_records(found)[0]["status"] == found[0].status == "stalled"
    for chart in (commitment_chart(found[0]), board_chart(found)):
        assert "data" in json.dumps(chart.to_dict())


def test_the_scorer_counts_right_wrong_and_missed(tmp_path: Path) -> None:
    case = {
        "id": "gas-for-fish",
        "as_of": "2002-12-31",
        "documents": [
            {"id": d.document_id, "date": d.published.isoformat(), "title": d.title, "text": d.text} for d in PIPELINE
        ],
        "commitments": [
            {
                "parties": ["NOR", "POL"],
                "made": "2001-03-05",
                "firmness": "signed",
                "provisions": [
                    {
                        "subject": "gas pipeline",
                        "text": "Norway will build a gas pipeline",
                        "due": "2004-12-31",
                        "condition": None,
                        "level": 1,
                    },
                    {"subject": "navy visits", "text": "the navies visit", "due": None, "condition": None, "level": 0},
                ],
                "evidence": ["r1"],
                "status": "advancing",
                "last_follow_through": "2002-06-11",
            }
        ],
    }
    path = tmp_path / "gold.jsonl"
    path.write_text(json.dumps(case) + "\n", encoding="utf-8")
    figures = measure(path, resamples=20)
    assert figures["detection_f1"] == {"value": 1.0, "low": 1.0, "high": 1.0}
    assert figures["provision_f1"]["value"] == 0.5
    assert figures["status_accuracy"]["value"] == 1.0
    assert figures["condition_f1"]["value"] == 0.0
    assert figures["counts"]["provisions_found"] == 2
    path.write_text('{"id": "x"}\n', encoding="utf-8")
    with pytest.raises(BadInput, match=r"gold\.jsonl:1"):
        measure(path)
