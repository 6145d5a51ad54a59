"""Commitments: the board by status, and one with its timeline and silence."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response

from detente.api import commitments as promises
from detente.charts.commitments import commitment_records, commitment_spec
from detente.commitments import STATUSES, Commitment
from detente.desk.pages.asked import Text, number
from detente.desk.web import chart, page, services
from detente.errors import DetenteError

__all__ = ["router"]

router = APIRouter()
LISTED = 40
LEVELS = ("none", "minimal", "intermediate", "full")
ORDER = ("stalled", "breached", "advancing", "fulfilled", "superseded")
MEANS = {
    "stalled": "nothing heard for longer than the tempo so far allows",
    "breached": "a report says that it was broken",
    "advancing": "steps are reported, or it is too early to tell",
    "fulfilled": "a report says that it is done",
    "superseded": "another took its place",
}


def _weight(c: Commitment) -> tuple[Any, ...]:
    """Those that are overdue or silent longest come first, then the latest made."""
    silent = c.silence.days if c.silence and c.silence.telling else 0
    return (-silent, -c.made.toordinal(), c.commitment_id)


@router.get("/commitments")
def board(
    request: Request, party: Text = None, other: Text = None, status: Text = None, shown: Text = None
) -> Response:
    """All commitments by status, of one party or between two."""
    store = services(request).store
    problem = None
    try:
        found = promises.find_commitments(store, party=party, other=other)
    except DetenteError as error:
        found, problem = (), f"{error}."
    most = int(number(shown, LISTED, 1, 5000))
    columns = []
    for name in ORDER:
        if status in (None, name):
            items = sorted((c for c in found if c.status == name), key=_weight)
            columns.append((name, MEANS[name], items[:most], len(items)))
    everyone = promises.find_commitments(store)
    return page(
        request,
        "commitments.html",
        view="commitments",
        title="Commitments",
        columns=columns,
        total=len(found),
        any=bool(everyone),
        parties=sorted({p for c in everyone for p in c.parties if len(p) == 3 and p.isupper()}),
        party=party,
        other=other,
        status=status,
        statuses=STATUSES,
        levels=LEVELS,
        problem=problem,
    )


@router.get("/commitment")
def commitment(request: Request, id: Text = None) -> Response:  # noqa: A002 - the address's word
    """One commitment: provisions, timeline, silence, contradictions, evidence."""
    store = services(request).store
    found = promises.one_commitment(store, id or "")
    return page(
        request,
        "commitment.html",
        view="commitment",
        title=found.title,
        c=found,
        levels=LEVELS,
        timeline=store.cached(("timeline", id), lambda: chart(commitment_spec(found), commitment_records(found))),
    )
