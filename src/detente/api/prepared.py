"""What is worked out once a ledger version, by a process of its own, into one file: the desk's pages come from it.

The file holds the events as one table in the order in which they are shown, what questions about two states need of
them with each pair's side by side (see ``pairs``), and the answers that take long: the shifts and the attention of
the world, and what there is of everything. It lies in the user's cache folder and can be thrown away at any time.
Answers of an older version are shown, and said to be so, until those of the new one are there.
"""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from detente.api.rows import Rows
from detente.api.words import WordIndex
from detente.records import stable_id

__all__ = ["FORMAT", "LEAST_EVENTS", "MEMORY", "MONTHS", "PAIRED", "Prepared", "PreparedFile", "cache_path"]

_log = logging.getLogger(__name__)
LEAST_EVENTS = 50_000
"""Below this many events all is answered from the ledger itself, within tenths of a second."""
FORMAT = f"4, DuckDB {duckdb.__version__}"
"""Of the file. With DuckDB's version, because another one may hash ids otherwise."""
PAIRED = 4096
"""A pair's number is that of its first state times this, plus that of its second; a state's own has no first."""
MONTHS = ("documents", "sides")
"""Tables of what is kept of imported events by month."""
_LOOK_EVERY = 0.5
_RETRY = 10.0
MEMORY = "2GB"


def cache_path(ledger: Path) -> Path:
    """The file of a ledger in the user's cache folder."""
    folder = os.environ.get("XDG_CACHE_HOME")
    base = Path(folder) if folder else Path.home() / ".cache"
    return base / "detente" / f"{stable_id(ledger.absolute())}.prepared"


@dataclass(frozen=True, slots=True)
class PreparedFile:
    """An open prepared file: of which version of the ledger, and what of it is in memory.

    ``answers`` are JSON data by their keys, ``states`` the states' numbers, ``months`` the tables of ``MONTHS`` that
    it has, ``own`` who acts on whom in events that are not imported (null: nobody known), ``said`` who says something
    of whom, ``words`` the index of the words of all sentences, ``rows`` the events themselves.
    """

    connection: duckdb.DuckDBPyConnection
    version: str
    answers: Mapping[str, Any]
    states: Mapping[str, int]
    months: frozenset[str]
    own: frozenset[tuple[str | None, str | None]]
    said: frozenset[tuple[str | None, str | None]]
    words: WordIndex
    rows: Rows

    def pair(self, a: str, b: str) -> int:
        """The number of a pair; 0, which none has, where a state is in no event."""
        low, high = sorted((self.states.get(a, 0), self.states.get(b, 0)))
        return low * PAIRED + high if low else 0


class Prepared:
    """The prepared file of a ledger, as far as there is one; ``look`` sees to it that there will be."""

    def __init__(self, ledger: Path) -> None:
        self._ledger = ledger
        self.path = cache_path(ledger)
        self.file: PreparedFile | None = None
        self._opened: tuple[int, int] | None = None
        self._lock = threading.Lock()
        self._looked = 0.0
        self._child: subprocess.Popen[bytes] | None = None
        self._next_try = 0.0
        self._reopen()

    @property
    def version(self) -> str | None:
        """The version of the ledger that the file is of."""
        return self.file.version if self.file else None

    @property
    def due(self) -> bool:
        """Whether it is time to look again."""
        return time.monotonic() - self._looked >= _LOOK_EVERY

    def look(self, version: str) -> None:
        """Take up a new file; start to make one where it is not of this version of the ledger."""
        if not self.due or not self._lock.acquire(blocking=False):
            return
        try:
            now = self._looked = time.monotonic()
            if self._child is not None and self._child.poll() is not None:
                self._child = None
            self._reopen()
            if self.version != version and self._child is None and now > self._next_try:
                self._next_try = now + _RETRY
                self._child = subprocess.Popen(  # noqa: S603 - our own program on our own path
                    [sys.executable, "-P", "-m", "detente.api.preparing", str(self._ledger)],
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.DEVNULL,
                    stderr=subprocess.DEVNULL,
                )
        finally:
            self._lock.release()

    @property
    def working(self) -> bool:
        """Whether a new file is being made."""
        return self._child is not None

    def _reopen(self) -> None:
        try:
            found = self.path.stat()
        except OSError:
            return
        mark = (found.st_ino, found.st_mtime_ns)
        if mark == self._opened:
            return
        try:
            # One thread a question: they are short and several are asked at once. With two threads each took half as
            # much processor time again.
            connection = duckdb.connect(self.path, read_only=True, config={"memory_limit": MEMORY, "threads": 1})
            meta = dict(connection.execute("SELECT key, body FROM answers").fetchall())
            if meta.pop("format", None) != FORMAT:
                return
            states = dict(connection.execute("SELECT code, number FROM states").fetchall())
            ends = connection.execute("SELECT ends FROM blocks ORDER BY rowid").fetchnumpy()["ends"]
            rows = Rows(self.path.with_name(meta.pop("rows")), ends)
            tables = {row[0] for row in connection.execute("SELECT table_name FROM duckdb_tables()").fetchall()}
        except (duckdb.Error, OSError):
            _log.warning("the prepared file %s cannot be read; it will be made anew", self.path)
            return
        # The old connection is closed by whoever uses it last.
        self._opened = mark
        self.file = PreparedFile(
            connection=connection,
            version=meta.pop("version"),
            own=frozenset((a, b) for a, b in json.loads(meta.pop("own"))),
            said=frozenset((a, b) for a, b in json.loads(meta.pop("said"))),
            words=WordIndex(),
            rows=rows,
            answers={key: json.loads(body) for key, body in meta.items()},
            states=states,
            months=frozenset(tables.intersection(MONTHS)),
        )

    @contextmanager
    def cursor(self, version: str) -> Iterator[tuple[duckdb.DuckDBPyConnection, PreparedFile] | None]:
        """A cursor on the events as they stand in this version of the ledger; None where they are not prepared."""
        file = self.file
        if file is None or file.version != version:
            yield None
            return
        cursor = file.connection.cursor()
        try:
            yield cursor, file
        finally:
            cursor.close()

    def close(self) -> None:
        """Let go of the file, and stop making a new one."""
        with self._lock:
            if self._child is not None:
                self._child.kill()
                self._child.wait()
                self._child = None
            self.file = None
