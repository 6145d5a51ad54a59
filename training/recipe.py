"""The whole recipe, one command: ``python -m training.recipe``.

1. ``base``: the encoder of the base model and fresh heads, trained on our own sentences alone.
2. ``fold``: from there, for each of the folds, trained on our sentences and on the other folds of plv_train and of the
   gold records. What it says about its own fold is kept: these predictions are the cross-validation, and set the
   temperatures and thresholds.
3. ``final``: the mean of the folds' weights (they start from one point and stay close), exported to ONNX.

Every stage writes to ``--work`` and is skipped where its result is there already.
"""

from __future__ import annotations

import argparse
import json
import logging
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import torch

from detente.coding.tokens import Tokenizing
from training.data import Example, gsr_examples, mode_names, own_examples, plv_examples
from training.evaluate import folds, predict_marked, predict_unmarked
from training.network import Network, base_folder
from training.train import Recipe, new_network, train

log = logging.getLogger("training")

FOLDS = 5
BASE = Recipe(epochs=4, size=24, rate=1.2e-4, seed=1)
FOLD = Recipe(epochs=3, size=24, rate=8e-5, head_rate=5e-4, own_share=0.2, seed=2)


def save(network: Network, modes: Sequence[str], path: Path) -> None:
    """Weights and names of the modes."""
    torch.save({"state": network.state_dict(), "modes": list(modes)}, path)


def load(path: Path, recipe: Recipe) -> tuple[Network, list[str]]:
    """What ``save`` wrote."""
    saved = torch.load(path, weights_only=True)
    network = new_network(recipe, saved["modes"])
    network.load_state_dict(saved["state"])
    return network.eval(), saved["modes"]


def base_stage(work: Path, tokenizing: Tokenizing) -> Path:
    """Our own sentences alone."""
    path = work / "base.pt"
    if not path.exists():
        own = own_examples()
        modes = mode_names(own)
        log.info("base: %d sentences", len(own))
        save(train(own, modes, tokenizing, BASE), modes, path)
    return path


def fold_stage(work: Path, number: int, tokenizing: Tokenizing) -> Path:
    """One fold: weights in fold_N.pt, what they say about the held-out examples in fold_N.jsonl."""
    path = work / f"fold_{number}.pt"
    if path.exists():
        return path
    network, modes = load(base_stage(work, tokenizing), BASE)
    kept: list[Example] = []
    held: list[Example] = []
    for some in (plv_examples(), gsr_examples()):
        out = set(folds(some, FOLDS)[number])
        kept += [e for i, e in enumerate(some) if i not in out]
        held += [e for i, e in enumerate(some) if i in out]
    texts = {e.text for e in held}
    kept = [e for e in kept if e.text not in texts]
    log.info("fold %d: %d examples, %d held out", number, len(kept), len(held))
    network = train(kept + own_examples(), modes, tokenizing, replace(FOLD, seed=FOLD.seed + number), network)
    rows: list[dict[str, Any]] = predict_marked(network, held, tokenizing)
    rows += predict_unmarked(network, held, tokenizing)
    (work / f"fold_{number}.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    save(network, modes, path)
    return path


def mean_of(paths: Sequence[Path]) -> tuple[Network, list[str]]:
    """The mean of several networks' weights."""
    network, modes = load(paths[0], BASE)
    states = [load(path, BASE)[0].state_dict() for path in paths]
    network.load_state_dict({name: torch.stack([s[name] for s in states]).mean(0) for name in states[0]})
    return network.eval(), modes


def main() -> None:
    """All stages, or one."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--work", type=Path, default=Path(__file__).parent / "work")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--fold", type=int, action="append", help="only these folds, and no export")
    arguments = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    torch.set_num_threads(arguments.threads)
    arguments.work.mkdir(parents=True, exist_ok=True)
    tokenizing = Tokenizing(base_folder() / "tokenizer.json")
    paths = [fold_stage(arguments.work, n, tokenizing) for n in (arguments.fold or range(FOLDS))]
    if not arguments.fold:
        from training.finish import finish  # noqa: PLC0415 - needs what the folds left

        network, modes = mean_of(paths)
        finish(network, modes, arguments.work)


if __name__ == "__main__":
    main()
