"""Reading from a ledger: filters on events, and a document with all that was read from it."""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import duckdb

from detente.errors import BadInput, BadOption, NotFound
from detente.ledger.schema import OWN_EVENTS
from detente.records import (
    STATUSES,
    Document,
    Event,
    Sentence,
    Statement,
    event_from_row,
    parse_date,
    statement_from_row,
)

__all__ = ["EventFilter", "StoredDocument", "stored_document"]


@dataclass(frozen=True, slots=True, kw_only=True)
class EventFilter:
    """Which events are wanted; everything that is given must hold.

    ``actor`` and ``recipient`` are country codes or actors' names, ``types`` PLOVER event types, ``status`` statuses,
    each one or several of which one must fit; ``since`` and ``until`` are days, both included.
    """

    actor: str | Sequence[str] | None = None
    recipient: str | Sequence[str] | None = None
    since: datetime.date | str | None = None
    until: datetime.date | str | None = None
    types: str | Sequence[str] | None = None
    status: str | Sequence[str] | None = None
    dataset: str | Sequence[str] | None = None
    min_confidence: float | None = None
    min_reliability: float | None = None

    def __post_init__(self) -> None:
        for name in ("actor", "recipient", "types", "status", "dataset"):
            value = getattr(self, name)
            if value is not None:
                object.__setattr__(self, name, (value,) if isinstance(value, str) else tuple(value))
        for name in ("since", "until"):
            if (value := getattr(self, name)) is not None:
                object.__setattr__(self, name, parse_date(value, name))
        for value in self.status or ():
            if value not in STATUSES:
                raise BadOption("status", value, STATUSES)
        for name in ("min_confidence", "min_reliability"):
            value = getattr(self, name)
            if value is not None and not 0 <= value <= 1:
                raise BadInput(f"{name} {value!r} is not between 0 and 1")

    def expression(self, events: Any) -> Any:
        """The wanted ones of an Ibis table of events."""
        chosen = []
        for party, names in (("actor", self.actor), ("recipient", self.recipient)):
            if names is not None:
                chosen.append(events[f"{party}_country"].isin(names) | events[f"{party}_name"].isin(names))
        for column, names in (("event", self.types), ("status", self.status), ("dataset", self.dataset)):
            if names is not None:
                chosen.append(events[column].isin(names))
        if self.since is not None:
            chosen.append(events["date"] >= self.since)
        if self.until is not None:
            chosen.append(events["date"] <= self.until)
        if self.min_confidence is not None:
            chosen.append(events["confidence"] >= self.min_confidence)
        if self.min_reliability is not None:
            chosen.append(events["reliability"] >= self.min_reliability)
        return events.filter(chosen) if chosen else events


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredDocument:
    """A document of the ledger with all that was read from it; ``copy_of`` is its original's id if it is a copy."""

    document: Document
    sentences: tuple[Sentence, ...]
    events: tuple[Event, ...]
    statements: tuple[Statement, ...]
    copy_of: str | None
    coded_by: str
    batch_id: str


def stored_document(connection: duckdb.DuckDBPyConnection, document_id: str) -> StoredDocument:
    """The document of that id; NotFound where there is none."""

    def rows(query: str) -> list[dict[str, Any]]:
        cursor = connection.execute(query, [document_id])
        names = [str(column[0]) for column in cursor.description or ()]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

    found = rows("SELECT * FROM documents WHERE document_id = ?")
    if not found:
        raise NotFound("document", document_id)
    row = found[0]
    return StoredDocument(
        document=Document(**{f.name: row[f.name] for f in dataclasses.fields(Document)}),
        sentences=tuple(
            Sentence(s["no"], s["start"], s["end"], s["text"])
            for s in rows("SELECT * FROM sentences WHERE document_id = ? ORDER BY no")
        ),
        events=tuple(
            event_from_row(e)
            for e in rows(f"SELECT * FROM {OWN_EVENTS} WHERE document_id = ? ORDER BY sentence_no, start, event_id")
        ),
        statements=tuple(
            statement_from_row(s)
            for s in rows("SELECT * FROM statements WHERE document_id = ? ORDER BY sentence_no, start, statement_id")
        ),
        copy_of=row["copy_of"],
        coded_by=row["coded_by"],
        batch_id=row["batch_id"],
    )
