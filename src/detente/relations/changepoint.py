"""Where a level changed: the exact posterior over change points, for many series at once.

The model (Fearnhead 2006, "Exact and efficient Bayesian inference for multiple changepoint problems", Statistics and
Computing 16): between changes the observations of a series are draws from one mixture of kinds; at a change a new
mixture is drawn. The mixtures are integrated out (multinomial with a Dirichlet prior), so that the recursions below
are exact: no sampling, no starting values, the same answer every time. A series is a row of *cells* (months with
evidence); between two cells lies a gap in months, and the longer the gap, the more room for a change in it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaln

__all__ = ["Cells", "Posterior", "RegimeModel", "batches", "divide", "mixture_evidence", "posterior"]

# Log of the handicap with which weak changes are found at all; their probability then says what they are worth.
HINT = 1.5

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class RegimeModel:
    """What is believed of a series before it is seen.

    ``hazard`` is the chance of a change in a month; ``gap_limit`` bounds the chance of one in a gap however long,
    since silence alone is no evidence of a change of tone. ``kinds`` is the Dirichlet prior of a regime's mixture of
    kinds (``evidence.KINDS``), in observations. The level of a regime, its mean tone, is drawn around 0 with a weight
    of ``weight`` observations, the variance of tones around ``variance`` with a weight of ``2 * shape``.
    ``clustering`` is the correlation of observations of one month: a month of n observations tells as much as
    n / (1 + clustering * n) independent ones. A regime is a candidate only with observations of a weight of ``least``:
    one report, however stark, is an event and not a relation. How the figures were tuned: docs/shifts.md.
    """

    hazard: float = 1 / 60
    gap_limit: float = 0.25
    kinds: tuple[float, ...] = (0.8, 1.2, 0.4, 2.4, 0.8)
    weight: float = 0.5
    variance: float = 0.17
    shape: float = 4.0
    clustering: float = 0.1
    least: float = 2.5


@dataclass(frozen=True, slots=True)
class Cells:
    """Sufficient statistics of series, a row a series, padded on the right with cells of no weight.

    ``kinds`` (kinds, rows, cells) is the weight of a cell's observations of each kind, ``n`` (rows, cells) that of
    all, ``s`` the weighted sum of their tones, ``ss`` of the squares; ``gap`` the months since the cell before (0 for
    the first and for padding).
    """

    kinds: Floats
    n: Floats
    s: Floats
    ss: Floats
    gap: Floats

    def thinned(self, clustering: float) -> Cells:
        """The cells with the weight that is left when observations of one cell resemble each other."""
        scale = 1 / (1 + clustering * self.n)
        return Cells(kinds=self.kinds * scale, n=self.n * scale, s=self.s * scale, ss=self.ss * scale, gap=self.gap)


@dataclass(frozen=True, slots=True)
class Posterior:
    """What the recursions say of a batch of series of ``cells`` cells each.

    ``segment[i, s, t]`` is the probability that cells s to t of series i form one regime; ``log_evidence`` is the log
    marginal likelihood of each series. ``starts[i, t]`` tells whether a regime starts at cell t in the division that
    the observations favour most before it is weighed how rare changes are: its changes are the candidates, to be
    judged by their probability. ``hints`` is the same with a handicap of ``HINT`` in favour of each change.
    """

    segment: Floats
    starts: NDArray[np.bool_]
    hints: NDArray[np.bool_]
    log_evidence: Floats

    def unbroken(self, row: int, first: int, last: int) -> float:
        """Probability that cells ``first`` to ``last`` of a series lie in one regime."""
        return float(min(1.0, self.segment[row, : first + 1, last:].sum()))


def _running(values: Floats) -> Floats:
    """Cumulative sums with a zero in front."""
    return np.concatenate([np.zeros((len(values), 1)), np.cumsum(values, axis=1)], axis=1)


def mixture_evidence(kinds: Floats, prior: Sequence[float]) -> Floats:
    """Log marginal likelihood (rows, s, t) of every run of cells s..t as one mixture of kinds; -inf where t < s.

    ``kinds`` (kinds, rows, cells) holds counts, ``prior`` the Dirichlet prior (Dirichlet-multinomial distribution).
    """
    rows, k = kinds.shape[1:]
    first, last = np.triu_indices(k)
    total = np.zeros((rows, len(first)))
    out = np.full((rows, k, k), -np.inf)
    found = np.zeros((rows, len(first)))
    for count, weight in zip(kinds, prior, strict=True):
        running = _running(count)
        held = np.maximum(running[:, last + 1] - running[:, first], 0.0)
        total += held
        found += gammaln(held + weight) - gammaln(weight)
    strength = float(sum(prior))
    out[:, first, last] = found + gammaln(strength) - gammaln(strength + total)
    return out


def _change_prior(gap: Floats, model: RegimeModel) -> tuple[Floats, Floats]:
    """Log probability of a change before each cell, and of none."""
    chance = np.minimum(-np.expm1(gap * np.log1p(-model.hazard)), model.gap_limit)
    with np.errstate(divide="ignore"):
        return np.log(chance), np.log1p(-chance)


def _log_sum(values: Floats) -> Floats:
    """Log of the sum of exponentials over axis 1."""
    top = values.max(axis=1)
    safe = np.where(np.isfinite(top), top, 0.0)
    with np.errstate(divide="ignore"):
        total: Floats = np.log(np.exp(values - safe[:, None]).sum(axis=1)) + safe
    return total


def posterior(cells: Cells, model: RegimeModel) -> Posterior:
    """The exact posterior over divisions of each series into regimes, each with its own mixture of kinds."""
    return divide(mixture_evidence(cells.thinned(model.clustering).kinds, model.kinds), cells, model)


def divide(evidence: Floats, cells: Cells, model: RegimeModel) -> Posterior:
    """The same from the log marginal likelihood (rows, s, t) of each run of cells as one regime, of any kind."""
    gap = cells.gap
    rows, k = gap.shape
    change, stay = _change_prior(gap, model)
    stays = _running(stay)
    # A segment s..t: its evidence, and no change at the cells after its first.
    weight = evidence + (stays[:, None, 1:] - stays[:, 1:, None])
    # before[:, j]: cells 0..j-1, with a change at j (at the end of the series none is needed).
    before = np.full((rows, k + 1), -np.inf)
    before[:, 0] = 0.0
    for j in range(1, k + 1):
        arrive = change[:, j] if j < k else np.zeros(rows)
        before[:, j] = _log_sum(before[:, :j] + weight[:, :j, j - 1]) + arrive
    after = np.full((rows, k + 1), -np.inf)
    after[:, k] = 0.0
    for i in range(k - 1, -1, -1):
        leave = np.concatenate([change[:, i + 1 :], np.zeros((rows, 1))], axis=1)
        after[:, i] = _log_sum(weight[:, i, i:] + leave + after[:, i + 1 :])
    total = before[:, k]
    starts, hints = (_best(evidence, cells.n, model.least, bonus) for bonus in (0.0, HINT))
    leave = np.concatenate([change[:, 1:], np.zeros((rows, 1))], axis=1) + after[:, 1:]
    weight += before[:, :-1, None]
    weight += leave[:, None, :]
    weight -= total[:, None, None]
    return Posterior(segment=np.exp(weight, out=weight), starts=starts, hints=hints, log_evidence=total)


def _best(evidence: Floats, n: Floats, least: float, bonus: float) -> NDArray[np.bool_]:
    """First cells of the regimes of the best division into regimes of weight ``least`` (the very first left out)."""
    rows, k = n.shape
    sums = _running(n)
    best = np.full((rows, k + 1), -np.inf)
    best[:, 0] = 0.0
    origin = np.zeros((rows, k + 1), dtype=np.int64)
    for j in range(1, k + 1):
        paths = best[:, :j] + evidence[:, :j, j - 1] + bonus
        paths[sums[:, j, None] - sums[:, :j] < least] = -np.inf
        origin[:, j] = paths.argmax(axis=1)
        best[:, j] = paths.max(axis=1)
    starts = np.zeros((rows, k), dtype=bool)
    at = np.full(rows, k)
    every = np.arange(rows)
    while np.any(at > 0):
        at = np.where(at > 0, origin[every, at], 0)
        starts[every, at] = True
    starts[:, 0] = False
    return starts


def batches(lengths: Ints, budget: int = 4_000_000) -> list[Ints]:
    """Row numbers in batches of like length, so that a batch's table of segments has at most ``budget`` entries."""
    order = np.argsort(lengths, kind="stable")
    out = []
    i = 0
    while i < len(order):
        j = i + 1
        while j < len(order) and (j - i + 1) * int(lengths[order[j]]) ** 2 <= budget:
            j += 1
        out.append(order[i:j])
        i = j
    return out
