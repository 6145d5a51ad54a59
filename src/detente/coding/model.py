"""The model: ONNX graphs for the encoder and the heads, and the numbers that belong to them.

The encoder takes sentences of one length together, without padding; the heads take sentences that are padded to the
same multiple of 16 word pieces. The activation scales are constants, so what comes out for a sentence does not depend
on its companions.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import onnxruntime as ort

from detente.coding.tokens import Tokenizing, Tokens
from detente.errors import BadInput, BadOption

__all__ = ["FAST", "FULL", "Encoded", "Labels", "Model", "Numbers", "padded_length"]

Floats = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int64]
NONE = "NONE"
WIDTH = 384
"""Of the encoder's hidden states."""

SLOWER_FUSED = ["SkipLayerNormFusion"]
"""Optimisations of the runtime that cost time on the CPU instead of saving it (0.8 ms of 6.6 a sentence)."""

FULL, FAST = "full", "fast"


@dataclass(frozen=True, slots=True)
class Numbers:
    """What goes with one reading, set on sentences that it was not trained on."""

    temperature: float
    """Divides the type logits of a pair that the coder found."""
    marked_temperature: float
    """Divides the type logits of a pair that was given."""
    threshold: float
    """Least probability that a pair has an event, of whichever type."""
    least_type: float
    """Least probability of an event's type, the first of a pair or a further one."""


@dataclass(frozen=True, slots=True)
class Labels:
    """Names of the heads' outputs, and the numbers of each reading."""

    name: str
    version: str
    types: tuple[str, ...]
    statuses: tuple[str, ...]
    modes: tuple[str, ...]
    readings: Mapping[str, Numbers]

    @classmethod
    def read(cls, path: Path) -> Labels:
        """From the model's labels.json."""
        try:
            raw: dict[str, Any] = json.loads(path.read_text("utf-8"))
            readings = {name: Numbers(**numbers) for name, numbers in raw.pop("readings").items()}
            values: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else v for k, v in raw.items()}
            return cls(**values, readings=readings)
        except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
            raise BadInput(f"not a model's labels: {error}", str(path)) from None


@dataclass(frozen=True, slots=True)
class Encoded:
    """Sentences of one padded length T after the encoder."""

    hidden: Floats  # (B, T, width)
    mask: Floats  # (B, T)
    mentions: Floats  # (B, T, 3) logits: outside, begin, inside
    reading: str

    def take(self, rows: Sequence[int]) -> Encoded:
        """Some of the sentences."""
        some = list(rows)
        return Encoded(self.hidden[some], self.mask[some], self.mentions[some], self.reading)


def padded_length(pieces: int) -> int:
    """The length that a sentence of so many word pieces is padded to for the heads."""
    return -(-pieces // 16) * 16


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
            return ort.InferenceSession(
                str(self.folder / name), options, providers=["CPUExecutionProvider"], disabled_optimizers=SLOWER_FUSED
            )
        except Exception as error:
            raise BadInput(f"the model's graph cannot be loaded: {error}", str(self.folder / name)) from None

    @cached_property
    def tokenizing(self) -> Tokenizing:
        """The vocabulary."""
        return Tokenizing(self.folder / "tokenizer.json")

    def load(self, reading: str) -> Numbers:
        """Load the graphs of a reading now, before threads share the model; its numbers."""
        if reading not in self.labels.readings:
            raise BadOption("reading", reading, tuple(self.labels.readings))
        for name in ("words", f"{reading}/encoder", f"{reading}/pairs", f"{reading}/events"):
            if name not in self._graphs:
                self._graphs[name] = self._session(f"{name}.onnx")
        _ = self.tokenizing
        return self.labels.readings[reading]

    def encode(self, sentences: Sequence[Tokens], reading: str) -> Encoded:
        """What a reading's encoder makes of sentences that share a padded length."""
        by_length: dict[int, list[int]] = {}
        for i, sentence in enumerate(sentences):
            by_length.setdefault(len(sentence), []).append(i)
        width = padded_length(max(by_length))
        shape = (len(sentences), width)
        hidden, mask, mentions = (np.zeros((*shape, *more), np.float32) for more in ((WIDTH,), (), (3,)))
        for length, rows in by_length.items():
            some = [sentences[i] for i in rows]
            hidden[rows, :length], mentions[rows, :length] = self._encode(some, reading)
            mask[rows, :length] = 1
        return Encoded(hidden, mask, mentions, reading)

    def _encode(self, sentences: Sequence[Tokens], reading: str) -> tuple[Floats, Floats]:
        """Hidden states and mention logits of sentences of one length."""
        ids, shape, known, role = (
            np.asarray(values, dtype=np.int64)
            for values in zip(*((s.ids, s.shape, s.known, s.role) for s in sentences), strict=True)
        )
        (words,) = self._graphs["words"].run(["words"], {"ids": ids})
        feed = {"words": words, "shape": shape, "known": known, "role": role}
        hidden, mentions = self._graphs[f"{reading}/encoder"].run(["hidden", "mentions"], feed)
        return hidden, mentions

    def lower(self, text: str, reading: str) -> Floats:
        """A text (1, T, width) after the lower layers of a reading's encoder, without known actors."""
        self.load(reading)
        (tokens,) = self.tokenizing([text])
        ids, shape, known, role = (
            np.asarray([v], np.int64) for v in (tokens.ids, tokens.shape, tokens.known, tokens.role)
        )
        (words,) = self._graphs["words"].run(["words"], {"ids": ids})
        feed = {"words": words, "shape": shape, "known": known, "role": role}
        (lower,) = self._graphs[f"{reading}/encoder"].run(["lower"], feed)
        return np.asarray(lower, np.float32)

    def pairs(self, encoded: Encoded, spans: Ints, pairs: Ints) -> tuple[Floats, Floats]:
        """Type logits (B, P, types) and vectors (B, P, .) of pairs of spans."""
        feed = {"hidden": encoded.hidden, "mask": encoded.mask, "spans": spans, "pairs": pairs}
        types, vectors = self._graphs[f"{encoded.reading}/pairs"].run(["types", "vectors"], feed)
        return types, vectors

    def events(
        self, encoded: Encoded, spans: Ints, vectors: Floats, types: Ints
    ) -> tuple[Floats, Floats, Floats, Floats]:
        """Status, mode and speaker logits (speakers: nobody, then the spans) and trigger weights, each (B, E, .)."""
        feed = {"hidden": encoded.hidden, "mask": encoded.mask, "spans": spans, "vectors": vectors, "types": types}
        graph = self._graphs[f"{encoded.reading}/events"]
        status, mode, speaker, trigger = graph.run(["status", "mode", "speaker", "trigger"], feed)
        return status, mode, speaker, trigger
