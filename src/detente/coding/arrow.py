"""Coding as a function over Arrow record batches: in a process of one's own, or on Spark with ``mapInArrow``.

``code_frame(documents)`` is all that a cluster needs: each worker loads the model once and codes its partitions. The
events are those that ``detente code`` gives for the same documents, whatever the partitions.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from detente.coding.coder import Coder
from detente.coding.options import CodingOptions
from detente.errors import BadInput, DetenteError
from detente.records import EVENT_SCHEMA, Document, event_row, parse_date

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

__all__ = ["CODED_SCHEMA", "code_batches", "code_frame"]

CODED_SCHEMA: pa.Schema = EVENT_SCHEMA.append(pa.field("problem", pa.string()))
"""Columns of the result: those of an event, and ``problem``: why a document could not be coded, in a row that has
nothing else but its ``document_id``; null in the row of an event."""

_TOGETHER = 4096  # rows of a record batch that is given on
_OPTIONAL = ("title", "source", "url")
_DDL: Mapping[pa.DataType, str] = {
    pa.string(): "string",
    pa.bool_(): "boolean",
    pa.int8(): "tinyint",
    pa.int32(): "int",
    pa.int64(): "bigint",
    pa.float32(): "float",
    pa.float64(): "double",
    pa.date32(): "date",
    pa.list_(pa.string()): "array<string>",
}


@cache
def _coder(options: CodingOptions) -> Coder:
    """The coder of this process: a worker of Spark codes many partitions."""
    return Coder.load(options)


def code_batches(batches: Iterable[pa.RecordBatch], options: CodingOptions | None = None) -> Iterator[pa.RecordBatch]:
    """Events of documents, as record batches with ``CODED_SCHEMA``.

    ``batches`` have the columns ``id``, ``text`` and ``date`` (a date, or text YYYY-MM-DD), and may have ``title``,
    ``source`` and ``url``; others are ignored. A document that lacks one of the three is a row with a ``problem``.
    """
    rows: list[dict[str, Any]] = []

    def documents() -> Iterator[Document]:
        for batch in batches:
            missing = [name for name in ("id", "text", "date") if name not in batch.schema.names]
            if missing:
                raise BadInput(f"documents lack the columns {', '.join(missing)}; they have: {batch.schema.names}")
            for row in batch.to_pylist():
                try:
                    yield _document(row)
                except DetenteError as error:
                    rows.append({"document_id": row["id"], "problem": str(error)})

    for coded in _coder(options or CodingOptions(threads=1)).code(documents()):
        rows += [event_row(event) for event in coded.events]
        while len(rows) >= _TOGETHER:
            yield _batch(rows[:_TOGETHER])
            del rows[:_TOGETHER]
    if rows:
        yield _batch(rows)


def _batch(rows: list[dict[str, Any]]) -> pa.RecordBatch:
    return pa.RecordBatch.from_pylist(rows, schema=CODED_SCHEMA)


def _document(row: Mapping[str, Any]) -> Document:
    for name in ("id", "text", "date"):
        if row[name] is None or not str(row[name]).strip():
            raise BadInput(f"no {name}")
    day = row["date"]
    if isinstance(day, datetime.datetime):
        day = day.date()
    return Document(
        document_id=str(row["id"]),
        text=str(row["text"]),
        published=day if isinstance(day, datetime.date) else parse_date(str(day)),
        **{name: row[name] for name in _OPTIONAL if row.get(name)},
    )


def code_frame(documents: DataFrame, options: CodingOptions | None = None) -> DataFrame:
    """The events of a Spark data frame of documents: see :func:`code_batches` for the columns of both.

    One thread a task unless the options say otherwise: Spark runs a task a core already.
    """
    chosen = options or CodingOptions(threads=1)
    ddl = ", ".join(f"`{field.name}` {_DDL[field.type]}" for field in CODED_SCHEMA)
    return documents.mapInArrow(lambda batches: code_batches(batches, chosen), ddl)
