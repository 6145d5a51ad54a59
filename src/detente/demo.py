"""The whole path on the bundled dossier: documents into a ledger, three relations, the brief."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from detente.errors import BadInput

__all__ = ["BRIEF", "DOSSIER", "LEDGER", "RELATIONS", "Output", "outputs", "prepare"]

DOSSIER = "korea-2010-2014"
LEDGER = "korea.ledger"
RELATIONS = (("RUS", "PRK"), ("PRK", "CHN"), ("RUS", "KOR"))
BRIEF = RELATIONS[0]


@dataclass(frozen=True, slots=True)
class Output:
    """A file that the demo leaves behind."""

    path: Path
    what: str


def prepare(folder: Path) -> Path:
    """The folder, made if need be and cleared of an earlier demo's ledger; BadInput where it cannot be made."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name in (LEDGER, f"{LEDGER}.wal"):
            (folder / name).unlink(missing_ok=True)
    except OSError as error:
        raise BadInput(f"cannot be used for the demo's outputs: {error.strerror}", str(folder)) from None
    return folder


def outputs(folder: Path) -> Iterator[Output]:
    """The files that the demo leaves in its folder."""
    a, b = BRIEF
    yield Output(folder / f"brief-{a}-{b}.html", "the brief: open it in a browser")
    yield Output(folder / f"brief-{a}-{b}.pdf", "the same to print and hand on")
    yield Output(folder / LEDGER, f"the ledger: ask it with detente relation {a} {b} --ledger {folder / LEDGER}")
