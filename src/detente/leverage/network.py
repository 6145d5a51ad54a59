"""Corridors and networks as records: what flows, who owns what, what it costs, what could be built."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal, TypeVar, cast

__all__ = [
    "STATUSES",
    "Change",
    "Curve",
    "Demand",
    "Good",
    "Link",
    "LinkStatus",
    "Network",
    "Node",
    "Number",
    "Owner",
    "Supply",
    "Variant",
    "annuity",
]

_Record = TypeVar("_Record")

LinkStatus = Literal["built", "option", "absent"]
STATUSES: tuple[LinkStatus, ...] = ("built", "option", "absent")


@dataclass(frozen=True)
class Number:
    """A number of the file, with the range that is thought possible and where it comes from."""

    value: float
    low: float | None = None
    high: float | None = None
    source: str | None = None

    @property
    def range(self) -> tuple[float, float] | None:
        """The range, where one is given."""
        return None if self.low is None or self.high is None else (self.low, self.high)


@dataclass(frozen=True)
class Good:
    """Something that flows; ``factor`` turns a flow times a price into the network's unit of money a year."""

    name: str
    quantity: str
    price: str
    factor: float


@dataclass(frozen=True)
class Owner:
    """A state or company that owns things; one that belongs to another acts as its owner does."""

    name: str
    country: str
    label: str
    owner: str | None = None


@dataclass(frozen=True)
class Supply:
    """What a node can put in: at most ``capacity``, each unit at ``cost``."""

    capacity: Number
    cost: Number


@dataclass(frozen=True)
class Demand:
    """A buyer who takes up to ``most`` units, each worth ``price`` to him."""

    most: Number
    price: Number


@dataclass(frozen=True)
class Curve:
    """A buyer whose unit is worth ``intercept - slope * quantity``, up to ``most`` units if that is given."""

    intercept: Number
    slope: Number
    most: Number | None = None


@dataclass(frozen=True)
class Node:
    """A place where a good is put in, taken out or passed on."""

    name: str
    good: str
    country: str
    owner: str
    supply: Supply | None = None
    demand: Demand | Curve | None = None


@dataclass(frozen=True)
class Link:
    """A way from one node to another, open to those who have all of ``control`` and both ends with them.

    ``built`` links cost what their flow costs. An ``option`` costs its investment too, spread over its life, if it is
    built. A link that is ``absent`` is there only in variants that offer or build it.
    """

    name: str
    start: str
    end: str
    control: tuple[str, ...]
    capacity: Number
    cost: Number
    status: LinkStatus = "built"
    investment: Number | None = None
    life: Number | None = None
    length: float | None = None


@dataclass(frozen=True)
class Change:
    """One step of a variant: ``what`` is done to ``names``, by ``amount`` (a number, or a percentage)."""

    what: Literal["build", "offer", "close", "cutoff", "sanction", "set", "price"]
    names: tuple[str, ...]
    amount: float | None = None
    percent: bool = False


@dataclass(frozen=True)
class Variant:
    """A what-if: the network with changes, and with things added."""

    name: str
    changes: tuple[Change, ...] = ()
    nodes: tuple[Node, ...] = ()
    links: tuple[Link, ...] = ()
    note: str | None = None


@dataclass(frozen=True)
class Network:
    """A corridor or network as its file gives it; ``money`` is the unit of every amount a year."""

    title: str
    money: str
    goods: tuple[Good, ...]
    owners: tuple[Owner, ...]
    nodes: tuple[Node, ...]
    links: tuple[Link, ...]
    discount: Number | None = None
    variants: tuple[Variant, ...] = ()
    note: str | None = None

    def player(self, owner: str) -> str:
        """Who decides for an owner: itself, or whoever owns it in the end."""
        parents = {o.name: o.owner for o in self.owners}
        while (above := parents[owner]) is not None:
            owner = above
        return owner

    @property
    def players(self) -> tuple[str, ...]:
        """Those who decide, in the order of the file."""
        return tuple(o.name for o in self.owners if o.owner is None)

    def good(self, name: str) -> Good:
        """A good by its name."""
        return next(g for g in self.goods if g.name == name)

    def node(self, name: str) -> Node:
        """A node by its name."""
        return next(n for n in self.nodes if n.name == name)

    def annual_cost(self, link: Link) -> float:
        """A year's share of an option's investment, in the network's money; 0 for a link that is there."""
        if link.status != "option" or link.investment is None or link.life is None or self.discount is None:
            return 0.0
        return link.investment.value * annuity(self.discount.value, link.life.value)

    def numbers(self) -> dict[str, Number]:
        """Every number of the file by its place, such as ``sea line.investment`` or ``Seoul.demand.price``."""
        return dict(_numbers(self))

    def with_numbers(self, values: Mapping[str, float]) -> Network:
        """The network with other values in some places; the places of :meth:`numbers`."""
        return _replaced(self, values)


def annuity(rate: float, years: float) -> float:
    """The constant yearly payment for ``years`` that pays off 1 at interest ``rate``."""
    return 1 / years if rate == 0 else rate / (1 - (1 + rate) ** -years)


def _parts(record: object) -> Iterator[tuple[str, Number]]:
    for part in dataclasses.fields(record):  # type: ignore[arg-type]
        value = getattr(record, part.name)
        if isinstance(value, Number):
            yield {"most": "max"}.get(part.name, part.name), value


def _numbers(network: Network) -> Iterator[tuple[str, Number]]:
    if network.discount is not None:
        yield "discount", network.discount
    for node in network.nodes:
        for name, part in (("supply", node.supply), ("demand", node.demand)):
            if part is not None:
                yield from ((f"{node.name}.{name}.{field}", number) for field, number in _parts(part))
    for link in network.links:
        yield from ((f"{link.name}.{field}", number) for field, number in _parts(link))


def _renumbered(record: _Record, place: str, values: Mapping[str, float]) -> _Record:
    if record is None:
        return record
    changed = {}
    for field, number in _parts(record):
        if f"{place}.{field}" in values:
            name = {"max": "most"}.get(field, field)
            changed[name] = dataclasses.replace(number, value=values[f"{place}.{field}"])
    return cast("_Record", dataclasses.replace(cast("Any", record), **changed)) if changed else record


def _replaced(network: Network, values: Mapping[str, float]) -> Network:
    nodes = tuple(
        dataclasses.replace(
            node,
            supply=_renumbered(node.supply, f"{node.name}.supply", values),
            demand=_renumbered(node.demand, f"{node.name}.demand", values),
        )
        for node in network.nodes
    )
    discount = network.discount
    if discount is not None and "discount" in values:
        discount = dataclasses.replace(discount, value=values["discount"])
    links = tuple(_renumbered(link, link.name, values) for link in network.links)
    return dataclasses.replace(network, nodes=nodes, links=links, discount=discount)
