"""A dyad's series: what two states did and said to each other, period by period, both ways."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any, Literal, get_args

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray
from scipy.special import betaincinv

from detente.errors import BadOption
from detente.relations.counting import UNIT
from detente.relations.engine import LedgerTables, Tables, as_tables

__all__ = [
    "BY",
    "MONTHLY",
    "Period",
    "SeriesPoint",
    "balance_interval",
    "check_by",
    "dyad_series",
    "floor_period",
    "periods_between",
]

Period = Literal["day", "week", "month", "quarter", "year"]
BY: tuple[Period, ...] = get_args(Period)
MONTHLY: tuple[Period, ...] = ("month", "quarter", "year")
"""Those that are made of whole months."""

# Pseudo-events that pull a thin period's balance toward the dyad's own mean. Chosen so that two hostile events in a
# month of an otherwise balanced dyad leave its interval open to both sides (tested), while ten do not.
PRIOR_EVENTS = 4.0
INTERVAL = 0.90


@dataclass(frozen=True, slots=True)
class SeriesPoint:
    """One period of one direction (``actor`` → ``recipient``), or of both together (direction ``both``).

    ``balance`` is (cooperation - conflict) / events, -1 to +1, null without events; ``level`` is the same pulled
    toward the dyad's mean where events are few, with ``low`` and ``high`` bounding it with 90 % probability
    (Beta posterior, the dyad's own mean as prior worth four events).
    """

    start: datetime.date
    direction: str
    actor: str
    recipient: str
    events: int
    cooperation: int
    conflict: int
    verbal_cooperation: int
    material_cooperation: int
    verbal_conflict: int
    material_conflict: int
    intensity: float | None
    balance: float | None
    level: float
    low: float
    high: float


def check_by(by: str, option: str = "--by") -> Period:
    """``by`` as a period name; BadOption where it is none."""
    for name in BY:
        if name == by:
            return name
    raise BadOption(option, by, BY)


def floor_period(day: datetime.date, by: Period) -> datetime.date:
    """First day of the period that holds a day."""
    if by == "day":
        return day
    if by == "week":
        return day - datetime.timedelta(days=day.weekday())
    month = {"month": day.month, "quarter": 3 * ((day.month - 1) // 3) + 1, "year": 1}[by]
    return datetime.date(day.year, month, 1)


def _next(start: datetime.date, by: Period) -> datetime.date:
    if by in ("day", "week"):
        return start + datetime.timedelta(days=1 if by == "day" else 7)
    step = {"month": 1, "quarter": 3, "year": 12}[by]
    months = start.year * 12 + start.month - 1 + step
    return datetime.date(months // 12, months % 12 + 1, 1)


def periods_between(first: datetime.date, last: datetime.date, by: Period) -> list[datetime.date]:
    """First days of all periods from the one that holds ``first`` to the one that holds ``last``."""
    starts = []
    start = floor_period(first, by)
    while start <= last:
        starts.append(start)
        start = _next(start, by)
    return starts


def balance_interval(
    cooperation: np.ndarray, conflict: np.ndarray, mean_share: float
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Level, low and high of the balance (-1 to +1) for arrays of counts.

    The share of cooperation has a Beta posterior whose prior is worth ``PRIOR_EVENTS`` events at ``mean_share``
    (empirical Bayes; Gelman et al., Bayesian Data Analysis, 3rd ed., 2.4 and 5.1).
    """
    share = min(max(mean_share, 0.05), 0.95)
    a = cooperation + PRIOR_EVENTS * share
    b = conflict + PRIOR_EVENTS * (1 - share)
    tail = (1 - INTERVAL) / 2
    low, high = betaincinv(a, b, tail), betaincinv(a, b, 1 - tail)
    return 2 * a / (a + b) - 1, 2 * low - 1, 2 * high - 1


def dyad_series(
    events: Any,
    a: str,
    b: str,
    *,
    by: str = "month",
    since: datetime.date | None = None,
    until: datetime.date | None = None,
) -> list[SeriesPoint]:
    """Series of ``a``→``b``, ``b``→``a`` and both together, zero-filled, ordered by period.

    ``events`` are ``Tables``, or an Ibis table with the columns of an event row. Without ``since`` and ``until`` the
    series runs from the dyad's first event to its last. Reciprocal events are two events, one each way, so ``both``
    is the sum of the two directions.
    """
    period = check_by(by)
    tables = as_tables(events)
    days = _from_months(tables, a, b) if since is None and until is None and period in MONTHLY else None
    if days is None:
        days = tables.ask("days", members=(a, b), since=since, until=until)
    if not days.num_rows and (since is None or until is None):
        return []
    first = since or pc.min(days["date"]).as_py()
    last = until or pc.max(days["date"]).as_py()
    starts = periods_between(first, last, period)
    floored = days.append_column("start", pc.floor_temporal(days["date"], unit=period))
    sums = floored.group_by(["start", "actor_country"]).aggregate([(name, "sum") for name in _SUMS])
    place = {start: i for i, start in enumerate(starts)}
    found = {state: np.zeros((len(_SUMS), len(starts)), dtype=np.int64) for state in (a, b)}
    for row in sums.to_pylist():
        found[row["actor_country"]][:, place[row["start"]]] = [row[f"{name}_sum"] for name in _SUMS]
    points = [
        *_direction(starts, found[a], f"{a}→{b}", a, b),
        *_direction(starts, found[b], f"{b}→{a}", b, a),
        *_direction(starts, found[a] + found[b], "both", a, b),
    ]
    number = len(starts)
    return [point for i in range(number) for point in points[i::number]]


def _from_months(tables: Tables | LedgerTables, a: str, b: str) -> pa.Table | None:
    """The days as the months that are kept of imported events, and the days of the others; None where none are."""
    kept = tables.kept("sides", (a, b))
    if kept is None or not isinstance(tables, LedgerTables):
        return None
    kept = kept.select(["date", "actor_country", *_SUMS])
    own = tables.ask("days", own=True, members=(a, b))
    return pa.concat_tables([kept, own.select(kept.column_names).cast(kept.schema)]) if len(own) else kept


_KINDS = ("verbal_cooperation", "material_cooperation", "verbal_conflict", "material_conflict")
_SUMS = ("events", *_KINDS, "intensity")


def _direction(
    starts: list[datetime.date], found: NDArray[np.int64], direction: str, actor: str, recipient: str
) -> list[SeriesPoint]:
    """Zero-filled points of one direction, or of both added up; ``found`` has a row for each of ``_SUMS``."""
    sums = dict(zip(_SUMS, found, strict=True))
    sums["cooperation"] = sums["verbal_cooperation"] + sums["material_cooperation"]
    sums["conflict"] = sums["verbal_conflict"] + sums["material_conflict"]
    total = int(sums["events"].sum())
    mean = float(sums["cooperation"].sum()) / total if total else 0.5
    level, low, high = balance_interval(sums["cooperation"], sums["conflict"], mean)
    counts = [sums[name].tolist() for name in ("events", "cooperation", "conflict", *_KINDS, "intensity")]
    # In the order of the fields: by name it takes half as long again.
    return [
        SeriesPoint(
            start,
            direction,
            actor,
            recipient,
            n,
            *(good, bad),
            *(said_good, did_good, said_bad, did_bad),
            intensity / UNIT / n if n else None,
            (good - bad) / n if n else None,
            *interval,
        )
        for start, n, good, bad, said_good, did_good, said_bad, did_bad, intensity, interval in zip(
            starts, *counts, zip(level.tolist(), low.tolist(), high.tolist(), strict=True), strict=True
        )
    ]
