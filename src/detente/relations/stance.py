"""Stance: the attitude of one state toward another in its words, beside what it does.

Words are statements (their stance comes from attitude words and acts of the sentence, see ``coding.statements``) and
verbal events, promises and threats included; deeds are material events that happened. A document that says the same
thing three times counts once: what it says in a period is averaged.
"""

from __future__ import annotations

import datetime
import json
import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray
from scipy.special import stdtrit

from detente.records import to_json
from detente.relations.changepoint import RegimeModel
from detente.relations.counting import UNIT
from detente.relations.engine import LedgerTables, Tables, as_tables
from detente.relations.series import INTERVAL, MONTHLY, Period, check_by, floor_period, periods_between
from detente.relations.shifts import MODEL
from detente.showing import Tabular

__all__ = ["Evidence", "Level", "Stance", "StancePoint", "parting", "stance"]

Kind = Literal["statement", "word", "deed"]
# What is said with a hedge counts half.
HEDGED = 0.5


@dataclass(frozen=True, slots=True)
class Evidence:
    """One statement or event with its sentence: ``value`` is its stance or tone, -1 hostile to +1 friendly."""

    date: datetime.date
    kind: Kind
    value: float
    weight: float
    sentence: str | None
    hedge: str | None
    id: str
    document_id: str


@dataclass(frozen=True, slots=True)
class Level:
    """A level from ``n`` documents, with a 90 % interval."""

    n: int
    level: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class StancePoint:
    """One period: the level of words and of deeds (null without any), and how they compare.

    ``gap`` is words minus deeds; ``part`` is ``kinder words`` or ``kinder deeds`` where the gap is wider than the
    half-widths of both intervals together (root of the sum of squares), else null.
    """

    start: datetime.date
    words: Level | None
    deeds: Level | None
    gap: float | None
    part: str | None


@dataclass(frozen=True, slots=True)
class Stance(Tabular):
    """The attitude of ``a`` toward ``b``: by period, over all, and the evidence, latest first."""

    a: str
    b: str
    by: str
    since: datetime.date | None
    until: datetime.date | None
    words: Level | None
    deeds: Level | None
    series: tuple[StancePoint, ...]
    evidence: tuple[Evidence, ...]

    def to_json(self) -> dict[str, Any]:
        """Plain JSON data with the keys that the command prints."""
        return to_json(self)

    def to_arrow(self) -> Any:
        """The series as an Arrow table, a row a period."""
        import pyarrow as pa  # noqa: PLC0415 - loaded when asked for

        rows = []
        for point in self.series:
            row: dict[str, Any] = {"start": point.start, "gap": point.gap, "part": point.part}
            for name, level in (("words", point.words), ("deeds", point.deeds)):
                for key in Level.__dataclass_fields__:
                    row[f"{name}_{key}"] = None if level is None else getattr(level, key)
            rows.append(row)
        return pa.Table.from_pylist(rows)


def stance(
    events: Any,
    a: str,
    b: str,
    *,
    statements: Any | None = None,
    by: str = "quarter",
    since: datetime.date | None = None,
    until: datetime.date | None = None,
    evidence: bool = True,
) -> Stance:
    """The attitude of ``a`` toward ``b`` from ``Tables``, or Ibis tables of events and, if any, of statements.

    Without ``evidence`` what is kept of imported events is used where there is any, and ``evidence`` is not whole.
    """
    period = check_by(by)
    tables = as_tables(events, statements=statements)
    whole = since is None and until is None and period in MONTHLY
    kept = tables.kept("sides", (a, b)) if whole and not evidence else None
    found = [*_from_events(tables, a, b, until, own=kept is not None), *_from_statements(tables, a, b, until)]
    found = [x for x in found if (since is None or x.date >= since) and (until is None or x.date <= until)]
    found.sort(key=lambda x: (x.date, x.document_id, x.id))
    sides = [x for x in found if x.kind != "deed"], [x for x in found if x.kind == "deed"]
    months = [_months(kept, a, name) for name in ("words", "deeds")]
    days = [*(x.date for x in found), *(day for more in months for day in more.days)]
    starts = periods_between(since or min(days), until or max(days), period) if days else []
    words, deeds = (
        _levels([_sums(own)], np.array(more.sums.sum(axis=1, keepdims=True)))[0]
        for own, more in zip(sides, months, strict=True)
    )
    parts = [_by_period(own, more, starts, period) for own, more in zip(sides, months, strict=True)]
    return Stance(
        a=a,
        b=b,
        by=by,
        since=since,
        until=until,
        words=words,
        deeds=deeds,
        series=tuple(_point(*point) for point in zip(starts, *parts, strict=True)),
        evidence=tuple(reversed(found)),
    )


def _from_events(
    tables: Tables | LedgerTables, a: str, b: str, until: datetime.date | None, *, own: bool
) -> list[Evidence]:
    """Events, those that are not imported alone where the others are kept (``own``)."""
    if own and isinstance(tables, LedgerTables):
        rows = tables.ask("toward", own=True, a=a, b=b, until=until)
    else:
        rows = tables.ask("toward", a=a, b=b, until=until)
    return [
        Evidence(
            date=row["date"],
            kind="deed" if row["deed"] else "word",
            value=row["value"] / UNIT,
            weight=row["weight"] / UNIT,
            sentence=row["sentence"],
            hedge=None,
            id=row["event_id"],
            document_id=row["document_id"],
        )
        for row in rows.to_pylist()
    ]


def _from_statements(tables: Tables | LedgerTables, a: str, b: str, until: datetime.date | None) -> list[Evidence]:
    if isinstance(tables, Tables) and tables.statements is None:
        return []
    return [
        Evidence(
            date=row["published"],
            kind="statement",
            value=row["stance"],
            weight=HEDGED if row["hedge"] else 1.0,
            sentence=row["sentence"],
            hedge=row["hedge"],
            id=row["statement_id"],
            document_id=row["document_id"],
        )
        for row in tables.ask("said", a=a, b=b, until=until).to_pylist()
        if any(party.get("country") == b for party in json.loads(row["recipients"]))
    ]


_Sums: TypeAlias = tuple[float, float, float, float]
"""A number of documents, their weights, and the weighted sums of what they say and of its squares."""


def _sums(evidence: Iterable[Evidence]) -> _Sums:
    """Evidence summed, that of each document averaged first."""
    documents: Mapping[str, list[Evidence]] = defaultdict(list)
    for item in evidence:
        documents[item.document_id].append(item)
    weights = np.array([max(x.weight for x in items) for items in documents.values()])
    values = np.array(
        [sum(x.weight * x.value for x in xs) / max(sum(x.weight for x in xs), 1e-9) for xs in documents.values()]
    )
    n, s, ss = (float(x.sum()) for x in (weights, weights * values, weights * values**2))
    return len(documents), n, s, ss


@dataclass(frozen=True, slots=True)
class _Months:
    """What is kept of words or deeds: the first days of months, and their sums (a row for each of ``_Sums``)."""

    days: list[datetime.date]
    sums: NDArray[np.float64]


def _months(kept: pa.Table | None, a: str, kind: str) -> _Months:
    """What is kept of the words or deeds of ``a``; nothing where nothing is."""
    if kept is None:
        return _Months([], np.zeros((4, 0)))
    rows = kept.filter(pc.and_(pc.equal(kept["actor_country"], a), pc.greater(kept[kind], 0)))
    names = (kind, f"{kind}_n", f"{kind}_s", f"{kind}_ss")
    sums = [rows[name].to_numpy().astype(np.float64) / UNIT**power for power, name in enumerate(names)]
    return _Months(rows["date"].to_pylist(), np.stack(sums))


def _by_period(
    evidence: Iterable[Evidence], months: _Months, starts: Sequence[datetime.date], by: Period
) -> list[Level | None]:
    """The level of each period."""
    items: Mapping[datetime.date, list[Evidence]] = defaultdict(list)
    for item in evidence:
        items[floor_period(item.date, by)].append(item)
    place = {start: i for i, start in enumerate(starts)}
    at = np.array([place[floor_period(day, by)] for day in months.days], dtype=np.int64)
    more = np.stack([np.bincount(at, row, len(starts)).astype(np.float64) for row in months.sums])
    return _levels([_sums(items[start]) if start in items else _NOTHING for start in starts], more)


_NOTHING: _Sums = (0, 0.0, 0.0, 0.0)


def _levels(own: Sequence[_Sums], more: NDArray[np.float64], model: RegimeModel = MODEL) -> list[Level | None]:
    """Posteriors of levels (Student's t): normal around each, prior worth half a document at 0, as for shifts.

    Each rests on its ``own`` sums and on those in its column of ``more``; None where no document is in them.
    """
    documents, n, s, ss = np.array(own, dtype=np.float64).reshape(-1, 4).T + more
    weight, shape = model.weight + n, model.shape + n / 2
    mean = s / weight
    rate = model.shape * model.variance + np.maximum(ss - weight * mean**2, 0.0) / 2
    spread = np.sqrt(rate / shape / weight) * stdtrit(2 * shape, (1 + INTERVAL) / 2)
    # Sums that were kept and sums of the documents differ in their last bits; what is shown is the same.
    shown = [np.round(x, 9).tolist() for x in (mean, np.maximum(-1.0, mean - spread), np.minimum(1.0, mean + spread))]
    return [
        Level(int(count), *level) if count else None
        for count, level in zip(documents.tolist(), zip(*shown, strict=True), strict=True)
    ]


def _point(start: datetime.date, said: Level | None, done: Level | None) -> StancePoint:
    gap = said.level - done.level if said and done else None
    return StancePoint(start=start, words=said, deeds=done, gap=gap, part=parting(said, done))


def parting(words: Level | None, deeds: Level | None) -> str | None:
    """Which is kinder, where the difference is beyond the intervals of both added in quadrature."""
    if words is None or deeds is None:
        return None
    gap = words.level - deeds.level
    if abs(gap) <= math.hypot(words.high - words.low, deeds.high - deeds.low) / 2:
        return None
    return "kinder words" if gap > 0 else "kinder deeds"
