"""Attention: how much is written about a dyad, against others and against the size of its two states.

Volume counts reports, not facts: every document in whose events both states take part, whatever the status and be it
not with each other; copies of a document and repeated rows of a data set too. A record of a data set that says how
many articles carried it counts as so many.
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pyarrow as pa

from detente.records import to_json
from detente.relations.changepoint import Floats
from detente.relations.engine import LedgerTables, as_tables
from detente.relations.evidence import numbers

__all__ = ["Attention", "Volume", "attention"]

YEAR = 12
ORDINARY = 5 * YEAR


@dataclass(frozen=True, slots=True)
class Attention:
    """How much was written about the dyad of ``a`` and ``b`` from ``since`` to ``until``.

    ``volume`` counts reports with their copies, ``mentions`` events; ``share`` is of the volume of all dyads;
    ``expected`` is the share that the two states' own shares would give if each divided its attention without
    preference, and ``ratio`` is share / expected; ``attention`` is 0 to 1 (the square root of volume / the loudest).
    """

    a: str
    b: str
    since: datetime.date
    until: datetime.date
    volume: float
    documents: int
    sources: int
    mentions: int
    share: float
    expected: float
    ratio: float | None
    rank: int
    attention: float

    def to_json(self) -> dict[str, Any]:
        """Plain JSON data."""
        return to_json(self)


class Volume:
    """Monthly volumes of all dyads, from which the attention on any dyad in any year is read."""

    def __init__(self, rows: pa.Table) -> None:
        """``rows`` have a, b, month and volume; rows of one dyad and month add up."""
        months = numbers(rows["month"]).astype(np.int64)
        coded = [rows[name].combine_chunks().dictionary_encode() for name in ("a", "b")]
        width = max(len(coded[1].dictionary), 1)
        codes = np.from_dlpack(coded[0].indices).astype(np.int64) * width + np.from_dlpack(coded[1].indices)
        known, number = np.unique(codes, return_inverse=True)
        names = [array.dictionary.to_pylist() for array in coded]
        self._number = {(names[0][code // width], names[1][code % width]): i for i, code in enumerate(known.tolist())}
        self.start = int(months.min(initial=2**31)) if len(months) else 0
        self.end = int(months.max(initial=0))
        monthly = np.zeros((len(known), self.end - self.start + 1))
        np.add.at(monthly, (number, months - self.start), numbers(rows["volume"]))
        self._ordinary: dict[int, Floats] = {}
        self._sums: Floats = np.concatenate([np.zeros((len(known), 1)), np.cumsum(monthly, axis=1)], axis=1)

    @property
    def dyads(self) -> list[tuple[str, str]]:
        """The dyads of which anything is reported."""
        return sorted(self._number)

    @classmethod
    def of(cls, events: Any, documents: Any | None = None, until: datetime.date | None = None) -> Volume:
        """Volumes of all dyads in tables (or an Ibis table of events), as known at the end of ``until``."""
        tables = as_tables(events, documents)
        kept = None if until is not None else tables.kept("volume")
        if kept is None or not isinstance(tables, LedgerTables):
            return cls(tables.ask("volume", until=until))
        own = tables.ask("volume", own=True)
        return cls(pa.concat_tables([kept, own.select(kept.column_names).cast(kept.schema)]))

    @cached_property
    def _loudest_year(self) -> float:
        width = min(YEAR, self._sums.shape[1] - 1)
        return float((self._sums[:, width:] - self._sums[:, : self._sums.shape[1] - width]).max(initial=0.0))

    def level(self, dyad: tuple[str, str], month: int) -> float:
        """Attention to a dyad from 0 to 1, in the twelve months from ``month`` on or ordinarily, whichever is more.

        The year is held against the loudest year that any dyad ever had; the ordinary, which is the five years up to
        the end of that year, against the loudest dyad of the same five: who has been watched for years is still
        watched in a quiet one. Near the end of the record both end with it.
        """
        if dyad not in self._number:
            return 0.0
        row = self._number[dyad]
        stop = min(max(month - self.start + YEAR, 1), self._sums.shape[1] - 1)
        if stop not in self._ordinary:
            self._ordinary[stop] = self._sums[:, stop] - self._sums[:, max(stop - ORDINARY, 0)]
        ordinary = self._ordinary[stop]
        year = float(self._sums[row, stop] - self._sums[row, max(stop - YEAR, 0)])
        return max(scaled(year, self._loudest_year), scaled(float(ordinary[row]), float(ordinary.max())))


def scaled(volume: float, loudest: float) -> float:
    """``volume`` on the scale from 0 (nothing) to 1 (``loudest``): the square root of its share.

    The root spreads out the many dyads of which little is reported: 1 % of the loudest is 0.1, 10 % is 0.32.
    """
    return float(np.sqrt(volume / loudest)) if loudest else 0.0


def attention(
    events: Any,
    documents: Any | None = None,
    *,
    since: datetime.date | None = None,
    until: datetime.date | None = None,
) -> tuple[Attention, ...]:
    """Attention on every dyad from ``since`` to ``until``, the most written about first."""
    tables = as_tables(events, documents)
    days = tables.ask("span", until=until).to_pylist()[0]
    if days["first"] is None:
        return ()
    first, last = since or days["first"], until or days["last"]
    rows = tables.ask("attention", since=first, until=last).to_pylist()
    rows.sort(key=lambda r: (-r["volume"], r["a"], r["b"]))
    total = sum(row["volume"] for row in rows)
    by_state: dict[str, int] = defaultdict(int)
    for row in rows:
        by_state[row["a"]] += row["volume"]
        by_state[row["b"]] += row["volume"]
    loudest = max((row["volume"] for row in rows), default=0)
    found = []
    for rank, row in enumerate(rows, start=1):
        a, b = row["a"], row["b"]
        # Each report has two ends; drawn at random without pairing a state with itself.
        expected = by_state[a] * by_state[b] / (2 * total - by_state[a]) / total
        expected = (expected + by_state[a] * by_state[b] / (2 * total - by_state[b]) / total) / 2
        share = row["volume"] / total
        found.append(
            Attention(
                a=a,
                b=b,
                since=first,
                until=last,
                volume=row["volume"],
                documents=row["documents"],
                sources=row["sources"],
                mentions=row["mentions"],
                share=share,
                expected=expected,
                ratio=share / expected if expected else None,
                rank=rank,
                attention=scaled(row["volume"], loudest),
            )
        )
    return tuple(found)
