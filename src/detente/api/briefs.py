"""The brief on two states, composed once a ledger version and written in each of its formats."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

from detente.api.store import Store
from detente.api.views import relation_view
from detente.records import Document

if TYPE_CHECKING:
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
    store: Store, a: str, b: str, *, since: datetime.date | None = None, until: datetime.date | None = None
) -> Brief:
    """The content of the brief on two states."""
    from detente.brief import compose  # noqa: PLC0415 - loads the charts

    relation = relation_view(store, a, b, since=since, until=until, latest=_MOST_EVENTS)

    def make() -> Brief:
        ids = sorted({event.document_id for event in relation.events})
        rows = store.rows(
            "SELECT document_id, published, title, source, url FROM documents "
            "WHERE document_id IN (SELECT unnest(?::VARCHAR[]))",
            [ids],
        )
        return compose(relation, {row["document_id"]: Document(**row | {"text": ""}) for row in rows})

    return store.cached(("brief", relation.a, relation.b, since, until), make)


def render_brief(brief: Brief, form: str) -> bytes:
    """The brief as html, md, pdf or json; BadOption for another."""
    from detente.brief import render  # noqa: PLC0415

    return render(brief, f".{form}")
