"""Small things that every form of the brief needs: runs of note numbers, where a note stands, safe addresses."""

from __future__ import annotations

import re
from collections.abc import Sequence

from detente.brief.model import Line, Note, Source
from detente.brief.phrases import day_text, span_text

__all__ = ["clean", "ranges", "references", "source_text", "weblink", "where"]

# C0 and C1 controls other than tab and line feed have no place on a page.
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ufffe\uffff]")


def clean(text: str) -> str:
    """Text without control characters."""
    return _CONTROLS.sub("", text)


def ranges(numbers: Sequence[int]) -> list[tuple[int, int]]:
    """Runs of consecutive numbers as (first, last), for citing ``1–4, 7``."""
    runs: list[tuple[int, int]] = []
    for number in numbers:
        if runs and runs[-1][1] == number - 1:
            runs[-1] = (runs[-1][0], number)
        else:
            runs.append((number, number))
    return runs


def references(line: Line) -> str:
    """Note numbers of a line as text: ``1–4, 7``, with ``+12`` where it rests on more events than these show."""
    shown = [str(first) if first == last else f"{first}–{last}" for first, last in ranges(line.notes)]
    return ", ".join([*shown, f"+{line.more}"] if line.more else shown)


def where(note: Note, *, title: bool = True) -> str:
    """Where a note's sentence stands: source, title, day, and which sentence."""
    parts = [note.source, *([note.title] if title else [])]
    parts += [] if note.published is None else [day_text(note.published)]
    parts += [] if note.sentence_no is None else [f"sentence {note.sentence_no + 1}"]
    return ", ".join(parts)


def source_text(source: Source) -> str:
    """What is cited of a source: how much, and of which days."""
    if not source.documents:
        return f"{source.sentences} figure" + ("" if source.sentences == 1 else "s")
    text = f"{source.sentences} sentence" + ("" if source.sentences == 1 else "s")
    text += f" of {source.documents} document" + ("" if source.documents == 1 else "s")
    if source.first is None or source.last is None:
        return text
    return f"{text}, {span_text(source.first, source.last)}"


def weblink(url: str | None) -> bool:
    """Whether an address may become a link: http or https, without anything that could break out of it."""
    return url is not None and re.match(r"https?://[^\s<>\"'\x00-\x1f]+\Z", url) is not None
