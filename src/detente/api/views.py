"""What the relations room says of a ledger: the world, a group, a dyad, a stance; computed once a ledger version."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import combinations
from typing import TYPE_CHECKING, Any

from detente.actors import country, group
from detente.api.events import EventQuery, first_events
from detente.api.paging import check_span
from detente.api.store import Store, dates_of
from detente.errors import BadInput, BadOption
from detente.records import to_json

if TYPE_CHECKING:
    from detente.relations import Attention, Baseline, GroupView, Relation, Shift, Stance

__all__ = [
    "World",
    "attention_view",
    "baseline_view",
    "group_view",
    "relation_view",
    "stance_view",
    "two_states",
    "world_view",
]


def _doc(text: str) -> Any:
    return field(metadata={"doc": text})


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """Shifts over all dyads, and what of the ledger they rest on."""

    shifts: tuple[Shift, ...] = _doc("shifts over all dyads, in the order asked for")
    fresh: bool = _doc("whether they are of the ledger as it is now; else a newer answer is being worked out")
    first: datetime.date | None = _doc("day of the first event in the ledger")
    last: datetime.date | None = _doc("day of publication of the last event in the ledger")


def two_states(a: str, b: str) -> tuple[str, str]:
    """The codes of two different states, given as codes or names."""
    one, other = country(a), country(b)
    if one == other:
        raise BadInput(f"{a!r} and {b!r} are the same state, {one}")
    return one, other


def world_view(
    store: Store,
    *,
    since: datetime.date | None = None,
    until: datetime.date | None = None,
    sort: str = "unnoticed",
    min_probability: float | None = None,
) -> World:
    """Shifts over all dyads: sorted by how little they were noticed, or by size."""
    from detente.relations import SORTS  # noqa: PLC0415 - Ibis takes a second to load

    if sort not in SORTS:
        raise BadOption("sort", sort, SORTS)
    check_span(since, until)

    orders = _prepared_world(store) if since is None and until is None else None
    if orders is None:
        orders = store.cached(("world", since, until), lambda: _Orders.of(_world(store, since, until)))
    shifts = orders.by_size if sort == "size" else orders.world.shifts
    if min_probability is not None:
        shifts = tuple(x for x in shifts if x.probability >= min_probability)
    return replace(orders.world, shifts=shifts)


@dataclass(frozen=True, slots=True)
class _Orders:
    """The world, its shifts in the other order too, and those of each pair of states."""

    world: World
    by_size: tuple[Shift, ...]
    by_dyad: Mapping[frozenset[str], Sequence[Shift]]

    @staticmethod
    def of(world: World) -> _Orders:
        by_dyad: dict[frozenset[str], list[Shift]] = {}
        for shift in world.shifts:
            by_dyad.setdefault(frozenset((shift.a, shift.b)), []).append(shift)
        by_size = sorted(world.shifts, key=lambda x: (-round(x.size, 9), x.a, x.b, x.date))
        return _Orders(world, tuple(by_size), by_dyad)


def _world(store: Store, since: datetime.date | None, until: datetime.date | None) -> World:
    from detente.relations import shifts  # noqa: PLC0415

    with store.tables() as tables:
        found = shifts(tables, since=since, until=until)
    ends = store.event_rows("SELECT min(date) AS first, max(coalesce(published, date)) AS last FROM events")[0]
    return World(shifts=found, first=ends["first"], last=ends["last"], fresh=True)


def _prepared_world(store: Store) -> _Orders | None:
    """The world as it was last worked out; empty and not fresh while it is worked out for the first time."""
    if store.prepared is None:
        return None
    found = store.long_answer("world")
    if found is None:
        return _Orders.of(World(shifts=(), first=None, last=None, fresh=False))
    data, fresh = found
    orders: _Orders = store.kept_by_id(data, _read_world)
    return orders if orders.world.fresh == fresh else replace(orders, world=replace(orders.world, fresh=fresh))


def _read_world(data: dict[str, Any]) -> _Orders:
    from detente.relations import Shift  # noqa: PLC0415

    def shift(row: dict[str, Any]) -> Shift:
        days = dates_of(row, "date", "since", "until")
        return Shift(**{**row, **days, "evidence": tuple(row["evidence"]), "events": tuple(row["events"])})

    shifts = tuple(shift(row) for row in data["shifts"])
    return _Orders.of(World(shifts=shifts, fresh=True, **dates_of(data, "first", "last")))


def long_answers(store: Store) -> dict[str, Any]:
    """The answers that are prepared, as JSON data by their keys."""
    return {"world": to_json(_world(store, None, None)), "attention": to_json(attention_view(store))}


def attention_view(
    store: Store, *, since: datetime.date | None = None, until: datetime.date | None = None
) -> tuple[Attention, ...]:
    """How much is written about each dyad, the most written about first."""
    from detente.relations import attention  # noqa: PLC0415

    check_span(since, until)

    def make() -> tuple[Attention, ...]:
        with store.tables() as tables:
            return attention(tables, since=since, until=until)

    if since is None and until is None:
        return store.answer("attention", _read_attention, make)
    return store.cached(("attention", since, until), make)


def _read_attention(data: list[dict[str, Any]]) -> tuple[Attention, ...]:
    from detente.relations import Attention  # noqa: PLC0415

    return tuple(Attention(**{**row, **dates_of(row, "since", "until")}) for row in data)


def group_view(
    store: Store,
    members: str,
    *,
    since: datetime.date | None = None,
    until: datetime.date | None = None,
    months: int = 12,
) -> GroupView:
    """Every pair of a group (its name, or states by commas): now, before and the change; triads, leads, shifts."""
    from detente.relations import group_view as view  # noqa: PLC0415

    check_span(since, until)
    codes = tuple(sorted(group(members, until)))

    def make() -> GroupView:
        with store.tables() as tables:
            listed = None if until is not None else _listed(store, codes)
            return view(tables, codes, since=since, until=until, months=months, listed=listed)

    return store.cached(("group", codes, since, until, months), make)


def relation_view(
    store: Store,
    a: str,
    b: str,
    *,
    by: str = "month",
    since: datetime.date | None = None,
    until: datetime.date | None = None,
    latest: int | None = 20,
) -> Relation:
    """How two states stand: series both ways, attention, baseline, shifts, the latest events."""
    from detente.relations import relation, with_context, world_months  # noqa: PLC0415

    one, other = two_states(a, b)
    check_span(since, until)

    def make() -> Relation:
        with store.tables() as tables:
            found = relation(tables, one, other, by=by, since=since, until=until, latest=0)
            query = EventQuery(between=(one, other), since=since, until=until)
            found = replace(found, events=first_events(store, query, latest) if latest else ())
            if until is not None:
                return with_context(found, tables)
            world = store.cached(("world months",), lambda: world_months(tables))
            return with_context(found, tables, listed=_listed(store, (one, other)), world=world)

    return store.cached(("relation", one, other, by, since, until, latest), make)


def baseline_view(store: Store, a: str, b: str, *, until: datetime.date) -> Baseline | None:
    """How two states stood at the end of a day, as far as was published by then."""
    from detente.relations import baseline, world_months  # noqa: PLC0415

    def make() -> Baseline | None:
        with store.tables() as tables:
            world = store.cached(("world months", until), lambda: world_months(tables, until))
            return baseline(tables, a, b, until=until, world=world)

    return store.cached(("baseline", a, b, until), make)


def _listed(store: Store, states: tuple[str, ...]) -> tuple[Shift, ...] | None:
    """The shifts among some states out of the prepared ones, where these are of the ledger as it is now."""
    found = _prepared_world(store)
    if found is None or not found.world.fresh:
        return None
    return tuple(shift for pair in combinations(states, 2) for shift in found.by_dyad.get(frozenset(pair), ()))


def stance_view(
    store: Store,
    a: str,
    b: str,
    *,
    by: str = "quarter",
    since: datetime.date | None = None,
    until: datetime.date | None = None,
    evidence: bool = True,
) -> Stance:
    """The attitude of ``a`` toward ``b`` over time: words beside deeds, with the sentences if ``evidence``."""
    from detente.relations import stance  # noqa: PLC0415

    one, other = two_states(a, b)
    check_span(since, until)

    def make() -> Stance:
        with store.tables() as tables:
            return stance(tables, one, other, by=by, since=since, until=until, evidence=evidence)

    return store.cached(("stance", one, other, by, since, until, evidence), make)
