"""A relation in its context: against its own past, against the world, and by how much is written about it."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any, TypeAlias

import numpy as np
from scipy.special import stdtrit

from detente.relations.counting import UNIT
from detente.relations.engine import LedgerTables, Tables, as_tables
from detente.relations.evidence import DyadMonths, dyad_months, months_of
from detente.relations.relation import AttentionPoint, Baseline, Relation, Stand
from detente.relations.series import INTERVAL, MONTHLY, Period, check_by, floor_period
from detente.relations.shifts import MODEL, Shift, shifts

__all__ = ["attention_series", "baseline", "normal_level", "stand", "with_context", "world_months"]

YEAR = 12
WorldMonths: TypeAlias = dict[int, tuple[int, int]]
"""By month (counted from year 0): the number of events between states, and the sum of their tones in thousandths."""


def with_context(
    relation: Relation,
    events: Any,
    documents: Any | None = None,
    *,
    listed: Iterable[Shift] | None = None,
    world: WorldMonths | None = None,
) -> Relation:
    """The relation with its attention, baseline and shifts, from the same tables or Ibis table of events.

    ``listed`` (all its shifts, among others) and ``world`` (see ``world_months``) spare the work where the caller has
    them of the same tables up to the relation's ``until``.
    """
    tables = as_tables(events, documents)
    a, b = relation.a, relation.b
    if listed is None:
        listed = shifts(tables, since=relation.since, until=relation.until, dyads=[(a, b)])
    found = [x for x in listed if {x.a, x.b} == {a, b} and (relation.since is None or x.date >= relation.since)]
    return replace(
        relation,
        attention=attention_series(tables, relation),
        baseline=baseline(tables, a, b, until=relation.until, world=world),
        shifts=tuple(sorted(found, key=lambda x: x.date)),
    )


def attention_series(events: Any, relation: Relation) -> tuple[AttentionPoint, ...]:
    """How much of what is written about each side is about this relation, period by period as in its series."""
    by: Period = check_by(relation.by)
    starts = [point.start for point in relation.both]
    if not starts:
        return ()
    tables = as_tables(events)
    rows = _documents(tables, relation.a, relation.b, by, starts[0], relation.until)
    found = {row["start"]: row for row in rows}
    empty = {"documents": 0, "of_a": 0, "of_b": 0}
    points = []
    for start in starts:
        row = found.get(start, empty)
        points.append(
            AttentionPoint(
                start=start,
                documents=row["documents"],
                of_a=row["of_a"],
                of_b=row["of_b"],
                share_of_a=row["documents"] / row["of_a"] if row["of_a"] else None,
                share_of_b=row["documents"] / row["of_b"] if row["of_b"] else None,
            )
        )
    return tuple(points)


def _documents(
    tables: Tables | LedgerTables, a: str, b: str, by: Period, since: datetime.date, until: datetime.date | None
) -> list[dict[str, Any]]:
    """Documents by period: on the dyad, on each of its sides with anybody."""
    name = f"documents_by_{by}"
    kept = tables.kept("documents", (a, b)) if until is None and by in MONTHLY else None
    if kept is None or not isinstance(tables, LedgerTables):
        return list(tables.ask(name, a=a, b=b, since=since, until=until).to_pylist())
    found: dict[datetime.date, dict[str, Any]] = {
        row["start"]: row for row in tables.ask(name, own=True, a=a, b=b, since=since).to_pylist()
    }
    columns = [kept[key].to_pylist() for key in ("month", *_COUNTED)]
    for month, *counts in zip(*columns, strict=True):
        start = floor_period(month, by)
        cell = found.setdefault(start, {"start": start} | dict.fromkeys(_COUNTED, 0))
        for key, count in zip(_COUNTED, counts, strict=True):
            cell[key] += count
    return list(found.values())


_COUNTED = ("documents", "of_a", "of_b")


def _sums(months: DyadMonths, first: int, last: int) -> tuple[int, float, float, float]:
    """Units, and thinned weight, sum and sum of squares of tones, of the only dyad of ``months`` in a span."""
    chosen = (months.month >= first) & (months.month <= last)
    scale = 1 / (1 + MODEL.clustering * months.n[chosen])
    n, s, ss = (float((values[chosen] * scale).sum()) for values in (months.n, months.s, months.ss))
    return int(months.units[chosen].sum()), n, s, ss


def _posterior(n: float, s: float, ss: float) -> tuple[float, float, float]:
    """Level, squared scale and degrees of freedom of its Student's t (the level of the model of shifts)."""
    weight, shape = MODEL.weight + n, MODEL.shape + n / 2
    mean = s / weight
    rate = MODEL.shape * MODEL.variance + max(ss - weight * mean**2, 0.0) / 2
    return mean, rate / shape / weight, 2 * shape


def normal_level(months: DyadMonths, first: int, last: int) -> tuple[float, float]:
    """Mean and variance of the level of the only dyad of ``months`` from month ``first`` to ``last``."""
    _, *sums = _sums(months, first, last)
    mean, scale, freedom = _posterior(*sums)
    return mean, scale * freedom / (freedom - 2)


def stand(months: DyadMonths, first: int, last: int) -> Stand:
    """How the only dyad of ``months`` (if any) stood from month ``first`` to ``last``, both included."""
    units, *sums = _sums(months, first, last)
    mean, scale, freedom = _posterior(*sums)
    spread = float(np.sqrt(scale) * stdtrit(freedom, (1 + INTERVAL) / 2))
    return Stand(
        since=datetime.date(first // 12, first % 12 + 1, 1),
        until=datetime.date((last + 1) // 12, (last + 1) % 12 + 1, 1) - datetime.timedelta(days=1),
        evidence=units,
        per_month=units / (last - first + 1),
        tone=mean,
        low=max(-1.0, mean - spread),
        high=min(1.0, mean + spread),
    )


def baseline(
    events: Any, a: str, b: str, *, until: datetime.date | None = None, world: WorldMonths | None = None
) -> Baseline | None:
    """The dyad's last twelve months against its months before and against the world; None without any event."""
    tables = as_tables(events)
    world = world_months(tables, until) if world is None else world
    if not world:
        return None
    last = months_of(until) if until else max(world)
    months = dyad_months(tables, until=until, states=(a, b))
    first = int(months.month.min()) if len(months.month) else last - YEAR
    split = last - YEAR + 1
    return Baseline(
        now=stand(months, split, last),
        before=stand(months, first, split - 1) if first < split else None,
        world_now=_mean_tone(world, lambda month: month >= split),
        world_before=_mean_tone(world, lambda month: month < split),
    )


def world_months(tables: Tables | LedgerTables, until: datetime.date | None = None) -> WorldMonths:
    """Number of events between states, and the sum of their tones, by month."""
    kept = None if until is not None else tables.kept("world")
    if kept is None or not isinstance(tables, LedgerTables):
        rows = tables.ask("world", until=until).to_pylist()
    else:
        rows = [*kept.to_pylist(), *tables.ask("world", own=True).to_pylist()]
    found: dict[int, tuple[int, int]] = {}
    for row in rows:
        events, tone = found.get(row["month"], (0, 0))
        found[row["month"]] = (events + row["events"], tone + row["tone"])
    return found


def _mean_tone(world: WorldMonths, inside: Callable[[int], bool]) -> float | None:
    """Mean tone of all events between states in some of the months."""
    events = sum(n for month, (n, _) in world.items() if inside(month))
    tone = sum(total for month, (_, total) in world.items() if inside(month))
    return tone / events / UNIT if events else None
