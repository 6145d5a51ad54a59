"""The last steps: the report of the cross-validation, temperatures and thresholds, and the export to ONNX."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from detente.bench.gold import DAY, merged_type, read_records, score_gold
from detente.bench.labelled import read_labelled, read_marked
from detente.bench.scoring import accuracy_report
from detente.coding import Coder, CodingOptions
from detente.coding.model import FAST, FULL, Numbers
from detente.coding.options import MODEL_FOLDER
from detente.coding.tokens import Tokenizing
from detente.records import Document
from training.data import NONE, SENTENCES, TYPES, data_folder, fold_of, is_held_out, own_examples
from training.evaluate import own_logits, own_scores, predict_marked, whole_events
from training.export import export
from training.network import Network, base_folder

log = logging.getLogger("training")

BASIC = Numbers(temperature=1.0, marked_temperature=1.0, threshold=0.9, least_type=0.3)
"""The thresholds are chosen by F1 on the records of the cross-validation; LOG.md has what was tried."""
TEACHING = replace(BASIC, threshold=0.5)
"""What teaches may be less sure: the probabilities go along."""
GRID = (0.3, 0.5, 0.7, 0.8, 0.9, 0.95)

Floats = npt.NDArray[np.float64]


def own_texts() -> list[str]:
    """Sentences that calibrate the activation scales."""
    texts = [e.text for e in own_examples()]
    return texts[:: len(texts) // 250]


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


def own_numbers(network: Network, report: dict[str, Any]) -> Numbers:
    """Temperatures of a network, from the held-out sentences of our own; what they change goes into ``report``."""
    tokenizing, held = Tokenizing(base_folder() / "tokenizer.json"), own_examples(held_out=True)
    logits, gold = own_logits(network, held, tokenizing)
    rows = predict_marked(network, [e for e in held if e.pairs], tokenizing)
    marked = np.asarray([row["logits"] for row in rows])
    marked_gold = np.asarray([[float(name in row["gold"]) for name in TYPES] for row in rows])
    numbers = replace(
        BASIC, temperature=fit_temperature(logits, gold), marked_temperature=fit_temperature(marked, marked_gold)
    )
    for name, values, right, temperature in (
        ("found", logits, gold, numbers.temperature),
        ("given", marked, marked_gold, numbers.marked_temperature),
    ):
        before, after = (calibration_error(softmax(values, t), right) for t in (1.0, temperature))
        report[f"ece_{name}"] = {"n": len(values), "before": before, "after": after, "temperature": temperature}
    return numbers


def cross_validation(folds: Sequence[tuple[Network, list[str]]], work: Path) -> dict[str, Any]:
    """What each fold's coder, int8 and all, says about the texts that it has not seen; goes to report.json."""
    rows = [row for row in read_marked(data_folder() / "coding" / "plv_train.tsv") if row[1]]
    records = read_records(data_folder() / "coding" / "plover_gsr_dev.jsonl")
    pairs: list[dict[str, Any]] = []
    held_records: list[dict[str, Any]] = []
    events: dict[float, list[Any]] = {threshold: [] for threshold in GRID}
    report: dict[str, Any] = {"folds": []}
    for number, (network, modes) in enumerate(folds):
        fold: dict[str, Any] = {}
        folder = work / f"fold_{number}.model"
        numbers = own_numbers(network, fold)
        some = [row for row in rows if fold_of(row[0]) == number]
        own = [record for record in records if fold_of(record["text"]) == number]
        held_records += own
        documents = [Document(document_id=str(i), text=r["text"], published=DAY) for i, r in enumerate(own)]
        _write(network, modes, folder, numbers)
        for threshold in GRID:
            coder = Coder.load(CodingOptions(full=True, model=folder, threshold=threshold))
            events[threshold] += [coded.events for coded in coder.code(documents)]
        found = coder.classify_many((text, spans.get("s"), spans.get("t")) for text, spans, _ in some)
        for (text, spans, gold), one in zip(some, found, strict=True):
            names = {role: text[a:b] for role, (a, b) in spans.items()}
            pairs.append({"text": text, "gold": _merged(gold), "found": merged_type(dict(one.scores)),
                          "scores": dict(one.scores), **names})  # fmt: skip
        last = pairs[len(pairs) - len(some) :]
        fold["classify"] = accuracy_report([p["gold"] for p in last], [p["found"] for p in last])
        report["folds"].append(fold)
        log.info("fold %d: %s", number, {k: fold["classify"][k] for k in ("n", "accuracy", "macro_f1")})
    report["classify"] = accuracy_report([p["gold"] for p in pairs], [p["found"] for p in pairs])
    p = np.asarray([[one["scores"][name] for name in TYPES if name != NONE] for one in pairs])
    p /= p.sum(-1, keepdims=True)
    right = np.asarray([[float(_merged(name) == one["gold"]) for name in TYPES if name != NONE] for one in pairs])
    report["classify_ece"] = calibration_error(p, right)
    report["gold"] = {str(threshold): score_gold(held_records, found) for threshold, found in events.items()}
    report["worst"] = sorted(
        (
            {k: one[k] for k in ("text", "s", "t", "gold", "found") if k in one}
            | {"sure": round(max(one["scores"].values()), 3)}
            for one in pairs
            if one["gold"] != one["found"]
        ),
        key=lambda one: -one["sure"],
    )[:50]
    (work / "report.json").write_text(json.dumps(report, indent=1) + "\n", "utf-8")
    return report


def _write(network: Network, modes: Sequence[str], folder: Path, numbers: Numbers) -> None:
    """A model folder of one reading; only the numbers where its graphs are there already."""
    if not (folder / "labels.json").exists():
        export({FULL: network}, modes, folder, own_texts(), {FULL: asdict(numbers)})
    labels = json.loads((folder / "labels.json").read_text("utf-8")) | {"readings": {FULL: asdict(numbers)}}
    (folder / "labels.json").write_text(json.dumps(labels) + "\n", "utf-8")


def _merged(name: str) -> str:
    return "YIELD" if name in ("CONCEDE", "RETREAT") else name


def finish(networks: Mapping[str, Network], modes: Sequence[str], work: Path, folder: Path = MODEL_FOLDER) -> None:
    """Temperatures of both readings, what they give on the held-out sentences, and the export."""
    report: dict[str, Any] = {}
    numbers: dict[str, Any] = {}
    tokenizing, held = Tokenizing(base_folder() / "tokenizer.json"), own_examples(held_out=True)
    for name, network in networks.items():
        report[name] = {}
        numbers[name] = asdict(own_numbers(network, report[name]))
        report[name]["heads"] = own_scores(network, held, tokenizing, modes)
    export(networks, modes, folder, own_texts(), numbers)
    sentences = [s for s in read_labelled(sorted(SENTENCES.glob("*.txt")))[0] if is_held_out(s)]
    for name in networks:
        coder = Coder.load(CodingOptions(fast=name == FAST, full=name == FULL, model=folder))
        report[name]["events"] = whole_events(sentences, coder)
    (work / "held_out.json").write_text(json.dumps(report, indent=1) + "\n", "utf-8")
    log.info("%s", json.dumps(report))
