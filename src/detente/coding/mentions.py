"""Mentions of a sentence: what the mention head marks, tidied, and the known actors that it missed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain, pairwise

import numpy as np
import numpy.typing as npt

from detente.coding.model import Floats
from detente.coding.tokens import Tokens

__all__ = ["MAX_MENTIONS", "find_mentions", "joined_groups", "located", "marked", "softmax"]

MAX_MENTIONS = 14
"""Mentions of a sentence that are paired with each other; the surest are kept. A sentence of news has about three."""


OUTSIDE = 0.5
"""From this probability on a word stands outside mentions."""

SURELY_OUTSIDE = 0.85
"""Known places up to this probability of standing outside are read as mentions: on held-out sentences, taking all of
them cost precision (F1 of whole events 0.450 instead of 0.456), taking none lost places that are attacked."""

_LINKS = frozenset("and or of in by for with to from at on against between that which who".split())  # noqa: SIM905
_ARTICLES = frozenset(("the", "a", "an", "some", "its", "his", "their"))
_NOT_AT_START = _LINKS
"""Words that no mention starts with, whatever the model says."""
_NOT_AT_END = _LINKS | {"the", "a", "an"}
_JOINED = re.compile(r"\s*(?:,|,?\s*(?:and|or|&|plus|as well as|along with|together with))\s*", re.IGNORECASE)
"""What stands between two mentions that share a role."""

_PLACED = re.compile(r"\b(?:in|near|inside|outside)\s+(?:the\s+)?\Z", re.IGNORECASE)


def softmax(logits: Floats, temperature: float = 1.0) -> npt.NDArray[np.float64]:
    """Probabilities along the last axis."""
    p = logits.astype(np.float64)  # one array throughout: the pairs of a batch are many
    p /= temperature
    p -= p.max(-1, keepdims=True)
    np.exp(p, out=p)
    p /= p.sum(-1, keepdims=True)
    return p


@dataclass(frozen=True, slots=True)
class Marked:
    """What the mention head says of a sentence."""

    spans: list[tuple[int, int, float]]
    """Spans of word pieces that it marks, with the probability of their beginning."""
    outside: list[float]
    """Probability of each piece of standing outside mentions."""


def marked(logits: Floats, sentences: Sequence[Tokens]) -> list[Marked]:
    """What the mention head says of sentences; logits of all their pieces, one after the other.

    A word is tagged by its first piece: 0 outside, 1 begin, 2 inside. A mention begins at a 1, or at a 2 that follows
    no other word of a mention, and goes on while words are tagged 2.
    """
    p = softmax(logits)
    bounds = np.cumsum([0, *map(len, sentences)])
    word = np.flatnonzero(np.asarray(list(chain.from_iterable(tokens.first for tokens in sentences)), dtype=bool))
    tags = np.where(p[word, 0] >= OUTSIDE, 0, 1 + p[word, 1:].argmax(-1))
    number = np.searchsorted(bounds, word, side="right") - 1
    same = np.concatenate([number[1:] == number[:-1], [False]])  # whether the next word is of the same sentence
    further = np.zeros(len(word), dtype=bool)
    further[1:] = (tags[1:] == 2) & (tags[:-1] != 0) & same[:-1]
    first = np.flatnonzero((tags != 0) & ~further)
    final = np.flatnonzero((tags != 0) & ~np.append(further[1:], False))
    after = np.where(same, np.append(word[1:], 0), bounds[number + 1] - 1)
    offsets = bounds[number[first]]
    spans: list[list[tuple[int, int, float]]] = [[] for _ in sentences]
    for n, start, end, outside in zip(
        number[first].tolist(),
        (word[first] - offsets).tolist(),
        (after[final] - 1 - offsets).tolist(),
        p[word[first], 0].tolist(),
        strict=True,
    ):
        trimmed = _trim((start, end, 1 - outside), sentences[n])
        if trimmed is not None:
            spans[n].append(trimmed)
    outsides = p[:, 0].tolist()
    return [Marked(some, outsides[a:b]) for some, (a, b) in zip(spans, pairwise(bounds.tolist()), strict=True)]


def _trim(span: tuple[int, int, float], tokens: Tokens) -> tuple[int, int, float] | None:
    """A span without function words and punctuation at its ends; None where nothing is left."""
    starts = [i for i in range(span[0], span[1] + 1) if tokens.first[i]]

    def word(n: int) -> str:
        return tokens.text[tokens.start[starts[n]] : tokens.end[starts[n]]].lower()

    low, high = 0, len(starts) - 1
    while low <= high and ((first := word(low)) in _NOT_AT_START or not first[:1].isalnum()):
        low += 1
    while high >= low and ((last := word(high)) in _NOT_AT_END or (not last[:1].isalnum() and last not in ").'\"")):
        high -= 1
    if low > high or (high == low and first in _ARTICLES):
        return None
    return starts[low], starts[high + 1] - 1 if high + 1 < len(starts) else span[1], span[2]


def find_mentions(
    head: Marked, tokens: Tokens, known: Iterable[tuple[int, int, str]]
) -> tuple[list[tuple[int, int]], int]:
    """Mentions of a sentence as spans of word pieces, in order, and how many were over MAX_MENTIONS.

    They are what the head marks, the known actors (character spans and kind) that it missed, and known places of which
    it is in doubt: a place is mostly only where something happens, but may be what is attacked or helped.
    """
    spans = list(head.spans)
    for start, end, kind in known:
        pieces = tokens.pieces(start, end)
        if pieces is None or (kind == "place" and head.outside[pieces[0]] > SURELY_OUTSIDE):
            continue
        if all(pieces[1] < a or pieces[0] > b for a, b, _ in spans):
            spans.append((*pieces, 0.4))
    spans = _adjoined(spans)
    kept = sorted(sorted(spans, key=lambda s: (-s[2], s[0]))[:MAX_MENTIONS])
    return [(start, end) for start, end, _ in kept], len(spans) - len(kept)


def _adjoined(spans: Sequence[tuple[int, int, float]]) -> list[tuple[int, int, float]]:
    """Spans with nothing between them as one: of 14,000 neighbours in labelled sentences, 6 are two mentions.

    Mostly a description and the name after it ("human rights watchdog Amnesty International").
    """
    result: list[tuple[int, int, float]] = []
    for start, end, p in sorted(spans):
        if result and result[-1][1] + 1 == start:
            first, _, other = result.pop()
            result.append((first, end, max(p, other)))
        else:
            result.append((start, end, p))
    return result


def located(text: str, mentions: Sequence[tuple[int, int]]) -> set[int]:
    """Numbers, from 1, of the mentions in a phrase of place ("in Geneva"), who do not act themselves."""
    starts = enumerate((start for start, _ in mentions), start=1)
    return {number for number, start in starts if _PLACED.search(text, max(start - 16, 0), start)}


def joined_groups(text: str, mentions: Sequence[tuple[int, int]]) -> list[int]:
    """For NULL and each mention the number of its group; mentions joined by "and" or a comma share one."""
    groups = [0]
    for i, (start, _) in enumerate(mentions):
        linked = i > 0 and _JOINED.fullmatch(text[mentions[i - 1][1] : start]) is not None
        groups.append(groups[-1] if linked else i + 1)
    return groups
