"""Where the tables are and which engine reads them: the only module that knows an engine's name.

Analyses put questions (``queries``) to ``Tables``; a ledger answers them with the embedded DuckDB, other tables with
whatever engine their Ibis expressions run on: DuckDB over Parquet, or Spark for those who outgrow a machine.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, Literal, get_args

import pyarrow as pa

from detente.errors import BadInput, BadOption, MissingExtra, NotFound
from detente.relations.compiled import SPANS, VALUES, filled, in_sql

if TYPE_CHECKING:
    import duckdb

__all__ = ["ENGINES", "Engine", "LedgerTables", "Tables", "as_said", "as_tables", "open_tables"]

Engine = Literal["duckdb", "spark"]
ENGINES: tuple[Engine, ...] = get_args(Engine)

Span = tuple[int, str, str, datetime.date, int, int, int]


@dataclass(frozen=True, slots=True)
class Tables:
    """Ibis tables: events, and the documents and statements they come with, if there are any."""

    events: Any
    documents: Any | None = None
    statements: Any | None = None
    least: float | None = None

    def reliable(self, least: float | None) -> Tables:
        """The same without events below a reliability."""
        if least is None:
            return self
        import ibis  # noqa: PLC0415 - takes its time to load

        return replace(self, events=self.events.filter(ibis.coalesce(self.events.reliability, 1.0) >= least))

    def ask(self, name: str, *, spans: Sequence[Span] = (), **values: Any) -> pa.Table:
        """The answer to a question of ``queries.QUERIES``; values that are None are those that leave nothing out."""
        import ibis  # noqa: PLC0415

        from detente.relations.queries import QUERIES  # noqa: PLC0415

        given = dict(VALUES) | {key: value for key, value in values.items() if value is not None}
        at = SimpleNamespace(
            events=self.events,
            documents=self.documents,
            statements=self.statements,
            spans=ibis.memtable([dict(zip(SPANS, span, strict=True)) for span in spans], schema=dict(SPANS))
            if spans
            else None,
        )
        return QUERIES[name](at, SimpleNamespace(**given)).to_pyarrow()

    def kept(self, name: str, states: Sequence[str] = ()) -> pa.Table | None:
        """What is kept of imported events for a question about everything; None where nothing is."""
        del name, states
        return None


class LedgerTables:
    """The tables of a ledger, over an open DuckDB connection (or a cursor of it, one a thread)."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, least: float | None = None) -> None:
        self.connection = connection
        self.least = least

    def _table(self, name: str) -> Any:
        import ibis  # noqa: PLC0415 - takes its time to load

        return ibis.duckdb.from_connection(self.connection).table(name)

    @property
    def events(self) -> Any:
        """The events as an Ibis table."""
        return Tables(self._table("events")).reliable(self.least).events

    @property
    def documents(self) -> Any:
        """The documents as an Ibis table."""
        return self._table("documents")

    @property
    def statements(self) -> Any:
        """The statements as an Ibis table."""
        return self._table("statements")

    def reliable(self, least: float | None) -> LedgerTables:
        """The same without events below a reliability."""
        return self if least is None else LedgerTables(self.connection, least)

    def ask(
        self, name: str, *, spans: Sequence[Span] = (), own: bool = False, imported: bool = False, **values: Any
    ) -> pa.Table:
        """The answer to a question of ``queries.QUERIES``; ``own`` and ``imported``: over these events alone."""
        from detente.ledger import events_among, imported_evidence  # noqa: PLC0415 - Parquet goes without a ledger

        given = {key: value for key, value in values.items() if value is not None}
        if self.least is not None:
            given["least"] = self.least
        states = given.get("members") or (() if name.startswith("documents_by") else (given.get("a"), given.get("b")))
        tables = {}
        if own:
            tables["events"] = '"own_events"'
        elif imported:
            tables["events"] = f"({imported_evidence('i.dyad > 0')})"
        elif all(states) and states and name not in _NO_EVENTS:
            last = None
            if name == "latest" and given.get("limit") and self.least is None:
                last = given["limit"], given.get("until")
            tables["events"] = events_among(
                self.connection, [str(state) for state in states], summed=name == "days", last=last
            )
        if spans:
            # Not as an Arrow table: to make one, pyarrow loads pandas.
            tables["spans"] = f"(SELECT * FROM (VALUES {', '.join(map(in_sql, spans))}) AS x({', '.join(SPANS)}))"
        return as_said(self.connection.execute(filled(name, tables, given)).to_arrow_table())

    def kept(self, name: str, states: Sequence[str] = ()) -> pa.Table | None:
        """What is kept of imported events for a question about everything; None where it cannot be used."""
        from detente.relations.kept import kept  # noqa: PLC0415

        return None if self.least is not None else kept(self.connection, name, states)


_NO_EVENTS = ("said",)
"""Questions that are about no events."""


def as_said(table: pa.Table) -> pa.Table:
    """The types that the expressions promise: DuckDB's sums of whole numbers are wider, its starts of months times."""
    for i, field in enumerate(table.schema):
        kind = pa.int64() if pa.types.is_decimal(field.type) else None
        kind = pa.date32() if pa.types.is_timestamp(field.type) else kind
        if kind is not None:
            table = table.set_column(i, field.name, table.column(i).cast(kind))
    return table


def as_tables(events: Any, documents: Any | None = None, statements: Any | None = None) -> Tables | LedgerTables:
    """Tables as they are, or Ibis tables as ``Tables``."""
    return events if isinstance(events, Tables | LedgerTables) else Tables(events, documents, statements)


# What every analysis needs of a table of events; the other columns may be absent.
_NEEDED = {"event_id", "date", "event", "quad", "intensity", "status", "actor_country", "recipient_country"}


@contextmanager
def open_tables(path: str | Path, engine: str = "duckdb") -> Iterator[Tables | LedgerTables]:
    """The tables of a ledger file, of a Parquet file or folder of events, or (``spark``) of a Spark table.

    A folder may be partitioned by Hive-style names. With ``spark`` the path is one of Parquet, or the name of a table
    that the active Spark session knows.
    """
    if engine not in ENGINES:
        raise BadOption("--engine", engine, ENGINES)
    path = Path(path)
    if engine == "spark":
        yield Tables(events=_spark_events(path))
    elif path.is_dir() or path.suffix == ".parquet":
        import ibis  # noqa: PLC0415

        connection = ibis.duckdb.connect()
        try:
            yield Tables(events=_parquet(connection, path))
        finally:
            connection.disconnect()
    else:
        from detente.ledger import open_ledger  # noqa: PLC0415 - Parquet can be read without the ledger room

        with open_ledger(path, "read") as ledger:
            yield LedgerTables(ledger.connection)


def _parquet(connection: Any, path: Path) -> Any:
    if not path.exists():
        raise NotFound("file of events", path)
    if path.is_dir() and not any(path.rglob("*.parquet")):
        raise BadInput("no Parquet file in this folder", str(path))
    source = str(path / "**" / "*.parquet") if path.is_dir() else str(path)
    events = connection.read_parquet(source, hive_partitioning=path.is_dir())
    missing = sorted(_NEEDED - set(events.columns))
    if missing:
        raise BadInput(f"not a table of events: no column {', '.join(missing)}", str(path))
    return events


def _spark_events(path: Path) -> Any:
    try:
        from pyspark.sql import SparkSession  # noqa: PLC0415 - a large optional part, loaded when asked for
    except ImportError:
        raise MissingExtra("--engine spark", "spark") from None
    session = SparkSession.getActiveSession() or SparkSession.builder.appName("detente").getOrCreate()
    # Days are days: no event may move to its neighbour by where the cluster stands.
    session.conf.set("spark.sql.session.timeZone", "UTC")
    import ibis  # noqa: PLC0415

    connection = ibis.pyspark.connect(session)
    if path.exists():
        return connection.read_parquet(str(path))
    if not session.catalog.tableExists(str(path)):
        raise NotFound("file or Spark table of events", path)
    return connection.table(str(path))
