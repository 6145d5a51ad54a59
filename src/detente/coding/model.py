"""The model: ONNX graphs for the encoder and the heads, and the numbers that belong to them.

Sentences are padded to a multiple of eight word pieces and put through with others of the same padded length only.
The activation scales are constants, so what comes out for a sentence does not depend on its companions.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import onnxruntime as ort

from detente.coding.tokens import Tokenizing, Tokens
from detente.errors import BadInput

__all__ = ["Encoded", "Labels", "Model", "padded_length"]

Floats = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int64]
NONE = "NONE"


@dataclass(frozen=True, slots=True)
class Labels:
    """Names of the heads' outputs, with the temperatures and thresholds that were set in cross-validation."""

    name: str
    version: str
    types: tuple[str, ...]
    statuses: tuple[str, ...]
    modes: tuple[str, ...]
    temperature: float
    """Divides the type logits of a pair that the coder found."""
    early_temperature: float
    """The same for the fast reading."""
    marked_temperature: float
    """Divides the type logits of a pair that was given."""
    threshold: float
    """Least probability that a pair has an event, of whichever type."""
    early_threshold: float
    """The same for the fast reading."""
    least_type: float
    """Least probability of an event's type, the first of a pair or a further one."""

    @classmethod
    def read(cls, path: Path) -> Labels:
        """From the model's labels.json."""
        try:
            raw: dict[str, Any] = json.loads(path.read_text("utf-8"))
            values: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else v for k, v in raw.items()}
            return cls(**values)
        except (OSError, ValueError, TypeError) as error:
            raise BadInput(f"not a model's labels: {error}", str(path)) from None


@dataclass(frozen=True, slots=True)
class Encoded:
    """Sentences of one padded length T after the encoder."""

    hidden: Floats  # (B, T, width)
    mask: Floats  # (B, T)
    mentions: Floats  # (B, T, 3) logits: outside, begin, inside
    early: bool  # after the lower layers only


def padded_length(pieces: int) -> int:
    """The length that a sentence of so many word pieces is padded to."""
    return max(8, -(-pieces // 8) * 8)


class Model:
    """The graphs, loaded once; safe to use from several threads."""

    def __init__(self, folder: Path, threads: int = 1) -> None:
        self.folder = folder
        self.labels = Labels.read(folder / "labels.json")
        self._threads = threads
        self._graphs: dict[str, ort.InferenceSession] = {}

    def _session(self, name: str) -> ort.InferenceSession:
        options = ort.SessionOptions()
        options.intra_op_num_threads = self._threads
        options.inter_op_num_threads = 1
        options.log_severity_level = 3
        try:
            return ort.InferenceSession(str(self.folder / name), options, providers=["CPUExecutionProvider"])
        except Exception as error:
            raise BadInput(f"the model's graph cannot be loaded: {error}", str(self.folder / name)) from None

    @cached_property
    def tokenizing(self) -> Tokenizing:
        """The vocabulary."""
        return Tokenizing(self.folder / "tokenizer.json")

    def load(self, *, fast: bool) -> None:
        """Load the graphs that a reading takes now, before threads share the model."""
        names = ["encoder", "pairs_early", "events_early"] if fast else ["encoder", "encoder_upper", "pairs", "events"]
        for name in names:
            self._graph(name)
        _ = self.tokenizing

    def _graph(self, name: str) -> Any:
        if name not in self._graphs:
            self._graphs[name] = self._session(f"{name}.onnx")
        return self._graphs[name]

    def encode(self, sentences: Sequence[Tokens], *, fast: bool = False) -> Encoded:
        """One pass of the encoder, or of its lower layers, over sentences that share a padded length."""
        width = padded_length(max(len(s) for s in sentences))
        feed = {name: np.zeros((len(sentences), width), dtype=np.int64) for name in ("ids", "shape", "known", "role")}
        mask = np.zeros((len(sentences), width), dtype=np.float32)
        for i, sentence in enumerate(sentences):
            for name, values in feed.items():
                values[i, : len(sentence)] = getattr(sentence, name)
            mask[i, : len(sentence)] = 1
        lengths = np.asarray([len(s) for s in sentences], dtype=np.int32)
        outputs = ["hidden", "mentions"]
        hidden, mentions = self._graph("encoder").run(outputs, feed | {"lengths": lengths})
        if not fast:
            hidden, mentions = self._graph("encoder_upper").run(outputs, {"early": hidden, "lengths": lengths})
        return Encoded(hidden, mask, mentions, fast)

    def pairs(self, encoded: Encoded, spans: Ints, pairs: Ints) -> tuple[Floats, Floats, Floats]:
        """Type logits (B, P, types), evidence weights (B, P, T) and vectors (B, P, .) of pairs of spans."""
        feed = {"hidden": encoded.hidden, "mask": encoded.mask, "spans": spans, "pairs": pairs}
        graph = self._graph("pairs_early" if encoded.early else "pairs")
        types, evidence, vectors = graph.run(["types", "evidence", "vectors"], feed)
        return types, evidence, vectors

    def events(
        self, encoded: Encoded, spans: Ints, vectors: Floats, types: Ints
    ) -> tuple[Floats, Floats, Floats, Floats]:
        """Status, mode and speaker logits (speakers: nobody, then the spans) and trigger weights, each (B, E, .)."""
        feed = {"hidden": encoded.hidden, "mask": encoded.mask, "spans": spans, "vectors": vectors, "types": types}
        graph = self._graph("events_early" if encoded.early else "events")
        status, mode, speaker, trigger = graph.run(["status", "mode", "speaker", "trigger"], feed)
        return status, mode, speaker, trigger
