"""Saved searches, and the watch list with what is new since the last visit."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlencode

from detente.api.events import EventQuery
from detente.api.state import State, now
from detente.api.store import Store
from detente.api.views import two_states
from detente.errors import BadInput, NotFound

__all__ = [
    "SavedSearch",
    "Watched",
    "parse_query",
    "save_search",
    "saved_searches",
    "unsave_search",
    "unwatch",
    "visit",
    "watch",
    "watch_list",
]

_MOST = 500
_LONGEST = 4000


def _doc(text: str) -> Any:
    return field(metadata={"doc": text})


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedSearch:
    """A search for events, kept under a name."""

    search_id: str = _doc("its id")
    name: str = _doc("what the user calls it")
    query: str = _doc("the search, as the query of an address under /events")
    who: str = _doc("who saved it")
    made: str = _doc("when, UTC")


@dataclass(frozen=True, slots=True, kw_only=True)
class Watched:
    """Something on the watch list: a dyad or a search, with what is new since the last visit."""

    watch_id: str = _doc("its id")
    name: str = _doc("what it is called")
    query: str = _doc("the search, as the query of an address under /events")
    a: str | None = _doc("one state of the dyad; null where it is another search")
    b: str | None = _doc("the other state of the dyad")
    who: str = _doc("who put it on the list")
    made: str = _doc("when, UTC")
    visited: str = _doc("last visit, UTC")
    new: int = _doc("events from readings and imports that ended after the last visit")
    total: int = _doc("all events that it finds")


def parse_query(text: str) -> EventQuery:
    """The search that the query of an address says; errors as those of EventQuery, BadInput for an unknown name."""
    if len(text) > _LONGEST:
        raise BadInput(f"a search of more than {_LONGEST:,} characters")
    several = {"actor", "recipient", "between", "type", "status", "quad", "source", "dataset"}
    values: dict[str, Any] = {}
    for name, value in parse_qsl(text.removeprefix("?")):
        if name not in EventQuery.__dataclass_fields__:
            raise BadInput(f"a search has no {name!r}; it has: {', '.join(EventQuery.__dataclass_fields__)}")
        if name == "quad":
            values[name] = (*values.get(name, ()), int(value) if value in ("1", "2", "3", "4") else value)
        elif name in several:
            values[name] = (*values.get(name, ()), value)
        elif name == "min_confidence":
            try:
                values[name] = float(value)
            except ValueError:
                raise BadInput(f"min_confidence {value!r} is not a number") from None
        else:
            values[name] = value
    return EventQuery(**values)


def _canonical(text: str) -> str:
    parse_query(text)
    return urlencode(parse_qsl(text.removeprefix("?")))


def _name(name: str) -> str:
    plain = " ".join(name.split())
    if not 0 < len(plain) <= 200:
        raise BadInput("a name has 1 to 200 characters")
    return plain


def _check_room(state: State, table: str) -> None:
    rows = state.rows(f"SELECT count(*) AS n FROM {table}")
    if rows and rows[0]["n"] >= _MOST:
        raise BadInput(f"more than {_MOST} entries; delete some first")


def saved_searches(state: State) -> tuple[SavedSearch, ...]:
    """The saved searches by name."""
    return tuple(SavedSearch(**row) for row in state.rows("SELECT * FROM searches ORDER BY name, search_id"))


def save_search(state: State, name: str, query: str, who: str) -> SavedSearch:
    """Keep a search under a name."""
    found = SavedSearch(search_id=secrets.token_hex(8), name=_name(name), query=_canonical(query), who=who, made=now())
    _check_room(state, "searches")
    with state.change() as connection:
        connection.execute(
            "INSERT INTO searches VALUES (?, ?, ?, ?, ?)",
            (found.search_id, found.name, found.query, found.who, found.made),
        )
    return found


def unsave_search(state: State, search_id: str) -> None:
    """Forget a saved search; NotFound where there is none of that id."""
    with state.change() as connection:
        if not connection.execute("DELETE FROM searches WHERE search_id = ?", (search_id,)).rowcount:
            raise NotFound("saved search", search_id)


def watch_list(state: State, store: Store) -> tuple[Watched, ...]:
    """The watch list in the order in which it was made, each with the number of new events."""
    return tuple(_counted(store, row) for row in state.rows("SELECT * FROM watch ORDER BY made, watch_id"))


def _counted(store: Store, row: dict[str, Any]) -> Watched:
    test, values = parse_query(row["query"]).condition().whole()
    visited = row["visited"]

    def make() -> tuple[int, int]:
        ended = "SELECT batch_id FROM batches WHERE finished IS NULL OR finished > ?::TIMESTAMP"
        fresh = [row["batch_id"] for row in store.rows(ended, [visited])]
        found = store.event_rows(
            f"SELECT count(*) AS total, count(*) FILTER (batch_id IN (SELECT unnest(?::VARCHAR[]))) AS new "
            f"FROM events WHERE {test}",
            [fresh, *values],
        )[0]
        return found["new"], found["total"]

    new, total = store.cached(("watch", row["query"], visited), make)
    return Watched(**row, new=new, total=total)


def watch(
    state: State,
    store: Store,
    who: str,
    *,
    dyad: tuple[str, str] | None = None,
    query: str | None = None,
    name: str | None = None,
) -> Watched:
    """Put a dyad, or a search with its name, on the watch list; once only."""
    a = b = None
    if dyad is not None:
        a, b = sorted(two_states(*dyad))
        text, title = urlencode([("between", a), ("between", b)]), f"{a}–{b}"
    else:
        text, title = _canonical(query or ""), ""
    title = _name(name or title)
    for item in watch_list(state, store):
        if item.query == text:
            return item
    _check_room(state, "watch")
    watch_id = secrets.token_hex(8)
    with state.change() as connection:
        connection.execute(
            "INSERT INTO watch VALUES (?, ?, ?, ?, ?, ?, ?, ?)", (watch_id, title, text, a, b, who, now(), now())
        )
    return _one(state, store, watch_id)


def _one(state: State, store: Store, watch_id: str) -> Watched:
    rows = state.rows("SELECT * FROM watch WHERE watch_id = ?", (watch_id,))
    if not rows:
        raise NotFound("entry of the watch list", watch_id)
    return _counted(store, rows[0])


def visit(state: State, store: Store, watch_id: str) -> Watched:
    """Note that what an entry finds has been seen; nothing of it is new then."""
    with state.change() as connection:
        connection.execute("UPDATE watch SET visited = ? WHERE watch_id = ?", (now(), watch_id))
    return _one(state, store, watch_id)


def unwatch(state: State, watch_id: str) -> None:
    """Take an entry off the watch list; NotFound where there is none of that id."""
    with state.change() as connection:
        if not connection.execute("DELETE FROM watch WHERE watch_id = ?", (watch_id,)).rowcount:
            raise NotFound("entry of the watch list", watch_id)
