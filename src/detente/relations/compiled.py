"""Questions to a ledger as SQL for DuckDB: compiled once, kept in ``data/questions.json``, filled with values here.

``python -m scripts.generate_docs`` writes the file anew; a test holds it against what the expressions give. A
question that is not in it is compiled when it is first asked.
"""

from __future__ import annotations

import datetime
import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

__all__ = ["FILE", "SPANS", "VALUES", "compile_all", "filled", "in_sql", "question"]

FILE = Path(__file__).parent / "data" / "questions.json"

VALUES: Mapping[str, Any] = {
    "a": "«a»",
    "b": "«b»",
    "members": ("«members»", "«and the others»"),
    "since": datetime.date(1, 1, 1),
    "until": datetime.date(9999, 12, 31),
    "least": -0.987654321,
    "limit": 987_654_321_987,
}
"""The values that a question may depend on. Those of ``since``, ``until``, ``least`` and ``limit`` leave nothing out:
they are also what is asked where nothing is given."""

SPANS: Mapping[str, str] = {
    "no": "int64",
    "a": "string",
    "b": "string",
    "from_day": "date",
    "to_month": "int64",
    "level": "int64",
    "sign": "int64",
}
"""Columns of the table of spans in which events are looked for that carry a shift, with their types in Ibis."""

_TABLES = ("events", "documents", "statements", "spans")


def compile_all() -> dict[str, str]:
    """The SQL of every question by name, with the marks of ``VALUES`` in it."""
    from detente.relations.queries import QUERIES  # noqa: PLC0415 - loads Ibis

    return {name: _compile(name) for name in QUERIES}


def _compile(name: str) -> str:
    from types import SimpleNamespace  # noqa: PLC0415

    import ibis  # noqa: PLC0415 - takes its time to load

    from detente.ledger import TABLES  # noqa: PLC0415
    from detente.relations.queries import QUERIES  # noqa: PLC0415

    schemas = {n: ibis.Schema.from_pyarrow(TABLES[n]) for n in _TABLES[:-1]} | {"spans": ibis.schema(dict(SPANS))}
    tables = SimpleNamespace(**{n: ibis.table(schema, name=_mark(n)) for n, schema in schemas.items()})
    return str(ibis.to_sql(QUERIES[name](tables, SimpleNamespace(**VALUES)), dialect="duckdb", pretty=False))


def _mark(table: str) -> str:
    return f"the {table}"


@cache
def _ready() -> dict[str, str]:
    try:
        found: dict[str, str] = json.loads(FILE.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    return found


def question(name: str) -> str:
    """The SQL of a question, with marks where values and tables go."""
    ready = _ready()
    if name not in ready:
        ready[name] = _compile(name)
    return ready[name]


def filled(name: str, tables: Mapping[str, str], values: Mapping[str, Any]) -> str:
    """The SQL of a question with its tables (SQL that stands after FROM) and values put in."""
    sql = question(name)
    for key, value in values.items():
        mark = VALUES[key]
        # A mark that is a text may stand inside a longer one.
        put = (mark, _text(value)) if isinstance(mark, str) else (in_sql(mark), in_sql(value))
        sql = sql.replace(*put)
    for table in _TABLES:
        sql = sql.replace(f'"{_mark(table)}"', tables.get(table, f'"{table}"'))
    return sql


def in_sql(value: Any) -> str:
    """A value as DuckDB writes it; a tuple in brackets."""
    if isinstance(value, tuple):
        return f"({', '.join(map(in_sql, value))})"
    if isinstance(value, datetime.date):
        return f"MAKE_DATE({value.year}, {value.month}, {value.day})"
    if isinstance(value, int | float):
        return repr(value)
    return f"'{_text(value)}'"


def _text(value: Any) -> str:
    return str(value).replace("'", "''")
