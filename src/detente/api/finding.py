"""Rows of events that pass a test: from the prepared file where that is up to date, else from the ledger."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from typing import TYPE_CHECKING, Any

import numpy as np

from detente.api.words import Places, both, column

if TYPE_CHECKING:
    import duckdb

    from detente.api.prepared import PreparedFile
    from detente.api.store import Store

__all__ = ["Condition", "count_rows", "page_rows", "rows_by_id", "sums"]

_LARGEST = 250_000
"""Places of a word that are kept for the next search; of more, a search takes about as long as to find them."""


@dataclass(frozen=True, slots=True)
class Condition:
    """Which events are wanted: ``test`` in SQL with the values bound to it, and what the prepared file answers faster.

    ``pair`` names the two states that all of them are between, ``words`` what their sentences hold.
    """

    test: str
    values: tuple[Any, ...] = ()
    pair: tuple[str, str] | None = None
    words: tuple[str, ...] = ()

    def whole(self, *, paired: bool = False) -> tuple[str, list[Any]]:
        """The whole condition in SQL with its values; without the pair where rows are of that pair alone."""
        parts, values = [self.test], list(self.values)
        if self.pair is not None and not paired:
            a, b = self.pair
            parts.append(
                "actor_country IN (?, ?) AND recipient_country IN (?, ?) AND actor_country <> recipient_country"
            )
            values += [a, b, a, b]
        for words in self.words:
            parts.append("contains(lower(sentence), ?)")
            values.append(words)
        return " AND ".join(parts), values


def sums(store: Store, columns: str, wanted: Condition) -> list[dict[str, Any]]:
    """Figures of the wanted events, by those of the columns that are no sums."""
    with store.prepared_cursor() as found:
        if found is not None and wanted.pair is not None:
            cursor, file = found
            test, values = wanted.whole(paired=True)
            query = f"SELECT {columns} FROM pairs WHERE pair = {file.pair(*wanted.pair)} AND {test} GROUP BY ALL"
            return rows_of(cursor, query, values)
    test, values = wanted.whole()
    return store.event_rows(f"SELECT {columns} FROM events WHERE {test} GROUP BY ALL", values)


def count_rows(store: Store, wanted: Condition) -> int:
    """How many events are wanted."""
    with store.prepared_cursor() as found:
        if found is not None and wanted.words and wanted.pair is None:
            return len(_places(store, *found, wanted))
    return sum(row["n"] for row in sums(store, "count(*) AS n", wanted))


def page_rows(store: Store, columns: str, wanted: Condition, number: int, *, down: bool) -> list[dict[str, Any]]:
    """The first ``number`` of the wanted events, by date down or up, then by id."""
    order = f" ORDER BY date {'DESC' if down else 'ASC'}, event_id"
    with store.prepared_cursor() as found:
        if found is None:
            test, values = wanted.whole()
            return store.rows(f"SELECT {columns} FROM events WHERE {test}{order} LIMIT {number}", values)
        cursor, file = found
        # Prepared rows stand in the order of dates down: the first that pass are those wanted.
        order = "" if down else order
        if wanted.pair is not None:
            test, values = wanted.whole(paired=True)
            query = f"SELECT stands FROM pairs WHERE pair = {file.pair(*wanted.pair)} AND {test}{order} LIMIT {number}"
            places = column(cursor, query, values)
        elif wanted.words:
            places = _places(store, cursor, file, wanted)
            if down:
                places = places[:number]
            else:
                query = f"SELECT rowid FROM events WHERE rowid IN (SELECT place FROM found){order} LIMIT {number}"
                places = column(cursor, query, among=places)
        else:
            # To find them only the columns of the test are read.
            query = f"SELECT rowid FROM events WHERE {wanted.test}{order} LIMIT {number}"
            places = column(cursor, query, wanted.values)
        return file.rows.read(places)


def rows_by_id(store: Store, columns: str, ids: Sequence[str]) -> list[dict[str, Any]]:
    """Events by their ids, by date and id."""
    test = "event_id IN (SELECT unnest(?::VARCHAR[])) ORDER BY date, event_id"
    with store.prepared_cursor() as found:
        if found is None:
            return store.rows(f"SELECT {columns} FROM events WHERE {test}", [ids])
        cursor, file = found
        places = column(cursor, "SELECT place FROM ids WHERE id IN (SELECT hash(unnest(?::VARCHAR[])))", [ids])
        # Two ids may have the same hash.
        rows = [row for row in file.rows.read(places) if row["event_id"] in ids]
        return sorted(rows, key=lambda row: (row["date"], row["event_id"]))


def _places(store: Store, cursor: duckdb.DuckDBPyConnection, file: PreparedFile, wanted: Condition) -> Places:
    """Where the wanted events stand that hold the words."""

    def holding(words: str) -> Places:
        return store.cached(
            ("places", words), lambda: file.words.places(cursor, words), keep=lambda x: len(x) <= _LARGEST
        )

    found = reduce(both, map(holding, wanted.words))
    if wanted.test == "true":
        return found
    query = f"SELECT rowid FROM events WHERE {wanted.test}"
    # Asked twice for a page: to count them, and for the first of them.
    return store.cached(
        ("places", wanted),
        lambda: both(found, np.sort(column(cursor, query, wanted.values))),
        keep=lambda x: len(x) <= _LARGEST // 10,
    )


def rows_of(cursor: duckdb.DuckDBPyConnection, query: str, values: Sequence[Any] | None) -> list[dict[str, Any]]:
    """Rows of a query, a dictionary each."""
    found = cursor.execute(query, values) if values else cursor.execute(query)
    names = [str(column[0]) for column in found.description or ()]
    return [dict(zip(names, row, strict=True)) for row in found.fetchall()]
