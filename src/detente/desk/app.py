"""The desk: the API's application with the pages and their scripts, styles and fonts on it."""

from __future__ import annotations

import contextlib
from functools import partial
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

from detente.api import PREFIX
from detente.api import create_app as create_api
from detente.errors import DetenteError

if TYPE_CHECKING:
    from fastapi import FastAPI

__all__ = ["create_app"]


def create_app(ledger: str | Path, **options: Any) -> FastAPI:
    """The application on a ledger; ``options`` are those of :func:`detente.api.create_app`.

    MissingExtra without ``detente[desk]``.
    """
    app = create_api(ledger, **options)
    from detente.desk.pages import router  # noqa: PLC0415 - these need FastAPI

    _serve_static(app)
    app.include_router(router)
    _add_error_pages(app)
    app.state.warm = partial(_warm, app)
    return app


def _warm(app: FastAPI) -> None:
    """Make the first pages of a large ledger once, so that the first users do not wait for templates and libraries."""
    from fastapi import Request  # noqa: PLC0415

    from detente.api import views  # noqa: PLC0415
    from detente.desk.pages import groups, relations, search, world  # noqa: PLC0415

    request = Request(
        {"type": "http", "app": app, "method": "GET", "path": "/", "query_string": b"", "headers": [], "root_path": ""}
    )
    store = app.state.services.store
    # Whatever goes wrong is said to whoever asks.
    with contextlib.suppress(DetenteError):
        world.world(request)
        for pair in views.attention_view(store)[:1]:
            relations.dyad(request, pair.a, pair.b)
        search.search(request, text="agreement")
        groups.group(request)


def _serve_static(app: FastAPI) -> None:
    from fastapi.staticfiles import StaticFiles  # noqa: PLC0415
    from starlette.responses import Response  # noqa: PLC0415

    class Kept(StaticFiles):
        """Files that the browser may keep: their addresses carry a mark of their content."""

        def file_response(self, *args: Any, **kwargs: Any) -> Response:
            reply = super().file_response(*args, **kwargs)
            reply.headers["cache-control"] = "public, max-age=31536000, immutable"
            return reply

    outlines = (files("detente.charts") / "data" / "countries-110m.json").read_bytes()

    @app.get("/static/outlines.json", include_in_schema=False)
    def map_outlines() -> Response:
        """The outlines of all states for the map."""
        return Response(outlines, media_type="application/json", headers={"cache-control": "public, max-age=86400"})

    app.mount("/static", Kept(packages=[("detente.desk", "static")]), name="static")


def _add_error_pages(app: FastAPI) -> None:
    """Errors of pages as pages; those of the API keep its one shape."""
    from fastapi import Request  # noqa: PLC0415
    from fastapi.exceptions import RequestValidationError  # noqa: PLC0415
    from starlette.exceptions import HTTPException  # noqa: PLC0415
    from starlette.responses import Response  # noqa: PLC0415

    from detente.desk.web import page  # noqa: PLC0415

    def wrap(kind: type[Exception]) -> None:
        of_api = app.exception_handlers[kind]

        async def handler(request: Request, error: Exception) -> Response:
            found = of_api(request, error)
            reply: Response = await found if hasattr(found, "__await__") else found
            if request.url.path.startswith(PREFIX) or "text/html" not in request.headers.get("accept", "text/html"):
                return reply
            if isinstance(error, DetenteError):
                message = f"{error}."
            elif reply.status_code == 404:
                message = "There is no page at this address."
            else:
                message = "The address holds a value that cannot be used."
            return page(request, "error.html", reply.status_code, view="error", title="Not here", message=message)

        app.add_exception_handler(kind, handler)

    for kind in (DetenteError, HTTPException, RequestValidationError):
        if kind in app.exception_handlers:
            wrap(kind)
