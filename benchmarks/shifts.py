"""Which method finds shifts best: recall and false alarms on made series with known changes, delay, speed.

``python -m benchmarks.shifts`` prints a table of progress on stderr and one JSON object last, on stdout.

A made dyad has ten years of events. Its number of events a month is Poisson around a rate that itself swings (Gamma,
shape 2); what kind an event is follows the regime, with a swing from month to month (a normal deviate of 0.5 on the
logit of the share of cooperation), and with the chance ``noise`` it is miscoded: replaced by an event of any kind.
Cooperative and hostile acts have the intensities of PLOVER's types, words four times as often as deeds.

Every method gives each change that it reports a score. Its threshold is set on dyads that never change, so that all
methods raise the same number of false alarms (0.05 a dyad and decade, at 15 % noise, averaged over rates); the recall
at that threshold, on other dyads, is what is compared. A change counts as found if one is reported within six months.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import ruptures
from scipy.special import betaln, gammaln

from detente.ontology import TYPES
from detente.relations.changepoint import Cells, RegimeModel, batches, divide
from detente.relations.counting import TONE_POWER
from detente.relations.shifts import MODEL, change_points

MONTHS = 120
RATES = (0.5, 2.0, 10.0, 40.0)
NOISES = (0.0, 0.15, 0.3)
NEAR = 6
BUDGET = 0.05
LEAST = 3
COOPERATION = [t.intensity for t in TYPES.values() if t.quad == 1] * 4 + [
    t.intensity for t in TYPES.values() if t.quad == 2
]
VERBAL = [t.intensity for t in TYPES.values() if t.quad == 3]
MATERIAL = [t.intensity for t in TYPES.values() if t.quad == 4]
# Share of cooperation, and share of deeds among hostile acts, before and after.
SCENARIOS = {
    "collapse": ((0.85, 0.2), (0.25, 0.2)),
    "cooling": ((0.80, 0.2), (0.50, 0.2)),
    "thaw": ((0.30, 0.2), (0.70, 0.2)),
    "escalation": ((0.30, 0.1), (0.15, 0.8)),
    "steady": ((0.65, 0.2), (0.65, 0.2)),
}
Scores = list[list[tuple[int, float]]]
Columns = Callable[[np.ndarray], list[np.ndarray]]


@dataclass(frozen=True)
class Dyad:
    """Intensities of a made dyad's events with their months, and the month of its change, if any."""

    month: np.ndarray
    intensity: np.ndarray
    change: int | None


def make(scenario: str, rate: float, noise: float, number: int, seed: int) -> list[Dyad]:
    """``number`` dyads of a scenario; the same for the same seed."""
    draw = np.random.default_rng([seed, list(SCENARIOS).index(scenario), int(rate * 10), int(noise * 100)])
    world = np.array([*COOPERATION, *VERBAL, *MATERIAL])
    out = []
    for _ in range(number):
        change = int(draw.integers(30, 91)) if scenario != "steady" else None
        months = np.repeat(np.arange(MONTHS), draw.poisson(rate * draw.gamma(2.0, 0.5, MONTHS)))
        late = months >= (MONTHS if change is None else change)
        before, after = SCENARIOS[scenario]
        share, deeds = (np.where(late, after[i], before[i]) for i in (0, 1))
        swing = draw.normal(0, 0.5, MONTHS)[months]
        share = 1 / (1 + np.exp(-(np.log(share / (1 - share)) + swing)))
        n = len(months)
        hostile = np.where(draw.random(n) < deeds, draw.choice(MATERIAL, n), draw.choice(VERBAL, n))
        value = np.where(draw.random(n) < share, draw.choice(COOPERATION, n), hostile)
        value = np.where(draw.random(n) < noise, draw.choice(world, n), value)
        out.append(Dyad(months, value, change))
    return out


def tones(intensity: np.ndarray) -> np.ndarray:
    """As ``relations.counting.tone``."""
    return np.sign(intensity) * (np.abs(intensity) / 10) ** TONE_POWER


def monthly(
    dyads: list[Dyad], columns: Callable[[np.ndarray], list[np.ndarray]]
) -> list[tuple[np.ndarray, np.ndarray]]:
    """By dyad: months with events, and the sums over each month of some columns of its events."""
    out = []
    for dyad in dyads:
        seen, place = np.unique(dyad.month, return_inverse=True)
        sums = [np.bincount(place, weights=c, minlength=len(seen)) for c in columns(dyad.intensity)]
        out.append((seen, np.stack(sums, axis=1) if len(seen) else np.zeros((0, 1))))
    return out


def padded(rows: list[tuple[np.ndarray, np.ndarray]]) -> tuple[np.ndarray, np.ndarray]:
    """Gaps (rows, cells) and sums (columns, rows, cells), padded with nothing."""
    width = max(1, *(len(seen) for seen, _ in rows))
    columns = max(sums.shape[1] for _, sums in rows)
    gap, out = np.zeros((len(rows), width)), np.zeros((columns, len(rows), width))
    for i, (seen, sums) in enumerate(rows):
        gap[i, 1 : len(seen)] = np.diff(seen)
        out[: sums.shape[1], i, : len(seen)] = sums.T
    return gap, out


def kinds_of(intensity: np.ndarray) -> list[np.ndarray]:
    """Indicator of each of ``evidence.KINDS``; the intensities of PLOVER's words and deeds do not overlap."""
    return [(np.digitize(intensity, (-4.5, -0.5, 0.5, 5.5)) == i).astype(float) for i in range(5)]


def mixtures(dyads: list[Dyad], model: RegimeModel = MODEL) -> Scores:
    """Ours: exact posterior over regimes with one mixture of kinds, and the level of tone in each."""
    rows = monthly(dyads, lambda x: [np.ones_like(x), tones(x), tones(x) ** 2, *kinds_of(x)])
    out: Scores = [[] for _ in dyads]
    for batch in batches(np.array([len(seen) for seen, _ in rows])):
        chosen = [rows[i] for i in batch]
        gap, sums = padded(chosen)
        cells = Cells(kinds=sums[3:], n=sums[0], s=sums[1], ss=sums[2], gap=gap)
        for point in change_points(cells, model):
            out[batch[point.row]].append((int(chosen[point.row][0][point.start]), point.probability))
    return out


def _by_evidence(dyads: list[Dyad], columns: Columns, evidence: Callable[[np.ndarray], np.ndarray]) -> Scores:
    """The same recursions with another likelihood of a regime, from the running sums of some columns."""
    rows = monthly(dyads, lambda x: [np.ones_like(x), *columns(x)])
    out: Scores = [[] for _ in dyads]
    for batch in batches(np.array([len(seen) for seen, _ in rows])):
        chosen = [rows[i] for i in batch]
        gap, sums = padded(chosen)
        cells = Cells(kinds=sums[1:], n=sums[0], s=gap, ss=gap, gap=gap)
        thin = np.concatenate([sums[:1], sums[1:]]) / (1 + MODEL.clustering * sums[0])
        running = np.concatenate([np.zeros((*sums.shape[:2], 1)), np.cumsum(thin, axis=2)], axis=2)
        table = evidence(running[:, :, None, 1:] - running[:, :, :-1, None])
        table[:, np.tri(gap.shape[1], k=-1, dtype=bool)] = -np.inf
        found = divide(table, cells, MODEL)
        for row in np.flatnonzero(found.starts.any(axis=1)):
            seen = chosen[row][0]
            for start in np.flatnonzero(found.starts[row]):
                near = np.flatnonzero(np.abs(seen - seen[start]) <= 12)
                unbroken = found.unbroken(row, min(int(near[0]), int(start) - 1), int(near[-1]))
                out[batch[row]].append((int(seen[start]), 1 - unbroken))
    return out


@np.errstate(invalid="ignore", divide="ignore")
def levels(dyads: list[Dyad]) -> Scores:
    """Exact posterior over regimes of tones around one level (Normal, Normal-inverse-gamma prior)."""

    def evidence(sums: np.ndarray) -> np.ndarray:
        n, s, ss = sums
        shape, weight = MODEL.shape + n / 2, MODEL.weight + n
        rate = MODEL.shape * MODEL.variance + np.maximum(ss - s**2 / weight, 0) / 2
        return (
            gammaln(shape)
            + MODEL.shape * np.log(MODEL.shape * MODEL.variance)
            - gammaln(MODEL.shape)
            - shape * np.log(rate)
            + 0.5 * (np.log(MODEL.weight) - np.log(weight) - n * np.log(2 * np.pi))
        )

    return _by_evidence(dyads, lambda x: [tones(x), tones(x) ** 2], evidence)


def shares(dyads: list[Dyad]) -> Scores:
    """Exact posterior over regimes with one share of cooperation, events weighted by strength (Beta prior)."""

    def evidence(sums: np.ndarray) -> np.ndarray:
        return np.asarray(betaln(1 + sums[1], 1 + sums[2]))

    strength = lambda x, sign: np.abs(tones(x)) * (np.sign(x) == sign)  # noqa: E731
    return _by_evidence(dyads, lambda x: [strength(x, 1), strength(x, -1)], evidence)


PENALTIES = tuple(np.geomspace(0.3, 30, 60))


def pelt(dyads: list[Dyad]) -> Scores:
    """PELT (Killick et al. 2012; ruptures) on the months' mean tones; a change scores the highest penalty it bears."""
    out: Scores = []
    for seen, sums in monthly(dyads, lambda x: [np.ones_like(x), tones(x)]):
        scores: dict[int, float] = {}
        if len(seen) >= 2 * LEAST:
            means = (sums[:, 1] / sums[:, 0])[:, None]
            fitted = ruptures.KernelCPD(kernel="linear", min_size=LEAST).fit(means)
            for penalty in PENALTIES:
                for at in fitted.predict(pen=penalty)[:-1]:
                    scores[int(seen[at])] = penalty
        out.append(sorted(scores.items()))
    return out


def cusum(dyads: list[Dyad]) -> Scores:
    """Two-sided CUSUM (Page 1954) of the months' deviation from the mean so far, half a deviation free; restarts."""
    out: Scores = []
    for seen, sums in monthly(dyads, lambda x: [np.ones_like(x), tones(x)]):
        scores: dict[int, float] = {}
        for limit in np.geomspace(2.5, 22, 40):
            for at in _cusum(sums, limit):
                scores[int(seen[at])] = limit
        out.append(sorted(scores.items()))
    return out


def _cusum(sums: np.ndarray, limit: float) -> list[int]:
    alarms = []
    n = s = 0.0
    up = down = 0.0
    up_from = down_from = 0
    for i, (count, total) in enumerate(sums):
        if n >= LEAST:
            thin = 1 / (1 + MODEL.clustering * count)
            z = (total / count - s / n) / np.sqrt(MODEL.variance * (1 / (count * thin) + 1 / n))
            up_from, down_from = (i if up == 0 else up_from), (i if down == 0 else down_from)
            up, down = max(0.0, up + z - 0.5), max(0.0, down - z - 0.5)
            if max(up, down) > limit:
                alarms.append(up_from if up > down else down_from)
                n = s = up = down = 0.0
        thin = 1 / (1 + MODEL.clustering * count)
        n, s = n + count * thin, s + total * thin
    return alarms


METHODS: dict[str, Callable[[list[Dyad]], Scores]] = {
    "mixtures": mixtures,
    "levels": levels,
    "shares": shares,
    "pelt, months": pelt,
    "cusum": cusum,
}


def false_alarms(scores: Scores, threshold: float) -> float:
    """Alarms a dyad on dyads that never change."""
    return sum(score >= threshold for row in scores for _, score in row) / len(scores)


def recall(dyads: list[Dyad], scores: Scores, threshold: float) -> float:
    """Share of changes with an alarm near."""
    hits = [
        any(score >= threshold and abs(month - dyad.change) <= NEAR for month, score in row)
        for dyad, row in zip(dyads, scores, strict=True)
        if dyad.change is not None
    ]
    return sum(hits) / len(hits)


def threshold_for(method: Callable[[list[Dyad]], Scores], number: int, seed: int) -> float:
    """The lowest threshold with at most ``BUDGET`` false alarms a dyad, averaged over rates, at 15 % noise."""
    scores = [row for rate in RATES for row in method(make("steady", rate, 0.15, number, seed))]
    found = sorted((score for row in scores for _, score in row), reverse=True)
    allowed = int(BUDGET * len(scores))
    return float(np.nextafter(found[allowed], np.inf)) if len(found) > allowed else 0.0


def compare(number: int) -> dict[str, object]:
    """Recall and false alarms of every method, by scenario, rate and noise."""
    out: dict[str, object] = {}
    for name, method in METHODS.items():
        started = time.perf_counter()
        threshold = threshold_for(method, number, seed=1)
        table = []
        for rate in RATES:
            for noise in NOISES:
                row: dict[str, float] = {"rate": rate, "noise": noise}
                for scenario in SCENARIOS:
                    dyads = make(scenario, rate, noise, number, seed=2)
                    scores = method(dyads)
                    if scenario == "steady":
                        row["false_alarms"] = round(false_alarms(scores, threshold), 3)
                    else:
                        row[scenario] = round(recall(dyads, scores, threshold), 3)
                table.append(row)
        mean = {
            key: round(float(np.mean([row[key] for row in table])), 3)
            for key in [*list(SCENARIOS)[:-1], "false_alarms"]
        }
        mean["recall"] = round(float(np.mean([mean[s] for s in list(SCENARIOS)[:-1]])), 3)
        out[name] = {"threshold": round(threshold, 4), "mean": mean, "table": table}
        sys.stderr.write(f"{name:14} {time.perf_counter() - started:6.1f} s  threshold {threshold:.3f}  {mean}\n")
    return out


def thresholds(number: int) -> list[dict[str, float]]:
    """What ours lists at several probabilities, by rate, at 15 % noise: false alarms a dyad and decade, and recall."""
    out = []
    for rate in RATES:
        quiet = mixtures(make("steady", rate, 0.15, 2 * number, seed=3))
        made = {s: make(s, rate, 0.15, number, seed=3) for s in list(SCENARIOS)[:-1]}
        found = {s: mixtures(dyads) for s, dyads in made.items()}
        for least in (0.1, 0.2, 0.5, 0.8):
            hits = float(np.mean([recall(made[s], found[s], least) for s in made]))
            row = {"rate": rate, "probability": least, "false_alarms": false_alarms(quiet, least), "recall": hits}
            out.append({key: round(value, 3) for key, value in row.items()})
    return out


def calibration(number: int) -> list[dict[str, float]]:
    """Of the changes listed with a probability in a bin, the share that lies within a year of a true one."""
    listed: list[tuple[float, bool]] = []
    for scenario in SCENARIOS:
        for rate in RATES:
            dyads = make(scenario, rate, 0.15, number, seed=4)
            for dyad, row in zip(dyads, mixtures(dyads), strict=True):
                listed += [(p, dyad.change is not None and abs(m - dyad.change) <= 12) for m, p in row]
    out = []
    for low in (0.1, 0.3, 0.5, 0.7, 0.9):
        chosen = [true for p, true in listed if low <= p < low + 0.2]
        out.append({"from": low, "n": len(chosen), "true": round(sum(chosen) / max(1, len(chosen)), 3)})
    return out


def delay(number: int) -> list[dict[str, float | None]]:
    """Months from the change until it is first listed with probability 0.5, replayed month by month."""
    out: list[dict[str, float | None]] = []
    for rate in RATES:
        dyads = make("collapse", rate, 0.15, number, seed=5)
        waits: list[int] = []
        missed = 0
        for dyad in dyads:
            for later in range(37):
                seen = dyad.month <= (dyad.change or 0) + later
                known = [Dyad(dyad.month[seen], dyad.intensity[seen], dyad.change)]
                if recall(known, mixtures(known), 0.5):
                    waits.append(later)
                    break
            else:
                missed += 1
        median = float(np.median(waits)) if waits else None
        out.append({"rate": rate, "median_months": median, "not_within_36_months": round(missed / number, 3)})
    return out


def speed() -> dict[str, float]:
    """Seconds for ten thousand dyads with evidence in each of 120 months."""
    draw = np.random.default_rng(6)
    kinds = draw.poisson(0.6, (5, 10_000, MONTHS)).astype(float)
    n = kinds.sum(axis=0)
    started = time.process_time()
    for rows in batches(np.full(10_000, MONTHS)):
        gap = np.ones((len(rows), MONTHS))
        change_points(Cells(kinds=kinds[:, rows], n=n[rows], s=0.2 * n[rows], ss=0.2 * n[rows], gap=gap))
    return {"dyads": 10_000, "months": MONTHS, "cpu_seconds": round(time.process_time() - started, 1)}


def main() -> None:
    """Print the tables as one JSON object; an argument sets the number of dyads of each kind (default 60)."""
    number = int(sys.argv[1]) if len(sys.argv) > 1 else 60
    print(
        json.dumps(
            {
                "dyads_of_each_kind": number,
                "compare": compare(number),
                "thresholds": thresholds(number),
                "calibration": calibration(number),
                "delay": delay(number),
                "speed": speed(),
            }
        )
    )


if __name__ == "__main__":
    main()
