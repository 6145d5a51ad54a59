"""Sentences read by the networks in turn: the fast one reads all, the full one those of which the fast was not sure.

Who reads a sentence follows from that sentence alone, so results do not depend on what is read beside it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from detente.coding.decode import SentenceReading, read_batch
from detente.coding.model import Model, Numbers, padded_length
from detente.coding.tokens import Tokens

__all__ = ["NEAR", "SURE", "batches", "doubtful", "read_sentences"]

NEAR = 0.1
"""So little below the threshold, a pair that is taken for no event is nearly one."""

SURE = 0.7
"""Status and speaker of an event are sure from this probability on.

Both numbers were chosen on the held-out sentences (``python -m training.doubt`` gives the trade-off): the fewest
sentences for the full network at which F1 of whole events stays within 0.003 of its own and status where it is."""


def doubtful(reading: SentenceReading, threshold: float) -> bool:
    """Whether a network was not sure: it nearly found an event, or found one of doubtful status or speaker."""
    if not reading.found:
        return reading.likeliest >= threshold - NEAR
    return any(min(one.status_probability, one.speaker_probability) < SURE for one in reading.found)


def read_sentences(
    model: Model,
    sentences: Sequence[Tokens],
    known: Sequence[Sequence[tuple[int, int, str]]],
    networks: Mapping[str, Numbers],
    budget: int,
) -> list[SentenceReading]:
    """What the sentences say, by the first of the networks that is sure, else by the last.

    ``known`` holds the known actors of each sentence; ``budget`` word pieces go to a network at once.
    """
    found: dict[int, SentenceReading] = {}
    left: Sequence[int] = range(len(sentences))
    for name, numbers in networks.items():
        for batch in batches([len(sentences[i]) for i in left], budget):
            some = [left[i] for i in batch]
            readings = read_batch(model, [sentences[i] for i in some], [known[i] for i in some], name, numbers)
            found.update(zip(some, readings, strict=True))
        left = [i for i in left if doubtful(found[i], numbers.threshold)]
    return [found[i] for i in range(len(sentences))]


def batches(lengths: Sequence[int], budget: int) -> Iterator[list[int]]:
    """Numbers of sentences with at most ``budget`` word pieces together, by their length."""
    batch: list[int] = []
    size = 0
    for i in sorted(range(len(lengths)), key=lambda i: -lengths[i]):
        width = padded_length(lengths[i])
        if batch and size + width > budget:
            yield batch
            batch, size = [], 0
        batch.append(i)
        size += width
    if batch:
        yield batch
