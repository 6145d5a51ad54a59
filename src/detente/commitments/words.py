"""Words of a text as linking sees them: light stems, general concepts, weights."""

from __future__ import annotations

import importlib.resources
import math
import re
from collections.abc import Iterable
from functools import cache, lru_cache

__all__ = ["COMMON", "Words", "content", "sharing", "stem", "topic", "weight"]

_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*|\d[\d.,]*", re.UNICODE)
_FIGURE = re.compile(r"(?<![\d.,])(?!(?:1[89]|20)\d\d\b)\d[\d,]*(?:\.\d+)?(?<!,)(?<=\d{2}|\.\d)(?![\d.,]*\d)")
"""Figures of two digits and more that are no years: the sum of 335 million is known again by its figure."""
_SUFFIXES = (
    "isations", "isation", "izations", "ization", "ifications", "ification", "ations", "ation", "ments", "ment",
    "ions", "ion", "ings", "ing", "ors", "ers", "als", "ised", "ized", "ises", "ise", "ize", "ies", "ed", "es", "al",
    "or", "er", "ly", "ory", "s", "e", "y",
)  # fmt: skip


def _several(text: str) -> frozenset[str]:
    return frozenset(text.split())


COMMON = _several("""
a about above according across after again against ago ahead all almost along already also although always am among an
and another any anybody anyone anything are around as ask asked at away back be became because become been before began
begin being below between big both but by came can cannot carry case cause come could course day days did do does done
down due during each early either else end enough even ever every far few first five for former four from full further
gave general get give given go goes going gone good got great had half has have having he her here him his hold home how
however if in instead into is it its itself just keep kept know known large last late later least led left less let life
like little long look lot made main make man many may me mean member men met might million month months more most mr mrs
much must my near nearly need neither never new next nine no nobody none nor not nothing now number of off office often
on once one only onto or other others our out over own page paper part past per place plan plans point public put quite
rather ready really reach reached report reported reports rest right run said same saw say saying says second see seem
seen sent set seven several shall she short should show side sides since six small so some soon speak spoke spoken stand
stands state statement states still such take taken ten text than that the their them themselves then there these they
thing third this those though three through thus till time times to today together told too took toward towards turn
turned twelve two under until up upon us use used very want wanted was way we week weeks well went were what when where
whether which while who whole whose why will with within without word words work would year years yet you young
monday tuesday wednesday thursday friday saturday sunday january february march april june july august september october
november december spring summer autumn winter north south east west northern southern eastern western
president premier prime minister ministers ministry foreign secretary deputy government governments leader leaders
official officials spokesman spokeswoman envoy envoys ambassador chancellor king queen parliament senate congress
authorities delegation delegates agency news wire press capital country countries nation nations national international
agreement agreements accord accords treaty pact deal deals understanding protocol memorandum declaration pledge promise
signed sign agreed agree announced announce declared declare promised pledged undertook talks meeting summit met
conference parties party side joint
consider considers considered considering thousand hundred billion
percent cent dollars dollar euros euro according ago world
""")
"""Words that say nothing about what a text of this kind is about."""


@lru_cache(maxsize=65536)
def stem(word: str) -> str:
    """A light stem: ``elections``, ``elected`` → ``elect``; at least four letters stay."""
    word = word.lower().replace("’", "'").removesuffix("'s").rstrip("'")
    for _ in range(2):
        for suffix in _SUFFIXES:
            if word.endswith(suffix) and len(word) - len(suffix) >= 4:
                word = word[: -len(suffix)]
                break
        else:
            break
    return word


_COMMON_STEMS = frozenset(stem(word) for word in COMMON)


def _lines(name: str) -> list[str]:
    """The lines of a list of this package, without comments."""
    text = (importlib.resources.files("detente.commitments") / name).read_text(encoding="utf-8")
    return [line for line in text.splitlines() if line and not line.startswith("#")]


def _concepts() -> dict[str, str]:
    """Stem to the concept that it belongs to."""
    found: dict[str, str] = {}
    for line in _lines("concepts.txt"):
        names = line.split()
        for name in names:
            found.setdefault(stem(name), "+" + names[0])
    return found


_CONCEPT = _concepts()


def content(text: str) -> list[str]:
    """Words of a text that can carry its subject, lower case, in order, without common words and numbers."""
    found = []
    for match in _WORD.finditer(text):
        word = match[0]
        if word[0].isdigit() or len(word) < 3:
            continue
        for part in [word, *word.split("-")] if "-" in word else [word]:
            low = part.lower().replace("’", "'").removesuffix("'s")
            if len(low) > 2 and low not in COMMON:
                found.append(low)
    return found


class Words(dict[str, float]):
    """Stem or concept (with a leading ``+``) to weight: what a text is about."""

    def shared(self, other: Words) -> dict[str, float]:
        """What both have, with the smaller weight; a concept only where no word of it is shared itself."""
        small, large = (self, other) if len(self) <= len(other) else (other, self)
        found = {key: min(weight, large[key]) for key, weight in small.items() if key in large}
        for key in [key for key in found if key in _CONCEPT]:
            found.pop(_CONCEPT[key], None)
        return found


def topic(text: str, leave_out: Iterable[str] = ()) -> Words:
    """The stems and figures of a text, each weighing 1, and its concepts, 0.7; ``leave_out`` are names of parties."""
    without = {stem(word) for word in leave_out}
    found = Words()
    for match in _FIGURE.finditer(text):
        found[match[0].replace(",", "")] = 1.0
    for word in content(text):
        key = stem(word)
        if key in _COMMON_STEMS or key in without:
            continue
        found[key] = 1.0
        concept = _CONCEPT.get(key)
        if concept:
            found[concept] = 0.7
    return found


STORIES = 4500
"""Stories that the shares in ``frequency.txt`` were counted over."""
STEEP = 3.0
"""How fast a word's weight falls with the share of stories that have it: a stem in 3 % of them weighs 1, in 10 %
0.82, in 30 % 0.43. Tried at 2, 2.4, 3 and 4 on the development gold."""


@cache
def _frequencies() -> dict[str, float]:
    rows = (line.split() for line in _lines("frequency.txt"))
    return {word: int(share) / 1000 for word, share in rows}


def weight(word: str) -> float:
    """How much a stem or concept tells a matter apart: 1 for a rare one, little for one that many stories have.

    The same in every collection, so that what one document is about does not depend on which others are read.
    """
    share = _frequencies().get(word)
    return 1.0 if share is None else min(1.0, -math.log(share) / math.log(STORIES) * STEEP)


def sharing(one: Words, other: Words) -> float:
    """Weight of the words that two texts share."""
    return sum(weight(word) * own for word, own in one.shared(other).items())
