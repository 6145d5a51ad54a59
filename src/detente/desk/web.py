"""Templates and replies of the page."""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse, Response
from markupsafe import Markup, escape

from detente.api import Services
from detente.api.answers import keep
from detente.charts import DARK, config
from detente.desk.keys import KEYS
from detente.desk.words import DASH, FILTERS, clean_text, document_link, link
from detente.ontology import QUADS, TYPES
from detente.records import STATUSES
from detente.version import __version__

__all__ = ["NAV", "chart", "page", "services"]

NAV = (
    ("/", "World"),
    ("/group", "Groups"),
    ("/dyad", "Relations"),
    ("/commitments", "Commitments"),
    ("/search", "Search"),
    ("/watch", "Watch"),
    ("/add", "Add"),
)
FONT = "Inter, sans-serif"
MOST_FIGURES = 400
"""Rows of a chart that are also told as figures; a longer table would be most of the page."""
_KEPT = ("world", "dyads", "dyad", "group", "commitments", "search", "events", "event", "document", "explain")
"""Views that say nothing of the time at which they are asked for."""
_ACTIVE = "SELECT 1 FROM jobs WHERE state IN ('waiting', 'reading') LIMIT 1"
STATUS_WORDS = {
    "happened": "reported as done",
    "ongoing": "under way",
    "announced": "said to be coming: will, plans, agreed to",
    "conditional": "depends on something else: if, unless",
    "denied": "somebody says that it is not so",
    "absent": "the text says that it did not happen",
}


@cache
def _templates() -> Any:
    from jinja2 import Environment, PackageLoader  # noqa: PLC0415 - loaded when a page is asked for

    env = Environment(
        loader=PackageLoader("detente.desk"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=lambda value: clean_text(value) if type(value) is str else value,
    )
    env.filters |= FILTERS
    env.globals |= {
        "NAV": NAV,
        "KEYS": KEYS,
        "QUADS": QUADS,
        "TYPES": TYPES,
        "STATUSES": STATUSES,
        "STATUS_WORDS": STATUS_WORDS,
        "version": __version__,
        "link": link,
        "document_link": document_link,
        "static": static,
        "look": json_block({"config": config(FONT), "dark": dict(DARK)}),
        "min": min,
        "max": max,
    }
    return env


@cache
def _stamp(name: str) -> str:
    from detente.records import stable_id  # noqa: PLC0415

    return stable_id((files("detente.desk") / "static" / name).read_bytes())[:8]


def static(name: str) -> str:
    """The address of a script or style, with a mark of its content: the browser keeps it until it changes."""
    return f"/static/{name}?v={_stamp(name)}"


def json_block(data: object) -> Markup:
    """JSON for a data block of the page; nothing in it can end the block."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"), default=str)
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return Markup(text)  # noqa: S704 - escaped just above


def chart(spec: dict[str, Any], rows: Sequence[dict[str, Any]] = ()) -> dict[str, Any]:
    """A specification of the ``charts`` room for a template, and its rows as the figures beside it."""
    return {"spec": json_block(spec), "figures": _figures(rows[:MOST_FIGURES])}


def _figures(rows: Sequence[dict[str, Any]]) -> Markup:
    """Rows as the head and body of a table. Joined here: a template takes ten times as long for as many cells."""
    if not rows:
        return Markup()
    names = [name for name in rows[0] if name not in ("geometry", "type", "signed")]
    parts = ["<thead><tr>", *(f'<th scope="col">{escape(name)}</th>' for name in names), "</tr></thead>\n<tbody>"]
    texts: dict[str | None, str] = {None: f"<td>{DASH}</td>"}
    for row in rows:
        parts.append("<tr>")
        for name in names:
            value = row[name]
            if isinstance(value, int | float):
                parts.append(f'<td class="n">{value}</td>')
                continue
            if value not in texts:
                texts[value] = f"<td>{escape(clean_text(str(value)))}</td>"
            parts.append(texts[value])
        parts.append("</tr>\n")
    parts.append("</tbody>")
    return Markup("".join(parts))  # noqa: S704 - each cell was escaped


def services(request: Request) -> Services:
    """What requests are answered with."""
    found: Services = request.app.state.services
    return found


def page(request: Request, template: str, code: int = 200, /, **context: Any) -> Response:
    """A page made of a template."""
    own = services(request)
    if context["view"] in _KEPT and not context.get("problem"):
        keep(request)
    html = _templates().get_template(template).render(
        request=request,
        path=request.url.path,
        query=list(request.query_params.multi_items()),
        here=str(request.url.path) + (f"?{request.url.query}" if request.url.query else ""),
        csrf=own.csrf,
        read_only=own.store.read_only,
        ledger_name=own.store.path.name,
        active_jobs=bool(own.state.rows(_ACTIVE)),
        **context,
    )  # fmt: skip
    return HTMLResponse(html.encode("utf-8", "replace"), code, {"Cache-Control": "no-store"})
