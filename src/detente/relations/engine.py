"""Where the tables are and which engine reads them: the only module that knows an engine's name.

Analyses are Ibis expressions over ``Tables``; they run on the embedded DuckDB, or on Spark for those who outgrow a
machine, and do not ask which.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal, get_args

import ibis

from detente.errors import BadInput, BadOption, MissingExtra, NotFound

__all__ = ["ENGINES", "Engine", "Tables", "open_tables"]

Engine = Literal["duckdb", "spark"]
ENGINES: tuple[Engine, ...] = get_args(Engine)


@dataclass(frozen=True, slots=True)
class Tables:
    """Ibis tables: events, and the documents and statements they come with, if there are any."""

    events: Any
    documents: Any | None = None
    statements: Any | None = None

    def reliable(self, least: float | None) -> Tables:
        """The same without events below a reliability."""
        if least is None:
            return self
        return replace(self, events=self.events.filter(ibis.coalesce(self.events.reliability, 1.0) >= least))


# What every analysis needs of a table of events; the other columns may be absent.
_NEEDED = {"event_id", "date", "event", "quad", "intensity", "status", "actor_country", "recipient_country"}


@contextmanager
def open_tables(path: str | Path, engine: str = "duckdb") -> Iterator[Tables]:
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
        connection = ibis.duckdb.connect()
        try:
            yield Tables(events=_parquet(connection, path))
        finally:
            connection.disconnect()
    else:
        from detente.ledger import open_ledger  # noqa: PLC0415 - Parquet can be read without the ledger room

        with open_ledger(path, "read") as ledger:
            yield Tables(*(ledger.table(name) for name in ("events", "documents", "statements")))


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
    connection = ibis.pyspark.connect(session)
    if path.exists():
        return connection.read_parquet(str(path))
    if not session.catalog.tableExists(str(path)):
        raise NotFound("file or Spark table of events", path)
    return connection.table(str(path))
