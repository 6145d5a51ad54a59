"""Sentences as the model's input: word pieces with their offsets, letter case, known actors and role marks.

The base vocabulary is lower-cased, so the case of a word, which tells names apart, comes as a separate id. What the
gazetteer knows comes as another, and where the pair is given (``Coder.classify``) the roles as a third.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

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

_BASE = {kind: 1 + 2 * number for number, kind in enumerate(KNOWN_KINDS)}


@dataclass(frozen=True, slots=True)
class Tokens:
    """One sentence as lists of equal length (word pieces, with the two special ones at the ends)."""

    text: str
    ids: list[int]
    shape: list[int]
    known: list[int]
    role: list[int]
    start: list[int]
    """Character offset of each piece in the sentence."""
    end: list[int]
    first: list[bool]
    """Whether a piece starts a word."""
    truncated: bool

    def __len__(self) -> int:
        return len(self.ids)

    def pieces(self, start: int, end: int) -> tuple[int, int] | None:
        """First and last piece that touch a character span, or None where the model does not see the span."""
        last = len(self.ids) - 1
        low, high = bisect_right(self.end, start, 1, last), bisect_left(self.start, end, 1, last) - 1
        return (low, high) if low <= high else None


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


class _Word(NamedTuple):
    """The pieces of a word as it is written."""

    ids: list[int]
    shape: list[int]
    first: list[bool]
    start: list[int]
    end: list[int]


_PLAIN = re.compile(r"[\t\n\r -Z\\-~À-ÖØ-öø-ž‘’“”–—…]*")
"""Texts whose words can be cut one by one: nothing that the vocabulary's rules drop, and no bracket, which could open a
special token."""
_WORD = re.compile(r"[A-Za-z0-9À-ÖØ-öø-ž]+|\S")
REMEMBERED = 32768
"""Words whose pieces are kept; of 38,000 sentences of news 99 % of the words were among them."""


class Tokenizing:
    """The word-piece vocabulary, loaded once; it remembers the pieces of words."""

    def __init__(self, path: Path) -> None:
        self._tokenizer = Tokenizer.from_file(str(path))
        self._tokenizer.no_padding()
        self._tokenizer.no_truncation()
        self._opening, self._closing = self._tokenizer.encode("").ids
        self._words: dict[str, _Word] = {}

    def __call__(self, texts: Sequence[str]) -> list[Tokens]:
        """Tokens of each sentence, without known actors or roles (``mark`` adds them)."""
        return [self._tokens(text) for text in texts]

    def _tokens(self, text: str) -> Tokens:
        if not _PLAIN.fullmatch(text):
            return self._assembled(text, [(0, self._cut(text))])
        words, known = [], self._words
        at = 0
        for word in _WORD.findall(text):
            at = text.find(word, at)  # only white space stands between words
            pieces = known.get(word)
            if pieces is None:
                if len(known) >= REMEMBERED:
                    known.clear()
                pieces = known[word] = self._cut(word)
            words.append((at, pieces))
            at += len(word)
        return self._assembled(text, words)

    def _cut(self, text: str) -> _Word:
        """The pieces of a text by the vocabulary's own rules."""
        # lone surrogates cannot pass into the tokenizer; one character stands for each, so offsets hold
        safe = text.encode("utf-8", "replace").decode("utf-8")
        encoding: Any = self._tokenizer.encode(safe, add_special_tokens=False)
        words, offsets = encoding.word_ids, encoding.offsets
        first = [i == 0 or word != words[i - 1] for i, word in enumerate(words)]
        shape = [_shape(text[a:b] or "?", one) for (a, b), one in zip(offsets, first, strict=True)]
        return _Word(encoding.ids, shape, first, [a for a, _ in offsets], [b for _, b in offsets])

    def _assembled(self, text: str, words: Sequence[tuple[int, _Word]]) -> Tokens:
        """Tokens of a sentence from its words and where they start."""
        ids, shape, first = [self._opening], [0], [False]
        for _, word in words:
            ids += word.ids
            shape += word.shape
            first += word.first
        start = [0, *(at + low for at, word in words for low in word.start)]
        end = [0, *(at + high for at, word in words for high in word.end)]
        truncated = len(ids) >= MAX_TOKENS
        if truncated:
            for values in (ids, shape, first, start, end):
                del values[MAX_TOKENS - 1 :]
        ids.append(self._closing)
        shape.append(0)
        first.append(False)
        start.append(0)
        end.append(0)
        zeros = [0] * len(ids)
        return Tokens(text, ids, shape, zeros, zeros, start, end, first, truncated)


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
    known_ids, role = [0] * len(tokens), [0] * len(tokens)
    for start, end, kind in known:
        pieces = tokens.pieces(start, end)
        if pieces is not None:
            base = _BASE[kind]
            known_ids[pieces[0]] = base
            known_ids[pieces[0] + 1 : pieces[1] + 1] = [base + 1] * (pieces[1] - pieces[0])
    for number, span in ((1, actor), (2, recipient)):
        pieces = tokens.pieces(*span) if span is not None else None
        if pieces is not None:
            role[pieces[0] : pieces[1] + 1] = [number] * (pieces[1] - pieces[0] + 1)
    return Tokens(
        tokens.text, tokens.ids, tokens.shape, known_ids, role, tokens.start, tokens.end, tokens.first, tokens.truncated
    )
