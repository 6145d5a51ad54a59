"""What changed: where the relation stands against its past, its shifts, how much is written about it."""

from __future__ import annotations

import datetime
import math
from collections.abc import Sequence

from detente.brief.likelihood import likelihood, percent, tone_word
from detente.brief.model import Figure, Line, Section
from detente.brief.notes import Notes
from detente.brief.phrases import capital, count, day_text, event_phrase, month_text, state
from detente.charts import dyad_chart
from detente.records import Event
from detente.relations import Relation, Shift, Stand
from detente.relations.counting import promised_intensity

__all__ = ["last_year", "likeliest", "section", "standing"]

YEAR = datetime.timedelta(days=365)
CAPTION = (
    "Events both ways by period, cooperation up and conflict down; below, the balance between the two, smoothed, "
    "with the range that holds it with 90 percent probability. Dashed: possible shifts."
)


def last_year(events: Sequence[Event]) -> list[Event]:
    """Events of the last twelve months on record."""
    end = max((e.date for e in events), default=datetime.date.min)
    return [e for e in events if end - e.date < YEAR]


def _split(events: Sequence[Event]) -> str:
    good = sum(e.quad <= 2 for e in events)
    return f"{good} of cooperation, {len(events) - good} of conflict"


def standing(relation: Relation, counted: Sequence[Event], notes: Notes) -> list[Line]:
    """Where the relation stands, against its own past and against how all relations stand."""
    base = relation.baseline
    pair = f"{state(relation.a)} and {state(relation.b)}"
    held = f"{count(len(counted), 'event')}: {_split(counted)}"
    if base is not None and not base.now.evidence and base.before is not None and base.before.evidence:
        text = f"In the twelve months to {month_text(base.now.until)} nothing between {pair} is on record"
        return [notes.line(f"{text}; before, the tone was {_level(base.before)}, from {held}.", counted)]
    if base is None or not base.now.evidence:
        return [notes.line(f"Between {pair} the reporting holds {held}.", counted)]
    now = [e for e in counted if base.now.since <= e.date <= base.now.until]
    text = f"In the twelve months to {month_text(base.now.until)} the tone between {pair} was {_level(base.now)}"
    if base.before is None or not base.before.evidence:
        return [notes.line(f"{text}; nothing earlier is on record.", now or counted)]
    gap = base.now.tone - base.before.tone
    beyond = abs(gap) > math.hypot(base.now.high - base.now.low, base.before.high - base.before.low) / 2
    way = "warmer" if gap > 0 else "colder"
    ending = (
        f"it is {way} by more than the uncertainty of both" if beyond else "the difference is within the uncertainty"
    )
    return [
        notes.line(
            f"{text}; before, it was {tone_word(base.before.tone)} ({base.before.tone:+.2f}): {ending}.", now or counted
        )
    ]


def _level(stand: Stand) -> str:
    interval = f"90 % interval {stand.low:+.2f} to {stand.high:+.2f}"
    return f"{tone_word(stand.tone)} ({stand.tone:+.2f} from -1 to +1; {interval})"


def likeliest(relation: Relation, counted: Sequence[Event], notes: Notes) -> list[Line]:
    """The shift that is most probable, as a line of the bottom line."""
    if not relation.shifts:
        return []
    shift = max(relation.shifts, key=lambda s: (s.probability, s.date))
    when = f"around {month_text(shift.date)}"
    if shift.probability < 0.5:
        text = f"No lasting change is established: the best supported, a {shift.direction} {when}, is"
    else:
        text = f"A lasting {shift.direction} {when} is"
    return [notes.line(f"{text} {likelihood(shift.probability)}.", _of(shift, counted))]


def _of(shift: Shift, events: Sequence[Event]) -> list[Event]:
    ids = set(shift.events)
    return [e for e in events if e.event_id in ids]


def section(relation: Relation, counted: Sequence[Event], notes: Notes) -> Section:
    """The section, with the chart of the series."""
    if not counted:
        return Section("What changed", "text", ())
    recent = last_year(counted)
    before = [e for e in counted if YEAR <= counted[-1].date - e.date < 2 * YEAR]
    lines = []
    for name, chosen in (("In the last twelve months on record", recent), ("In the twelve months before", before)):
        if chosen:
            mean = sum(promised_intensity(e) for e in chosen) / len(chosen)
            counts = f"{count(len(chosen), 'event')}, {_split(chosen)}"
            text = f"{name}: {counts}; mean intensity {mean:+.1f} on the scale from -10 to +10."
            lines.append(notes.line(text, chosen))
        else:
            lines.append(Line(f"{name}: no event on record."))
    lines += [_shift(shift, counted, notes) for shift in relation.shifts]
    lines += _attention(relation, recent, notes)
    last = counted[-1]
    when = day_text(last.date, last.date_precision)
    lines.append(notes.line(f"The latest event on record is of {when}: {event_phrase(last)}.", [last]))
    return Section("What changed", "text", tuple(lines), figure=_figure(relation))


def _shift(shift: Shift, counted: Sequence[Event], notes: Notes) -> Line:
    levels = (f"{tone_word(level)} ({level:+.2f})" for level in (shift.before, shift.after))
    return notes.line(
        f"A {shift.direction} around {day_text(shift.date)}, from {' to '.join(levels)}, is "
        f"{likelihood(shift.probability)}.",
        _of(shift, counted),
    )


def _attention(relation: Relation, recent: Sequence[Event], notes: Notes) -> list[Line]:
    """How much of what is written about each side is about this relation, in the last twelve periods and before."""
    if not relation.attention or not recent:
        return []
    edge = recent[0].date
    parts = []
    for who, name in ((relation.a, "of_a"), (relation.b, "of_b")):
        now, before = ([p for p in relation.attention if (p.start >= edge) is late] for late in (True, False))
        shares = []
        for points in (now, before):
            whole = sum(getattr(p, name) for p in points)
            shares.append(sum(p.documents for p in points) / whole if whole else None)
        if shares[0] is not None:
            earlier = "" if shares[1] is None else f" (before: {percent(shares[1])})"
            parts.append(f"{percent(shares[0])} of the documents on {state(who)}{earlier}")
    if not parts:
        return []
    text = f"This relation takes up {' and '.join(parts)}."
    return [notes.line(capital(text), recent)]


def _figure(relation: Relation) -> Figure | None:
    if not any(point.events for point in relation.both):
        return None
    kinds = ("material cooperation", "verbal cooperation", "verbal conflict", "material conflict")
    years: dict[int, list[int]] = {}
    for point in relation.both:
        row = years.setdefault(point.start.year, [0, 0, 0, 0])
        for i, kind in enumerate(kinds):
            row[i] += getattr(point, kind.replace(" ", "_"))
    return Figure(
        name="series",
        caption=CAPTION,
        spec=dyad_chart(relation, "", marks=[s.date.isoformat() for s in relation.shifts]).to_dict(),
        head=("year", *kinds),
        rows=tuple((str(year), *map(str, row)) for year, row in sorted(years.items())),
    )
