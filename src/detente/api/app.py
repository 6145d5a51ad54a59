"""The application: a ledger served over HTTP, the API under ``/api/v1``; pages are put on it by the desk."""

from __future__ import annotations

import getpass
import secrets
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from detente.api.runner import Runner
from detente.api.services import Services
from detente.api.state import State
from detente.api.store import Store
from detente.api.ties import Ties
from detente.errors import BadInput, MissingExtra
from detente.version import __version__

if TYPE_CHECKING:
    from fastapi import FastAPI

__all__ = ["PREFIX", "create_app"]

PREFIX = "/api/v1"
AT_ONCE = 6
"""Questions that are answered at once; the others wait. With twenty users on two processors, 40 at once (what the
framework would allow) stood in each other's way."""
KEEP_BYTES = 64 * 1024 * 1024
"""Bytes of answers that are kept: some 500 pages of relations."""
SUMMARY = """\
Relations between states, read from the news: events, shifts, commitments, and the sentences that say so.

Lists come as JSON (`items`, `next`, `total`), as CSV or as an Arrow stream: `?format=csv` or the `Accept` header.
Answers that depend on the ledger alone carry an `ETag`; with `If-None-Match` an unchanged one is a 304. Every error
has the one shape of `Failure`. States are ISO 3166-1 alpha-3 codes or names, days are `YYYY-MM-DD`.
"""


def create_app(
    ledger: str | Path,
    *,
    corridor: Path | None = None,
    dependence: Path | None = None,
    read_only: bool = False,
    host: str = "127.0.0.1",
    token: str | None = None,
    keep_bytes: int = KEEP_BYTES,
) -> FastAPI:
    """The application on a ledger, which is made if it is not there (NotFound instead where ``read_only``).

    ``corridor`` (a corridor or network) and ``dependence`` (a table of ties) are the files from which leverage is
    computed. ``host`` is the address that it will be listened to on; BadInput where others reach it and there is no
    ``token``. ``keep_bytes`` bounds the whole answers that are kept in memory; 0 keeps none.
    MissingExtra without ``detente[desk]``.
    """
    try:
        import anyio.to_thread  # noqa: PLC0415 - an optional part
        from fastapi import FastAPI  # noqa: PLC0415
    except ImportError:
        raise MissingExtra("the desk", "desk") from None
    from detente.api.answers import Answers  # noqa: PLC0415 - these need FastAPI
    from detente.api.changes import router as changes  # noqa: PLC0415 - these need FastAPI
    from detente.api.replies import add_error_replies  # noqa: PLC0415
    from detente.api.routes import router  # noqa: PLC0415
    from detente.api.safety import Safety  # noqa: PLC0415
    from detente.api.server import is_loopback  # noqa: PLC0415

    if token is None and not is_loopback(host):
        raise BadInput(f"host {host!r} is reached from other machines: a token is needed")
    ties = Ties.read(corridor, dependence)
    store = Store(ledger, read_only=read_only)
    state = State(store.path, read_only=read_only)
    services = Services(
        store=store,
        state=state,
        runner=Runner(store, state),
        csrf=secrets.token_urlsafe(24),
        user=_login(),
        ties=ties,
    )

    @asynccontextmanager
    async def life(_: FastAPI) -> AsyncIterator[None]:
        anyio.to_thread.current_default_thread_limiter().total_tokens = AT_ONCE
        services.runner.start()
        if services.store.prepared and services.store.prepared.file:
            threading.Thread(target=app.state.warm, daemon=True).start()
        yield
        services.runner.close()
        services.store.close()

    app = FastAPI(
        title="detente",
        version=__version__,
        description=SUMMARY,
        openapi_url=f"{PREFIX}/openapi.json",
        docs_url=None,
        redoc_url=None,
        lifespan=life,
    )
    app.state.services = services
    app.state.warm = lambda: None
    app.add_middleware(Answers, store=store, state=state, most_bytes=keep_bytes)
    app.add_middleware(Safety, host=host, token=token, csrf=services.csrf, read_only=read_only)
    add_error_replies(app)
    app.include_router(router, prefix=PREFIX)
    app.include_router(changes, prefix=PREFIX)
    return app


def _login() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return "user"
