"""What is kept of imported events for questions about everything: sums by month, brought up to date after an import.

A question about all dyads would go through every event. The answers for imported events, which never change once they
are there, are kept in the ledger: evidence and reports by dyad and month, tone of the world, documents by state. They
are computed by the same questions (``queries``), for the months in which an import brought something; what was read
from texts is added when a question is asked. Where they are behind the imports, nobody uses them.
"""

from __future__ import annotations

from collections.abc import Sequence

import duckdb
import pyarrow as pa

from detente.ledger import Ledger, bounded, imported_evidence
from detente.relations.compiled import filled
from detente.relations.counting import KINDS

__all__ = ["keep", "kept"]

_TABLES = {
    "kept_cells": "a VARCHAR, b VARCHAR, month BIGINT, units BIGINT, n BIGINT, s BIGINT, ss BIGINT, day DATE, "
    + ", ".join(f"{kind} BIGINT" for kind in KINDS),
    "kept_volume": "a VARCHAR, b VARCHAR, month BIGINT, volume BIGINT",
    "kept_world": "month BIGINT, events BIGINT, tone BIGINT",
    # Documents by month of their events; without ``b`` those of a state with anybody.
    "kept_documents": "a VARCHAR, b VARCHAR, month BIGINT, documents BIGINT",
    "kept_until": "piece INTEGER",
}
_KNOWN = "least(i.date, coalesce(i.published, i.date))"
_PUBLISHED = "coalesce(i.published, i.date)"
# The day of an event whose month each table goes by, and the question it answers.
_ASKED: dict[str, tuple[str, str | None]] = {
    "kept_cells": (_KNOWN, "cells"),
    "kept_volume": (_PUBLISHED, "volume"),
    "kept_world": (_KNOWN, "world"),
    "kept_documents": ("i.date", None),
}
_TOGETHER = 4_000_000
"""Events between states whose months are computed at a time. Their units of evidence are in memory together: about
1 GB; fewer would mean that many more times over the table."""


def _month(day: str) -> str:
    return f"(year({day}) * 12 + month({day}) - 1)"


def _count(connection: duckdb.DuckDBPyConnection, query: str) -> int:
    row = connection.execute(query).fetchone()
    return int(row[0]) if row and row[0] is not None else 0


def keep(ledger: Ledger) -> int:
    """Bring what is kept up to date with the imports; the number of months computed anew."""
    computed = 0
    with ledger.transaction() as connection, bounded(connection):
        for table, columns in _TABLES.items():
            connection.execute(f"CREATE TABLE IF NOT EXISTS {table} ({columns})")
        done = _count(connection, "SELECT max(piece) FROM kept_until")
        newest = _count(connection, "SELECT max(piece) FROM import_pieces")
        if done == newest:
            return 0
        stale = {day: _stale(connection, day, done) for day in {day for day, _ in _ASKED.values()}}
        for table, (day, name) in _ASKED.items():
            months = stale[day]
            computed = max(computed, len(months))
            together: list[int] = []
            events = 0
            for month, number in months:
                if together and events + number > _TOGETHER:
                    _compute(connection, table, day, name, together)
                    together, events = [], 0
                together.append(month)
                events += number
            _compute(connection, table, day, name, together)
        connection.execute("DELETE FROM kept_until")
        connection.execute(f"INSERT INTO kept_until VALUES ({newest})")
    return computed


def _stale(connection: duckdb.DuckDBPyConnection, day: str, done: int) -> list[tuple[int, int]]:
    """Months in which something came after piece ``done``, in order, each with its events between states."""
    return connection.execute(
        f"SELECT {_month('day')} AS month, sum(events)::BIGINT FROM (SELECT {day} AS day, "
        "count(*) FILTER (i.dyad > 0) AS events, max(i.piece) AS piece FROM imported AS i GROUP BY 1) "
        f"GROUP BY 1 HAVING max(piece) > {done} ORDER BY 1"
    ).fetchall()


def _compute(
    connection: duckdb.DuckDBPyConnection, table: str, day: str, name: str | None, months: Sequence[int]
) -> None:
    """The rows of a table for some months, anew."""
    if not months:
        return
    listed = ", ".join(map(str, months))
    connection.execute(f"DELETE FROM {table} WHERE month IN ({listed})")
    inside = f"{_month(day)} IN ({listed})"
    if name is not None:
        events = f"({imported_evidence(f'i.dyad > 0 AND {inside}')})"
        none = "(SELECT * FROM documents WHERE FALSE)"
        connection.execute(f"INSERT INTO {table} BY NAME {filled(name, {'events': events, 'documents': none}, {})}")
        return
    # An imported event is a document of its own.
    month = _month(day)
    connection.execute(
        f"""INSERT INTO {table} BY NAME
        WITH found AS (SELECT actor_state AS a, recipient_state AS b, {month} AS month, count(*) AS documents
            FROM imported AS i WHERE {inside} GROUP BY ALL),
        sides AS (SELECT a AS id, NULL::SMALLINT AS other, month, documents FROM found
            UNION ALL SELECT b, NULL, month, documents FROM found WHERE a <> b
            UNION ALL SELECT least(a, b), greatest(a, b), month, documents FROM found WHERE a <> b AND a > 0 AND b > 0)
        SELECT x.code AS a, y.code AS b, month, sum(documents)::BIGINT AS documents
        FROM sides JOIN import_states AS x ON x.id = sides.id LEFT JOIN import_states AS y ON y.id = sides.other
        WHERE sides.id > 0 GROUP BY ALL ORDER BY ALL"""
    )


def kept(connection: duckdb.DuckDBPyConnection, name: str, states: Sequence[str] = ()) -> pa.Table | None:
    """What is kept under a name (cells, volume, world, documents), of the states if given; None if it is behind."""
    if f"kept_{name}" not in _TABLES:
        return None
    try:
        done = _count(connection, "SELECT max(piece) FROM kept_until")
    except duckdb.CatalogException:
        return None
    if not done or done != _count(connection, "SELECT max(piece) FROM import_pieces"):
        return None
    listed = ", ".join("'" + state.replace("'", "''") + "'" for state in states)
    if name == "documents" and states:
        a, b = (f"'{state}'" for state in states)
        query = (
            "SELECT make_date(month // 12, month % 12 + 1, 1) AS month, "
            "coalesce(sum(documents) FILTER (b IS NOT NULL), 0)::BIGINT AS documents, "
            f"coalesce(sum(documents) FILTER (b IS NULL AND a = {a}), 0)::BIGINT AS of_a, "
            f"coalesce(sum(documents) FILTER (b IS NULL AND a = {b}), 0)::BIGINT AS of_b "
            f"FROM kept_documents WHERE a IN ({listed}) AND (b IS NULL OR b IN ({listed})) GROUP BY 1 ORDER BY 1"
        )
    else:
        among = f" WHERE a IN ({listed}) AND b IN ({listed})" if states else ""
        query = f"SELECT * FROM kept_{name}{among}"
    return connection.execute(query).to_arrow_table()
