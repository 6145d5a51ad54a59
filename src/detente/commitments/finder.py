"""What a report undertakes, as a small network reads it: whether it does, in which words, and who takes part.

It works on what the coder's full reading makes of the text: four dilated convolutions over it, and on top a decision
for the text as a whole, one for each word piece (outside, begin, inside of a deed) and one for each named party.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import numpy.typing as npt

from detente.actors import Mention
from detente.coding.model import FULL, Model
from detente.coding.tokens import Tokens, known_spans, mark
from detente.commitments.model import FIRMNESS, Firmness
from detente.commitments.reader import Reader
from detente.errors import BadInput

__all__ = ["DILATIONS", "FIRMNESS", "Finder", "Said", "dateline"]

Floats = npt.NDArray[np.float32]

DILATIONS = (1, 2, 4, 8)
"""Of the convolutions: each sees two word pieces more on either side, at this distance."""
INSIDE = 0.5
"""Least probability that a word piece belongs to a deed."""
BEGINS = 0.3
"""Least probability that a further deed begins, where one goes on or has just ended."""
PIECES = 6
"""Fewer word pieces are no deed."""
LIKELY = 0.85
"""Least mean probability over the word pieces of a deed."""
_SMALL = frozenset(["to", "of", "the", "a", "an", "be", "up", "out", "in", "for", "its", "their", "on", "s", "'", "'s"])
"""What may lie between two parts of one deed."""
_TAIL = re.compile(r"[\w'’-]+$")
_DATELINE = re.compile(
    r"(?:[A-Z][A-Z'. -]+|[A-Z][a-z]+)(?:,? ?\([^)]*\))?(?:, [^-–—]{2,30})? [-–—] |[A-Z][a-z]+, [A-Z][a-z]+\.? \d+\. "
)


def dateline(text: str) -> int:
    """Where the place and day before a report end: 0 where it has none."""
    match = _DATELINE.match(text)
    return match.end() if match else 0


@dataclass(frozen=True, slots=True)
class Said:
    """What a text says; spans are characters of it."""

    undertakes: float
    """Probability that it reports an undertaking being made."""
    firmness: Firmness
    """The likeliest, where it does."""
    deeds: tuple[tuple[int, int], ...]
    parties: tuple[tuple[Mention, float], ...]
    """Those mentions that the network sees, with the probability that they are parties."""
    inside: Floats
    starts: Sequence[int]

    def share(self, start: int, end: int) -> float:
        """Mean probability that the words of a span belong to a deed."""
        rows = [i for i, at in enumerate(self.starts) if start <= at < end and i]
        return float(self.inside[rows].mean()) if rows else 0.0


class Finder:
    """The weights; what is found in a text does not depend on what is read beside it."""

    def __init__(self, model: Model, path: Path) -> None:
        self._model = model
        try:
            with np.load(path) as weights:
                self._w = {name: weights[name].astype(np.float32) for name in weights.files}
        except (OSError, ValueError) as error:
            raise BadInput(f"the finder's weights cannot be loaded: {error}", str(path)) from None

    @staticmethod
    @cache
    def default() -> Finder:
        """The packaged one."""
        return Finder(Reader.default().model, Path(__file__).parent / "finder.npz")

    def read(self, text: str, mentions: Iterable[Mention], title: int = 0) -> Said:
        """What a text says; its first ``title`` characters are the headline."""
        mentions = list(mentions)
        tokens, hidden = self._model.whole(text, FULL)
        known = mark(tokens, known_spans(mentions, 0, len(text))).known
        tags, takes, whole = self._run(hidden, np.asarray(known))
        inside = 1.0 - tags[:, 0]
        low, high = title, title + dateline(text[title:])
        seen = [(m, tokens.pieces(m.start, m.end)) for m in mentions if not low <= m.start < high]
        return Said(
            undertakes=float(1.0 / (1.0 + np.exp(-whole[0]))),
            firmness=FIRMNESS[int(whole[1:].argmax())],
            deeds=tuple(_deeds(text, tokens, tags[:, 1], inside, title)),
            parties=tuple((m, float(takes[at[0] : at[1] + 1].mean())) for m, at in seen if at is not None),
            inside=inside,
            starts=tokens.start,
        )

    def _run(self, hidden: Floats, known: npt.NDArray[np.int64]) -> tuple[Floats, Floats, Floats]:
        w = self._w
        x = np.maximum(hidden @ w["down.weight"].T + w["down.bias"] + w["known.weight"][known], 0)
        for number, gap in enumerate(DILATIONS):
            padded = np.pad(x, ((gap, gap), (0, 0)))
            kernel = w[f"convolutions.{number}.weight"]
            sides = [padded[k * gap : k * gap + len(x)] @ kernel[:, :, k].T for k in range(3)]
            y = x + np.maximum(sum(sides) + w[f"convolutions.{number}.bias"], 0)
            y = y - y.mean(-1, keepdims=True)
            scale = w[f"norms.{number}.weight"] / np.sqrt((y * y).mean(-1, keepdims=True) + 1e-5)
            x = y * scale + w[f"norms.{number}.bias"]
        attention = _softmax((x @ w["attention.weight"].T).T)
        pooled = np.concatenate([(attention @ x)[0], x.max(0)])
        whole = w["whole.weight"] @ pooled + w["whole.bias"]
        takes = 1.0 / (1.0 + np.exp(-(x @ w["party.weight"].T + w["party.bias"])[:, 0]))
        return _softmax(x @ w["tags.weight"].T + w["tags.bias"]), takes, whole


def _softmax(x: Floats) -> Floats:
    raised = np.exp(x - x.max(-1, keepdims=True))
    return np.asarray(raised / raised.sum(-1, keepdims=True), np.float32)


def _deeds(text: str, tokens: Tokens, begins: Floats, inside: Floats, title: int) -> list[tuple[int, int]]:
    """The deeds as spans of characters."""
    found: list[list[int]] = []
    for i in range(1, len(tokens) - 1):
        if tokens.start[i] < title or inside[i] < INSIDE:
            continue
        last = found[-1][1] if found else 0
        gap = text[tokens.end[last] : tokens.start[i]].strip() if last else ""
        if found and begins[i] < BEGINS and (last == i - 1 or gap in _SMALL):
            found[-1][1] = i
        else:
            found.append([i, i])
    return [
        (_word_start(text, tokens.start[a]), tokens.end[b])
        for a, b in found
        if b - a + 1 >= PIECES and inside[a : b + 1].mean() >= LIKELY
    ]


def _word_start(text: str, at: int) -> int:
    """Where the word begins in whose midst a deed would begin: "Iraq" for "'s minister"."""
    if at and (text[at] in "'’-" or text[at - 1] in "'’-" or (text[at].isalnum() and text[at - 1].isalnum())):
        match = _TAIL.search(text, 0, at)
        return match.start() if match else at
    return at
