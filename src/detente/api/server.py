"""Listening: the socket is taken before anything is said, so that a busy port is one clear line."""

from __future__ import annotations

import errno
import ipaddress
import socket
from collections.abc import Callable
from typing import Any

from detente.errors import BadInput, MissingExtra

__all__ = ["is_loopback", "listen", "serve"]


def is_loopback(host: str) -> bool:
    """Whether an address or name to listen on is reached from this machine alone."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def listen(host: str, port: int) -> socket.socket:
    """A socket that listens; port 0 takes a free one. BadInput where the port is taken or the address is not ours."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        found = socket.socket(family, kind, protocol)
    except (OSError, UnicodeError) as error:
        raise BadInput(f"host {host!r} is no address of this machine: {error}") from None
    try:
        found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        found.bind(address)
        found.listen(128)
    except OSError as error:
        found.close()
        if error.errno == errno.EADDRINUSE:
            raise BadInput(f"port {port} is in use; choose another with --port, or 0 for a free one") from None
        raise BadInput(f"cannot listen on {host} port {port}: {error.strerror}") from None
    return found


def serve(
    app: Any,
    sock: socket.socket,
    ready: Callable[[int], None],
    stop: Callable[[Callable[[], None]], None] | None = None,
) -> None:
    """Serve until interrupted; ``ready`` is called with the port once requests are answered.

    ``stop`` is handed what ends it, for those who serve from a thread.
    """
    try:
        import uvicorn  # noqa: PLC0415 - an optional part
    except ImportError:
        raise MissingExtra("the desk", "desk") from None

    class Server(uvicorn.Server):
        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            await super().startup(sockets)
            ready(sock.getsockname()[1])

    config = uvicorn.Config(
        app,
        log_level="warning",
        access_log=False,
        server_header=False,
        date_header=True,
        timeout_keep_alive=30,
        timeout_graceful_shutdown=3,
        h11_max_incomplete_event_size=64 * 1024,
        limit_concurrency=200,
        proxy_headers=False,
    )
    server = Server(config)
    if stop is not None:
        stop(lambda: setattr(server, "should_exit", True))
    server.run(sockets=[sock])
