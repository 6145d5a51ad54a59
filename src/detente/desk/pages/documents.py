"""Document and event: the text with everything that was read from it marked in place."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import Response

from detente.api import documents as texts
from detente.api import events as happenings
from detente.api import lookups
from detente.brief.phrases import event_phrase
from detente.desk.marking import rows
from detente.desk.pages.asked import Text
from detente.desk.web import page, services
from detente.errors import NotFound
from detente.ontology import explain

__all__ = ["router"]

router = APIRouter()


@router.get("/document")
def document(request: Request, id: Text = None) -> Response:  # noqa: A002 - the address's word
    """The text with actors, events, status and speakers marked in place, and corrections of them."""
    store = services(request).store
    found = texts.one_document(store, id or "")
    with store.ledger() as ledger:
        corrections = ledger.corrections(document_id=found.document.document_id)
    return page(
        request,
        "document.html",
        view="document",
        title=found.document.title or found.document.document_id,
        doc=found,
        rows=rows(found.document.text, found.sentences, found.marks, found.events),
        countries=lookups.countries(store),
        corrections=corrections,
        corrected={c.event_id for c in corrections if not c.undone},
    )


@router.get("/event")
def event(request: Request, id: Text = None) -> Response:  # noqa: A002
    """One event with all that is known of it, and its sentence in its document."""
    store = services(request).store
    found = happenings.one_event(store, id or "")
    try:
        source = texts.one_document(store, found.document_id)
    except NotFound:
        source = None
    return page(
        request,
        "event.html",
        view="event",
        title=event_phrase(found),
        event=found,
        doc=source,
        meaning=explain(found.event),
        mode=explain(f"{found.event}:{found.mode}") if found.mode else None,
    )
