"""The reading and coding of added documents, in a process of its own: ``python -m detente.api.worker``.

The server stays quick while this one works, and can end it when an input takes too long or too much memory. The two
talk in lines of JSON: the server names the inputs; this process sends a chunk of what it read, is told which of it to
code, and sends the coding.
"""

from __future__ import annotations

import contextlib
import dataclasses
import datetime
import json
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import Any, TextIO

from detente.documents import Input, ReadOptions, read_inputs
from detente.records import (
    Document,
    Event,
    Rejected,
    Sentence,
    Statement,
    event_from_row,
    event_row,
    statement_from_row,
    statement_row,
)

__all__ = ["CHUNK", "CodedText", "coded_from", "document_from", "main", "rejected_from"]

CHUNK = 32
"""Inputs in one message: a second's work, so that the progress moves."""
MEMORY = 6 * 1024**3
"""Bytes of address space that this process may take; the model and its libraries map about 2.5 GB of it."""


@dataclasses.dataclass(frozen=True, slots=True)
class CodedText:
    """A document with what was coded from it, as it came from the worker."""

    document: Document
    sentences: tuple[Sentence, ...]
    events: tuple[Event, ...]
    statements: tuple[Statement, ...]


def main(lines: TextIO, out: TextIO) -> None:
    """Serve jobs one after the other; the first line of each names its inputs and options."""
    from detente.coding import Coder, CodingOptions  # noqa: PLC0415 - after the limits are set

    def send(message: Mapping[str, Any]) -> None:
        out.write(json.dumps(message, ensure_ascii=True, default=_plain) + "\n")
        out.flush()

    coder: Coder | None = None
    while line := lines.readline():
        job = json.loads(line)
        coder = coder or Coder.load(CodingOptions(threads=job["threads"]))
        send({"coder": coder.name})
        day = job["date"]
        options = ReadOptions(
            date=None if day is None else datetime.date.fromisoformat(day), max_bytes=job["max_bytes"], kind=job["kind"]
        )
        for number, given in enumerate(job["inputs"]):
            send({"input": number})
            items = read_inputs([Input(Path(given["path"]), given["file_id"], given["where"])], options)
            while chunk := list(islice(items, CHUNK)):
                send({"items": [_item(item) for item in chunk]})
                wanted = json.loads(lines.readline())["code"]
                documents = [_renamed(chunk[i], document_id) for i, document_id in wanted]
                send({"coded": [_coding(coded) for coded in coder.code(documents)]})
        send({"done": True})


def _renamed(item: Document | Rejected, document_id: str) -> Document:
    if not isinstance(item, Document):
        raise TypeError("told to code what is no document")
    return dataclasses.replace(item, document_id=document_id)


def _plain(value: Any) -> Any:
    if isinstance(value, datetime.date):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} is no JSON data")


def _item(item: Document | Rejected) -> dict[str, Any]:
    kind = "document" if isinstance(item, Document) else "rejected"
    return {kind: {f.name: getattr(item, f.name) for f in dataclasses.fields(item)}}


def _coding(coded: Any) -> dict[str, Any]:
    return {
        "sentences": [[s.no, s.start, s.end, s.text] for s in coded.sentences],
        "events": [event_row(event) for event in coded.events],
        "statements": [statement_row(statement) for statement in coded.statements],
    }


def document_from(data: Mapping[str, Any]) -> Document:
    """A document out of a message."""
    return Document(**{**data, "published": datetime.date.fromisoformat(data["published"])})


def rejected_from(data: Mapping[str, Any]) -> Rejected:
    """A rejection out of a message."""
    return Rejected(**data)


def coded_from(documents: Sequence[Document], data: Sequence[Mapping[str, Any]]) -> Iterator[CodedText]:
    """The coding of documents out of a message."""

    def dated(row: Mapping[str, Any]) -> dict[str, Any]:
        days: dict[str, Any] = {n: datetime.date.fromisoformat(row[n]) for n in ("date", "published") if row.get(n)}
        return {**row, **days}

    for document, found in zip(documents, data, strict=True):
        yield CodedText(
            document,
            tuple(Sentence(*parts) for parts in found["sentences"]),
            tuple(event_from_row(dated(row)) for row in found["events"]),
            tuple(statement_from_row(dated(row)) for row in found["statements"]),
        )


def _limit() -> None:
    """Bound memory and give way to the server; where the system knows no such bounds, there are none."""
    with contextlib.suppress(ImportError, OSError, ValueError):
        import resource  # noqa: PLC0415 - not on every system

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with contextlib.suppress(AttributeError, OSError):
        os.nice(5)


if __name__ == "__main__":
    _limit()
    with os.fdopen(os.dup(1), "w", encoding="utf-8") as answers:
        os.dup2(2, 1)  # whatever a library prints is not taken for an answer
        main(sys.stdin, answers)
