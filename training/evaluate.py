"""What networks say about examples that they were not trained on, and how good it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from detente.bench.gold import DAY
from detente.bench.labelled import LabelledSentence
from detente.bench.ours import touches
from detente.coding import Coder
from detente.coding.tokens import Tokenizing
from detente.records import STATUSES, Document
from training.batches import IGNORE, Batch, batches
from training.data import NONE, TYPES, Example
from training.network import Network


def predict_marked(network: Network, examples: Sequence[Example], tokenizing: Tokenizing) -> list[dict[str, Any]]:
    """Type logits of each example's first pair, with its roles given to the network."""
    first = [next(iter(e.pairs.items())) for e in examples]
    return _predict(
        network,
        [replace(e, known=(), marked=p, pairs={p: t}) for e, (p, t) in zip(examples, first, strict=True)],
        tokenizing,
    )


def predict_unmarked(network: Network, examples: Sequence[Example], tokenizing: Tokenizing) -> list[dict[str, Any]]:
    """The same without the roles: as the coder sees a pair once it has found both mentions."""
    first = [next(iter(e.pairs.items())) for e in examples]
    alone = [replace(e, pairs={p: t}) for e, (p, t) in zip(examples, first, strict=True)]
    return _predict(network, alone, tokenizing)


@torch.no_grad()
def _predict(network: Network, examples: Sequence[Example], tokenizing: Tokenizing) -> list[dict[str, Any]]:
    found: dict[int, dict[str, Any]] = {}
    place = {id(e): i for i, e in enumerate(examples)}
    for batch in batches(examples, tokenizing, {}, 32, None):
        hidden, heads = run(network, batch), network.heads
        logits, _, _ = heads.pairs(hidden, batch.mask, batch.spans, batch.pairs)
        for n, (i, p) in enumerate(batch.entry_at.tolist()):
            example = batch.examples[i]
            found[place[id(example)]] = {
                "source": example.source,
                "marked": example.marked is not None,
                "text": example.text,
                "gold": [TYPES[t] for t in batch.entry_types[n].nonzero().flatten().tolist()],
                "logits": [round(v, 4) for v in logits[i, p].tolist()],
            }
    return [found[i] for i in sorted(found)]


def run(network: Network, batch: Batch) -> Tensor:
    """Hidden states of a batch."""
    hidden: Tensor = network.encoder(batch.ids, batch.shape, batch.known, batch.role, batch.mask)
    return hidden


@torch.no_grad()
def own_logits(
    network: Network, examples: Sequence[Example], tokenizing: Tokenizing
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Type logits of all pairs of labelled mentions, and 1 on the types that are right for each."""
    logits, gold = [], []
    for batch in batches(examples, tokenizing, {}, 32, None):
        hidden, heads = run(network, batch), network.heads
        values, _, _ = heads.pairs(hidden, batch.mask, batch.spans, batch.pairs)
        at = batch.entry_at
        logits.append(values[at[:, 0], at[:, 1]].numpy())
        gold.append(batch.entry_types.numpy())
    return np.concatenate(logits).astype(np.float64), np.concatenate(gold).astype(np.float64)


def merged(logits: Sequence[float], *, none: bool = False) -> str:
    """Most probable of 15 types, CONCEDE and RETREAT summed as YIELD."""
    p = torch.tensor(logits).softmax(-1).tolist()
    scores = {name: value for name, value in zip(TYPES, p, strict=True) if none or name != NONE}
    scores["YIELD"] = scores.pop("CONCEDE") + scores.pop("RETREAT")
    return max(scores, key=lambda name: scores[name])


def macro_f1(gold: Sequence[str], found: Sequence[str]) -> float:
    """Mean F1 over the gold's classes."""
    values = []
    for name in sorted(set(gold)):
        both = sum(g == f == name for g, f in zip(gold, found, strict=True))
        values.append(2 * both / max(1, sum(g == name for g in gold) + sum(f == name for f in found)))
    return sum(values) / len(values)


def classify_scores(rows: Sequence[dict[str, Any]]) -> dict[str, float]:
    """Accuracy and macro-F1 over the 15 merged types."""
    gold = ["YIELD" if row["gold"][0] in ("CONCEDE", "RETREAT") else row["gold"][0] for row in rows]
    found = [merged(row["logits"]) for row in rows]
    right = sum(g == f for g, f in zip(gold, found, strict=True))
    return {"n": len(rows), "accuracy": right / len(rows), "macro_f1": macro_f1(gold, found)}


@torch.no_grad()
def own_scores(
    network: Network,
    examples: Sequence[Example],
    tokenizing: Tokenizing,
    modes: Sequence[str],
) -> dict[str, float]:
    """On held-out sentences of our own: mention F1, event F1 given mentions, status, speaker and mode accuracy."""
    mode_id = {name: i for i, name in enumerate(modes)}
    tally: dict[str, list[float]] = {}
    spans_right = spans_found = spans_gold = right = predicted = gold = 0
    status_gold: list[str] = []
    status_found: list[str] = []
    for batch in batches(examples, tokenizing, mode_id, 32, None):
        hidden, heads = run(network, batch), network.heads
        tags = heads.mention(hidden).argmax(-1)
        for i in range(len(batch.ids)):
            want, got = (_spans(t[i].tolist(), batch.bio[i].tolist()) for t in (batch.bio, tags))
            spans_right += len(want & got)
            spans_found += len(got)
            spans_gold += len(want)
        logits, _, vectors = heads.pairs(hidden, batch.mask, batch.spans, batch.pairs)
        allowed: dict[tuple[int, int], set[int]] = {}
        for n, (i, p) in enumerate(batch.entry_at.tolist()):
            allowed.setdefault((i, p), set()).update(batch.entry_types[n].nonzero().flatten().tolist())
        none = len(TYPES) - 1
        for (i, p), types in allowed.items():
            best = int(logits[i, p].argmax())
            predicted += best != none
            gold += types != {none}
            right += best != none and best in types
        chosen = vectors.gather(1, batch.event_pair.unsqueeze(-1).expand(-1, -1, vectors.shape[-1]))
        status, mode, speaker, _ = heads.events(hidden, batch.mask, batch.spans, chosen, batch.event_type)
        speaker = speaker.masked_fill(batch.span_mask[:, None, :] == 0, -1e4)
        on = batch.event_status != IGNORE
        status_gold += [STATUSES[s] for s in batch.event_status[on].tolist()]
        status_found += [STATUSES[s] for s in status.argmax(-1)[on].tolist()]
        for name, logit, target in (("speaker", speaker, batch.event_speaker), ("mode", mode, batch.event_mode)):
            on = target != IGNORE
            tally.setdefault(name, []).extend((logit.argmax(-1)[on] == target[on]).float().tolist())
            on &= target > 0
            tally.setdefault(name + "_some", []).extend((logit.argmax(-1)[on] == target[on]).float().tolist())
    return {
        "mention_f1": 2 * spans_right / max(1, spans_found + spans_gold),
        "pair_f1": 2 * right / max(1, predicted + gold),
        "pair_precision": right / max(1, predicted),
        "status_macro_f1": macro_f1(status_gold, status_found),
        **{name: sum(values) / max(1, len(values)) for name, values in tally.items()},
    }


def _spans(tags: list[int], seen: list[int]) -> set[tuple[int, int]]:
    spans: set[tuple[int, int]] = set()
    start = last = -1
    for i, (tag, target) in enumerate(zip(tags, seen, strict=True)):
        if target == IGNORE:
            continue
        if tag != 2 and start >= 0:
            spans.add((start, last))
            start = -1
        if tag == 1:
            start = i
        last = i
    if start >= 0:
        spans.add((start, last))
    return spans


def whole_events(sentences: Sequence[LabelledSentence], coder: Coder) -> dict[str, float]:
    """Scores of whole events (type, actor, recipient; mentions overlap), and events for each sentence without one."""
    right = predicted = gold = empty = empty_events = 0
    documents = [Document(document_id=str(i), text=s.text, published=DAY) for i, s in enumerate(sentences)]
    for sentence, coded in zip(sentences, coder.code(documents), strict=True):
        found = coded.events
        wanted = [
            (e.event, *(sentence.mentions[n] if n is not None else None for n in (e.actor, e.recipient)))
            for e in sentence.events
        ]
        right += sum(
            any(e.event == name and touches(e.actor, actor) and touches(e.recipient, recipient) for e in found)
            for name, actor, recipient in wanted
        )
        predicted += len(found)
        gold += len(wanted)
        if not wanted:
            empty += 1
            empty_events += len(found)
    return {
        "n": len(sentences),
        "precision": right / max(1, predicted),
        "recall": right / max(1, gold),
        "f1": 2 * right / max(1, predicted + gold),
        "events_per_empty_sentence": empty_events / max(1, empty),
    }
