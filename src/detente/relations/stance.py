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
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from scipy.special import stdtrit

from detente.records import to_json
from detente.relations.changepoint import RegimeModel
from detente.relations.counting import UNIT
from detente.relations.engine import LedgerTables, Tables, as_tables
from detente.relations.series import INTERVAL, Period, check_by, floor_period, periods_between
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
) -> Stance:
    """The attitude of ``a`` toward ``b`` from ``Tables``, or Ibis tables of events and, if any, of statements."""
    period = check_by(by)
    tables = as_tables(events, statements=statements)
    found = [*_from_events(tables, a, b, until), *_from_statements(tables, a, b, until)]
    found = [x for x in found if (since is None or x.date >= since) and (until is None or x.date <= until)]
    found.sort(key=lambda x: (x.date, x.document_id, x.id))
    words, deeds = [x for x in found if x.kind != "deed"], [x for x in found if x.kind == "deed"]
    return Stance(
        a=a,
        b=b,
        by=by,
        since=since,
        until=until,
        words=_level(words),
        deeds=_level(deeds),
        series=tuple(_series(words, deeds, period, since, until)),
        evidence=tuple(reversed(found)),
    )


def _from_events(tables: Tables | LedgerTables, a: str, b: str, until: datetime.date | None) -> list[Evidence]:
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
        for row in tables.ask("toward", a=a, b=b, until=until).to_pylist()
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


def _level(evidence: Iterable[Evidence], model: RegimeModel = MODEL) -> Level | None:
    """Posterior of a level (Student's t): normal around it, prior worth half a document at 0, as for shifts."""
    documents: Mapping[str, list[Evidence]] = defaultdict(list)
    for item in evidence:
        documents[item.document_id].append(item)
    if not documents:
        return None
    weights = np.array([max(x.weight for x in items) for items in documents.values()])
    values = np.array(
        [sum(x.weight * x.value for x in xs) / max(sum(x.weight for x in xs), 1e-9) for xs in documents.values()]
    )
    n, s, ss = weights.sum(), (weights * values).sum(), (weights * values**2).sum()
    weight, shape = model.weight + n, model.shape + n / 2
    mean = float(s / weight)
    rate = model.shape * model.variance + max(float(ss - weight * mean**2), 0.0) / 2
    spread = float(np.sqrt(rate / shape / weight) * stdtrit(2 * shape, (1 + INTERVAL) / 2))
    return Level(n=len(documents), level=mean, low=max(-1.0, mean - spread), high=min(1.0, mean + spread))


def _series(
    words: list[Evidence],
    deeds: list[Evidence],
    by: Period,
    since: datetime.date | None,
    until: datetime.date | None,
) -> Iterable[StancePoint]:
    days = [x.date for x in [*words, *deeds]]
    if not days:
        return
    by_period: list[dict[datetime.date, list[Evidence]]] = []
    for items in (words, deeds):
        parts: dict[datetime.date, list[Evidence]] = defaultdict(list)
        for item in items:
            parts[floor_period(item.date, by)].append(item)
        by_period.append(parts)
    for start in periods_between(since or min(days), until or max(days), by):
        said, done = (_level(parts.get(start, ())) for parts in by_period)
        gap = said.level - done.level if said and done else None
        yield StancePoint(start=start, words=said, deeds=done, gap=gap, part=parting(said, done))


def parting(words: Level | None, deeds: Level | None) -> str | None:
    """Which is kinder, where the difference is beyond the intervals of both added in quadrature."""
    if words is None or deeds is None:
        return None
    gap = words.level - deeds.level
    if abs(gap) <= math.hypot(words.high - words.low, deeds.high - deeds.low) / 2:
        return None
    return "kinder words" if gap > 0 else "kinder deeds"
