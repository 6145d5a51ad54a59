"""Which prepared events hold a word: an index of the words of all sentences, so that a search reads none of them.

A search finds words inside longer ones too (``gas`` in ``gasoline``), so the list of all words that occur is looked
through first, and then the places of the few that hold the word: a word has no space in it, so it stands inside one of
those that spaces part.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence

import duckdb
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

__all__ = ["Places", "WordIndex", "both", "column", "make_index"]

Places = NDArray[np.int64]
"""Numbers of rows of the prepared events, ascending: in the order in which they are shown."""
_END = b"\n"
MOST = 8000
"""Words that may hold what is searched for. Where more do, as for a single letter, the sentences are read: measured on
a million of them, the places of 8,000 words took a sixth of that time."""


def make_index(out: duckdb.DuckDBPyConnection) -> None:
    """The index of ``events``: all words in order, a line end after each (``vocabulary``), and their ``postings``."""
    out.execute(
        "CREATE TEMP TABLE told AS SELECT unnest(list_distinct(string_split("
        "translate(lower(sentence), chr(10) || chr(9), '  '), ' '))) AS word, rowid AS place FROM events"
    )
    out.execute(
        "CREATE TEMP TABLE numbered AS SELECT row_number() OVER (ORDER BY word) - 1 AS number, word "
        "FROM (SELECT DISTINCT word FROM told)"
    )
    out.execute(
        "CREATE TABLE postings AS SELECT number, place FROM told JOIN numbered USING (word) ORDER BY number, place"
    )
    out.execute(
        "CREATE TABLE vocabulary AS "
        "SELECT encode(string_agg(word || chr(10), '' ORDER BY number)) AS body FROM numbered"
    )
    out.execute("DROP TABLE told")
    out.execute("DROP TABLE numbered")


class WordIndex:
    """The index of an open prepared file, whose words are read when it is first asked; for several threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._body = b""
        self._ends: NDArray[np.int64] | None = None

    def places(self, cursor: duckdb.DuckDBPyConnection, words: str) -> Places:
        """Events whose sentence holds a word, or words side by side."""
        parts = words.split(" ")
        found: Places | None = None
        for part in parts:
            numbers = self._numbers(cursor, part)
            if numbers is None:
                continue
            listed = ", ".join(map(str, numbers))
            own = _once(column(cursor, f"SELECT place FROM postings WHERE number IN ({listed or -1})"))
            found = own if found is None else both(found, own)
        if found is not None and len(parts) == 1:
            return found
        among = "" if found is None else "rowid IN (SELECT place FROM found) AND "
        query = f"SELECT rowid FROM events WHERE {among}contains(lower(sentence), ?)"
        return np.sort(column(cursor, query, [words], among=found))

    def _numbers(self, cursor: duckdb.DuckDBPyConnection, word: str) -> list[int] | None:
        """Numbers of the words that hold a word; None where there are too many of them."""
        ends = self._read(cursor)
        sought = word.encode()
        numbers: list[int] = []
        at = self._body.find(sought)
        while at >= 0:
            if len(numbers) == MOST:
                return None
            number = int(np.searchsorted(ends, at))
            numbers.append(number)
            at = self._body.find(sought, int(ends[number]))
        return numbers

    def _read(self, cursor: duckdb.DuckDBPyConnection) -> NDArray[np.int64]:
        with self._lock:
            if self._ends is None:
                row = cursor.execute("SELECT body FROM vocabulary").fetchone()
                self._body = bytes(row[0] or b"") if row else b""
                self._ends = np.flatnonzero(np.frombuffer(self._body, dtype=np.uint8) == _END[0])
            return self._ends


def column(
    cursor: duckdb.DuckDBPyConnection, query: str, values: Sequence[object] = (), *, among: Places | None = None
) -> Places:
    """The only column of a query's answer; ``among`` are the places that it knows as ``found``."""
    if among is not None:
        cursor.register("found", pa.table({"place": among}))
    try:
        answer = cursor.execute(query, values) if values else cursor.execute(query)
        found: Places = next(iter(answer.fetchnumpy().values())).astype(np.int64, copy=False)
        return found
    finally:
        if among is not None:
            cursor.unregister("found")


def _once(places: Places) -> Places:
    """Places in order, once each: as ``np.unique``, which takes ten times as long where most are there once."""
    places = np.sort(places)
    found: Places = places[np.append(True, np.diff(places) > 0)[: len(places)]]
    return found


def both(one: Places, other: Places) -> Places:
    """The places that stand in both of two lists."""
    found: Places = np.intersect1d(one, other, assume_unique=True)
    return found
