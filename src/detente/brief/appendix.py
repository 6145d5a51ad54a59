"""The appendix: what the words for numbers mean, and how to read the rest."""

from __future__ import annotations

from itertools import pairwise

from detente.brief.likelihood import LIKELIHOODS, TONES, tone_word
from detente.brief.model import Line, Row, Section

__all__ = ["appendix"]

_READING = (
    "Each number in small print leads to a note with the sentence, or the place in a table or file, that a line rests "
    "on. A line that rests on many events cites the weightiest; “+12” counts the events besides. A promise counts as "
    "words until it is kept; what was denied or did not happen counts in no figure. Events are coded by machine, which "
    "is not right every time: read the sentence before you quote the line."
)
_LEVERAGE = (
    "Leverage is given component by component and never added up: a share of trade, a bargaining share in a corridor "
    "and what one would lose without the other are different things."
)


def appendix(*, with_leverage: bool) -> tuple[Section, ...]:
    """The tables of words, and how to read the brief."""
    tops = [0.0, *(top for top, _ in LIKELIHOODS)]
    likely = tuple(
        Row(word, (Line(f"{100 * low:.0f} to {100 * top:.0f} %"),))
        for (low, top), (_, word) in zip(pairwise(tops), LIKELIHOODS, strict=True)
    )
    tops = [0.0, *(top for top, _ in TONES)]
    tones = tuple(
        Row(" or ".join(dict.fromkeys((tone_word(low), tone_word(-low)))), (Line(f"{low:.1f} to {top:.1f}"),))
        for low, top in pairwise(tops)
    )
    reading = (Line(_READING), Line(_LEVERAGE)) if with_leverage else (Line(_READING),)
    return (
        Section("How to read this", "text", reading),
        Section(
            "Words of estimative probability",
            "table",
            (Line("Bands of the US Intelligence Community Directive 203; the figure stands beside the word."),),
            head=("word", "probability"),
            rows=likely,
        ),
        Section(
            "Words for tone",
            "table",
            (Line("Levels of tone run from -1 (hostile) to +1 (friendly); intervals hold the level with 90 %."),),
            head=("word", "distance from 0"),
            rows=tones,
        ),
    )
