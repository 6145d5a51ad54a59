"""``python -m training.sentences``: check and count the labelled sentences; exit 1 if any block is wrong."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Sequence

from detente.bench.labelled import LabelledSentence, read_labelled
from training.data import SENTENCES


def table(sentences: Sequence[LabelledSentence]) -> str:
    """Counts by type and status, one line a type."""
    events = [event for sentence in sentences for event in sentence.events]
    statuses = sorted({event.status for event in events})
    lines = ["type".ljust(12) + "".join(status.rjust(13) for status in statuses) + "all".rjust(8)]
    for name in sorted({event.event for event in events}):
        some = Counter(event.status for event in events if event.event == name)
        lines.append(name.ljust(12) + "".join(str(some[s]).rjust(13) for s in statuses) + str(some.total()).rjust(8))
    return "\n".join(lines)


def main() -> int:
    """Print what is there and what is wrong."""
    sentences, errors = read_labelled(sorted(SENTENCES.glob("*.txt")))
    for error in errors:
        print(error, file=sys.stderr)
    doubles = [text for text, count in Counter(s.text for s in sentences).items() if count > 1]
    for text in doubles:
        print(f"twice: {text}", file=sys.stderr)
    events = sum(len(s.events) for s in sentences)
    quoted = sum(e.said_by is not None for s in sentences for e in s.events)
    print(table(sentences))
    print(
        f"{len(sentences)} sentences, {events} events ({quoted} quoted), "
        f"{sum(not s.events for s in sentences)} sentences without an event, {len(errors)} wrong blocks"
    )
    return 1 if errors or doubles else 0


if __name__ == "__main__":
    sys.exit(main())
