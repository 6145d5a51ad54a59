"""Everything that a coder can be told, checked once."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from detente.coding.model import FAST, FULL
from detente.errors import BadInput, BadOption, NotFound

__all__ = ["MODEL_FOLDER", "CodingOptions"]

MODEL_FOLDER = Path(__file__).parent / "model"


@dataclass(frozen=True, slots=True, kw_only=True)
class CodingOptions:
    """How documents are coded; wrong values raise BadOption, BadInput or NotFound at once."""

    threshold: float | None = None
    """Least probability that a pair has an event, of whichever type; None takes the model's own (see its card)."""
    gazetteer: Path | None = None
    """YAML file with actors of the user's own, added to the known ones."""
    corrections: Path | None = None
    """JSON Lines file of corrections, applied to what is coded."""
    threads: int = 0
    """Cores to use; 0 is all, at most 4. Where there is much to code, each further one is a process of its own.
    Results do not depend on it."""
    batch: int = 16384
    """Word pieces that go to the model at once: as many as a chunk of documents has. Results do not depend on it."""
    fast: bool = False
    """Read all sentences with the small network alone: quicker, less exact (docs/speed.md, docs/accuracy.md)."""
    full: bool = False
    """Read all sentences with the large network alone; otherwise it reads those of which the small one is not sure."""
    explain: bool = False
    """Keep the deciding words and the runner-up types of each event (``Coded.explanations``)."""
    model: Path = MODEL_FOLDER
    """Folder of the model."""

    def __post_init__(self) -> None:
        if self.threshold is not None and not 0.0 < self.threshold < 1.0:
            raise BadOption("threshold", self.threshold, ["a probability between 0 and 1"])
        if self.threads < 0:
            raise BadOption("threads", self.threads, ["0 (all cores)", "1", "2", "..."])
        if self.batch < 1:
            raise BadOption("batch", self.batch, ["a number of word pieces from 1 on"])
        if self.fast and self.full:
            raise BadOption("reading", "fast and full", ["fast", "full", "neither, for both networks"])
        for name in ("gazetteer", "corrections"):
            path = getattr(self, name)
            if path is not None and not Path(path).is_file():
                raise NotFound(f"{name} file", path)
        if not (self.model / "labels.json").is_file():
            raise BadInput("no model in this folder", str(self.model))

    @property
    def workers(self) -> int:
        """The number of processes that are used, this one included."""
        return self.threads or min(4, os.cpu_count() or 1)

    @property
    def networks(self) -> tuple[str, ...]:
        """The networks that read a sentence, each if the one before was not sure."""
        return (FAST,) if self.fast else (FULL,) if self.full else (FAST, FULL)
