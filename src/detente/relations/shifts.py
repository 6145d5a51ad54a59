"""Shifts: when a relation changed, how much, how surely, on what evidence, and how little it was noticed."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal, get_args

import ibis
import numpy as np
from scipy.special import ndtr

from detente.errors import BadOption
from detente.records import to_json
from detente.relations.attention import Volume
from detente.relations.changepoint import Cells, LevelModel, batches, posterior
from detente.relations.counting import known_by
from detente.relations.evidence import UNIT, DyadMonths, dyad_months, in_unit_keys, months_of

__all__ = ["SORTS", "Direction", "Shift", "Sort", "change_points", "shifts"]

Direction = Literal["warming", "cooling"]
Sort = Literal["unnoticed", "size"]
SORTS: tuple[Sort, ...] = get_args(Sort)

MODEL = LevelModel()
# A year either side: the span in which a change is looked for and its attention measured.
YEAR = 12
HALF_YEAR = 6
EVIDENCE = 8
# Units of evidence that each of the two regimes must have. One report, however stark, is an event and not a relation.
LEAST_UNITS = 3


@dataclass(frozen=True, slots=True)
class Shift:
    """A lasting change in the tone between ``a`` and ``b``.

    ``before`` and ``after`` (``from`` and ``to`` in JSON) are the levels of tone, -1 hostile to +1 friendly, of the
    regimes that meet at ``date``, and ``size`` is the distance between them. ``probability`` is the posterior
    probability that the tone changed in this ``direction`` within a year either side of ``date``. ``attention`` is
    0 to 1, ``unnoticed`` = size x probability x (1 - attention). ``since`` and ``until`` bound the two regimes,
    ``evidence`` counts the units of evidence in each, and ``events`` are the ids of those that carry the change.
    """

    a: str
    b: str
    date: datetime.date
    before: float
    after: float
    direction: Direction
    size: float
    probability: float
    attention: float
    unnoticed: float
    since: datetime.date
    until: datetime.date
    evidence: tuple[int, int]
    events: tuple[str, ...]

    def to_json(self) -> dict[str, Any]:
        """Plain JSON data with the keys that the command prints."""
        data = to_json(self)
        names = {"before": "from", "after": "to"}
        return {names.get(key, key): value for key, value in data.items()}


@dataclass(frozen=True, slots=True)
class ChangePoint:
    """A change in one series: it starts at cell ``start``; the regimes are cells ``first``..``start - 1``..``last``."""

    row: int
    first: int
    start: int
    last: int
    before: float
    after: float
    probability: float


def _level(cells: Cells, row: int, first: int, last: int, model: LevelModel) -> tuple[float, float]:
    """Posterior mean of a regime's level, and the variance of that mean."""
    n, s, ss = (float(values[row, first : last + 1].sum()) for values in (cells.n, cells.s, cells.ss))
    weight = model.weight + n
    mean = (model.weight * model.mean + s) / weight
    rate = model.shape * model.variance + max(ss + model.weight * model.mean**2 - weight * mean**2, 0.0) / 2
    shape = model.shape + n / 2
    return mean, rate / (shape - 1) / weight


def change_points(cells: Cells, model: LevelModel = MODEL) -> list[ChangePoint]:
    """The changes of the most probable division of each series, each with its probability."""
    found = posterior(cells, model)
    thin = cells.thinned(model.clustering)
    time = np.cumsum(cells.gap, axis=1)
    points = []
    for row in np.flatnonzero(found.starts.any(axis=1)):
        starts = [0, *np.flatnonzero(found.starts[row]).tolist()]
        width = int(np.flatnonzero(cells.n[row] > 0)[-1]) + 1
        ends = [*starts[1:], width]
        for i in range(1, len(starts)):
            first, start, last = starts[i - 1], starts[i], ends[i] - 1
            near = np.flatnonzero(np.abs(time[row, :width] - time[row, start]) <= YEAR)
            low = max(first, min(int(near[0]), start - 1))
            high = min(last, int(near[-1]))
            mean0, variance0 = _level(thin, int(row), first, start - 1, model)
            mean1, variance1 = _level(thin, int(row), start, last, model)
            changed = 1 - found.unbroken(int(row), low, high)
            surely = float(ndtr(abs(mean1 - mean0) / np.sqrt(variance0 + variance1)))
            points.append(ChangePoint(int(row), first, start, last, mean0, mean1, changed * surely))
    return points


def shifts(
    events: Any,
    *,
    documents: Any | None = None,
    since: datetime.date | None = None,
    until: datetime.date | None = None,
    sort: str = "unnoticed",
    limit: int | None = None,
    min_probability: float = 0.5,
    dyads: Sequence[tuple[str, str]] | None = None,
    volume: Volume | None = None,
) -> tuple[Shift, ...]:
    """Shifts of all dyads (or of those given) dated ``since`` or later, from what was published by ``until``.

    ``events`` is an Ibis table of events, ``documents`` one of documents with ``copy_of``, if there is one. Evidence
    before ``since`` is used, as what a later change is measured against.
    """
    if sort not in SORTS:
        raise BadOption("--sort", sort, SORTS)
    months = dyad_months(events, until=until, dyads=dyads)
    if volume is None:
        volume = Volume.of(events, documents, until)
    found: list[Shift] = []
    for rows in batches(months.lengths):
        cells = months.cells(rows)
        for point in change_points(cells):
            if point.probability >= min_probability and _enough(months, int(rows[point.row]), point):
                shift = _shift(months, int(rows[point.row]), point, volume, until)
                if since is None or shift.date >= since:
                    found.append(shift)
    found.sort(key=lambda x: (-round(x.size if sort == "size" else x.unnoticed, 9), x.a, x.b, x.date))
    return _with_events(events, found[:limit], until)


def _enough(months: DyadMonths, dyad: int, point: ChangePoint) -> bool:
    units = months.units[months.first[dyad] :]
    sides = units[point.first : point.start].sum(), units[point.start : point.last + 1].sum()
    return bool(min(sides) >= LEAST_UNITS)


def _shift(months: DyadMonths, dyad: int, point: ChangePoint, volume: Volume, until: datetime.date | None) -> Shift:
    at = int(months.first[dyad])
    a, b = months.dyads[dyad]
    month = int(months.month[at + point.start])
    last = month + HALF_YEAR if until is None else min(month + HALF_YEAR, months_of(until))
    attention = volume.level((a, b), month - HALF_YEAR, last)
    size = abs(point.after - point.before)
    units = months.units
    return Shift(
        a=a,
        b=b,
        date=months.day[at + point.start],
        before=point.before,
        after=point.after,
        direction="warming" if point.after > point.before else "cooling",
        size=size,
        probability=point.probability,
        attention=attention,
        unnoticed=size * point.probability * (1 - attention),
        since=months.day[at + point.first],
        until=months.day[at + point.last],
        evidence=(
            int(units[at + point.first : at + point.start].sum()),
            int(units[at + point.start : at + point.last + 1].sum()),
        ),
        events=(),
    )


def _with_events(events: Any, found: Sequence[Shift], until: datetime.date | None) -> tuple[Shift, ...]:
    """The shifts with the events that carry them: of the new regime, those furthest from the old level."""
    if not found:
        return ()
    import pyarrow as pa  # noqa: PLC0415 - loaded when there is something to carry

    spans = pa.table(
        {
            "no": pa.array(range(len(found)), pa.int64()),
            "a": [x.a for x in found],
            "b": [x.b for x in found],
            "from_day": pa.array([x.date for x in found], pa.date32()),
            "to_month": pa.array([months_of(x.until) for x in found], pa.int64()),
            "level": pa.array([round(x.before * UNIT) for x in found], pa.int64()),
            "sign": pa.array([1 if x.direction == "warming" else -1 for x in found], pa.int64()),
        }
    )
    wanted = ibis.memtable(spans)
    joined = in_unit_keys(known_by(events, until)).inner_join(wanted, ["a", "b"])
    joined = joined.filter((joined.day >= joined.from_day) & (joined.month <= joined.to_month))
    joined = joined.mutate(pull=(joined.tone - joined.level) * joined.sign * joined.trust)
    joined = joined.filter(joined.pull > 0)
    order = ibis.window(group_by=joined.no, order_by=[joined.pull.desc(), joined.day, joined.event_id])
    rows = joined.mutate(place=ibis.row_number().over(order)).filter(lambda t: t.place < EVIDENCE)
    carried: dict[int, list[tuple[datetime.date, str]]] = {}
    for row in rows.select("no", "day", "event_id").to_pyarrow().to_pylist():
        carried.setdefault(row["no"], []).append((row["day"], row["event_id"]))
    return tuple(replace(x, events=tuple(e for _, e in sorted(carried.get(i, [])))) for i, x in enumerate(found))
