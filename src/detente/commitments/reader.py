"""What a report says about a promise, as a small network reads both together.

The lower layers are those of the coder's full reading and see each text by itself, so that a promise and a report are
taken through them once; three more layers, trained for this, see both (after DeFormer, Cao et al., ACL 2020).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache, cached_property
from pathlib import Path
from types import MappingProxyType
from typing import Literal

import numpy as np
import numpy.typing as npt
import onnxruntime as ort

from detente.coding.model import FULL, Model
from detente.commitments.model import Kind
from detente.errors import BadInput

__all__ = ["NOTHING", "TELLS", "Reader", "Told", "promise_text", "report_text"]

Told = Literal["none", "restate"] | Kind
NOTHING: tuple[Told, ...] = ("none", "restate")
TELLS: tuple[Told, ...] = (*NOTHING, "advance", "fulfil", "breach", "replace", "deny", "absent")
"""What a report may tell: nothing of the promise, the promise once more, or one of the kinds of follow-through."""
PAIRS = 8192
"""Pairs whose probabilities are kept: a document that arrives late has the later ones taken up again."""
REMEMBERED = 256
"""Texts whose lower layers are kept: the promises that a document is compared with, and its sentences."""

Floats = npt.NDArray[np.float32]


def promise_text(year: int, firmness: str, clause: str, sentence: str) -> str:
    """A promise as the reader takes it: when and how firmly made, the deed, and the sentence that states it."""
    words = f"{year}, {firmness}: {clause}"
    return words if clause == sentence else f"{words}. {sentence}"


def report_text(title: str | None, text: str) -> str:
    """A report as the reader takes it."""
    return f"{title.rstrip('.')}. {text}" if title else text


class Reader:
    """The graphs, loaded once when first asked. What is read of a pair does not depend on what is read beside it."""

    def __init__(self, model: Model, path: Path) -> None:
        self._model = model
        self._path = path
        self._lower: dict[str, Floats] = {}
        self._told: dict[tuple[str, str], Mapping[Told, float]] = {}

    @cached_property
    def _graph(self) -> ort.InferenceSession:
        """Loaded with the first pair: many a document is about no commitment."""
        options = ort.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.log_severity_level = 3
        try:
            return ort.InferenceSession(str(self._path), options, providers=["CPUExecutionProvider"])
        except Exception as error:
            raise BadInput(f"the reader's graph cannot be loaded: {error}", str(self._path)) from None

    @staticmethod
    @cache
    def default() -> Reader:
        """The packaged one."""
        here = Path(__file__).parent
        return Reader(Model(here.parent / "coding" / "model"), here / "reader.onnx")

    @property
    def model(self) -> Model:
        """The coder's model, whose layers it stands on."""
        return self._model

    def read(self, promise: str, report: str) -> Mapping[Told, float]:
        """The probability of each of ``TELLS``."""
        known = self._told.get((promise, report))
        if known is None:
            one, two = self._texts((promise, report))
            (told,) = self._graph.run(["told"], {"promise": one, "report": two})
            known = MappingProxyType(dict(zip(TELLS, map(float, told[0]), strict=True)))
            if len(self._told) >= PAIRS:
                self._told.clear()
            self._told[promise, report] = known
        return known

    def _texts(self, texts: Sequence[str]) -> list[Floats]:
        if len(self._lower) > REMEMBERED:
            self._lower.clear()
        for text in texts:
            if text not in self._lower:
                self._lower[text] = self._model.lower(text, FULL)
        return [self._lower[text] for text in texts]
