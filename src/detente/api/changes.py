"""The API's changes: corrections, saved searches, the watch list, and adding documents."""

from __future__ import annotations

import datetime
import json
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, File, Form, Query, Request, UploadFile
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field, field_validator

from detente.api import commitments as promises
from detente.api import jobs, saved
from detente.api.models import Failure, list_of, model_of
from detente.api.paging import LIMIT, MOST, page_of
from detente.api.replies import json_reply, reply
from detente.api.services import Services
from detente.commitments import Commitment, Correction
from detente.ledger import EventCorrection

__all__ = ["router"]

router = APIRouter(
    responses={
        403: {"model": Failure, "description": "changes are refused, or the request does not prove where it is from"},
        404: {"model": Failure, "description": "there is no such thing, or no such name"},
        413: {"model": Failure, "description": "more than may be sent at once"},
        422: {"model": Failure, "description": "a value that cannot be used"},
        503: {"model": Failure, "description": "another process is writing to the ledger; try again"},
    }
)
Limit = Annotated[int, Query(ge=1, le=MOST, description="items of a page")]
Cursor = Annotated[str | None, Query(max_length=4096, description="`next` of the page before")]


def _services(request: Request) -> Services:
    found: Services = request.app.state.services
    return found


Own = Annotated[Services, Depends(_services)]


_MOST_FIELDS = 10_000


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid")


# --- corrections of events


class NewCorrection(_Body):
    """What is wrong with an event, or that it is right."""

    event_id: str = Field(max_length=500, description="event that it is about")
    action: Literal["delete", "keep", "change"] = Field(description="delete: it is no event; keep: it is right")
    fields: dict[str, Any] | None = Field(
        default=None, description="with change: new values of event, mode, status, date, said_by, actor or recipient"
    )
    note: str | None = Field(default=None, max_length=2000, description="why")

    @field_validator("fields")
    @classmethod
    def _can_be_stored(cls, given: dict[str, Any] | None) -> dict[str, Any] | None:
        """No half of a surrogate pair and no NaN, which JSON lets through and nothing can store."""
        try:
            size = len(json.dumps(given, ensure_ascii=False, allow_nan=False).encode())
        except ValueError:
            raise ValueError("holds half a character or what is no number") from None
        if size > _MOST_FIELDS:
            raise ValueError(f"more than {_MOST_FIELDS:,} bytes")
        return given


@router.get("/corrections", response_model=list_of(EventCorrection), tags=["corrections"])
def corrections(
    request: Request,
    own: Own,
    document: Annotated[str | None, Query(description="id of a document")] = None,
    event: Annotated[str | None, Query(description="id of an event")] = None,
    limit: Limit = LIMIT,
    cursor: Cursor = None,
) -> Response:
    """Users' corrections of events, undone ones too, the latest first."""
    with own.store.ledger() as ledger:
        found = ledger.corrections(document_id=document, event_id=event)
    return reply(request, page_of(found, limit, cursor))


@router.post("/corrections", status_code=201, response_model=model_of(EventCorrection), tags=["corrections"])
def correct(request: Request, own: Own, body: NewCorrection) -> Response:
    """Correct an event that was read from a text; the coder's own reading is kept, and the correction can be undone."""
    with own.store.writing() as ledger:
        found = ledger.correct(body.event_id, body.action, body.fields, who=own.user, note=body.note)
    return reply(request, found, status=201)


@router.delete("/corrections/{correction_id}", response_model=model_of(EventCorrection), tags=["corrections"])
def undo(request: Request, own: Own, correction_id: str) -> Response:
    """Undo a correction; it stays on record as undone."""
    with own.store.writing() as ledger:
        found = ledger.undo(correction_id, who=own.user)
    return reply(request, found)


# --- corrections of commitments


class CommitmentCorrection(_Body):
    """What is wrong with a commitment, or that it is right."""

    action: Literal["confirm", "reject", "merge", "split", "correct"] = Field(description="what to do")
    others: list[str] = Field(default=[], max_length=100, description="with merge: ids of those merged into it")
    provisions: list[int] = Field(default=[], max_length=100, description="with split: numbers taken out, from 1")
    fields: dict[str, str] = Field(
        default={}, description="with correct: status, since, firmness, made, parties, by, to"
    )


@router.post(
    "/commitments/{commitment_id}/corrections",
    status_code=201,
    response_model=list_of(Commitment),
    tags=["commitments"],
)
def correct_commitment(request: Request, own: Own, commitment_id: str, body: CommitmentCorrection) -> Response:
    """Confirm, reject, merge, split or correct a commitment; what has become of it, nothing where it was rejected."""
    promises.one_commitment(own.store, commitment_id)
    correction = Correction(
        action=body.action,
        commitment_id=commitment_id,
        others=tuple(body.others),
        provisions=tuple(body.provisions),
        fields=tuple(body.fields.items()),
    )
    found = promises.correct(own.store, correction)
    return reply(request, page_of(found, MOST, None), status=201)


# --- saved searches and the watch list


class NewSearch(_Body):
    """A search to keep."""

    name: str = Field(max_length=200, description="what to call it")
    query: str = Field(max_length=4000, description="the search, as the query of an address under /events")


class NewWatch(_Body):
    """A dyad or a search to watch."""

    kind: Literal["dyad", "search"] = Field(description="dyad: a and b; search: query and name")
    a: str | None = Field(default=None, max_length=100, description="one state of the dyad")
    b: str | None = Field(default=None, max_length=100, description="the other")
    query: str | None = Field(default=None, max_length=4000, description="the search, as for /events")
    name: str | None = Field(default=None, max_length=200, description="what to call it; a dyad has a name already")


@router.get("/searches", response_model=list_of(saved.SavedSearch), tags=["searches"])
def searches(request: Request, own: Own) -> Response:
    """The saved searches by name."""
    return reply(request, page_of(saved.saved_searches(own.state), MOST, None))


@router.post("/searches", status_code=201, response_model=model_of(saved.SavedSearch), tags=["searches"])
def save(request: Request, own: Own, body: NewSearch) -> Response:
    """Keep a search under a name."""
    return reply(request, saved.save_search(own.state, body.name, body.query, own.user), status=201)


@router.delete("/searches/{search_id}", status_code=204, tags=["searches"])
def forget(own: Own, search_id: str) -> Response:
    """Forget a saved search."""
    saved.unsave_search(own.state, search_id)
    return Response(None, 204)


@router.get("/watch", response_model=list_of(saved.Watched), tags=["searches"])
def watch_list(request: Request, own: Own) -> Response:
    """The watch list, each entry with what is new since the last visit."""
    return reply(request, page_of(saved.watch_list(own.state, own.store), MOST, None))


@router.post("/watch", status_code=201, response_model=model_of(saved.Watched), tags=["searches"])
def watch(request: Request, own: Own, body: NewWatch) -> Response:
    """Put a dyad or a search on the watch list."""
    dyad = (body.a or "", body.b or "") if body.kind == "dyad" else None
    found = saved.watch(own.state, own.store, own.user, dyad=dyad, query=body.query, name=body.name)
    return reply(request, found, status=201)


@router.post("/watch/{watch_id}/visit", response_model=model_of(saved.Watched), tags=["searches"])
def visit(request: Request, own: Own, watch_id: str) -> Response:
    """Note that an entry has been seen: nothing of it is new then."""
    return reply(request, saved.visit(own.state, own.store, watch_id))


@router.delete("/watch/{watch_id}", status_code=204, tags=["searches"])
def unwatch(own: Own, watch_id: str) -> Response:
    """Take an entry off the watch list."""
    saved.unwatch(own.state, watch_id)
    return Response(None, 204)


# --- adding documents


class NewText(_Body):
    """A pasted text."""

    text: str = Field(max_length=jobs.MOST_TEXT, description="the text")
    date: datetime.date = Field(description="day of its publication")
    title: str | None = Field(default=None, max_length=500, description="headline")
    source: str | None = Field(default=None, max_length=200, description="who published it")
    url: str | None = Field(default=None, max_length=2000, description="its address")


class NewFeed(_Body):
    """The address of a feed or page."""

    address: str = Field(max_length=2000, description="an http or https address on the public internet")
    date: datetime.date | None = Field(default=None, description="day of documents that carry none")


@router.get("/jobs", response_model=list_of(jobs.Job), tags=["adding"])
def job_list(request: Request, own: Own) -> Response:
    """What was added, the latest first, and how far its reading is."""
    return reply(request, page_of(jobs.job_list(own.state), MOST, None))


@router.get("/jobs/{job_id}", response_model=model_of(jobs.Job), tags=["adding"])
def job(request: Request, own: Own, job_id: str) -> Response:
    """How far the reading of something that was added is."""
    return reply(request, jobs.one_job(own.state, job_id))


@router.post("/jobs/files", status_code=202, response_model=model_of(jobs.Job), tags=["adding"])
def add_files(
    request: Request,
    own: Own,
    files: Annotated[list[UploadFile], File(description="the files")],
    date: Annotated[datetime.date | None, Form(description="day of documents that carry none")] = None,
) -> Response:
    """Add files: text, Markdown, web pages, JSON Lines, feeds, web archives, also as .gz."""
    uploads = [jobs.Upload(f.filename or "unnamed", f.file) for f in files]
    found = jobs.add_files(own.state, uploads, own.user, date)
    own.runner.wake()
    return reply(request, found, status=202)


@router.post("/jobs/text", status_code=202, response_model=model_of(jobs.Job), tags=["adding"])
def add_text(request: Request, own: Own, body: NewText) -> Response:
    """Add a pasted text."""
    found = jobs.add_text(own.state, body.text, body.date, own.user, title=body.title, source=body.source, url=body.url)
    own.runner.wake()
    return reply(request, found, status=202)


@router.post("/jobs/feed", status_code=202, response_model=model_of(jobs.Job), tags=["adding"])
def add_feed(request: Request, own: Own, body: NewFeed) -> Response:
    """Add what a feed or page at an address holds; it is fetched once."""
    found = jobs.add_feed(own.state, body.address, own.user, body.date)
    own.runner.wake()
    return reply(request, found, status=202)


@router.delete("/jobs/{job_id}", response_model=model_of(jobs.Job), tags=["adding"])
def stop(request: Request, own: Own, job_id: str) -> Response:
    """Stop a job; what it has stored stays."""
    return reply(request, jobs.stop_job(own.state, job_id))


@router.get("/session", tags=["session"])
def session(own: Own) -> Response:
    """The token that a change must carry in the header X-Detente-Token, whether changes are refused, and the user."""
    return json_reply({"token": own.csrf, "read_only": own.store.read_only, "user": own.user})
