"""The tables that hold imported events, and the view ``events`` that shows them beside those read from texts."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from itertools import combinations

import duckdb

from detente.ledger.schema import LEDGER_EVENT_SCHEMA, OWN_EVENTS

__all__ = ["DYAD", "events_among", "import_statements", "imported_events", "imported_evidence", "upgrade_statements"]

DYAD = "CASE WHEN {a} > 0 AND {b} > 0 AND {a} <> {b} THEN least({a}, {b}) * 1000 + greatest({a}, {b}) ELSE 0 END"
"""SQL for the number of the dyad of two states' numbers, whichever acts; 0 where they are not two states."""

_TABLES = {
    # One row an event; everything that repeats is a number into the tables below. The two states, by which most
    # questions choose their rows, are numbers too: DuckDB tests those at a nanosecond a row, letters at fifty. Rows
    # with a dyad stand together in each piece, so that a question about one passes over the others unread.
    "imported": """
        piece INTEGER, record_no BIGINT, record VARCHAR, date DATE, published DATE,
        actor INTEGER, actor_state SMALLINT, recipient INTEGER, recipient_state SMALLINT, dyad INTEGER, deed INTEGER,
        place INTEGER, url VARCHAR USING COMPRESSION zstd, source VARCHAR, story VARCHAR,
        sentence_no INTEGER, sentence VARCHAR USING COMPRESSION zstd,
        mentions INTEGER, sources INTEGER, articles INTEGER, root BOOLEAN, repeat_of VARCHAR, reliability FLOAT""",
    "import_states": "id SMALLINT, code VARCHAR",
    "import_parties": """
        id INTEGER, dataset VARCHAR, text VARCHAR, code VARCHAR, extra VARCHAR, month DATE,
        name VARCHAR, country VARCHAR, sector VARCHAR, reason VARCHAR""",
    "import_deeds": """
        id INTEGER, dataset VARCHAR, deed VARCHAR, mode VARCHAR, contexts VARCHAR, intensity VARCHAR,
        date_precision VARCHAR, event VARCHAR, plover_mode VARCHAR, plover_contexts VARCHAR[], cameo VARCHAR,
        quad TINYINT, scale FLOAT, reason VARCHAR""",
    "import_places": """
        id INTEGER, dataset VARCHAR, place VARCHAR, code VARCHAR, latitude DOUBLE, longitude DOUBLE,
        country VARCHAR, reason VARCHAR""",
    "import_pieces": """
        piece INTEGER, batch_id VARCHAR, dataset VARCHAR, coder VARCHAR, source VARCHAR, fingerprint VARCHAR,
        start BIGINT, last BOOLEAN, events BIGINT, first_date DATE, last_date DATE,
        least_no BIGINT, most_no BIGINT, least_record VARCHAR, most_record VARCHAR""",
    "import_recent": "dataset VARCHAR, signature UBIGINT, record VARCHAR, published DATE",
}

_RECORD = "coalesce(i.record, i.record_no::VARCHAR)"
_SITE = "regexp_replace(split_part(i.url, '/', 3), '^www\\.', '')"
_SHOWN = {
    "event_id": f"c.dataset || ':' || {_RECORD}",
    "document_id": _RECORD,
    "sentence_no": "i.sentence_no",
    "sentence": "i.sentence",
    "event": "d.event",
    "mode": "d.plover_mode",
    "contexts": "d.plover_contexts",
    "cameo": "d.cameo",
    "quad": "d.quad",
    "intensity": "d.scale",
    "actor_text": "a.text",
    "actor_name": "a.name",
    "actor_country": "b.code",
    "actor_sector": "a.sector",
    "recipient_text": "r.text",
    "recipient_name": "r.name",
    "recipient_country": "q.code",
    "recipient_sector": "r.sector",
    "status": "'happened'",
    "date": "i.date",
    "date_precision": "coalesce(d.date_precision, 'day')",
    "published": "coalesce(i.published, i.date)",
    "confidence": "1.0::FLOAT",
    "reliability": "i.reliability",
    "place": "p.place",
    "url": "i.url",
    "source": f"coalesce(i.source, {_SITE})",
    "coder": "c.coder",
    "dataset": "c.dataset",
    "batch_id": "c.batch_id",
    "place_country": "p.country",
    "latitude": "p.latitude",
    "longitude": "p.longitude",
    "num_mentions": "i.mentions",
    "num_sources": "i.sources",
    "num_articles": "i.articles",
    "is_root": "i.root",
    "repeat_of": "c.dataset || ':' || i.repeat_of",
    "story_id": "c.dataset || ':' || coalesce(i.story, left(md5(i.url), 16))",
}


def import_statements() -> list[str]:
    """The SQL that makes the tables and the view, after that of the table of a ledger's own events."""
    tables = [f"CREATE TABLE {name} ({columns})" for name, columns in _TABLES.items()]
    view = f"CREATE VIEW events AS SELECT {_OWN} FROM {OWN_EVENTS} UNION ALL {imported_events()}"
    return [*tables, "INSERT INTO import_states VALUES (0, NULL)", view]


def upgrade_statements() -> list[str]:
    """The SQL that brings a ledger of format 1 to format 2: rows know their dyad."""
    number = DYAD.format(a="actor_state::INTEGER", b="recipient_state::INTEGER")
    return ["ALTER TABLE imported ADD COLUMN dyad INTEGER", f"UPDATE imported SET dyad = {number}"]


_OWN = ", ".join(f'"{name}"' for name in LEDGER_EVENT_SCHEMA.names)


def imported_events(where: str = "TRUE") -> str:
    """The SQL of imported events in the columns of ``events``; ``where`` may name the columns of ``imported AS i``."""
    shown = ", ".join(f'{_SHOWN.get(name, "NULL")} AS "{name}"' for name in LEDGER_EVENT_SCHEMA.names)
    return (
        f"SELECT {shown} FROM imported AS i "
        "JOIN import_states AS b ON b.id = i.actor_state JOIN import_states AS q ON q.id = i.recipient_state "
        "JOIN import_pieces AS c ON c.piece = i.piece JOIN import_deeds AS d ON d.id = i.deed "
        "JOIN import_parties AS a ON a.id = i.actor JOIN import_parties AS r ON r.id = i.recipient "
        f"JOIN import_places AS p ON p.id = i.place WHERE {where}"
    )


def imported_evidence(where: str = "TRUE") -> str:
    """The same with what sums are made of alone, and ``story_id`` a number that tells reports apart, quickly read."""
    used = {name: _SHOWN[name] for name in _SUMMED}
    used["story_id"] = f"hash(c.dataset, coalesce(i.story, i.url, {_RECORD}))"
    used["document_id"] = "NULL::UBIGINT"
    used["repeat_of"] = "i.repeat_of"
    shown = ", ".join(f'{used.get(name, "NULL")} AS "{name}"' for name in LEDGER_EVENT_SCHEMA.names)
    return (
        f"SELECT {shown} FROM imported AS i "
        "JOIN import_states AS b ON b.id = i.actor_state JOIN import_states AS q ON q.id = i.recipient_state "
        f"JOIN import_pieces AS c ON c.piece = i.piece JOIN import_deeds AS d ON d.id = i.deed WHERE {where}"
    )


_SUMMED = (
    *("quad", "intensity", "actor_country", "recipient_country", "status", "date", "published", "confidence"),
    *("reliability", "dataset", "num_mentions", "num_articles"),
)


def events_among(
    connection: duckdb.DuckDBPyConnection,
    states: Sequence[str],
    *,
    summed: bool = False,
    last: tuple[int, datetime.date | None] | None = None,
) -> str:
    """SQL of the events from which those of the ``states`` (alpha-3) toward one another are quickly chosen.

    All own events are among them, and of the imported ones only those between two of the states. ``summed``: with what
    sums are made of alone. ``last``: of imported ones at least so many of the latest that were known on a day.
    """
    listed = ", ".join("'" + state.replace("'", "''") + "'" for state in states)
    numbers = [
        int(row[0]) for row in connection.execute(f"SELECT id FROM import_states WHERE code IN ({listed})").fetchall()
    ]
    dyads = ", ".join(str(low * 1000 + high) for low, high in combinations(sorted(numbers), 2))
    if not dyads:
        return f'"{OWN_EVENTS}"'
    where = f"i.dyad IN ({dyads})"
    if last is not None:
        # A wide row is read for a few events, and rows stand in the order of time: most groups are passed over.
        day = _day_of(connection, where, *last)
        where += f" AND i.date >= DATE '{day}'" if day else ""
    imported = imported_evidence(where) if summed else imported_events(where)
    return f"(SELECT {_OWN} FROM {OWN_EVENTS} UNION ALL {imported})"


def _day_of(
    connection: duckdb.DuckDBPyConnection, where: str, number: int, until: datetime.date | None
) -> datetime.date | None:
    """Day of the imported event that is the ``number``-th latest of those known at the end of day ``until``."""
    known = f" AND greatest(i.date, i.published) <= DATE '{until}'" if until else ""
    row = connection.execute(
        f"SELECT min(date) FROM (SELECT i.date FROM imported AS i WHERE {where}{known} ORDER BY 1 DESC LIMIT {number})"
    ).fetchone()
    return row[0] if row else None
