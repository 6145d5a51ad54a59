"""Groups: the matrix of all pairs, now, then and the change."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response

from detente.actors import GROUPS
from detente.api import lookups, views
from detente.desk.pages.asked import Day, Text, number
from detente.desk.web import page, services
from detente.errors import DetenteError

__all__ = ["router", "tone_class"]

router = APIRouter()
MOST_MEMBERS = 40
STRAINED = 0.495
"""Triads less likely in balance than this are listed: above, the figure rounds to even odds or better."""


def tone_class(level: float) -> str:
    """The style class of a tone or a change from -1 to +1: nine steps, the same colours as in charts."""
    for bound, step in ((0.6, "4"), (0.35, "3"), (0.18, "2"), (0.06, "1")):
        if abs(level) >= bound:
            return f"tone-{'p' if level > 0 else 'n'}{step}"
    return "tone-z"


@router.get("/group")
def group(request: Request, name: Text = None, states: Text = None, until: Day = None, months: Text = None) -> Response:
    """All pairs of a named group or of the states that are given."""
    store = services(request).store
    span = int(number(months, 12, 1, 120))
    wanted = states if states and not name else name or "six-party"
    context: dict[str, Any] = {}
    try:
        view = views.group_view(store, wanted, until=until, months=span)
        if len(view.members) > MOST_MEMBERS:
            context["problem"] = f"{len(view.members)} states are more than fit a matrix ({MOST_MEMBERS} at most)."
        else:
            context |= {
                "view_": view,
                "pairs": {x + y: p for p in view.pairs for x, y in ((p.a, p.b), (p.b, p.a))},
                "triads": [t for t in sorted(view.triads, key=lambda t: t.balanced) if t.balanced < STRAINED],
                "leads": [x for x in view.leads if x.p is not None],
            }
    except DetenteError as error:
        context["problem"] = f"{error}."
    return page(
        request,
        "group.html",
        view="group",
        title=f"Group {wanted}",
        heading=(wanted.upper() if len(wanted) < 6 else wanted.capitalize()) if wanted in GROUPS else wanted,
        name=None if states and not name else wanted,
        states=states or "",
        until=until,
        months=span,
        groups=lookups.groups(),
        tone=tone_class,
        **context,
    )
