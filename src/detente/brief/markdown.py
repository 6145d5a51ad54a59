"""The brief as Markdown."""

from __future__ import annotations

import re
from collections.abc import Sequence

from detente.brief.model import Brief, Line, Note, Section
from detente.brief.text import clean, ranges, source_text, weblink, where

__all__ = ["to_markdown"]


def to_markdown(brief: Brief) -> str:
    """The brief as Markdown; text from documents is escaped, so that nothing in it is read as markup.

    Charts stand as the tables of their figures: Markdown has no vector graphics.
    """
    parts = [f"# {_escape(brief.title)}", _escape(brief.subtitle)]
    for section in brief.sections:
        parts += _section(section)
    if brief.sources:
        parts.append("## Sources")
        parts.append("\n".join(f"- {_escape(s.name)}: {source_text(s)}{_notes(s.notes)}" for s in brief.sources))
    for section in brief.appendix:
        parts += _section(section, level=3) if section is not brief.appendix[0] else _section(section)
    if brief.notes:
        parts.append("## Notes")
        parts += [_note(note) for note in brief.notes]
    if brief.left_out:
        parts.append(f"{brief.left_out} further events are counted above but not listed here.")
    return clean("\n\n".join(parts) + "\n")


def _section(section: Section, level: int = 2) -> list[str]:
    parts = [f"{'#' * level} {section.heading}"]
    lines = [_escape(line.text) + _references(line) for line in section.lines]
    if section.kind == "events":
        parts.append("\n".join(_event(line) for line in section.lines))
    elif section.kind == "paragraph":
        parts.append(" ".join(lines))
    else:
        parts += lines
    if section.rows:
        rows = [[_escape(row.label), *(_escape(c.text) + _references(c) for c in row.cells)] for row in section.rows]
        parts.append(_table(section.head, rows))
    if section.figure is not None:
        parts.append(f"*{_escape(section.figure.caption)}*")
        parts.append(_table(section.figure.head, [[_escape(c) for c in row] for row in section.figure.rows]))
    return parts


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [f"| {' | '.join(map(_escape, head))} |", "|" + "---|" * len(head)]
    return "\n".join([*lines, *(f"| {' | '.join(row)} |" for row in rows)])


def _event(line: Line) -> str:
    quote = f"\n  > {_escape(line.quote)}\n" if line.quote else ""
    return f"- **{line.date}** {_escape(line.text)}{_references(line)}{quote}"


def _note(note: Note) -> str:
    place = _escape(where(note))
    if weblink(note.url):
        place += f", <{note.url}>"
    return f"[^{note.number}]: {_escape(note.sentence)} — {place}"


def _notes(numbers: Sequence[int]) -> str:
    return "".join(f"[^{a}]" if a == b else f"[^{a}]–[^{b}]" for a, b in ranges(numbers))


def _references(line: Line) -> str:
    return _notes(line.notes) + (f" (+{line.more})" if line.more else "")


def _escape(text: str) -> str:
    """Text on one line with everything escaped that Markdown or HTML could take for markup."""
    escaped = re.sub(r"([\\`*_{}\[\]#|~])", r"\\\1", " ".join(text.split()))
    escaped = escaped.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    # Markup at the start of a line only: a list or a numbered item.
    return re.sub(r"^(\d*)([+.)-])(?=\s|$)", r"\1\\\2", escaped)
