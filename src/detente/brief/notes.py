"""Footnotes, numbered in the order in which the brief first cites them; one note a sentence."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from detente.brief.model import Line, Note, Source
from detente.commitments import Commitment
from detente.records import Document, Event
from detente.relations import Relation, Stance

__all__ = ["LINE_NOTES", "Cited", "Notes", "by_weight", "cited_documents", "in_order"]

LINE_NOTES = 4
"""Sentences that one line cites: the weightiest; how many more events it rests on is said beside them."""


@dataclass(frozen=True, slots=True)
class Cited:
    """A sentence of a document to be cited; ``event_id`` where an event was coded from it."""

    document_id: str
    sentence: str
    published: datetime.date
    sentence_no: int | None = None
    event_id: str | None = None
    source: str | None = None
    url: str | None = None


def by_weight(event: Event) -> tuple[float, float, str]:
    """Sorts events by how much they say: intensity times trust."""
    return (abs(event.intensity) * event.confidence * event.reliability, event.confidence, event.event_id)


def in_order(event: Event) -> tuple[datetime.date, datetime.date, str, int, str]:
    """Sorts events by date, then by where they stand."""
    return (event.date, event.published, event.document_id, event.sentence_no or 0, event.event_id)


def _of_event(event: Event) -> Cited:
    return Cited(
        document_id=event.document_id,
        sentence=event.sentence or f"record {event.document_id} of {event.dataset}",
        published=event.published,
        sentence_no=event.sentence_no,
        event_id=event.event_id,
        source=event.source or event.dataset,
        url=event.url,
    )


class Notes:
    """The notes of a brief as they come to be cited."""

    def __init__(self, documents: Mapping[str, Document]) -> None:
        self._documents = documents
        self._notes: dict[tuple[str | None, str], Note] = {}
        self._counted: set[str] = set()

    def line(
        self, text: str, events: Sequence[Event] = (), *, quote: str | None = None, date: str | None = None
    ) -> Line:
        """A line that rests on events: it cites the weightiest and counts the rest."""
        chosen = sorted(sorted(events, key=by_weight, reverse=True)[:LINE_NOTES], key=in_order)
        found = self.cite([_of_event(e) for e in chosen], text)
        ids = tuple(e.event_id for e in sorted(events, key=in_order))
        self._counted.update(ids)
        return replace(found, quote=quote, date=date, events=ids, more=self.unseen(ids, found.notes))

    def unseen(self, events: Iterable[str], numbers: Sequence[int]) -> int:
        """How many of the events no note of these numbers shows."""
        shown = {i for note in self._notes.values() if note.number in numbers for i in note.event_ids}
        return sum(event not in shown for event in events)

    def cite(self, sentences: Iterable[Cited], text: str) -> Line:
        """A line that rests on sentences."""
        numbers: dict[int, None] = {}
        events = []
        for cited in sentences:
            key = (cited.document_id, cited.sentence)
            document = self._documents.get(cited.document_id)
            note = self._notes.get(key) or Note(
                number=len(self._notes) + 1,
                sentence=cited.sentence,
                title=(document.title if document else None) or cited.document_id,
                source=(document.source if document else None) or cited.source or "source not named",
                published=cited.published,
                url=document.url if document else cited.url,
                document_id=cited.document_id,
                sentence_no=cited.sentence_no,
                event_ids=(),
            )
            if cited.event_id is not None:
                events.append(cited.event_id)
                if cited.event_id not in note.event_ids:
                    note = replace(note, event_ids=(*note.event_ids, cited.event_id))
            self._notes[key] = note
            numbers[note.number] = None
        return Line(text, tuple(sorted(numbers)), events=tuple(events))

    def figure(self, text: str, place: str, file: str, what: str) -> Line:
        """A line that rests on a figure of a table or file: ``place`` is where in it."""
        key = (None, f"{file}\x1f{place}")
        note = self._notes.get(key) or Note(len(self._notes) + 1, place, what, file, None, None, None, None, ())
        self._notes[key] = note
        return Line(text, (note.number,))

    @property
    def all(self) -> tuple[Note, ...]:
        """The notes by number."""
        return tuple(sorted(self._notes.values(), key=lambda note: note.number))

    @property
    def left_out(self) -> int:
        """How many events lines count that no note shows."""
        shown = {i for note in self._notes.values() for i in note.event_ids}
        return len(self._counted - shown)

    def sources(self) -> tuple[Source, ...]:
        """Who published what is cited, the most cited first."""
        groups: dict[str, list[Note]] = {}
        for note in self.all:
            groups.setdefault(note.source, []).append(note)
        found = []
        for name, notes in groups.items():
            days = [note.published for note in notes if note.published is not None]
            documents = {note.document_id for note in notes if note.document_id is not None}
            found.append(
                Source(
                    name=name,
                    documents=len(documents),
                    sentences=len(notes),
                    first=min(days, default=None),
                    last=max(days, default=None),
                    notes=tuple(note.number for note in notes),
                )
            )
        return tuple(sorted(found, key=lambda s: (-s.sentences, s.name)))


def cited_documents(
    relation: Relation, stances: Sequence[Stance] = (), commitments: Sequence[Commitment] | None = None
) -> set[str]:
    """Ids of the documents that a brief on these may cite: those whose titles and sources ``compose`` needs."""
    found = {event.document_id for event in relation.events}
    found |= {item.document_id for stance in stances for item in stance.evidence}
    for c in commitments or ():
        found |= {e.document_id for e in c.evidence}
        found |= {e.document_id for x in c.contradictions for e in (x.one.evidence, x.other.evidence)}
        for p in c.provisions:
            found |= {p.evidence.document_id, *(f.evidence.document_id for f in p.follow_through)}
    return found
