"""The brief's content: every line composed from data, with the notes that it rests on.

The content is plain records; the HTML, PDF, Markdown and JSON renderings differ in form only.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from detente.actors import country_name
from detente.brief import changes, levers, promises, unclear
from detente.brief.appendix import appendix
from detente.brief.attitudes import attitudes
from detente.brief.model import Brief, Line, Section
from detente.brief.notes import Notes, by_weight, in_order
from detente.brief.phrases import day_text, event_phrase, span_text, state
from detente.commitments import Commitment
from detente.leverage import Component, Outcome
from detente.records import Document, Event
from detente.relations import Relation, Stance
from detente.relations.counting import COUNTED

__all__ = ["compose"]

# What fits on a page beside the rest.
KEY_EVENTS = 8


def compose(
    relation: Relation,
    documents: Mapping[str, Document],
    *,
    stances: Sequence[Stance] = (),
    commitments: Sequence[Commitment] | None = None,
    leverage: Sequence[Component] | None = None,
    outcomes: Sequence[Outcome] = (),
) -> Brief:
    """The brief on a relation, of what it is given.

    ``relation.events`` must hold all its events, ``documents`` those that are cited. ``stances`` are those of each
    state toward the other, ``commitments`` those that bind both (None: not looked for), ``leverage`` the components
    of ``leverage.for_dyad`` (None: nothing was given) and ``outcomes`` the what-ifs of the same corridor.
    """
    a, b = relation.a, relation.b
    events = sorted(relation.events, key=in_order)
    counted = [e for e in events if e.status in COUNTED]
    notes = Notes(documents)
    sections = [
        Section("Bottom line", "text", tuple(_bottom_line(relation, counted, stances, commitments, leverage, notes))),
        changes.section(relation, counted, notes),
        attitudes(a, b, counted, stances, notes),
        promises.section(a, b, commitments, notes),
        levers.section(a, b, leverage, outcomes, notes),
        Section("Key events", "events", tuple(_key_events(counted, notes))),
        unclear.section(relation, events, stances, commitments or (), notes),
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
        sections=tuple(s for s in sections if s.lines or s.rows),
        notes=notes.all,
        sources=notes.sources(),
        appendix=appendix(with_leverage=bool(leverage)),
        left_out=notes.left_out,
        relation=relation,
    )


def _documents(events: Sequence[Event]) -> str:
    n = len({e.document_id for e in events})
    return f"{n} document" + ("" if n == 1 else "s")


def _bottom_line(
    relation: Relation,
    counted: Sequence[Event],
    stances: Sequence[Stance],
    commitments: Sequence[Commitment] | None,
    leverage: Sequence[Component] | None,
    notes: Notes,
) -> list[Line]:
    if not counted:
        who = f"{state(relation.a)} and {state(relation.b)}"
        first = [Line(f"The ledger holds no event between {who} in this span.")]
    else:
        first = [*changes.standing(relation, counted, notes), *changes.likeliest(relation, counted, notes)]
    return [
        *first,
        *promises.summary(commitments, notes),
        *levers.summary(leverage or (), notes),
    ]


def _key_events(events: Sequence[Event], notes: Notes) -> list[Line]:
    """The weightiest events, one a sentence, half of them of the last twelve months on record, in order of date."""
    if not events:
        return []
    recent = changes.last_year(events)
    chosen: dict[tuple[str, int | None], Event] = {}
    for pool, most in ((recent, KEY_EVENTS // 2), (list(events), KEY_EVENTS)):
        for event in sorted(pool, key=by_weight, reverse=True):
            if len(chosen) < most:
                chosen.setdefault((event.document_id, event.sentence_no), event)
    return [
        notes.line(f"{event_phrase(e)}.", [e], quote=e.sentence, date=day_text(e.date, e.date_precision))
        for e in sorted(chosen.values(), key=in_order)
    ]
