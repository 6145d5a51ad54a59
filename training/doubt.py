"""The trade-off of the cascade: how many sentences go to the full network, and what that gives.

``python -m training.doubt`` reads the held-out sentences, the gold ones as a check, and the synthetic stories for the
share that everyday text has; it prints a Markdown table, a line for each pair of ``NEAR`` and ``SURE``.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from statistics import mean

from detente.actors import Gazetteer
from detente.bench.gold import DAY
from detente.bench.labelled import LabelledSentence, read_labelled
from detente.bench.ours import gold_folder
from detente.coding import cascade
from detente.coding.cascade import doubtful, read_sentences
from detente.coding.decode import Found, SentenceReading
from detente.coding.model import FAST, FULL, Model
from detente.coding.options import MODEL_FOLDER
from detente.coding.tokens import known_spans, mark
from training.data import SENTENCES, is_held_out
from training.distil import story_sentences

NEARS = (0.05, 0.1, 0.15, 0.2, 0.3)
SURES = (0.0, 0.5, 0.7, 0.8, 0.9)
STORIES = 3000
Span = tuple[int, int]


@dataclass
class Texts:
    """Sentences as each network reads them."""

    fast: list[SentenceReading]
    full: list[SentenceReading]

    def share(self, threshold: float) -> float:
        """The share of the sentences that the fast network is not sure of."""
        return mean(doubtful(one, threshold) for one in self.fast)

    def cascade(self, threshold: float) -> list[SentenceReading]:
        """What both networks together give."""
        return [b if doubtful(a, threshold) else a for a, b in zip(self.fast, self.full, strict=True)]


def read(texts: Sequence[str], model: Model) -> Texts:
    """The sentences as each network alone reads them."""
    gazetteer = Gazetteer.default()
    known = [known_spans(gazetteer.read(text, DAY).mentions, 0, len(text)) for text in texts]
    tokens = [mark(*both) for both in zip(model.tokenizing(texts), known, strict=True)]
    fast, full = (read_sentences(model, tokens, known, {name: model.load(name)}, 4096) for name in (FAST, FULL))
    return Texts(fast, full)


def touch(a: Span | None, b: Span | None) -> bool:
    """Whether two mentions overlap, or both are missing."""
    return a is b if a is None or b is None else a[0] < b[1] and a[1] > b[0]


def scores(sentences: Sequence[LabelledSentence], readings: Sequence[SentenceReading]) -> tuple[float, float, float]:
    """F1 of whole events, macro-F1 of status of the events found, and events for each sentence without one."""
    right = predicted = gold = 0
    statuses: list[tuple[str, str]] = []
    empty: list[int] = []
    for sentence, reading in zip(sentences, readings, strict=True):

        def span(one: Found, side: str, mentions: Sequence[Span] = reading.mentions) -> Span | None:
            number: int = getattr(one, side)
            return mentions[number - 1] if number else None

        for event in sentence.events:
            sides = [sentence.mentions[n] if n else None for n in (event.actor, event.recipient)]
            same = [
                (touch(span(one, "actor"), sides[0]) + touch(span(one, "recipient"), sides[1]), one)
                for one in reading.found
                if one.event == event.event
            ]
            best, match = max(same, key=lambda pair: pair[0], default=(0, None))
            right += best == 2
            if best and match is not None:
                statuses.append((event.status, match.status))
        predicted += len(reading.found)
        gold += len(sentence.events)
        if not sentence.events:
            empty.append(len(reading.found))
    f1 = []
    for name in sorted({status for status, _ in statuses}):
        wanted, found = sum(a == name for a, _ in statuses), sum(b == name for _, b in statuses)
        f1.append(2 * sum(a == b == name for a, b in statuses) / (wanted + found))
    return 2 * right / (predicted + gold), mean(f1), mean(empty)


def main() -> None:
    """Print the table."""
    model = Model(MODEL_FOLDER)
    held = [s for s in read_labelled(sorted(SENTENCES.glob("*.txt")))[0] if is_held_out(s)]
    gold = read_labelled(sorted(gold_folder().glob("*.txt")))[0]
    stories = read(list(islice(story_sentences(), STORIES)), model)
    held_read, gold_read = (read([s.text for s in some], model) for some in (held, gold))
    threshold = model.load(FAST).threshold

    def line(near: str, sure: str, share: float, *readings: Sequence[SentenceReading]) -> None:
        figures = [*scores(held, readings[0]), *scores(gold, readings[1])]
        sys.stdout.write(f"| {near} | {sure} | {share:.0%} | " + " | ".join(f"{x:.3f}" for x in figures) + " |\n")

    line("the fast network alone", "", 0.0, held_read.fast, gold_read.fast)
    for cascade.NEAR in NEARS:  # the rule reads them from its module
        for cascade.SURE in SURES:
            near, sure = str(cascade.NEAR), str(cascade.SURE)
            share = stories.share(threshold)
            line(near, sure, share, held_read.cascade(threshold), gold_read.cascade(threshold))
    line("the full network alone", "", 1.0, held_read.full, gold_read.full)


if __name__ == "__main__":
    main()
