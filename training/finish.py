"""The last steps: temperatures, the report of the cross-validation, and the export to ONNX."""

from __future__ import annotations

import json
import logging
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from detente.bench.scoring import accuracy_report
from detente.coding.options import MODEL_FOLDER
from detente.coding.tokens import Tokenizing
from training.data import NONE, TYPES, own_examples
from training.evaluate import merged, own_logits, own_scores
from training.export import export
from training.network import Network, base_folder

log = logging.getLogger("training")

THRESHOLD, LEAST_TYPE = 0.9, 0.3
"""Least probability that a pair has an event, and of the event's type. LOG.md has what was tried."""

Floats = npt.NDArray[np.float64]


def gold_mask(rows: Sequence[dict[str, Any]]) -> Floats:
    """1 on the allowed types of each row."""
    return np.asarray([[float(name in row["gold"]) for name in TYPES] for row in rows])


def softmax(logits: Floats, temperature: float) -> Floats:
    """Probabilities along the last axis."""
    powers = np.exp((logits - logits.max(-1, keepdims=True)) / temperature)
    result: Floats = powers / powers.sum(-1, keepdims=True)
    return result


def fit_temperature(logits: Floats, gold: Floats) -> float:
    """The temperature, of 0.5 to 3 in steps of 0.02, with the least negative log-likelihood."""
    grid = np.arange(0.5, 3.01, 0.02)
    costs = [-np.log((softmax(logits, t) * gold).sum(-1) + 1e-12).mean() for t in grid]
    return round(float(grid[int(np.argmin(costs))]), 2)


def calibration_error(p: Floats, gold: Floats, bins: int = 10) -> float:
    """Expected calibration error of the top type, over bins of equal width."""
    top = p.argmax(-1)
    sure = p[np.arange(len(p)), top]
    right = gold[np.arange(len(p)), top]
    which = np.minimum((sure * bins).astype(int), bins - 1)
    parts = [abs(sure[which == b].mean() - right[which == b].mean()) * (which == b).sum() for b in set(which.tolist())]
    return round(float(sum(parts) / len(p)), 4)


def classify_report(rows: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Scores of marked pairs over 15 types, CONCEDE and RETREAT as one."""
    gold = ["YIELD" if row["gold"][0] in ("CONCEDE", "RETREAT") else row["gold"][0] for row in rows]
    return accuracy_report(gold, [merged(row["logits"]) for row in rows])


def finish(network: Network, modes: Sequence[str], work: Path) -> None:
    """Calibrate, report and export."""
    rows = [json.loads(line) for path in sorted(work.glob("fold_*.jsonl")) for line in path.open(encoding="utf-8")]
    report: dict[str, Any] = {}
    for marked in (True, False):
        for source in ("plv", "gsr"):
            some = [row for row in rows if row["marked"] == marked and row["source"] == source]
            report[f"{source} {'marked' if marked else 'unmarked'}"] = classify_report(some)
    given = [row for row in rows if row["marked"]]
    # the data sets hold no pair without an event, so NONE takes no part in the fit
    events = [i for i, name in enumerate(TYPES) if name != NONE]
    logits, gold = np.asarray([row["logits"] for row in given])[:, events], gold_mask(given)[:, events]
    marked_temperature = fit_temperature(logits, gold)
    report["marked_ece"] = {
        "before": calibration_error(softmax(logits, 1.0), gold),
        "after": calibration_error(softmax(logits, marked_temperature), gold),
    }
    tokenizing = Tokenizing(base_folder() / "tokenizer.json")
    held = own_examples(held_out=True)
    numbers: dict[str, float] = {"marked_temperature": marked_temperature, "least_type": LEAST_TYPE}
    for early, prefix in ((False, ""), (True, "early_")):
        own, own_gold = own_logits(network, held, tokenizing, early=early)
        numbers |= {f"{prefix}temperature": fit_temperature(own, own_gold), f"{prefix}threshold": THRESHOLD}
        report[f"{prefix}own_ece"] = {
            "before": calibration_error(softmax(own, 1.0), own_gold),
            "after": calibration_error(softmax(own, numbers[f"{prefix}temperature"]), own_gold),
        }
        report[f"{prefix}own"] = own_scores(network, held, tokenizing, modes, early=early)
    (work / "report.json").write_text(json.dumps(report | numbers, indent=1) + "\n", "utf-8")
    texts = [e.text for e in own_examples()][::12]
    export(network, modes, MODEL_FOLDER, texts, numbers)
    log.info("%s", json.dumps({name: value for name, value in report.items() if "ece" in name} | numbers))
