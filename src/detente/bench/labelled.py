"""Sentences labelled by hand: the format of ``training/guidelines.md``, read into records with offsets.

A block is one sentence with ``{n:words}`` around each mention, then one line an event (or ``> NONE``). Blocks are
separated by blank lines; lines that start with ``#`` are comments.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import cast, get_args

from detente.errors import BadInput
from detente.ontology import TYPES
from detente.records import Status

__all__ = ["LabelledEvent", "LabelledSentence", "parse_block", "parse_text", "read_labelled", "read_marked", "unmark"]

_MENTION = re.compile(r"\{(\d+):([^{}]*)\}")
_EVENT = re.compile(
    r"^>\s+(?P<type>[A-Z]+)(?:/(?P<mode>[\w+-]+))?\s+(?P<actors>[\d,]+|-)(?P<arrow><?>)(?P<recipients>[\d,]+|-)\s+"
    r"(?P<status>[a-z]+)(?:\s+@(?P<trigger>.+?))?(?:\s+by=(?P<by>\d+))?\s*$"
)
_STATUSES = get_args(Status)


@dataclass(frozen=True, slots=True)
class LabelledEvent:
    """One labelled event between two mentions; ``None`` stands for no actor or no recipient."""

    event: str
    modes: tuple[str, ...]
    actor: int | None
    recipient: int | None
    status: Status
    trigger: tuple[int, int] | None
    said_by: int | None


@dataclass(frozen=True, slots=True)
class LabelledSentence:
    """A sentence, its mentions by number as character spans, and its events (one for each ordered pair)."""

    text: str
    mentions: dict[int, tuple[int, int]]
    events: tuple[LabelledEvent, ...]
    where: str = ""

    def span_text(self, number: int) -> str:
        """The words of a mention."""
        start, end = self.mentions[number]
        return self.text[start:end]


def _strip_marks(marked: str, where: str) -> tuple[str, dict[int, tuple[int, int]]]:
    pieces: list[str] = []
    mentions: dict[int, tuple[int, int]] = {}
    length = position = 0
    for match in _MENTION.finditer(marked):
        before = marked[position : match.start()]
        number, words = int(match[1]), match[2]
        if not words.strip():
            raise BadInput(f"mention {number} is empty", where)
        if number in mentions:
            raise BadInput(f"mention {number} is marked twice", where)
        lead = len(words) - len(words.lstrip())
        start = length + len(before) + lead
        mentions[number] = (start, start + len(words.strip()))
        pieces += [before, words]
        length += len(before) + len(words)
        position = match.end()
    pieces.append(marked[position:])
    text = "".join(pieces)
    if "{" in text or "}" in text:
        raise BadInput("a brace is left over: mentions are written {n:words} and do not nest", where)
    return text, mentions


def _find_trigger(text: str, trigger: str, where: str) -> tuple[int, int]:
    found = re.search(rf"(?<!\w){re.escape(trigger)}(?!\w)", text) or re.search(
        rf"(?<!\w){re.escape(trigger)}(?!\w)", text, re.IGNORECASE
    )
    if found is None:
        raise BadInput(f"trigger {trigger!r} does not occur in the sentence", where)
    return found.start(), found.end()


def _numbers(words: str, mentions: dict[int, tuple[int, int]], where: str) -> list[int | None]:
    if words == "-":
        return [None]
    numbers = [int(part) for part in words.split(",") if part]
    for number in numbers:
        if number not in mentions:
            raise BadInput(f"no mention is numbered {number}", where)
    return list(numbers)


def _parse_event(line: str, text: str, mentions: dict[int, tuple[int, int]], where: str) -> list[LabelledEvent]:
    match = _EVENT.match(line)
    if match is None:
        raise BadInput(f"not an event line: {line!r}", where)
    name, status = match["type"], match["status"]
    if name not in TYPES:
        raise BadInput(f"unknown event type {name!r}", where)
    if status not in _STATUSES:
        raise BadInput(f"unknown status {status!r}", where)
    modes = tuple(match["mode"].split("+")) if match["mode"] else ()
    unknown = [mode for mode in modes if mode not in TYPES[name].modes]
    if unknown:
        raise BadInput(f"{name} has no mode {unknown[0]!r}; it has: {', '.join(TYPES[name].modes) or 'none'}", where)
    trigger = _find_trigger(text, match["trigger"], where) if match["trigger"] else None
    said_by = _numbers(match["by"], mentions, where)[0] if match["by"] else None
    actors, recipients = (_numbers(match[side], mentions, where) for side in ("actors", "recipients"))
    pairs = [(a, r) for a in actors for r in recipients]
    if match["arrow"] == "<>":
        pairs += [(r, a) for a in actors for r in recipients]
    return [
        LabelledEvent(name, modes, a, r, cast("Status", status), trigger, said_by)
        for a, r in dict.fromkeys(pairs)
        if a != r or a is None
    ]


def parse_block(lines: list[str], where: str = "") -> LabelledSentence:
    """One block of the format; BadInput with ``where`` if anything in it does not hold together."""
    if not lines or lines[0].startswith(">"):
        raise BadInput("a block starts with its sentence", where)
    body = [line for line in lines if not line.startswith(">")]
    labels = [line for line in lines if line.startswith(">")]
    if len(body) > 1:
        raise BadInput("a block holds one sentence on one line", where)
    text, mentions = _strip_marks(body[0].strip(), where)
    if not labels:
        raise BadInput("a sentence without an event is followed by '> NONE'", where)
    if any(line.split()[1:] == ["NONE"] for line in labels):
        if len(labels) > 1:
            raise BadInput("'> NONE' stands alone", where)
        return LabelledSentence(text, mentions, (), where)
    events = [event for line in labels for event in _parse_event(line, text, mentions, where)]
    return LabelledSentence(text, mentions, tuple(events), where)


def _blocks(text: str, name: str) -> Iterator[tuple[list[str], str]]:
    lines: list[str] = []
    first = 0
    for number, line in enumerate([*text.splitlines(), ""], start=1):
        if line.startswith("#"):
            continue
        if line.strip():
            if not lines:
                first = number
            lines.append(line.rstrip())
        elif lines:
            yield lines, f"{name}:{first}"
            lines = []


def parse_text(text: str, name: str = "text") -> tuple[list[LabelledSentence], list[BadInput]]:
    """All blocks of a text: the good ones, and the errors of the bad ones (each names file and line)."""
    good: list[LabelledSentence] = []
    bad: list[BadInput] = []
    for lines, where in _blocks(text, name):
        try:
            good.append(parse_block(lines, where))
        except BadInput as error:
            bad.append(error)
    return good, bad


def read_labelled(paths: Iterable[Path]) -> tuple[list[LabelledSentence], list[BadInput]]:
    """The labelled sentences of several files, in order, with the errors of blocks that could not be read."""
    good: list[LabelledSentence] = []
    bad: list[BadInput] = []
    for path in paths:
        some, errors = parse_text(path.read_text("utf-8"), path.name)
        good += some
        bad += errors
    return good, bad


def unmark(marked: str) -> tuple[str, dict[str, tuple[int, int]]]:
    """A sentence without its marks, and the first span of each mark (``s`` actor, ``t`` recipient)."""
    spans: dict[str, tuple[int, int]] = {}
    opened: dict[str, int] = {}
    text = ""
    for piece in re.split(r"(</?[st]>)", marked):
        if re.fullmatch(r"<[st]>", piece):
            opened[piece[1]] = len(text)
        elif re.fullmatch(r"</[st]>", piece) and piece[2] in opened:
            start, end = opened[piece[2]], len(text)
            words = text[start:end]
            span = (start + len(words) - len(words.lstrip()), end - (len(words) - len(words.rstrip())))
            spans.setdefault(piece[2], span)
        else:
            text += piece
    return text, spans


def read_marked(path: Path) -> list[tuple[str, dict[str, tuple[int, int]], str]]:
    """Sentence, role spans and gold type of each row of a tab-separated file of marked pairs."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    if not rows or not {"marked_sentence", "gold_root"} <= set(rows[0]):
        raise BadInput("expected tab-separated columns marked_sentence and gold_root", str(path))
    return [(*unmark(row["marked_sentence"]), row["gold_root"]) for row in rows]
