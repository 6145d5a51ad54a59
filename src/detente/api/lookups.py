"""What words mean and what there is: codes explained, countries, groups and actors by name, the ledger's contents."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field
from typing import Any

from detente.actors import COUNTRIES, GROUPS, group
from detente.api.events import search_words
from detente.api.store import Store, dates_of
from detente.errors import NotFound
from detente.records import Rejected, to_json
from detente.version import __version__

__all__ = [
    "ActorRow",
    "BatchRow",
    "CountryRow",
    "GroupRow",
    "SourceRow",
    "Summary",
    "actors",
    "batches",
    "countries",
    "groups",
    "rejections",
    "sources",
    "summary",
]


def _doc(text: str) -> Any:
    return field(metadata={"doc": text})


@dataclass(frozen=True, slots=True, kw_only=True)
class CountryRow:
    """A state."""

    code: str = _doc("ISO 3166-1 alpha-3 code")
    name: str = _doc("short English name")
    aliases: tuple[str, ...] = _doc("other names")
    status: str = _doc("member or observer of the United Nations, other, or former")
    events: int = _doc("events of the ledger in which it acts or is acted on")


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupRow:
    """A named group of states."""

    name: str = _doc("its name")
    members: tuple[str, ...] = _doc("codes of its latest members")


@dataclass(frozen=True, slots=True, kw_only=True)
class ActorRow:
    """An actor as it stands in the ledger's events."""

    name: str = _doc("canonical name")
    country: str | None = _doc("ISO 3166-1 alpha-3 code of the state it belongs to, or null")
    sector: str | None = _doc("PLOVER sector code, or null")
    events: int = _doc("events in which it acts or is acted on")


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceRow:
    """A publisher."""

    name: str = _doc("its name, as the reports give it")
    events: int = _doc("events of the ledger in its reports")


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchRow:
    """One read or import: what it brought and what it left out."""

    batch_id: str = _doc("kind and running number")
    kind: str = _doc("read or import")
    started: datetime.datetime = _doc("when it began, UTC")
    finished: datetime.datetime | None = _doc("when it ended, UTC; null while it runs or if it was cut off")
    coder: str | None = _doc("name and version of the coder")
    dataset: str | None = _doc("data set that was imported; reading for text that was coded")
    counts: dict[str, int] = _doc("what it brought")
    skipped: dict[str, int] = _doc("what it left out, by reason")
    error: str | None = _doc("what ended it before its time")


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """What the ledger holds."""

    name: str = _doc("the ledger file's name")
    version: str = _doc("changes whenever the ledger does")
    read_only: bool = _doc("whether changes are refused")
    documents: int = _doc("number of documents")
    events: int = _doc("number of events")
    statements: int = _doc("number of statements")
    dyads: int = _doc("number of unordered pairs of states with an event")
    sources: int = _doc("number of publishers")
    first: datetime.date | None = _doc("day of the first event")
    last: datetime.date | None = _doc("day of the last event")
    program: str = _doc("version of detente that answers")


def long_answers(store: Store) -> dict[str, Any]:
    """The answers that are prepared, as JSON data by their keys."""
    kept = {"countries": countries(store), "sources": sources(store), "actors": _all_actors(store)}
    counts = to_json(summary(store))
    return {key: to_json(rows) for key, rows in kept.items()} | {"summary": {k: counts[k] for k in _COUNTED}}


def countries(store: Store) -> tuple[CountryRow, ...]:
    """All states in the order of their names, with the number of their events."""

    def make() -> tuple[CountryRow, ...]:
        rows = store.event_rows(
            "SELECT c, count(*) AS n FROM (SELECT actor_country AS c FROM events UNION ALL "
            "SELECT recipient_country FROM events WHERE recipient_country IS DISTINCT FROM actor_country) "
            "WHERE c IS NOT NULL GROUP BY c"
        )
        counts = {row["c"]: row["n"] for row in rows}
        return tuple(
            CountryRow(code=c.iso3, name=c.name, aliases=c.aliases, status=c.status, events=counts.get(c.iso3, 0))
            for c in sorted(COUNTRIES.values(), key=lambda c: c.name)
        )

    def read(data: list[dict[str, Any]]) -> tuple[CountryRow, ...]:
        return tuple(CountryRow(**row | {"aliases": tuple(row["aliases"])}) for row in data)

    return store.answer("countries", read, make)


def groups() -> tuple[GroupRow, ...]:
    """The named groups, by name."""
    return tuple(GroupRow(name=name, members=group(name)) for name in sorted(GROUPS))


def actors(store: Store, text: str | None = None, country: str | None = None) -> tuple[ActorRow, ...]:
    """Actors of the ledger's events whose names hold the words of ``text``, the most frequent first."""
    words = search_words(text)
    return tuple(
        row
        for row in _all_actors(store)
        if (country is None or row.country == country) and all(word in row.name.lower() for word in words)
    )


def _all_actors(store: Store) -> tuple[ActorRow, ...]:
    def make() -> tuple[ActorRow, ...]:
        rows = store.event_rows(
            "SELECT name, any_value(country ORDER BY country) AS country, any_value(sector ORDER BY sector) AS sector, "
            "count(*) AS events FROM (SELECT actor_name AS name, actor_country AS country, actor_sector AS sector "
            "FROM events UNION ALL SELECT recipient_name, recipient_country, recipient_sector FROM events) "
            "WHERE name IS NOT NULL GROUP BY name ORDER BY events DESC, name"
        )
        return tuple(ActorRow(**row) for row in rows)

    return store.answer("actors", lambda data: tuple(ActorRow(**row) for row in data), make)


def sources(store: Store) -> tuple[SourceRow, ...]:
    """The publishers of the ledger's reports, the most frequent first."""

    def make() -> tuple[SourceRow, ...]:
        rows = store.event_rows(
            "SELECT source AS name, count(*) AS events FROM events WHERE source IS NOT NULL "
            "GROUP BY source ORDER BY events DESC, name"
        )
        return tuple(SourceRow(**row) for row in rows)

    return store.answer("sources", lambda data: tuple(SourceRow(**row) for row in data), make)


def batches(store: Store) -> tuple[BatchRow, ...]:
    """The batches, the latest first."""
    names = ", ".join(BatchRow.__dataclass_fields__)
    rows = store.rows(f"SELECT {names} FROM batches ORDER BY started DESC, batch_id DESC")
    return tuple(BatchRow(**row | {k: dict(row[k] or {}) for k in ("counts", "skipped")}) for row in rows)


def rejections(store: Store, batch_id: str) -> tuple[Rejected, ...]:
    """What a batch skipped, in the order in which it was met; NotFound where there is no such batch."""
    if not store.rows("SELECT batch_id FROM batches WHERE batch_id = ?", [batch_id]):
        raise NotFound("batch", batch_id)
    rows = store.rows('SELECT "where", code, reason FROM rejections WHERE batch_id = ? ORDER BY rowid', [batch_id])
    return tuple(Rejected(**row) for row in rows)


def summary(store: Store) -> Summary:
    """What the ledger holds."""

    def make() -> Summary:
        texts = store.rows(
            "SELECT (SELECT count(*) FROM documents) AS documents, (SELECT count(*) FROM statements) AS statements"
        )[0]
        row = store.event_rows(
            "SELECT count(*) AS events, count(DISTINCT source) AS sources, min(date) AS first, max(date) AS last, "
            "count(DISTINCT least(actor_country, recipient_country) || greatest(actor_country, recipient_country)) "
            "FILTER (actor_country <> recipient_country) AS dyads FROM events"
        )[0]
        return of(texts | row)

    def of(counts: dict[str, Any]) -> Summary:
        return Summary(
            name=store.path.name, version=store.version, read_only=store.read_only, program=__version__, **counts
        )

    return store.answer("summary", lambda data: of({**data, **dates_of(data, "first", "last")}), make)


_COUNTED = ("documents", "events", "statements", "dyads", "sources", "first", "last")
