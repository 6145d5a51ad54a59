"""A ledger held open for many readers at once: one process, one DuckDB database, a cursor for each question.

The file is open to read, so that other programs can read it too, and let go of when nobody asks anything, so that
they can write. While this process changes the ledger it is open to write, and questions are answered all the same.
"""

from __future__ import annotations

import datetime
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import duckdb

from detente.api.finding import rows_of
from detente.api.prepared import LEAST_EVENTS, Prepared, PreparedFile
from detente.errors import LedgerBusy, LedgerDamaged, NotAllowed, NotFound
from detente.ledger import Ledger, open_ledger
from detente.records import stable_id

if TYPE_CHECKING:
    from detente.relations import LedgerTables

__all__ = ["Store", "dates_of"]

T = TypeVar("T")
# Seconds without a question after which another process may write to the file.
_IDLE = 2.0
# Seconds that a change waits for the questions under way.
_PATIENCE = 60.0
# Answers that are kept; the largest, all shifts of the world, takes about a kilobyte a shift.
_KEPT = 512


class Store:
    """The ledger in a file, for the API and the page. Safe to use from several threads; ``close`` it at the end."""

    def __init__(self, path: str | Path, *, read_only: bool = False, prepared: bool = True) -> None:
        """NotFound where there is no ledger and ``read_only`` is set; otherwise it is made.

        A large ledger is ``prepared`` in the background, so that questions are answered at once.
        """
        self.path = Path(path)
        self.read_only = read_only
        self._change = threading.Condition()
        self._ledger: Ledger | None = None
        self._readers = 0
        self._waiting = False
        self._timer: threading.Timer | None = None
        self._free_from = 0.0
        self._turn = threading.RLock()
        self._pinning = threading.Lock()
        self._pins = 0
        self._last: tuple[Any, Any] | None = None
        self._reading = threading.Lock()
        self._kept: OrderedDict[Hashable, Any] = OrderedDict()
        self._making: dict[Hashable, threading.Lock] = {}
        self._kept_lock = threading.Lock()
        if not read_only:
            self._bring_up_to_date()
        with self.cursor() as cursor:
            rows = cursor.execute("SELECT count(*) FROM events").fetchall()
        self.prepared = Prepared(self.path) if prepared and rows[0][0] >= LEAST_EVENTS else None

    def _bring_up_to_date(self) -> None:
        """Make the file if it is not there; opening one of an older format to write brings it up to date."""
        try:
            open_ledger(self.path).close()
        except (NotFound, LedgerDamaged):
            open_ledger(self.path, "write").close()

    def close(self) -> None:
        """Let go of the file."""
        if self.prepared:
            self.prepared.close()
        with self._change:
            self._drop()

    # --- the file

    @property
    def version(self) -> str:
        """A token that changes whenever the ledger or what users corrected in it does; the same after a restart."""
        parts: list[object] = [self.path.name]
        for name in (self.path.name, f"{self.path.name}.wal", *self.sidecars):
            try:
                found = self.path.with_name(name).stat()
                parts += [name, found.st_size, found.st_mtime_ns]
            except OSError:
                parts.append(None)
        return stable_id(*parts)

    @property
    def prepared_version(self) -> str | None:
        """The version of the ledger that the prepared answers are of: for a while that before a change."""
        return self.prepared.version if self.prepared else None

    @property
    def changing(self) -> bool:
        """Whether this process holds the ledger open to write."""
        return self._pins > 0

    @property
    def look_due(self) -> bool:
        """Whether ``look`` would look; most of the time it has just done so."""
        return self.prepared is not None and not self._pins and self.prepared.due

    def look(self) -> None:
        """Take up what was prepared meanwhile; have it prepared anew where the ledger has changed."""
        if self.prepared and not self._pins:
            self.prepared.look(self.version)

    @property
    def sidecars(self) -> tuple[str, ...]:
        """Names of the files beside the ledger that hold users' corrections."""
        return (f"{self.path.name}.corrections.jsonl", f"{self.path.name}.commitments.jsonl")

    @contextmanager
    def cursor(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """A DuckDB connection of its own for one question."""
        with self.ledger() as ledger:
            yield ledger.connection

    @contextmanager
    def ledger(self) -> Iterator[Ledger]:
        """The ledger under a connection of its own, to read; LedgerBusy while another process writes."""
        with self._change:
            if not self._change.wait_for(lambda: not self._waiting, _PATIENCE):
                raise LedgerBusy(f"{self.path}: a change is waiting for longer than {_PATIENCE:g} s")
            if self._ledger is None:
                self._ledger = open_ledger(self.path)
            fork = self._ledger.fork()
            self._readers += 1
        try:
            yield fork
        finally:
            fork.close()
            with self._change:
                self._readers -= 1
                self._change.notify_all()
                self._let_go_later()

    @contextmanager
    def tables(self) -> Iterator[LedgerTables]:
        """The ledger's tables, for the analyses, with what is prepared of them."""
        from detente.api.pairs import PairTables  # noqa: PLC0415 - loads the analyses
        from detente.relations import LedgerTables  # noqa: PLC0415

        with self.cursor() as cursor, self.prepared_cursor() as found:
            yield PairTables(cursor, *found, self.cached) if found else LedgerTables(cursor)

    @contextmanager
    def writing(self) -> Iterator[Ledger]:
        """The ledger open to write, by one caller at a time; questions are answered meanwhile.

        NotAllowed where it is served to read only, LedgerBusy where another process holds it.
        """
        with self.kept_writable(), self._turn:
            ledger = self._ledger
            if ledger is None:
                raise LedgerBusy(f"{self.path}: closed")
            yield ledger

    @contextmanager
    def kept_writable(self) -> Iterator[None]:
        """The file open to write throughout, for several turns of ``writing`` with work in between."""
        if self.read_only:
            raise NotAllowed("the ledger is served to read only; start without --read-only to change it")
        with self._pinning:
            if not self._pins:
                self._switch("write")
            self._pins += 1
        try:
            yield
        finally:
            with self._pinning:
                self._pins -= 1
                if not self._pins:
                    self._switch("read")

    def _switch(self, mode: str) -> None:
        """Close the file once no question is under way, and open it to write where that is wanted."""
        with self._change:
            self._waiting = True
            try:
                if not self._change.wait_for(lambda: not self._readers, _PATIENCE):
                    raise LedgerBusy(f"{self.path}: questions under way kept it for longer than {_PATIENCE:g} s")
                self._drop()
                if mode == "write":
                    self._ledger = open_ledger(self.path, "write")
                    # From its first fork on it is held open. Else the end of a change would close it, perhaps just
                    # as a question begins.
                    self._ledger.fork().close()
            finally:
                self._waiting = False
                self._change.notify_all()

    def _let_go_later(self) -> None:
        if self._readers or self._ledger is None or self._ledger.mode == "write":
            return
        self._free_from = time.monotonic() + _IDLE
        if self._timer is None:
            self._start_timer(_IDLE)

    def _start_timer(self, seconds: float) -> None:
        self._timer = threading.Timer(seconds, self._let_go)
        self._timer.daemon = True
        self._timer.start()

    def _let_go(self) -> None:
        """Close the file if nobody asked for so long; else look again when that could be. One timer does for all."""
        with self._change:
            self._timer = None
            if self._readers or self._ledger is None or self._ledger.mode == "write":
                return
            left = self._free_from - time.monotonic()
            if left > 0:
                self._start_timer(left)
            else:
                self._drop()

    def _drop(self) -> None:
        if self._ledger is not None:
            self._ledger.close()
            self._ledger = None

    # --- rows and answers

    def rows(self, query: str, values: list[Any] | None = None) -> list[dict[str, Any]]:
        """Rows of a query, a dictionary each."""
        with self.cursor() as cursor:
            return rows_of(cursor, query, values)

    def event_rows(self, query: str, values: list[Any] | None = None) -> list[dict[str, Any]]:
        """Rows of a query about events alone, from the prepared table of them where that is up to date."""
        with self.prepared_cursor() as found:
            if found is not None:
                return rows_of(found[0], query, values)
        return self.rows(query, values)

    @contextmanager
    def prepared_cursor(self) -> Iterator[tuple[duckdb.DuckDBPyConnection, PreparedFile] | None]:
        """A cursor on what is prepared of the ledger as it is now; None where nothing is, or it is behind."""
        if not self.prepared:
            yield None
            return
        version = self.version
        if not self._pins:
            self.prepared.look(version)
        with self.prepared.cursor(version) as found:
            yield found

    def long_answer(self, key: str) -> tuple[Any, bool] | None:
        """A prepared answer as JSON data, and whether it is of this version of the ledger; None where there is none."""
        if not self.prepared:
            return None
        version = self.version
        if not self._pins:
            self.prepared.look(version)
        file = self.prepared.file
        found = None if file is None else file.answers.get(key)
        return None if file is None or found is None else (found, file.version == version)

    def answer(self, key: str, read: Callable[[Any], T], make: Callable[[], T]) -> T:
        """What ``read`` makes of the prepared answer to ``key`` if it is of the ledger as it is now, else ``make``."""

        def find() -> T:
            found = self.long_answer(key)
            return read(found[0]) if found and found[1] else make()

        return self.cached((key,), find)

    def kept_by_id(self, data: Any, make: Callable[[Any], T]) -> T:
        """What ``make`` makes of prepared data, made once for the object that holds them."""
        with self._reading:
            if self._last is None or self._last[0] is not data:
                self._last = (data, make(data))
            found: T = self._last[1]
            return found

    def cached(
        self, key: tuple[Hashable, ...], make: Callable[[], T], *, keep: Callable[[T], bool] = lambda _: True
    ) -> T:
        """The answer to ``key`` for the ledger as it is now, made once however many ask for it together.

        It is kept for those who ask later if ``keep`` says so.
        """
        key = (self.version, *key)
        with self._kept_lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                found: T = self._kept[key]
                return found
            lock = self._making.setdefault(key, threading.Lock())
        with lock:
            with self._kept_lock:
                if key in self._kept:
                    again: T = self._kept[key]
                    return again
            try:
                made = make()
            except BaseException:
                with self._kept_lock:
                    self._making.pop(key, None)
                raise
            with self._kept_lock:
                self._making.pop(key, None)
                if keep(made):
                    self._kept[key] = made
                while len(self._kept) > _KEPT:
                    self._kept.popitem(last=False)
        return made


def dates_of(data: Mapping[str, Any], *names: str) -> dict[str, datetime.date | None]:
    """Days of a prepared answer, which holds them as text."""
    return {name: None if data[name] is None else datetime.date.fromisoformat(data[name]) for name in names}
