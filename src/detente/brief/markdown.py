"""The brief as Markdown with footnotes."""

from __future__ import annotations

import re

from detente.brief.content import Brief, Line, Note
from detente.brief.phrases import day_text
from detente.brief.text import clean, ranges, weblink

__all__ = ["to_markdown"]


def to_markdown(brief: Brief) -> str:
    """The brief as Markdown; text from documents is escaped, so that nothing in it is read as markup."""
    parts = [f"# {_escape(brief.title)}", _escape(brief.subtitle)]
    for section in brief.sections:
        parts.append(f"## {section.heading}")
        if section.kind == "events":
            parts.append("\n".join(_event(line) for line in section.lines))
        else:
            parts += [_escape(line.text) + _references(line) for line in section.lines]
    if brief.notes:
        parts.append("## Notes")
        parts += [_note(note) for note in brief.notes]
    if brief.left_out:
        parts.append(f"{brief.left_out} further events are counted above but not listed here.")
    return clean("\n\n".join(parts) + "\n")


def _event(line: Line) -> str:
    quote = f"\n  > {_escape(line.quote)}\n" if line.quote else ""
    return f"- **{line.date}** {_escape(line.text)}{_references(line)}{quote}"


def _note(note: Note) -> str:
    where = f"{_escape(note.source)}, {_escape(note.title)}, {day_text(note.published)}"
    if note.sentence_no is not None:
        where += f", sentence {note.sentence_no + 1}"
    if weblink(note.url):
        where += f", <{note.url}>"
    return f"[^{note.number}]: {_escape(note.sentence)} — {where}"


def _references(line: Line) -> str:
    return "".join(f"[^{a}]" if a == b else f"[^{a}]–[^{b}]" for a, b in ranges(line.notes))


def _escape(text: str) -> str:
    """Text on one line with everything escaped that Markdown or HTML could take for markup."""
    escaped = re.sub(r"([\\`*_{}\[\]#|~])", r"\\\1", " ".join(text.split()))
    escaped = escaped.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    # Markup at the start of a line only: a list or a numbered item.
    return re.sub(r"^(\d*)([+.)-])(?=\s|$)", r"\1\\\2", escaped)
