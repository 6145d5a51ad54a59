"""From the heads' numbers to what a sentence says: mentions, and events between them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from detente.coding.mentions import MAX_MENTIONS, find_mentions, joined_groups, located, marked, softmax
from detente.coding.model import NONE, Encoded, Floats, Ints, Labels, Model, Numbers, Padded, padded_length
from detente.coding.tokens import Tokens
from detente.ontology import TYPES

__all__ = ["Found", "Given", "Scored", "SentenceReading", "classify_batch", "read_batch", "read_scored", "select"]

MUTUAL = frozenset(("AGREE", "ASSAULT", "CONSULT", "COOPERATE", "SUPPORT"))
"""Types that the same words may give in both directions."""


@dataclass(frozen=True, slots=True)
class Found:
    """An event in a sentence. Actor, recipient and speaker are mention numbers from 1; 0 is nobody."""

    actor: int
    recipient: int
    event: str
    probability: float
    runners: tuple[tuple[str, float], ...]
    """The next most probable types (NONE among them) with their probabilities."""
    status: str
    status_probability: float
    mode: str | None
    speaker: int
    speaker_probability: float
    trigger: tuple[int, int]
    """Characters of the sentence that decided it most."""
    words: tuple[tuple[int, int, float], ...]
    """Deciding words: character span and share of the attention."""


@dataclass(frozen=True, slots=True)
class SentenceReading:
    """Mentions of a sentence as character spans, and the events between them."""

    network: str
    """Which network read it."""
    mentions: tuple[tuple[int, int], ...] = ()
    found: tuple[Found, ...] = ()
    dropped_mentions: int = 0
    likeliest: float = 0.0
    """The highest probability of any pair to have an event."""


@dataclass(frozen=True, slots=True)
class Given:
    """What is said about a given pair: probabilities over the types and NONE, and the status."""

    scores: dict[str, float]
    status: str
    status_probability: float
    mode: str | None
    words: tuple[tuple[int, int, float], ...]


def _words(weights: Sequence[float], tokens: Tokens, least: float = 0.15) -> tuple[tuple[int, int, float], ...]:
    """Words (character spans) that hold at least a share of the attention, the heaviest first."""
    heads: list[int] = []  # the first piece of each word
    shares: list[float] = []
    last = len(tokens) - 1
    for i, (first, weight) in enumerate(zip(tokens.first[1:last], weights[1:last], strict=True), start=1):
        if first or not heads:
            heads.append(i)
            shares.append(weight)
        else:
            shares[-1] += weight
    heads.append(last)
    order = sorted(range(len(shares)), key=lambda n: -shares[n])
    kept = [n for n in order if shares[n] >= least] or order[:1]
    return tuple((tokens.start[heads[n]], tokens.end[heads[n + 1] - 1], round(shares[n], 3)) for n in kept)


@lru_cache(1024)
def _modes_of(event: str, modes: tuple[str, ...]) -> list[int]:
    """Numbers of the modes that a type may have; 0 is none."""
    return [0] + [i for i, name in enumerate(modes) if name.startswith(event + "/")]


def _mode(logits: Sequence[float], event: str, labels: Labels) -> str | None:
    """The most probable mode of this type, or None."""
    best = max(_modes_of(event, labels.modes), key=logits.__getitem__)
    return labels.modes[best].split("/", 1)[1] if best else None


@dataclass(frozen=True, slots=True)
class _Candidate:
    column: int
    actor: int
    recipient: int
    kind: int
    probability: float


@dataclass(frozen=True, slots=True)
class Scored:
    """Sentences with equally many mentions, and what the pair head says of their pairs."""

    rows: list[int]
    """Which sentences of the batch."""
    encoded: Padded
    spans: Ints  # (B, M, 2)
    pairs: Ints  # (B, P, 2)
    p: npt.NDArray[np.float64]  # (B, P, types)
    vectors: Floats  # (B, P, .)


def _all_pairs(count: int) -> list[tuple[int, int]]:
    """Ordered pairs of so many mentions and of NULL (0) with each."""
    return [(a, r) for a in range(count + 1) for r in range(count + 1) if a != r or a == 0] if count else []


_PAIRS = {count: np.asarray(_all_pairs(count), dtype=np.int64).reshape(-1, 2) for count in range(MAX_MENTIONS + 1)}


def _score(
    model: Model, encoded: Encoded, spans: Sequence[Sequence[tuple[int, int]]], temperature: float
) -> list[Scored]:
    """Type probabilities of all ordered pairs of mentions.

    Sentences of one padded length with equally many mentions go together.
    """
    result = []
    alike: dict[tuple[int, int], list[int]] = {}
    for i, (states, some) in enumerate(zip(encoded.hidden, spans, strict=True)):
        if some:
            alike.setdefault((padded_length(len(states)), len(some)), []).append(i)
    for (_, count), rows in sorted(alike.items()):
        span_array = np.asarray([spans[i] for i in rows], dtype=np.int64)
        pair_array = np.broadcast_to(_PAIRS[count], (len(rows), *_PAIRS[count].shape))
        padded = encoded.padded(rows)
        logits, vectors = model.pairs(padded, span_array, pair_array)
        result.append(Scored(rows, padded, span_array, pair_array, softmax(logits, temperature), vectors))
    return result


def _candidates(scored: Scored, none: int, threshold: float, least_type: float) -> list[list[_Candidate]]:
    """Events of each sentence: the best type of a pair that says something, and a second one if probable too.

    Whether there is an event is asked first (one minus the probability of NONE), then which: an act that could be
    two types is an act all the same.
    """
    result: list[list[_Candidate]] = [[] for _ in scored.rows]
    said = np.nonzero(1 - scored.p[..., none] >= threshold)
    if not len(said[0]):
        return result
    p = scored.p[said]
    p[:, none] = -1
    order = np.argsort(-p, axis=-1, kind="stable")[:, :2]
    top = np.take_along_axis(p, order, axis=-1)
    pairs = scored.pairs[said]
    for n, column, (actor, recipient), kinds, probabilities in zip(
        *(x.tolist() for x in (*said, pairs, order, top)), strict=True
    ):
        for kind, probability in zip(kinds, probabilities, strict=True):
            if probability < least_type:
                break
            result[n].append(_Candidate(column, actor, recipient, kind, probability))
    return result


def select(found: Sequence[Found], groups: Sequence[int]) -> tuple[Found, ...]:
    """One event for each deciding word: the surest pair and type, with pairs joined to it by "and" or in return.

    Heads score each pair by itself, and a pair next to the right one is often scored high too.
    """
    kept: list[Found] = []
    by_word: dict[tuple[int, int], list[Found]] = {}
    for one in found:
        by_word.setdefault(one.trigger, []).append(one)
    for trigger in sorted(by_word):
        some = sorted(by_word[trigger], key=lambda one: -one.probability)
        best = some[0]
        roles = (groups[best.actor], groups[best.recipient])
        for one in some:
            own = (groups[one.actor], groups[one.recipient])
            mutual = best.event in MUTUAL and own == roles[::-1]
            if one.event == best.event and (own == roles or mutual):
                kept.append(one)
    order = {id(one): i for i, one in enumerate(found)}
    return tuple(sorted(kept, key=lambda one: order[id(one)]))


def plausible(found: Sequence[Found], places: set[int]) -> list[Found]:
    """Without acts of a mere place, and without half a pair where the same act is there with both sides."""
    acts = [one for one in found if one.actor not in places]
    actors = {(one.event, one.actor) for one in acts if one.recipient}
    recipients = {(one.event, one.recipient) for one in acts if one.actor}
    return [
        one
        for one in acts
        if (one.actor or (one.event, one.recipient) not in recipients)
        and (one.recipient or (one.event, one.actor) not in actors)
    ]


def read_batch(
    model: Model,
    sentences: Sequence[Tokens],
    known: Sequence[Sequence[tuple[int, int, str]]],
    reading: str,
    numbers: Numbers,
) -> list[SentenceReading]:
    """What the sentences of a batch say; ``known`` holds the known actors of each, as character spans with kinds."""
    return read_scored(model, sentences, known, reading, numbers)[0]


def read_scored(
    model: Model,
    sentences: Sequence[Tokens],
    known: Sequence[Sequence[tuple[int, int, str]]],
    reading: str,
    numbers: Numbers,
) -> tuple[list[SentenceReading], list[Scored]]:
    """:func:`read_batch`, with the probabilities of all pairs."""
    encoded = model.encode(sentences, reading)
    spans: list[list[tuple[int, int]]] = []
    dropped: list[int] = []
    for tokens, head, own in zip(sentences, marked(encoded.mentions, sentences), known, strict=True):
        some, lost = find_mentions(head, tokens, own)
        spans.append(some)
        dropped.append(lost)
    result = [SentenceReading(reading, dropped_mentions=lost) for lost in dropped]
    none = model.labels.types.index(NONE)
    all_scored = _score(model, encoded, spans, numbers.temperature)
    for scored in all_scored:
        chosen = _candidates(scored, none, numbers.threshold, numbers.least_type)
        found = _events(model, sentences, scored, chosen)
        likeliest = (1 - scored.p[..., none].min(-1)).tolist()
        for i, some_found, most in zip(scored.rows, found, likeliest, strict=True):
            tokens = sentences[i]
            mentions = tuple((tokens.start[a], tokens.end[b]) for a, b in spans[i])
            kept: tuple[Found, ...] = ()
            if some_found:
                acts = plausible(some_found, located(tokens.text, mentions))
                kept = select(acts, joined_groups(tokens.text, mentions))
            result[i] = SentenceReading(reading, mentions, kept, dropped[i], most)
    return result, all_scored


def _events(
    model: Model,
    sentences: Sequence[Tokens],
    scored: Scored,
    chosen: Sequence[Sequence[_Candidate]],
) -> list[list[Found]]:
    """Status, mode, speaker and deciding words of the chosen events, for each sentence of ``scored``."""
    labels = model.labels
    result: list[list[Found]] = [[] for _ in chosen]
    rows = [n for n, some in enumerate(chosen) if some]
    if not rows:
        return result
    most = max(len(chosen[n]) for n in rows)
    kinds = np.zeros((len(rows), most), dtype=np.int64)
    columns = np.zeros((len(rows), most), dtype=np.int64)
    for n, row in enumerate(rows):
        for m, candidate in enumerate(chosen[row]):
            kinds[n, m], columns[n, m] = candidate.kind, candidate.column
    part = scored.encoded.take(rows)
    place = np.asarray(rows)[:, None], columns
    taken = scored.vectors[place]
    status, mode, speaker, trigger = model.events(part, scored.spans[rows], taken, kinds)
    status_p, speaker_p = softmax(status), softmax(speaker)
    best = [x.tolist() for x in (status_p.argmax(-1), status_p.max(-1), speaker_p.argmax(-1), speaker_p.max(-1))]
    modes, weights = mode.tolist(), trigger.tolist()
    p = scored.p[place]
    order = np.argsort(-p, axis=-1, kind="stable")[..., :4]
    runners, shares = order.tolist(), np.take_along_axis(p, order, axis=-1).tolist()
    for n, row in enumerate(rows):
        tokens = sentences[scored.rows[row]]
        for m, candidate in enumerate(chosen[row]):
            event = labels.types[candidate.kind]
            words = _words(weights[n][m], tokens)
            further = zip(runners[n][m], shares[n][m], strict=True)
            status_number, status_probability, speaker_number, speaker_probability = (x[n][m] for x in best)
            result[row].append(
                Found(
                    actor=candidate.actor,
                    recipient=candidate.recipient,
                    event=event,
                    probability=candidate.probability,
                    runners=tuple((labels.types[k], share) for k, share in further if k != candidate.kind)[:3],
                    status=labels.statuses[status_number],
                    status_probability=status_probability,
                    mode=_mode(modes[n][m], event, labels),
                    speaker=speaker_number,
                    speaker_probability=speaker_probability,
                    trigger=words[0][:2],
                    words=words,
                )
            )
    return result


def classify_batch(
    model: Model,
    sentences: Sequence[tuple[Tokens, Tokens]],
    pairs: Sequence[tuple[tuple[int, int] | None, tuple[int, int] | None]],
    reading: str,
    numbers: Numbers,
) -> list[Given]:
    """What is said about the given pair of each sentence, which comes as tokens with the role marks and without.

    The probabilities are the mean of both ways of reading; the rest is read with the marks.
    """
    labels = model.labels
    span_array = np.zeros((len(sentences), 2, 2), dtype=np.int64)
    pair_array = np.zeros((len(sentences), 1, 2), dtype=np.int64)
    for i, ((tokens, _), pair) in enumerate(zip(sentences, pairs, strict=True)):
        for side, span in enumerate(pair):
            pieces = tokens.pieces(*span) if span is not None else None
            if pieces is not None:
                span_array[i, side] = pieces
                pair_array[i, 0, side] = side + 1
    every = range(len(sentences))
    plain = model.encode([tokens for _, tokens in sentences], reading).padded(every)
    plain_logits, _ = model.pairs(plain, span_array, pair_array)
    encoded = model.encode([tokens for tokens, _ in sentences], reading).padded(every)
    logits, vectors = model.pairs(encoded, span_array, pair_array)
    p = softmax(logits[:, 0], numbers.marked_temperature) + softmax(plain_logits[:, 0], numbers.temperature)
    p /= 2
    kinds = [k for k, name in enumerate(labels.types) if name in TYPES]
    best = np.asarray([[max(kinds, key=lambda k: float(row[k]))] for row in p], dtype=np.int64)
    status, mode, _, trigger = model.events(encoded, span_array, vectors, best)
    result = []
    for i, (tokens, _) in enumerate(sentences):
        status_p = softmax(status[i, 0])
        result.append(
            Given(
                scores={name: float(p[i, k]) for k, name in enumerate(labels.types)},
                status=labels.statuses[int(status_p.argmax())],
                status_probability=float(status_p.max()),
                mode=_mode(mode[i, 0].tolist(), labels.types[int(best[i, 0])], labels),
                words=_words(trigger[i, 0].tolist(), tokens),
            )
        )
    return result
