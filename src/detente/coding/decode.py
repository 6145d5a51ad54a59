"""From the heads' numbers to what a sentence says: mentions, and events between them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from detente.coding.model import NONE, Encoded, Floats, Ints, Labels, Model
from detente.coding.tokens import Tokens
from detente.ontology import TYPES

__all__ = ["Found", "Given", "SentenceReading", "classify_batch", "read_batch"]

MAX_MENTIONS = 14
"""Mentions of a sentence that are paired with each other; the surest are kept. A sentence of news has about three."""


_LINKS = frozenset(
    (
        "and",
        "or",
        "of",
        "in",
        "by",
        "for",
        "with",
        "to",
        "from",
        "at",
        "on",
        "against",
        "between",
        "that",
        "which",
        "who",
    )
)
_ARTICLES = frozenset(("the", "a", "an", "some", "its", "his", "their"))
_NOT_AT_START = _LINKS
"""Words that no mention starts with, whatever the model says."""
_NOT_AT_END = _LINKS | {"the", "a", "an"}
_JOINED = re.compile(r"\s*(?:,|,?\s*(?:and|or|&|plus|as well as|along with|together with))\s*", re.IGNORECASE)
"""What stands between two mentions that share a role."""
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

    mentions: tuple[tuple[int, int], ...]
    found: tuple[Found, ...]
    dropped_mentions: int = 0


@dataclass(frozen=True, slots=True)
class Given:
    """What is said about a given pair: probabilities over the types and NONE, and the status."""

    scores: dict[str, float]
    status: str
    status_probability: float
    mode: str | None
    words: tuple[tuple[int, int, float], ...]


def softmax(logits: Floats, temperature: float = 1.0) -> npt.NDArray[np.float64]:
    """Probabilities along the last axis."""
    scaled = logits.astype(np.float64) / temperature
    scaled -= scaled.max(-1, keepdims=True)
    powers = np.exp(scaled)
    result: npt.NDArray[np.float64] = powers / powers.sum(-1, keepdims=True)
    return result


def mention_pieces(logits: Floats, tokens: Tokens) -> list[tuple[int, int, float]]:
    """Spans of word pieces that the mention head marks, with the probability of their beginning."""
    p = softmax(logits[: len(tokens)])
    tags = p.argmax(-1)
    spans: list[tuple[int, int, float]] = []
    current: tuple[int, int, float] | None = None
    for i in range(1, len(tokens) - 1):
        if not tokens.first[i]:
            if current is not None:
                current = (current[0], i, current[2])
            continue
        tag = tags[i]
        if current is not None and tag != 2:
            spans.append(current)
            current = None
        if tag == 1 or (tag == 2 and current is None):
            current = (i, i, float(1 - p[i, 0]))
        elif tag == 2 and current is not None:
            current = (current[0], i, current[2])
    if current is not None:
        spans.append(current)
    return [trimmed for span in spans if (trimmed := _trim(span, tokens)) is not None]


def _trim(span: tuple[int, int, float], tokens: Tokens) -> tuple[int, int, float] | None:
    """A span without function words and punctuation at its ends; None where nothing is left."""
    starts = [i for i in range(span[0], span[1] + 1) if tokens.first[i]]
    words = [tokens.text[tokens.start[i] : tokens.end[i]].lower() for i in starts]
    low, high = 0, len(starts) - 1
    while low <= high and (words[low] in _NOT_AT_START or not words[low][:1].isalnum()):
        low += 1
    while high >= low and (
        words[high] in _NOT_AT_END or (not words[high][:1].isalnum() and words[high] not in ").'\"")
    ):
        high -= 1
    if low > high or (high == low and words[low] in _ARTICLES):
        return None
    last = starts[high + 1] - 1 if high + 1 < len(starts) else span[1]
    return starts[low], last, span[2]


def _join(found: list[tuple[int, int, float]], known: Sequence[tuple[int, int]]) -> tuple[list[tuple[int, int]], int]:
    """Mentions of the head, and known actors that it missed; in order, at most MAX_MENTIONS."""
    spans = [(start, end, sure) for start, end, sure in found]
    for start, end in known:
        if all(end < a or start > b for a, b, _ in spans):
            spans.append((start, end, 0.4))
    kept = sorted(sorted(spans, key=lambda s: (-s[2], s[0]))[:MAX_MENTIONS])
    return [(start, end) for start, end, _ in kept], len(spans) - len(kept)


def _words(weights: Floats, tokens: Tokens, least: float = 0.15) -> tuple[tuple[int, int, float], ...]:
    """Words (character spans) that hold at least a share of the attention, the heaviest first."""
    words: list[list[float]] = []
    for i in range(1, len(tokens) - 1):
        if tokens.first[i] or not words:
            words.append([tokens.start[i], tokens.end[i], 0.0])
        words[-1][1] = tokens.end[i]
        words[-1][2] += float(weights[i])
    ranked = sorted(words, key=lambda w: (-w[2], w[0]))
    chosen = [w for w in ranked if w[2] >= least] or ranked[:1]
    return tuple((int(a), int(b), round(w, 3)) for a, b, w in chosen)


def _mode(logits: Floats, event: str, labels: Labels) -> str | None:
    """The most probable mode of this type, or None."""
    allowed = [0] + [i for i, name in enumerate(labels.modes) if name.startswith(event + "/")]
    best = max(allowed, key=lambda i: float(logits[i]))
    return labels.modes[best].split("/", 1)[1] if best else None


@dataclass(frozen=True, slots=True)
class _Candidate:
    row: int
    column: int
    actor: int
    recipient: int
    kind: int
    probability: float


def _candidates(
    p: npt.NDArray[np.float64], pairs: Sequence[Sequence[tuple[int, int]]], labels: Labels, threshold: float
) -> list[list[_Candidate]]:
    """Events of each sentence: the best type of a pair that says something, and a second one if probable too.

    Whether there is an event is asked first (one minus the probability of NONE), then which: an act that could be
    two types is an act all the same.
    """
    none = labels.types.index(NONE)
    result: list[list[_Candidate]] = []
    for row, some in enumerate(pairs):
        chosen: list[_Candidate] = []
        for column, (actor, recipient) in enumerate(some):
            scores = p[row, column]
            order = sorted((k for k in range(len(scores)) if k != none), key=lambda k: (-scores[k], k))
            if 1 - scores[none] >= threshold and scores[order[0]] >= labels.least_type:
                chosen.append(_Candidate(row, column, actor, recipient, order[0], float(scores[order[0]])))
                if scores[order[1]] >= labels.least_type:
                    chosen.append(_Candidate(row, column, actor, recipient, order[1], float(scores[order[1]])))
        result.append(chosen)
    return result


def joined_groups(text: str, mentions: Sequence[tuple[int, int]]) -> list[int]:
    """For NULL and each mention the number of its group; mentions joined by "and" or a comma share one."""
    groups = [0]
    for i, (start, _) in enumerate(mentions):
        linked = i > 0 and _JOINED.fullmatch(text[mentions[i - 1][1] : start]) is not None
        groups.append(groups[-1] if linked else i + 1)
    return groups


def select(found: Sequence[Found], groups: Sequence[int]) -> tuple[Found, ...]:
    """One event for each deciding word: the surest pair and type, with pairs joined to it by "and" or in return.

    Heads score each pair by itself, and a pair next to the right one is often scored high too.
    """
    kept: list[Found] = []
    for trigger in sorted({one.trigger for one in found}):
        some = sorted((one for one in found if one.trigger == trigger), key=lambda one: -one.probability)
        best = some[0]
        roles = (groups[best.actor], groups[best.recipient])
        for one in some:
            own = (groups[one.actor], groups[one.recipient])
            mutual = best.event in MUTUAL and own == roles[::-1]
            if one.event == best.event and (own == roles or mutual):
                kept.append(one)
    order = {id(one): i for i, one in enumerate(found)}
    return tuple(sorted(kept, key=lambda one: order[id(one)]))


def _spans_array(spans: Sequence[Sequence[tuple[int, int]]]) -> Ints:
    out = np.zeros((len(spans), max(1, *map(len, spans)), 2), dtype=np.int64)
    for i, some in enumerate(spans):
        if some:
            out[i, : len(some)] = some
    return out


def read_batch(
    model: Model,
    sentences: Sequence[Tokens],
    known: Sequence[Sequence[tuple[int, int]]],
    threshold: float,
    *,
    fast: bool = False,
) -> list[SentenceReading]:
    """What the sentences of a batch say; ``known`` holds the known actors of each as character spans."""
    labels = model.labels
    encoded = model.encode(sentences, fast=fast)
    spans: list[list[tuple[int, int]]] = []
    dropped: list[int] = []
    for i, tokens in enumerate(sentences):
        known_pieces = [pieces for span in known[i] if (pieces := tokens.pieces(*span)) is not None]
        some, lost = _join(mention_pieces(encoded.mentions[i], tokens), known_pieces)
        spans.append(some)
        dropped.append(lost)
    pairs = [
        [(a, r) for a in range(len(s) + 1) for r in range(len(s) + 1) if a != r or a == 0] if s else [] for s in spans
    ]
    most = max(len(p) for p in pairs)
    if most == 0:
        return [SentenceReading((), ()) for _ in sentences]
    pair_array = np.zeros((len(sentences), most, 2), dtype=np.int64)
    for i, some_pairs in enumerate(pairs):
        pair_array[i, : len(some_pairs)] = some_pairs or 0
    span_array = _spans_array(spans)
    logits, _, vectors = model.pairs(encoded, span_array, pair_array)
    p = softmax(logits, labels.early_temperature if fast else labels.temperature)
    chosen = _candidates(p, pairs, labels, threshold)
    found = _events(model, encoded, sentences, spans, span_array, vectors, p, chosen)
    result = []
    for i, tokens in enumerate(sentences):
        mentions = tuple((int(tokens.start[a]), int(tokens.end[b])) for a, b in spans[i])
        result.append(SentenceReading(mentions, select(found[i], joined_groups(tokens.text, mentions)), dropped[i]))
    return result


def _events(
    model: Model,
    encoded: Encoded,
    sentences: Sequence[Tokens],
    spans: Sequence[Sequence[tuple[int, int]]],
    span_array: Ints,
    vectors: Floats,
    p: npt.NDArray[np.float64],
    chosen: Sequence[Sequence[_Candidate]],
) -> list[list[Found]]:
    """Status, mode, speaker and deciding words of the chosen events, sentence by sentence."""
    labels = model.labels
    result: list[list[Found]] = [[] for _ in sentences]
    rows = [i for i, some in enumerate(chosen) if some]
    if not rows:
        return result
    most = max(len(chosen[i]) for i in rows)
    kinds = np.zeros((len(rows), most), dtype=np.int64)
    columns = np.zeros((len(rows), most), dtype=np.int64)
    for n, i in enumerate(rows):
        for m, candidate in enumerate(chosen[i]):
            kinds[n, m], columns[n, m] = candidate.kind, candidate.column
    part = Encoded(encoded.hidden[rows], encoded.mask[rows], encoded.mentions[rows], encoded.early)
    taken = np.take_along_axis(vectors[rows], columns[..., None], axis=1)
    status, mode, speaker, trigger = model.events(part, span_array[rows], taken, kinds)
    for n, i in enumerate(rows):
        for m, candidate in enumerate(chosen[i]):
            event = labels.types[candidate.kind]
            status_p = softmax(status[n, m])
            speaker_p = softmax(speaker[n, m, : len(spans[i]) + 1])
            words = _words(trigger[n, m], sentences[i])
            scores = p[i, candidate.column]
            runners = sorted(
                ((labels.types[k], float(scores[k])) for k in range(len(scores)) if k != candidate.kind),
                key=lambda item: -item[1],
            )[:3]
            result[i].append(
                Found(
                    actor=candidate.actor,
                    recipient=candidate.recipient,
                    event=event,
                    probability=candidate.probability,
                    runners=tuple(runners),
                    status=labels.statuses[int(status_p.argmax())],
                    status_probability=float(status_p.max()),
                    mode=_mode(mode[n, m], event, labels),
                    speaker=int(speaker_p.argmax()),
                    speaker_probability=float(speaker_p.max()),
                    trigger=words[0][:2],
                    words=words,
                )
            )
    return result


def classify_batch(
    model: Model, sentences: Sequence[Tokens], pairs: Sequence[tuple[tuple[int, int] | None, tuple[int, int] | None]]
) -> list[Given]:
    """What is said about the given pair of each sentence; its tokens carry the role marks."""
    labels = model.labels
    encoded = model.encode(sentences)
    span_array = np.zeros((len(sentences), 2, 2), dtype=np.int64)
    pair_array = np.zeros((len(sentences), 1, 2), dtype=np.int64)
    for i, (tokens, pair) in enumerate(zip(sentences, pairs, strict=True)):
        for side, span in enumerate(pair):
            pieces = tokens.pieces(*span) if span is not None else None
            if pieces is not None:
                span_array[i, side] = pieces
                pair_array[i, 0, side] = side + 1
    logits, _, vectors = model.pairs(encoded, span_array, pair_array)
    p = softmax(logits[:, 0], labels.marked_temperature)
    kinds = [k for k, name in enumerate(labels.types) if name in TYPES]
    best = np.asarray([[max(kinds, key=lambda k: float(row[k]))] for row in p], dtype=np.int64)
    status, mode, _, trigger = model.events(encoded, span_array, vectors, best)
    result = []
    for i, tokens in enumerate(sentences):
        status_p = softmax(status[i, 0])
        result.append(
            Given(
                scores={name: float(p[i, k]) for k, name in enumerate(labels.types)},
                status=labels.statuses[int(status_p.argmax())],
                status_probability=float(status_p.max()),
                mode=_mode(mode[i, 0], labels.types[int(best[i, 0])], labels),
                words=_words(trigger[i, 0], tokens),
            )
        )
    return result
