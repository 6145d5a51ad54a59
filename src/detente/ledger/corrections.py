"""What users correct in coded events: kept apart from the coder's output, undoable, with who and when.

The events that everybody reads are the corrected ones. The coder's own row of a corrected event is kept with its first
correction and comes back when all are undone; when a document is coded anew, the corrections of its events are put on
again.
"""

from __future__ import annotations

import datetime
import json
import secrets
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Literal

import duckdb
import pyarrow as pa

from detente.coding.corrections import Correction, apply_corrections, parse_correction
from detente.errors import BadInput, NotFound
from detente.ledger.schema import LEDGER_EVENT_SCHEMA, OWN_EVENTS
from detente.records import Event, event_from_row, event_row

__all__ = ["EventCorrection", "corrections_of", "make_correction", "reapply", "undo_correction"]

_TABLE = """
CREATE TABLE IF NOT EXISTS corrections (
    correction_id VARCHAR, event_id VARCHAR, document_id VARCHAR, action VARCHAR, fields VARCHAR, note VARCHAR,
    who VARCHAR, made TIMESTAMP, undone TIMESTAMP, undone_by VARCHAR, original VARCHAR)
"""
_LONGEST_NOTE = 2000
_DAYS = ("date", "published")


def _doc(text: str) -> Any:
    return field(metadata={"doc": text})


@dataclass(frozen=True, slots=True, kw_only=True)
class EventCorrection:
    """A user's correction of one coded event."""

    correction_id: str = _doc("its id")
    event_id: str = _doc("event that it is about")
    document_id: str = _doc("document of that event")
    action: Literal["delete", "keep", "change"] = _doc("delete: it is no event; keep: it is right; change: see fields")
    fields: dict[str, Any] = _doc("new values of event, mode, status, date, said_by, actor or recipient")
    note: str | None = _doc("why, in the user's words")
    who: str = _doc("who made it")
    made: datetime.datetime = _doc("when it was made, UTC")
    undone: datetime.datetime | None = _doc("when it was undone, UTC; null while it holds")
    undone_by: str | None = _doc("who undid it")
    coded: Event = _doc("the event as the coder left it")


def corrections_of(
    connection: duckdb.DuckDBPyConnection, *, document_id: str | None = None, event_id: str | None = None
) -> tuple[EventCorrection, ...]:
    """The corrections of a ledger, a document or an event, undone ones too, the latest first."""
    if not _has_table(connection):
        return ()
    parts, values = ["true"], []
    for column, value in (("document_id", document_id), ("event_id", event_id)):
        if value is not None:
            parts.append(f"{column} = ?")
            values.append(value)
    rows = _rows(
        connection,
        f"SELECT * FROM corrections WHERE {' AND '.join(parts)} ORDER BY made DESC, correction_id",
        values,
    )
    return tuple(_correction(row) for row in rows)


def make_correction(
    connection: duckdb.DuckDBPyConnection,
    event_id: str,
    action: str,
    fields: dict[str, Any] | None = None,
    *,
    who: str,
    note: str | None = None,
) -> EventCorrection:
    """Correct an event read from a text, inside an open transaction.

    NotFound for an event that is not here or came with a data set; errors of ``parse_correction`` for what cannot be
    set. Corrections of one event add up, the later on top.
    """
    connection.execute(_TABLE)
    if note is not None and len(note) > _LONGEST_NOTE:
        raise BadInput(f"the note has more than {_LONGEST_NOTE:,} characters")
    parse_correction({"event_id": event_id, "action": action, "fields": fields or {}})
    original = _original(connection, event_id)
    found = EventCorrection(
        correction_id=secrets.token_hex(8),
        event_id=event_id,
        document_id=original["document_id"],
        action=action,  # type: ignore[arg-type]  # checked just above
        fields=fields or {},
        note=note,
        who=who,
        made=_now(),
        undone=None,
        undone_by=None,
        coded=event_from_row(original),
    )
    connection.execute(
        "INSERT INTO corrections VALUES (?, ?, ?, ?, ?, ?, ?, ?, NULL, NULL, ?)",
        [
            found.correction_id,
            event_id,
            found.document_id,
            action,
            json.dumps(found.fields, ensure_ascii=False),
            note,
            who,
            found.made,
            _stored(original),
        ],
    )
    _restate(connection, event_id, original)
    return found


def undo_correction(connection: duckdb.DuckDBPyConnection, correction_id: str, who: str) -> EventCorrection:
    """Undo a correction, inside an open transaction; the others of its event stay. NotFound where there is none."""
    rows: list[dict[str, Any]] = []
    if _has_table(connection):
        rows = _rows(connection, "SELECT * FROM corrections WHERE correction_id = ?", [correction_id])
    if not rows:
        raise NotFound("correction", correction_id)
    if rows[0]["undone"] is None:
        connection.execute(
            "UPDATE corrections SET undone = ?, undone_by = ? WHERE correction_id = ?", [_now(), who, correction_id]
        )
        _restate(connection, rows[0]["event_id"], _loaded(rows[0]["original"]))
    return _correction(_rows(connection, "SELECT * FROM corrections WHERE correction_id = ?", [correction_id])[0])


def reapply(connection: duckdb.DuckDBPyConnection, document_ids: Iterable[str]) -> None:
    """Put the corrections on again after documents were coded anew, inside an open transaction."""
    ids = list(document_ids)
    if not ids or not _has_table(connection):
        return
    found = connection.execute(
        "SELECT DISTINCT event_id FROM corrections WHERE document_id IN (SELECT unnest(?::VARCHAR[])) ORDER BY ALL",
        [ids],
    ).fetchall()
    for (event_id,) in found:
        fresh = _rows(connection, f"SELECT * FROM {OWN_EVENTS} WHERE event_id = ?", [event_id])
        if fresh:
            connection.execute("UPDATE corrections SET original = ? WHERE event_id = ?", [_stored(fresh[0]), event_id])
            _restate(connection, event_id, fresh[0])


def _original(connection: duckdb.DuckDBPyConnection, event_id: str) -> dict[str, Any]:
    """The coder's row of an event: with its first correction, else where it stands."""
    kept = connection.execute("SELECT any_value(original) FROM corrections WHERE event_id = ?", [event_id]).fetchone()
    if kept and kept[0]:
        return _loaded(kept[0])
    rows = _rows(connection, f"SELECT * FROM {OWN_EVENTS} WHERE event_id = ?", [event_id])
    if not rows:
        raise NotFound("event that was read from a text", event_id)
    return rows[0]


def _restate(connection: duckdb.DuckDBPyConnection, event_id: str, original: dict[str, Any]) -> None:
    """Put in place of an event what its corrections make of it: nothing, itself or another."""
    live = _rows(
        connection, "SELECT * FROM corrections WHERE event_id = ? AND undone IS NULL ORDER BY made, rowid", [event_id]
    )
    events: tuple[Event, ...] = (event_from_row(original),)
    for row in live:
        made: Correction = parse_correction(
            {"event_id": event_id, "action": row["action"], "fields": json.loads(row["fields"])}
        )
        events, _ = apply_corrections(events, (made,))
    connection.execute(f"DELETE FROM {OWN_EVENTS} WHERE event_id = ?", [event_id])
    rows = [original | event_row(event) for event in events]
    if rows:
        connection.register("incoming", pa.Table.from_pylist(rows, schema=LEDGER_EVENT_SCHEMA))
        connection.execute(f"INSERT INTO {OWN_EVENTS} BY NAME SELECT * FROM incoming")
        connection.unregister("incoming")


def _has_table(connection: duckdb.DuckDBPyConnection) -> bool:
    row = connection.execute("SELECT count(*) FROM duckdb_tables() WHERE table_name = 'corrections'").fetchone()
    return bool(row and row[0])


def _rows(connection: duckdb.DuckDBPyConnection, query: str, values: list[Any]) -> list[dict[str, Any]]:
    cursor = connection.execute(query, values)
    names = [str(column[0]) for column in cursor.description or ()]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def _correction(row: dict[str, Any]) -> EventCorrection:
    coded = event_from_row(_loaded(row["original"]))
    kept = {name: value for name, value in row.items() if name != "original"}
    return EventCorrection(**kept | {"fields": json.loads(row["fields"]), "coded": coded})


def _stored(row: dict[str, Any]) -> str:
    return json.dumps(row, ensure_ascii=False, default=lambda day: day.isoformat())


def _loaded(text: str) -> dict[str, Any]:
    row: dict[str, Any] = json.loads(text)
    return row | {name: datetime.date.fromisoformat(row[name]) for name in _DAYS if row.get(name)}


def _now() -> datetime.datetime:
    return datetime.datetime.now(datetime.UTC).replace(tzinfo=None)
