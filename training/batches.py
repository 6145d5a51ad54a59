"""Examples as padded tensors."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from detente.coding.tokens import Tokenizing, Tokens, mark
from training.data import NONE, STATUS_ID, TYPE_ID, TYPES, Example

IGNORE = -100


@dataclass
class Batch:
    """Padded inputs and targets of some examples; see the fields' shapes (B examples, T pieces)."""

    ids: Tensor
    shape: Tensor
    known: Tensor
    role: Tensor
    mask: Tensor
    bio: Tensor  # (B, T) 0 outside, 1 begin, 2 inside, IGNORE unknown
    spans: Tensor  # (B, M, 2)
    span_mask: Tensor  # (B, 1 + M), NULL first
    pairs: Tensor  # (B, P, 2)
    entry_at: Tensor  # (N, 2) example and pair of each type target
    entry_types: Tensor  # (N, types) 1 on the allowed types
    entry_soft: Tensor  # (N, types) a teacher's probabilities, all 0 where there is none
    entry_weight: Tensor  # (N,)
    entry_trigger: Tensor  # (N, T) 1 on the pieces of the trigger, all 0 if unknown
    event_pair: Tensor  # (B, E) which pair each event stands on
    event_type: Tensor  # (B, E)
    event_status: Tensor  # (B, E) or IGNORE
    event_mode: Tensor
    event_speaker: Tensor
    event_trigger: Tensor  # (B, E, T)
    examples: Sequence[Example]


def _bio(example: Example, tokens: Tokens) -> list[int]:
    outside = 0 if example.complete and example.marked is None else IGNORE
    tags = [outside if first else IGNORE for first in tokens.first]
    if example.marked is not None:
        return tags
    for span in example.spans:
        pieces = tokens.pieces(*span)
        if pieces is None:
            continue
        for i in range(pieces[0], pieces[1] + 1):
            tags[i] = IGNORE if not tokens.first[i] else 2
        tags[pieces[0]] = 1
        after = pieces[1] + 1
        if tags[after] == IGNORE and tokens.first[after]:
            tags[after] = 0  # whatever else is unknown, the mention ends here
    return tags


@dataclass
class _Targets:
    """Pairs, type targets and events of one example."""

    pairs: list[tuple[int, int]]
    entries: list[tuple[int, list[int], float, list[int]]]  # pair, allowed types, weight, trigger pieces
    soft: list[tuple[float, ...]]  # for each entry, () where no teacher spoke
    events: list[tuple[int, int, int, int, int, list[int]]]  # pair, type, status, mode, speaker, trigger pieces


def _targets(example: Example, tokens: Tokens, seen: set[int], modes: dict[str, int], none_weight: float) -> _Targets:
    """``seen`` are the mentions that the network can see, 0 for NULL among them."""
    if example.complete and example.marked is None:
        pairs = [(a, r) for a in sorted(seen) for r in sorted(seen) if a != r or a == 0]
    else:
        pairs = [pair for pair in example.pairs if seen.issuperset(pair)]
    targets = _Targets(pairs or [(0, 0)], [], [], [])
    for p, pair in enumerate(pairs):
        labels = example.pairs.get(pair, ())
        if not labels or labels[0].types == (NONE,):
            targets.entries.append((p, [TYPE_ID[NONE]], none_weight * example.weight, []))
            continue
        for label in labels:
            found = tokens.pieces(*label.trigger) if label.trigger else None
            trigger = list(range(found[0], found[1] + 1)) if found else []
            types = [TYPE_ID[name] for name in label.types]
            targets.entries.append((p, types, example.weight / len(labels), trigger))
            if label.status is not None and label.said_by in {None, *seen}:
                mode = modes.get(label.mode or "-", IGNORE)
                speaker = IGNORE if label.said_by is None else label.said_by
                targets.events.append((p, types[0], STATUS_ID[label.status], mode, speaker, trigger))
    targets.soft = [example.soft.get(pairs[entry[0]], ()) for entry in targets.entries]
    return targets


def _tokens(examples: Sequence[Example], tokenizing: Tokenizing) -> list[Tokens]:
    marked = []
    for example, tokens in zip(examples, tokenizing([e.text for e in examples]), strict=True):
        actor = recipient = None
        if example.marked is not None:
            actor, recipient = (example.spans[n - 1] if n else None for n in example.marked)
        marked.append(mark(tokens, example.known, actor, recipient))
    return marked


def _padded(all_tokens: Sequence[Tokens], name: str, width: int) -> Tensor:
    out = torch.zeros(len(all_tokens), width, dtype=torch.long)
    for i, tokens in enumerate(all_tokens):
        out[i, : len(tokens)] = torch.tensor(getattr(tokens, name))
    return out


def make_batch(examples: Sequence[Example], tokenizing: Tokenizing, modes: dict[str, int], none_weight: float) -> Batch:
    """One padded batch."""
    all_tokens = _tokens(examples, tokenizing)
    width, size = max(map(len, all_tokens)), len(examples)
    most = max(1, *(len(e.spans) for e in examples))
    mask, bio = torch.zeros(size, width), torch.full((size, width), IGNORE)
    spans, span_mask = torch.zeros(size, most, 2, dtype=torch.long), torch.zeros(size, 1 + most)
    span_mask[:, 0] = 1
    rows: list[_Targets] = []
    for i, (example, tokens) in enumerate(zip(examples, all_tokens, strict=True)):
        mask[i, : len(tokens)] = 1
        bio[i, : len(tokens)] = torch.tensor(_bio(example, tokens))
        for j, span in enumerate(example.spans):
            pieces = tokens.pieces(*span)
            if pieces is not None:
                spans[i, j] = torch.tensor(pieces)
                span_mask[i, j + 1] = 1
        seen = set(span_mask[i].nonzero().flatten().tolist())
        rows.append(_targets(example, tokens, seen, modes, none_weight))
    deepest = max(len(row.pairs) for row in rows)
    entries = [(i, *entry) for i, row in enumerate(rows) for entry in row.entries]
    entry_types, entry_soft = torch.zeros(len(entries), len(TYPES)), torch.zeros(len(entries), len(TYPES))
    entry_trigger = torch.zeros(len(entries), width)
    for n, (_, _, types, _, trigger) in enumerate(entries):
        entry_types[n, types] = 1
        entry_trigger[n, trigger] = 1
    for n, some in enumerate(soft for row in rows for soft in row.soft):
        if some:
            entry_soft[n] = torch.tensor(some)
    events = max(1, *(len(row.events) for row in rows))
    columns = torch.full((5, size, events), IGNORE)
    columns[:2] = 0
    event_trigger = torch.zeros(size, events, width)
    for i, row in enumerate(rows):
        for j, event in enumerate(row.events):
            columns[:, i, j] = torch.tensor(event[:5])
            event_trigger[i, j, event[5]] = 1
    return Batch(
        **{name: _padded(all_tokens, name, width) for name in ("ids", "shape", "known", "role")},
        mask=mask,
        bio=bio,
        spans=spans,
        span_mask=span_mask,
        pairs=torch.tensor([row.pairs + [(0, 0)] * (deepest - len(row.pairs)) for row in rows]),
        entry_at=torch.tensor([entry[:2] for entry in entries]).reshape(-1, 2),
        entry_types=entry_types,
        entry_soft=entry_soft,
        entry_weight=torch.tensor([entry[3] for entry in entries]),
        entry_trigger=entry_trigger,
        event_pair=columns[0],
        event_type=columns[1],
        event_status=columns[2],
        event_mode=columns[3],
        event_speaker=columns[4],
        event_trigger=event_trigger,
        examples=examples,
    )


def batches(
    examples: Sequence[Example],
    tokenizing: Tokenizing,
    modes: dict[str, int],
    size: int,
    rng: random.Random | None,
    none_weight: float = 1.0,
) -> Iterator[Batch]:
    """Batches of sentences of like length; in random order if ``rng`` is given, else by length."""
    order = sorted(
        range(len(examples)), key=lambda i: len(examples[i].text) * (rng.uniform(0.85, 1.15) if rng else 1.0)
    )
    chunks = [order[i : i + size] for i in range(0, len(order), size)]
    if rng:
        rng.shuffle(chunks)
    for chunk in chunks:
        yield make_batch([examples[i] for i in chunk], tokenizing, modes, none_weight)
