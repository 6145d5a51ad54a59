"""Shifts: when a relation changed, how much, how surely, on what evidence, and how little it was noticed."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal, get_args

import numpy as np
from scipy.special import ndtr

from detente.errors import BadOption
from detente.records import to_json
from detente.relations.attention import Volume
from detente.relations.changepoint import Cells, Floats, Posterior, RegimeModel, batches, posterior
from detente.relations.counting import UNIT
from detente.relations.engine import LedgerTables, Tables, as_tables
from detente.relations.evidence import DyadMonths, dyad_months, months_of

__all__ = ["LISTED", "SORTS", "Direction", "Shift", "Sort", "change_points", "shifts"]

Direction = Literal["warming", "cooling"]
Sort = Literal["unnoticed", "size"]
SORTS: tuple[Sort, ...] = get_args(Sort)

MODEL = RegimeModel()
# A change is taken for the same within so many months either side.
YEAR = 12
# A smaller change of tone is none.
LEAST_SIZE = 0.1
# What is less probable is not listed. What the choice costs in false alarms, and buys: docs/shifts.md.
LISTED = 0.1


@dataclass(frozen=True, slots=True)
class Shift:
    """A lasting change in the tone between ``a`` and ``b``.

    ``before`` and ``after`` (``from`` and ``to`` in JSON) are the levels of tone, -1 hostile to +1 friendly, of the
    regimes that meet at ``date``, and ``size`` is the distance between them. ``probability`` is the posterior
    probability that the tone changed in this ``direction``, by at least 0.1, within a year either side of ``date``.
    ``attention`` (0 to 1) is that to the dyad from the change on, ``unnoticed`` = size x probability x (1 -
    attention). ``since`` and ``until`` bound the two regimes,
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


def _level(cells: Cells, row: int, first: int, last: int, model: RegimeModel) -> tuple[float, float]:
    """Posterior mean of a regime's level, and the variance of that mean."""
    n, s, ss = (float(values[row, first : last + 1].sum()) for values in (cells.n, cells.s, cells.ss))
    weight = model.weight + n
    mean = s / weight
    rate = model.shape * model.variance + max(ss - weight * mean**2, 0.0) / 2
    shape = model.shape + n / 2
    return mean, rate / (shape - 1) / weight


def change_points(cells: Cells, model: RegimeModel = MODEL) -> list[ChangePoint]:
    """The candidates for a change in each series, each with its probability.

    A hint within a year of a change that the observations favour is left out: it would say the same again.
    """
    found = posterior(cells, model)
    thin = cells.thinned(model.clustering)
    time = np.cumsum(cells.gap, axis=1)
    points = []
    for row in np.flatnonzero(found.hints.any(axis=1) | found.starts.any(axis=1)).tolist():
        width = int(np.flatnonzero(cells.n[row] > 0)[-1]) + 1
        clear = np.flatnonzero(found.starts[row]).tolist()
        hints = np.flatnonzero(found.hints[row]).tolist()
        far = [t for t in hints if all(abs(time[row, t] - time[row, other]) > YEAR for other in clear)]
        for division, chosen in ((clear, clear), (hints, far)):
            edges = [0, *division, width]
            for first, start, end in zip(edges, edges[1:], edges[2:], strict=False):
                if start in chosen:
                    points.append(_judged(found, thin, time[row], row, (first, start, end - 1), model))
    return [point for point in points if abs(point.after - point.before) >= LEAST_SIZE]


def _judged(
    found: Posterior, thin: Cells, time: Floats, row: int, regimes: tuple[int, int, int], model: RegimeModel
) -> ChangePoint:
    """The change between two regimes with its probability: that there is one near, times that of its direction."""
    first, start, last = regimes
    near = np.flatnonzero(np.abs(time[: last + 1] - time[start]) <= YEAR)
    low = max(first, min(int(near[0]), start - 1))
    mean0, variance0 = _level(thin, row, first, start - 1, model)
    mean1, variance1 = _level(thin, row, start, last, model)
    changed = 1 - found.unbroken(row, low, int(near[-1]))
    surely = float(ndtr((abs(mean1 - mean0) - LEAST_SIZE) / np.sqrt(variance0 + variance1)))
    return ChangePoint(row, first, start, last, mean0, mean1, changed * surely)


def shifts(
    events: Any,
    *,
    documents: Any | None = None,
    since: datetime.date | None = None,
    until: datetime.date | None = None,
    sort: str = "unnoticed",
    limit: int | None = None,
    min_probability: float = LISTED,
    dyads: Sequence[tuple[str, str]] | None = None,
    volume: Volume | None = None,
) -> tuple[Shift, ...]:
    """Shifts of all dyads (or of those given) dated ``since`` or later, from what was published by ``until``.

    ``events`` are ``Tables``, or an Ibis table of events with ``documents``, one of documents with ``copy_of``, if
    there is one. Evidence before ``since`` is used, as what a later change is measured against.
    """
    if sort not in SORTS:
        raise BadOption("--sort", sort, SORTS)
    tables = as_tables(events, documents)
    states = None if dyads is None else tuple(sorted({state for pair in dyads for state in pair}))
    wanted = None if dyads is None else {(min(pair), max(pair)) for pair in dyads}
    months = dyad_months(tables, until=until, states=states)
    if volume is None:
        volume = Volume.of(tables, until=until)
    found: list[Shift] = []
    for rows in batches(months.lengths):
        cells = months.cells(rows)
        for point in change_points(cells):
            if wanted is not None and months.dyads[int(rows[point.row])] not in wanted:
                continue
            if point.probability >= min_probability:
                shift = _shift(months, int(rows[point.row]), point, volume)
                if since is None or shift.date >= since:
                    found.append(shift)
    found.sort(key=lambda x: (-round(x.size if sort == "size" else x.unnoticed, 9), x.a, x.b, x.date))
    return _with_events(tables, found[:limit], until, states)


def _shift(months: DyadMonths, dyad: int, point: ChangePoint, volume: Volume) -> Shift:
    at = int(months.first[dyad])
    a, b = months.dyads[dyad]
    month = int(months.month[at + point.start])
    attention = volume.level((a, b), month)
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


def _with_events(
    tables: Tables | LedgerTables, found: Sequence[Shift], until: datetime.date | None, states: Sequence[str] | None
) -> tuple[Shift, ...]:
    """The shifts with the events that carry them: of the new regime, those furthest from the old level."""
    if not found:
        return ()
    spans = [
        (i, x.a, x.b, x.date, months_of(x.until), round(x.before * UNIT), 1 if x.direction == "warming" else -1)
        for i, x in enumerate(found)
    ]
    members = tuple(sorted({state for x in found for state in (x.a, x.b)}))
    name = "carriers" if states is None else "carriers_of"
    rows = tables.ask(name, spans=spans, until=until, members=None if states is None else members)
    carried: dict[int, list[tuple[datetime.date, str]]] = {}
    for row in rows.to_pylist():
        carried.setdefault(row["no"], []).append((row["day"], row["event_id"]))
    return tuple(replace(x, events=tuple(e for _, e in sorted(carried.get(i, [])))) for i, x in enumerate(found))
