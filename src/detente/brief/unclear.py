"""What is unclear or contradicted: denials, things that did not happen, reports that differ, what rests on little."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Sequence

from detente.brief.likelihood import percent
from detente.brief.model import Line, Section
from detente.brief.notes import Notes, by_weight, in_order
from detente.brief.phrases import capital, count, day_text, event_phrase, state
from detente.brief.promises import cite_evidence, parties_text
from detente.commitments import Commitment
from detente.records import Event
from detente.relations import Relation, Stance
from detente.relations.counting import COUNTED

__all__ = ["section"]

SHOWN = 5  # of each kind
WEEK = datetime.timedelta(days=7)
# Confidence is a calibrated probability that a coding is right; below this it is called unsure.
UNSURE = 0.6
# More of the events than this from one source is worth saying.
ONE_SOURCE = 0.6
_KINDS = {
    "advance": "that it moved forward",
    "fulfil": "that it was carried out",
    "breach": "that it was broken",
    "replace": "that something else took its place",
    "deny": "a denial",
    "absent": "that nothing was done",
}


def section(
    relation: Relation,
    events: Sequence[Event],
    stances: Sequence[Stance],
    commitments: Sequence[Commitment],
    notes: Notes,
) -> Section:
    """The section, from all events (any status) and commitments of the two."""
    other = [e for e in events if e.status not in COUNTED]
    counted = [e for e in events if e.status in COUNTED]
    lines = [
        *_against(other, counted, notes),
        *_contradictions(commitments, notes),
        *_omissions(commitments, notes),
        *_unsure(relation, counted, stances, notes),
        *_thin(counted, notes),
    ]
    return Section("What is unclear or contradicted", "text", tuple(lines))


def _against(other: Sequence[Event], counted: Sequence[Event], notes: Notes) -> list[Line]:
    """What was denied or did not happen, beside reports of the same in the same week."""
    chosen: dict[tuple[str, int | None], Event] = {}
    for event in sorted(other, key=by_weight, reverse=True):
        chosen.setdefault((event.document_id, event.sentence_no), event)
    lines = []
    for event in sorted(list(chosen.values())[:SHOWN], key=in_order):
        same = [e for e in counted if _same(e, event)]
        text = f"{day_text(event.date, event.date_precision)}: {event_phrase(event)}"
        if same:
            text += f". Other reports differ: {event_phrase(max(same, key=by_weight))}"
        lines.append(notes.line(f"{text}.", [event, *same]))
    if len(chosen) > SHOWN:
        rest = [e for e in other if e not in list(chosen.values())[:SHOWN]]
        lines.append(notes.line(f"{count(len(rest), 'more event')} denied, or reported not to have happened.", rest))
    return lines


def _same(one: Event, other: Event) -> bool:
    return (
        one.event == other.event
        and abs(one.date - other.date) <= WEEK
        and one.document_id != other.document_id
        and (one.actor and one.actor.country) == (other.actor and other.actor.country)
        and (one.recipient and one.recipient.country) == (other.recipient and other.recipient.country)
    )


def _contradictions(commitments: Sequence[Commitment], notes: Notes) -> list[Line]:
    lines = []
    for c in commitments:
        for found in c.contradictions:
            text = (
                f"Reports on “{found.subject}” contradict each other: {_KINDS[found.one.kind]} "
                f"({day_text(found.one.date)}), and {_KINDS[found.other.kind]} ({day_text(found.other.date)})."
            )
            lines.append(notes.cite(cite_evidence([found.one.evidence, found.other.evidence]), text))
    return lines[:SHOWN]


def _omissions(commitments: Sequence[Commitment], notes: Notes) -> list[Line]:
    lines = []
    for c in commitments:
        for found in c.omissions:
            subject = f"“{c.provisions[0].subject}”" if c.provisions else "the undertaking"
            later = count(len(found.since), "later document")
            text = (
                f"{capital(parties_text([found.party]))} was last named along with {subject} on "
                f"{day_text(found.last_named)}; {later} on it leave it out."
            )
            lines.append(notes.cite(cite_evidence(c.evidence[-1:]), text))
    return lines[:SHOWN]


def _unsure(relation: Relation, counted: Sequence[Event], stances: Sequence[Stance], notes: Notes) -> list[Line]:
    """Where figures of the brief do not settle what they are about."""
    lines = []
    base = relation.baseline
    if base is not None and base.now.evidence and base.now.low < 0 < base.now.high:
        now = [e for e in counted if base.now.since <= e.date <= base.now.until]
        lines.append(
            notes.line(
                "Whether the tone of the last twelve months was friendly or hostile cannot be told: the interval from "
                f"{base.now.low:+.2f} to {base.now.high:+.2f} holds 0.",
                now or counted,
            )
        )
    few = [s for s in stances if s.deeds is not None and s.deeds.n < 3]
    for stance in few:
        ids = {e.id for e in stance.evidence if e.kind == "deed"}
        n = count(stance.deeds.n if stance.deeds else 0, "document")
        text = f"What {state(stance.a)} did toward {state(stance.b)}, not only said, rests on {n}."
        lines.append(notes.line(text, [e for e in counted if e.event_id in ids]))
    return lines


def _thin(counted: Sequence[Event], notes: Notes) -> list[Line]:
    """Whether much rests on one source, or on codings that are unsure."""
    lines = []
    if len(counted) >= SHOWN:
        sources = Counter(e.source or e.dataset for e in counted)
        name, n = min(sources.items(), key=lambda item: (-item[1], item[0]))
        if len(sources) > 1 and n / len(counted) > ONE_SOURCE:
            mine = [e for e in counted if (e.source or e.dataset) == name]
            lines.append(notes.line(f"{percent(n / len(counted))} of the events come from one source, {name}.", mine))
    unsure = [e for e in counted if e.confidence < UNSURE]
    if unsure:
        lines.append(
            notes.line(
                f"{len(unsure)} of {count(len(counted), 'event')} were coded with a confidence below "
                f"{percent(UNSURE)}.",
                unsure,
            )
        )
    return lines
