"""From a network to a game: what every coalition can earn with the nodes and links that its members control.

A coalition ships what pays: buyers' willingness to pay, less the cost of supply and transport, less a year's cost of
what it builds. It may use a node if the node's owner belongs to it, and a link if both ends and all who control the
link do. Options are built whole or not at all: every set of them is tried. This is the setting of Hubert and
Ikonnikova (2011) and of Hubert and Cobanli (2016).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import combinations
from typing import cast

import numpy as np
import numpy.typing as npt

from detente.errors import BadInput
from detente.leverage.flows import Arc, Flows
from detente.leverage.games import EXACT_PLAYERS, Array, BigGame, Game
from detente.leverage.network import Curve, Demand, Link, Network, Node, Supply
from detente.leverage.programme import FlowProgramme

__all__ = ["CURVE_STEPS", "MAX_WORK", "Plan", "TooLarge", "build_game", "plan"]

CURVE_STEPS = 20
"""Steps of equal width in which a linear demand curve is followed; each earns the curve's value at its middle.

At the end of each step the worth is exact; between, it is too low by at most ``slope * step**2 / 8``.
"""

MAX_WORK = 1_550_000_000
"""Coalitions times ways times supplies and buyers of one connected part that are worked out exactly, over all sets of
options.

Chosen by ``benchmarks/leverage_networks.py`` for at most 10 s: of networks of 20 players the slowest kinds, a market in
which sellers and buyers deal with each other directly and a grid of streets, take 6 to 7 s of processor time for each
billion, others 2 to 4 s.
"""

Bools = npt.NDArray[np.bool_]


class TooLarge(BadInput):
    """A game that cannot be worked out exactly within its limits; the message says which."""

    code = "too-large"


@dataclass(frozen=True)
class Plan:
    """What a coalition does: flows by link, amounts put in and taken out by node, options built, and its worth."""

    flows: dict[str, float]
    supplied: dict[str, float]
    taken: dict[str, float]
    built: tuple[str, ...]
    value: float


class _Part:
    """A connected part of the network: its programme, and who must be there for each of its groups."""

    def __init__(self, network: Network, nodes: list[Node], links: list[Link]) -> None:
        self.nodes, self.links = nodes, [link for link in links if link.status != "absent"]
        self.players = network.players
        factor = network.good(nodes[0].good).factor
        place = {node.name: i for i, node in enumerate(nodes)}
        self.supplies = [n for n in nodes if n.supply]
        self.buyers = [n for n in nodes if n.demand]
        self.options = [i for i, link in enumerate(self.links) if link.status == "option"]
        self.yearly = np.array([network.annual_cost(self.links[i]) for i in self.options])
        # Goods and money meet in one more node: supplies come from it, buyers lead to it.
        market = len(nodes)
        ways: list[tuple[int, int, list[float], float, set[str]]] = []
        for link in self.links:
            owners = {*link.control, nodes[place[link.start]].owner, nodes[place[link.end]].owner}
            ways.append((place[link.start], place[link.end], [-link.cost.value], link.capacity.value, owners))
        for node in self.supplies:
            supply = cast("Supply", node.supply)
            ways.append((market, place[node.name], [-supply.cost.value], supply.capacity.value, {node.owner}))
        for node in self.buyers:
            prices, most = _steps(cast("Demand | Curve", node.demand))
            ways.append((place[node.name], market, prices, most, {node.owner}))
        who = {network.player(owner) for *_, owners in ways for owner in owners}
        self.who = [i for i, player in enumerate(self.players) if player in who]
        local = {self.players[i]: k for k, i in enumerate(self.who)}
        self.arcs = [
            Arc(
                tail,
                head,
                tuple(price * factor for price in prices),
                capacity,
                tuple(sorted({local[network.player(owner)] for owner in owners})),
            )
            for tail, head, prices, capacity, owners in ways
        ]
        self._flows: dict[tuple[int, ...], Flows] = {}

    def sets(self) -> list[tuple[int, ...]]:
        """Every set of options, as positions in ``options``."""
        k = len(self.options)
        return [chosen for size in range(k + 1) for chosen in combinations(range(k), size)]

    def builders(self, chosen: tuple[int, ...]) -> list[int]:
        """Whom it takes to build a set of options, as positions in ``who``."""
        return sorted({p for c in chosen for p in self.arcs[self.options[c]].needed})

    @property
    def work(self) -> int:
        """How much it takes to work out every coalition: ``MAX_WORK`` says in what it is counted."""
        coalitions = sum(1 << (len(self.who) - len(self.builders(chosen))) for chosen in self.sets())
        return coalitions * len(self.arcs) * (len(self.supplies) + len(self.buyers))

    def flows(self, chosen: tuple[int, ...]) -> Flows:
        """The network with a set of options built."""
        if chosen not in self._flows:
            absent = {g for i, g in enumerate(self.options) if i not in chosen}
            arcs = [arc for g, arc in enumerate(self.arcs) if g not in absent]
            self._flows[chosen] = Flows(arcs, len(self.nodes) + 1, len(self.who), self.builders(chosen))
        return self._flows[chosen]

    def all_values(self) -> Array:
        """Worth of every coalition of ``who``, in mask order: the best set of options for each."""
        best = np.zeros(1 << len(self.who))
        for chosen in self.sets():
            builders = self.builders(chosen)
            index = np.array([sum(1 << p for p in builders)])
            for p in range(len(self.who)):
                if p not in builders:
                    index = np.concatenate([index, index + (1 << p)])
            worth = self.flows(chosen).all_values() - self.yearly[list(chosen)].sum()
            best[index] = np.maximum(best[index], worth)
        return best

    def values(self, rows: Bools) -> Array:
        """Worth of each coalition (a row over all players): the best set of options for each."""
        rows = rows[:, self.who]
        best = np.zeros(len(rows))
        for chosen in self.sets():
            able = np.flatnonzero(rows[:, self.builders(chosen)].all(axis=1))
            if len(able):
                worth = self.flows(chosen).values(rows[able]) - self.yearly[list(chosen)].sum()
                best[able] = np.maximum(best[able], worth)
        return best

    def plan(self, row: Bools) -> tuple[Array, tuple[int, ...], float]:
        """Amounts on every arc, the options built and the worth for one coalition; the smallest set among equals."""
        programme = FlowProgramme(self.arcs, len(self.nodes))
        present = row[self.who]
        usable = np.array([present[list(arc.needed)].all() for arc in self.arcs])
        best: tuple[Array, tuple[int, ...], float] = (np.zeros(len(self.arcs)), (), -np.inf)
        for chosen in self.sets():
            if not present[self.builders(chosen)].all():
                continue
            now = usable.copy()
            now[[g for i, g in enumerate(self.options) if i not in chosen]] = False
            amounts, worth = programme.best(now)
            worth -= float(self.yearly[list(chosen)].sum())
            if not np.isfinite(best[2]) or worth > best[2] + 1e-9 * max(1.0, abs(best[2])):
                best = amounts, chosen, worth
        return best


def _steps(demand: Demand | Curve) -> tuple[list[float], float]:
    """Prices of equal parts of a buyer's demand, the first the best, and how much there is of them together."""
    if isinstance(demand, Demand):
        return [demand.price.value], demand.most.value
    if demand.intercept.value <= 0:  # a price that fell by all of itself: nothing is worth anything to this buyer
        return [0.0], 0.0
    end = demand.intercept.value / demand.slope.value
    if demand.most is not None:
        end = min(end, demand.most.value)
    middles = (np.arange(CURVE_STEPS) + 0.5) * end / CURVE_STEPS
    return [float(demand.intercept.value - demand.slope.value * q) for q in middles], end


def _parts(network: Network) -> list[_Part]:
    """The connected parts of the network that can earn anything."""
    part = {node.name: i for i, node in enumerate(network.nodes)}
    for link in network.links:
        if link.status != "absent" and part[link.start] != part[link.end]:
            old, new = part[link.end], part[link.start]
            part = {name: new if p == old else p for name, p in part.items()}
    found = []
    for number in dict.fromkeys(part.values()):
        nodes = [n for n in network.nodes if part[n.name] == number]
        links = [x for x in network.links if part[x.start] == number and part[x.end] == number]
        if any(n.supply for n in nodes) and any(n.demand for n in nodes):
            found.append(_Part(network, nodes, links))
    return found


def build_game(network: Network, *, exact: bool = True) -> Game | BigGame:
    """The game that the network's owners play.

    With ``exact`` and at most ``EXACT_PLAYERS`` players every coalition's worth is worked out once, over each
    connected part and its players; TooLarge where that takes more than ``MAX_WORK``. Otherwise the game works
    coalitions out as they are asked for.
    """
    players, parts = network.players, _parts(network)

    def worth(rows: Bools) -> Array:
        total = np.zeros(len(rows))
        for p in parts:
            total += p.values(rows)
        return total

    if not exact or len(players) > EXACT_PLAYERS:
        return BigGame(players, worth)
    values = np.zeros(1 << len(players))
    for p in parts:
        if p.work > MAX_WORK:
            raise TooLarge(
                f"{len(p.who)} players, {len(p.arcs)} ways, {len(p.supplies) + len(p.buyers)} sellers and buyers and "
                f"{len(p.options)} options in one network are too many to try every case"
            )
        own = p.all_values()
        # A player without a hand in this part changes nothing: look every coalition up by those who have one.
        index = np.zeros(1 << len(players), dtype=np.int32)
        for player in range(len(players)):
            step = 1 << p.who.index(player) if player in p.who else 0
            np.add(index[: 1 << player], step, out=index[1 << player : 2 << player])
        values += own[index]
    return Game(players, values)


def plan(network: Network, coalition: Iterable[str] | None = None) -> Plan:
    """What a coalition (all players, if none is given) does to earn its worth."""
    members = network.players if coalition is None else tuple(coalition)
    row = np.array([p in members for p in network.players])
    flows = {link.name: 0.0 for link in network.links}
    supplied = {n.name: 0.0 for n in network.nodes if n.supply}
    taken = {n.name: 0.0 for n in network.nodes if n.demand}
    built: list[str] = []
    value = 0.0
    for part in _parts(network):
        amounts, chosen, worth = part.plan(row)
        value += worth
        built += [part.links[part.options[c]].name for c in chosen]
        n_links, n_supplies = len(part.links), len(part.supplies)
        for g, amount in enumerate(amounts):
            if g < n_links:
                flows[part.links[g].name] += float(amount)
            elif g < n_links + n_supplies:
                supplied[part.supplies[g - n_links].name] += float(amount)
            else:
                taken[part.buyers[g - n_links - n_supplies].name] += float(amount)
    return Plan(flows, supplied, taken, tuple(built), value)
