"""Pages of words: how to read the figures, what a code means, the brief."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import Response

from detente.api import briefs
from detente.desk.pages.asked import Day, Text
from detente.desk.web import page, services
from detente.errors import NotFound
from detente.ontology import explain

__all__ = ["router"]

router = APIRouter()
# The brief is a page of its own, made to be handed on: its style is inside it. It holds no script, and may run none.
_OF_BRIEF = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
_AROUND_IT = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; frame-src 'self'"
)


@router.get("/help")
def help_page(request: Request) -> Response:
    """How to read the figures, and the keyboard."""
    return page(request, "help.html", view="help", title="How to read these figures")


@router.get("/explain")
def explanation(request: Request, code: Text = None) -> Response:
    """What a code means."""
    return page(request, "explain.html", view="explain", title=code or "", meaning=explain(code or ""))


@router.get("/brief/{a}/{b}")
def brief(request: Request, a: str, b: str, since: Day = None, until: Day = None) -> Response:
    """The brief on two states, to read, print and take away."""
    found = briefs.compose_brief(services(request), a, b, since=since, until=until)
    reply = page(
        request,
        "brief.html",
        view="brief",
        title=f"Brief: {found.title}",
        brief=found,
        forms=list(briefs.MEDIA),
        since=since,
        until=until,
    )
    reply.headers["content-security-policy"] = _AROUND_IT
    return reply


@router.get("/brief/{a}/{b}/{name}")
def brief_file(
    request: Request, a: str, b: str, name: str, since: Day = None, until: Day = None, save: Text = None
) -> Response:
    """The brief as a file: HTML, PDF, Markdown or JSON by the ending of the name."""
    form = name.rpartition(".")[2].lower()
    if form not in briefs.MEDIA:
        raise NotFound("page", name)
    found = briefs.compose_brief(services(request), a, b, since=since, until=until)
    headers = {"content-security-policy": _OF_BRIEF, "x-frame-options": "SAMEORIGIN", "cache-control": "no-store"}
    if save:
        headers["content-disposition"] = f'attachment; filename="brief-{found.a}-{found.b}.{form}"'
    return Response(briefs.render_brief(found, form), media_type=briefs.MEDIA[form], headers=headers)
