"""The tables of a ledger: their columns, each described once, and the version of the format."""

from __future__ import annotations

import pyarrow as pa

from detente.records import EVENT_SCHEMA, STATEMENT_SCHEMA

__all__ = ["FORMAT", "LEDGER_EVENT_SCHEMA", "OWN_EVENTS", "REQUIRED_EVENT_COLUMNS", "TABLES", "create_statements"]

FORMAT = 2
"""Version of the file format; a ledger of a newer one is refused, an older one brought up when it is written to."""


def _column(name: str, kind: pa.DataType, doc: str) -> pa.Field:
    return pa.field(name, kind, metadata={"doc": doc})


# What event data sets carry beyond an event that was read from a text.
_DATASET_COLUMNS = (
    _column("place_country", pa.string(), "ISO 3166-1 alpha-3 code of the state in which it took place"),
    _column("latitude", pa.float64(), "where it took place, degrees north"),
    _column("longitude", pa.float64(), "where it took place, degrees east"),
    _column("num_mentions", pa.int32(), "how often reports mention it, as the data set counts"),
    _column("num_sources", pa.int32(), "how many publishers report it, as the data set counts"),
    _column("num_articles", pa.int32(), "how many articles report it, as the data set counts"),
    _column("is_root", pa.bool_(), "whether it is what its report leads with, as the data set judges"),
    _column("repeat_of", pa.string(), "event_id of the same event reported before, where that is known"),
    _column("story_id", pa.string(), "the data set's id of the story that it was read from"),
)

LEDGER_EVENT_SCHEMA: pa.Schema = pa.schema([*EVENT_SCHEMA, *_DATASET_COLUMNS])
"""Columns of the ``events`` table: those of ``records.EVENT_SCHEMA``, then those that only data sets fill."""

OWN_EVENTS = "own_events"
"""Table of the events that were read from texts or added from Arrow; ``events`` shows the imported ones beside them."""

REQUIRED_EVENT_COLUMNS = ("event_id", "document_id", "event", "quad", "intensity", "date", "coder", "dataset")
"""What bulk imports must give for each event; the other columns have defaults or may be null."""

_EVENT_DEFAULTS = {"status": "'happened'", "date_precision": "'day'", "confidence": "1.0", "reliability": "1.0"}

_COUNTS = pa.map_(pa.string(), pa.int64())

TABLES: dict[str, pa.Schema] = {
    "documents": pa.schema(
        [
            _column("document_id", pa.string(), "the input's id, else the file's name"),
            _column("text", pa.string(), "the body, exactly as offsets count it"),
            _column("published", pa.date32(), "day of publication"),
            _column("title", pa.string(), "headline"),
            _column("source", pa.string(), "who published it"),
            _column("url", pa.string(), "address"),
            _column("path", pa.string(), "file that it was read from"),
            _column("date_from", pa.string(), "where the date was found: metadata, text, option"),
            _column("content_hash", pa.string(), "hash of text, date and metadata: tells a changed document"),
            _column("fingerprint", pa.binary(), "what near-copies are told by"),
            _column("copy_of", pa.string(), "document_id of the original if this is a near-copy: not coded again"),
            _column("coded_by", pa.string(), "name and version of the coder"),
            _column("sentences", pa.int32(), "number of its sentences"),
            _column("events", pa.int32(), "number of events read from it"),
            _column("statements", pa.int32(), "number of statements read from it"),
            _column("batch_id", pa.string(), "batch that brought it into the ledger"),
        ]
    ),
    "sentences": pa.schema(
        [
            _column("document_id", pa.string(), "document that it is of"),
            _column("no", pa.int32(), "number in the document, from 0"),
            _column("start", pa.int64(), "offset of its first character"),
            _column("end", pa.int64(), "offset after its last character"),
            _column("text", pa.string(), "its words, exactly as in the document"),
        ]
    ),
    "events": LEDGER_EVENT_SCHEMA,
    "statements": STATEMENT_SCHEMA,
    "batches": pa.schema(
        [
            _column("batch_id", pa.string(), "kind and running number"),
            _column("kind", pa.string(), "read (documents) or import (an event data set)"),
            _column("started", pa.timestamp("us"), "when it began, UTC"),
            _column("finished", pa.timestamp("us"), "when it ended, UTC; null while it runs or if it was cut off"),
            _column("inputs", pa.list_(pa.string()), "the files that it was made from"),
            _column("coder", pa.string(), "name and version of the coder"),
            _column("dataset", pa.string(), "data set that was imported; reading for text we coded"),
            _column("counts", _COUNTS, "what it brought: documents, events …"),
            _column("skipped", _COUNTS, "what it left out, by reason"),
            _column("error", pa.string(), "what ended it before its time"),
            _column("version", pa.string(), "version of detente that made it"),
        ]
    ),
    "rejections": pa.schema(
        [
            _column("batch_id", pa.string(), "batch that met it"),
            _column("where", pa.string(), "file, with line or record number where known"),
            _column("code", pa.string(), "short stable name of the reason"),
            _column("reason", pa.string(), "what is wrong, in a sentence"),
        ]
    ),
    "meta": pa.schema(
        [_column("key", pa.string(), "what is told"), _column("value", pa.string(), "what it is")],
    ),
}
"""Every table of a ledger with its columns; a column's description is its metadata ``doc``."""

_SQL_TYPES: dict[pa.DataType, str] = {
    pa.string(): "VARCHAR",
    pa.binary(): "BLOB",
    pa.bool_(): "BOOLEAN",
    pa.int8(): "TINYINT",
    pa.int32(): "INTEGER",
    pa.int64(): "BIGINT",
    pa.float32(): "FLOAT",
    pa.float64(): "DOUBLE",
    pa.date32(): "DATE",
    pa.timestamp("us"): "TIMESTAMP",
    pa.list_(pa.string()): "VARCHAR[]",
    _COUNTS: "MAP(VARCHAR, BIGINT)",
}


def create_statements() -> list[str]:
    """The SQL that makes the tables of an empty ledger, but those of imported events."""
    statements = []
    for table, schema in TABLES.items():
        columns = []
        for field in schema:
            default = (
                f" DEFAULT {_EVENT_DEFAULTS[field.name]}" if table == "events" and field.name in _EVENT_DEFAULTS else ""
            )
            columns.append(f'"{field.name}" {_SQL_TYPES[field.type]}{default}')
        name = OWN_EVENTS if table == "events" else table
        statements.append(f"CREATE TABLE {name} ({', '.join(columns)})")
    return statements
