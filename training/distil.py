"""Unlabelled news, read by the full network: examples that a smaller one learns from."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from itertools import islice
from pathlib import Path

from detente.actors import Gazetteer
from detente.bench.gold import DAY
from detente.coding.decode import Scored, SentenceReading, read_scored
from detente.coding.model import FULL, Model, padded_length
from detente.coding.tokens import known_spans, mark
from detente.documents import split
from training.data import NONE, Example, Label, data_folder
from training.export import export
from training.finish import TEACHING, own_texts
from training.network import Network

UNLABELLED = 7_000
"""Sentences of the synthetic stories that are read; of their labels nothing is used."""
TEACHER_WEIGHT = 0.7


def story_sentences(path: Path | None = None) -> Iterator[str]:
    """Sentences of 4 to 60 words of the synthetic stories, one story after the other, each once."""
    seen: set[str] = set()
    path = path or data_folder() / "coding" / "ngec_synthetic_stories.jsonl.gz"
    with gzip.open(path, "rt", encoding="utf-8") as file:
        stories = [json.loads(line)["text"] for line in file]
    # the same headline stands for many stories in a row; steps of 37 mix them
    for offset in range(37):
        for text in stories[offset::37]:
            for sentence in split(text):
                if sentence.text not in seen and 4 <= len(sentence.text.split()) <= 60:
                    seen.add(sentence.text)
                    yield sentence.text


def taught_examples(teacher: Network, modes: Sequence[str], folder: Path, count: int = UNLABELLED) -> list[Example]:
    """What the teacher says about unlabelled sentences: mentions, probabilities of all pairs, and its events."""
    export({FULL: teacher}, modes, folder, own_texts(), {FULL: asdict(TEACHING)})
    model, gazetteer = Model(folder, threads=2), Gazetteer.default()
    numbers = model.load(FULL)
    texts = sorted(islice(story_sentences(), count), key=len)
    examples: list[Example] = []
    all_tokens = model.tokenizing(texts)
    order = sorted(range(len(texts)), key=lambda i: padded_length(len(all_tokens[i])))
    for at in range(0, len(order), 32):
        some = [texts[i] for i in order[at : at + 32]]
        known = [known_spans(gazetteer.read(text, DAY).mentions, 0, len(text)) for text in some]
        tokens = [mark(all_tokens[i], spans) for i, spans in zip(order[at : at + 32], known, strict=True)]
        readings, scored = read_scored(model, tokens, known, FULL, numbers)
        soft = _soft(scored)
        examples += [
            _example(text, reading, soft.get(i, {}), tuple(known[i]))
            for i, (text, reading) in enumerate(zip(some, readings, strict=True))
        ]
    return examples


def _soft(all_scored: Sequence[Scored]) -> dict[int, dict[tuple[int, int], tuple[float, ...]]]:
    found: dict[int, dict[tuple[int, int], tuple[float, ...]]] = {}
    for scored in all_scored:
        for n, row in enumerate(scored.rows):
            pairs = [(int(a), int(r)) for a, r in scored.pairs[n]]
            found[row] = {pair: tuple(p) for pair, p in zip(pairs, scored.p[n].tolist(), strict=True)}
    return found


def _example(
    text: str,
    reading: SentenceReading,
    soft: dict[tuple[int, int], tuple[float, ...]],
    known: tuple[tuple[int, int, str], ...],
) -> Example:
    pairs: dict[tuple[int, int], tuple[Label, ...]] = {}
    for one in reading.found:
        label = Label(
            types=(one.event,),
            status=one.status,
            mode=f"{one.event}/{one.mode}" if one.mode else None,
            trigger=one.trigger,
            said_by=one.speaker,
        )
        pairs.setdefault((one.actor, one.recipient), (label,))
    if not reading.mentions:
        pairs[0, 0] = (Label((NONE,)),)
    return Example(
        text, reading.mentions, pairs, complete=True, source="taught", known=known, weight=TEACHER_WEIGHT, soft=soft
    )
