"""The API's questions, one function each, thin over the read layer."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response

from detente.actors import country
from detente.api import briefs, lookups, views
from detente.api import commitments as promises
from detente.api import documents as texts
from detente.api import events as happenings
from detente.api.models import Failure, list_of, model_of
from detente.api.paging import LIMIT, MOST, page_of
from detente.api.replies import Format, check_fresh, reply
from detente.api.store import Store
from detente.commitments import Commitment
from detente.ontology import Explanation, explain
from detente.records import Event, Rejected, Status
from detente.relations import Attention, GroupView, Relation, Shift, Stance

__all__ = ["router"]

_FAILURES: dict[int | str, dict[str, Any]] = {
    404: {"model": Failure, "description": "there is no such thing, or no such name; `choices` are the nearest"},
    422: {"model": Failure, "description": "a value that cannot be used"},
    503: {"model": Failure, "description": "another process is writing to the ledger; try again"},
}
_TABLES: dict[int | str, dict[str, Any]] = {
    200: {
        "content": {
            "text/csv": {"schema": {"type": "string"}},
            "application/vnd.apache.arrow.stream": {"schema": {"type": "string", "format": "binary"}},
        }
    },
    304: {"description": "unchanged since the ETag that was given in If-None-Match"},
}
router = APIRouter(responses=_FAILURES)

By = Literal["day", "week", "month", "quarter", "year"]
Day = datetime.date | None
Since = Annotated[Day, Query(description="first day, YYYY-MM-DD")]
Until = Annotated[Day, Query(description="last day, YYYY-MM-DD; analyses use nothing published later")]
Limit = Annotated[int, Query(ge=1, le=MOST, description="items of a page")]
Cursor = Annotated[str | None, Query(max_length=4096, description="`next` of the page before")]
Form = Annotated[Format | None, Query(alias="format", description="json, csv or arrow; else as Accept says")]
Words = Annotated[str | None, Query(max_length=200, description="words, in any order; in quotes: side by side")]
Names = Annotated[list[str], Query(max_length=50)]


@dataclass(frozen=True)
class Asked:
    """A request and the ledger that it is about."""

    request: Request
    store: Store
    format: Format | None


# Both are answered where they stand: a thread for each would take longer than they do.
async def _asked(request: Request, format_: Form = None) -> Asked:
    return Asked(request, request.app.state.services.store, format_)


async def _fresh(request: Request) -> None:
    check_fresh(request)


Ask = Annotated[Asked, Depends(_asked)]


def question(path: str, model: Any, tag: str) -> Callable[[Callable[..., Response]], Callable[..., Response]]:
    """Registers a question about the ledger: its answer has an ETag, and a table's formats."""
    return router.get(path, response_model=model, responses=_TABLES, dependencies=[Depends(_fresh)], tags=[tag])


# --- the ledger


@question("/ledger", model_of(lookups.Summary), "ledger")
def ledger(ask: Ask) -> Response:
    """What the ledger holds."""
    found = lookups.summary(ask.store)
    return reply(ask.request, found, lambda: [found])


@question("/batches", list_of(lookups.BatchRow), "ledger")
def batches(ask: Ask, limit: Limit = LIMIT, cursor: Cursor = None) -> Response:
    """What was read and imported, the latest first."""
    return reply(ask.request, page_of(lookups.batches(ask.store), limit, cursor))


@question("/batches/{batch_id}/rejections", list_of(Rejected), "ledger")
def rejections(ask: Ask, batch_id: str, limit: Limit = LIMIT, cursor: Cursor = None) -> Response:
    """What a batch skipped, each with its reason."""
    return reply(ask.request, page_of(lookups.rejections(ask.store, batch_id), limit, cursor))


# --- relations


@question("/shifts", list_of(Shift), "relations")
def shifts(
    ask: Ask,
    since: Since = None,
    until: Until = None,
    sort: Literal["unnoticed", "size"] = "unnoticed",
    min_probability: Annotated[float, Query(ge=0, le=1, description="least probability of a shift")] = 0.1,
    limit: Limit = LIMIT,
    cursor: Cursor = None,
) -> Response:
    """Which relations changed, when and how surely; those that hardly anyone wrote about first."""
    world = views.world_view(ask.store, since=since, until=until, sort=sort, min_probability=min_probability)
    return reply(ask.request, page_of(world.shifts, limit, cursor))


@question("/attention", list_of(Attention), "relations")
def attention(
    ask: Ask, since: Since = None, until: Until = None, limit: Limit = LIMIT, cursor: Cursor = None
) -> Response:
    """How much is written about each dyad, the most written about first."""
    return reply(ask.request, page_of(views.attention_view(ask.store, since=since, until=until), limit, cursor))


@question("/groups", list_of(lookups.GroupRow), "relations")
def groups(ask: Ask) -> Response:
    """The groups that are known by name."""
    found = lookups.groups()
    return reply(ask.request, page_of(found, len(found), None))


@question("/groups/{members}", model_of(GroupView), "relations")
def group(
    ask: Ask,
    members: str,
    since: Since = None,
    until: Until = None,
    months: Annotated[int, Query(ge=1, le=120, description="months that count as now, and as before")] = 12,
) -> Response:
    """Every pair of a group (its name, or states by commas): now, before, the change; a table holds the pairs."""
    found = views.group_view(ask.store, members, since=since, until=until, months=months)
    return reply(ask.request, found, found.to_arrow)


@question("/relations/{a}/{b}", model_of(Relation), "relations")
def relation(
    ask: Ask,
    a: str,
    b: str,
    by: By = "month",
    since: Since = None,
    until: Until = None,
    latest: Annotated[int, Query(ge=0, le=MOST, description="number of latest events")] = 20,
) -> Response:
    """How two states stand: series both ways, attention, baseline, shifts, latest events; a table holds the series."""
    found = views.relation_view(ask.store, a, b, by=by, since=since, until=until, latest=latest)
    return reply(ask.request, found, found.to_arrow)


@question("/stances/{a}/{b}", model_of(Stance), "relations")
def stance(ask: Ask, a: str, b: str, by: By = "quarter", since: Since = None, until: Until = None) -> Response:
    """The attitude of a toward b: words beside deeds, with the sentences; a table holds the series."""
    found = views.stance_view(ask.store, a, b, by=by, since=since, until=until)
    return reply(ask.request, found, found.to_arrow)


@router.get(
    "/briefs/{a}/{b}",
    response_class=Response,
    responses={200: {"content": {kind.partition(";")[0]: {} for kind in briefs.MEDIA.values()}}, 304: _TABLES[304]},
    dependencies=[Depends(_fresh)],
    tags=["relations"],
)
def brief(
    request: Request,
    a: str,
    b: str,
    since: Since = None,
    until: Until = None,
    form: Annotated[
        Literal["html", "md", "pdf", "json"], Query(alias="format", description="how to write it")
    ] = "html",
) -> Response:
    """The cited report on two states, as a page of its own, PDF, Markdown or JSON."""
    found = briefs.compose_brief(request.app.state.services, a, b, since=since, until=until)
    headers = {
        "ETag": request.state.etag,
        "Cache-Control": "private, no-cache",
        "Content-Disposition": f'inline; filename="brief-{found.a}-{found.b}.{form}"',
    }
    if form == "html":  # it has its styles in itself, and nothing that runs
        headers["Content-Security-Policy"] = (
            "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'none'; sandbox"
        )
    return Response(briefs.render_brief(found, form), 200, headers, briefs.MEDIA[form])


# --- commitments


@question("/commitments", list_of(Commitment), "commitments")
def commitments(
    ask: Ask,
    party: Annotated[str | None, Query(description="a state that is bound or addressed")] = None,
    other: Annotated[str | None, Query(description="another that is, too")] = None,
    status: Annotated[str | None, Query(description="fulfilled, advancing, stalled, breached or superseded")] = None,
    limit: Limit = LIMIT,
    cursor: Cursor = None,
) -> Response:
    """What was promised, and what became of it."""
    found = promises.find_commitments(ask.store, party=party, other=other, status=status)
    return reply(ask.request, page_of(found, limit, cursor))


@question("/commitments/{commitment_id}", model_of(Commitment), "commitments")
def commitment(ask: Ask, commitment_id: str) -> Response:
    """One commitment with its provisions, follow-through and silence."""
    found = promises.one_commitment(ask.store, commitment_id)
    return reply(ask.request, found, lambda: [found])


# --- events and documents


@question("/events", list_of(Event), "events")
def events(
    ask: Ask,
    actor: Names = [],  # noqa: B006 - FastAPI copies defaults
    recipient: Names = [],  # noqa: B006
    between: Names = [],  # noqa: B006
    type: Names = [],  # noqa: A002, B006 - the field's word
    status: Annotated[list[Status], Query()] = [],  # noqa: B006
    quad: Annotated[list[int], Query()] = [],  # noqa: B006
    since: Since = None,
    until: Until = None,
    source: Names = [],  # noqa: B006
    dataset: Names = [],  # noqa: B006
    document: str | None = None,
    batch: str | None = None,
    text: Words = None,
    min_confidence: Annotated[float | None, Query(ge=0, le=1)] = None,
    order: Literal["-date", "date"] = "-date",
    count: Annotated[bool, Query(description="also count the whole list, into `total`")] = False,
    limit: Limit = LIMIT,
    cursor: Cursor = None,
) -> Response:
    """Events by who, what, when, status, source and words; a parameter given several times means one of these."""
    query = happenings.EventQuery(
        actor=tuple(actor),
        recipient=tuple(recipient),
        between=tuple(between),
        type=tuple(type),
        status=tuple(status),
        quad=tuple(quad),
        since=since,
        until=until,
        source=tuple(source),
        dataset=tuple(dataset),
        document=document,
        batch=batch,
        text=text,
        min_confidence=min_confidence,
        order=order,
    )
    page = happenings.find_events(ask.store, query, limit=limit, cursor=cursor, count=count)
    return reply(ask.request, page)


@question("/events/{event_id:path}", model_of(Event), "events")
def event(ask: Ask, event_id: str) -> Response:
    """One event with its sentence."""
    found = happenings.one_event(ask.store, event_id)
    return reply(ask.request, found, lambda: [found])


@question("/documents", list_of(texts.DocumentRow), "documents")
def documents(
    ask: Ask,
    text: Words = None,
    source: Names = [],  # noqa: B006
    since: Since = None,
    until: Until = None,
    batch: str | None = None,
    copies: bool = True,
    limit: Limit = LIMIT,
    cursor: Cursor = None,
) -> Response:
    """Documents by words, publisher and day, the latest first; without their texts."""
    query = texts.DocumentQuery(text=text, source=tuple(source), since=since, until=until, batch=batch, copies=copies)
    return reply(ask.request, texts.find_documents(ask.store, query, limit=limit, cursor=cursor))


@question("/documents/{document_id:path}", model_of(texts.DocumentView), "documents")
def document(ask: Ask, document_id: str) -> Response:
    """One document: text, sentences, events, statements, and the spans to mark in place; a table holds the events."""
    found = texts.one_document(ask.store, document_id)
    return reply(ask.request, found, lambda: found.events)


# --- words


@question("/countries", list_of(lookups.CountryRow), "names")
def countries(ask: Ask) -> Response:
    """All states by name, with the number of their events in the ledger."""
    found = lookups.countries(ask.store)
    return reply(ask.request, page_of(found, MOST, None))


@question("/actors", list_of(lookups.ActorRow), "names")
def actors(
    ask: Ask,
    text: Words = None,
    state: Annotated[str | None, Query(description="state that they belong to")] = None,
    limit: Limit = LIMIT,
    cursor: Cursor = None,
) -> Response:
    """Actors of the ledger's events by words of their names, the most frequent first."""
    code = None if state is None else country(state)
    return reply(ask.request, page_of(lookups.actors(ask.store, text, code), limit, cursor))


@question("/sources", list_of(lookups.SourceRow), "names")
def sources(ask: Ask, limit: Limit = LIMIT, cursor: Cursor = None) -> Response:
    """Publishers of the ledger's reports, the most frequent first."""
    return reply(ask.request, page_of(lookups.sources(ask.store), limit, cursor))


@question("/explain/{code:path}", model_of(Explanation), "names")
def explanation(ask: Ask, code: str) -> Response:
    """What a code means: PLOVER type, mode, context, CAMEO code or sector."""
    return reply(ask.request, explain(code))
