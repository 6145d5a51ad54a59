"""The whole recipe, one command: ``python -m training.recipe``.

1. ``own``: the base model's encoder and fresh heads, on our own sentences alone.
2. ``fold_N``: the data sets too, without one third of their texts; three times. What the results say about the third
   that they have not seen is the cross-validation.
3. ``full``: the same with all of the data sets, and with the sentences that were written with their errors in view.
4. ``fast``: a smaller network learns from ``full``, on our sentences, the data sets and unlabelled stories.
5. The report of the cross-validation (``work/report.json``), and the export to ONNX.

Every stage writes to ``--work`` and is skipped where its result is there already; ``--stage`` runs one alone.
"""

from __future__ import annotations

import argparse
import logging
from collections.abc import Sequence
from pathlib import Path

import torch
from torch import Tensor

from detente.coding.tokens import Tokenizing
from detente.records import STATUSES
from training.data import FOLDS, TYPES, Example, fold_of, gsr_examples, mode_names, own_examples, plv_examples
from training.distil import taught_examples
from training.finish import cross_validation, finish
from training.network import Network, base_folder
from training.train import Recipe, new_network, train

log = logging.getLogger("training")

OWN = Recipe(epochs=5, marked_share=0.4, seed=1)
SETS = Recipe(
    epochs=3, size=24, rate=7e-5, head_rate=6e-4, marked_share=1.0, own_share=0.25, repeat=3, seed=2,
)  # fmt: skip
FAST = Recipe(
    depth=2, inner=768, epochs=4, size=24, rate=3e-4, head_rate=6e-4, layer_decay=1.0, marked_share=0.2, seed=3
)
KEEP = (0, 3)
"""Layers of the full network that the fast one begins with; LOG.md has what was tried."""
STAGES = ("own", *(f"fold_{n}" for n in range(FOLDS)), "full", "fast", "report", "export")


def save(network: Network, modes: Sequence[str], path: Path) -> None:
    """Weights and names of the modes."""
    torch.save({"state": network.state_dict(), "modes": list(modes)}, path)


def load(path: Path, recipe: Recipe) -> tuple[Network, list[str]]:
    """What ``save`` wrote."""
    saved = torch.load(path, weights_only=True)
    network = Network(len(TYPES), len(STATUSES), len(saved["modes"]), recipe.depth, recipe.inner)
    network.load_state_dict(saved["state"])
    return network.eval(), saved["modes"]


def set_examples() -> list[Example]:
    """The data sets; gold records, which are few, twice."""
    return plv_examples() + 2 * gsr_examples()


def stage(path: Path, network: Network, modes: Sequence[str], examples: Sequence[Example], recipe: Recipe) -> None:
    """One stage of training; kept in ``path``, after every epoch beside it."""
    log.info("%s: %d examples", path.stem, len(examples))

    def keep(number: int, average: dict[str, Tensor]) -> None:
        torch.save({"state": average, "modes": list(modes)}, path.with_suffix(f".epoch{number}"))

    tokenizing = Tokenizing(base_folder() / "tokenizer.json")
    save(train(examples, modes, tokenizing, recipe, network, keep), modes, path)


def run(name: str, work: Path) -> None:
    """A stage by its name, unless its result is there."""
    path = work / f"{name}.pt"
    if path.exists():
        return
    if name == "own":
        examples = own_examples(conventions=False)
        modes = mode_names(own_examples())
        stage(path, new_network(OWN, modes), modes, examples, OWN)
    elif name.startswith("fold_") or name == "full":
        left_out = int(name.removeprefix("fold_")) if name != "full" else None
        some = [e for e in set_examples() if fold_of(e.text) != left_out]
        stage(path, *load(work / "own.pt", OWN), own_examples(conventions=name == "full") + some, SETS)
    elif name == "fast":
        teacher, modes = load(work / "full.pt", SETS)
        student = Network(len(TYPES), len(STATUSES), len(modes), FAST.depth, FAST.inner)
        student.load_pruned(teacher, KEEP)
        taught = taught_examples(teacher, modes, work / "teacher")
        stage(path, student, modes, own_examples() + set_examples() + taught, FAST)
    elif name == "report":
        folds = [load(work / f"fold_{number}.pt", SETS) for number in range(FOLDS)]
        cross_validation(folds, work)
    else:
        full, modes = load(work / "full.pt", SETS)
        finish({"full": full, "fast": load(work / "fast.pt", FAST)[0]}, modes, work)


def main() -> None:
    """All stages, or some."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--work", type=Path, default=Path(__file__).parent / "work")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--stage", choices=STAGES, action="append")
    arguments = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    torch.set_num_threads(arguments.threads)
    arguments.work.mkdir(parents=True, exist_ok=True)
    for name in arguments.stage or STAGES:
        run(name, arguments.work)


if __name__ == "__main__":
    main()
