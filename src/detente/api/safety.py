"""What stands before every request: who may ask, from where, and the headers that bind the browser.

A plain ASGI layer, so that it costs microseconds and covers pages, API and errors alike.
"""

from __future__ import annotations

import asyncio
import hmac
import secrets
from collections.abc import Awaitable, Callable, MutableMapping
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from starlette.exceptions import HTTPException

from detente.api.replies import failure
from detente.api.server import is_loopback

__all__ = ["CSRF_HEADER", "SESSION_COOKIE", "Safety"]

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

CSRF_HEADER = "x-detente-token"
SESSION_COOKIE = "detente_session"
MOST_BODY = 4 * 1024 * 1024
MOST_UPLOAD = 256 * 1024 * 1024
UPLOADS = "/jobs/files"
STALLED = 30.0
"""Seconds that the sender of a request may be silent."""
_SAFE = ("GET", "HEAD", "OPTIONS")
_LOOPBACK_NAMES = ("localhost", "127.0.0.1", "[::1]")
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS: tuple[tuple[bytes, bytes], ...] = (
    (b"content-security-policy", _POLICY.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"same-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), geolocation=(), microphone=()"),
)


class Safety:
    """Checks the Host, the token of the door, the proof of a change and its size; adds the headers.

    ``host`` is the address listened on. Where it is loopback, requests must name this machine (a page elsewhere whose
    name was pointed here does not). ``token``, needed for any other address, must come as a Bearer token or in the
    cookie that ``?token=`` sets. A change needs ``csrf`` in a header, which no other site's page can send, and must
    not come from another origin.
    """

    def __init__(
        self, app: Any, *, host: str = "127.0.0.1", token: str | None = None, csrf: str = "", read_only: bool = False
    ) -> None:
        self._app = app
        self._token = token
        # The cookie proves the token without telling it, whatever characters the token has.
        self._session = hmac.digest((token or "").encode(), SESSION_COOKIE.encode(), "sha256").hex()
        self._csrf = csrf or secrets.token_urlsafe(24)
        self._read_only = read_only
        named = f"[{host}]" if ":" in host else host
        self._names: tuple[str, ...] | None = (*_LOOPBACK_NAMES, named)
        if not is_loopback(host) and host in ("0.0.0.0", "::", ""):  # noqa: S104 - compared, not listened on
            self._names = None  # any of the machine's names; the token guards it

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer or pass on one request."""
        if scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})
            return
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def guarded(message: MutableMapping[str, Any]) -> None:
            if message["type"] == "http.response.start":
                own = {name for name, _ in message.get("headers", ())}
                message["headers"] = [*message.get("headers", ()), *(h for h in HEADERS if h[0] not in own)]
            await send(message)

        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        refusal = self._refusal(scope, headers)
        if refusal is None and self._token is not None and not self._may_enter(headers):
            refusal = self._at_the_door(scope)
        if refusal is not None:
            await refusal(scope, receive, guarded)
            return
        await self._app(scope, _bounded(receive, _most(scope["path"])), guarded)

    def _refusal(self, scope: Scope, headers: dict[str, str]) -> Any | None:
        host = headers.get("host", "")
        name = host.rpartition(":")[0] if ":" in host.rpartition("]")[2] else host
        if self._names is not None and name.lower() not in self._names:
            return failure(403, "not-allowed", f"host {host[:80]!r} is not this machine", "Host", self._names)
        if not headers.get("content-length", "0").isdigit() or int(headers.get("content-length", "0")) > _most(
            scope["path"]
        ):
            return failure(413, "too-large", f"more than {_most(scope['path']):,} bytes in one request")
        if scope["method"] in _SAFE:
            return None
        origin = headers.get("origin")
        site = headers.get("sec-fetch-site", "none")
        if site not in ("same-origin", "none") or (origin is not None and urlsplit(origin).netloc != host):
            return failure(403, "not-allowed", "a change must come from this page itself", "Origin")
        if self._read_only:
            return failure(
                403, "not-allowed", "the ledger is served to read only; start without --read-only to change it"
            )
        bearer = self._token is not None and self._bearer(headers) is not None
        if not bearer and not _equal(headers.get(CSRF_HEADER, ""), self._csrf):
            message = f"a change needs the header {CSRF_HEADER} with the token that GET /api/v1/session gives"
            return failure(403, "not-allowed", message, CSRF_HEADER)
        return None

    def _bearer(self, headers: dict[str, str]) -> str | None:
        kind, _, given = headers.get("authorization", "").partition(" ")
        return given if kind.lower() == "bearer" and self._token and _equal(given.strip(), self._token) else None

    def _may_enter(self, headers: dict[str, str]) -> bool:
        if self._bearer(headers) is not None:
            return True
        cookies: SimpleCookie = SimpleCookie()
        try:
            cookies.load(headers.get("cookie", ""))
        except Exception:
            return False
        found = cookies.get(SESSION_COOKIE)
        return found is not None and _equal(found.value, self._session)

    def _at_the_door(self, scope: Scope) -> Any:
        """With the right ``?token=``: the cookie, and the same address without the token. Otherwise 401."""
        query = parse_qsl(scope.get("query_string", b"").decode("latin-1"), keep_blank_values=True)
        given = next((value for name, value in query if name == "token"), "")
        if scope["method"] != "GET" or not _equal(given, self._token or ""):
            return failure(401, "not-allowed", "this address needs the token that the server printed when it started")
        rest = urlencode([(name, value) for name, value in query if name != "token"])
        path = "/" + scope.get("raw_path", scope["path"].encode()).decode("latin-1").lstrip("/\\")
        reply = failure(303, "moved", "the token was taken")
        reply.headers["location"] = path + (f"?{rest}" if rest else "")
        reply.headers["set-cookie"] = f"{SESSION_COOKIE}={self._session}; Path=/; HttpOnly; SameSite=Strict"
        return reply


def _most(path: str) -> int:
    """Bytes that a request to an address may have."""
    return MOST_UPLOAD if path.endswith(UPLOADS) else MOST_BODY


def _bounded(receive: Receive, most: int) -> Receive:
    """``receive`` that ends a request with 413 after ``most`` bytes, and with 408 where its sender stalls."""
    got = 0

    async def bounded() -> MutableMapping[str, Any]:
        nonlocal got
        try:
            message = await asyncio.wait_for(receive(), None if got < 0 else STALLED)
        except TimeoutError:
            raise HTTPException(408, f"nothing came for {STALLED:g} seconds") from None
        got += len(message.get("body", b""))
        if got > most:
            raise HTTPException(413, f"more than {most:,} bytes in one request")
        if message["type"] == "http.request" and not message.get("more_body"):
            got = -most  # from here on only the end of the connection is waited for
        return message

    return bounded


def _equal(one: str, other: str) -> bool:
    return hmac.compare_digest(one.encode("utf-8", "replace"), other.encode("utf-8", "replace"))
