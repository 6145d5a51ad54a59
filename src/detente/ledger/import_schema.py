"""The tables that hold imported events, and the view ``events`` that shows them beside those read from texts."""

from __future__ import annotations

from detente.ledger.schema import LEDGER_EVENT_SCHEMA, OWN_EVENTS

__all__ = ["import_statements"]

_TABLES = {
    # One row an event; everything that repeats is a number into the tables below. The two states, by which most
    # questions choose their rows, are numbers too: DuckDB tests those at a nanosecond a row, letters at fifty.
    "imported": """
        piece INTEGER, record_no BIGINT, record VARCHAR, date DATE, published DATE,
        actor INTEGER, actor_state SMALLINT, recipient INTEGER, recipient_state SMALLINT, deed INTEGER,
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
    shown = ", ".join(f'{_SHOWN.get(name, "NULL")} AS "{name}"' for name in LEDGER_EVENT_SCHEMA.names)
    own = ", ".join(f'"{name}"' for name in LEDGER_EVENT_SCHEMA.names)
    view = (
        f"CREATE VIEW events AS SELECT {own} FROM {OWN_EVENTS} UNION ALL SELECT {shown} FROM imported AS i "
        "JOIN import_states AS b ON b.id = i.actor_state JOIN import_states AS q ON q.id = i.recipient_state "
        "JOIN import_pieces AS c ON c.piece = i.piece JOIN import_deeds AS d ON d.id = i.deed "
        "JOIN import_parties AS a ON a.id = i.actor JOIN import_parties AS r ON r.id = i.recipient "
        "JOIN import_places AS p ON p.id = i.place"
    )
    nowhere = "INSERT INTO import_states VALUES (0, NULL)"
    return [*tables, nowhere, view]
