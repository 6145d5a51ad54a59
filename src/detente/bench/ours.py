"""The project's own gold sentences: status, quoted speakers, and sentences without an event."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from detente.actors import Gazetteer
from detente.bench.gold import DAY
from detente.bench.labelled import LabelledEvent, LabelledSentence, read_labelled
from detente.bench.scoring import accuracy_report, interval
from detente.coding import Coded, Coder
from detente.errors import NotFound
from detente.records import Document, Event, Party

__all__ = ["none", "speakers", "status", "touches"]

MISSED = "not coded"


def gold_folder() -> Path:
    """benchmarks/gold beside the package's source; NotFound in an installation without it."""
    folder = Path(__file__).parents[3] / "benchmarks" / "gold"
    if not folder.is_dir():
        raise NotFound("folder of gold sentences", folder)
    return folder


def _read(path: Path) -> tuple[list[LabelledSentence], list[str]]:
    """The sentences, and what is wrong with blocks that could not be read."""
    sentences, errors = read_labelled([path])
    return sentences, [str(error) for error in errors]


def _code(sentences: Sequence[LabelledSentence], coder: Coder) -> list[Coded]:
    documents = (Document(document_id=str(i), text=s.text, published=DAY) for i, s in enumerate(sentences))
    return list(coder.code(documents))


def touches(party: Party | None, span: tuple[int, int] | None) -> bool:
    """Whether a coded party and a labelled mention are one: they overlap, or both are missing."""
    if party is None or party.start is None or party.end is None or span is None:
        return party is None and span is None
    return party.start < span[1] and party.end > span[0]


def _match(sentence: LabelledSentence, gold: LabelledEvent, events: Sequence[Event]) -> Event | None:
    """The coded event for a labelled one: same type, and the same actor or recipient; both before one."""
    actor = sentence.mentions[gold.actor] if gold.actor else None
    recipient = sentence.mentions[gold.recipient] if gold.recipient else None
    best: tuple[int, Event] | None = None
    for event in events:
        score = touches(event.actor, actor) + touches(event.recipient, recipient)
        if event.event == gold.event and score and (best is None or score > best[0]):
            best = score, event
    return best[1] if best else None


def status(path: Path, coder: Coder) -> dict[str, Any]:
    """Status of labelled events: with the pair given (``classify``), and as coded from the text alone."""
    sentences, unreadable = _read(path)
    items, gold = [], []
    for sentence in sentences:
        pairs = [(e.actor, e.recipient) for e in sentence.events]
        for event in sentence.events:
            pair = (event.actor, event.recipient)
            if pairs.count(pair) == 1 and pair != (None, None):
                spans = [sentence.mentions[n] if n else None for n in pair]
                items.append((sentence.text, spans[0], spans[1]))
                gold.append(event.status)
    given = [one.status for one in coder.classify_many(items)]
    coded_gold: list[str] = []
    coded_found: list[str] = []
    for sentence, coded in zip(sentences, _code(sentences, coder), strict=True):
        for event in sentence.events:
            match = _match(sentence, event, coded.events)
            coded_gold.append(event.status)
            coded_found.append(match.status if match else MISSED)
    seen = [i for i, name in enumerate(coded_found) if name != MISSED]
    return {
        "pair_given": accuracy_report(gold, given),
        "coded": accuracy_report([coded_gold[i] for i in seen], [coded_found[i] for i in seen]),
        "unreadable": unreadable,
        "coded_with_missed": accuracy_report(coded_gold, coded_found),
        "counting": "pair_given: classify on events that are the only one of their pair; coded: events of the text "
        "that the coder found (same type, same actor or recipient); coded_with_missed: events not found count as wrong",
    }


def speakers(path: Path, coder: Coder) -> dict[str, Any]:
    """Who is quoted: right where ``said_by`` is the resolved name of the labelled speaker, or null for none."""
    gazetteer = Gazetteer.default()
    right: list[int] = []
    unquoted: list[int] = []
    missed = 0
    sentences, unreadable = _read(path)
    for sentence, coded in zip(sentences, _code(sentences, coder), strict=True):
        reading = gazetteer.read(sentence.text, DAY)
        for event in sentence.events:
            match = _match(sentence, event, coded.events)
            if match is None:
                missed += event.said_by is not None
            elif event.said_by is None:
                unquoted.append(int(match.said_by is None))
            else:
                name = reading.resolve(*sentence.mentions[event.said_by]).name
                right.append(int(match.said_by == name))
    found = len(right)
    return {
        "unreadable": unreadable,
        "quoted_events": found + missed,
        "found": found,
        "accuracy": round(sum(right) / max(1, found), 4),
        "accuracy_95": interval(found, lambda i: sum(right[k] for k in i) / max(1, len(i))),
        "accuracy_with_missed": round(sum(right) / max(1, found + missed), 4),
        "unquoted_left_null": round(sum(unquoted) / max(1, len(unquoted)), 4),
        "counting": "over labelled events inside reported speech that the coder found (same type, same actor or "
        "recipient); with_missed counts events that it did not find as wrong",
    }


def none(path: Path, coder: Coder) -> dict[str, Any]:
    """Events coded from sentences that hold none, for each sentence."""
    labelled, unreadable = _read(path)
    sentences = [s for s in labelled if not s.events]
    counts = [len(coded.events) for coded in _code(sentences, coder)]
    return {
        "n": len(counts),
        "unreadable": unreadable,
        "events": sum(counts),
        "events_per_sentence": round(sum(counts) / max(1, len(counts)), 4),
        "events_per_sentence_95": interval(len(counts), lambda i: sum(counts[k] for k in i) / max(1, len(i))),
        "sentences_with_events": sum(c > 0 for c in counts),
    }
