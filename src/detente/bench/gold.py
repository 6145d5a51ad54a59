"""Gold records: sentence to event type and both countries; and types of marked pairs."""

from __future__ import annotations

import datetime
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from detente.bench.labelled import read_marked
from detente.bench.scoring import accuracy_report, prf_report
from detente.coding import Coder
from detente.errors import BadInput
from detente.records import Document, Event

__all__ = ["classify", "plover_gold", "score_gold"]

MERGED = "YIELD"
"""Older name of CONCEDE and RETREAT together."""
DAY = datetime.date(2010, 1, 1)
"""Day of publication given to sentences without one; it only matters for who held which office."""


def _countries(parties: Sequence[dict[str, Any]]) -> list[str | None]:
    return [party.get("country_fixed", party.get("country")) for party in parties]


def _gold_dyads(record: dict[str, Any]) -> set[tuple[str | None, str | None]]:
    """Ordered country pairs that count as right; two joined actors without a recipient are each other's."""
    actors, recipients = _countries(record["actor"]), _countries(record["recipient"])
    if record.get("compound") and not recipients and len(actors) > 1:
        return {(a, b) for i, a in enumerate(actors) for j, b in enumerate(actors) if i != j}
    return {(a, r) for a in actors or [None] for r in recipients or [None]}


def _dyad(event: Event) -> tuple[str | None, str | None]:
    return (
        event.actor.country if event.actor else None,
        event.recipient.country if event.recipient else None,
    )


def score_gold(records: Sequence[dict[str, Any]], events: Sequence[Sequence[Event]]) -> dict[str, Any]:
    """Scores of coded events against gold records, counted in the ways that ``counting`` says."""
    by_type: list[tuple[int, int, int]] = []
    by_both: list[tuple[int, int, int]] = []
    best_type: list[tuple[int, int, int]] = []
    best_both: list[tuple[int, int, int]] = []
    for record, found in zip(records, events, strict=True):
        want, dyads = record["event"], _gold_dyads(record)
        types = {event.event for event in found}
        coded = {(event.event, _dyad(event)) for event in found}
        hit = any(name == want and dyad in dyads for name, dyad in coded)
        right_pairs = sum(name == want and dyad in dyads for name, dyad in coded)
        by_type.append((int(want in types), len(types), 1))
        # further pairs of one compound record are right too, and no second hit
        by_both.append((int(hit), len(coded) - max(0, right_pairs - 1), 1))
        top = max(found, key=lambda event: event.confidence, default=None)
        best_type.append((int(top is not None and top.event == want), int(top is not None), 1))
        best_both.append((int(top is not None and top.event == want and _dyad(top) in dyads), int(top is not None), 1))
    return {
        "n": len(records),
        "type": prf_report(by_type),
        "type_and_countries": prf_report(by_both),
        "best_type": prf_report(best_type),
        "best_type_and_countries": prf_report(best_both),
        "counting": {
            "type": "distinct types predicted for a sentence; right if the gold's type is among them; the gold has one",
            "type_and_countries": "distinct (type, actor country, recipient country) of a sentence; right if "
            "type and ordered pair of countries are a gold pair (null equals null; any pair of a compound record "
            "counts once, its other pairs count neither way)",
            "best": "the same, only the most confident event of each sentence counts",
            "interval": "95 % bootstrap over sentences",
        },
    }


def plover_gold(path: Path, coder: Coder) -> dict[str, Any]:
    """Code the sentences of a gold file and score them."""
    records = read_records(path)
    documents = (Document(document_id=str(i), text=record["text"], published=DAY) for i, record in enumerate(records))
    events = [coded.events for coded in coder.code(documents)]
    return score_gold(records, events)


def read_records(path: Path) -> list[dict[str, Any]]:
    """Gold records of a JSON Lines file; BadInput where a line is none."""
    records = []
    for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1):
        try:
            record = json.loads(line)
            ok = isinstance(record["text"], str) and isinstance(record["event"], str)
            ok = ok and isinstance(record["actor"], list) and isinstance(record["recipient"], list)
        except (ValueError, KeyError, TypeError):
            ok = False
        if not ok:
            raise BadInput("not a gold record: text, event, actor and recipient are needed", f"{path}:{number}")
        records.append(record)
    return records


def merged_type(scores: dict[str, float]) -> str:
    """The most probable of 15 types, with CONCEDE and RETREAT added up."""
    summed: dict[str, float] = {}
    for name, score in scores.items():
        if name != "NONE":
            key = MERGED if name in ("CONCEDE", "RETREAT") else name
            summed[key] = summed.get(key, 0.0) + score
    return max(summed, key=lambda name: summed[name])


def classify(path: Path, coder: Coder) -> dict[str, Any]:
    """Types of marked pairs against their gold: 15 types, CONCEDE and RETREAT counted as one."""
    rows = [row for row in read_marked(path) if row[1]]
    found = coder.classify_many((text, spans.get("s"), spans.get("t")) for text, spans, _ in rows)
    predicted = [merged_type(dict(one.scores)) for one in found]
    gold = [MERGED if name in ("CONCEDE", "RETREAT", MERGED) else name for _, _, name in rows]
    return accuracy_report(gold, predicted)
