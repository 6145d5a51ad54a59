"""The whole path on the bundled dossier: documents into a ledger, three relations, the brief with its leverage."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from detente.errors import BadInput

__all__ = ["BRIEF", "CORRIDOR", "DOSSIER", "LEDGER", "RELATIONS", "TIES", "Output", "outputs", "prepare"]

DOSSIER = "korea-2010-2014"
LEDGER = "korea.ledger"
RELATIONS = (("RUS", "PRK"), ("PRK", "CHN"), ("RUS", "KOR"))
BRIEF = RELATIONS[0]
# The worked files behind the brief's leverage, and what their copies are called.
CORRIDOR = ("korea", "korea.yaml")
TIES = ("korea-trade", "korea-trade.csv")


@dataclass(frozen=True, slots=True)
class Output:
    """A file that the demo leaves behind."""

    path: Path
    what: str


def prepare(folder: Path) -> Path:
    """The folder, made if need be, cleared of an earlier demo's ledger, with the corridor and the table of ties.

    BadInput where it cannot be made.
    """
    from detente.leverage import example  # noqa: PLC0415 - SciPy's and HiGHS' weight

    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name in (LEDGER, f"{LEDGER}.wal"):
            (folder / name).unlink(missing_ok=True)
        for worked, name in (CORRIDOR, TIES):
            if not (folder / name).exists():  # somebody may have changed a figure in the copy
                shutil.copyfile(example(worked), folder / name)
    except OSError as error:
        raise BadInput(f"cannot be used for the demo's outputs: {error.strerror}", str(folder)) from None
    return folder


def outputs(folder: Path) -> Iterator[Output]:
    """The files that the demo leaves in its folder."""
    a, b = BRIEF
    yield Output(folder / f"brief-{a}-{b}.html", "the brief: open it in a browser")
    yield Output(folder / f"brief-{a}-{b}.pdf", "the same to print and hand on")
    corridor, ties = folder / CORRIDOR[1], folder / TIES[1]
    yield Output(corridor, f"the corridor in it: change a figure and ask detente leverage {corridor}")
    yield Output(ties, f"the trade in it: detente leverage --dependence {ties} --over {b}")
    yield Output(folder / LEDGER, f"the ledger: ask it with detente relation {a} {b} --ledger {folder / LEDGER}")
