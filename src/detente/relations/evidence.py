"""Evidence on every dyad by month: what the analyses of change are computed from.

A *unit* of evidence is one document (or one story, where a data set links its rows by story) on one dyad in one
month. All that it says of the dyad is one observation, the mean tone of its events; so neither a reciprocal event,
which is two records of one sentence, nor a document that repeats itself counts twice. A unit weighs the mean of
confidence times reliability of its events. Rows marked as repeats, and copies of a text, are no evidence at all
(they are attention, see ``attention``).
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import ibis
import numpy as np
from numpy.typing import NDArray

from detente.relations.changepoint import Cells
from detente.relations.counting import (
    DELIVERED,
    between_states,
    day_known,
    known_by,
    month_number,
    telling,
    tone,
    trust,
)

__all__ = ["UNIT", "DyadMonths", "dyad_months", "in_unit_keys", "monthly_cells", "months_of"]

# Tones and weights are summed as whole thousandths: integer sums do not depend on the order in which an engine adds.
UNIT = 1000
# The kinds of evidence, as column names of ``monthly_cells``. Neutral is an act without intensity, such as a plain
# request, and cooperation that failed to come.
KINDS = ("material_conflict", "verbal_conflict", "neutral", "verbal_cooperation", "material_cooperation")
NEUTRAL = 0.5


@dataclass(frozen=True, slots=True)
class DyadMonths:
    """Months with evidence of many dyads, ordered by dyad and month; ``first[i]:first[i + 1]`` are those of dyad i.

    ``month`` counts months since year 0 (``12 * year + month - 1``), ``day`` is the first day with evidence in the
    month, ``units`` the number of units, ``n`` their weight, ``kinds`` (kinds, months) that of each kind, ``s`` and
    ``ss`` the weighted sums of their tones and of the squares.
    """

    dyads: tuple[tuple[str, str], ...]
    first: NDArray[np.int64]
    month: NDArray[np.int64]
    day: tuple[datetime.date, ...]
    units: NDArray[np.int64]
    kinds: NDArray[np.float64]
    n: NDArray[np.float64]
    s: NDArray[np.float64]
    ss: NDArray[np.float64]

    @property
    def lengths(self) -> NDArray[np.int64]:
        """Number of months with evidence, by dyad."""
        return np.diff(self.first)

    def cells(self, rows: NDArray[np.int64]) -> Cells:
        """The months of some dyads as the rows of a padded table."""
        lengths = self.lengths[rows]
        width = int(lengths.max(initial=1))
        at = self.first[rows][:, None] + np.arange(width)
        real = np.arange(width) < lengths[:, None]
        at = np.where(real, at, 0)
        gap = np.where(real, self.month[at] - self.month[np.maximum(at - 1, 0)], 0).astype(np.float64)
        gap[:, 0] = 0.0
        n, s, ss = (np.where(real, values[at], 0.0) for values in (self.n, self.s, self.ss))
        return Cells(kinds=np.where(real, self.kinds[:, at], 0.0), n=n, s=s, ss=ss, gap=gap)


def in_unit_keys(events: Any) -> Any:
    """Telling events between states, no repeats, with a, b, day, month, unit, tone and trust (in thousandths)."""
    columns = set(events.columns)
    if "repeat_of" in columns:
        events = events.filter(events.repeat_of.isnull())
    unit = ibis.coalesce(events.story_id, events.document_id) if "story_id" in columns else events.document_id
    events = events.mutate(unit=unit, tone=(tone(events) * UNIT).round().cast("int64"))
    events = between_states(telling(events)).mutate(day=day_known)
    return events.mutate(month=month_number(events.day), trust=(trust(events) * UNIT).round().cast("int64"))


def monthly_cells(events: Any) -> Any:
    """An Ibis table of evidence: a row a dyad and month, with sums of weight and tone in whole numbers."""
    keyed = in_unit_keys(events)
    told = keyed.mutate(
        kind=ibis.cases(
            ((keyed.status == "absent") | (keyed.intensity.abs() < NEUTRAL), "neutral"),
            ((keyed.quad >= 4) & keyed.status.isin(DELIVERED), "material_conflict"),
            (keyed.quad >= 3, "verbal_conflict"),
            ((keyed.quad == 2) & keyed.status.isin(DELIVERED), "material_cooperation"),
            else_="verbal_cooperation",
        )
    )
    units = told.group_by("a", "b", "month", "unit").aggregate(
        tone=told.tone.mean().round().cast("int64"),
        weight=told.trust.mean().round().cast("int64"),
        day=told.day.min(),
        **{kind: (UNIT * (told.kind == kind).cast("int64").mean()).round().cast("int64") for kind in KINDS},
    )
    return units.group_by("a", "b", "month").aggregate(
        units=units.count(),
        n=units.weight.sum(),
        s=(units.weight * units.tone).sum(),
        ss=(units.weight * units.tone * units.tone).sum(),
        day=units.day.min(),
        **{kind: (units.weight * units[kind]).sum() for kind in KINDS},
    )


def dyad_months(
    events: Any, *, until: datetime.date | None = None, dyads: Sequence[tuple[str, str]] | None = None
) -> DyadMonths:
    """Evidence on all dyads (or the unordered ``dyads`` given) that was published by ``until``."""
    events = known_by(events, until)
    if dyads is not None:
        wanted = [f"{min(pair)}–{max(pair)}" for pair in dyads]
        named = between_states(events)
        events = named.filter((named.a + "–" + named.b).isin(wanted)).drop("a", "b")
    table = monthly_cells(events).order_by("a", "b", "month").to_pyarrow()
    names = ("month", "units", "n", "s", "ss", *KINDS)
    columns = {name: table.column(name).to_numpy(zero_copy_only=False) for name in names}
    pairs = list(zip(table.column("a").to_pylist(), table.column("b").to_pylist(), strict=True))
    starts = [i for i, pair in enumerate(pairs) if i == 0 or pair != pairs[i - 1]]
    return DyadMonths(
        dyads=tuple(pairs[i] for i in starts),
        first=np.array([*starts, len(pairs)], dtype=np.int64),
        month=columns["month"].astype(np.int64),
        day=tuple(table.column("day").to_pylist()),
        units=columns["units"].astype(np.int64),
        kinds=np.stack([columns[kind] for kind in KINDS]).astype(np.float64) / UNIT**2,
        n=columns["n"].astype(np.float64) / UNIT,
        s=columns["s"].astype(np.float64) / UNIT**2,
        ss=columns["ss"].astype(np.float64) / UNIT**3,
    )


def months_of(day: datetime.date) -> int:
    """The number of a day's month, as in ``DyadMonths.month``."""
    return day.year * 12 + day.month - 1
