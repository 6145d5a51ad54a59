"""Figures that can be worked out by hand."""

from __future__ import annotations

import datetime
from typing import Any

import pytest

from detente.bench.gold import merged_type, score_gold
from detente.bench.scoring import accuracy_report, prf_report
from detente.records import Event, Party


def event(kind: str, actor: str | None, recipient: str | None, confidence: float = 0.9) -> Event:
    day = datetime.date(2010, 1, 1)
    parties = [None if c is None else Party(text=c, name=c, country=c) for c in (actor, recipient)]
    return Event(
        event_id=f"{kind}{actor}{recipient}", document_id="d", event=kind, quad=1, intensity=0.0, actor=parties[0],
        recipient=parties[1], date=day, published=day, coder="test", confidence=confidence,
    )  # fmt: skip


def record(kind: str, actors: list[str], recipients: list[str], *, compound: bool = False) -> dict[str, Any]:
    return {
        "event": kind, "compound": compound,
        "actor": [{"country": c} for c in actors], "recipient": [{"country": c} for c in recipients],
    }  # fmt: skip


def test_prf() -> None:
    report = prf_report([(1, 2, 1), (0, 0, 1), (1, 1, 1)])
    assert (report["precision"], report["recall"], report["f1"]) == (0.6667, 0.6667, 0.6667)
    low, high = report["f1_95"]
    assert 0 <= low < 0.6667 < high <= 1


def test_extra_events_cost_precision_and_best_only_does_not() -> None:
    scores = score_gold(
        [record("ACCUSE", ["IRN"], ["ISR"])],
        [[event("ACCUSE", "IRN", "ISR"), event("AID", "IRN", None, 0.6), event("ACCUSE", "IRN", "ISR", 0.7)]],
    )
    assert scores["type"]["precision"] == 0.5
    assert scores["type_and_countries"]["precision"] == 0.5
    assert scores["best_type_and_countries"]["f1"] == 1.0


def test_compound_actors_without_recipient_count_for_each_other_once() -> None:
    gold = [record("AGREE", ["USA", "JOR"], [], compound=True)]
    both = score_gold(gold, [[event("AGREE", "USA", "JOR"), event("AGREE", "JOR", "USA")]])
    assert both["type_and_countries"]["f1"] == 1.0
    assert score_gold(gold, [[event("AGREE", "USA", None)]])["type_and_countries"]["f1"] == 0.0


def test_null_recipient_equals_null_only() -> None:
    gold = [record("RETREAT", ["GEO"], [])]
    assert score_gold(gold, [[event("RETREAT", "GEO", None)]])["type_and_countries"]["f1"] == 1.0
    assert score_gold(gold, [[event("RETREAT", "GEO", "RUS")]])["type_and_countries"]["f1"] == 0.0
    assert score_gold(gold, [[]])["type"]["recall"] == 0.0


def test_concede_and_retreat_are_added_up() -> None:
    assert merged_type({"CONCEDE": 0.3, "RETREAT": 0.3, "AID": 0.35, "NONE": 0.05}) == "YIELD"
    assert merged_type({"CONCEDE": 0.1, "RETREAT": 0.1, "AID": 0.25, "NONE": 0.55}) == "AID"


def test_accuracy_and_macro_f1() -> None:
    report = accuracy_report(["a", "a", "b"], ["a", "b", "b"])
    assert report["accuracy"] == pytest.approx(0.6667)
    assert report["f1_by_class"] == {"a": 0.6667, "b": 0.6667}
    assert report["confusion"] == {"a": {"a": 1, "b": 1}, "b": {"b": 1}}
