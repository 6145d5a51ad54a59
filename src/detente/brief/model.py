"""The records of a brief: what it says, line by line, with the notes that each line rests on."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field
from typing import Any, Literal

from detente.relations import Relation
from detente.showing import Shown

__all__ = ["Brief", "Figure", "Kind", "Line", "Note", "Row", "Section", "Source"]

Kind = Literal["text", "paragraph", "events", "table"]


@dataclass(frozen=True, slots=True)
class Note:
    """A footnote: a sentence of a document, or a figure of a table or corridor file (then without a document)."""

    number: int
    sentence: str
    title: str
    source: str
    published: datetime.date | None
    url: str | None
    document_id: str | None
    sentence_no: int | None
    event_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """A statement of the brief and the notes that it rests on.

    ``events`` are the ids of all events that its figures count; ``more`` is how many of these no note of the line
    shows. ``quote`` repeats the evidence where it is one sentence.
    """

    text: str
    notes: tuple[int, ...] = ()
    quote: str | None = None
    date: str | None = None
    events: tuple[str, ...] = ()
    more: int = 0


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table: what it is about, and a line for each further column."""

    label: str
    cells: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Figure:
    """A chart as Vega-Lite specification, its caption, and the same data as a small table of text."""

    name: str
    caption: str
    spec: dict[str, Any] = field(repr=False)
    head: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Section:
    """A heading, its lines, then a table and a figure where it has them; ``kind`` says how lines are set."""

    heading: str
    kind: Kind
    lines: tuple[Line, ...]
    head: tuple[str, ...] = ()
    rows: tuple[Row, ...] = ()
    figure: Figure | None = None


@dataclass(frozen=True, slots=True)
class Source:
    """Who published what is cited: how many documents and sentences, of which days, in which notes."""

    name: str
    documents: int
    sentences: int
    first: datetime.date | None
    last: datetime.date | None
    notes: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Brief(Shown):
    """A brief on two states; ``left_out`` counts the events that are counted but shown in no note."""

    a: str
    b: str
    title: str
    subtitle: str
    sections: tuple[Section, ...]
    notes: tuple[Note, ...]
    sources: tuple[Source, ...]
    appendix: tuple[Section, ...]
    left_out: int
    relation: Relation
