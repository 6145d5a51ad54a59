"""Training examples from our labelled sentences and from the data sets that stay outside the repository."""

from __future__ import annotations

import datetime
import json
import os
import random
import re
from collections import Counter
from dataclasses import dataclass, field, replace
from itertools import pairwise
from pathlib import Path

from detente.actors import Gazetteer
from detente.bench.labelled import LabelledSentence, read_labelled, read_marked
from detente.coding.tokens import known_spans
from detente.records import STATUSES, stable_id

SENTENCES = Path(__file__).parent / "sentences"
NONE = "NONE"
FOLDS = 3
TYPES = (
    "ACCUSE", "AGREE", "AID", "ASSAULT", "COERCE", "CONCEDE", "CONSULT", "COOPERATE",
    "MOBILIZE", "PROTEST", "REJECT", "REQUEST", "RETREAT", "SANCTION", "SUPPORT", "THREATEN", NONE,
)  # fmt: skip
TYPE_ID = {name: i for i, name in enumerate(TYPES)}
STATUS_ID = {name: i for i, name in enumerate(STATUSES)}
MERGED = {"YIELD": ("CONCEDE", "RETREAT")}
"""plv_train has an older type that later became two."""

Span = tuple[int, int]


@dataclass(frozen=True)
class Label:
    """What is known about an ordered pair: one event, or NONE. Several types mean: one of these."""

    types: tuple[str, ...]
    status: str | None = None
    mode: str | None = None
    trigger: Span | None = None
    said_by: int | None = None
    """Mention number from 1; 0 for nobody; None for unknown."""


@dataclass(frozen=True)
class Example:
    """A sentence with its mentions (numbers from 1 in ``pairs``; 0 is NULL) and what is known of its pairs."""

    text: str
    spans: tuple[Span, ...]
    pairs: dict[tuple[int, int], tuple[Label, ...]] = field(hash=False)
    complete: bool
    """All mentions and events are labelled: what is not labelled is not there."""
    source: str
    known: tuple[tuple[int, int, str], ...] = ()
    marked: tuple[int, int] | None = None
    """The pair whose roles are given to the network."""
    weight: float = 1.0
    soft: dict[tuple[int, int], tuple[float, ...]] = field(default_factory=dict, hash=False)
    """Probabilities over the types that a teacher gives to pairs; they stand beside labels, or alone."""


def fold_of(text: str) -> int:
    """The fold that a text of the gold sets belongs to; the same text is always in one fold."""
    return int(stable_id("fold", text), 16) % FOLDS


def data_folder() -> Path:
    """Where the data sets lie: DETENTE_DATA, else ../shared/data."""
    return Path(os.environ.get("DETENTE_DATA", Path(__file__).parents[2] / "shared" / "data"))


def from_labelled(sentence: LabelledSentence) -> Example:
    """Our own sentence: all its ordered pairs are known."""
    number = {n: i + 1 for i, n in enumerate(sentence.mentions)}
    spans = tuple(sentence.mentions.values())
    pairs: dict[tuple[int, int], tuple[Label, ...]] = {}
    for event in sentence.events:
        key = (number[event.actor] if event.actor else 0, number[event.recipient] if event.recipient else 0)
        label = Label(
            types=(event.event,),
            status=event.status,
            mode=f"{event.event}/{event.modes[0]}" if event.modes else None,
            trigger=event.trigger,
            said_by=number[event.said_by] if event.said_by else 0,
        )
        pairs[key] = (*pairs.get(key, ()), label)
    return Example(sentence.text, spans, pairs, complete=True, source="own")


def own_examples(*, held_out: bool = False, conventions: bool = True) -> list[Example]:
    """training/sentences without the held-out ones, or these alone; they set the temperature.

    ``conventions`` off leaves out the files that were written with the data sets' errors in view.
    """
    paths = [p for p in sorted(SENTENCES.glob("*.txt")) if conventions or not p.name.startswith("convention")]
    sentences, errors = read_labelled(paths)
    if errors:
        raise errors[0]
    return with_known([from_labelled(s) for s in sentences if is_held_out(s) == held_out])


def is_held_out(sentence: LabelledSentence) -> bool:
    """One sentence in twelve, by a hash of its text."""
    return int(stable_id("held out", sentence.text), 16) % 12 == 0


def plv_examples(path: Path | None = None) -> list[Example]:
    """The marked pairs of plv_train; other pairs of the sentence are unknown."""
    found = []
    for text, marks, gold in read_marked(path or data_folder() / "coding" / "plv_train.tsv"):
        spans = sorted(marks.values())
        actor, recipient = (spans.index(marks[role]) + 1 if role in marks else 0 for role in "st")
        label = Label(MERGED.get(gold, (gold,)))
        found.append(Example(text, tuple(spans), {(actor, recipient): (label,)}, complete=False, source="plv"))
    return with_known(found)


def find_words(text: str, words: str) -> Span | None:
    """Where a data set's actor text stands in its sentence; ``...`` in it skips words, else the parts' span."""
    parts = [part.strip() for part in words.split("...") if part.strip()]
    spans = []
    for part in parts:
        match = re.search(rf"(?<!\w){re.escape(part)}(?!\w)", text) or re.search(re.escape(part), text, re.IGNORECASE)
        if match is None:
            return None
        spans.append((match.start(), match.end()))
    return (min(s for s, _ in spans), max(e for _, e in spans)) if spans else None


def gsr_examples(path: Path | None = None) -> list[Example]:
    """The gold records; actors are found by their text, records where one is not found are left out."""
    found = []
    for line in (path or data_folder() / "coding" / "plover_gsr_dev.jsonl").read_text("utf-8").splitlines():
        record = json.loads(line)
        text = record["text"]
        sides = [[find_words(text, a["text"]) for a in record[side]] for side in ("actor", "recipient")]
        if any(span is None for side in sides for span in side):
            continue
        spans = sorted({span for side in sides for span in side if span is not None})
        if any(a[1] > b[0] for a, b in pairwise(spans)):
            continue
        number = {span: i + 1 for i, span in enumerate(spans)}
        actors, recipients = ([number[span] for span in side if span] or [0] for side in sides)
        pairs = [(a, r) for a in actors for r in recipients]
        if record["compound"] and recipients == [0] and len(actors) > 1:
            pairs = [(a, b) for a in actors for b in actors if a != b]
        label = (Label((record["event"],)),)
        known = {pair: label for pair in pairs if pair[0] != pair[1]}
        if known:
            found.append(Example(text, tuple(spans), known, complete=False, source="gsr"))
    return with_known(found)


def with_known(examples: list[Example], day: datetime.date = datetime.date(2015, 1, 1)) -> list[Example]:
    """The examples with the actors that the gazetteer knows; ``day`` stands for their unknown dates."""
    gazetteer = Gazetteer.default()
    return [
        replace(e, known=tuple(known_spans(gazetteer.read(e.text, day).mentions, 0, len(e.text)))) for e in examples
    ]


def mode_names(examples: list[Example], at_least: int = 4) -> tuple[str, ...]:
    """Modes with enough examples to learn, as TYPE/mode; number 0 is no mode."""
    counts = Counter(label.mode for e in examples for labels in e.pairs.values() for label in labels if label.mode)
    return ("-", *sorted(name for name, count in counts.items() if count >= at_least))


def with_roles(example: Example, rng: random.Random, none_share: float = 0.15) -> Example | None:
    """The example with one of its pairs marked as given: an event's pair, or now and then one without event."""
    if example.complete and rng.random() < none_share and len(example.spans) > 1:
        numbers = range(1, len(example.spans) + 1)
        free = [(a, r) for a in numbers for r in numbers if a != r and (a, r) not in example.pairs]
        if free:
            pair = rng.choice(free)
            return _marked(example, pair, (Label((NONE,)),))
    candidates = [pair for pair in example.pairs if pair != (0, 0)]
    if not candidates:
        return None
    pair = rng.choice(candidates)
    return _marked(example, pair, example.pairs[pair])


def _marked(example: Example, pair: tuple[int, int], labels: tuple[Label, ...]) -> Example:
    return replace(example, pairs={pair: labels}, marked=pair)
