"""Sentences as the model's input: word pieces with their offsets, letter case, known actors and role marks.

The base vocabulary is lower-cased, so the case of a word, which tells names apart, comes as a separate id. What the
gazetteer knows comes as another, and where the pair is given (``Coder.classify``) the roles as a third.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from tokenizers import Tokenizer

from detente.actors import Mention

__all__ = ["KNOWN_KINDS", "MAX_TOKENS", "SHAPES", "Tokenizing", "Tokens", "known_spans", "mark"]

MAX_TOKENS = 160
"""Word pieces of a sentence that the model sees; 99.9 % of news sentences are shorter."""

SHAPES = ("special", "lower", "title", "upper", "digit", "punctuation", "piece")
KNOWN_KINDS = ("state", "agency", "person", "organisation", "group", "place")
"""Kinds of known actors as the model sees them; id 0 is none, then begin and inside for each kind."""

KNOWN_KIND: dict[str, str] = {
    "country": "state", "government": "state", "agency": "agency", "role": "agency", "people": "agency",
    "person": "person", "former": "person", "organisation": "organisation", "company": "organisation",
    "armed group": "group", "place": "place", "modifier": "place",
}  # fmt: skip
"""Kinds of the gazetteer's mentions as the model's."""

IntArray = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Tokens:
    """One sentence as arrays of equal length (word pieces, with the two special ones at the ends)."""

    text: str
    ids: IntArray
    shape: IntArray
    known: IntArray
    role: IntArray
    start: IntArray
    """Character offset of each piece in the sentence."""
    end: IntArray
    first: npt.NDArray[np.bool_]
    """Whether a piece starts a word."""
    truncated: bool

    def __len__(self) -> int:
        return len(self.ids)

    def pieces(self, start: int, end: int) -> tuple[int, int] | None:
        """First and last piece that touch a character span, or None where the model does not see the span."""
        inside = np.flatnonzero((self.start < end) & (self.end > start) & (self.end > self.start))
        return (int(inside[0]), int(inside[-1])) if len(inside) else None


@lru_cache(65536)
def _shape(text: str, first: bool) -> int:
    if not first:
        return 6
    head = text[0]
    if head.isdigit():
        return 4
    if not head.isalpha():
        return 5
    if head.islower() or not head.isupper():
        return 1
    return 3 if len(text) > 1 and text.isupper() else 2


class Tokenizing:
    """The word-piece vocabulary, loaded once."""

    def __init__(self, path: Path) -> None:
        self._tokenizer = Tokenizer.from_file(str(path))
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(MAX_TOKENS)

    def __call__(self, texts: Sequence[str]) -> list[Tokens]:
        """Tokens of each sentence, without known actors or roles (``mark`` adds them)."""
        return [self._tokens(text, encoding) for text, encoding in zip(texts, self._encode(texts), strict=True)]

    def _encode(self, texts: Sequence[str]) -> list[Any]:
        # lone surrogates cannot pass into the tokenizer; one character stands for each, so offsets hold
        safe = [text.encode("utf-8", "replace").decode("utf-8") for text in texts]
        return list(self._tokenizer.encode_batch(safe))

    @staticmethod
    def _tokens(text: str, encoding: Any) -> Tokens:
        words: list[int | None] = encoding.word_ids
        offsets = np.asarray(encoding.offsets, dtype=np.int64).reshape(-1, 2)
        first = np.zeros(len(words), dtype=np.bool_)
        shape = np.zeros(len(words), dtype=np.int64)
        last: int | None = None
        for i, word in enumerate(words):
            if word is None:
                continue
            first[i] = word != last
            last = word
            shape[i] = _shape(text[offsets[i, 0] : offsets[i, 1]] or "?", bool(first[i]))
        zeros = np.zeros(len(words), dtype=np.int64)
        return Tokens(
            text=text,
            ids=np.asarray(encoding.ids, dtype=np.int64),
            shape=shape,
            known=zeros,
            role=zeros,
            start=offsets[:, 0],
            end=offsets[:, 1],
            first=first,
            truncated=bool(encoding.overflowing),
        )


def known_spans(mentions: Iterable[Mention], start: int, end: int) -> list[tuple[int, int, str]]:
    """The gazetteer's mentions inside [start, end) of a document, with offsets from ``start`` and the model's kind."""
    return [(m.start - start, m.end - start, KNOWN_KIND[m.kind]) for m in mentions if m.start >= start and m.end <= end]


def mark(
    tokens: Tokens,
    known: Iterable[tuple[int, int, str]] = (),
    actor: tuple[int, int] | None = None,
    recipient: tuple[int, int] | None = None,
) -> Tokens:
    """The same tokens with known actors (character spans and kind) and the roles of a given pair set."""
    known_ids, role = np.zeros_like(tokens.ids), np.zeros_like(tokens.ids)
    for start, end, kind in known:
        pieces = tokens.pieces(start, end)
        if pieces is not None:
            base = 1 + 2 * KNOWN_KINDS.index(kind)
            known_ids[pieces[0]] = base
            known_ids[pieces[0] + 1 : pieces[1] + 1] = base + 1
    for number, span in ((1, actor), (2, recipient)):
        pieces = tokens.pieces(*span) if span is not None else None
        if pieces is not None:
            role[pieces[0] : pieces[1] + 1] = number
    return replace(tokens, known=known_ids, role=role)
