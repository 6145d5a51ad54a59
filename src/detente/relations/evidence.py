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

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from detente.relations.changepoint import Cells
from detente.relations.counting import KINDS, UNIT
from detente.relations.engine import LedgerTables, Tables, as_tables

__all__ = ["DyadMonths", "dyad_months", "months_of", "numbers"]


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


def dyad_months(events: Any, *, until: datetime.date | None = None, states: Sequence[str] | None = None) -> DyadMonths:
    """Evidence on all dyads (or those among ``states``) that was published by ``until``.

    ``events`` are ``Tables`` or an Ibis table of events.
    """
    tables = as_tables(events)
    if states is None:
        table = _with_kept(tables, until, ()) or tables.ask("cells", until=until)
    else:
        table = _with_kept(tables, until, states) or tables.ask("cells_of", until=until, members=tuple(states))
    names = ("month", "units", "n", "s", "ss", *KINDS)
    columns = {name: numbers(table.column(name)) for name in names}
    starts = _starts(table)
    return DyadMonths(
        dyads=tuple((table["a"][i].as_py(), table["b"][i].as_py()) for i in starts),
        first=np.array([*starts, len(table)], dtype=np.int64),
        month=columns["month"].astype(np.int64),
        day=tuple(table.column("day").to_pylist()),
        units=columns["units"].astype(np.int64),
        kinds=np.stack([columns[kind] for kind in KINDS]).astype(np.float64) / UNIT**2,
        n=columns["n"].astype(np.float64) / UNIT,
        s=columns["s"].astype(np.float64) / UNIT**2,
        ss=columns["ss"].astype(np.float64) / UNIT**3,
    )


def _with_kept(tables: Tables | LedgerTables, until: datetime.date | None, states: Sequence[str]) -> pa.Table | None:
    """What is kept of imported events, with the evidence of the others added; None where nothing is kept."""
    kept = None if until is not None else tables.kept("cells", states)
    if kept is None or not isinstance(tables, LedgerTables):
        return None
    name = "cells_of" if states else "cells"
    own = tables.ask(name, own=True, members=tuple(states) or None)
    if not len(own):
        return kept.sort_by([(key, "ascending") for key in ("a", "b", "month")])
    sums = [(name, "sum") for name in ("units", "n", "s", "ss", *KINDS)]
    both = pa.concat_tables([kept, own.select(kept.column_names).cast(kept.schema)])
    added = both.group_by(["a", "b", "month"]).aggregate([*sums, ("day", "min")])
    names = {f"{name}_{how}": name for name, how in [*sums, ("day", "min")]}
    added = added.rename_columns([names.get(name, name) for name in added.column_names])
    return added.sort_by([(key, "ascending") for key in ("a", "b", "month")])


def _starts(table: pa.Table) -> list[int]:
    """Numbers of the rows with which a dyad begins."""
    if not len(table):
        return []
    codes = [np.from_dlpack(table[name].combine_chunks().dictionary_encode().indices) for name in ("a", "b")]
    changed = (np.diff(codes[0]) != 0) | (np.diff(codes[1]) != 0)
    return [0, *(np.flatnonzero(changed) + 1).tolist()]


def months_of(day: datetime.date) -> int:
    """The number of a day's month, as in ``DyadMonths.month``."""
    return day.year * 12 + day.month - 1


def numbers(column: pa.ChunkedArray) -> NDArray[Any]:
    """A column of numbers, none of them null. Not by ``to_numpy``, which loads pandas where it is installed."""
    return np.from_dlpack(column.combine_chunks())
