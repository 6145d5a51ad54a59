"""How two states stand: the dyad's series, its latest and weightiest events."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from detente.records import Event, event_from_row, to_json
from detente.relations.engine import as_tables
from detente.relations.series import SeriesPoint, dyad_series
from detente.showing import Tabular

if TYPE_CHECKING:
    from detente.relations.shifts import Shift

__all__ = ["AttentionPoint", "Baseline", "Relation", "Stand", "dyad_events", "relation"]


@dataclass(frozen=True, slots=True)
class AttentionPoint:
    """A period's documents on the dyad, those on each side with anybody, and the shares of the first in these."""

    start: datetime.date
    documents: int
    of_a: int
    of_b: int
    share_of_a: float | None
    share_of_b: float | None


@dataclass(frozen=True, slots=True)
class Stand:
    """How a dyad stood over whole months: level of tone (-1 hostile to +1 friendly) with a 90 % interval.

    ``evidence`` counts units of evidence (a document counts once a month), ``per_month`` is their rate.
    """

    since: datetime.date
    until: datetime.date
    evidence: int
    per_month: float
    tone: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Baseline:
    """A dyad's last twelve months (``now``) beside all its months before, and the mean tone of the world in both."""

    now: Stand
    before: Stand | None
    world_now: float | None
    world_before: float | None


@dataclass(frozen=True, slots=True)
class Relation(Tabular):
    """The state of the relation of ``a`` and ``b`` (ISO alpha-3) over a span of time, with its evidence.

    ``attention``, ``baseline`` and ``shifts`` are filled by ``with_context``.
    """

    a: str
    b: str
    by: str
    since: datetime.date | None
    until: datetime.date | None
    series: tuple[SeriesPoint, ...]
    events: tuple[Event, ...]
    attention: tuple[AttentionPoint, ...] = ()
    baseline: Baseline | None = None
    shifts: tuple[Shift, ...] = ()

    @property
    def both(self) -> tuple[SeriesPoint, ...]:
        """The series of both directions together."""
        return tuple(point for point in self.series if point.direction == "both")

    def to_json(self) -> dict[str, Any]:
        """Plain JSON data with the keys that the command prints."""
        return to_json(self) | {"shifts": [shift.to_json() for shift in self.shifts]}

    def to_arrow(self) -> Any:
        """The series as an Arrow table, a row a period and direction."""
        import pyarrow as pa  # noqa: PLC0415 - loaded when asked for

        return pa.Table.from_pylist([{n: getattr(p, n) for n in SeriesPoint.__dataclass_fields__} for p in self.series])


def dyad_events(
    events: Any,
    a: str,
    b: str,
    *,
    since: datetime.date | None = None,
    until: datetime.date | None = None,
    limit: int | None = None,
) -> tuple[Event, ...]:
    """Events between ``a`` and ``b`` in either direction, any status, latest first."""
    rows = as_tables(events).ask("latest", members=(a, b), since=since, until=until, limit=limit)
    return tuple(event_from_row(row) for row in rows.to_pylist())


def relation(
    events: Any,
    a: str,
    b: str,
    *,
    by: str = "month",
    since: datetime.date | None = None,
    until: datetime.date | None = None,
    latest: int | None = 20,
) -> Relation:
    """How ``a`` and ``b`` stand, from ``Tables`` or an Ibis table of events; ``latest`` bounds the events listed."""
    points = dyad_series(events, a, b, by=by, since=since, until=until)
    listed = () if latest == 0 else dyad_events(events, a, b, since=since, until=until, limit=latest)
    return Relation(a=a, b=b, by=by, since=since, until=until, series=tuple(points), events=listed)
