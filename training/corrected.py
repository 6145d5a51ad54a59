"""``python -m training.corrected EVENTS CORRECTIONS``: users' corrections as labelled sentences, on standard output.

EVENTS is what ``detente code`` wrote, CORRECTIONS the file of ``--corrections``. A sentence is taken where every event
that was coded from it has a correction (``keep`` among them), for only then all that it says is known. The blocks are
those of ``guidelines.md``; in ``training/sentences/`` the recipe learns from them.
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import sys
from collections.abc import Iterable, Sequence
from itertools import pairwise
from pathlib import Path

from detente.bench.labelled import parse_block
from detente.coding.corrections import Correction, apply_corrections, read_corrections
from detente.errors import BadInput
from detente.records import Event, Party, parse_date


def blocks(events: Iterable[Event], corrections: Sequence[Correction]) -> tuple[list[str], list[str]]:
    """Blocks of the sentences that are known whole, and why others were left out."""
    sentences: dict[tuple[str, int, str], list[Event]] = {}
    for event in events:
        sentences.setdefault((event.document_id, event.sentence_no, event.sentence), []).append(event)
    found: list[str] = []
    left: list[str] = []
    for (document, number, text), coded in sentences.items():
        about = [any(correction.matches(event) for correction in corrections) for event in coded]
        if not any(about):
            continue
        where = f"{document}, sentence {number}"
        if not all(about):
            left.append(f"{where}: {about.count(False)} of {len(about)} events have no correction")
            continue
        try:
            block = _block(text, apply_corrections(coded, tuple(corrections))[0])
            parse_block(block.splitlines(), where)
        except BadInput as error:
            left.append(f"{where}: {error}")
        else:
            found.append(block)
    return found, left


def _block(text: str, events: Sequence[Event]) -> str:
    if any(mark in text for mark in "{}\n"):
        raise BadInput("braces and line ends cannot stand in a labelled sentence")
    spans: dict[tuple[int, int], str] = {}
    for event in events:
        for party in (event.actor, event.recipient):
            if party is not None:
                spans.setdefault(_span(text, party), party.name)
    order = sorted(spans)
    if any(b[0] < a[1] for a, b in pairwise(order)):
        raise BadInput("mentions overlap")
    number = {span: n for n, span in enumerate(order, start=1)}
    marked, last = "", 0
    for start, end in order:
        marked += text[last:start] + f"{{{number[start, end]}:{text[start:end]}}}"
        last = end
    lines = [marked + text[last:]]
    for event in events:
        actor, recipient = (
            str(number[_span(text, party)]) if party is not None else "-" for party in (event.actor, event.recipient)
        )
        mode = f"/{event.mode}" if event.mode else ""
        speakers = [number[span] for span, name in spans.items() if name == event.said_by]
        if event.said_by is not None and not speakers:
            raise BadInput(f"the speaker {event.said_by!r} is no party of an event, so their words are not known")
        by = f" by={speakers[0]}" if speakers else ""
        lines.append(f"> {event.event}{mode} {actor}>{recipient} {event.status}{by}")
    return "\n".join(lines if events else [*lines, "> NONE"])


def _span(text: str, party: Party) -> tuple[int, int]:
    at = text.find(party.text) if party.text else -1
    if at < 0:
        raise BadInput(f"{party.name!r} has no words in the sentence")
    return at, at + len(party.text)


def read_events(path: Path) -> list[Event]:
    """Events of a JSON Lines file as ``detente code`` writes it."""
    names = {field.name for field in dataclasses.fields(Event)}
    events = []
    for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1):
        try:
            values = {name: value for name, value in json.loads(line).items() if name in names}
            for side in ("actor", "recipient"):
                values[side] = Party(**values[side]) if values[side] is not None else None
            events.append(Event(**values | {name: parse_date(values[name]) for name in ("date", "published")}))
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            raise BadInput(f"not a coded event: {error}", f"{path}:{number}") from None
    return events


def main() -> int:
    """Blocks to standard output, what was left out to standard error."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("events", type=Path)
    parser.add_argument("corrections", type=Path)
    arguments = parser.parse_args()
    found, left = blocks(read_events(arguments.events), read_corrections(arguments.corrections))
    for reason in left:
        print(reason, file=sys.stderr)
    print("# From users' corrections.\n" + "\n\n".join(found))
    return 0


if __name__ == "__main__":
    sys.exit(main())
