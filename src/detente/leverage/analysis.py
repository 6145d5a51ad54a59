"""Who gets what: the solutions of a game as records, with what a network's links and transit are worth."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from detente.leverage import corridor
from detente.leverage.corridor import TooLarge
from detente.leverage.games import Array, BigGame, Game
from detente.leverage.network import Network
from detente.leverage.nucleolus import core, nucleolus
from detente.leverage.parse import GivenGame
from detente.leverage.solutions import banzhaf, marginal, needs, shapley, shapley_sampled
from detente.showing import Records, Tabular

__all__ = ["Fee", "LinkWorth", "Need", "Share", "Solution", "shares", "solve", "solve_game"]

_LINK_MOVES_PLAYERS = 10  # above it a link's effect on every share would mean a whole game for every link


def _doc(text: str) -> Any:
    return field(metadata={"doc": text})


@dataclass(frozen=True)
class Share:
    """What one player has in the game."""

    player: str = _doc("name in the file")
    name: str = _doc("name to show")
    country: str | None = _doc("ISO 3166-1 alpha-3 code, or null where the file names no country")
    shapley: float = _doc("Shapley value, in money a year")
    percent: float | None = _doc("Shapley value in percent of the worth of all together")
    error: float | None = _doc("standard error of the Shapley value where it is sampled")
    nucleolus: float | None = _doc("nucleolus, in money a year; null where it was not worked out")
    banzhaf: float | None = _doc("Banzhaf value, in money a year; in a vote the Banzhaf index")
    alone: float | None = _doc("what the player can earn alone")
    adds: float | None = _doc("what all together would lose without the player")
    core_low: float | None = _doc("least that the player gets in the core; null where it is empty")
    core_high: float | None = _doc("most that the player gets in the core; null where it is empty")


@dataclass(frozen=True)
class Need:
    """What one player's Shapley value falls by when another stays away."""

    player: str = _doc("who loses")
    without: str = _doc("who stays away")
    loses: float = _doc("what is lost, in money a year")
    percent: float | None = _doc("the same in percent of what the player has; null where it has nothing")


@dataclass(frozen=True)
class LinkWorth:
    """A link in the plan of all players together, and what it is worth."""

    link: str = _doc("name in the file")
    start: str = _doc("node where it begins")
    end: str = _doc("node where it ends")
    status: str = _doc("built, option, or absent from this case")
    built: bool = _doc("whether all together use it as built or build it")
    flow: float = _doc("what flows over it when all work together")
    capacity: float = _doc("what could flow over it")
    quantity: str = _doc("unit of flow and capacity")
    worth: float = _doc("what all together would lose without it, in money a year")
    moves: dict[str, float] | None = _doc("what its being there adds to each player's Shapley value; null if left out")


@dataclass(frozen=True)
class Fee:
    """What a transit player's share comes to for each unit that passes through its hands."""

    player: str = _doc("who passes the good on")
    good: str = _doc("what is passed on")
    flow: float = _doc("how much a year")
    quantity: str = _doc("unit of the flow")
    share: float = _doc("Shapley value from this good, in money a year")
    rent: float = _doc("that share for each unit: what is left after costs")
    fee: float = _doc("the same with the player's part of costs: the fee that pays both")
    price: str = _doc("unit of rent and fee")
    fee_per_100_km: float | None = _doc("the fee for 100 km, where lengths are given")


@dataclass(frozen=True)
class Solution(Tabular):
    """Everything that one game says; ``method`` is ``exact`` or ``sampled``, with the reason in ``notes``."""

    title: str
    money: str | None
    method: str
    total: float
    shares: tuple[Share, ...]
    core_empty: bool | None = None
    least_core: float | None = None
    needs: tuple[Need, ...] = ()
    links: tuple[LinkWorth, ...] = ()
    fees: tuple[Fee, ...] = ()
    built: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    def to_arrow(self) -> Any:
        """The shares as an Arrow table, a row a player."""
        return Records(self.shares).to_arrow()

    def share(self, player: str) -> Share:
        """One player's share."""
        return next(s for s in self.shares if s.player == player)


def shares(network: Network) -> dict[str, float]:
    """The Shapley value of every player of a network, in its money a year; TooLarge beyond the exact limits."""
    game = corridor.build_game(network)
    if isinstance(game, BigGame):
        raise TooLarge(f"{len(game.players)} players are too many to look at every coalition")
    return dict(zip(game.players, shapley(game).tolist(), strict=True))


def solve(document: Network | GivenGame, *, samples: int = 2000, seed: int = 0) -> Solution:
    """All solutions of a file: exactly where its size allows, otherwise the Shapley value sampled with its error."""
    if isinstance(document, GivenGame):
        return solve_game(document.game, document.title, document.money, samples=samples, seed=seed)
    notes: tuple[str, ...] = ()
    try:
        game = corridor.build_game(document)
    except TooLarge as error:
        notes = (str(error),)
        game = corridor.build_game(document, exact=False)
    found = solve_game(game, document.title, document.money, samples=samples, seed=seed)
    owners = {o.name: o for o in document.owners}
    named = tuple(
        dataclasses.replace(s, name=owners[s.player].label, country=owners[s.player].country) for s in found.shares
    )
    if found.total <= 0:
        notes += ("all together earn nothing: no way is open from a supply to a buyer, or none pays",)
    best = corridor.plan(document)
    value = {s.player: s.shapley for s in named} if isinstance(game, Game) else None
    return dataclasses.replace(
        found,
        shares=named,
        notes=notes + found.notes,
        built=best.built,
        links=_links(document, best, found.total, value),
        fees=_fees(document, best, value) if value else (),
    )


def solve_game(game: Game | BigGame, title: str, money: str | None, *, samples: int = 2000, seed: int = 0) -> Solution:
    """All solutions of a game given directly."""
    n = len(game.players)
    if isinstance(game, BigGame):
        everyone = np.ones((1, n), dtype=bool)
        total = float(game.value(everyone)[0])
        sampled = shapley_sampled(game, samples, seed)
        note = (
            f"the Shapley value is estimated from {sampled.samples} random orders (seed {seed}), with standard errors; "
            "nucleolus, core and Banzhaf value need every coalition and are left out"
        )
        rows = tuple(
            _share(p, v, total, error=e)
            for p, v, e in zip(game.players, sampled.value.tolist(), sampled.error.tolist(), strict=True)
        )
        return Solution(title, money, "sampled", total, rows, notes=(note,))
    value, middle, index, adds = shapley(game), nucleolus(game), banzhaf(game), marginal(game)
    inside, unit = core(game), _unit(game)
    rows = tuple(
        _share(
            player,
            float(value[i]),
            game.total,
            nucleolus=_clean(middle[i], unit),
            banzhaf=float(index[i]),
            alone=float(game.values[1 << i]),
            adds=float(adds[i]),
            core_low=None if inside.low is None else _clean(inside.low[i], unit),
            core_high=None if inside.high is None else _clean(inside.high[i], unit),
        )
        for i, player in enumerate(game.players)
    )
    return Solution(
        title, money, "exact", game.total, rows, inside.empty, _clean(inside.least, unit), _needs(game, needs(game))
    )


def _unit(game: Game) -> float:
    return float(np.abs(game.values).max()) or 1.0


def _clean(value: float, unit: float) -> float:
    """A solver's answer without its rounding: within 1e-9 of the largest value, zero is zero."""
    return 0.0 if abs(value) < 1e-9 * unit else float(value)


def _share(player: str, value: float, total: float, **others: float | None) -> Share:
    percent = 100 * value / total if total else None
    empty = dict.fromkeys(("error", "nucleolus", "banzhaf", "alone", "adds", "core_low", "core_high"))
    return Share(player=player, name=player, country=None, shapley=value, percent=percent, **{**empty, **others})


def _needs(game: Game, matrix: Array) -> tuple[Need, ...]:
    found, unit = [], _unit(game)
    for i, player in enumerate(game.players):
        own = float(matrix[i, i])
        for j, other in enumerate(game.players):
            if i != j:
                loses = _clean(float(matrix[i, j]), unit)
                found.append(Need(player, other, loses, 100 * loses / own if own else None))
    return tuple(found)


def _links(
    network: Network, plan: corridor.Plan, total: float, value: dict[str, float] | None
) -> tuple[LinkWorth, ...]:
    """Each link with what all together, and each player, would lose without it."""
    found = []
    for link in network.links:
        node = network.node(link.start)
        closed = closing(network, link.name)
        worth, moves = 0.0, None
        if link.status != "absent":
            worth = total - corridor.plan(closed).value
            if value is not None and len(network.players) <= _LINK_MOVES_PLAYERS:
                without = shares(closed)
                moves = {p: value[p] - without[p] for p in network.players}
        found.append(
            LinkWorth(
                link=link.name,
                start=link.start,
                end=link.end,
                status=link.status,
                built=link.status == "built" or link.name in plan.built,
                flow=plan.flows[link.name],
                capacity=link.capacity.value,
                quantity=network.good(node.good).quantity,
                worth=worth,
                moves=moves,
            )
        )
    return tuple(found)


def closing(network: Network, link: str) -> Network:
    """The network without one of its links."""
    links = tuple(dataclasses.replace(x, status="absent") if x.name == link else x for x in network.links)
    return dataclasses.replace(network, links=links)


def _fees(network: Network, plan: corridor.Plan, known: dict[str, float]) -> tuple[Fee, ...]:
    """For players who only pass a good on: their share, and their costs, for each unit that passes.

    Goods do not mix, so a game of several is the sum of theirs and so are the shares: each good is taken alone. What
    passes a player is the larger of what enters his nodes and what flows over a link that he controls. A link's costs
    are split evenly among those who control it.
    """
    found = []
    for good in network.goods:
        alone = of_good(network, good.name)
        value = known if len(network.goods) == 1 else shares(alone)
        for player in network.players:
            mine = {n.name for n in alone.nodes if network.player(n.owner) == player}
            links = [x for x in alone.links if player in {network.player(c) for c in x.control}]
            trades = any((n.supply or n.demand) and n.name in mine for n in alone.nodes)
            entering = sum(plan.flows[x.name] for x in alone.links if x.end in mine and x.start not in mine)
            flow = max([entering, *(plan.flows[x.name] for x in links)])
            if trades or flow <= 0:
                continue
            cost, length = 0.0, 0.0
            for x in links:
                used = plan.flows[x.name]
                yearly = network.annual_cost(x) if x.name in plan.built else 0.0
                cost += (used * x.cost.value * good.factor + yearly) / len({network.player(c) for c in x.control})
                length += (x.length or 0.0) * used / flow
            rent, fee = (amount / flow / good.factor for amount in (value[player], value[player] + cost))
            found.append(
                Fee(
                    player=player,
                    good=good.name,
                    flow=flow,
                    quantity=good.quantity,
                    share=value[player],
                    rent=rent,
                    fee=fee,
                    price=good.price,
                    fee_per_100_km=100 * fee / length if length else None,
                )
            )
    return tuple(found)


def of_good(network: Network, good: str) -> Network:
    """The part of a network in which one good flows, with all players."""
    nodes = tuple(n for n in network.nodes if n.good == good)
    names = {n.name for n in nodes}
    return dataclasses.replace(network, nodes=nodes, links=tuple(x for x in network.links if x.start in names))
