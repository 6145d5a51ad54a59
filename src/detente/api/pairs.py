"""Questions about a few states out of a prepared file, where the events and months of each pair stand side by side."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Hashable, Mapping, Sequence
from itertools import combinations
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from detente.api.prepared import PAIRED, PreparedFile
from detente.ledger import LEDGER_EVENT_SCHEMA
from detente.relations import LedgerTables
from detente.relations.compiled import filled, in_sql
from detente.relations.engine import as_said

if TYPE_CHECKING:
    import duckdb

__all__ = ["EVENTS", "PairTables"]

# Questions about what happened among some states that need no more of an event than these columns.
_QUESTIONS = ("cells_of", "days", "last", "tones")
_COLUMNS = (
    *("date", "published", "actor_country", "recipient_country", "quad", "intensity", "status", "confidence"),
    *("reliability", "repeat_of"),
)
_TOLD = {name: f'"{name}"' for name in _COLUMNS} | {"story_id": "unit", "document_id": "NULL::UBIGINT"}
EVENTS = ", ".join(f'{_TOLD.get(name, "NULL")} AS "{name}"' for name in LEDGER_EVENT_SCHEMA.names)


class PairTables(LedgerTables):
    """The tables of a ledger with what is prepared of them: ``file``, read by ``prepared``.

    ``cached`` keeps what is asked several times for one page (see ``Store.cached``).
    """

    def __init__(
        self,
        connection: duckdb.DuckDBPyConnection,
        prepared: duckdb.DuckDBPyConnection,
        file: PreparedFile,
        cached: Callable[[tuple[Hashable, ...], Callable[[], pa.Table]], pa.Table],
    ) -> None:
        super().__init__(connection)
        self._prepared = prepared
        self._file = file
        self._cached = cached

    def ask(
        self, name: str, *, spans: Sequence[Any] = (), own: bool = False, imported: bool = False, **values: Any
    ) -> pa.Table:
        """The answer to a question, from what is prepared where that is enough."""
        until = values.get("until")
        if name == "world" and until is not None and not own and not imported:
            query = (
                f"SELECT month, sum(events) AS events, sum(tone) AS tone FROM world WHERE published <= {in_sql(until)}"
            )
            return as_said(self._prepared.execute(f"{query} GROUP BY month").to_arrow_table())
        members = tuple(values.get("members") or ())
        states = members or (values.get("a"), values.get("b"))
        if own and all(states) and self._none_own(name, states):
            return pa.table({})
        if name == "said" and states not in self._file.said:
            return pa.table({})
        if own or imported or spans or not members or name not in _QUESTIONS:
            return super().ask(name, spans=spans, own=own, imported=imported, **values)
        if name == "cells_of":
            return self._cells(members, until)
        if until is None and name == "last":
            return self._select(f"SELECT max(last) AS last FROM lasts WHERE pair IN ({self._pairs(members)})")
        if until is None and name == "tones":
            return self._select(f"SELECT * EXCLUDE (pair) FROM tones WHERE pair IN ({self._pairs(members)})")
        return self._among(name, members, values)

    def _select(self, query: str) -> pa.Table:
        return self._prepared.execute(query).to_arrow_table()

    def _among(self, name: str, members: Sequence[str], values: Mapping[str, Any], test: str = "true") -> pa.Table:
        """The answer to a question from the events of some states that pass a test."""
        given = {key: value for key, value in values.items() if value is not None}
        events = f"(SELECT {EVENTS} FROM pairs WHERE pair IN ({self._pairs(members)}) AND {test})"
        return as_said(self._select(filled(name, {"events": events}, given)))

    def _cells(self, members: Sequence[str], until: datetime.date | None) -> pa.Table:
        """Evidence among some states by month, as it was known at the end of a day.

        A month whose reports were all published by then has its evidence whole; only those in which some came later
        are computed anew.
        """
        query = (
            "SELECT c.* EXCLUDE (pair), s.first, s.last FROM cells AS c JOIN spans AS s USING (pair, month) "
            f"WHERE pair IN ({self._pairs(members)}) ORDER BY pair, month"
        )
        cells = self._cached(("prepared cells", *members), lambda: self._select(query))
        found = cells.drop_columns(["first", "last"])
        if until is None:
            return found
        first, last = (cells[name].to_numpy() for name in ("first", "last"))
        day = np.datetime64(until)
        whole = found.filter(pa.array(last <= day))
        split = sorted(set(cells["month"].to_numpy()[(first <= day) & (last > day)].tolist()))
        if not split:
            return whole
        test = f"month IN ({', '.join(map(str, split))})"
        values = {"members": tuple(members), "until": until}
        part = self._among("cells_of", members, values, test).select(found.column_names).cast(found.schema)
        # The months that are split for one pair may be whole for another.
        keys = {(row["a"], row["b"], row["month"]) for row in whole.select(["a", "b", "month"]).to_pylist()}
        new = [(r["a"], r["b"], r["month"]) not in keys for r in part.select(["a", "b", "month"]).to_pylist()]
        both = pa.concat_tables([whole, part.filter(pa.array(new, pa.bool_()))])
        return both.sort_by([(key, "ascending") for key in ("a", "b", "month")])

    def kept(self, name: str, states: Sequence[str] = ()) -> pa.Table | None:
        """What is kept of imported events, from the prepared file where it is about some states alone.

        Evidence of some states is prepared of all events together: none is kept of imported ones.
        """
        if not states:
            return super().kept(name, states)
        if name not in self._file.months:
            return None
        date = "make_date(month // 12, month % 12 + 1, 1)"
        if name == "documents":
            a, b = (self._file.states.get(state, 0) for state in states)
            query = (
                f"SELECT {date} AS month, "
                f"coalesce(sum(documents) FILTER (pair >= {PAIRED}), 0)::BIGINT AS documents, "
                f"coalesce(sum(documents) FILTER (pair = {a}), 0)::BIGINT AS of_a, "
                f"coalesce(sum(documents) FILTER (pair = {b}), 0)::BIGINT AS of_b "
                f"FROM documents WHERE pair IN ({a}, {b}, {self._pairs(states)}) GROUP BY 1 ORDER BY 1"
            )
        else:
            query = f"SELECT {date} AS date, * EXCLUDE (pair, month) FROM {name} WHERE pair IN ({self._pairs(states)})"
        key = ("kept", name, *(sorted(states) if name == "sides" else states))
        return self._cached(key, lambda: self._select(query))

    def _pairs(self, states: Sequence[str]) -> str:
        return ", ".join(str(self._file.pair(a, b)) for a, b in combinations(states, 2))

    def _none_own(self, name: str, states: Sequence[Any]) -> bool:
        """Whether no event that is not imported is among the states (for documents: has one of them)."""
        if name.startswith("documents_by"):
            return not any(a in states or b in states for a, b in self._file.own)
        return not any(a in states and b in states for a, b in self._file.own)
