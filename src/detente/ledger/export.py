"""Events out of a ledger: Parquet by month, CSV, JSON Lines; whole or not at all under the final name."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from detente.errors import BadInput, BadOption
from detente.ledger.schema import LEDGER_EVENT_SCHEMA

__all__ = ["FORMATS", "export_events"]

FORMATS = (".parquet", ".csv", ".jsonl", ".ndjson", ".csv.gz", ".jsonl.gz", "a folder (Parquet by month)")
_PARTY = ("text", "name", "country", "sector", "start", "end")
_MONTH = "strftime(date, '%Y-%m')"


def export_events(connection: duckdb.DuckDBPyConnection, select: str, path: Path) -> int:
    """Write the events that ``select`` gives to ``path``, sorted by date and id; their number.

    The path's ending says the format: ``.parquet``, ``.csv``, ``.jsonl`` (nested, as the command line prints events),
    the latter two also with ``.gz``; without an ending it is a folder with a Parquet file a month. An existing file is
    replaced, and so is a folder of an earlier export.
    """
    name = path.name.lower()
    order = f"SELECT * FROM ({select}) ORDER BY date, event_id"
    gzip = ", COMPRESSION gzip" if name.endswith(".gz") else ""
    plain = name.removesuffix(".gz")
    if path.is_dir() or (not path.suffix and not gzip):
        months = f"SELECT *, {_MONTH} AS month FROM ({order})"
        return _folder(connection, f"COPY ({months}) TO ? (FORMAT parquet, PARTITION_BY (month))", path)
    if plain.endswith(".parquet") and not gzip:
        return _file(connection, f"COPY ({order}) TO ? (FORMAT parquet)", path)
    if plain.endswith(".csv"):
        flat = f"SELECT * REPLACE (array_to_string(contexts, ';') AS contexts) FROM ({order})"
        return _file(connection, f"COPY ({flat}) TO ? (FORMAT csv, HEADER true{gzip})", path)
    if plain.endswith((".jsonl", ".ndjson")):
        return _file(connection, f"COPY ({_nested(order)}) TO ? (FORMAT json{gzip})", path)
    raise BadOption("the ending of", path.name, FORMATS)


def _nested(select: str) -> str:
    """The select with each party as one object, null where there is none."""
    columns = []
    for name in LEDGER_EVENT_SCHEMA.names:
        prefix, _, field = name.partition("_")
        if prefix in ("actor", "recipient") and field in _PARTY:
            if field == _PARTY[0]:
                values = {f: f'"{prefix}_{f}"' for f in _PARTY} | {"text": f"coalesce({prefix}_text, {prefix}_name)"}
                fields = ", ".join(f"'{f}': {value}" for f, value in values.items())
                columns.append(f"CASE WHEN {prefix}_name IS NOT NULL THEN {{{fields}}} END AS {prefix}")
        elif name in ("intensity", "confidence", "reliability"):
            columns.append(f"round({name}::DOUBLE, 6) AS {name}")
        elif name == "contexts":
            columns.append("coalesce(contexts, []) AS contexts")
        else:
            columns.append(f'"{name}"')
    return f"SELECT {', '.join(columns)} FROM ({select})"


@contextmanager
def _beside(path: Path) -> Iterator[Path]:
    """A name in a new folder beside ``path``, which is removed at the end with what is left in it."""
    if not path.parent.is_dir():
        raise BadInput("the folder does not exist", str(path.parent))
    try:
        folder = Path(tempfile.mkdtemp(prefix=f".{path.name}.", dir=path.parent))
    except OSError as error:
        raise BadInput(f"cannot be written to: {error.strerror}", str(path.parent)) from None
    try:
        yield folder / path.name
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _file(connection: duckdb.DuckDBPyConnection, copy: str, path: Path) -> int:
    with _beside(path) as part:
        count = _run(connection, copy, part)
        part.replace(path)
    return count


def _folder(connection: duckdb.DuckDBPyConnection, copy: str, path: Path) -> int:
    if path.exists() and (not path.is_dir() or any(not p.name.startswith("month=") for p in path.iterdir())):
        raise BadInput("exists and is no earlier export; name a new folder", str(path))
    with _beside(path) as part:
        count = _run(connection, copy, part)
        part.mkdir(exist_ok=True)  # nothing is written where there are no events
        if path.exists():
            path.replace(part.with_name("replaced"))
        part.replace(path)
    return count


def _run(connection: duckdb.DuckDBPyConnection, copy: str, target: Path) -> int:
    try:
        row = connection.execute(copy.replace("TO ?", f"TO '{str(target).replace(chr(39), chr(39) * 2)}'")).fetchone()
    except duckdb.IOException as error:
        raise BadInput(f"cannot be written: {str(error).partition(chr(10))[0]}", str(target)) from None
    return int(row[0]) if row else 0
