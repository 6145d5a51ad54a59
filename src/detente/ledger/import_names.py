"""Numbers of the distinct actors, deeds and places of a data set, and what they resolve to."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import duckdb

from detente.datasets import STAGED, DeedKey, Format, PartyKey, ResolvedParty
from detente.datasets.resolve import Resolver
from detente.ledger.literals import literal

__all__ = ["Names"]

_KEY = {"key": "UBIGINT", "id": "INTEGER", "dataset": "VARCHAR"}
_PARTY = _KEY | {"month": "DATE"} | dict.fromkeys((*PartyKey._fields[:3], *ResolvedParty._fields), "VARCHAR")
_DEED = (
    _KEY
    | dict.fromkeys((*DeedKey._fields, "event", "plover_mode", "cameo", "reason"), "VARCHAR")
    | {"plover_contexts": "VARCHAR[]", "quad": "TINYINT", "scale": "FLOAT"}
)
_PLACE = _KEY | dict.fromkeys(("place", "code", "country", "reason"), "VARCHAR")
_PLACE |= {"latitude": "DOUBLE", "longitude": "DOUBLE"}
_MOST_OBJECT = 128 << 20  # bytes of JSON, more than the words of the longest line that is read


class Names:
    """Fills ``party_numbers``, ``deed_numbers`` and ``place_numbers``: temporary tables from a row's keys to numbers.

    Keys are DuckDB's hashes, good for one session; what is kept are the numbers and the words that they stand for.
    """

    def __init__(self, connection: duckdb.DuckDBPyConnection, fmt: Format, folder: Path) -> None:
        self._connection = connection
        self._file = folder / "resolved.json"
        self._format = fmt
        self._resolver = Resolver(fmt)
        for table, kept, words, shown in (
            ("party_numbers", "import_parties", "text, code, extra, month", "country, sector, NULL::SMALLINT AS state"),
            ("deed_numbers", "import_deeds", "deed, mode, contexts, intensity, date_precision", "quad"),
            ("place_numbers", "import_places", "place, code, latitude, longitude", "country"),
        ):
            connection.execute(
                f"CREATE OR REPLACE TEMP TABLE {table} AS SELECT hash({words}) AS key, id, {shown} FROM {kept} "
                f"WHERE dataset = '{fmt.dataset}'"
            )

    def _given(self, *names: str) -> list[str]:
        return [f"s.{name}" if name in self._format.fields else "NULL" for name in names]

    def _unseen(self, table: str, key: str, columns: list[str]) -> list[tuple[Any, ...]]:
        """The rows' keys that have no number yet, each with the words it stands for, in the order of the words."""
        chosen = ", ".join(f"any_value({column})" for column in columns)
        return self._connection.execute(
            f"WITH fresh AS (SELECT DISTINCT {key} AS key FROM {STAGED} AS s "
            f"WHERE {key} NOT IN (SELECT key FROM {table})) "
            f"SELECT {key}, {chosen} FROM {STAGED} AS s WHERE {key} IN (SELECT key FROM fresh) GROUP BY {key} "
            f"ORDER BY {', '.join(str(n + 2) for n in range(len(columns)))}"
        ).fetchall()

    def number(self) -> None:
        """Give a number to every actor, deed and place of the staged rows."""
        self._number_parties()
        self._number_deeds()
        self._number_places()

    def _number_parties(self) -> None:
        month = "date_trunc('month', s.date)::DATE" if self._format.dated_names else "NULL::DATE"
        unseen: dict[int, PartyKey] = {}
        for party in ("actor", "recipient"):
            columns = self._given(*(f"{party}_{part}" for part in ("text", "code", "extra")))
            rows = self._unseen("party_numbers", f"s.{party}_key", [*columns, month])
            unseen |= {int(row[0]): PartyKey(_clean(row[1]), _clean(row[2]), _clean(row[3]), row[4]) for row in rows}
        resolved = self._resolver.parties(unseen.values())
        records = [{"key": k, **p._asdict(), **resolved[p]._asdict()} for k, p in unseen.items()]
        self._store("import_parties", "party_numbers", _PARTY, records, "country, sector")
        self._number_states()

    def _number_states(self) -> None:
        """Numbers of the states that the parties belong to; 0 where there is none."""
        self._connection.execute(
            "INSERT INTO import_states "
            "SELECT (SELECT max(id) FROM import_states) + row_number() OVER (ORDER BY country), country "
            "FROM (SELECT DISTINCT country FROM party_numbers WHERE country IS NOT NULL "
            "AND country NOT IN (SELECT code FROM import_states WHERE code IS NOT NULL))"
        )
        self._connection.execute(
            "UPDATE party_numbers SET state = coalesce((SELECT id FROM import_states WHERE code = country), 0) "
            "WHERE state IS NULL"
        )

    def _number_deeds(self) -> None:
        names = DeedKey._fields
        records = []
        for row in self._unseen("deed_numbers", "s.deed_key", self._given(*names)):
            key = DeedKey(*(_clean(cell) for cell in row[1:]))
            deed = self._resolver.deed(key)
            records.append(
                {"key": row[0], **key._asdict(), "event": deed.event, "plover_mode": deed.mode}
                | {"plover_contexts": list(deed.contexts), "cameo": deed.cameo, "quad": deed.quad}
                | {"scale": deed.intensity, "reason": deed.reason}
            )
        self._store("import_deeds", "deed_numbers", _DEED, records, "quad")

    def _number_places(self) -> None:
        columns = self._given("place", "place_code", "latitude", "longitude")
        records = []
        for key, place, code, latitude, longitude in self._unseen("place_numbers", "s.place_key", columns):
            country, reason = self._resolver.country(_clean(code))
            records.append(
                {"key": key, "place": _clean(place), "code": _clean(code)}
                | {"latitude": _number(latitude), "longitude": _number(longitude)}
                | {"country": country, "reason": reason}
            )
        self._store("import_places", "place_numbers", _PLACE, records, "country")

    def _store(
        self, kept: str, table: str, columns: Mapping[str, str], records: list[dict[str, Any]], shown: str
    ) -> None:
        """Number the records and store them, by way of a file.

        Of an Arrow table of them, as of bound values, pandas would be loaded where it is installed: half a second.
        """
        if not records:
            return
        row = self._connection.execute(f"SELECT coalesce(max(id), 0) FROM {kept}").fetchone()
        first = int(row[0]) + 1 if row else 1
        with self._file.open("w", encoding="utf-8") as lines:
            for number, record in enumerate(records, first):
                json.dump(record | {"id": number, "dataset": self._format.dataset}, lines, default=str)
                lines.write("\n")
        types = ", ".join(f"{name}: '{kind}'" for name, kind in columns.items())
        self._connection.execute(
            f"CREATE OR REPLACE TEMP TABLE resolved AS SELECT * FROM read_json({literal(str(self._file))}, "
            f"format = 'newline_delimited', maximum_object_size = {_MOST_OBJECT}, columns = {{{types}}})"
        )
        self._connection.execute(f"INSERT INTO {kept} BY NAME SELECT * EXCLUDE (key) FROM resolved")
        self._connection.execute(f"INSERT INTO {table} BY NAME SELECT key, id, {shown} FROM resolved")
        self._connection.execute("DROP TABLE resolved")


def _clean(cell: Any) -> Any:
    return cell.replace("\0", "") if isinstance(cell, str) else cell


def _number(value: float | None) -> float | str | None:
    """The number, in letters where JSON has none: not a number, or without end."""
    return value if value is None or math.isfinite(value) else str(value)
