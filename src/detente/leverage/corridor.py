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

from detente.leverage.games import EXACT_PLAYERS, Array, BigGame, Game
from detente.leverage.network import Curve, Demand, Link, Network, Node, Supply
from detente.leverage.programme import FlowProgramme, TooLarge

__all__ = ["CURVE_STEPS", "Plan", "build_game", "plan"]

CURVE_STEPS = 20
"""Steps of equal width in which a linear demand curve is followed; each earns the curve's value at its middle.

At the end of each step the worth is exact; between, it is too low by at most ``slope * step**2 / 8``.
"""

_MAX_BITS = 24  # players and options of one connected part: 2**24 cases are about 10 s of table work

Bools = npt.NDArray[np.bool_]


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
        columns: list[tuple[list[tuple[int, float]], float, float, int]] = []
        needed: list[set[str]] = []

        def group(entries: list[tuple[list[tuple[int, float]], float, float]], owners: Iterable[str]) -> None:
            columns.extend((*entry, len(needed)) for entry in entries)
            needed.append({network.player(o) for o in owners})

        for link in self.links:
            ends = (nodes[place[link.start]], nodes[place[link.end]])
            way = [(place[link.start], -1.0), (place[link.end], 1.0)]
            group([(way, -link.cost.value, link.capacity.value)], [*link.control, *(n.owner for n in ends)])
        for node in self.supplies:
            supply = cast("Supply", node.supply)
            group([([(place[node.name], 1.0)], -supply.cost.value, supply.capacity.value)], [node.owner])
        for node in self.buyers:
            steps = _steps(cast("Demand | Curve", node.demand))
            group([([(place[node.name], -1.0)], p, q) for p, q in steps], [node.owner])

        matrix = np.zeros((len(nodes), len(columns)))
        for j, (entries, *_) in enumerate(columns):
            for i, sign in entries:
                matrix[i, j] = sign
        self.programme = FlowProgramme(
            matrix,
            np.array([price for _, price, _, _ in columns]) * factor,
            np.array([upper for _, _, upper, _ in columns]),
            np.array([g for *_, g in columns], dtype=np.intp),
        )
        self.column_group = [g for *_, g in columns]
        involved = set().union(*needed)
        self.who = [i for i, p in enumerate(self.players) if p in involved]
        self.needed = [[self.players.index(p) for p in sorted(owners)] for owners in needed]
        self.ends = [(place[link.start], place[link.end]) for link in self.links]
        self.at = [place[n.name] for n in (*self.supplies, *self.buyers)]
        self._known: dict[bytes, float] = {}

    @property
    def _words(self) -> int:
        return (len(self.needed) + 63) // 64

    def sets(self) -> list[tuple[int, ...]]:
        """Every set of options, as positions in ``options``."""
        k = len(self.options)
        return [chosen for size in range(k + 1) for chosen in combinations(range(k), size)]

    def usable(self, rows: Bools, chosen: tuple[int, ...]) -> Bools:
        """Which groups each coalition can put to use: open to it, and on some way from a supply to a buyer."""
        built = {self.options[c] for c in chosen}
        found = np.ones((len(self.needed), len(rows)), dtype=bool)
        for g, owners in enumerate(self.needed):
            if g in self.options and g not in built:
                found[g] = False
                continue
            for player in owners:
                found[g] &= rows[:, player]
        n_links, n_supplies = len(self.links), len(self.supplies)
        ahead = np.zeros((len(self.nodes), len(rows)), dtype=bool)
        behind = np.zeros_like(ahead)
        for s in range(n_supplies):
            ahead[self.at[s]] |= found[n_links + s]
        for b in range(n_supplies, len(self.at)):
            behind[self.at[b]] |= found[n_links + b]
        for reach, ways in ((ahead, self.ends), (behind, [(end, start) for start, end in self.ends])):
            moved = True
            while moved:
                moved = False
                for g, (start, end) in enumerate(ways):
                    new = found[g] & reach[start] & ~reach[end]
                    if new.any():
                        reach[end] |= new
                        moved = True
        for g, (start, end) in enumerate(self.ends):
            found[g] &= ahead[start] & behind[end]
        for s in range(n_supplies):
            found[n_links + s] &= behind[self.at[s]]
        for b in range(n_supplies, len(self.at)):
            found[n_links + b] &= ahead[self.at[b]]
        return found

    def values(self, rows: Bools) -> Array:
        """Worth of each coalition (a row over all players): the best set of options for each."""
        best = np.zeros(len(rows))
        for chosen in self.sets():
            usable = self.usable(rows, chosen)
            _, first, inverse = self._distinct(usable)
            worth = self._worth(usable[:, first])[inverse]
            np.maximum(best, worth - self.yearly[list(chosen)].sum(), out=best)
        return best

    def _distinct(self, usable: Bools) -> tuple[npt.NDArray[np.uint64], npt.NDArray[np.intp], npt.NDArray[np.intp]]:
        """Distinct columns of (groups, cases): their keys, the first of each, and which each case is."""
        packed = np.packbits(usable, axis=0, bitorder="little")
        packed = np.pad(packed, ((0, 8 * self._words - len(packed)), (0, 0)))
        keys = np.ascontiguousarray(packed.T).view(np.uint64)
        if self._words == 1:
            unique, first, inverse = np.unique(keys[:, 0], return_index=True, return_inverse=True)
            unique = unique[:, None]
        else:
            unique, first, inverse = np.unique(keys, axis=0, return_index=True, return_inverse=True)
        return unique, first, inverse.reshape(-1)

    def _worth(self, usable: Bools) -> Array:
        """Worth of each case of (groups, cases): the sum over the pieces into which its usable links fall.

        Cases that differ as wholes share many pieces; each distinct piece is solved once in this part's life.
        """
        piece = np.repeat(np.arange(len(self.nodes), dtype=np.int16)[:, None], usable.shape[1], axis=1)
        moved = True
        while moved:
            moved = False
            for g, (start, end) in enumerate(self.ends):
                apart = usable[g] & (piece[start] != piece[end])
                if apart.any():
                    lower = np.minimum(piece[start], piece[end])
                    piece[start] = np.where(apart, lower, piece[start])
                    piece[end] = np.where(apart, lower, piece[end])
                    moved = True
        at = piece[[start for start, _ in self.ends] + self.at]
        total = np.zeros(usable.shape[1])
        for number in range(len(self.nodes)):
            mine = usable & (at == number)
            cases = np.flatnonzero(mine.any(axis=0))
            if len(cases):
                unique, first, inverse = self._distinct(mine[:, cases])
                total[cases] += self._solved(unique, mine[:, cases[first]].T)[inverse]
        return total

    def _solved(self, keys: npt.NDArray[np.uint64], open_groups: Bools) -> Array:
        """Worth of each distinct pattern of open groups, from memory or by linear programme."""
        names = [key.tobytes() for key in keys]
        new = [i for i, name in enumerate(names) if name not in self._known]
        found = np.array([self._known.get(name, 0.0) for name in names])
        if new:
            found[new] = self.programme.values(open_groups[new])
            self._known.update(zip((names[i] for i in new), found[new].tolist(), strict=True))
        return found

    def plan(self, row: Bools) -> tuple[Array, tuple[int, ...], float]:
        """Amounts in every column, the options built and the worth for one coalition; the smallest set among equals."""
        best: tuple[Array, tuple[int, ...], float] = (np.zeros(len(self.column_group)), (), -np.inf)
        for chosen in self.sets():
            usable = self.usable(row[None, :], chosen)[:, 0]
            amounts = self.programme.flows(usable)
            prices = self.programme.price * self.programme.price_unit
            worth = float(prices @ amounts) - float(self.yearly[list(chosen)].sum())
            if not np.isfinite(best[2]) or worth > best[2] + 1e-9 * max(1.0, abs(best[2])):
                best = amounts, chosen, worth
        return best


def _steps(demand: Demand | Curve) -> list[tuple[float, float]]:
    """Price and width of each step of a buyer's demand."""
    if isinstance(demand, Demand):
        return [(demand.price.value, demand.most.value)]
    end = demand.intercept.value / demand.slope.value
    if demand.most is not None:
        end = min(end, demand.most.value)
    width = end / CURVE_STEPS
    middles = (np.arange(CURVE_STEPS) + 0.5) * width
    return [(float(demand.intercept.value - demand.slope.value * q), width) for q in middles]


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
    connected part and its players; TooLarge where that would take more than about ten seconds. Otherwise the game
    works coalitions out as they are asked for.
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
        k = len(p.who)
        if k + len(p.options) > _MAX_BITS:
            raise TooLarge(f"{k} players with {len(p.options)} options in one network are too many to try every case")
        rows = np.zeros((1 << k, len(players)), dtype=bool)
        for bit, player in enumerate(p.who):
            rows.reshape(-1, 2, 1 << bit, len(players))[:, 1, :, player] = True
        own = p.values(rows)
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
        for amount, g in zip(amounts, part.column_group, strict=True):
            if g < n_links:
                flows[part.links[g].name] += float(amount)
            elif g < n_links + n_supplies:
                supplied[part.supplies[g - n_links].name] += float(amount)
            else:
                taken[part.buyers[g - n_links - n_supplies].name] += float(amount)
    return Plan(flows, supplied, taken, tuple(built), value)
