"""Writing into a ledger: coded documents, replaced where they changed; events of data sets, in bulk."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any, Protocol, TypeAlias

import duckdb
import pyarrow as pa

from detente.documents import fingerprint
from detente.errors import BadInput
from detente.ledger.corrections import reapply
from detente.ledger.literals import literal
from detente.ledger.schema import LEDGER_EVENT_SCHEMA, OWN_EVENTS, REQUIRED_EVENT_COLUMNS, TABLES
from detente.records import Document, Event, Rejected, Sentence, Statement, event_row, stable_id, statement_row

__all__ = [
    "ArrowEvents",
    "CodedDocument",
    "Written",
    "add_events",
    "content_hash",
    "insert_rejections",
    "unchanged",
    "write_coded",
]

# Rows taken together in a bulk import. Tried on a million rows of 20 columns: 65,000 rows a processor second with
# chunks of 50,000, 106,000 with 250,000, 83,000 with 1,000,000, which also takes a third more memory.
_CHUNK_ROWS = 250_000
READING = "reading"

ArrowEvents: TypeAlias = Any
"""A ``pyarrow.Table``, ``pyarrow.RecordBatchReader`` or iterable of ``pyarrow.RecordBatch``."""


class CodedDocument(Protocol):
    """A document with what was coded from it."""

    @property
    def document(self) -> Document:
        """The document."""

    @property
    def sentences(self) -> Sequence[Sentence]:
        """Its sentences."""

    @property
    def events(self) -> Sequence[Event]:
        """The events read from it."""

    @property
    def statements(self) -> Sequence[Statement]:
        """The statements read from it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """What became of the documents given to one write, and the rows stored for them."""

    new: int = 0
    replaced: int = 0
    unchanged: int = 0
    copies: int = 0
    sentences: int = 0
    events: int = 0
    statements: int = 0


def content_hash(document: Document) -> str:
    """What changes when a document's text, date or metadata do."""
    d = document
    return stable_id(d.text, d.published, d.title, d.source, d.url)


def unchanged(connection: duckdb.DuckDBPyConnection, documents: Iterable[Document], coder: str) -> set[str]:
    """Ids of those documents that the ledger holds with the same content, coded by ``coder``."""
    rows = [{"id": d.document_id, "hash": content_hash(d)} for d in documents]
    incoming = _table(rows, pa.schema([("id", pa.string()), ("hash", pa.string())]))
    connection.register("incoming", incoming)
    found = connection.execute(
        "SELECT document_id FROM documents JOIN incoming ON document_id = id AND content_hash = hash "
        "WHERE coded_by = ?",
        [coder],
    ).fetchall()
    connection.unregister("incoming")
    return {str(row[0]) for row in found}


def write_coded(
    connection: duckdb.DuckDBPyConnection,
    batch_id: str,
    coder: str,
    coded: Iterable[CodedDocument],
    copies: Iterable[tuple[Document, str]] = (),
) -> Written:
    """Store documents with their coding, and near-copies with the id of their original, inside an open transaction.

    A document that is there with the same content and coder is left alone; one that differs is replaced with all that
    was read from it. Of two with the same id in one call the later counts.
    """
    given: dict[str, tuple[Document, CodedDocument | None, str | None]] = {}
    for item in coded:
        given[item.document.document_id] = (item.document, item, None)
    for document, original in copies:
        given[document.document_id] = (document, None, original)
    same = unchanged(connection, (document for document, _, _ in given.values()), coder)
    todo = [value for key, value in given.items() if key not in same]
    ids = pa.table({"id": pa.array([document.document_id for document, _, _ in todo], pa.string())})
    connection.register("incoming", ids)
    row = connection.execute("SELECT count(*) FROM documents SEMI JOIN incoming ON document_id = id").fetchone()
    replaced = int(row[0]) if row else 0
    if replaced:
        for table in ("sentences", "statements", "documents"):
            connection.execute(f"DELETE FROM {table} WHERE document_id IN (SELECT id FROM incoming)")
        connection.execute(
            f"DELETE FROM {OWN_EVENTS} WHERE document_id IN (SELECT id FROM incoming) AND dataset = ?", [READING]
        )
    connection.unregister("incoming")
    rows: dict[str, list[dict[str, Any]]] = {"documents": [], "sentences": [], "events": [], "statements": []}
    for document, coding, original_id in todo:
        _rows_of(document, coding, original_id, batch_id, coder, rows)
    for table, table_rows in rows.items():
        _insert(connection, OWN_EVENTS if table == "events" else table, _table(table_rows, TABLES[table]))
    if replaced:
        reapply(connection, (document.document_id for document, _, _ in todo))
    return Written(
        new=len(todo) - replaced,
        replaced=replaced,
        unchanged=len(same),
        copies=sum(original is not None for _, _, original in todo),
        sentences=len(rows["sentences"]),
        events=len(rows["events"]),
        statements=len(rows["statements"]),
    )


def _rows_of(
    document: Document,
    coded: CodedDocument | None,
    original: str | None,
    batch_id: str,
    coder: str,
    rows: dict[str, list[dict[str, Any]]],
) -> None:
    d = document
    sentences, events, statements = (coded.sentences, coded.events, coded.statements) if coded else ((), (), ())
    unique = {event.event_id: event for event in events}
    rows["documents"].append(
        {
            "document_id": d.document_id,
            "text": d.text,
            "published": d.published,
            "title": d.title,
            "source": d.source,
            "url": d.url,
            "path": d.path,
            "date_from": d.date_from,
            "content_hash": content_hash(d),
            "fingerprint": fingerprint(d.text).to_bytes(),
            "copy_of": original,
            "coded_by": coder,
            "sentences": len(sentences),
            "events": len(unique),
            "statements": len(statements),
            "batch_id": batch_id,
        }
    )
    rows["sentences"] += [
        {"document_id": d.document_id, "no": s.no, "start": s.start, "end": s.end, "text": s.text} for s in sentences
    ]
    for event in unique.values():
        row = event_row(event) | {"batch_id": batch_id}
        rows["events"].append(row | {"url": row["url"] or d.url, "source": row["source"] or d.source})
    rows["statements"] += [statement_row(statement) | {"batch_id": batch_id} for statement in statements]


def _table(rows: list[dict[str, Any]], schema: pa.Schema) -> pa.Table:
    """Rows as Arrow; lone surrogates, which UTF-8 cannot hold, become U+FFFD, so that offsets stay right."""
    columns = []
    for field in schema:
        values = [row.get(field.name) for row in rows]
        try:
            columns.append(pa.array(values, field.type))
        except UnicodeEncodeError:
            columns.append(pa.array([_storable(value) for value in values], field.type))
    return pa.Table.from_arrays(columns, schema=schema)


def _storable(value: Any) -> Any:
    if isinstance(value, str):
        return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return [_storable(item) for item in value] if isinstance(value, list) else value


def _insert(connection: duckdb.DuckDBPyConnection, table: str, rows: pa.Table) -> None:
    if rows.num_rows:
        connection.register("incoming", rows)
        connection.execute(f"INSERT INTO {table} BY NAME SELECT * FROM incoming")
        connection.unregister("incoming")


def insert_rejections(connection: duckdb.DuckDBPyConnection, batch_id: str, rejected: Iterable[Rejected]) -> int:
    """Store rejections; how many there were."""
    rows = [f"({', '.join(map(literal, (batch_id, r.where, r.code, r.reason)))})" for r in rejected]
    if rows:
        connection.execute(f'INSERT INTO rejections (batch_id, "where", code, reason) VALUES {", ".join(rows)}')
    return len(rows)


def add_events(
    connection: duckdb.DuckDBPyConnection, batch_id: str, dataset: str, data: ArrowEvents
) -> tuple[int, int]:
    """Append events from Arrow, streaming, inside an open transaction: numbers of new and of repeated events.

    Columns are matched by name with ``LEDGER_EVENT_SCHEMA`` and cast to its types; BadInput for unknown or missing
    ones. An event whose id the ledger holds already is left out, and so is the second of one id in the data.
    """
    new = repeated = 0
    for chunk in _chunks(data):
        connection.register("incoming", chunk)
        select = _select(chunk.schema, batch_id)
        row = connection.execute("SELECT count(DISTINCT event_id) FROM incoming").fetchone()
        once = "incoming" if row and row[0] == chunk.num_rows else "(SELECT DISTINCT ON (event_id) * FROM incoming)"
        inserted = connection.execute(
            f"INSERT INTO {OWN_EVENTS} BY NAME SELECT {select} FROM {once} AS fresh WHERE NOT EXISTS "
            f"(SELECT 1 FROM {OWN_EVENTS} AS own WHERE own.event_id = fresh.event_id AND own.dataset = ?)",
            [dataset],
        ).fetchone()
        connection.unregister("incoming")
        added = int(inserted[0]) if inserted else 0
        new, repeated = new + added, repeated + chunk.num_rows - added
    return new, repeated


def _chunks(data: ArrowEvents) -> Iterator[pa.Table]:
    """The data as tables of up to ``_CHUNK_ROWS`` rows."""
    batches: Iterator[pa.RecordBatch]
    batches = iter(data.to_batches(max_chunksize=_CHUNK_ROWS)) if isinstance(data, pa.Table) else iter(data)
    first = next(batches, None)
    if first is None:
        return
    _check_columns(first.schema)
    waiting: list[pa.RecordBatch] = []
    rows = 0
    for batch in chain([first], batches):
        if waiting and rows + batch.num_rows > _CHUNK_ROWS:
            yield pa.Table.from_batches(waiting)
            waiting, rows = [], 0
        waiting.append(batch)
        rows += batch.num_rows
    yield pa.Table.from_batches(waiting)


def _check_columns(schema: pa.Schema) -> None:
    known = set(LEDGER_EVENT_SCHEMA.names)
    if unknown := sorted(set(schema.names) - known):
        raise BadInput(
            f"events have unknown columns: {', '.join(unknown)}; known: {', '.join(LEDGER_EVENT_SCHEMA.names)}"
        )
    if missing := [name for name in REQUIRED_EVENT_COLUMNS if name not in schema.names]:
        raise BadInput(f"events lack columns: {', '.join(missing)}")


def _select(schema: pa.Schema, batch_id: str) -> str:
    """The columns to insert: as given, ``published`` from ``date`` where it is not, and the batch."""
    columns = [f'"{name}"' for name in schema.names if name not in ("batch_id", "published")]
    columns.append(
        'coalesce("published", "date") AS published' if "published" in schema.names else '"date" AS published'
    )
    return ", ".join([*columns, f"'{batch_id}' AS batch_id"])
