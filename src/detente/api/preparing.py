"""The making of a ledger's prepared file: ``python -m detente.api.preparing LEDGER``, started by the server."""

from __future__ import annotations

import contextlib
import json
import os
import sys
import time
from pathlib import Path

import duckdb
import pyarrow as pa

from detente.api import lookups, views
from detente.api.pairs import EVENTS
from detente.api.prepared import FORMAT, MEMORY, PAIRED, cache_path
from detente.api.rows import write_rows
from detente.api.store import Store
from detente.api.words import make_index
from detente.errors import DetenteError
from detente.relations.compiled import filled
from detente.relations.engine import as_said

__all__ = ["prepare"]

_OLD = 30 * 24 * 3600
_WHO = {
    "own": "SELECT DISTINCT actor_country AS a, recipient_country AS b FROM own_events",
    # A state that a statement names stands in quotes among its recipients.
    "said": """SELECT DISTINCT speaker_country AS a, unnest(regexp_extract_all(recipients, '"([A-Z]{3})"', 1)) AS b
    FROM statements""",
}
_TESTED = (
    *("event_id", "document_id", "sentence", "event", "quad", "intensity", "actor_name", "actor_country"),
    *("recipient_name", "recipient_country", "status", "date", "published", "confidence", "reliability", "repeat_of"),
    *("source", "dataset", "batch_id"),
)
"""Columns that questions about two states, and searches among their events, look at; what is shown comes from rows."""
_BY = ("actor_country", "recipient_country")
_DAY = "CASE WHEN status = 'absent' AND quad <= 2 THEN coalesce(published, date) ELSE date END"
_KNOWN = f"least({_DAY}, coalesce(published, {_DAY}))"
_MONTH = f"(year({_KNOWN}) * 12 + month({_KNOWN}) - 1)"
"""The month of an event as evidence, as ``relations.expressions`` has it."""


def prepare(ledger: Path) -> bool:
    """Make the file of a ledger as it is now; False where that was not needed or the ledger changed meanwhile."""
    path = cache_path(ledger)
    path.parent.mkdir(parents=True, exist_ok=True)
    _sweep(path.parent)
    made = path.with_name(f"{path.name}.{os.getpid()}")
    rows = path.with_name(f"{path.name}.rows-{os.getpid()}-{time.time_ns()}")
    store = Store(ledger, read_only=True, prepared=False)
    version = store.version
    try:
        with contextlib.closing(duckdb.connect(made, config={"memory_limit": MEMORY})) as out:
            out.execute("SET enable_progress_bar = false")
            with store.cursor() as cursor:
                events = cursor.execute("SELECT * FROM events ORDER BY date DESC, event_id").to_arrow_reader(100_000)
                out.register("incoming", events)
                out.execute("CREATE TABLE events AS SELECT * FROM incoming")
                out.unregister("incoming")
            out.execute("CREATE TABLE ids AS SELECT hash(event_id) AS id, rowid AS place FROM events ORDER BY id")
            write_rows(out, rows)
            make_index(out)
            _pairs(out, store)
            out.execute("CREATE TABLE answers (key VARCHAR, body VARCHAR)")
            answers = {"format": FORMAT, "version": version, "rows": rows.name} | {
                key: json.dumps(body) for key, body in (views.long_answers(store) | lookups.long_answers(store)).items()
            }
            for key, query in _WHO.items():
                answers[key] = json.dumps([(row["a"], row["b"]) for row in store.rows(query)])
            out.executemany("INSERT INTO answers VALUES (?, ?)", list(answers.items()))
        if store.version != version or not rows.exists():  # gone where another process has just made the same
            return False
        made.replace(path)
        for other in path.parent.glob(f"{path.name}.rows-*"):
            with contextlib.suppress(OSError):  # held open by a server, where the system minds that
                if other != rows:
                    other.unlink()
        return True
    finally:
        store.close()
        if made.exists():
            made.unlink()
            rows.unlink(missing_ok=True)


def _pairs(out: duckdb.DuckDBPyConnection, store: Store) -> None:
    """What questions about two states need, those of a pair side by side: its events, and what is kept of months."""
    out.execute(
        "CREATE TABLE states AS SELECT code, row_number() OVER (ORDER BY code) AS number FROM "
        "(SELECT actor_country AS code FROM events UNION SELECT recipient_country FROM events) WHERE code IS NOT NULL"
    )
    number = f"least(x.number, coalesce(y.number, 0)) * {PAIRED} + greatest(x.number, coalesce(y.number, 0))"
    # A story or document is told apart by a number, as where imported events are summed.
    out.execute(
        f"CREATE TABLE pairs AS SELECT {number} AS pair, hash(coalesce(story_id, document_id)) AS unit, "
        f"{_MONTH} AS month, e.rowid AS stands, "
        f"{', '.join(_TESTED)} FROM events AS e "
        "JOIN states AS x ON x.code = actor_country JOIN states AS y ON y.code = recipient_country "
        "WHERE actor_country <> recipient_country ORDER BY pair, date DESC, event_id"
    )
    with store.tables() as tables:
        out.register("incoming", tables.ask("world_days"))
        out.execute("CREATE TABLE world AS SELECT * FROM incoming ORDER BY published, month")
        out.unregister("incoming")
        kept = tables.kept("documents")
        if kept is not None:
            _join(out, "documents", kept, ("a", "b"), number)
            _join(out, "sides", tables.ask("sides", imported=True), _BY, number)
    events = {"events": f"(SELECT {EVENTS} FROM pairs)"}
    for name, asked, sides in (("cells", "cells", ("a", "b")), ("tones", "tones_of_all", _BY)):
        _join(out, name, as_said(out.execute(filled(asked, events, {})).to_arrow_table()), sides, number)
    # From when to when what a month rests on was published: before and after, its evidence is none or whole.
    out.execute(
        "CREATE TABLE spans AS SELECT pair, month, min(coalesce(published, date)) AS first, "
        "max(coalesce(published, date)) AS last FROM pairs GROUP BY pair, month ORDER BY pair, month"
    )
    out.execute("CREATE TABLE lasts AS SELECT pair, max(last) AS last FROM spans GROUP BY pair ORDER BY pair")


def _join(out: duckdb.DuckDBPyConnection, name: str, table: pa.Table, sides: tuple[str, str], number: str) -> None:
    """A table of months with the numbers of its pairs, in their order."""
    out.register("incoming", table)
    out.execute(
        f"CREATE TABLE {name} AS SELECT {number} AS pair, e.* FROM incoming AS e "
        f"JOIN states AS x ON x.code = e.{sides[0]} LEFT JOIN states AS y ON y.code = e.{sides[1]} ORDER BY pair, month"
    )
    out.unregister("incoming")


def _sweep(folder: Path) -> None:
    """Remove files that nobody has used for a month, and those that were never finished."""
    for file in folder.glob("*.prepared*"):
        with contextlib.suppress(OSError):
            if time.time() - max(file.stat().st_atime, file.stat().st_mtime) > _OLD:
                file.unlink()


if __name__ == "__main__":
    with contextlib.suppress(AttributeError, OSError):
        os.nice(5)
    try:
        prepare(Path(sys.argv[1]))
    except (DetenteError, duckdb.Error, OSError) as error:
        sys.exit(str(error))
