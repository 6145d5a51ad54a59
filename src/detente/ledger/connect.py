"""Opening the DuckDB file of a ledger, with what can go wrong said plainly."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from detente.errors import BadInput, LedgerBusy, LedgerDamaged
from detente.ledger.import_schema import import_statements, upgrade_statements
from detente.ledger.schema import FORMAT, create_statements

__all__ = ["MEMORY_LIMIT", "bounded", "connect", "translated"]

MEMORY_LIMIT = "3GB"
"""What DuckDB may use for work on a whole data set; rows in work beyond it go to the disk."""

_BUSY = re.compile(r"could not set lock|conflicting lock|being used by another process", re.IGNORECASE)
_HOLDER = re.compile(r"PID (\d+)")
_NEWER = re.compile(r"version number|newer version|created with a newer", re.IGNORECASE)
_DENIED = re.compile(r"permission denied|read-only file system", re.IGNORECASE)
# Nothing is loaded from the network, whatever a query asks for.
# A file that is made is laid out as DuckDB 1.2 reads it, the first whose strings can be packed by zstd.
# Groups of rows that a large import did not fill stay as they are: to merge them cost a tenth of its time and a third
# of the file, and groups without any row left are dropped all the same. ``imports`` has them merged after a small one.
_CONFIG = {
    "max_vacuum_tasks": "0",
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "storage_compatibility_version": "v1.2.0",
}
# Files with these endings DuckDB opens as tables.
_TABLES = {".csv", ".tsv", ".txt", ".json", ".jsonl", ".ndjson", ".parquet", ".gz", ".zst", ".xlsx"}
_MAGIC = slice(8, 12)
_FIRST_WAIT, _LONGEST_WAIT = 0.01, 0.2


@contextmanager
def translated(path: Path) -> Iterator[None]:
    """Turns DuckDB's errors about the file itself into LedgerBusy, LedgerDamaged or BadInput."""
    try:
        yield
    except duckdb.ConnectionException as error:
        if "different configuration" in str(error):
            raise LedgerBusy(f"{path}: already open in this process in another mode; close that one first") from None
        raise
    except (
        duckdb.IOException,
        duckdb.SerializationException,
        duckdb.FatalException,
        duckdb.InternalException,
    ) as error:
        text = str(error)
        if _BUSY.search(text):
            holder = _HOLDER.search(text)
            who = f"process {holder[1]}" if holder else "another process"
            raise LedgerBusy(f"{path}: in use by {who}") from None
        if _DENIED.search(text):
            raise BadInput("permission denied", str(path)) from None
        if _NEWER.search(text):
            raise LedgerDamaged(
                f"{path}: of a newer format than this version of detente reads: {_line(text)}"
            ) from None
        raise LedgerDamaged(f"{path}: not a ledger, or damaged: {_line(text)}") from None


def _line(text: str) -> str:
    return text.partition("\n")[0].strip()


def connect(path: Path, *, write: bool, patience: float) -> duckdb.DuckDBPyConnection:
    """A connection to a ledger, made if it does not exist and ``write``; waits ``patience`` seconds while in use."""
    _refuse_tables(path)
    deadline = time.monotonic() + patience
    wait = _FIRST_WAIT
    while True:
        try:
            with translated(path):
                connection = duckdb.connect(path, read_only=not write, config=dict(_CONFIG))
            break
        except LedgerBusy:
            if time.monotonic() + wait > deadline:
                raise
            time.sleep(wait)
            wait = min(2 * wait, _LONGEST_WAIT)
    try:
        with translated(path):
            _check(connection, path, write)
    except BaseException:
        connection.close()
        raise
    return connection


def _refuse_tables(path: Path) -> None:
    """LedgerDamaged for a file that is a table: DuckDB would show it from memory, and forget all that is written."""
    try:
        with path.open("rb") as file:
            start = file.read(_MAGIC.stop)
    except OSError:
        return  # not there, or not to be opened: DuckDB says so in its own words
    if path.suffix.lower() in _TABLES and start and start[_MAGIC] != b"DUCK":
        raise LedgerDamaged(f"{path}: not a ledger, but a file of data")


def _check(connection: duckdb.DuckDBPyConnection, path: Path, write: bool) -> None:
    names = {str(row[0]) for row in connection.execute("SELECT table_name FROM duckdb_tables()").fetchall()}
    if not names and write:
        connection.execute("BEGIN")
        for statement in (*create_statements(), *import_statements()):
            connection.execute(statement)
        # No bound values here: DuckDB looks for pandas on the first one, and loading it takes a second.
        connection.execute(f"INSERT INTO meta VALUES ('format', '{FORMAT}')")
        connection.execute("COMMIT")
        return
    row = None
    if "meta" in names:
        row = connection.execute("SELECT value FROM meta WHERE key = 'format'").fetchone()
    if row is None or not str(row[0]).isdigit():
        raise LedgerDamaged(f"{path}: a DuckDB file, but not a ledger")
    if int(row[0]) < FORMAT and write:
        connection.execute("BEGIN")
        for statement in upgrade_statements():
            connection.execute(statement)
        connection.execute(f"UPDATE meta SET value = '{FORMAT}' WHERE key = 'format'")
        connection.execute("COMMIT")
        return
    if int(row[0]) < FORMAT:
        raise LedgerDamaged(
            f"{path}: of format {row[0]}, of an older version; the next read or import into it brings it up to date"
        )
    if int(row[0]) > FORMAT:
        raise LedgerDamaged(f"{path}: of format {row[0]}, this version of detente reads up to {FORMAT}; update detente")


@contextmanager
def bounded(connection: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """Memory bounded, and rows in any order, which lets a piece be read by all processors."""
    rows = connection.execute("SELECT current_setting('memory_limit')").fetchall()
    connection.execute(f"SET memory_limit = '{MEMORY_LIMIT}'")
    connection.execute("SET preserve_insertion_order = false")
    # Joins as written, the small tables built and the rows streamed past: from the second piece on the estimates of
    # the optimizer turned some of them round, at three times the processor time.
    connection.execute("SET disabled_optimizers = 'join_order,build_side_probe_side'")
    try:
        yield
    finally:
        connection.execute(f"SET memory_limit = '{rows[0][0]}'")
        for name in ("preserve_insertion_order", "disabled_optimizers"):
            connection.execute(f"RESET {name}")
