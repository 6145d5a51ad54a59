"""``detente code`` and ``detente classify``: text in, events out, without a ledger."""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from detente.cli.output import day, emit_line, report_rejections, stdin
from detente.errors import BadInput, DetenteError
from detente.records import Document, Rejected, to_json

if TYPE_CHECKING:
    from detente.coding import Classified

__all__ = ["COMMANDS", "accepted"]

MarkedPair = tuple[str, tuple[int, int], tuple[int, int] | None]


def code(
    files: Annotated[
        list[str] | None, typer.Argument(metavar="[FILES or -]", help="Files or folders; - or none: stdin.")
    ] = None,
    date: Annotated[str | None, typer.Option(help="Date (YYYY-MM-DD) of texts that carry none.")] = None,
    jsonl: Annotated[bool, typer.Option("--jsonl", help="Standard input holds JSON Lines.")] = False,
    explain: Annotated[bool, typer.Option("--explain", help="Add to each event what decided it.")] = False,
    corrections: Annotated[Path | None, typer.Option(help="JSON Lines file of corrections to apply.")] = None,
    actors: Annotated[Path | None, typer.Option(help="YAML file of actors to add or override.")] = None,
    threshold: Annotated[float | None, typer.Option(help="Least confidence of an event, 0 to 1.")] = None,
    fast: Annotated[bool, typer.Option("--fast", help="Read with the small network alone: quicker.")] = False,
    full: Annotated[bool, typer.Option("--full", help="Read with the large network alone: slower.")] = False,
    strict: Annotated[bool, typer.Option("--strict", help="Exit with 2 if any input was skipped.")] = False,
) -> None:
    """Documents in, events out as JSON Lines.

    Example: detente code article.html --date 2013-11-14
    """
    from detente.coding import Coder, CodingOptions  # noqa: PLC0415 - the model is loaded when something is coded
    from detente.documents import ReadOptions, read  # noqa: PLC0415

    options = CodingOptions(
        threshold=threshold, gazetteer=actors, corrections=corrections, explain=explain, fast=fast, full=full
    )
    reading = ReadOptions(date=day(date, "--date"), kind="jsonl" if jsonl and not files else "auto")
    rejected: list[Rejected] = []
    documents = accepted(read(files or ["-"], reading, stdin=stdin()), rejected)
    coder = Coder.load(options)
    for coded in coder.code(documents):
        for event in coded.events:
            record = to_json(event)
            if event.event_id in coded.explanations:
                record["explain"] = to_json(coded.explanations[event.event_id])
            emit_line(record)
    report_rejections(rejected, strict=strict)


def accepted(items: Iterator[Document | Rejected], rejected: list[Rejected]) -> Iterator[Document]:
    """The documents among ``items``; what was rejected is put into ``rejected``."""
    for item in items:
        if isinstance(item, Rejected):
            rejected.append(item)
        else:
            yield item


def classify(
    strict: Annotated[bool, typer.Option("--strict", help="Exit with 2 if any line was skipped.")] = False,
) -> None:
    """Event type of a marked pair: JSON Lines on stdin (text, actor [start, end], recipient [start, end]).

    Example: echo '{"text": "Iran rebuked Iraq.", "actor": [0, 4], "recipient": [13, 17]}' | detente classify
    """
    from detente.coding import Coder  # noqa: PLC0415

    coder = Coder.load()
    rejected: list[Rejected] = []
    keys: deque[dict[str, Any]] = deque()

    def pairs() -> Iterator[MarkedPair]:
        for number, line in enumerate(stdin(), start=1):
            if not line.strip():
                continue
            try:
                pair, identity = _marked_pair(line)
            except DetenteError as error:
                rejected.append(Rejected(where=f"stdin, line {number}", code="bad-record", reason=str(error)))
            else:
                keys.append({"line": number} | identity)
                yield pair

    for result in coder.classify_many(pairs()):
        emit_line(keys.popleft() | _plain(result))
    report_rejections(rejected, strict=strict)


def _plain(result: Classified) -> dict[str, Any]:
    names = ("event", "quad", "mode", "status", "confidence", "scores")
    return {name: getattr(result, name) for name in names} | {"scores": dict(result.scores)}


def _marked_pair(line: bytes) -> tuple[MarkedPair, dict[str, Any]]:
    """The pair that a line marks, and the line's own ``id`` where it has one."""
    try:
        record: Any = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise BadInput(f"not JSON: {error}") from None
    if not isinstance(record, dict) or not isinstance(record.get("text"), str):
        raise BadInput("expected an object with the text as 'text'")
    actor = _span(record, "actor")
    if actor is None:
        raise BadInput("'actor' is missing")
    identity = {"id": record["id"]} if "id" in record else {}
    return (record["text"], actor, _span(record, "recipient")), identity


def _span(record: dict[str, Any], key: str) -> tuple[int, int] | None:
    span = record.get(key)
    if span is None:
        return None
    length = len(record["text"])
    whole = isinstance(span, list) and len(span) == 2 and all(type(x) is int for x in span)
    if not whole or not 0 <= span[0] < span[1] <= length:
        raise BadInput(f"{key!r} is {span!r}, not [start, end] within the text of {length} characters")
    return span[0], span[1]


COMMANDS: dict[str, Callable[..., None]] = {"code": code, "classify": classify}
