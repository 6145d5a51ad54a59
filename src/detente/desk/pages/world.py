"""World: a map and the ranked shifts."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response

from detente.api import lookups, views
from detente.charts import shifts_records, shifts_spec, world_spec
from detente.desk.pages.asked import Day, Text, choice, number
from detente.desk.web import chart, page, services
from detente.relations import Shift

__all__ = ["router"]

router = APIRouter()
# More dots than these hide each other.
CHARTED = 400
OUTLINES = "/static/outlines.json"


def _charts(found: tuple[Shift, ...]) -> dict[str, Any]:
    return {
        "map": chart(world_spec(found, geometry=OUTLINES)),
        "noticed": chart(shifts_spec(found[:CHARTED], ""), shifts_records(found[:CHARTED])),
    }


@router.get("/")
def world(
    request: Request, since: Day = None, until: Day = None, sort: Text = None, sure: Text = None, shown: Text = None
) -> Response:
    """Which relations shift, on a map and ranked; by default those that nobody noticed first."""
    store = services(request).store
    summary = lookups.summary(store)
    if not summary.events:
        return page(request, "world.html", view="world", title="World", summary=summary)
    by = choice(sort, ("unnoticed", "size"))
    least = number(sure, 0.1, 0, 1)
    found = views.world_view(store, since=since, until=until, sort=by, min_probability=least)
    return page(
        request,
        "world.html",
        view="world",
        title="World",
        summary=summary,
        since=since,
        until=until,
        by=by,
        sure=least,
        sure_given=sure,
        shown=int(number(shown, 25, 1, 5000)),
        shifts=found.shifts,
        fresh=found.fresh,
        **store.cached(
            ("world charts", since, until, by, least, store.prepared_version), lambda: _charts(found.shifts)
        ),
        attention=views.attention_view(store, since=since, until=until),
    )
