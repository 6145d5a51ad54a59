"""Groups: every pair of a few states at once, which triads are in balance, and who moved first."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

from detente.errors import BadInput
from detente.records import to_json
from detente.relations.changepoint import Floats
from detente.relations.context import normal_level, stand
from detente.relations.counting import UNIT
from detente.relations.engine import LedgerTables, Tables, as_tables
from detente.relations.evidence import DyadMonths, dyad_months, months_of
from detente.relations.relation import Stand
from detente.relations.shifts import Shift, shifts
from detente.showing import Tabular

__all__ = ["GroupView", "Lead", "Pair", "Triad", "group_view"]

YEAR = 12
# Fewer months in which both sides were heard say nothing on who follows whom.
LEAST_MONTHS = 12
DRAWS = 999


@dataclass(frozen=True, slots=True)
class Pair:
    """Two states of the group: how they stand now, how before, and the change of tone between the two.

    ``warmer`` is the probability that the tone is now higher than before; both are null without evidence on either.
    """

    a: str
    b: str
    now: Stand
    before: Stand
    change: float | None
    warmer: float | None


@dataclass(frozen=True, slots=True)
class Triad:
    """Three states: ``signs`` of the tone of a–b, a–c, b–c now, and the probability that they are in balance.

    A triad is in balance when the product of its signs is positive: the friend of my friend, and the enemy of my
    enemy, is my friend (Heider 1946; Cartwright and Harary 1956).
    """

    a: str
    b: str
    c: str
    signs: tuple[int, int, int]
    balanced: float


@dataclass(frozen=True, slots=True)
class Lead:
    """Whether the tone of ``a`` → ``b`` runs ahead of that of ``b`` → ``a``, month by month.

    ``ahead`` correlates what a did in a month with what b did in the next, ``behind`` the other way round, over
    ``months`` pairs of months in which both were heard; ``p`` is how often shuffled months differ as much. ``first``
    names who moves first where ``p`` < 0.05, else null. Null figures: too few months. Precedence is not cause.
    """

    a: str
    b: str
    months: int
    ahead: float | None
    behind: float | None
    p: float | None
    first: str | None


@dataclass(frozen=True, slots=True)
class GroupView(Tabular):
    """All pairs of a group over the last ``months`` months up to ``until``, against as many before."""

    members: tuple[str, ...]
    months: int
    since: datetime.date
    until: datetime.date
    pairs: tuple[Pair, ...]
    triads: tuple[Triad, ...]
    leads: tuple[Lead, ...]
    shifts: tuple[Shift, ...]

    def to_json(self) -> dict[str, Any]:
        """Plain JSON data with the keys that the command prints."""
        return to_json(self) | {"shifts": [x.to_json() for x in self.shifts]}

    def to_arrow(self) -> Any:
        """The pairs as an Arrow table."""
        import pyarrow as pa  # noqa: PLC0415 - loaded when asked for

        rows = []
        for pair in self.pairs:
            row: dict[str, Any] = {"a": pair.a, "b": pair.b, "change": pair.change, "warmer": pair.warmer}
            for name, level in (("now", pair.now), ("before", pair.before)):
                row |= {f"{name}_{key}": getattr(level, key) for key in ("tone", "low", "high", "evidence")}
            rows.append(row)
        return pa.Table.from_pylist(rows)


def group_view(
    events: Any,
    members: Sequence[str],
    *,
    documents: Any | None = None,
    since: datetime.date | None = None,
    until: datetime.date | None = None,
    months: int = YEAR,
    listed: Iterable[Shift] | None = None,
) -> GroupView:
    """Every pair of ``members`` (ISO alpha-3) now and before, balance of triads, who moved first, and shifts.

    Now is the last ``months`` months up to ``until`` (by default of the record), before the as many months that
    precede them. ``since`` bounds the shifts and the months in which leads are looked for. ``listed``, all shifts of
    these pairs among others, spares looking for them.
    """
    members = tuple(sorted(set(members)))
    if len(members) < 2:
        raise BadInput(f"a group needs at least two states, not {', '.join(members) or 'none'}")
    pairs = list(combinations(members, 2))
    tables = as_tables(events, documents)
    evidence = dyad_months(tables, until=until, states=members)
    end = until or tables.ask("last", members=members).to_pylist()[0]["last"]
    if end is None:
        raise BadInput(f"the ledger holds no events among {', '.join(members)} in this span")
    if listed is None:
        listed = shifts(tables, since=since, until=until, dyads=pairs)
    among = [x for x in listed if {x.a, x.b} <= set(members) and (since is None or x.date >= since)]
    last = months_of(end)
    views = {pair: _pair(evidence, pair, last, months) for pair in pairs}
    return GroupView(
        members=members,
        months=months,
        since=views[pairs[0]].before.since,
        until=end,
        pairs=tuple(views.values()),
        triads=tuple(_triad(views, triple) for triple in combinations(members, 3)),
        leads=tuple(_leads(tables, members, pairs, since, until)),
        shifts=tuple(sorted(among, key=lambda x: (x.date, x.a, x.b))),
    )


def _only(months: DyadMonths, pair: tuple[str, str]) -> DyadMonths:
    """The months of one dyad."""
    if pair not in months.dyads:
        at = slice(0, 0)
    else:
        i = months.dyads.index(pair)
        at = slice(int(months.first[i]), int(months.first[i + 1]))
    length = at.stop - at.start
    return DyadMonths(
        dyads=(pair,),
        first=np.array([0, length], dtype=np.int64),
        month=months.month[at],
        day=months.day[at],
        units=months.units[at],
        kinds=months.kinds[:, at],
        n=months.n[at],
        s=months.s[at],
        ss=months.ss[at],
    )


def _pair(evidence: DyadMonths, pair: tuple[str, str], last: int, months: int) -> Pair:
    own = _only(evidence, pair)
    spans = ((last - months + 1, last), (last - 2 * months + 1, last - months))
    now, before = (stand(own, *span) for span in spans)
    (mean1, variance1), (mean0, variance0) = (normal_level(own, *span) for span in spans)
    if not now.evidence or not before.evidence:
        return Pair(a=pair[0], b=pair[1], now=now, before=before, change=None, warmer=None)
    warmer = float(ndtr((mean1 - mean0) / np.sqrt(variance0 + variance1)))
    return Pair(a=pair[0], b=pair[1], now=now, before=before, change=now.tone - before.tone, warmer=warmer)


def _triad(views: dict[tuple[str, str], Pair], triple: tuple[str, str, str]) -> Triad:
    a, b, c = triple
    stands = [views[pair].now for pair in ((a, b), (a, c), (b, c))]
    # E of a product of independent signs is the product of their expectations.
    expected = 1.0
    for x in stands:
        deviation = (x.high - x.low) / 2 / 1.645
        expected *= 2 * float(ndtr(x.tone / deviation)) - 1
    signs = tuple(int(np.sign(round(x.tone, 9))) for x in stands)
    return Triad(a=a, b=b, c=c, signs=(signs[0], signs[1], signs[2]), balanced=(1 + expected) / 2)


def _leads(
    tables: Tables | LedgerTables,
    members: tuple[str, ...],
    pairs: Sequence[tuple[str, str]],
    since: datetime.date | None,
    until: datetime.date | None,
) -> list[Lead]:
    found: dict[tuple[str, str], dict[int, float]] = {}
    for row in tables.ask("tones", members=members, until=until).to_pylist():
        if since is None or row["month"] >= months_of(since):
            found.setdefault((row["actor_country"], row["recipient_country"]), {})[row["month"]] = row["tone"] / UNIT
    return [_lead(a, b, found.get((a, b), {}), found.get((b, a), {})) for a, b in pairs]


def _lead(a: str, b: str, forth: dict[int, float], back: dict[int, float]) -> Lead:
    ahead = [m for m in sorted(forth) if m + 1 in back]
    behind = [m for m in sorted(back) if m + 1 in forth]
    count = min(len(ahead), len(behind))
    if count < LEAST_MONTHS:
        return Lead(a, b, count, None, None, None, None)
    x1, y1 = np.array([forth[m] for m in ahead]), np.array([back[m + 1] for m in ahead])
    x2, y2 = np.array([back[m] for m in behind]), np.array([forth[m + 1] for m in behind])
    r1, r2 = _correlation(x1, y1), _correlation(x2, y2)
    shuffled = np.abs(_shuffled(x1, y1, first=True) - _shuffled(x2, y2, first=False))
    p = (1 + int((shuffled >= abs(r1 - r2)).sum())) / (DRAWS + 1)
    winner = a if r1 > r2 else b
    return Lead(a, b, count, r1, r2, p, winner if p < 0.05 and max(r1, r2) > 0 else None)


@lru_cache(maxsize=32)
def _shuffles(length: int, *, first: bool) -> NDArray[np.int16]:
    """``DRAWS`` orders of so many months, for the first of two sides or the second; the same every time.

    They are orders of the next power of two with what is beyond left out, which are as random: drawing them anew for
    every pair took most of the time of a group.
    """
    orders = _long_shuffles(1 << (length - 1).bit_length(), first)
    return orders[orders < length].reshape(DRAWS, length)


@cache
def _long_shuffles(length: int, first: bool) -> NDArray[np.int16]:
    rows = np.tile(np.arange(length, dtype=np.int16), (DRAWS, 1))
    return np.random.default_rng((length, first)).permuted(rows, axis=1)


def _correlation(x: Floats, y: Floats) -> float:
    """Pearson correlation; 0 where one side never changes."""
    return float(_products(x, y)(y - y.mean()))


def _shuffled(x: Floats, y: Floats, *, first: bool) -> Floats:
    """Correlations of ``x`` with ``y`` in each shuffled order, in all of which its mean and spread are the same."""
    found: Floats = _products(x, y)((y - y.mean())[_shuffles(len(y), first=first)])
    return found


def _products(x: Floats, y: Floats) -> Callable[[Floats], Floats]:
    """From values of ``y`` in some order, less their mean, to their correlation with ``x``."""
    spread = (x.std(), y.std())
    if min(spread) < 1e-12:
        return lambda values: np.zeros(values.shape[:-1])
    scaled = (x - x.mean()) / (len(x) * spread[0] * spread[1])
    return lambda values: values @ scaled
