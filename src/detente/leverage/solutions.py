"""What a fair, a stable and an envy-free division of a game's worth look like.

Shapley value: Shapley (1953). Banzhaf value: Banzhaf (1965), Dubey and Shapley (1979). Core and least core: Gillies
(1959), Shapley and Shubik (1966). The nucleolus has a module of its own.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import factorial

import numpy as np

from detente.leverage.games import Array, BigGame, Game, coalition_sums, sizes

__all__ = ["Sampled", "banzhaf", "in_core", "marginal", "needs", "shapley", "shapley_sampled"]


@dataclass(frozen=True)
class Sampled:
    """An estimate of the Shapley value from random orders of arrival, with its standard error for each player."""

    value: Array
    error: Array
    samples: int


def _joins(game: Game, i: int) -> Array:
    """What player ``i`` adds to every coalition of the others, in mask order of the others."""
    pairs = game.values.reshape(-1, 2, 1 << i)
    joined: Array = (pairs[:, 1, :] - pairs[:, 0, :]).reshape(-1)
    return joined


def shapley(game: Game) -> Array:
    """Each player's Shapley value: what he adds on average over all orders in which the players may arrive."""
    n = len(game.players)
    weights = np.array([factorial(s) * factorial(n - s - 1) / factorial(n) for s in range(n)])
    # A coalition counts for its members by the weight of its size less one, against all others by that of its size.
    size = sizes(n)
    against = np.append(weights, 0.0)[size] * game.values
    within = np.append(0.0, weights)[size] * game.values
    value: Array = _sums_with(within + against) - against.sum()
    # Sums of a million terms end in rounding, not in zero: a dummy gets nothing.
    value[np.abs(value) < 1e-12 * np.abs(game.values).max()] = 0.0
    return value


def _sums_with(per_coalition: Array) -> Array:
    """For each player, the sum over the coalitions that hold him."""
    found = []
    while len(per_coalition) > 1:
        without, with_last = per_coalition.reshape(2, -1)
        found.append(float(with_last.sum()))
        per_coalition = without + with_last
    return np.array(found[::-1])


def banzhaf(game: Game) -> Array:
    """Each player's Banzhaf value: what he adds on average over all coalitions of the others, each counted once.

    In a vote this is the absolute Banzhaf index. The values need not sum to the worth of all players.
    """
    return np.array([float(_joins(game, i).mean()) for i in range(len(game.players))])


def marginal(game: Game) -> Array:
    """What all players together would lose without each of them."""
    return np.array(
        [game.total - float(game.values[len(game.values) - 1 - (1 << i)]) for i in range(len(game.players))]
    )


def needs(game: Game) -> Array:
    """Who can do without whom: entry ``[i, j]`` is what ``i``'s Shapley value falls by when ``j`` stays away.

    By Myerson's balanced contributions (1980) the matrix is symmetric in money; what differs is how large the loss
    is beside what each has. The diagonal is each player's own value.
    """
    n = len(game.players)
    value = shapley(game)
    matrix = np.diag(value)
    if n == 1:
        return matrix
    for j, player in enumerate(game.players):
        rest = [i for i in range(n) if i != j]
        matrix[rest, j] = value[rest] - shapley(game.without(player))
    return matrix


def in_core(game: Game, payoff: Array, tolerance: float = 1e-7) -> bool:
    """Whether no coalition could do better alone; ``tolerance`` is relative to the largest value."""
    gains, pay = game.gains, -payoff if game.cost else payoff
    slack = tolerance * max(1.0, float(np.abs(gains).max()))
    return bool(abs(pay.sum() - gains[-1]) <= slack and (coalition_sums(pay) >= gains - slack).all())


def shapley_sampled(game: Game | BigGame, samples: int = 2000, seed: int = 0) -> Sampled:
    """The Shapley value estimated from random orders (Castro, Gómez and Tejada 2009), with standard errors.

    Orders are drawn in pairs, each with its reverse, which lowers the error; ``samples`` counts orders and is rounded
    up to an even number. The estimates sum to the worth of all players exactly.
    """
    n, pairs = len(game.players), max(2, (samples + 1) // 2)
    rng = np.random.default_rng(seed)
    sums, squares = np.zeros(n), np.zeros(n)
    # Blocks bound the memory: about 4 million cells of a 0/1 matrix at a time.
    block = max(1, 2_000_000 // (n * (n + 1)))
    for start in range(0, pairs, block):
        count = min(block, pairs - start)
        orders = rng.permuted(np.tile(np.arange(n), (count, 1)), axis=1)
        added = (_arrivals(game, orders) + _arrivals(game, orders[:, ::-1])) / 2
        sums += added.sum(axis=0)
        squares += (added**2).sum(axis=0)
    mean = sums / pairs
    variance = np.maximum(0.0, squares / pairs - mean**2) * pairs / (pairs - 1)
    return Sampled(mean, np.sqrt(variance / pairs), 2 * pairs)


def _arrivals(game: Game | BigGame, orders: np.ndarray[tuple[int, ...], np.dtype[np.int64]]) -> Array:
    """What each player adds in each order of arrival, shape ``(orders, players)``."""
    count, n = orders.shape
    present = np.zeros((count, n + 1, n), dtype=bool)
    for step in range(n):
        present[:, step + 1] = present[:, step]
        present[np.arange(count), step + 1, orders[:, step]] = True
    flat = present.reshape(-1, n)
    values = game.values[flat @ (1 << np.arange(n))] if isinstance(game, Game) else game.value(flat)
    steps = np.diff(values.reshape(count, n + 1), axis=1)
    added = np.empty((count, n))
    np.put_along_axis(added, orders, steps, axis=1)
    return added
