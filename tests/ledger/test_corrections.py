"""What users correct: kept apart, undoable, with who and when, and put on again when a document is coded anew."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

import detente as dt
from detente.errors import BadInput, BadOption, NotFound
from detente.ledger import Ledger, open_ledger

TEXT = "Iran condemned Israel. Russia praised China on Monday."


def read(folder: Path, text: str = TEXT) -> Path:
    (folder / "a.txt").write_text(text, encoding="utf-8")
    path = folder / "a.ledger"
    from detente.documents import ReadOptions

    dt.open(path).read(folder / "a.txt", options=ReadOptions(date="2012-03-01"))  # type: ignore[arg-type]
    return path


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with open_ledger(read(tmp_path), "write") as found:
        yield found


def test_a_change_is_seen_by_all_and_undone_exactly(ledger: Ledger) -> None:
    before = ledger.document("a.txt").events
    first = before[0]
    made = ledger.correct(first.event_id, "change", {"status": "denied"}, who="anna", note="a denial")
    ledger.correct(first.event_id, "change", {"event": "ACCUSE", "mode": None}, who="anna")
    after = {e.event_id: e for e in ledger.document("a.txt").events}[first.event_id]
    assert (after.status, after.event, after.confidence) == ("denied", "ACCUSE", 1.0)
    assert (after.sentence, after.actor, after.batch_id) == (first.sentence, first.actor, first.batch_id)
    kept = ledger.corrections(document_id="a.txt")
    assert [(c.who, c.action, c.note, c.undone) for c in kept][-1] == ("anna", "change", "a denial", None)
    assert all(c.coded == first for c in kept)
    for correction in kept:
        ledger.undo(correction.correction_id, who="boris")
    assert ledger.document("a.txt").events == before
    assert {c.undone_by for c in ledger.corrections(event_id=first.event_id)} == {"boris"}
    assert ledger.undo(made.correction_id, who="carl").undone_by == "boris"


def test_a_deleted_event_is_gone_until_it_is_undone(ledger: Ledger) -> None:
    before = ledger.document("a.txt").events
    made = ledger.correct(before[0].event_id, "delete", who="anna")
    assert ledger.document("a.txt").events == before[1:]
    ledger.undo(made.correction_id, who="anna")
    assert ledger.document("a.txt").events == before


def test_corrections_hold_when_the_document_is_coded_anew(tmp_path: Path) -> None:
    path = read(tmp_path)
    with open_ledger(path, "write") as ledger:
        gone, kept = ledger.document("a.txt").events[:2]
        ledger.correct(gone.event_id, "delete", who="anna")
        ledger.correct(kept.event_id, "change", {"said_by": "Tass"}, who="anna")
    read(tmp_path, TEXT + "\nThey met again in Geneva.")
    with open_ledger(path, "write") as ledger:
        events = {e.event_id: e for e in ledger.document("a.txt").events}
        assert gone.event_id not in events
        assert events[kept.event_id].said_by == "Tass"
        for correction in ledger.corrections():
            ledger.undo(correction.correction_id, who="anna")
        events = {e.event_id: e for e in ledger.document("a.txt").events}
        assert events[kept.event_id].said_by is None
        assert gone.event_id in events


@pytest.mark.parametrize(
    ("action", "fields", "error"),
    [
        ("hug", {}, BadInput),
        ("change", {}, BadInput),
        ("keep", {"status": "denied"}, BadInput),
        ("change", {"status": "done"}, BadInput),
        ("change", {"event": "ASSAULT", "mode": "visit"}, BadOption),
        ("change", {"said_by": ["x"]}, BadInput),
        ("change", {"actor": {"country": 3}}, BadInput),
    ],
)
def test_a_wrong_correction_changes_nothing(
    ledger: Ledger, action: str, fields: dict[str, object], error: type[Exception]
) -> None:
    before = ledger.document("a.txt").events
    with pytest.raises(error):
        ledger.correct(before[0].event_id, action, fields, who="anna")
    assert ledger.document("a.txt").events == before
    assert ledger.corrections() == ()


def test_what_is_not_there_is_not_found(ledger: Ledger) -> None:
    with pytest.raises(NotFound):
        ledger.correct("none", "delete", who="anna")
    with pytest.raises(NotFound):
        ledger.undo("none", who="anna")
