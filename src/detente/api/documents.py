"""Documents: their list, and one with its sentences and what was read from it marked in place."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field
from typing import Any, Literal

from detente.api.events import search_words
from detente.api.paging import LIMIT, Page, check_limit, check_span, decode_cursor, encode_cursor
from detente.api.store import Store
from detente.records import Document, Event, Sentence, Statement, parse_date

__all__ = ["DocumentQuery", "DocumentRow", "DocumentView", "Mark", "find_documents", "marks", "one_document"]


def _doc(text: str, **default: Any) -> Any:
    return field(metadata={"doc": text}, **default)


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentRow:
    """A document in a list, without its text."""

    document_id: str = _doc("the input's id, else the file's name")
    published: datetime.date = _doc("day of publication")
    title: str | None = _doc("headline, where known")
    source: str | None = _doc("who published it")
    url: str | None = _doc("address, where known")
    copy_of: str | None = _doc("id of the original if this is a near-copy: not coded again")
    sentences: int = _doc("number of its sentences")
    events: int = _doc("number of events read from it")
    statements: int = _doc("number of statements read from it")
    batch_id: str | None = _doc("batch that brought it into the ledger")


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentQuery:
    """Which documents are wanted; everything that is given must hold."""

    text: str | None = _doc("words of its text or headline, in any order; in quotes: side by side", default=None)
    source: tuple[str, ...] = _doc("publishers, one of several", default=())
    since: datetime.date | None = _doc("first day of publication", default=None)
    until: datetime.date | None = _doc("last day of publication", default=None)
    batch: str | None = _doc("batch that brought it into the ledger", default=None)
    copies: bool = _doc("whether near-copies are listed too", default=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """A span of a document's text and what it is; ``text[start:end]``."""

    start: int = _doc("offset of its first character in the document's text")
    end: int = _doc("offset after its last character")
    kind: Literal["actor", "recipient", "speaker", "evidence", "words"] = _doc(
        "actor or recipient of an event, its evidence, speaker or words of a statement"
    )
    of: str = _doc("event_id or statement_id that it belongs to")
    why: str = _doc("what it was read as, for a reader who points at it")


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentView:
    """A document with all that was read from it, and where each part of that stands in the text."""

    document: Document = _doc("the document with its text")
    sentences: tuple[Sentence, ...] = _doc("its sentences, in order")
    events: tuple[Event, ...] = _doc("events read from it, in order of the text")
    statements: tuple[Statement, ...] = _doc("statements read from it, in order of the text")
    marks: tuple[Mark, ...] = _doc("spans to mark in place, in order of the text, the longer first")
    copy_of: str | None = _doc("id of the original if this is a near-copy")
    coded_by: str | None = _doc("name and version of the coder")
    batch_id: str | None = _doc("batch that brought it into the ledger")


_COLUMNS = ", ".join(DocumentRow.__dataclass_fields__)


def find_documents(
    store: Store, query: DocumentQuery, *, limit: int = LIMIT, cursor: str | None = None
) -> Page[DocumentRow]:
    """A page of documents, the latest first."""
    check_limit(limit)
    check_span(query.since, query.until)
    parts, values = ["true"], list[Any]()
    for test, value in (
        ("published >= ?", query.since),
        ("published <= ?", query.until),
        ("batch_id = ?", query.batch),
    ):
        if value is not None:
            parts.append(test)
            values.append(value)
    if query.source:
        parts.append(f"source IN ({', '.join('?' * len(query.source))})")
        values += query.source
    if not query.copies:
        parts.append("copy_of IS NULL")
    for words in search_words(query.text):
        parts.append("(contains(lower(text), ?) OR contains(lower(coalesce(title, '')), ?))")
        values += [words, words]
    if cursor is not None:
        day, document_id = decode_cursor(cursor, 2)
        parts.append("(published < ? OR (published = ? AND document_id > ?))")
        values += [parse_date(day, "cursor"), parse_date(day, "cursor"), document_id]
    rows = store.rows(
        f"SELECT {_COLUMNS} FROM documents WHERE {' AND '.join(parts)} "
        f"ORDER BY published DESC, document_id LIMIT {limit + 1}",
        values,
    )
    items = tuple(DocumentRow(**row) for row in rows[:limit])
    more = len(rows) > limit
    return Page(items=items, next=encode_cursor(items[-1].published, items[-1].document_id) if more else None)


def one_document(store: Store, document_id: str) -> DocumentView:
    """The document of that id; NotFound where there is none."""
    with store.ledger() as ledger:
        found = ledger.document(document_id)
    return DocumentView(
        document=found.document,
        sentences=found.sentences,
        events=found.events,
        statements=found.statements,
        marks=marks(found.events, found.statements),
        copy_of=found.copy_of,
        coded_by=found.coded_by,
        batch_id=found.batch_id,
    )


def marks(events: tuple[Event, ...], statements: tuple[Statement, ...]) -> tuple[Mark, ...]:
    """The spans of a document's events and statements, in order of the text, the longer first."""
    found: list[Mark] = []
    for event in events:
        what = f"{event.event}{f' ({event.mode})' if event.mode else ''}, {event.status}"
        if event.start is not None and event.end is not None:
            found.append(Mark(start=event.start, end=event.end, kind="evidence", of=event.event_id, why=what))
        sides: tuple[tuple[Literal["actor", "recipient"], Any], ...] = (
            ("actor", event.actor),
            ("recipient", event.recipient),
        )
        for role, party in sides:
            if party is not None and party.start is not None and party.end is not None:
                who = ", ".join(x for x in (party.name, party.country, party.sector) if x)
                found.append(
                    Mark(start=party.start, end=party.end, kind=role, of=event.event_id, why=f"{who}: {role} of {what}")
                )
    for statement in statements:
        speaker = statement.speaker
        said = f"{speaker.name}, stance {statement.stance:+.2f}"
        if statement.hedge:
            said += f", hedged: {statement.hedge}"
        found.append(
            Mark(
                start=statement.start, end=statement.end, kind="words", of=statement.statement_id, why=f"said by {said}"
            )
        )
        if speaker.start is not None and speaker.end is not None:
            found.append(
                Mark(
                    start=speaker.start,
                    end=speaker.end,
                    kind="speaker",
                    of=statement.statement_id,
                    why=f"speaker: {said}",
                )
            )
    return tuple(sorted(found, key=lambda m: (m.start, -m.end, m.kind, m.of)))
