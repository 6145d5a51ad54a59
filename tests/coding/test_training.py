"""Users' corrections become labelled sentences that the recipe can learn from."""

from __future__ import annotations

import dataclasses
import datetime
import json
from pathlib import Path

from detente.bench.labelled import parse_block
from detente.coding import Coder
from detente.coding.corrections import parse_correction
from detente.records import Document, to_json
from training.corrected import blocks, read_events

TEXT = (
    "Russian Foreign Minister Sergei Lavrov accused Ukraine of shelling a border village. "
    "Japan imposed sanctions on North Korea."
)


def _coded(folder: Path) -> Path:
    document = Document(document_id="a", text=TEXT, published=datetime.date(2016, 5, 1))
    events = next(iter(Coder.load().code([document]))).events
    path = folder / "events.jsonl"
    path.write_text("".join(json.dumps(to_json(event)) + "\n" for event in events), "utf-8")
    return path


def test_corrected_sentences_are_labelled_blocks(tmp_path: Path) -> None:
    events = read_events(_coded(tmp_path))
    first = [e for e in events if e.sentence_no == events[0].sentence_no]
    corrections = [
        parse_correction({"action": "change", "event_id": e.event_id, "fields": {"event": "REQUEST"}}) for e in first
    ]
    found, left = blocks(events, corrections)
    assert not left
    assert len(found) == 1  # the second sentence has no correction, so it is not known whole
    sentence = parse_block(found[0].splitlines())
    assert sentence.text == TEXT.split(". ", maxsplit=1)[0] + "."
    assert {e.event for e in sentence.events} == {"REQUEST"}


def test_a_sentence_with_an_event_left_open_is_left_out(tmp_path: Path) -> None:
    event = read_events(_coded(tmp_path))[0]
    other = dataclasses.replace(event, event_id="another")
    found, left = blocks([event, other], [parse_correction({"action": "keep", "event_id": event.event_id})])
    assert not found
    assert "1 of 2 events have no correction" in left[0]


def test_a_deleted_event_leaves_a_sentence_without_one(tmp_path: Path) -> None:
    events = read_events(_coded(tmp_path))
    number = events[0].sentence_no
    corrections = [parse_correction({"action": "delete", "document_id": "a", "sentence_no": number})]
    found, _ = blocks(events, corrections)
    assert found[0].endswith("> NONE")
