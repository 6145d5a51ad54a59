"""The recursions give the exact posterior: they are held against the sum over every division."""

import itertools
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detente.relations.changepoint import Cells, RegimeModel, batches, posterior

MODEL = RegimeModel()


def cells(values: list[list[int]], gaps: list[float]) -> Cells:
    """One series from the kinds (0 to 4) observed in each cell."""
    kinds = np.array([[[float(v.count(kind)) for v in values]] for kind in range(5)])
    n = kinds.sum(axis=0)
    return Cells(kinds=kinds, n=n, s=n * 0, ss=n * 0, gap=np.array([gaps], dtype=float))


def evidence(counts: list[float], model: RegimeModel) -> float:
    """Log marginal likelihood of one regime, written out by hand."""
    strength = sum(model.kinds)
    return (
        math.lgamma(strength)
        - math.lgamma(strength + sum(counts))
        + sum(math.lgamma(p + c) - math.lgamma(p) for p, c in zip(model.kinds, counts, strict=True))
    )


def by_enumeration(series: Cells, model: RegimeModel) -> tuple[float, dict[tuple[int, int], float]]:
    """Evidence and probability of each segment, from all divisions."""
    k = series.n.shape[1]
    chance = [min(1 - (1 - model.hazard) ** g, model.gap_limit) for g in series.gap[0]]
    thin = 1 / (1 + model.clustering * series.n[0])
    total = 0.0
    segment: dict[tuple[int, int], float] = {}
    for starts in itertools.product([False, True], repeat=k - 1):
        full = [True, *starts]
        edges = [i for i, begins in enumerate(full) if begins] + [k]
        log = sum(math.log(chance[i] if full[i] else 1 - chance[i]) for i in range(1, k))
        runs = list(itertools.pairwise(edges))
        for s, e in runs:
            log += evidence([float((v[0, s:e] * thin[s:e]).sum()) for v in series.kinds], model)
        total += math.exp(log)
        for s, e in runs:
            segment[s, e - 1] = segment.get((s, e - 1), 0.0) + math.exp(log)
    return math.log(total), {key: value / total for key, value in segment.items()}


observations = st.lists(st.lists(st.integers(0, 4), min_size=1, max_size=3), min_size=2, max_size=7)


@settings(max_examples=40, deadline=None)
@given(observations, st.data())
def test_the_recursions_equal_the_sum_over_all_divisions(values: list[list[int]], data: st.DataObject) -> None:
    gaps = [0, *data.draw(st.lists(st.integers(1, 30), min_size=len(values) - 1, max_size=len(values) - 1))]
    series = cells(values, gaps)
    log_evidence, segment = by_enumeration(series, MODEL)
    found = posterior(series, MODEL)
    assert found.log_evidence[0] == pytest.approx(log_evidence, abs=1e-8)
    for (s, t), probability in segment.items():
        assert found.segment[0, s, t] == pytest.approx(probability, abs=1e-9)


WARM, COLD = [3, 3], [1, 1]


def test_a_clear_change_is_the_best_division() -> None:
    series = cells([WARM, WARM, WARM, COLD, COLD, COLD], [0, 1, 3, 2, 1, 1])
    assert found_starts(series) == [False, False, False, True, False, False]


def found_starts(series: Cells) -> list[bool]:
    return [bool(x) for x in posterior(series, MODEL).starts[0]]


def test_padding_changes_nothing() -> None:
    series = cells([WARM, [3, 4], COLD, [1]], [0, 1, 1, 2])
    wide = Cells(
        kinds=np.pad(series.kinds, ((0, 0), (0, 0), (0, 3))),
        **{name: np.pad(getattr(series, name), ((0, 0), (0, 3))) for name in ("n", "s", "ss", "gap")},
    )
    short, long = posterior(series, MODEL), posterior(wide, MODEL)
    assert long.log_evidence == pytest.approx(short.log_evidence)
    assert long.unbroken(0, 1, 2) == pytest.approx(short.unbroken(0, 1, 2))
    assert [bool(x) for x in long.starts[0][:4]] == found_starts(series)


def test_silence_alone_makes_no_change_likely() -> None:
    found = posterior(cells([[3], [3]], [0, 600]), MODEL)
    assert 1 - found.unbroken(0, 0, 1) < MODEL.gap_limit


def test_batches_hold_every_series_once_and_keep_to_the_budget() -> None:
    lengths = np.array([3, 100, 7, 3, 50, 1], dtype=np.int64)
    found = batches(lengths, budget=5000)
    assert sorted(np.concatenate(found).tolist()) == list(range(6))
    assert all(len(rows) == 1 or len(rows) * lengths[rows].max() ** 2 <= 5000 for rows in found)
