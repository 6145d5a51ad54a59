"""Cooperative games with money that can be passed around: who can earn what together.

A game holds the value of every coalition in one array of length ``2**n``: bit ``i`` of the index says whether player
``i`` is in. Everything that is computed from a game reads this array; no value is worked out twice.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import or_

import numpy as np
import numpy.typing as npt

from detente.errors import BadInput

__all__ = [
    "EXACT_PLAYERS",
    "Array",
    "BigGame",
    "Game",
    "airport_game",
    "assignment_game",
    "bankruptcy_game",
    "coalition_sums",
    "glove_game",
    "sizes",
    "table_game",
    "voting_game",
]

Array = npt.NDArray[np.float64]

EXACT_PLAYERS = 20
"""Largest number of players for which every coalition is looked at: 2**20 values are 8 MB and seconds of work."""


@dataclass(frozen=True, eq=False)
class Game:
    """The value of every coalition of up to ``EXACT_PLAYERS`` players.

    ``values[mask]`` is the worth of the players whose bits are set; ``values[0]`` is 0. In a ``cost`` game the values
    are costs to be shared and less is better; solutions come back as positive costs.
    """

    players: tuple[str, ...]
    values: Array
    cost: bool = False

    def __post_init__(self) -> None:
        n = len(self.players)
        if not 1 <= n <= EXACT_PLAYERS:
            raise BadInput(f"a game with every coalition has 1 to {EXACT_PLAYERS} players, not {n}")
        if len(set(self.players)) != n:
            raise BadInput("two players of a game have the same name")
        if self.values.shape != (1 << n,):
            raise BadInput(f"a game of {n} players has {1 << n} values, not {self.values.size}")
        if not np.isfinite(self.values).all():
            raise BadInput("a coalition's value is not a finite number")
        if self.values[0] != 0:
            raise BadInput("the empty coalition is worth something; expected 0")

    @property
    def gains(self) -> Array:
        """The values with more being better: costs change sign."""
        return -self.values if self.cost else self.values

    @property
    def total(self) -> float:
        """Worth of all players together."""
        return float(self.values[-1])

    def mask(self, coalition: Iterable[str]) -> int:
        """Index of a coalition given by names; BadInput for a name that is no player."""
        found = 0
        for name in coalition:
            if name not in self.players:
                raise BadInput(f"{name!r} is not a player; players are {', '.join(self.players)}")
            found |= 1 << self.players.index(name)
        return found

    def value(self, coalition: Iterable[str]) -> float:
        """Worth of the named players together."""
        return float(self.values[self.mask(coalition)])

    def without(self, player: str) -> Game:
        """The game that the others play when ``player`` stays away."""
        i = self.players.index(player)
        kept = self.values.reshape(-1, 2, 1 << i)[:, 0, :].reshape(-1)
        return Game(tuple(p for p in self.players if p != player), kept, self.cost)


@dataclass(frozen=True, eq=False)
class BigGame:
    """A game with too many players to list its coalitions: ``value`` maps rows of a 0/1 matrix to their worth."""

    players: tuple[str, ...]
    value: Callable[[npt.NDArray[np.bool_]], Array]
    cost: bool = False


def coalition_sums(weights: Sequence[float] | Array) -> Array:
    """Sum of the weights of every coalition's members, shape ``(2**n,)``, in mask order."""
    sums = np.zeros(1 << len(weights))
    for i, weight in enumerate(weights):
        np.add(sums[: 1 << i], weight, out=sums[1 << i : 2 << i])
    return sums


def sizes(n: int) -> npt.NDArray[np.int8]:
    """Number of members of every coalition of ``n`` players, in mask order."""
    found = np.zeros(1 << n, dtype=np.int8)
    for i in range(n):
        np.add(found[: 1 << i], 1, out=found[1 << i : 2 << i])
    return found


def _numbers(values: Mapping[str, float], what: str) -> Array:
    found = np.array(list(values.values()), dtype=np.float64)
    if not len(found) or not np.isfinite(found).all() or (found < 0).any():
        raise BadInput(f"{what} must be finite numbers of at least 0, one for each player")
    return found


def voting_game(
    weights: Mapping[str, float], quota: float, others: Sequence[tuple[Mapping[str, float], float]] = ()
) -> Game | BigGame:
    """A vote: a coalition is worth 1 if its weight reaches the quota, else 0.

    ``others`` are further pairs of weights and quota that must be reached at the same time (a double majority).
    """
    players = tuple(weights)
    tests = [(_numbers(w, "weights"), q) for w, q in ((weights, quota), *others)]
    for w, q in tests:
        if len(w) != len(players):
            raise BadInput("every majority of a vote must give each player a weight")
        if not 0 < q <= w.sum():
            raise BadInput(f"the quota {q:g} must be above 0 and at most the sum of the weights, {w.sum():g}")

    # Weights are often fractions: a sum that misses the quota by rounding alone has reached it.
    def reached(sums: Array, quota: float) -> npt.NDArray[np.bool_]:
        return sums >= quota - 1e-9 * max(1.0, abs(quota))

    if len(players) > EXACT_PLAYERS:
        return BigGame(players, lambda rows: np.all([reached(rows @ w, q) for w, q in tests], axis=0).astype(float))
    won = np.all([reached(coalition_sums(w), q) for w, q in tests], axis=0)
    return Game(players, won.astype(np.float64))


def airport_game(costs: Mapping[str, float]) -> Game | BigGame:
    """A runway to be paid for: a coalition costs what its most demanding member needs (Littlechild and Owen 1973)."""
    players, need = tuple(costs), _numbers(costs, "costs")
    if len(players) > EXACT_PLAYERS:
        return BigGame(players, lambda rows: (rows * need).max(axis=1, initial=0.0), cost=True)
    values = np.zeros(1 << len(need))
    for i, cost in enumerate(need):
        np.maximum(values[: 1 << i], cost, out=values[1 << i : 2 << i])
    return Game(players, values, cost=True)


def bankruptcy_game(estate: float, claims: Mapping[str, float]) -> Game | BigGame:
    """An estate too small for its claims: a coalition is worth what the others' claims leave of it (O'Neill 1982)."""
    players, claim = tuple(claims), _numbers(claims, "claims")
    if not 0 <= estate <= claim.sum():
        raise BadInput(f"the estate {estate:g} must lie between 0 and the sum of the claims, {claim.sum():g}")
    if len(players) > EXACT_PLAYERS:
        return BigGame(players, lambda rows: np.maximum(0.0, estate - (~rows) @ claim))
    return Game(players, np.maximum(0.0, estate - coalition_sums(claim)[::-1]))


def glove_game(left: Sequence[str], right: Sequence[str]) -> Game | BigGame:
    """Single gloves that are worth 1 a pair; each player holds a left or a right one (Shapley and Shubik 1969)."""
    players = (*left, *right)
    side = np.array([1.0] * len(left) + [0.0] * len(right))
    if len(players) > EXACT_PLAYERS:
        return BigGame(players, lambda rows: np.minimum(rows @ side, rows @ (1 - side)))
    return Game(players, np.minimum(coalition_sums(side), coalition_sums(1 - side)))


def assignment_game(sellers: Sequence[str], buyers: Sequence[str], surplus: Mapping[tuple[str, str], float]) -> Game:
    """Indivisible goods: a coalition earns the best matching of its sellers and buyers (Shapley and Shubik 1971).

    ``surplus[seller, buyer]`` is what that pair gains by trading; pairs not listed cannot trade.
    """
    players = (*sellers, *buyers)
    for pair, gain in surplus.items():
        if pair[0] not in sellers or pair[1] not in buyers:
            raise BadInput(f"the pair {pair[0]!r}, {pair[1]!r} is not a seller and a buyer")
        if not np.isfinite(gain) or gain < 0:
            raise BadInput(f"the surplus of {pair[0]!r} and {pair[1]!r} must be a finite number of at least 0")
    if len(players) > EXACT_PLAYERS:
        raise BadInput(f"an assignment game has at most {EXACT_PLAYERS} players, not {len(players)}")
    # Matching by adding a seller at a time: he stays alone, or takes one buyer away from the rest of the coalition.
    best = np.zeros((1, 1 << len(buyers)))
    for seller in sellers:
        gains = np.array([surplus.get((seller, buyer), 0.0) for buyer in buyers])
        joined = best.copy()
        for j, gain in enumerate(gains):
            view = joined.reshape(best.shape[0], -1, 2, 1 << j)
            less = best.reshape(best.shape[0], -1, 2, 1 << j)
            np.maximum(view[:, :, 1], less[:, :, 0] + gain, out=view[:, :, 1])
        best = np.concatenate([best, joined])
    return Game(players, best.T.reshape(-1).copy())


def table_game(players: Sequence[str], values: Mapping[frozenset[str], float], *, cost: bool = False) -> Game:
    """A game typed coalition by coalition; coalitions that are not listed are worth 0. All players must be listed."""
    names = tuple(players)
    if frozenset(names) not in values:
        raise BadInput("the value of all players together is missing")
    array = np.zeros(1 << len(names))
    place = {name: 1 << i for i, name in enumerate(names)}
    for coalition, value in values.items():
        unknown = sorted(coalition - set(names))
        if unknown:
            raise BadInput(f"{unknown[0]!r} is not a player; players are {', '.join(names)}")
        array[reduce(or_, (place[name] for name in coalition), 0)] = value
    return Game(names, array, cost)
