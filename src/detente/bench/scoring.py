"""Precision, recall, F1 with bootstrap intervals over sentences."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Sequence
from typing import Any

import numpy as np

__all__ = ["accuracy_report", "confusion", "f1", "interval", "macro_f1", "prf_report"]

SAMPLES = 1000
"""Bootstrap samples; the interval's ends move by less than 0.005 with more."""


def f1(right: float, predicted: float, gold: float) -> float:
    """Harmonic mean of precision and recall; 0 where nothing is right."""
    return 2 * right / (predicted + gold) if predicted + gold else 0.0


def interval(n: int, value: Callable[[np.ndarray[Any, Any]], float]) -> list[float]:
    """The middle 95 % of ``value`` over bootstrap samples of the indices 0..n-1; the generator's seed is fixed."""
    if n == 0:
        return [0.0, 0.0]
    rng = np.random.default_rng(20111)
    values = [value(rng.integers(0, n, n)) for _ in range(SAMPLES)]
    return [round(float(v), 4) for v in np.percentile(values, [2.5, 97.5])]


def prf_report(counts: Sequence[tuple[int, int, int]]) -> dict[str, Any]:
    """Precision, recall, F1 from (right, predicted, gold) of each sentence, with the interval of F1."""
    table = np.asarray(counts, dtype=np.float64).reshape(-1, 3)
    right, predicted, gold = table.sum(0)
    return {
        "precision": round(float(right / predicted), 4) if predicted else 0.0,
        "recall": round(float(right / gold), 4) if gold else 0.0,
        "f1": round(float(f1(right, predicted, gold)), 4),
        "f1_95": interval(len(table), lambda i: f1(*table[i].sum(0))),
        "right": int(right),
        "predicted": int(predicted),
        "gold": int(gold),
    }


def macro_f1(gold: Sequence[Hashable], found: Sequence[Hashable], names: Sequence[Hashable] | None = None) -> float:
    """Mean F1 over the classes of the gold (or over ``names``)."""
    wanted, given = Counter(gold), Counter(found)
    both = Counter(g for g, f in zip(gold, found, strict=True) if g == f)
    classes = names if names is not None else list(wanted)
    return float(np.mean([f1(both[c], given[c], wanted[c]) for c in classes])) if classes else 0.0


def accuracy_report(gold: Sequence[str], found: Sequence[str]) -> dict[str, Any]:
    """Accuracy and macro-F1 with intervals, F1 of each class, and the confusion matrix."""
    classes = sorted(set(gold))
    pairs = np.asarray(
        [[classes.index(g), classes.index(f) if f in classes else -1] for g, f in zip(gold, found, strict=True)]
    )

    def macro(index: np.ndarray[Any, Any]) -> float:
        some = pairs[index]
        present = sorted(set(some[:, 0].tolist()))
        return macro_f1(some[:, 0].tolist(), some[:, 1].tolist(), present)

    wanted, given = Counter(gold), Counter(found)
    both = Counter(g for g, f in zip(gold, found, strict=True) if g == f)
    return {
        "n": len(gold),
        "accuracy": round(sum(both.values()) / max(1, len(gold)), 4),
        "accuracy_95": interval(len(gold), lambda i: float((pairs[i, 0] == pairs[i, 1]).mean())),
        "macro_f1": round(macro_f1(gold, found), 4),
        "macro_f1_95": interval(len(gold), macro),
        "f1_by_class": {c: round(f1(both[c], given[c], wanted[c]), 4) for c in classes},
        "confusion": confusion(gold, found),
    }


def confusion(gold: Sequence[str], found: Sequence[str]) -> dict[str, dict[str, int]]:
    """Gold class to found class to count."""
    table: dict[str, dict[str, int]] = {}
    for (g, f), count in sorted(Counter(zip(gold, found, strict=True)).items()):
        table.setdefault(g, {})[f] = count
    return table
