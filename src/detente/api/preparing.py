"""The making of a ledger's prepared file: ``python -m detente.api.preparing LEDGER``, started by the server."""

from __future__ import annotations

import contextlib
import json
import os
import sys
import time
from pathlib import Path

import duckdb

from detente.api import views
from detente.api.prepared import FORMAT, MEMORY, cache_path
from detente.api.store import Store
from detente.errors import DetenteError

__all__ = ["prepare"]

_OLD = 30 * 24 * 3600


def prepare(ledger: Path) -> bool:
    """Make the file of a ledger as it is now; False where that was not needed or the ledger changed meanwhile."""
    path = cache_path(ledger)
    path.parent.mkdir(parents=True, exist_ok=True)
    _sweep(path.parent)
    made = path.with_name(f"{path.name}.{os.getpid()}")
    store = Store(ledger, read_only=True, prepared=False)
    version = store.version
    try:
        with contextlib.closing(duckdb.connect(made, config={"memory_limit": MEMORY})) as out:
            out.execute("SET enable_progress_bar = false")
            with store.cursor() as cursor:
                rows = cursor.execute(
                    "SELECT *, lower(sentence) AS words FROM events ORDER BY date DESC, event_id"
                ).to_arrow_reader(100_000)
                out.register("incoming", rows)
                out.execute("CREATE TABLE events AS SELECT * FROM incoming")
                out.unregister("incoming")
            out.execute("CREATE TABLE answers (key VARCHAR, body VARCHAR)")
            answers = {"format": FORMAT, "version": version} | {
                key: json.dumps(body) for key, body in views.long_answers(store).items()
            }
            out.executemany("INSERT INTO answers VALUES (?, ?)", list(answers.items()))
        if store.version != version:
            return False
        made.replace(path)
        return True
    finally:
        store.close()
        made.unlink(missing_ok=True)


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
