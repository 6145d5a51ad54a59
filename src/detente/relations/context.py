"""A relation in its context: against its own past, against the world, and by how much is written about it."""

from __future__ import annotations

import datetime
from dataclasses import replace
from typing import Any

import ibis
import numpy as np
from scipy.special import stdtrit

from detente.relations.counting import PERIODS, between_states, counted, day_known, known_by, tone
from detente.relations.evidence import UNIT, DyadMonths, dyad_months, months_of
from detente.relations.relation import AttentionPoint, Baseline, Relation, Stand
from detente.relations.series import INTERVAL, Period, check_by, periods_between
from detente.relations.shifts import MODEL, shifts

__all__ = ["attention_series", "baseline", "normal_level", "stand", "with_context"]

YEAR = 12


def with_context(relation: Relation, events: Any, documents: Any | None = None) -> Relation:
    """The relation with its attention, baseline and shifts, from the same Ibis table of events."""
    a, b = relation.a, relation.b
    return replace(
        relation,
        attention=attention_series(events, relation),
        baseline=baseline(events, a, b, until=relation.until),
        shifts=tuple(
            sorted(
                shifts(events, documents=documents, since=relation.since, until=relation.until, dyads=[(a, b)]),
                key=lambda x: x.date,
            )
        ),
    )


def attention_series(events: Any, relation: Relation) -> tuple[AttentionPoint, ...]:
    """How much of what is written about each side is about this relation, period by period as in its series."""
    by: Period = check_by(relation.by)
    starts = [point.start for point in relation.both]
    if not starts:
        return ()
    a, b = relation.a, relation.b
    last = relation.until or max(p for p in periods_between(starts[-1], starts[-1], by))
    chosen = known_by(events, relation.until)
    has_a = (chosen.actor_country == a) | (chosen.recipient_country == a)
    has_b = (chosen.actor_country == b) | (chosen.recipient_country == b)
    chosen = chosen.mutate(
        has_a=has_a.fill_null(False),
        has_b=has_b.fill_null(False),
        start=chosen.date.truncate(PERIODS[by]).cast("date"),
    ).filter(lambda t: (t.has_a | t.has_b) & (t.start >= ibis.literal(starts[0])) & (t.start <= ibis.literal(last)))
    together = chosen.has_a & chosen.has_b & (chosen.actor_country != chosen.recipient_country)
    rows = chosen.group_by("start").aggregate(
        documents=chosen.document_id.nunique(where=together),
        of_a=chosen.document_id.nunique(where=chosen.has_a),
        of_b=chosen.document_id.nunique(where=chosen.has_b),
    )
    found = {row["start"]: row for row in rows.to_pyarrow().to_pylist()}
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


def baseline(events: Any, a: str, b: str, *, until: datetime.date | None = None) -> Baseline | None:
    """The dyad's last twelve months against its months before and against the world; None without any event."""
    events = known_by(events, until)
    known = between_states(counted(events)).mutate(day=day_known)
    ends = known.aggregate(first=known.day.min(), last=known.day.max()).to_pyarrow().to_pylist()[0]
    if ends["first"] is None:
        return None
    last = months_of(until or ends["last"])
    months = dyad_months(events, dyads=[(a, b)])
    first = int(months.month.min()) if len(months.month) else last - YEAR
    split = last - YEAR + 1
    world = _world(known, split, last)
    return Baseline(
        now=stand(months, split, last),
        before=stand(months, first, split - 1) if first < split else None,
        world_now=world["now"],
        world_before=world["before"],
    )


def _world(known: Any, split: int, last: int) -> dict[str, float | None]:
    """Mean tone of all events between states in the last twelve months, and in all months before."""
    edge = ibis.literal(datetime.date(split // 12, split % 12 + 1, 1))
    rows = (
        known.mutate(now=known.day >= edge, tone=(tone(known) * UNIT).round().cast("int64"))
        .group_by("now")
        .aggregate(tone=ibis._.tone.mean())
        .to_pyarrow()
        .to_pylist()
    )
    found: dict[str, float | None] = {"now": None, "before": None}
    for row in rows:
        found["now" if row["now"] else "before"] = row["tone"] / UNIT
    return found
