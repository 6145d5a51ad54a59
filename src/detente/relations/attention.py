"""Attention: how much is written about a dyad, against others and against the size of its two states.

Volume counts reports, not facts: every document that has something on the dyad, of whatever status; copies of a
document and repeated rows of a data set too; a record of a data set that says how many articles carried it counts
as so many.
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import ibis
import numpy as np

from detente.records import to_json
from detente.relations.counting import between_states, day_known, known_by, month_number
from detente.relations.evidence import months_of

__all__ = ["Attention", "Volume", "attention", "monthly_volume"]


@dataclass(frozen=True, slots=True)
class Attention:
    """How much was written about the dyad of ``a`` and ``b`` from ``since`` to ``until``.

    ``volume`` counts reports with their copies, ``mentions`` events; ``share`` is of the volume of all dyads;
    ``expected`` is the share that the two states' own shares would give if each divided its attention without
    preference, and ``ratio`` is share / expected; ``attention`` is 0 to 1, see ``Volume.level``.
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


def _reports(events: Any, documents: Any | None) -> Any:
    """A row a document, dyad and month: its volume, source and number of events."""
    columns = set(events.columns)
    articles = ibis.literal(1)
    for name in ("num_mentions", "num_articles"):
        if name in columns:
            articles = ibis.coalesce(events[name], articles)
    events = events.mutate(articles=ibis.greatest(articles.cast("int64"), 1), day=day_known(events))
    events = between_states(events)
    events = events.mutate(month=month_number(events.day))
    found = events.group_by("a", "b", "month", "document_id").aggregate(
        articles=events.articles.max(), mentions=events.count(), source=events.source.min()
    )
    if documents is None:
        return found.mutate(volume=found.articles)
    copied = documents.filter(documents.copy_of.notnull())
    copies = copied.group_by(document_id=copied.copy_of).aggregate(copies=copied.count())
    joined = found.left_join(copies, "document_id")
    return joined.mutate(volume=joined.articles + joined.copies.fill_null(0)).drop("copies", "document_id_right")


def monthly_volume(events: Any, documents: Any | None = None) -> Any:
    """An Ibis table of attention: a row a dyad and month with ``volume``, ``documents``, ``mentions``.

    ``documents`` is the table of documents with ``copy_of`` where the events were read from texts.
    """
    reports = _reports(events, documents)
    return reports.group_by("a", "b", "month").aggregate(
        volume=reports.volume.sum().cast("int64"),
        documents=reports.count(),
        mentions=reports.mentions.sum().cast("int64"),
    )


class Volume:
    """Monthly volumes of all dyads, from which the attention on any dyad in any span of months is read."""

    def __init__(self, rows: Iterable[Mapping[str, Any]]) -> None:
        """``rows`` have a, b, month and volume."""
        listed = [(row["a"], row["b"], int(row["month"]), int(row["volume"])) for row in rows]
        self.dyads = sorted({(a, b) for a, b, _, _ in listed})
        self._number = {dyad: i for i, dyad in enumerate(self.dyads)}
        self.start = min((month for _, _, month, _ in listed), default=0)
        width = max((month for _, _, month, _ in listed), default=0) - self.start + 1
        by_month: dict[int, list[tuple[int, int]]] = defaultdict(list)
        for a, b, month, volume in listed:
            by_month[month - self.start].append((self._number[a, b], volume))
        self._months = by_month
        self._width = width
        self._cache: dict[tuple[int, int], np.ndarray] = {}

    @classmethod
    def of(cls, events: Any, documents: Any | None = None, until: datetime.date | None = None) -> Volume:
        """Volumes of all dyads in an Ibis table of events, as known at the end of ``until``."""
        table = monthly_volume(known_by(events, until), documents)
        return cls(table.order_by("a", "b", "month").to_pyarrow().to_pylist())

    def _totals(self, first: int, last: int) -> np.ndarray:
        """Volume of every dyad from month ``first`` to ``last``, both included."""
        key = (max(first - self.start, 0), min(last - self.start, self._width - 1))
        if key not in self._cache:
            total = np.zeros(len(self.dyads))
            for month in range(key[0], key[1] + 1):
                for number, volume in self._months.get(month, ()):
                    total[number] += volume
            self._cache[key] = total
        return self._cache[key]

    def of_dyad(self, dyad: tuple[str, str], first: int, last: int) -> float:
        """Volume of one dyad from month ``first`` to ``last``."""
        return float(self._totals(first, last)[self._number[dyad]]) if dyad in self._number else 0.0

    def level(self, dyad: tuple[str, str], first: int, last: int) -> float:
        """Attention from 0 to 1: log(1 + volume) over that of the dyad most written about in the same months.

        On this scale half means the square root of the loudest dyad's volume: what a reader notices goes by orders
        of magnitude.
        """
        loudest = float(self._totals(first, last).max(initial=0.0))
        return float(np.log1p(self.of_dyad(dyad, first, last)) / np.log1p(loudest)) if loudest else 0.0


def attention(
    events: Any,
    documents: Any | None = None,
    *,
    since: datetime.date | None = None,
    until: datetime.date | None = None,
) -> tuple[Attention, ...]:
    """Attention on every dyad from ``since`` to ``until``, the most written about first."""
    events = known_by(events, until)
    days = events.aggregate(first=day_known(events).min(), last=day_known(events).max()).to_pyarrow().to_pylist()[0]
    if days["first"] is None:
        return ()
    first, last = since or days["first"], until or days["last"]
    chosen = events.filter(day_known(events).between(ibis.literal(first), ibis.literal(last)))
    reports = _reports(chosen, documents)
    rows = (
        reports.group_by("a", "b")
        .aggregate(
            volume=reports.volume.sum().cast("int64"),
            documents=reports.document_id.nunique(),
            sources=reports.source.nunique(),
            mentions=reports.mentions.sum().cast("int64"),
        )
        .to_pyarrow()
        .to_pylist()
    )
    rows.sort(key=lambda r: (-r["volume"], r["a"], r["b"]))
    total = sum(row["volume"] for row in rows)
    by_state: dict[str, int] = defaultdict(int)
    for row in rows:
        by_state[row["a"]] += row["volume"]
        by_state[row["b"]] += row["volume"]
    volume = Volume(row | {"month": months_of(last)} for row in rows)
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
                attention=volume.level((a, b), months_of(last), months_of(last)),
            )
        )
    return tuple(found)
