"""Relations: all pairs of states, and one dyad with everything that is known of it."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from detente.api import commitments as promises
from detente.api import events as happenings
from detente.api import lookups, views
from detente.api.store import Store
from detente.charts import (
    attention_records,
    attention_spec,
    overview_spec,
    stance_records,
    stance_spec,
    ways_records,
    ways_spec,
)
from detente.desk.pages.asked import Day, Text, choice, number
from detente.desk.web import chart, page, services
from detente.desk.words import link
from detente.errors import DetenteError
from detente.leverage import Component
from detente.records import STATUSES
from detente.relations import AttentionPoint, Relation, Stance
from detente.relations.counting import COUNTED
from detente.relations.series import floor_period

__all__ = ["router", "within"]

router = APIRouter()
PERIODS = ("month", "week", "quarter", "year")
LISTED = 30
UNCOUNTED = tuple(status for status in STATUSES if status not in COUNTED)
QUADS_SHOWN = (
    (1, 2, 3, 4),
    (2,),
    (1,),
    (3,),
    (4,),
)


@router.get("/dyad")
def dyads(request: Request, a: Text = None, b: Text = None, shown: Text = None) -> Response:
    """All pairs of states, and a way to any two."""
    store = services(request).store
    problem = None
    if a and b:
        try:
            one, other = views.two_states(a, b)
            return RedirectResponse(link(f"/dyad/{one}/{other}"), 303)
        except DetenteError as error:
            problem = f"{error}."
    return page(
        request,
        "dyads.html",
        view="dyads",
        title="Relations",
        pairs=views.attention_view(store) if lookups.summary(store).events else (),
        countries=lookups.countries(store),
        shown=int(number(shown, 200, 1, 20000)),
        a=a,
        b=b,
        problem=problem,
    )


def within(relation: Relation, since: datetime.date | None, until: datetime.date | None) -> Relation:
    """The periods and shifts of a relation in a span; the figures of each period stay as they are."""
    by: Any = relation.by
    start = None if since is None else floor_period(since, by)

    def inside(day: datetime.date) -> bool:
        return (start is None or day >= start) and (until is None or day <= until)

    return replace(
        relation,
        series=tuple(p for p in relation.series if inside(p.start)),
        attention=tuple(p for p in relation.attention if inside(p.start)),
        shifts=tuple(x for x in relation.shifts if inside(x.date)),
    )


def _watching(request: Request, a: str, b: str) -> str | None:
    """The id of the dyad's entry on the watch list."""
    own = services(request)
    rows = own.state.rows("SELECT watch_id FROM watch WHERE a = ? AND b = ?", (min(a, b), max(a, b)))
    return rows[0]["watch_id"] if rows else None


def _leverage(request: Request, a: str, b: str) -> tuple[Component, ...]:
    own = services(request)
    return own.store.cached(("leverage", a, b), lambda: own.ties.between(a, b).components)


def _totals(counts: dict[tuple[str, int, str], int], a: str, b: str) -> list[dict[str, Any]]:
    def number(state: str, quads: tuple[int, ...]) -> int:
        return sum(counts.get((state, quad, status), 0) for quad in quads for status in COUNTED)

    return [
        {
            "actor": actor,
            "recipient": recipient,
            "cells": [(quads, number(actor, quads)) for quads in QUADS_SHOWN],
        }
        for actor, recipient in ((a, b), (b, a))
    ]


def _stance(found: Stance, since: datetime.date | None, until: datetime.date | None) -> dict[str, Any] | None:
    start = None if since is None else floor_period(since, "quarter")
    series = tuple(
        p for p in found.series if (start is None or p.start >= start) and (until is None or p.start <= until)
    )
    if not any(p.words or p.deeds for p in series):
        return None
    cut = replace(found, series=series)
    return {
        "a": found.a,
        "b": found.b,
        "chart": chart(stance_spec(cut, ""), stance_records(cut)),
        "parts": [p for p in series if p.part],
    }


def _by_quarter(points: Sequence[AttentionPoint]) -> tuple[AttentionPoint, ...]:
    """Documents of weeks or months together: of the few in one month, a share says nothing."""
    found = []
    for start, inside in groupby(points, key=lambda p: floor_period(p.start, "quarter")):
        counts = [(p.documents, p.of_a, p.of_b) for p in inside]
        both, of_a, of_b = (sum(column) for column in zip(*counts, strict=True))
        shares = (both / of_a if of_a else None, both / of_b if of_b else None)
        found.append(AttentionPoint(start, both, of_a, of_b, *shares))
    return tuple(found)


def _charts(
    store: Store, whole: Relation, cut: Relation, since: datetime.date | None, until: datetime.date | None
) -> dict[str, Any]:
    """The page's charts: the strip of the whole record, and the others of the span."""
    starts = [p.start for p in whole.series]
    told = replace(cut, attention=_by_quarter(cut.attention)) if cut.by in ("week", "month") else cut
    chosen = ((since or min(starts)).isoformat(), (until or max(starts)).isoformat()) if since or until else None
    ways = ((whole.a, whole.b), (whole.b, whole.a))
    return {
        "strip": chart(overview_spec(whole, chosen=chosen)),
        "ways": chart(ways_spec(cut, shifts=cut.shifts), ways_records(cut)) if cut.series else None,
        "stances": [s for x, y in ways if (s := _stance(views.stance_view(store, x, y, evidence=False), since, until))],
        "attention": chart(attention_spec(told, ""), attention_records(told)) if told.attention else None,
    }


@router.get("/dyad/{a}/{b}")
def dyad(request: Request, a: str, b: str, since: Day = None, until: Day = None, by: Text = None) -> Response:
    """One dyad: series both ways, shifts, words beside deeds, events, commitments, leverage, attention."""
    store = services(request).store
    one, other = views.two_states(a, b)
    if (one, other) != (a, b):
        return RedirectResponse(link(f"/dyad/{one}/{other}", dict(request.query_params)), 303)
    if since and until and since > until:
        since, until = until, since
    period = choice(by, PERIODS)
    whole = views.relation_view(store, one, other, by=period, latest=0)
    shown = {name: value for name, value in (("since", since), ("until", until), ("by", by)) if value}
    context: dict[str, Any] = {
        "a": one,
        "b": other,
        "since": since,
        "until": until,
        "by": period,
        "by_given": by,
        "query_map": shown,
        "title": f"{one}–{other}",
        "watching": _watching(request, one, other),
    }
    if not whole.series:
        return page(request, "dyad.html", view="dyad", first=None, events=None, **context)
    cut = within(whole, since, until)
    query = happenings.EventQuery(between=(one, other), since=since, until=until)
    counts = happenings.count_ways(store, query)
    first = min(p.start for p in whole.series)
    last = max(p.start for p in whole.series)
    # Making the specifications takes longer than all else on a page that was asked for before.
    charts = store.cached(
        ("dyad charts", one, other, period, since, until), lambda: _charts(store, whole, cut, since, until)
    )
    open_ones = [
        c
        for c in promises.find_commitments(store, party=one, other=other)
        if c.status not in ("fulfilled", "superseded") and (until is None or c.made <= until)
    ]
    return page(
        request,
        "dyad.html",
        view="dyad",
        first=first,
        last=last,
        events=replace(happenings.find_events(store, query, limit=LISTED), total=sum(counts.values())),
        totals=_totals(counts, one, other),
        counted=list(COUNTED),
        baseline=whole.baseline if until is None else views.baseline_view(store, one, other, until=until),
        left_out=sum(n for (_, _, status), n in counts.items() if status in UNCOUNTED),
        uncounted=UNCOUNTED,
        shifts=cut.shifts,
        promises=sorted(open_ones, key=lambda c: (c.made, c.commitment_id), reverse=True),
        leverage=_leverage(request, one, other),
        **charts,
        **context,
    )
