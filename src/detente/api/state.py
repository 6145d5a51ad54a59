"""What the desk remembers beside the ledger: saved searches, the watch list, jobs; one small SQLite file.

It is not in the ledger because a visit must not wait for a reading that writes there, and because it says nothing
about the world: without it the ledger is whole.
"""

from __future__ import annotations

import datetime
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from detente.errors import BadInput, NotAllowed

__all__ = ["State", "now"]

_TABLES = """
CREATE TABLE IF NOT EXISTS searches (
    search_id TEXT PRIMARY KEY, name TEXT NOT NULL, query TEXT NOT NULL, who TEXT NOT NULL, made TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS watch (
    watch_id TEXT PRIMARY KEY, name TEXT NOT NULL, query TEXT NOT NULL, a TEXT, b TEXT, who TEXT NOT NULL,
    made TEXT NOT NULL, visited TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS jobs (
    job_id TEXT PRIMARY KEY, kind TEXT NOT NULL, name TEXT NOT NULL, options TEXT NOT NULL, state TEXT NOT NULL,
    who TEXT NOT NULL, made TEXT NOT NULL, started TEXT, finished TEXT, batch_id TEXT, error TEXT,
    inputs TEXT NOT NULL, progress TEXT NOT NULL);
"""
_PATIENCE = 10.0


def now() -> str:
    """This moment, UTC, as text that sorts."""
    return datetime.datetime.now(datetime.UTC).replace(tzinfo=None).isoformat(timespec="milliseconds")


class State:
    """The file beside a ledger (``NAME.desk``); made at the first change. Safe to use from several threads."""

    def __init__(self, ledger: Path, *, read_only: bool = False) -> None:
        self.path = ledger.with_name(ledger.name + ".desk")
        self.read_only = read_only

    @property
    def version(self) -> tuple[object, ...]:
        """What changes with every change of the file: SQLite counts them in its first hundred bytes."""
        try:
            with self.path.open("rb", buffering=0) as file:
                found = os.fstat(file.fileno())
                return file.read(100), found.st_size, found.st_mtime_ns
        except OSError:
            return ()

    @contextmanager
    def change(self) -> Iterator[sqlite3.Connection]:
        """A connection in a transaction: on disk when this is left, undone by an error."""
        if self.read_only:
            raise NotAllowed("the ledger is served to read only; start without --read-only to change it")
        try:
            with closing(sqlite3.connect(self.path, timeout=_PATIENCE)) as connection, connection:
                connection.execute("PRAGMA synchronous = FULL")
                connection.executescript(_TABLES)
                connection.execute("BEGIN IMMEDIATE")
                yield connection
        except sqlite3.DatabaseError as error:
            raise BadInput(f"the desk's own file cannot be used: {error}", self.path.name) from None

    def rows(self, query: str, values: tuple[Any, ...] = ()) -> list[dict[str, Any]]:
        """Rows of a query, a dictionary each; none where nothing was ever stored."""
        if not self.path.exists():
            return []
        try:
            address = f"{self.path.absolute().as_uri()}?mode=ro"
            with closing(sqlite3.connect(address, uri=True, timeout=_PATIENCE)) as connection:
                connection.row_factory = sqlite3.Row
                return [dict(row) for row in connection.execute(query, values).fetchall()]
        except sqlite3.DatabaseError as error:
            raise BadInput(f"the desk's own file cannot be used: {error}", self.path.name) from None
