"""Attention: how much is written about a dyad, against others and against the size of its two states.

Volume counts reports, not facts: every document in whose events both states take part, whatever the status and be it
not with each other; copies of a document and repeated rows of a data set too. A record of a data set that says how
many articles carried it counts as so many.
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import ibis
import numpy as np

from detente.records import to_json
from detente.relations.changepoint import Floats
from detente.relations.counting import between_states, known_by, month_number, published

__all__ = ["Attention", "Volume", "attention", "monthly_volume"]

YEAR = 12
ORDINARY = 5 * YEAR
# The data set of events that were read from texts.
READ = "reading"


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


def _reports(events: Any, documents: Any | None) -> Any:
    """A row a document, dyad and month of publication: its volume, source and number of events between the two."""
    columns = set(events.columns)
    articles = ibis.literal(1)
    for name in ("num_mentions", "num_articles"):
        if name in columns:
            articles = ibis.coalesce(events[name], articles)
    report = ibis.coalesce(events.story_id, events.document_id) if "story_id" in columns else events.document_id
    events = events.mutate(
        report=report,
        articles=ibis.greatest(articles.cast("int64"), 1),
        month=month_number(published(events)),
        read=events.dataset == READ,
    )
    dyadic = between_states(events)
    between = dyadic.group_by("a", "b", "month", "report").aggregate(
        articles=dyadic.articles.max(), mentions=dyadic.count(), source=dyadic.source.min()
    )
    # A text that we read is about both states when both take part in what it tells, be it not with each other.
    told = events.filter(events.read)
    states = ibis.union(
        told.select("report", "month", "source", state=told.actor_country),
        told.select("report", "month", "source", state=told.recipient_country),
    )
    states = states.filter(states.state.notnull()).distinct()
    other = states.view()
    pairs = states.join(other, [states.report == other.report, states.month == other.month, states.state < other.state])
    pairs = pairs.select(
        a=states.state,
        b=other.state,
        month=states.month,
        report=states.report,
        articles=ibis.literal(1, "int64"),
        mentions=ibis.literal(0, "int64"),
        source=states.source,
    )
    both = ibis.union(between, pairs)
    found = both.group_by("a", "b", "month", "report").aggregate(
        articles=both.articles.max(), mentions=both.mentions.max(), source=both.source.min()
    )
    if documents is None:
        return found.mutate(volume=found.articles)
    copied = documents.filter(documents.copy_of.notnull())
    copies = copied.group_by(report=copied.copy_of).aggregate(copies=copied.count())
    joined = found.left_join(copies, "report")
    return joined.mutate(volume=joined.articles + joined.copies.fill_null(0)).drop("copies", "report_right")


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
    """Monthly volumes of all dyads, from which the attention on any dyad in any year is read."""

    def __init__(self, rows: Iterable[Mapping[str, Any]]) -> None:
        """``rows`` have a, b, month and volume."""
        listed = [(row["a"], row["b"], int(row["month"]), int(row["volume"])) for row in rows]
        self.dyads = sorted({(a, b) for a, b, _, _ in listed})
        self._number = {dyad: i for i, dyad in enumerate(self.dyads)}
        self.start = min((month for _, _, month, _ in listed), default=0)
        self.end = max((month for _, _, month, _ in listed), default=0)
        monthly = np.zeros((len(self.dyads), self.end - self.start + 1))
        for a, b, month, volume in listed:
            monthly[self._number[a, b], month - self.start] += volume
        self._ordinary: dict[int, Floats] = {}
        self._sums: Floats = np.concatenate([np.zeros((len(self.dyads), 1)), np.cumsum(monthly, axis=1)], axis=1)

    @classmethod
    def of(cls, events: Any, documents: Any | None = None, until: datetime.date | None = None) -> Volume:
        """Volumes of all dyads in an Ibis table of events, as known at the end of ``until``."""
        table = monthly_volume(known_by(events, until), documents)
        return cls(table.order_by("a", "b", "month").to_pyarrow().to_pylist())

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
    events = known_by(events, until)
    day = published(events)
    days = events.aggregate(first=day.min(), last=day.max()).to_pyarrow().to_pylist()[0]
    if days["first"] is None:
        return ()
    first, last = since or days["first"], until or days["last"]
    chosen = events.filter(day.between(ibis.literal(first), ibis.literal(last)))
    reports = _reports(chosen, documents)
    rows = (
        reports.group_by("a", "b")
        .aggregate(
            volume=reports.volume.sum().cast("int64"),
            documents=reports.report.nunique(),
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
