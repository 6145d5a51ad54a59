"""First pass over a text: tokens, and the names and role words among them."""

from __future__ import annotations

import datetime
import re
from bisect import bisect_left
from itertools import accumulate
from typing import NamedTuple

from detente.actors.lexicon import ANY, SPLIT, UPPER, Entry, Leaf, Node, fold_token

_GAPS = frozenset((" ", "-", "\n", "'", "’", "", "‑", "–", "/", "\u00a0", "  ", " (", "(", ")", "' ", "’ "))
"""What may stand between the tokens of one name; a full stop only after an abbreviation (``N. Korea``)."""
_ABBREVIATIONS = frozenset(("st", "gen", "lt", "maj", "col", "dr", "mr", "mt"))


class Tokens(NamedTuple):
    """A text cut into tokens: their words as written, folded, and where they start and end."""

    text: str
    words: list[str]
    folded: list[str]
    starts: list[int]
    ends: list[int]


class Hit(NamedTuple):
    """A phrase of the trie found at tokens ``first`` to ``last`` (exclusive), with its possible meanings."""

    first: int
    last: int
    leaf: Leaf


_ACRONYM = re.compile(r"[A-Z]\.(?:[A-Z]\.)+")


def tokenise(text: str) -> Tokens:
    """Cut a text into words; the full stop that ends an acronym belongs to its last letter."""
    parts = SPLIT.split(text)
    words = parts[1::2]
    bounds = list(accumulate(map(len, parts)))
    starts, ends = bounds[0 : 2 * len(words) : 2], bounds[1::2]
    for acronym in _ACRONYM.finditer(text):
        end = acronym.end() - 1
        at = bisect_left(ends, end)
        if at < len(ends) and ends[at] == end:
            ends[at] = end + 1
    folded = (
        [word.lower() for word in words]
        if text.isascii()
        else [word.lower() if word.isascii() else fold_token(word) for word in words]
    )
    return Tokens(text, words, folded, starts, ends)


def _written_as(entry: Entry, text: str) -> bool:
    if entry.case == ANY:
        return True
    if entry.case == UPPER:
        return text.isupper()
    return text[0].isupper() or not text[0].islower()


def _valid(leaf: Leaf, text: str, when: datetime.date) -> Leaf | None:
    """The meanings that spelling and day allow; None if there are none."""
    entries = leaf.entries
    kept = tuple(
        entry
        for entry in entries
        if _written_as(entry, text)
        and (entry.start is None or entry.start <= when)
        and (entry.end is None or when <= entry.end)
    )
    if len(kept) == len(entries):
        return leaf
    return Leaf(kept) if kept else None


def scan(cut: Tokens, trie: Node, when: datetime.date) -> list[Hit]:
    """All longest phrases of the trie in the text, left to right, without overlap, valid on the day."""
    text, _, folded, starts, ends = cut
    hits: list[Hit] = []
    free = 0
    count = len(folded)
    for first, node in enumerate(map(trie.get, folded)):
        if node is None or first < free:
            continue
        position = first + 1
        here: Node = node
        best: list[tuple[int, Leaf]] = []
        leaf = here.get(None)
        if leaf is not None:
            best.append((position, leaf))
        while position < count:
            after = here.get(folded[position])
            if after is None:
                break
            gap = text[ends[position - 1] : starts[position]]
            if gap not in _GAPS and not (gap in (". ", ".") and _abbreviated(folded[position - 1])):
                break
            here = after
            position += 1
            leaf = here.get(None)
            if leaf is not None:
                best.append((position, leaf))
        while best:
            last, leaf = best.pop()
            valid = leaf if leaf.always else _valid(leaf, text[starts[first] : ends[last - 1]], when)
            if valid is not None:
                hits.append(Hit(first, last, valid))
                free = last
                break
    return hits


def _abbreviated(word: str) -> bool:
    return len(word) == 1 or word in _ABBREVIATIONS
