"""Events made by hand for the tests of relations."""

import datetime
import random
from collections.abc import Iterable, Sequence
from typing import Any

import ibis
import pyarrow as pa

from detente.ontology import intensity, quad
from detente.records import Event, Party, events_to_table

D = datetime.date


def event(
    day: datetime.date,
    actor: str | None,
    recipient: str | None,
    kind: str = "CONSULT",
    *,
    event_id: str | None = None,
    document_id: str | None = None,
    **more: Any,
) -> Event:
    """An event of one state toward another, in a document of its own unless one is named."""
    name = f"{day}-{actor}-{recipient}-{kind}"
    values: dict[str, Any] = {
        "event_id": event_id or name,
        "document_id": document_id or f"doc-{event_id or name}",
        "sentence_no": 0,
        "sentence": f"{actor} {kind} {recipient}.",
        "event": kind,
        "quad": quad(kind),
        "intensity": intensity(kind),
        "actor": None if actor is None else Party(text=actor, name=actor, country=actor, sector="GOV"),
        "recipient": None if recipient is None else Party(text=recipient, name=recipient, country=recipient),
        "date": day,
        "published": day,
        "coder": "made 1",
    }
    return Event(**values | more)


def table(events: Iterable[Event], **columns: Sequence[Any]) -> Any:
    """An Ibis table of events, with further columns as a ledger has them."""
    rows = events_to_table(events)
    for name, values in columns.items():
        kind = pa.int32() if name.startswith("num_") else pa.string()
        rows = rows.append_column(name, pa.array(values, kind))
    return ibis.memtable(rows)


def turn(
    a: str,
    b: str,
    *,
    change: datetime.date,
    before: str = "CONSULT",
    after: str = "ACCUSE",
    each: int = 12,
    step: int = 20,
) -> list[Event]:
    """A dyad that turns from one kind of event to another on a day, with ``each`` events either side."""
    days = [change + datetime.timedelta(days=step * i) for i in range(-each, each)]
    pairs = [(a, b), (b, a)]
    return [event(day, *pairs[i % 2], before if day < change else after) for i, day in enumerate(days)]


def steady(a: str, b: str, *, since: datetime.date, n: int, step: int = 10, seed: int = 1) -> list[Event]:
    """A dyad with a mixture of events that never changes."""
    draw = random.Random(f"{a}{b}{seed}")
    kinds = ["CONSULT", "AGREE", "SUPPORT", "ACCUSE", "COOPERATE"]
    return [
        event(since + datetime.timedelta(days=step * i), a, b, draw.choice(kinds), event_id=f"{a}{b}{seed}-{i}")
        for i in range(n)
    ]
