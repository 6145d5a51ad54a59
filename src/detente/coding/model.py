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
from itertools import chain, groupby
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import onnxruntime as ort

from detente.coding.tokens import Tokenizing, Tokens
from detente.errors import BadInput, BadOption

__all__ = ["FAST", "FULL", "Encoded", "Labels", "Model", "Numbers", "Padded", "padded_length"]

Floats = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int64]
NONE = "NONE"
WIDTH = 384
"""Of the encoder's hidden states."""

SLOWER_FUSED = ["SkipLayerNormFusion"]
"""Optimisations of the runtime that cost time on the CPU instead of saving it (0.8 ms of 6.6 a sentence)."""

LATEST = 8
"""Texts whose layers are remembered."""

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
class Padded:
    """Sentences of one padded length T after the encoder, as the heads take them."""

    hidden: Floats  # (B, T, width)
    mask: Floats  # (B, T)
    reading: str

    def take(self, rows: Sequence[int]) -> Padded:
        """Some of the sentences."""
        some = list(rows)
        return Padded(self.hidden[some], self.mask[some], self.reading)


@dataclass(frozen=True, slots=True)
class Encoded:
    """Sentences after the encoder, each as long as it is."""

    hidden: list[Floats]  # (T, width) each
    mentions: Floats  # (pieces of all sentences, 3) logits: outside, begin, inside
    reading: str

    def padded(self, rows: Sequence[int]) -> Padded:
        """Some of the sentences, of one padded length."""
        some = [self.hidden[i] for i in rows]
        shape = (len(some), padded_length(max(map(len, some))))
        hidden, mask = np.empty((*shape, WIDTH), np.float32), np.zeros(shape, np.float32)
        for row, states in enumerate(some):
            length = len(states)
            hidden[row, :length] = states
            hidden[row, length:] = 0
            mask[row, :length] = 1
        return Padded(hidden, mask, self.reading)


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
        self._latest: dict[tuple[str, str], tuple[Tokens, Floats, Floats]] = {}

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
        """What a reading's encoder makes of sentences."""
        order = sorted(range(len(sentences)), key=lambda i: len(sentences[i]))
        ids, shape, known, role = (
            np.asarray(list(chain.from_iterable(getattr(sentences[i], name) for i in order)), dtype=np.int64)
            for name in ("ids", "shape", "known", "role")
        )
        # the vector of a piece is made once, however often the piece occurs
        pieces, place = np.unique(ids, return_inverse=True)
        vectors = self._graphs["words"].run(["words"], {"ids": pieces[None]})[0][0]
        graph = self._graphs[f"{reading}/encoder"]
        result: dict[int, tuple[Floats, Floats]] = {}
        end = 0
        for length, some in groupby(order, key=lambda i: len(sentences[i])):
            rows = list(some)
            start, end = end, end + length * len(rows)
            feed = {
                name: values[start:end].reshape(-1, length)
                for name, values in (("shape", shape), ("known", known), ("role", role))
            }
            feed["words"] = vectors[place[start:end]].reshape(-1, length, WIDTH)
            result.update(zip(rows, zip(*graph.run(["hidden", "mentions"], feed), strict=True), strict=True))
        every = [result[i] for i in range(len(sentences))]
        return Encoded([hidden for hidden, _ in every], np.concatenate([logits for _, logits in every]), reading)

    def lower(self, text: str, reading: str) -> Floats:
        """A text (1, T, width) after the lower layers of a reading's encoder, without known actors."""
        return self._layers(text, reading)[1]

    def whole(self, text: str, reading: str) -> tuple[Tokens, Floats]:
        """The word pieces of a text and what a reading's encoder makes of them (T, width), without known actors."""
        tokens, _, hidden = self._layers(text, reading)
        return tokens, hidden[0]

    def _layers(self, text: str, reading: str) -> tuple[Tokens, Floats, Floats]:
        """Word pieces, lower layers and last layer; kept for the latest texts, as several ask for them."""
        key = (text, reading)
        known = self._latest.get(key)
        if known is not None:
            return known
        self.load(reading)
        (tokens,) = self.tokenizing([text])
        ids, shape, known_ids, role = (
            np.asarray([v], np.int64) for v in (tokens.ids, tokens.shape, tokens.known, tokens.role)
        )
        (words,) = self._graphs["words"].run(["words"], {"ids": ids})
        feed = {"words": words, "shape": shape, "known": known_ids, "role": role}
        lower, hidden = self._graphs[f"{reading}/encoder"].run(["lower", "hidden"], feed)
        found = tokens, np.asarray(lower, np.float32), np.asarray(hidden, np.float32)
        if len(self._latest) >= LATEST:
            self._latest.clear()
        self._latest[key] = found
        return found

    def pairs(self, encoded: Padded, spans: Ints, pairs: Ints) -> tuple[Floats, Floats]:
        """Type logits (B, P, types) and vectors (B, P, .) of pairs of spans."""
        feed = {"hidden": encoded.hidden, "mask": encoded.mask, "spans": spans, "pairs": pairs}
        types, vectors = self._graphs[f"{encoded.reading}/pairs"].run(["types", "vectors"], feed)
        return types, vectors

    def events(
        self, encoded: Padded, spans: Ints, vectors: Floats, types: Ints
    ) -> tuple[Floats, Floats, Floats, Floats]:
        """Status, mode and speaker logits (speakers: nobody, then the spans) and trigger weights, each (B, E, .)."""
        feed = {"hidden": encoded.hidden, "mask": encoded.mask, "spans": spans, "vectors": vectors, "types": types}
        graph = self._graphs[f"{encoded.reading}/events"]
        status, mode, speaker, trigger = graph.run(["status", "mode", "speaker", "trigger"], feed)
        return status, mode, speaker, trigger
