"""Events by who, what, when, status, source and words, page by page; one event with what surrounds it."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from detente.actors import find_country
from detente.api.finding import Condition, count_rows, page_rows, rows_by_id, sums
from detente.api.paging import LIMIT, Page, check_limit, check_span, decode_cursor, encode_cursor
from detente.api.store import Store
from detente.errors import BadOption, NotFound, nearest
from detente.ontology import TYPES
from detente.records import EVENT_SCHEMA, STATUSES, Event, event_from_row, parse_date

__all__ = [
    "ORDERS",
    "EventQuery",
    "count_events",
    "count_ways",
    "events_by_id",
    "find_events",
    "first_events",
    "one_event",
    "search_words",
]

ORDERS = ("-date", "date")
_COLUMNS = ", ".join(f'"{name}"' for name in EVENT_SCHEMA.names)
_MOST_WORDS = 8
_LONGEST = 200


def _doc(text: str, **default: Any) -> Any:
    return field(metadata={"doc": text}, **default)


@dataclass(frozen=True, slots=True, kw_only=True)
class EventQuery:
    """Which events are wanted; everything that is given must hold. Wrong values raise BadOption or BadDate."""

    actor: tuple[str, ...] = _doc("who acts: country code or name, else an actor's name; one of several", default=())
    recipient: tuple[str, ...] = _doc("on whom: as for actor", default=())
    between: tuple[str, ...] = _doc("two or more states: events of one toward another of them, either way", default=())
    type: tuple[str, ...] = _doc("PLOVER event types, one of several", default=())
    status: tuple[str, ...] = _doc("statuses, one of several", default=())
    quad: tuple[int, ...] = _doc("quad classes 1 to 4, one of several", default=())
    since: datetime.date | None = _doc("first day of the event", default=None)
    until: datetime.date | None = _doc("last day of the event", default=None)
    source: tuple[str, ...] = _doc("publishers, one of several", default=())
    dataset: tuple[str, ...] = _doc("data sets, one of several; reading for text that was coded", default=())
    document: str | None = _doc("id of the document that it was read from", default=None)
    batch: str | None = _doc("batch that brought it into the ledger", default=None)
    text: str | None = _doc("words that its sentence holds, in any order; in quotes: side by side", default=None)
    min_confidence: float | None = _doc("least confidence of the coding, 0 to 1", default=None)
    order: str = _doc("-date: latest first; date: earliest first", default="-date")

    def __post_init__(self) -> None:
        for name, known in (("type", tuple(TYPES)), ("status", STATUSES)):
            for value in getattr(self, name):
                if value not in known:
                    raise BadOption(name, value, nearest(value, known) or known)
        for value in self.quad:
            if value not in (1, 2, 3, 4):
                raise BadOption("quad", value, ("1", "2", "3", "4"))
        for name in ("since", "until"):
            if (day := getattr(self, name)) is not None:
                object.__setattr__(self, name, parse_date(day, name))
        check_span(self.since, self.until)
        if self.order not in ORDERS:
            raise BadOption("order", self.order, ORDERS)

    @property
    def pair(self) -> tuple[str, str] | None:
        """The two states that all events wanted are between, if there are just two."""
        codes = sorted({find_country(name) or name for name in self.between})
        return (codes[0], codes[1]) if len(codes) == 2 else None

    def condition(self) -> Condition:
        """What events must hold."""
        parts: list[str] = []
        values: list[Any] = []

        def one_of(column: str, chosen: tuple[Any, ...]) -> None:
            if chosen:
                parts.append(f"{column} IN ({', '.join('?' * len(chosen))})")
                values.extend(chosen)

        for role, names in (("actor", self.actor), ("recipient", self.recipient)):
            if names:
                codes = [code for name in names if (code := find_country(name))]
                others = [name for name in names if not find_country(name)]
                either = []
                for column, chosen in ((f"{role}_country", codes), (f"{role}_name", others)):
                    if chosen:
                        either.append(f"{column} IN ({', '.join('?' * len(chosen))})")
                        values.extend(chosen)
                parts.append(f"({' OR '.join(either)})")
        pair = self.pair
        if self.between and pair is None:
            codes = [find_country(name) or name for name in self.between]
            for column in ("actor_country", "recipient_country"):
                one_of(column, tuple(codes))
            parts.append("actor_country <> recipient_country")
        one_of("event", self.type)
        one_of("status", self.status)
        one_of("quad", self.quad)
        one_of("source", self.source)
        one_of("dataset", self.dataset)
        for column, value in (("document_id", self.document), ("batch_id", self.batch)):
            one_of(column, () if value is None else (value,))
        for test, bound in (
            ("date >= ?", self.since),
            ("date <= ?", self.until),
            ("confidence >= ?", self.min_confidence),
        ):
            if bound is not None:
                parts.append(test)
                values.append(bound)
        return Condition(" AND ".join(parts) or "true", tuple(values), pair, tuple(search_words(self.text)))


def search_words(text: str | None) -> list[str]:
    """The words and quoted phrases of a search, lower-cased; at most eight."""
    if text is None:
        return []
    found: list[str] = []
    for i, part in enumerate(text[:_LONGEST].lower().split('"')):
        found += [" ".join(part.split())] if i % 2 else part.split()
    return [words for words in found if words][:_MOST_WORDS]


def find_events(
    store: Store, query: EventQuery, *, limit: int = LIMIT, cursor: str | None = None, count: bool = False
) -> Page[Event]:
    """A page of events in the order asked for; ties by id, so that the order is the same every time."""
    check_limit(limit)
    wanted = query.condition()
    total = count_events(store, query) if count else None
    down = query.order == "-date"
    if cursor is not None:
        day, event_id = decode_cursor(cursor, 2)
        at = parse_date(day, "cursor")
        test = f"{wanted.test} AND date {'<=' if down else '>='} ? AND (date <> ? OR event_id > ?)"
        wanted = replace(wanted, test=test, values=(*wanted.values, at, at, event_id))
    rows = page_rows(store, _COLUMNS, wanted, limit + 1, down=down)
    items = tuple(event_from_row(row) for row in rows[:limit])
    more = len(rows) > limit
    return Page(items=items, next=encode_cursor(items[-1].date, items[-1].event_id) if more else None, total=total)


def first_events(store: Store, query: EventQuery, number: int) -> tuple[Event, ...]:
    """The first events that a query finds, in its order."""
    rows = page_rows(store, _COLUMNS, query.condition(), number, down=query.order == "-date")
    return tuple(event_from_row(row) for row in rows)


def count_events(store: Store, query: EventQuery) -> int:
    """How many events a query finds."""
    return store.cached(("count", query), lambda: count_rows(store, query.condition()))


def count_ways(store: Store, query: EventQuery) -> dict[tuple[str, int, str], int]:
    """How many events between states a query finds, by who acts, quad class and status."""
    rows = sums(store, "actor_country, quad, status, count(*) AS n", query.condition())
    return {(row["actor_country"], row["quad"], row["status"]): row["n"] for row in rows}


def one_event(store: Store, event_id: str) -> Event:
    """The event of that id; NotFound where there is none."""
    found = events_by_id(store, [event_id])
    if not found:
        raise NotFound("event", event_id)
    return found[0]


def events_by_id(store: Store, ids: Sequence[str]) -> tuple[Event, ...]:
    """Those of the events that there are, by date and id."""
    return tuple(event_from_row(row) for row in rows_by_id(store, _COLUMNS, ids))
