"""The brief's content: what it says, each line with the numbers of the notes that it rests on.

The content is plain records; the HTML, PDF, Markdown and JSON renderings differ in form only. Every line is composed
from events that are in the ledger, and cites them.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from detente.actors import country_name
from detente.brief.phrases import day_text, event_phrase, span_text, state
from detente.records import Document, Event
from detente.relations import Relation
from detente.relations.counting import COUNTED, promised_intensity

__all__ = ["Brief", "Line", "Note", "Section", "compose"]

# What fits on a page beside the rest; the notes hold all the others.
KEY_EVENTS = 14
# Beyond this many the brief cites the weightiest and says how many it leaves out.
MAX_NOTES = 400
YEAR = datetime.timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Note:
    """A footnote: one sentence of one document."""

    number: int
    sentence: str
    title: str
    source: str
    published: datetime.date
    url: str | None
    document_id: str
    sentence_no: int | None
    event_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """A statement of the brief and the notes that it rests on; ``quote`` repeats the evidence where it is one."""

    text: str
    notes: tuple[int, ...]
    quote: str | None = None
    date: str | None = None


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and its lines; ``kind`` is text or events."""

    heading: str
    kind: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Brief:
    """A brief on two states."""

    a: str
    b: str
    title: str
    subtitle: str
    sections: tuple[Section, ...]
    notes: tuple[Note, ...]
    left_out: int
    relation: Relation


class _Notes:
    """Numbers sentences as notes, in order of date; one note for all events of one sentence."""

    def __init__(self, events: Sequence[Event], documents: dict[str, Document]) -> None:
        self.left_out = max(0, len(events) - MAX_NOTES)
        cited = sorted(sorted(events, key=_weight, reverse=True)[:MAX_NOTES], key=_order)
        groups: dict[tuple[str, int | None, str], list[Event]] = {}
        for event in cited:
            sentence = event.sentence or f"record {event.document_id} of {event.dataset}"
            groups.setdefault((event.document_id, event.sentence_no, sentence), []).append(event)
        self.notes: list[Note] = []
        self._number: dict[str, int] = {}
        for number, ((document_id, sentence_no, sentence), members) in enumerate(groups.items(), start=1):
            document = documents.get(document_id)
            first = members[0]
            note = Note(
                number=number,
                sentence=sentence,
                title=(document.title if document else None) or document_id,
                source=(document.source if document else first.source) or first.dataset,
                published=first.published,
                url=document.url if document else first.url,
                document_id=document_id,
                sentence_no=sentence_no,
                event_ids=tuple(e.event_id for e in members),
            )
            self.notes.append(note)
            self._number.update((e.event_id, number) for e in members)

    def of(self, events: Sequence[Event]) -> tuple[int, ...]:
        return tuple(sorted({self._number[e.event_id] for e in events if e.event_id in self._number}))


def _weight(event: Event) -> tuple[float, float, str]:
    return (abs(event.intensity) * event.confidence * event.reliability, event.confidence, event.event_id)


def _order(event: Event) -> tuple[datetime.date, datetime.date, str, int, str]:
    return (event.date, event.published, event.document_id, event.sentence_no or 0, event.event_id)


def compose(relation: Relation, documents: dict[str, Document]) -> Brief:
    """The brief on a relation; ``relation.events`` must hold all its events, ``documents`` those they come from."""
    a, b = relation.a, relation.b
    events = sorted(relation.events, key=_order)
    notes = _Notes(events, documents)
    counted = [e for e in events if e.status in COUNTED]
    other = [e for e in events if e.status not in COUNTED]
    sections = [
        Section("Where the relation stands", "text", tuple(_standing(a, b, counted, notes))),
        Section("What changed", "text", tuple(_change(counted, notes))),
        Section("Key events", "events", tuple(_key_events(counted, notes))),
        Section("Denied, or did not happen", "events", tuple(_key_events(other, notes))),
    ]
    if events:
        spanned = f"{span_text(events[0].date, events[-1].date)}; {len(events)} events in {_documents(events)}"
    else:
        spanned = "no events on record"
    return Brief(
        a=a,
        b=b,
        title=f"{country_name(a)} and {country_name(b)}",
        subtitle=f"Brief on the relation, {spanned}",
        sections=tuple(s for s in sections if s.lines),
        notes=tuple(notes.notes),
        left_out=notes.left_out,
        relation=relation,
    )


def _documents(events: Sequence[Event]) -> str:
    n = len({e.document_id for e in events})
    return f"{n} document" + ("" if n == 1 else "s")


def _count(n: int, what: str) -> str:
    return f"{n} {what}" + ("" if n == 1 else "s")


def _deeds(deeds: int, events: int) -> str:
    if deeds == 0:
        return "words and promises only"
    return "deeds only" if deeds == events else f"{_count(deeds, 'deed')}, the rest words or promises"


def _split(events: Sequence[Event]) -> tuple[list[Event], list[Event]]:
    return [e for e in events if e.quad <= 2], [e for e in events if e.quad >= 3]


def _standing(a: str, b: str, events: list[Event], notes: _Notes) -> list[Line]:
    if not events:
        return [Line(f"The ledger holds no event between {state(a)} and {state(b)} in this span.", ())]
    good, bad = _split(events)
    lines = [
        Line(
            f"Between {state(a)} and {state(b)} the reporting holds {_count(len(events), 'event')} "
            f"{span_text(events[0].date, events[-1].date)}: {len(good)} of cooperation, {len(bad)} of conflict.",
            notes.of(events),
        )
    ]
    for actor, recipient in ((a, b), (b, a)):
        one_way = [e for e in events if e.actor and e.actor.country == actor]
        good, bad = _split(one_way)
        deeds = [e for e in one_way if e.quad in (2, 4) and e.status in ("happened", "ongoing")]
        if one_way:
            who = state(actor)
            lines.append(
                Line(
                    f"{who[0].upper() + who[1:]} toward {state(recipient)}: {len(good)} of cooperation, "
                    f"{len(bad)} of conflict; {_deeds(len(deeds), len(one_way))}.",
                    notes.of(one_way),
                )
            )
    last = events[-1]
    lines.append(
        Line(
            f"The latest event on record is of {day_text(last.date, last.date_precision)}: {event_phrase(last)}.",
            notes.of([last]),
        )
    )
    return lines


def _change(events: list[Event], notes: _Notes) -> list[Line]:
    """The last twelve months on record against the twelve before."""
    if not events:
        return []
    end = events[-1].date
    recent = [e for e in events if e.date > end - YEAR]
    before = [e for e in events if end - 2 * YEAR < e.date <= end - YEAR]
    lines = []
    for name, chosen in (("In the last twelve months on record", recent), ("In the twelve months before", before)):
        good, bad = _split(chosen)
        if chosen:
            mean = sum(promised_intensity(e) for e in chosen) / len(chosen)
            text = (
                f"{name}: {_count(len(chosen), 'event')}, {len(good)} of cooperation and {len(bad)} of conflict, "
                f"mean intensity {mean:+.1f} on the scale from -10 to +10."
            )
        else:
            text = f"{name}: no event on record."
        lines.append(Line(text, notes.of(chosen)))
    return lines


def _key_events(events: list[Event], notes: _Notes) -> list[Line]:
    """The weightiest events, one a sentence, in order of date."""
    chosen: dict[tuple[str, int | None], Event] = {}
    for event in sorted(events, key=_weight, reverse=True):
        chosen.setdefault((event.document_id, event.sentence_no), event)
        if len(chosen) == KEY_EVENTS:
            break
    return [
        Line(f"{event_phrase(e)}.", notes.of([e]), quote=e.sentence, date=day_text(e.date, e.date_precision))
        for e in sorted(chosen.values(), key=_order)
    ]
