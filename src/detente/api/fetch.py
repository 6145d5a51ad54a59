"""One document from an address that a user gave: public addresses only, bounded in size, time and redirects.

The name is resolved once, every address that it has is checked, and the connection is made to a checked one: a name
that answers otherwise the second time gains nothing. The same for every redirect.
"""

from __future__ import annotations

import contextlib
import http.client
import ipaddress
import socket
import ssl
import threading
import time
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import SplitResult, quote, urljoin, urlsplit

from detente.errors import BadInput
from detente.version import __version__

__all__ = ["Fetched", "check_address", "fetch", "is_public"]

MOST_BYTES = 10 * 1024 * 1024
MOST_SECONDS = 30.0
MOST_REDIRECTS = 5
_REDIRECTS = (301, 302, 303, 307, 308)
_KINDS = ("xml", "rss", "atom", "json", "html", "text/plain")
_ACCEPT = "application/rss+xml, application/atom+xml, application/feed+json, text/html;q=0.8, */*;q=0.1"
_NAT64 = ipaddress.ip_network("64:ff9b::/96")
_SITE_LOCAL = ipaddress.ip_network("fec0::/10")

Address = ipaddress.IPv4Address | ipaddress.IPv6Address


@dataclass(frozen=True, slots=True)
class Fetched:
    """What an address held: the last address after redirects, its type and bytes."""

    url: str
    content_type: str
    data: bytes


def is_public(address: str) -> bool:
    """Whether an IP address is one of the public internet: not private, loopback, link-local or multicast.

    IPv6 addresses that carry an IPv4 one (mapped, 6to4, Teredo, NAT64) are judged by that.
    """
    found: Address = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(found, ipaddress.IPv6Address):
        inner: list[Address] = [x for x in (found.ipv4_mapped, found.sixtofour) if x is not None]
        if found.teredo is not None:
            inner += found.teredo
        if found in _NAT64:
            inner.append(ipaddress.IPv4Address(int(found) & 0xFFFFFFFF))
        if found in _SITE_LOCAL or any(not is_public(str(x)) for x in inner):
            return False
        if found.ipv4_mapped is not None:
            return True
    return found.is_global and not found.is_multicast


def check_address(url: str) -> SplitResult:
    """The parts of an address over HTTP or HTTPS; BadInput for any other, or with a user name in it."""
    plain = url.strip()
    try:
        parts = urlsplit(plain)
        port = parts.port
    except ValueError as error:
        raise BadInput(f"not an address: {error}", url[:200]) from None
    if len(plain) > 2000 or any(ord(c) <= 32 or ord(c) == 127 for c in plain):
        raise BadInput("not an address: too long, or with spaces in it", url[:200])
    if parts.scheme not in ("http", "https"):
        raise BadInput("only http and https addresses are read", url[:200])
    if not parts.hostname or parts.username is not None or parts.password is not None or port == 0:
        raise BadInput("an address has a host, and no user name or password", url[:200])
    return parts


def _resolve(host: str, port: int, permitted: Callable[[str], bool], url: str) -> list[str]:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise BadInput(f"the host {host!r} cannot be found", url[:200]) from None
    addresses = list(dict.fromkeys(str(entry[4][0]) for entry in found))
    if not addresses or not all(permitted(address) for address in addresses):
        raise BadInput(f"the host {host!r} is not on the public internet; such addresses are not read", url[:200])
    return addresses


class _Connection(http.client.HTTPConnection):
    """A connection to an address that was checked, under the host's name."""

    def __init__(self, parts: SplitResult, port: int, addresses: list[str], timeout: float) -> None:
        super().__init__(parts.hostname or "", port, timeout=timeout)
        self._addresses = addresses
        self._secure = parts.scheme == "https"

    def connect(self) -> None:
        last: OSError | None = None
        for address in self._addresses:
            try:
                self.sock = socket.create_connection((address, self.port), self.timeout)
                break
            except OSError as error:
                last = error
        else:
            raise last or OSError("no address")
        if self._secure:
            self.sock = ssl.create_default_context().wrap_socket(self.sock, server_hostname=self.host)

    def cut(self) -> None:
        """End it from another thread, however slowly the other side talks."""
        with contextlib.suppress(OSError, AttributeError):
            self.sock.shutdown(socket.SHUT_RDWR)


def fetch(url: str, permitted: Callable[[str], bool] = is_public) -> Fetched:
    """What an address holds, redirects followed; BadInput where it may not be read, cannot be, or is too much."""
    deadline = time.monotonic() + MOST_SECONDS
    for _ in range(MOST_REDIRECTS + 1):
        parts = check_address(url)
        port = parts.port or (443 if parts.scheme == "https" else 80)
        addresses = _resolve(parts.hostname or "", port, permitted, url)
        connection = _Connection(parts, port, addresses, timeout=10.0)
        watch = threading.Timer(deadline - time.monotonic(), connection.cut)
        watch.daemon = True
        watch.start()
        try:
            target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
            connection.request(
                "GET",
                quote(target, safe="%/?:@!$&'()*+,;=~-._"),
                headers={
                    "User-Agent": f"detente/{__version__}",
                    "Accept": _ACCEPT,
                    "Accept-Encoding": "gzip",
                },
            )
            reply = connection.getresponse()
            if reply.status in _REDIRECTS and (place := reply.getheader("Location")):
                url = urljoin(url, place)
                continue
            if reply.status != 200:
                raise BadInput(f"the host answered with status {reply.status}", url[:200])
            kind = (reply.getheader("Content-Type") or "").partition(";")[0].strip().lower()
            if not any(word in kind for word in _KINDS):
                raise BadInput(f"of type {kind[:80] or 'unknown'!r}; feeds and pages are read", url[:200])
            gzipped = (reply.getheader("Content-Encoding") or "").lower() == "gzip"
            return Fetched(url, kind, _body(reply, gzipped, deadline, url))
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise BadInput(f"cannot be read: {type(error).__name__}: {str(error)[:200]}", url[:200]) from None
        finally:
            watch.cancel()
            connection.close()
    raise BadInput(f"more than {MOST_REDIRECTS} redirects", url[:200])


def _body(reply: http.client.HTTPResponse, gzipped: bool, deadline: float, url: str) -> bytes:
    inflate = zlib.decompressobj(31) if gzipped else None
    found = bytearray()
    while True:
        if time.monotonic() > deadline:
            raise BadInput(f"took longer than {MOST_SECONDS:g} seconds", url[:200])
        piece = reply.read1(65536)
        if not piece:
            return bytes(found)
        if inflate:
            try:
                piece = inflate.decompress(piece, MOST_BYTES + 1 - len(found))
            except zlib.error as error:
                raise BadInput(f"cannot be read: {error}", url[:200]) from None
        found += piece
        if len(found) > MOST_BYTES:
            raise BadInput(f"more than {MOST_BYTES:,} bytes", url[:200])
