"""Agreement of the second labelling with the first: ``python -m training.agreement.measure``."""

from __future__ import annotations

import json
import random
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from detente.bench.labelled import LabelledEvent, LabelledSentence, read_labelled

HERE = Path(__file__).parent
RESAMPLES = 2000
KAPPAS = ("none_or_some", "type", "status")
_TAIL = re.compile(r"\s(?:of|in|at|for|from|on|to|with)\s|,")

Span = tuple[int, int] | None


@dataclass(frozen=True)
class Both:
    """One sentence as both labelled it, and its events matched one to one."""

    first: LabelledSentence
    second: LabelledSentence
    events: tuple[tuple[LabelledEvent, LabelledEvent], ...]
    mentions: int

    @cached_property
    def readings(self) -> dict[str, list[tuple[str, str]]]:
        """What each says to the questions that the sentence puts."""
        return readings(self)


def overlap(a: Span, b: Span) -> bool:
    """Whether two spans share a character; two absent ones count as the same."""
    if a is None or b is None:
        return a is b
    return a[0] < b[1] and b[0] < a[1]


def same_pair(a: LabelledSentence, x: LabelledEvent, b: LabelledSentence, y: LabelledEvent) -> bool:
    """Whether actor and recipient are the same in both."""
    sides = ((x.actor, y.actor), (x.recipient, y.recipient))
    return all(overlap(a.mentions.get(m or -1), b.mentions.get(n or -1)) for m, n in sides)


def head(sentence: LabelledSentence, number: int | None) -> str:
    """The last word of a mention before any trailing phrase, or nothing."""
    words = _TAIL.split(sentence.span_text(number))[0].lower().split() if number else []
    return words[-1] if words else ""


def one_to_one(scores: Iterable[tuple[int, int, int]]) -> list[tuple[int, int]]:
    """Highest scores first, each side used once."""
    taken: list[tuple[int, int]] = []
    for score, i, j in sorted(scores, key=lambda s: (-s[0], s[1], s[2])):
        if score and all(i != a and j != b for a, b in taken):
            taken.append((i, j))
    return taken


def compare(a: LabelledSentence, b: LabelledSentence) -> Both:
    """Match events by overlapping trigger or same pair (both is better; the speaker breaks ties), mentions by span."""
    scores: list[tuple[int, int, int]] = []
    for i, x in enumerate(a.events):
        for j, y in enumerate(b.events):
            trigger = x.trigger is not None and overlap(x.trigger, y.trigger)
            score = 4 * trigger + 2 * same_pair(a, x, b, y)
            scores.append((score and score + (head(a, x.said_by) == head(b, y.said_by)), i, j))
    spans = [(int(overlap(m, n)), i, j) for i, m in a.mentions.items() for j, n in b.mentions.items()]
    return Both(a, b, tuple((a.events[i], b.events[j]) for i, j in one_to_one(scores)), len(one_to_one(spans)))


def types(s: LabelledSentence) -> str:
    """The event types of a sentence, in one word."""
    return " ".join(sorted({e.event for e in s.events}))


def readings(s: Both) -> dict[str, list[tuple[str, str]]]:
    """What the first and the second say to each question that the sentence puts."""
    named = [(head(s.first, x.said_by), head(s.second, y.said_by)) for x, y in s.events]
    triggered = [(x, y) for x, y in s.events if x.trigger and overlap(x.trigger, y.trigger)]
    return {
        "same_set_of_types": [(types(s.first), types(s.second))],
        "same_set_where_some": [(types(s.first), types(s.second))] if s.first.events or s.second.events else [],
        "none_or_some": [(str(bool(s.first.events)), str(bool(s.second.events)))],
        "type": [(x.event, y.event) for x, y in s.events],
        "status": [(x.status, y.status) for x, y in s.events],
        "same_pair_at_same_trigger": [("True", str(same_pair(s.first, x, s.second, y))) for x, y in triggered],
        "said_by": named,
        "said_by_where_named": [pair for pair in named if any(pair)],
    }


def share(pairs: Sequence[tuple[str, str]]) -> float:
    """The share on which both say the same."""
    return sum(a == b for a, b in pairs) / len(pairs)


def kappa(pairs: Sequence[tuple[str, str]]) -> float:
    """Cohen's kappa."""
    left, right = Counter(a for a, _ in pairs), Counter(b for _, b in pairs)
    by_chance = sum(left[k] * right[k] for k in left) / len(pairs) ** 2
    return (share(pairs) - by_chance) / (1 - by_chance)


def measure(cases: Sequence[Both]) -> dict[str, tuple[float, int]]:
    """Each measure and its number of cases."""
    gathered: dict[str, list[tuple[str, str]]] = {}
    for s in cases:
        for name, pairs in s.readings.items():
            gathered.setdefault(name, []).extend(pairs)
    found = {name: (share(pairs), len(pairs)) for name, pairs in gathered.items()}
    found |= {f"{name}_kappa": (kappa(gathered[name]), len(gathered[name])) for name in KAPPAS}
    events = sum(len(s.first.events) + len(s.second.events) for s in cases)
    mentions = sum(len(s.first.mentions) + len(s.second.mentions) for s in cases)
    found["event_f1"] = 2 * sum(len(s.events) for s in cases) / events, events
    found["mention_f1"] = 2 * sum(s.mentions for s in cases) / mentions, mentions
    return found


def load() -> list[Both]:
    """Every sentence of the second labelling beside the first labelling of the same text."""
    first, _ = read_labelled(sorted((HERE.parent / "sentences").glob("*.txt")))
    second, _ = read_labelled([HERE / "second.txt"])
    by_text = {s.text: s for s in first}
    return [compare(by_text[s.text], s) for s in second if s.text in by_text]


def main() -> None:
    """Print each measure with its number of cases and bootstrap 95 % interval (whole sentences resampled)."""
    cases = load()
    rng = random.Random(7)
    samples = [measure(rng.choices(cases, k=len(cases))) for _ in range(RESAMPLES)]
    lines = [f'"sentences": {len(cases)}']
    for name, (value, size) in measure(cases).items():
        drawn = sorted(sample[name][0] for sample in samples)
        interval = [round(drawn[int(q * RESAMPLES)], 3) for q in (0.025, 0.975)]
        lines.append(f'"{name}": ' + json.dumps({"value": round(value, 3), "interval": interval, "cases": size}))
    print("{\n " + ",\n ".join(lines) + "\n}")


if __name__ == "__main__":
    main()
