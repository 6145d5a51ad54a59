"""Questions about a few states out of a prepared file, where the events and months of each pair stand side by side."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from detente.api.prepared import MONTHS, PAIRED, PreparedFile
from detente.ledger import LEDGER_EVENT_SCHEMA
from detente.relations import LedgerTables
from detente.relations.compiled import filled, in_sql
from detente.relations.engine import as_said

if TYPE_CHECKING:
    import duckdb

__all__ = ["PairTables"]

# Questions about what happened among some states that need no more of an event than these columns.
_QUESTIONS = ("cells_of", "days", "last", "tones")
_COLUMNS = (
    *("date", "published", "actor_country", "recipient_country", "quad", "intensity", "status", "confidence"),
    *("reliability", "repeat_of"),
)
_TOLD = {name: f'"{name}"' for name in _COLUMNS} | {"story_id": "unit", "document_id": "NULL::UBIGINT"}
_EVENTS = ", ".join(f'{_TOLD.get(name, "NULL")} AS "{name}"' for name in LEDGER_EVENT_SCHEMA.names)


class PairTables(LedgerTables):
    """The tables of a ledger with what is prepared of them: ``file``, read by ``prepared``."""

    def __init__(
        self, connection: duckdb.DuckDBPyConnection, prepared: duckdb.DuckDBPyConnection, file: PreparedFile
    ) -> None:
        super().__init__(connection)
        self._prepared = prepared
        self._file = file

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
        if own or imported or spans or not members or name not in _QUESTIONS:
            return super().ask(name, spans=spans, own=own, imported=imported, **values)
        given = {key: value for key, value in values.items() if value is not None}
        events = f"(SELECT {_EVENTS} FROM pairs WHERE pair IN ({self._pairs(members)}))"
        return as_said(self._prepared.execute(filled(name, {"events": events}, given)).to_arrow_table())

    def kept(self, name: str, states: Sequence[str] = ()) -> pa.Table | None:
        """What is kept of imported events, from the prepared file where it is about some states alone."""
        if not states or name not in MONTHS:
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
            shown = f"{date} AS date, * EXCLUDE (pair, month)" if name == "sides" else "* EXCLUDE (pair)"
            query = f"SELECT {shown} FROM {name} WHERE pair IN ({self._pairs(states)})"
        return self._prepared.execute(query).to_arrow_table()

    def _pairs(self, states: Sequence[str]) -> str:
        return ", ".join(str(self._file.pair(a, b)) for a, b in combinations(states, 2))

    def _none_own(self, name: str, states: Sequence[Any]) -> bool:
        """Whether no event that is not imported is among the states (for documents: has one of them)."""
        if name.startswith("documents_by"):
            return not any(a in states or b in states for a, b in self._file.own)
        return not any(a in states and b in states for a, b in self._file.own)
