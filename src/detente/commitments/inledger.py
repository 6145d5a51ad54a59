"""Commitments out of a ledger: its documents read, the user's corrections put on."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from detente.commitments.corrections import Correction, apply, read_corrections
from detente.commitments.engine import find
from detente.commitments.model import STATUSES, Commitment
from detente.errors import BadOption
from detente.ledger import Ledger, open_ledger
from detente.records import Document, Sentence, event_from_row

__all__ = ["Found", "corrections_path", "from_ledger", "select"]


@dataclass(frozen=True, slots=True)
class Found:
    """The commitments of a ledger, the corrections that meet none of them, and how many documents were read."""

    commitments: tuple[Commitment, ...]
    unmet: tuple[Correction, ...]
    documents: int


def corrections_path(ledger: Path) -> Path:
    """The file beside a ledger that holds the corrections of its commitments."""
    return ledger.with_name(ledger.name + ".commitments.jsonl")


def from_ledger(
    ledger: Ledger | str | Path, *, until: datetime.date | None = None, corrections: Path | None = None
) -> Found:
    """Every commitment that the ledger's documents report as of ``until``, with the user's corrections put on.

    Near-copies are left out: they are the same report. ``corrections`` is the file of them, else the one beside the
    ledger.
    """
    with _opened(ledger) as store:
        path = corrections or corrections_path(Path(store.path))
        documents, sentences, events = _contents(store, until)
    found = find(documents, events, until=until, sentences=sentences)
    corrected, unmet = apply(found, read_corrections(path))
    return Found(corrected, unmet, len(documents))


def select(
    commitments: tuple[Commitment, ...],
    *,
    party: str | None = None,
    other: str | None = None,
    status: str | None = None,
) -> tuple[Commitment, ...]:
    """Those of one party, of two, of one status; BadOption for a status that there is not."""
    if status is not None and status not in STATUSES:
        raise BadOption("status", status, STATUSES)
    wanted = [name for name in (party, other) if name is not None]
    return tuple(
        c for c in commitments if all(name in c.parties for name in wanted) and (status is None or c.status == status)
    )


@contextmanager
def _opened(ledger: Ledger | str | Path) -> Iterator[Ledger]:
    if isinstance(ledger, Ledger):
        yield ledger
    else:
        with open_ledger(ledger) as store:
            yield store


def _contents(
    store: Ledger, until: datetime.date | None
) -> tuple[list[Document], dict[str, list[Sentence]], list[Any]]:
    day = until or datetime.date.max
    names = [f.name for f in fields(Document)]
    connection = store.connection
    rows = connection.execute(
        f"SELECT {', '.join(names)} FROM documents WHERE copy_of IS NULL AND published <= ?"
        " ORDER BY published, document_id",
        [day],
    ).fetchall()
    documents = [Document(**dict(zip(names, row, strict=True))) for row in rows]
    sentences: dict[str, list[Sentence]] = defaultdict(list)
    for document_id, *rest in connection.execute(
        'SELECT document_id, no, start, "end", text FROM sentences ORDER BY document_id, no'
    ).fetchall():
        sentences[document_id].append(Sentence(*rest))
    cursor = connection.execute(
        "SELECT * FROM events WHERE sentence_no IS NOT NULL AND published <= ?"
        " ORDER BY document_id, sentence_no, event_id",
        [day],
    )
    columns = [str(column[0]) for column in cursor.description or ()]
    events = [event_from_row(dict(zip(columns, row, strict=True))) for row in cursor.fetchall()]
    return documents, dict(sentences), events
