"""Shifts as they came to be seen: the record read up to one day after another, each time with nothing later."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from detente.relations.engine import as_tables
from detente.relations.series import check_by, periods_between
from detente.relations.shifts import LISTED, YEAR, Shift, shifts

__all__ = ["Sighting", "replay"]


@dataclass(frozen=True, slots=True)
class Sighting:
    """A shift as it was listed first, ``known`` being the day on which a reader of the record could first have seen it.

    ``delay`` is the number of days from the shift's date to ``known``. ``probability_now`` is what the whole record
    says of it, null where it is listed no longer: what looks like a shift may turn out to be none.
    """

    shift: Shift
    known: datetime.date
    delay: int
    probability_now: float | None

    def to_json(self) -> dict[str, Any]:
        """Plain JSON data with the keys that the command prints: those of the shift as it was seen then, and these."""
        return self.shift.to_json() | {
            "known": self.known.isoformat(),
            "delay": self.delay,
            "probability_now": self.probability_now,
        }


def replay(
    events: Any,
    *,
    documents: Any | None = None,
    since: datetime.date | None = None,
    until: datetime.date | None = None,
    step: str = "month",
    min_probability: float = LISTED,
    dyads: Sequence[tuple[str, str]] | None = None,
) -> tuple[Sighting, ...]:
    """Every shift that was listed at the end of some ``step`` from ``since`` to ``until``, in the order of ``known``.

    Each day's list is that of ``shifts`` with ``until`` set to the day. Two are taken for the same where dyad and
    direction agree and their dates lie within a year, as one shift's date moves while evidence comes in. What was
    listed on the day before ``since`` is left out.
    """
    period = check_by(step, "--replay")
    tables = as_tables(events, documents)
    span = tables.ask("span", until=until).to_pylist()[0]
    if span["first"] is None:
        return ()
    seen: list[tuple[Shift, datetime.date]] = []
    latest: dict[int, Shift] = {}
    first, last = since or span["first"], until or span["last"]
    starts = [first, *periods_between(first, last, period)[1:]]
    for day in [*(start - datetime.timedelta(days=1) for start in starts), last]:
        now: dict[int, Shift] = {}
        for shift in shifts(tables, until=day, min_probability=min_probability, dyads=dyads):
            number = next((i for i, known in latest.items() if i not in now and _same(shift, known)), None)
            if number is None:
                number = len(seen)
                seen.append((shift, day))
            now[number] = shift
        # What is listed no longer may come back: it is known by how it looked last.
        latest |= now
    return tuple(
        Sighting(
            shift=shift,
            known=day,
            delay=(day - shift.date).days,
            probability_now=now[i].probability if i in now else None,
        )
        for i, (shift, day) in enumerate(seen)
        if day >= first
    )


def _same(one: Shift, other: Shift) -> bool:
    near = abs((one.date - other.date).days) <= YEAR * 31
    return near and (one.a, one.b, one.direction) == (other.a, other.b, other.direction)
