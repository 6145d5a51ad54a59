"""The whole recipe, one command: ``python -m training.recipe``.

1. ``base``: the base model's encoder and fresh heads, on our own sentences and on four fifths of plv_train and of the
   gold records.
2. ``second``: more of the same at a lower rate.
3. ``third``: the same again, with heads on an early layer too, which also learn to say what the last ones say. What the
   result says about the fifth that it has not seen is kept: it is the cross-validation (``--fold N`` runs another
   fifth), and sets the temperature of marked pairs.
4. ``final``: three more epochs with that fifth too, the gold records twice; exported to ONNX.

Every stage writes to ``--work`` and is skipped where its result is there already.
"""

from __future__ import annotations

import argparse
import json
import logging
from collections.abc import Sequence
from pathlib import Path

import torch
from torch import Tensor

from detente.coding.tokens import Tokenizing
from training.data import Example, gsr_examples, mode_names, own_examples, plv_examples
from training.evaluate import folds, predict_marked, predict_unmarked
from training.finish import finish
from training.network import Network, base_folder
from training.train import Recipe, new_network, train

log = logging.getLogger("training")

FOLDS = 5
BASE = Recipe(epochs=4, seed=1)
SECOND = Recipe(epochs=2, size=24, rate=8e-5, head_rate=8e-4, marked_share=0.3, seed=2)
THIRD = Recipe(epochs=2, size=24, rate=5e-5, head_rate=5e-4, marked_share=0.3, own_share=0.6, early=1.0, seed=3)
FINAL = Recipe(epochs=3, size=24, rate=7e-5, head_rate=6e-4, marked_share=0.2, early=0.7, seed=4)


def save(network: Network, modes: Sequence[str], path: Path) -> None:
    """Weights and names of the modes."""
    torch.save({"state": network.state_dict(), "modes": list(modes)}, path)


def load(path: Path, recipe: Recipe) -> tuple[Network, list[str]]:
    """What ``save`` wrote."""
    saved = torch.load(path, weights_only=True)
    network = new_network(recipe, saved["modes"])
    state = saved["state"]
    if not any(name.startswith("early_heads.") for name in state):  # the early exit starts as the last one's copy
        state |= {f"early_{name}": value for name, value in state.items() if name.startswith("heads.")}
    network.load_state_dict(state)
    return network.eval(), saved["modes"]


def split_examples(number: int) -> tuple[list[Example], list[Example]]:
    """Examples of the data sets outside a fold, and those in it; no sentence is in both."""
    kept: list[Example] = []
    held: list[Example] = []
    for some in (plv_examples(), gsr_examples()):
        out = set(folds(some, FOLDS)[number])
        kept += [e for i, e in enumerate(some) if i not in out]
        held += [e for i, e in enumerate(some) if i in out]
    texts = {e.text for e in held}
    return [e for e in kept if e.text not in texts], held


def stage(
    path: Path, before: Path | None, examples: Sequence[Example], recipe: Recipe, tokenizing: Tokenizing
) -> Network:
    """One stage of training, from what the stage before left, or from the base model; kept in ``path``."""
    if path.exists():
        return load(path, recipe)[0]
    network, modes = load(before, recipe) if before else (None, list(mode_names(list(examples))))
    log.info("%s: %d examples", path.stem, len(examples))

    def keep(number: int, average: dict[str, Tensor]) -> None:
        torch.save({"state": average, "modes": modes}, path.with_suffix(f".epoch{number}"))

    network = train(examples, modes, tokenizing, recipe, network, keep)
    save(network, modes, path)
    return network


def fold_stages(work: Path, number: int, tokenizing: Tokenizing) -> Path:
    """Base and second stage without one fold; what they say about it goes to fold_N.jsonl."""
    path = work / f"fold_{number}.pt"
    if not path.exists():
        kept, held = split_examples(number)
        base, second = work / f"fold_{number}_base.pt", work / f"fold_{number}_second.pt"
        examples = own_examples() + kept
        stage(base, None, examples, BASE, tokenizing)
        stage(second, base, examples, SECOND, tokenizing)
        network = stage(path, second, examples, THIRD, tokenizing)
        rows = predict_marked(network, held, tokenizing) + predict_unmarked(network, held, tokenizing)
        (work / f"fold_{number}.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    return path


def main() -> None:
    """All stages, or those of some folds."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--work", type=Path, default=Path(__file__).parent / "work")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--fold", type=int, action="append", help="only these folds, and no export")
    arguments = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    torch.set_num_threads(arguments.threads)
    arguments.work.mkdir(parents=True, exist_ok=True)
    tokenizing = Tokenizing(base_folder() / "tokenizer.json")
    for number in arguments.fold or [0]:
        fold_stages(arguments.work, number, tokenizing)
    if not arguments.fold:
        everything = own_examples() + plv_examples() + 2 * gsr_examples()
        path = arguments.work / "final.pt"
        stage(path, arguments.work / "fold_0.pt", everything, FINAL, tokenizing)
        finish(*load(path, FINAL), arguments.work)


if __name__ == "__main__":
    main()
