"""Whole answers kept in memory, so that what many users ask costs once.

Kept are answers that depend on nothing but the address, the ledger, and the desk's own file; whoever makes one says so
(``keep``). The versions of both are part of what they are kept by: after any change none of them is found.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Hashable, MutableMapping
from dataclasses import dataclass
from typing import Any

from fastapi import Request
from starlette.concurrency import run_in_threadpool

from detente.api.state import State
from detente.api.store import Store

__all__ = ["Answers", "keep"]

Key = tuple[Hashable, ...]
Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

_BESIDE = 2048
"""Bytes counted for what is kept beside a body and the question: headers, objects."""
STATIC = "/static/"
KEPT = "detente.kept"
"""Mark in a request's scope: its answer may be kept."""


def keep(request: Request) -> None:
    """Say that the answer to a request depends on the address, the ledger and the desk's own file alone."""
    request.scope[KEPT] = True


@dataclass(frozen=True, slots=True)
class _Answer:
    headers: tuple[tuple[bytes, bytes], ...]
    body: bytes
    size: int


class Answers:
    """A layer before the application that answers from memory where it can; of several that ask the same together,
    one is passed on and the others wait for its answer. Of all answers at most ``most_bytes`` are kept, the last used.
    """

    def __init__(self, app: Any, store: Store, state: State, most_bytes: int) -> None:
        self._app = app
        self._store = store
        self._state = state
        self._most = most_bytes
        self._kept: OrderedDict[Key, _Answer] = OrderedDict()
        self.size = 0
        self._making: dict[Key, asyncio.Event] = {}

    def _version(self) -> Hashable | None:
        """What an answer made now is of; None while the ledger is being changed here."""
        return (
            None if self._store.changing else (self._store.version, self._store.prepared_version, self._state.version)
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer or pass on one request."""
        key = await self._key(scope)
        if key is None:
            await self._app(scope, receive, send)
            return
        if key not in self._kept and (other := self._making.get(key)) is not None:
            await other.wait()
            if key not in self._kept:  # it was none to keep
                await self._app(scope, receive, send)
                return
        found = self._kept.get(key)
        if found is None:
            await self._make(key, scope, receive, send)
            return
        self._kept.move_to_end(key)
        await send({"type": "http.response.start", "status": 200, "headers": list(found.headers)})
        await send({"type": "http.response.body", "body": found.body})

    async def _key(self, scope: Scope) -> Key | None:
        """What the answer to a request is kept by; None where it is for the application to answer."""
        if scope["type"] != "http" or scope["method"] != "GET" or scope["path"].startswith(STATIC) or not self._most:
            return None
        given = dict(scope["headers"])
        if b"if-none-match" in given:  # a client that holds the answer is told so without a question to the ledger
            return None
        if self._store.look_due:
            await run_in_threadpool(self._store.look)
        version = self._version()
        asked = (given.get(b"accept"), given.get(b"host"), scope["path"], scope["query_string"])
        return None if version is None else (version, *asked)

    async def _make(self, key: Key, scope: Scope, receive: Receive, send: Send) -> None:
        """Have the application answer, and keep the answer where that is allowed."""
        made = self._making[key] = asyncio.Event()
        headers: tuple[tuple[bytes, bytes], ...] = ()
        parts: list[bytes] = []
        good = False

        async def heard(message: MutableMapping[str, Any]) -> None:
            nonlocal headers, good
            if message["type"] == "http.response.start":
                headers = tuple(message["headers"])
                good = message["status"] == 200 and KEPT in scope
            elif good:
                parts.append(message.get("body", b""))
                if not message.get("more_body"):
                    body = b"".join(parts)
                    self._keep(key, _Answer(headers, body, len(body) + len(scope["query_string"]) + _BESIDE))
                    made.set()  # those who wait need not wait until this client has taken it all
            await send(message)

        try:
            await self._app(scope, receive, heard)
        finally:
            del self._making[key]
            made.set()

    def _keep(self, key: Key, answer: _Answer) -> None:
        """Keep an answer, unless something changed while it was made."""
        if answer.size > self._most // 8 or key[0] != self._version():
            return
        self._kept[key] = answer
        self.size += answer.size
        while self.size > self._most:
            _, gone = self._kept.popitem(last=False)
            self.size -= gone.size
