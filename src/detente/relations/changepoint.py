"""Where a level changed: the exact posterior over change points, for many series at once.

The model (Fearnhead 2006, "Exact and efficient Bayesian inference for multiple changepoint problems", Statistics and
Computing 16): between changes the observations of a series are draws around one level; at a change a new level is
drawn. Levels and variances are integrated out (Normal with a Normal-inverse-gamma prior), so that the recursions
below are exact: no sampling, no starting values, the same answer every time. A series is a row of *cells* (months
with evidence); between two cells lies a gap in months, and the longer the gap, the more room for a change in it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaln

__all__ = ["Cells", "LevelModel", "Posterior", "batches", "posterior"]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class LevelModel:
    """What is believed of a series before it is seen.

    ``hazard`` is the chance of a change in a month; ``gap_limit`` bounds the chance of one in a gap however long,
    since silence alone is no evidence of a change of tone. The level is drawn around ``mean`` with a weight of
    ``weight`` observations; the variance around ``variance`` with a weight of ``2 * shape`` observations.
    ``clustering`` is the correlation of observations of one month: a month of n observations tells as much as
    n / (1 + clustering * n) independent ones. How the figures were tuned: docs/shifts.md.
    """

    hazard: float = 1 / 60
    gap_limit: float = 0.25
    mean: float = 0.0
    weight: float = 0.5
    variance: float = 0.25
    shape: float = 4.0
    clustering: float = 0.1


@dataclass(frozen=True, slots=True)
class Cells:
    """Sufficient statistics of series, a row a series, padded on the right with cells of no weight.

    ``n`` (rows, cells) is the weight of the observations of a cell, ``s`` their weighted sum, ``ss`` the weighted
    sum of squares; ``gap`` the months since the cell before (0 for the first and for padding).
    """

    n: Floats
    s: Floats
    ss: Floats
    gap: Floats

    def thinned(self, clustering: float) -> Cells:
        """The cells with the weight that is left when observations of one cell resemble each other."""
        scale = 1 / (1 + clustering * self.n)
        return Cells(n=self.n * scale, s=self.s * scale, ss=self.ss * scale, gap=self.gap)


@dataclass(frozen=True, slots=True)
class Posterior:
    """What the recursions say of a batch of series of ``cells`` cells each.

    ``segment[i, s, t]`` is the probability that cells s to t of series i form one regime; ``starts[i, t]`` tells
    whether a regime starts at cell t in the single most probable division; ``log_evidence`` is the log marginal
    likelihood of each series.
    """

    segment: Floats
    starts: NDArray[np.bool_]
    log_evidence: Floats

    def unbroken(self, row: int, first: int, last: int) -> float:
        """Probability that cells ``first`` to ``last`` of a series lie in one regime."""
        return float(min(1.0, self.segment[row, : first + 1, last:].sum()))


def _running(values: Floats) -> Floats:
    """Cumulative sums with a zero in front."""
    return np.concatenate([np.zeros((len(values), 1)), np.cumsum(values, axis=1)], axis=1)


def _segment_evidence(cells: Cells, model: LevelModel) -> Floats:
    """Log marginal likelihood of every run of cells s..t as one regime; -inf where t < s."""
    n, s, ss = (
        running[:, None, 1:] - running[:, :-1, None]
        for running in (_running(cells.n), _running(cells.s), _running(cells.ss))
    )
    np.maximum(n, 0.0, out=n)
    shape = model.shape + n / 2
    weight = model.weight + n
    prior_rate = model.shape * model.variance
    centred = ss + model.weight * model.mean**2 - (model.weight * model.mean + s) ** 2 / weight
    rate = prior_rate + np.maximum(centred, 0.0) / 2
    out: Floats = (
        gammaln(shape)
        - gammaln(model.shape)
        + model.shape * np.log(prior_rate)
        - shape * np.log(rate)
        + 0.5 * (np.log(model.weight) - np.log(weight))
        - 0.5 * n * np.log(2 * np.pi)
    )
    k = out.shape[1]
    out[:, np.tri(k, k, -1, dtype=bool)] = -np.inf
    return out


def _change_prior(gap: Floats, model: LevelModel) -> tuple[Floats, Floats]:
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


def posterior(cells: Cells, model: LevelModel) -> Posterior:
    """The exact posterior over divisions of each series into regimes."""
    cells = cells.thinned(model.clustering)
    rows, k = cells.n.shape
    change, stay = _change_prior(cells.gap, model)
    stays = _running(stay)
    # A segment s..t: its evidence, and no change at the cells after its first.
    weight = _segment_evidence(cells, model) + (stays[:, None, 1:] - stays[:, 1:, None])
    # before[:, j]: cells 0..j-1, with a change at j (at the end of the series none is needed); best: of one division.
    before = np.full((rows, k + 1), -np.inf)
    best = np.full((rows, k + 1), -np.inf)
    before[:, 0] = best[:, 0] = 0.0
    origin = np.zeros((rows, k + 1), dtype=np.int64)
    for j in range(1, k + 1):
        arrive = change[:, j] if j < k else np.zeros(rows)
        before[:, j] = _log_sum(before[:, :j] + weight[:, :j, j - 1]) + arrive
        paths = best[:, :j] + weight[:, :j, j - 1]
        origin[:, j] = paths.argmax(axis=1)
        best[:, j] = paths.max(axis=1) + arrive
    after = np.full((rows, k + 1), -np.inf)
    after[:, k] = 0.0
    for i in range(k - 1, -1, -1):
        leave = np.concatenate([change[:, i + 1 :], np.zeros((rows, 1))], axis=1)
        after[:, i] = _log_sum(weight[:, i, i:] + leave + after[:, i + 1 :])
    evidence = before[:, k]
    leave = np.concatenate([change[:, 1:], np.zeros((rows, 1))], axis=1) + after[:, 1:]
    weight += before[:, :-1, None]
    weight += leave[:, None, :]
    weight -= evidence[:, None, None]
    return Posterior(segment=np.exp(weight, out=weight), starts=_trace(origin), log_evidence=evidence)


def _trace(origin: Ints) -> NDArray[np.bool_]:
    """First cells of the regimes of the most probable division, followed back from the end."""
    rows, ends = origin.shape
    starts = np.zeros((rows, ends - 1), dtype=bool)
    at = np.full(rows, ends - 1)
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
