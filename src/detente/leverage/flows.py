"""What every coalition earns, all coalitions at once: flows that grow as players join.

A coalition's worth is the best circulation over what it may use: goods from a supply over links to a buyer, and money
back. When a player joins, only ways through what the player opens can pay more; they are looked for as best cycles in
the residual network (successive shortest paths: Ahuja, Magnanti and Orlin 1993, chapter 9) and used until none pays.
So each coalition starts from the flows of the same coalition without its last player, and thousands of coalitions
take each step together as columns of one array.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from detente.leverage.games import Array

__all__ = ["Arc", "Flows"]

Bools = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.intp]

_TOGETHER = 1 << 13  # coalitions a step: of 2**10 to 2**13 the last was quickest, at 100 ways by a quarter
_LEAST = 1e-9  # smallest flow and gain that count, on capacities and prices scaled to at most 1


@dataclass(frozen=True)
class Arc:
    """A way from ``tail`` to ``head`` for up to ``capacity``, open to coalitions that hold all of ``needed``.

    ``prices`` are what a unit earns, for each of as many equal parts of the capacity, the best first.
    """

    tail: int
    head: int
    prices: tuple[float, ...]
    capacity: float
    needed: tuple[int, ...]


@dataclass(frozen=True)
class _Stage:
    """Arcs that one player opens and that meet in one node, through which all new ways must pass."""

    centre: int
    opened: slice  # arcs are numbered in the order in which they open


class Flows:
    """A network of arcs between nodes (0 to ``nodes - 1``) for players 0 to ``players - 1``."""

    def __init__(self, arcs: Sequence[Arc], nodes: int, players: int, always: Sequence[int] = ()) -> None:
        arcs = [a for a in arcs if a.capacity > 0]
        self.nodes, self.players, self.always = nodes, players, list(always)
        # Whoever opens most joins first, when there are few coalitions yet.
        opens = [sum(p in a.needed for a in arcs) for p in range(players)]
        rest = [p for p in range(players) if p not in always]
        self.order = [*self.always, *sorted(rest, key=lambda p: (-opens[p], p))]
        arcs, self.stages = _staged(arcs, self.order)
        # Scaled to at most 1, so that one tolerance serves tonnes and containers alike.
        self.price_unit = max((abs(p) for a in arcs for p in a.prices), default=0.0) or 1.0
        self.flow_unit = max((a.capacity for a in arcs), default=0.0) or 1.0
        self.tail, self.head = [a.tail for a in arcs], [a.head for a in arcs]
        self.needed = [list(a.needed) for a in arcs]
        self.capacity = np.array([a.capacity for a in arcs]) / self.flow_unit
        self.width = self.capacity / [len(a.prices) for a in arcs]
        self.price = np.zeros((len(arcs), max((len(a.prices) for a in arcs), default=1)))
        for i, a in enumerate(arcs):
            self.price[i, : len(a.prices)] = np.array(a.prices) / self.price_unit
        # Prices one unit more and one unit less, where the flow does not change them.
        self.single = np.array([len(a.prices) == 1 for a in arcs])

    def values(self, rows: Bools) -> Array:
        """Worth of each coalition, given as rows over all players; each must hold all of ``always``."""
        flow, worth = np.zeros((len(self.capacity), len(rows))), np.zeros(len(rows))
        present = np.zeros((self.players, len(rows)), dtype=bool)
        for player in self.order:
            joined = np.flatnonzero(rows[:, player])
            present[player, joined] = True
            for start in range(0, len(joined), _TOGETHER):
                some = joined[start : start + _TOGETHER]
                flow[:, some], worth[some] = self._join(player, flow[:, some], worth[some], present[:, some])
        return worth * (self.price_unit * self.flow_unit)

    def all_values(self) -> Array:
        """Worth of every coalition that holds all of ``always``, in mask order of the other players."""
        found = np.empty(1 << (self.players - len(self.always)))
        flow, worth = np.zeros((len(self.capacity), 1)), np.zeros(1)
        present = np.zeros((self.players, 1), dtype=bool)
        for player in self.always:
            present[player] = True
            flow, worth = self._join(player, flow, worth, present)
        rest = sorted(self.order[len(self.always) :])
        bit = {p: 1 << i for i, p in enumerate(rest)}
        index = np.zeros(1, dtype=np.intp)

        # Depth first over blocks of coalitions, so that only a few blocks' flows are in memory.
        def grow(joined: int, flow: Array, worth: Array, present: Bools, index: Ints) -> None:
            for place in range(joined, len(self.order)):
                player = self.order[place]
                more = present.copy()
                more[player] = True
                flow_more, worth_more = self._join(player, flow.copy(), worth.copy(), more)
                if 2 * len(index) <= _TOGETHER:
                    flow, worth = np.hstack([flow, flow_more]), np.concatenate([worth, worth_more])
                    present, index = np.hstack([present, more]), np.concatenate([index, index + bit[player]])
                else:
                    grow(place + 1, flow_more, worth_more, more, index + bit[player])
            found[index] = worth

        grow(len(self.always), flow, worth, present, index)
        return found * (self.price_unit * self.flow_unit)

    def _join(self, player: int, flow: Array, worth: Array, present: Bools) -> tuple[Array, Array]:
        """Flows and worth, of coalitions in which ``player`` is now present, brought to their best; in place."""
        for stage in self.stages[player]:
            opened = np.array([present[needed].all(axis=0) for needed in self.needed[: stage.opened.stop]])
            columns = np.flatnonzero(self._leads_through(stage, opened, flow))
            if len(columns):
                self._improve(stage, opened[:, columns], columns, flow, worth)
        return flow, worth

    def _leads_through(self, stage: _Stage, opened: Bools, flow: Array) -> Bools:
        """In which coalitions something new is open and the centre has a way in and a way out."""
        into, out = np.zeros((2, opened.shape[1]), dtype=bool)
        for a in range(stage.opened.stop):
            if self.head[a] == stage.centre:
                into |= opened[a]
                out |= flow[a] > 0
            elif self.tail[a] == stage.centre:
                out |= opened[a]
                into |= flow[a] > 0
        found: Bools = into & out & opened[stage.opened].any(axis=0)
        return found

    def _improve(self, stage: _Stage, opened: Bools, columns: Ints, flow: Array, worth: Array) -> None:
        """Send flow over best cycles through the stage's centre until none pays."""
        count = stage.opened.stop
        now = flow[:count, columns]
        search = _Search(self, stage.centre, now, opened)
        while True:
            pays = search.gains() > 0
            if not pays.all():
                done = np.flatnonzero(~pays)
                flow[:count, columns[done]] = search.flow[:, done]
                left = np.flatnonzero(pays)
                if not len(left):
                    return
                columns = columns[left]
                search.keep(left)
            worth[columns] += search.push()


def _staged(arcs: Sequence[Arc], order: Sequence[int]) -> tuple[list[Arc], dict[int, list[_Stage]]]:
    """Arcs in the order in which they open, each with the last of those whom it needs; in which steps a player does."""
    place = {p: i for i, p in enumerate(order)}
    sorted_arcs: list[Arc] = []
    stages: dict[int, list[_Stage]] = {p: [] for p in order}
    for player in order:
        left = [a for a in arcs if max(a.needed, key=lambda p: place[p]) == player]
        while left:
            ends = [end for a in left for end in (a.tail, a.head)]
            centre = max(set(ends), key=lambda n: (ends.count(n), n))
            opened = [a for a in left if centre in (a.tail, a.head)]
            left = [a for a in left if centre not in (a.tail, a.head)]
            stages[player].append(_Stage(centre, slice(len(sorted_arcs), len(sorted_arcs) + len(opened))))
            sorted_arcs += opened
    return sorted_arcs, stages


class _Search:
    """Best cycles through one node in many residual networks at once, one a column.

    Row ``a`` is arc ``a`` with a unit more, row ``count + a`` the same arc with a unit less.
    """

    def __init__(self, net: Flows, centre: int, flow: Array, opened: Bools) -> None:
        self.net, self.centre, self.flow, self.opened = net, centre, flow, opened
        self.count = len(flow)
        self.tail = net.tail[: self.count] + net.head[: self.count]
        self.head = net.head[: self.count] + net.tail[: self.count]
        self.tails = np.array(self.tail)
        self.best: Array = np.empty((net.nodes, flow.shape[1]))
        self.gain: Array = np.empty(flow.shape[1])
        self.usable: list[int] = []
        self.weight = np.empty((2 * self.count, flow.shape[1]))
        for a in range(self.count):
            more, less = self._weights(np.array(a), flow[a], opened[a])
            self.weight[a], self.weight[self.count + a] = more, less

    def _weights(self, arc: Ints, flow: Array, opened: Bools) -> tuple[Array, Array]:
        """What a unit more and a unit less on an arc earn, less a trifle; minus infinity where there is no room.

        The trifle keeps ways that gain by rounding alone from going round for ever.
        """
        net = self.net
        if arc.ndim == 0 and net.single[arc]:
            up, down = net.price[arc, 0] - _LEAST, -net.price[arc, 0] - _LEAST
        else:
            # More earns the price of the part that is being filled; less costs that of the last one filled.
            last = net.price.shape[1] - 1
            part = flow / net.width[arc]
            up = net.price[arc, np.minimum(np.floor(part + _LEAST).astype(np.intp), last)] - _LEAST
            down = -net.price[arc, np.maximum(np.ceil(part - _LEAST).astype(np.intp) - 1, 0)] - _LEAST
        more = np.where(opened & (flow < net.capacity[arc] - _LEAST), up, -np.inf)
        return more, np.where(flow > _LEAST, down, -np.inf)

    def keep(self, columns: Ints) -> None:
        """Go on with some columns only."""
        self.flow, self.opened = self.flow[:, columns], self.opened[:, columns]
        self.weight, self.best, self.gain = self.weight[:, columns], self.best[:, columns], self.gain[columns]

    def gains(self) -> Array:
        """Gain of the best cycle in each column; at most 0 where none pays."""
        n, centre = self.weight.shape[1], self.centre
        self.best = np.full((self.net.nodes, n), -np.inf)
        self.best[centre] = 0.0
        self.usable = np.flatnonzero(self.weight.max(axis=1) > -np.inf).tolist()
        inner = [r for r in self.usable if self.head[r] != centre]
        best, weight, live = self.best, self.weight, np.arange(n)
        changed, reach = np.zeros(self.net.nodes, dtype=bool), np.empty(n)
        changed[centre] = True
        while changed.any():
            before = best.copy()
            for r in inner:
                if changed[self.tail[r]]:
                    np.add(best[self.tail[r]], weight[r], out=reach)
                    np.maximum(best[self.head[r]], reach, out=best[self.head[r]])
                    changed[self.head[r]] = True
            moved = best > before
            changed, still = np.asarray(moved.any(axis=1)), np.asarray(moved.any(axis=0))
            if 2 * np.count_nonzero(still) < len(live):
                # Most columns are done: go on with the others alone.
                self.best[:, live] = best
                live, best, weight = live[still], best[:, still], weight[:, still]
                reach = np.empty(len(live))
        self.best[:, live] = best
        gain = np.full(n, -np.inf)
        for r in self.usable:
            if self.head[r] == centre:
                np.maximum(gain, self.best[self.tail[r]] + self.weight[r], out=gain)
        self.gain = gain
        return gain

    def _ways(self) -> npt.NDArray[np.int16]:
        """By which row each node is reached best, the centre at the end of the cycle, in every column.

        Where nothing gains any more, the row that gave a node its gain still gives exactly that.
        """
        way = np.full(self.best.shape, -1, dtype=np.int16)
        for r in self.usable:
            head = self.head[r]
            aim = self.gain if head == self.centre else self.best[head]
            np.copyto(way[head], r, where=self.best[self.tail[r]] + self.weight[r] == aim)
        return way

    def push(self) -> Array:
        """Send as much as fits over the best cycle of every column; what that earns."""
        way, gain = self._ways(), self.gain
        amount, prices = np.full(len(gain), np.inf), np.zeros(len(gain))
        at = np.full(len(gain), self.centre)
        steps: list[tuple[Ints, Ints]] = []
        live = np.arange(len(gain))
        while len(live):
            row = way[at[live], live].astype(np.intp)
            steps.append((live, row))
            amount[live] = np.minimum(amount[live], self._room(row, live))
            prices[live] += self.weight[row, live] + _LEAST
            at[live] = self.tails[row]
            live = live[at[live] != self.centre]
        for live, row in steps:
            arc = row % self.count
            sent = np.where(row < self.count, amount[live], -amount[live])
            self.flow[arc, live] += sent
            more, less = self._weights(arc, self.flow[arc, live], self.opened[arc, live])
            self.weight[arc, live], self.weight[self.count + arc, live] = more, less
        earned: Array = prices * amount
        return earned

    def _room(self, row: Ints, column: Ints) -> Array:
        """How much fits before a row's price changes."""
        arc = row % self.count
        flow, width = self.flow[arc, column], self.net.width[arc]
        more = (np.floor(flow / width + _LEAST) + 1) * width - flow
        less = flow - (np.ceil(flow / width - _LEAST) - 1) * width
        room: Array = np.where(row < self.count, more, less)
        return room
