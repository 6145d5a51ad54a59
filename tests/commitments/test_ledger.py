"""Commitments kept in a ledger: the same whatever the order of reading, after a crash, and after corrections."""

from __future__ import annotations

import dataclasses
import datetime
import json
import random
from dataclasses import dataclass
from pathlib import Path

import pytest

from detente.commitments import Correction, add_correction, catch_up, corrections_path, find, from_ledger, one, pending
from detente.commitments import store as store_module
from detente.documents import split
from detente.ledger import open_ledger
from detente.records import Document, Event, Sentence, Statement, parse_date
from tests.commitments.made import PIPELINE, report

GOLD = Path(__file__).parents[2] / "benchmarks" / "gold" / "commitments"


@dataclass(frozen=True)
class Coded:
    document: Document
    sentences: tuple[Sentence, ...]
    events: tuple[Event, ...] = ()
    statements: tuple[Statement, ...] = ()


def write(path: Path, documents: list[Document], *, follow: bool = True, copies: dict[str, str] | None = None) -> None:
    copies = copies or {}
    with open_ledger(path, "write") as ledger:
        with ledger.batch("read", coder="none") as batch:
            ledger.write_coded(
                batch,
                [Coded(d, tuple(split(d.text))) for d in documents if d.document_id not in copies],
                [(d, copies[d.document_id]) for d in documents if d.document_id in copies],
            )
        if follow:
            catch_up(ledger)


def gold_documents(number: int) -> list[Document]:
    """Documents of the first cases of a development set, cases apart by their ids."""
    lines = (GOLD / "dev_a.jsonl").read_text(encoding="utf-8").splitlines()[:number]
    return [
        Document(
            document_id=f"{case['id']}/{d['id']}", text=d["text"], published=parse_date(d["date"]), title=d["title"]
        )
        for case in map(json.loads, lines)
        for d in case["documents"] + case["background"]
    ]


def as_json(found: object) -> list[object]:
    return [c.to_json() for c in found]  # type: ignore[attr-defined]


def from_file(path: Path, until: str | None = None) -> list[object]:
    found = from_ledger(path, until=datetime.date.fromisoformat(until) if until else None)
    assert found.pending == 0
    return as_json(sorted(found.commitments, key=lambda c: (c.made, c.commitment_id)))


def test_any_order_of_reading_gives_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store_module, "BATCH", 9)
    documents = gold_documents(9)
    expected = as_json(find(documents))
    shuffled = documents.copy()
    random.Random(1).shuffle(shuffled)
    path = tmp_path / "a.ledger"
    for start in range(0, len(shuffled), 14):
        write(path, shuffled[start : start + 14])
    assert from_file(path) == expected
    day = sorted(d.published for d in documents)[len(documents) // 2]
    assert from_file(path, day.isoformat()) == as_json(find(documents, until=day))


def test_reading_again_changes_nothing_and_one_more_touches_its_own(tmp_path: Path) -> None:
    path = tmp_path / "a.ledger"
    others = gold_documents(6)
    write(path, [*others, *PIPELINE[:2]])

    def states() -> dict[str, str]:
        with open_ledger(path) as ledger:
            return dict(ledger.connection.execute("SELECT founded_by, state FROM commitments").fetchall())

    before = states()
    write(path, [*others, *PIPELINE[:2]])
    assert states() == before
    write(path, PIPELINE[2:])
    after = states()
    assert {key for key in after if after[key] != before.get(key)} == {"r1"}


def test_a_reading_that_was_cut_off_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store_module, "BATCH", 5)
    path = tmp_path / "a.ledger"
    documents = gold_documents(6)
    write(path, documents, follow=False)
    with open_ledger(path) as ledger:
        assert pending(ledger.connection) == len(documents)

    def killed(taken: int) -> None:
        if taken >= 10:
            raise KeyboardInterrupt

    with open_ledger(path, "write") as ledger, pytest.raises(KeyboardInterrupt):
        catch_up(ledger, killed)
    with open_ledger(path) as ledger:
        assert 0 < pending(ledger.connection) < len(documents)
    assert from_file(path) == as_json(find(documents))


def test_a_changed_and_a_moved_document_count_as_they_are_now(tmp_path: Path) -> None:
    path = tmp_path / "a.ledger"
    write(path, PIPELINE)
    moved = dataclasses.replace(PIPELINE[0], published=datetime.date(2001, 3, 7))
    broken = report(2, "2001-11-20", "Norway cancelled the gas pipeline agreement with Poland on Tuesday.")
    write(path, [moved, broken])
    assert from_file(path) == as_json(find([moved, broken, PIPELINE[2]]))
    assert from_ledger(path).commitments[0].status == "breached"
    nothing = report(1, "2001-03-07", "It rained in Oslo on Monday.")
    write(path, [nothing])
    assert from_file(path) == as_json(find([nothing, broken, PIPELINE[2]]))


def test_the_same_text_twice_is_one_report_whichever_came_first(tmp_path: Path) -> None:
    path = tmp_path / "a.ledger"
    late = dataclasses.replace(PIPELINE[0], document_id="late", published=datetime.date(2003, 1, 1))
    write(path, [late])
    write(path, PIPELINE)
    assert from_file(path) == as_json(find([*PIPELINE, late]))
    assert len(from_ledger(path).commitments[0].evidence) == len(find(PIPELINE)[0].evidence)


def test_what_turns_out_a_copy_is_taken_out(tmp_path: Path) -> None:
    path = tmp_path / "a.ledger"
    other = report(9, "2001-03-05", PIPELINE[0].text + " The weather was fine.")
    write(path, [other])
    write(path, PIPELINE)
    changed = dataclasses.replace(other, text=other.text + " ")
    write(path, [changed], copies={"r9": "r1"})
    assert from_file(path) == as_json(find(PIPELINE))


def test_questions(tmp_path: Path) -> None:
    path = tmp_path / "a.ledger"
    documents = [*gold_documents(8), *PIPELINE]
    write(path, documents)
    every = find(documents)
    found = from_ledger(path)
    assert found.total == len(every)
    assert found.totals == {s: n for s in found.totals if (n := sum(c.status == s for c in every))}
    assert [c.status for group in found.board().values() for c in group] == [c.status for c in found.commitments]
    two = from_ledger(path, limit=2)
    assert (len(two.commitments), two.total) == (2, len(every))
    assert two.commitments == found.commitments[:2]
    norway = from_ledger(path, parties=["NOR", "POL"]).commitments
    assert [c.made for c in norway] == [datetime.date(2001, 3, 5)]
    assert one(path, norway[0].commitment_id) == norway[0]
    assert one(path, "nobody") is None
    two_of_five = sorted({c.status for c in every})[:2]
    asked = from_ledger(path, status=two_of_five).commitments
    assert {c.commitment_id for c in asked} == {c.commitment_id for c in every if c.status in two_of_five}
    assert 0 < len(asked) < len(every)


def test_corrections_survive_an_older_report_that_comes_to_light(tmp_path: Path) -> None:
    path = tmp_path / "a.ledger"
    write(path, PIPELINE)
    known = from_ledger(path).commitments[0]
    correction = Correction(
        action="correct",
        commitment_id=known.commitment_id,
        fields=(("status", "stalled"),),
        evidence=(known.evidence[0].document_id,),
    )
    add_correction(corrections_path(path), correction)
    assert from_ledger(path, status="stalled").totals == {"stalled": 1}
    older = report(
        8, "2001-03-04", "Norway and Poland agreed on Sunday that Norway will build a gas pipeline to Gdansk by 2004."
    )
    write(path, [older])
    found = from_ledger(path)
    assert found.unmet == ()
    assert [(c.status, c.corrected) for c in found.commitments] == [("stalled", ("status",))]
    assert found.commitments[0].commitment_id != known.commitment_id


def test_a_ledger_that_cannot_be_written_to_says_what_is_left(tmp_path: Path) -> None:
    path = tmp_path / "a.ledger"
    write(path, PIPELINE[:2])
    write(path, PIPELINE[2:], follow=False)
    with open_ledger(path) as ledger:
        found = from_ledger(ledger)
    assert found.pending == 1
    assert len(found.commitments) == 1
    assert from_ledger(path).pending == 0
