"""Search: events and documents by words, actors, type, status, day and publisher; saved searches; the watch list."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from detente.actors import GROUPS, find_country
from detente.api import documents as texts
from detente.api import events as happenings
from detente.api import lookups, saved
from detente.api.store import Store
from detente.desk.pages.asked import Day, Text, Texts, number
from detente.desk.web import page, services
from detente.desk.words import link
from detente.errors import DetenteError
from detente.ontology import QUADS, TYPES
from detente.records import STATUSES, Event, event_from_row

__all__ = ["router"]

router = APIRouter()
LISTED = 50
MOST_IDS = 200
PUBLISHERS = 12
"""Publishers to tick, the most frequent ones; others are chosen by name, out of so many:"""
MOST_NAMES = 500
SHOWN_NEW = 5


@router.get("/search")
def search(
    request: Request,
    text: Text = None,
    actor: Texts = [],  # noqa: B006 - FastAPI copies defaults
    recipient: Texts = [],  # noqa: B006
    between: Texts = [],  # noqa: B006
    type: Texts = [],  # noqa: A002, B006 - the field's word
    status: Texts = [],  # noqa: B006
    quad: Texts = [],  # noqa: B006
    source: Texts = [],  # noqa: B006
    since: Day = None,
    until: Day = None,
    min_confidence: Text = None,
    what: Text = None,
    order: Text = None,
    document: Text = None,
    batch: Text = None,
    cursor: Text = None,
) -> Response:
    """Events that fit, or documents; the address holds the whole search."""
    store = services(request).store
    actor, recipient = _names(actor), _names(recipient)
    asked = {
        "text": text, "actor": actor, "recipient": recipient, "between": between, "type": type, "status": status,
        "quad": quad, "source": source, "since": since, "until": until, "min_confidence": min_confidence,
        "order": order, "document": document, "batch": batch, "what": what,
    }  # fmt: skip
    context: dict[str, Any] = {"problem": None, "events": None, "documents": None}
    try:
        if what == "documents":
            query = texts.DocumentQuery(text=text, source=tuple(source), since=since, until=until, batch=batch)
            context["documents"] = texts.find_documents(store, query, limit=LISTED, cursor=cursor)
        else:
            wanted = happenings.EventQuery(
                text=text,
                actor=tuple(actor),
                recipient=tuple(recipient),
                between=tuple(between),
                type=tuple(type),
                status=tuple(status),
                quad=tuple(int(q) for q in quad if q.isdigit()),
                source=tuple(source),
                document=document,
                batch=batch,
                since=since,
                until=until,
                min_confidence=number(min_confidence, 0, 0, 1) or None,
                order="date" if order == "date" else "-date",
            )
            context["events"] = happenings.find_events(store, wanted, limit=LISTED, cursor=cursor, count=True)
    except DetenteError as error:
        context["problem"] = f"{error}."
    publishers = lookups.sources(store)
    listed = {row.name for row in publishers[:PUBLISHERS]} | set(source)
    return page(
        request,
        "search.html",
        view="search",
        title=f"Search: {text}" if text else "Search",
        asked_=asked,
        type_names=[(name, name.capitalize()) for name in TYPES],
        status_names=[(name, name) for name in STATUSES],
        quad_names=[(str(number), name) for number, name in QUADS.items()],
        source_names=[(row.name, f"{row.name} ({row.events})") for row in publishers if row.name in listed],
        more_sources=[row.name for row in publishers if row.name not in listed][:MOST_NAMES],
        countries=lookups.countries(store),
        narrowed=any(value for name, value in asked.items() if name not in ("text", "what")),
        saved=saved.saved_searches(services(request).state),
        saved_query=link("", asked, what=None).removeprefix("?"),
        empty=not lookups.summary(store).events,
        **context,
    )


def _names(given: list[str]) -> list[str]:
    """Names out of a field that may hold several, by commas."""
    return [name for text in given for part in text.split(",") if (name := part.strip())]


@router.get("/events")
def events(request: Request, ids: Text = None, title: Text = None) -> Response:
    """Certain events, by their ids: what a figure rests on."""
    store = services(request).store
    wanted = [i for i in (ids or "").split(",") if i][:MOST_IDS]
    found = happenings.events_by_id(store, wanted)
    return page(
        request,
        "events.html",
        view="events",
        title="Events",
        heading=title or "Events",
        events=found,
        missing=len(wanted) - len(found),
    )


@router.get("/watch")
def watch(request: Request) -> Response:
    """What is watched, and what is new since the last visit."""
    own = services(request)
    watched = [
        (item, _address(item), _fresh(own.store, item) if item.new else ())
        for item in saved.watch_list(own.state, own.store)
    ]
    return page(
        request,
        "watch.html",
        view="watch",
        title="Watch list",
        watched=watched,
        saved=saved.saved_searches(own.state),
    )


def _address(item: saved.Watched) -> str:
    return f"/dyad/{item.a}/{item.b}" if item.a and item.b else f"/search?{item.query}"


def _fresh(store: Store, item: saved.Watched) -> list[Event]:
    """The first of what readings and imports brought since the last visit."""
    test, values = saved.parse_query(item.query).condition().whole()
    rows = store.rows(
        f"SELECT * FROM events WHERE {test} AND batch_id IN (SELECT batch_id FROM batches "
        "WHERE finished IS NULL OR finished > ?::TIMESTAMP) ORDER BY date DESC, event_id LIMIT ?",
        [*values, item.visited, SHOWN_NEW],
    )
    return [event_from_row(row) for row in rows]


@router.get("/go")
def go(q: Text = None) -> Response:
    """Where a few words lead: two states to their relation, a group to its matrix, anything else to a search."""
    words = " ".join((q or "").replace("→", " ").replace("–", " ").split())
    if not words:
        return RedirectResponse("/search", 303)
    if words.lower() in GROUPS:
        return RedirectResponse(link("/group", name=words.lower()), 303)
    parts = words.replace(",", " ").split()
    for i in range(1, len(parts)):
        one, other = find_country(" ".join(parts[:i])), find_country(" ".join(parts[i:]))
        if one and other and one != other:
            return RedirectResponse(link(f"/dyad/{one}/{other}"), 303)
    if code := find_country(words):
        return RedirectResponse(link("/search", actor=code), 303)
    return RedirectResponse(link("/search", text=words), 303)
