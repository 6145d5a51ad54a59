"""Words for numbers, the same everywhere in a brief: how likely, and how friendly."""

from __future__ import annotations

__all__ = ["LIKELIHOODS", "TONES", "likelihood", "percent", "tone_word"]

LIKELIHOODS: tuple[tuple[float, str], ...] = (
    (0.05, "almost no chance"),
    (0.20, "very unlikely"),
    (0.45, "unlikely"),
    (0.55, "roughly even chance"),
    (0.80, "likely"),
    (0.95, "very likely"),
    (1.0, "almost certain"),
)
"""Upper end of each band and its word: the bands of the US Intelligence Community Directive 203 (2015)."""

TONES: tuple[tuple[float, str], ...] = ((0.1, "neutral"), (0.3, "mildly"), (0.6, ""), (1.0, "very"))
"""Upper end of the distance from 0 and its word, before ``friendly`` or ``hostile``."""

_AS_PREDICATE = {"almost no chance": "almost ruled out", "roughly even chance": "about as likely as not"}


def likelihood(probability: float) -> str:
    """A probability in words and in percent, to stand after "is": "very likely (87 %)".

    The word is chosen for the percentage as it is printed, so that both always agree.
    """
    shown = round(100 * probability) / 100
    word = next(word for top, word in LIKELIHOODS if shown <= top)
    return f"{_AS_PREDICATE.get(word, word)} ({percent(probability)})"


def percent(part: float) -> str:
    """A share of one in whole percent; what is not quite none or all is not rounded to it."""
    if 0 < part < 0.01:
        return "under 1 %"
    if 0.99 < part < 1:
        return "over 99 %"
    return f"{100 * part:.0f} %"


def tone_word(level: float) -> str:
    """A level of tone, -1 to +1, in words: "mildly friendly"."""
    shown = round(level, 2)
    word = next(word for top, word in TONES if abs(shown) < top or top == 1.0)
    if word == "neutral":
        return word
    return f"{word} {'friendly' if shown > 0 else 'hostile'}".strip()
