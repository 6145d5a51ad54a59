"""``python -m training.tune``: what thresholds give on the held-out sentences of our own, for both readings.

Counts an event as right where type, actor and recipient are those of a labelled one (mentions overlap).
"""

from __future__ import annotations

from collections.abc import Sequence

from detente.bench.gold import DAY
from detente.bench.labelled import LabelledSentence, read_labelled
from detente.coding import Coded, Coder, CodingOptions
from detente.records import Document, Party
from training.data import SENTENCES, is_held_out

THRESHOLDS = (0.3, 0.5, 0.6, 0.7, 0.8, 0.85, 0.9)


def _touches(party: Party | None, span: tuple[int, int] | None) -> bool:
    if party is None or party.start is None or party.end is None or span is None:
        return party is None and span is None
    return party.start < span[1] and party.end > span[0]


def score(sentences: Sequence[LabelledSentence], coded: Sequence[Coded]) -> dict[str, float]:
    """Precision, recall and F1 of whole events and of types alone, and events for each sentence without one."""
    right = types_right = predicted = types_predicted = gold = types_gold = empty = empty_events = 0
    for sentence, one in zip(sentences, coded, strict=True):
        found = one.events
        spans = [
            (e.event, *(sentence.mentions[n] if n is not None else None for n in (e.actor, e.recipient)))
            for e in sentence.events
        ]
        hit = {
            i
            for i, (name, actor, recipient) in enumerate(spans)
            for e in found
            if e.event == name and _touches(e.actor, actor) and _touches(e.recipient, recipient)
        }
        right += len(hit)
        predicted += len(found)
        gold += len(spans)
        wanted, given = {name for name, _, _ in spans}, {e.event for e in found}
        types_right += len(wanted & given)
        types_predicted += len(given)
        types_gold += len(wanted)
        if not spans:
            empty += 1
            empty_events += len(found)
    return {
        "precision": right / max(1, predicted),
        "recall": right / max(1, gold),
        "f1": 2 * right / max(1, predicted + gold),
        "type_f1": 2 * types_right / max(1, types_predicted + types_gold),
        "events_per_empty_sentence": empty_events / max(1, empty),
    }


def main() -> None:
    """A table for each reading."""
    sentences = [s for s in read_labelled(sorted(SENTENCES.glob("*.txt")))[0] if is_held_out(s)]
    documents = [Document(document_id=str(i), text=s.text, published=DAY) for i, s in enumerate(sentences)]
    for fast in (False, True):
        print(f"{'fast' if fast else 'full'} reading, {len(sentences)} sentences")
        for threshold in THRESHOLDS:
            values = score(sentences, list(Coder.load(CodingOptions(threshold=threshold, fast=fast)).code(documents)))
            print(f"  {threshold:.1f}  " + "  ".join(f"{name} {value:.3f}" for name, value in values.items()))


if __name__ == "__main__":
    main()
