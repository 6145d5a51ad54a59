"""The ledger: one embedded DuckDB file with documents, what was read from them, and events of data sets.

One process writes at a time. Between two writes the writer lets go of the file, so that readers get in; any number of
readers may have it open together. What a transaction committed outlives a crash, and nothing else of it is seen.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, Literal, Self

import duckdb
import pyarrow as pa

from detente.documents import WINDOW_DAYS, CopyIndex, Fingerprint
from detente.errors import BadInput, BadOption, NotFound
from detente.ledger import corrections, writing
from detente.ledger.batch import Batch
from detente.ledger.connect import connect, translated
from detente.ledger.corrections import EventCorrection
from detente.ledger.export import export_events
from detente.ledger.literals import literal
from detente.ledger.lock import WriterLock
from detente.ledger.query import EventFilter, StoredDocument, stored_document
from detente.ledger.schema import TABLES
from detente.records import Document, Rejected
from detente.version import __version__

__all__ = ["Ledger", "open_ledger"]

Mode = Literal["read", "write"]
KINDS = ("read", "import")
_READER_PATIENCE = 2.0  # seconds; a write of some hundred documents takes a tenth of one
_WRITER_PATIENCE = 30.0  # a reader that asks something long keeps the writer waiting
# Originals that a writer remembers to tell copies by; above it, it forgets all and loads those of the days at hand.
_MOST_ORIGINALS = 50_000


def open_ledger(path: str | Path, mode: Mode = "read") -> Ledger:
    """The ledger in a file: to ``read``, or to ``write``, which makes it if it is not there.

    NotFound where there is none to read; LedgerBusy at once where another process writes; LedgerDamaged where the file
    is no ledger, is of a newer format, or is damaged; BadInput for a folder or a file without permission.
    """
    if mode not in ("read", "write"):
        raise BadOption("mode", mode, ("read", "write"))
    path = Path(path)
    if path.is_dir():
        raise BadInput("a folder, not a ledger", str(path))
    if mode == "read" and not path.exists():
        raise NotFound("ledger", path)
    if not path.parent.is_dir():
        raise BadInput("the folder does not exist", str(path.parent))
    return Ledger(path, mode)


class Ledger:
    """An open ledger; a context manager. Made by :func:`open_ledger`."""

    def __init__(self, path: Path, mode: Mode, connection: duckdb.DuckDBPyConnection | None = None) -> None:
        self.path = path
        self.mode = mode
        self._connection = connection
        self._held = mode == "read"
        self._copies = CopyIndex()
        self._covered: set[datetime.date] = set()
        self._lock = WriterLock(path) if mode == "write" else None
        try:
            with self._session():
                pass
        except BaseException:
            self.close()
            raise

    def __repr__(self) -> str:
        return f"<Ledger {str(self.path)!r} to {self.mode}>"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the file and of the claim to write."""
        self._disconnect()
        if self._lock:
            self._lock.release()
            self._lock = None

    # --- connection

    @property
    def connection(self) -> duckdb.DuckDBPyConnection:
        """The DuckDB connection, for queries of one's own; a writer keeps readers out from here until ``release``."""
        self._held = True
        return self._connect()

    def fork(self) -> Ledger:
        """The same open database under a connection of its own, to read from another thread; to be closed."""
        return Ledger(self.path, "read", self.connection.cursor())

    def release(self) -> None:
        """Let readers in: a writer closes its connection, and opens it again when it needs it."""
        if self.mode == "write":
            self._held = False
            self._disconnect()

    def _connect(self) -> duckdb.DuckDBPyConnection:
        if self._connection is None:
            if self.mode == "write" and self._lock is None:
                raise BadInput("this ledger was closed", str(self.path))
            patience = _WRITER_PATIENCE if self.mode == "write" else _READER_PATIENCE
            self._connection = connect(self.path, write=self.mode == "write", patience=patience)
        return self._connection

    def _disconnect(self) -> None:
        if self._connection is not None:
            with translated(self.path):
                self._connection.close()
            self._connection = None

    @contextmanager
    def _session(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """A connection for one piece of work; closed after it unless it is held open."""
        try:
            with translated(self.path):
                yield self._connect()
        finally:
            if not self._held:
                self._disconnect()

    @contextmanager
    def transaction(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """A connection inside a transaction: committed at the end, undone by an error. For ``INSERT … SELECT``."""
        if self.mode != "write":
            raise BadInput("opened to read; open it with mode 'write' to change it", str(self.path))
        with self._session() as connection:
            connection.execute("BEGIN")
            try:
                yield connection
            except BaseException:
                connection.execute("ROLLBACK")
                raise
            connection.execute("COMMIT")

    # --- writing

    @contextmanager
    def batch(
        self, kind: str, *, inputs: Sequence[str] = (), coder: str | None = None, dataset: str = writing.READING
    ) -> Iterator[Batch]:
        """A batch of ``kind`` ``read`` or ``import``; its end or error and its counts are stored when it is left."""
        if kind not in KINDS:
            raise BadOption("kind of batch", kind, KINDS)
        with self.transaction() as connection:
            row = connection.execute("SELECT count(*) FROM batches").fetchone()
            batch = Batch(f"{kind}-{row[0] + 1 if row else 1:06d}", kind, coder, dataset)
            connection.execute(
                f"INSERT INTO batches BY NAME SELECT {literal(batch.batch_id)} AS batch_id, {literal(kind)} AS kind, "
                f"{literal(_now())} AS started, {literal(list(inputs))}::VARCHAR[] AS inputs, "
                f"{literal(coder)} AS coder, {literal(dataset)} AS dataset, MAP {{}} AS counts, MAP {{}} AS skipped, "
                f"{literal(__version__)} AS version"
            )
        try:
            yield batch
        except BaseException as error:
            self._end(batch, f"{type(error).__name__}: {error}")
            raise
        self._end(batch, None)

    def _end(self, batch: Batch, error: str | None) -> None:
        with self.transaction() as connection:
            connection.execute(
                f"UPDATE batches SET finished = {literal(None if error else _now())}, "
                f"counts = {_counts(batch.counts)}, skipped = {_counts(batch.skipped)}, error = {literal(error)} "
                f"WHERE batch_id = {literal(batch.batch_id)}"
            )

    def unchanged(self, documents: Iterable[Document], coder: str) -> set[str]:
        """Ids of those documents that are here with the same content, coded by ``coder``: nothing to do for them."""
        with self._session() as connection:
            return writing.unchanged(connection, documents, coder)

    def find_copies(self, documents: Iterable[Document]) -> dict[str, str]:
        """Near-copies among documents that are about to be coded: id to that of the original, here or among them.

        What is here first is the original; among the documents, the earliest, then the first by id.
        """
        ordered = sorted(documents, key=lambda d: (d.published, d.document_id))
        if len(self._copies) > _MOST_ORIGINALS:
            self._copies, self._covered = CopyIndex(), set()
        window = datetime.timedelta(days=1)
        days = {d.published + n * window for d in ordered for n in range(-WINDOW_DAYS, WINDOW_DAYS + 1)}
        with self._session() as connection:
            fresh = pa.table({"day": pa.array(sorted(days - self._covered), pa.date32())})
            connection.register("incoming", fresh)
            rows = connection.execute(
                "SELECT document_id, published, fingerprint FROM documents SEMI JOIN incoming ON published = day "
                "WHERE copy_of IS NULL ORDER BY published, document_id"
            ).fetchall()
            connection.unregister("incoming")
        self._covered |= days
        for document_id, published, prints in rows:
            self._copies.add_original(document_id, published, Fingerprint.from_bytes(prints))
        found = {}
        for document in ordered:
            if original := self._copies.add(document):
                found[document.document_id] = original
        return found

    def write_coded(
        self, batch: Batch, coded: Iterable[writing.CodedDocument], copies: Iterable[tuple[Document, str]] = ()
    ) -> writing.Written:
        """Store coded documents, and near-copies with their original's id, in one transaction.

        A document that is here with the same content and coder is left alone; one that differs is replaced.
        """
        if batch.coder is None:
            raise BadInput("the batch names no coder: batch(…, coder=…)")
        with self.transaction() as connection:
            written = writing.write_coded(connection, batch.batch_id, batch.coder, coded, copies)
        batch.count("documents", written.new + written.replaced)
        batch.count("replaced", written.replaced)
        batch.count("copies", written.copies)
        batch.count("events", written.events)
        batch.count("statements", written.statements)
        batch.skip("unchanged", written.unchanged)
        return written

    def reject(self, batch: Batch, rejected: Iterable[Rejected]) -> int:
        """Store inputs that became no document, with their reasons; how many there were."""
        found = list(rejected)
        with self.transaction() as connection:
            writing.insert_rejections(connection, batch.batch_id, found)
        for item in found:
            batch.skip(item.code)
        return len(found)

    def add_events(self, batch: Batch, data: writing.ArrowEvents) -> int:
        """Append events of a data set from Arrow, streaming, in one transaction; the number of new ones.

        Columns are matched by name with ``LEDGER_EVENT_SCHEMA``. Events whose ids are here already are left out.
        """
        with self.transaction() as connection:
            new, repeated = writing.add_events(connection, batch.batch_id, batch.dataset, data)
        batch.count("events", new)
        if repeated:
            batch.skip("already there", repeated)
        return new

    # --- correcting

    def correct(
        self,
        event_id: str,
        action: str,
        fields: Mapping[str, Any] | None = None,
        *,
        who: str,
        note: str | None = None,
    ) -> EventCorrection:
        """Correct an event that was read from a text: ``delete``, ``keep`` or ``change`` it; see ``corrections``."""
        with self.transaction() as connection:
            return corrections.make_correction(connection, event_id, action, dict(fields or {}), who=who, note=note)

    def undo(self, correction_id: str, *, who: str) -> EventCorrection:
        """Undo a correction; NotFound where there is none of that id."""
        with self.transaction() as connection:
            return corrections.undo_correction(connection, correction_id, who)

    def corrections(
        self, *, document_id: str | None = None, event_id: str | None = None
    ) -> tuple[EventCorrection, ...]:
        """Corrections of all events, of a document's or of one, undone ones too, the latest first."""
        with self._session() as connection:
            return corrections.corrections_of(connection, document_id=document_id, event_id=event_id)

    # --- reading

    def table(self, name: str) -> Any:
        """A table of the ledger as an Ibis expression; the ledger stays open for as long as it is used."""
        import ibis  # noqa: PLC0415 (takes a second)

        if name not in TABLES:
            raise BadOption("table", name, tuple(TABLES))
        return ibis.duckdb.from_connection(self.connection).table(name)

    def events(self, **filters: Any) -> Any:
        """The events as an Ibis expression, filtered: see :class:`EventFilter` for the names."""
        return EventFilter(**filters).expression(self.table("events"))

    def counts(self) -> dict[str, int]:
        """Number of rows of each table."""
        with self._session() as connection:
            rows = {t: connection.execute(f"SELECT count(*) FROM {t}").fetchone() for t in TABLES if t != "meta"}
        return {table: int(row[0]) if row else 0 for table, row in rows.items()}

    def batches(self) -> list[dict[str, Any]]:
        """The batches in the order in which they began, a dictionary each."""
        with self._session() as connection:
            names = TABLES["batches"].names
            rows = connection.execute(f"SELECT {', '.join(names)} FROM batches ORDER BY started, batch_id").fetchall()
        return [dict(zip(names, row, strict=True)) for row in rows]

    def document(self, document_id: str) -> StoredDocument:
        """A document with its sentences, events and statements; NotFound where there is none of that id."""
        with self._session() as connection:
            return stored_document(connection, document_id)

    def export(self, path: str | Path, **filters: Any) -> int:
        """Write the events, filtered as in :meth:`events`, to a file or folder; their number. See ``export_events``."""
        import ibis  # noqa: PLC0415 (takes a second)

        held, self._held = self._held, True
        try:
            select = str(ibis.to_sql(self.events(**filters), dialect="duckdb"))
            with self._session() as connection:
                return export_events(connection, select, Path(path))
        finally:
            self._held = held
            if not held:
                self._disconnect()


def _now() -> datetime.datetime:
    return datetime.datetime.now(datetime.UTC).replace(tzinfo=None)


def _counts(counts: Mapping[str, int]) -> str:
    kept = {name: number for name, number in sorted(counts.items()) if number}
    return f"MAP({literal(list(kept))}::VARCHAR[], {literal(list(kept.values()))}::BIGINT[])"
