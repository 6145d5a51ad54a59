"""What commands share: where output goes, how records become JSON, how dates and options are read."""

from __future__ import annotations

import datetime
import io
import json
import sys
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from detente.errors import BadInput
from detente.records import Rejected, parse_date

__all__ = [
    "JsonOption",
    "LedgerOption",
    "day",
    "emit",
    "emit_json",
    "emit_line",
    "note",
    "report_rejections",
    "stderr",
    "stdin",
]

LedgerOption = Annotated[Path, typer.Option("--ledger", "-l", help="The ledger file.")]
JsonOption = Annotated[bool, typer.Option("--json", help="Print one JSON document instead of a table.")]


def stderr() -> Any:
    """A Rich console on stderr, for progress and notes."""
    from rich.console import Console  # noqa: PLC0415 - loading Rich costs time that --json runs need not spend

    return Console(stderr=True, highlight=False)


def stdin() -> io.BufferedReader:
    """Standard input as bytes; empty where the program was started without one."""
    buffer = getattr(sys.stdin, "buffer", None)
    return buffer if isinstance(buffer, io.BufferedReader) else io.BufferedReader(io.BytesIO())


def note(message: str) -> None:
    """One line on stderr."""
    sys.stderr.write(message + "\n")


def emit(text: str) -> None:
    """Text to stdout; characters that the terminal's encoding lacks are replaced, never an error."""
    encoding = sys.stdout.encoding or "utf-8"
    sys.stdout.write(text.encode(encoding, "replace").decode(encoding) + "\n")


def emit_json(data: object) -> None:
    """One JSON document to stdout."""
    emit(json.dumps(data, ensure_ascii=False, indent=2, allow_nan=False))


def emit_line(data: object) -> None:
    """One line of JSON Lines to stdout."""
    emit(json.dumps(data, ensure_ascii=False, allow_nan=False))


def day(value: str | None, option: str) -> datetime.date | None:
    """The day that an option gives as YYYY-MM-DD, or None where it is not given."""
    return None if value is None else parse_date(value, option)


def report_rejections(rejected: Iterable[Rejected], *, strict: bool, shown: int = 20) -> None:
    """Tell on stderr what was skipped and why, with counts by reason; BadInput at the end when ``strict``."""
    found = list(rejected)
    if not found:
        return
    for item in found[:shown]:
        note(f"skipped {item.where}: {item.reason} [{item.code}]")
    if len(found) > shown:
        note(f"… and {len(found) - shown} more")
    counts: Mapping[str, int] = Counter(item.code for item in found)
    note(f"skipped {len(found)}: " + ", ".join(f"{n} {code}" for code, n in sorted(counts.items())))
    if strict:
        raise BadInput(f"{len(found)} inputs were skipped, and --strict was given")
