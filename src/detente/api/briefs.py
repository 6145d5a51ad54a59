"""The brief on two states, composed once a ledger version and written in each of its formats."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

from detente.api.views import relation_view, stance_view, two_states
from detente.records import Document

if TYPE_CHECKING:
    from detente.api.services import Services
    from detente.brief import Brief

__all__ = ["MEDIA", "compose_brief", "render_brief"]

MEDIA = {
    "html": "text/html; charset=utf-8",
    "md": "text/markdown; charset=utf-8",
    "pdf": "application/pdf",
    "json": "application/json",
}
"""Formats of a brief and their media types."""
# All events of a dyad, as far as the notes of a brief go anyhow.
_MOST_EVENTS = 20_000


def compose_brief(
    services: Services, a: str, b: str, *, since: datetime.date | None = None, until: datetime.date | None = None
) -> Brief:
    """The content of the brief on two states: that of ``Workspace.compose_brief`` on the same ledger and files."""
    from detente.brief import cited_documents, compose  # noqa: PLC0415 - loads the charts
    from detente.commitments import from_ledger  # noqa: PLC0415

    store, ties = services.store, services.ties
    one, other = two_states(a, b)

    def make() -> Brief:
        relation = relation_view(store, one, other, since=since, until=until, latest=_MOST_EVENTS)
        stances = [stance_view(store, x, y, since=since, until=until) for x, y in ((one, other), (other, one))]
        with store.ledger() as ledger:
            commitments = from_ledger(ledger, parties=[one, other], until=until).commitments
        levers = ties.between(one, other, None if until is None else until.year)
        rows = store.rows(
            "SELECT document_id, published, title, source, url FROM documents "
            "WHERE document_id IN (SELECT unnest(?::VARCHAR[]))",
            [sorted(cited_documents(relation, stances, commitments))],
        )
        return compose(
            relation,
            {row["document_id"]: Document(**row | {"text": ""}) for row in rows},
            stances=stances,
            commitments=commitments,
            leverage=levers.components if ties.given else None,
            outcomes=levers.outcomes,
        )

    return store.cached(("brief", one, other, since, until), make)


def render_brief(brief: Brief, form: str) -> bytes:
    """The brief as html, md, pdf or json; BadOption for another."""
    from detente.brief import render  # noqa: PLC0415

    return render(brief, f".{form}")
