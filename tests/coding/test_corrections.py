"""Users correct what was coded, and the corrections hold."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from detente.coding import Coded, Coder, CodingOptions
from detente.coding.corrections import read_corrections
from detente.errors import BadInput
from detente.records import Document, parse_date

TEXT = "Iran condemned Israel. Russia praised China."


def coded_with(tmp_path: Path, *corrections: dict[str, Any]) -> Coded:
    path = tmp_path / "corrections.jsonl"
    path.write_text("".join(json.dumps(c) + "\n\n" for c in corrections), "utf-8")
    (coded,) = Coder.load(CodingOptions(corrections=path)).code(
        [Document(document_id="d", text=TEXT, published=parse_date("2013-11-13"))]
    )
    return coded


def test_delete_by_sentence(tmp_path: Path) -> None:
    coded = coded_with(tmp_path, {"document_id": "d", "sentence_no": 0, "action": "delete"})
    assert {e.sentence_no for e in coded.events} == {1}
    assert coded.counts["events deleted by correction"] >= 1


def test_change_of_type_moves_quad_and_intensity(tmp_path: Path) -> None:
    before = coded_with(tmp_path).events[0]
    fields = {"event": "ASSAULT", "status": "denied", "recipient": {"country": "PSE"}, "date": "2011-01-02"}
    after = coded_with(tmp_path, {"event_id": before.event_id, "action": "change", "fields": fields}).events[0]
    assert (after.event, after.quad, after.status) == ("ASSAULT", 4, "denied")
    assert after.intensity < before.intensity
    assert after.recipient is not None
    assert (after.recipient.country, after.recipient.text) == ("PSE", "Israel")
    assert (after.date.isoformat(), after.date_precision, after.confidence) == ("2011-01-02", "day", 1.0)


def test_keep_makes_it_certain_and_the_last_correction_wins(tmp_path: Path) -> None:
    delete, keep = ({"document_id": "d", "action": action} for action in ("delete", "keep"))
    coded = coded_with(tmp_path, delete, keep)
    assert {e.confidence for e in coded.events} == {1.0}


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("nonsense", "not JSON"),
        ('{"event_id": "x"}', "action"),
        ('{"action": "delete"}', "event_id or document_id"),
        ('{"event_id": "x", "action": "change"}', "fields"),
        ('{"event_id": "x", "action": "change", "fields": {"evnt": "AID"}}', "evnt"),
        ('{"event_id": "x", "action": "change", "fields": {"event": "AIDE"}}', "AIDE"),
        ('{"event_id": "x", "action": "change", "fields": {"status": "done"}}', "done"),
        ('{"event_id": "x", "action": "change", "fields": {"date": "soon"}}', "soon"),
        ('{"event_id": "x", "action": "change", "fields": {"actor": "Iran"}}', "actor takes an object"),
    ],
)
def test_wrong_corrections_name_file_and_line(tmp_path: Path, line: str, message: str) -> None:
    path = tmp_path / "c.jsonl"
    path.write_text("\n" + line + "\n", "utf-8")
    with pytest.raises(BadInput, match=message) as caught:
        read_corrections(path)
    assert str(caught.value).startswith(f"{path}:2")
