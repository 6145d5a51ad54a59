"""Pages of long lists: a bounded number of items and a cursor for the next page, stable while the ledger grows."""

from __future__ import annotations

import base64
import datetime
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from detente.errors import BadInput

__all__ = ["LIMIT", "MOST", "Page", "check_limit", "check_span", "decode_cursor", "encode_cursor", "page_of"]

T = TypeVar("T")
LIMIT, MOST = 50, 500
"""Items of a page where none is asked for, and at most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page(Generic[T]):
    """Some items of a list in order; ``next`` is the cursor of the page after it, ``total`` the list's length."""

    items: tuple[T, ...]
    next: str | None = None
    total: int | None = None


def encode_cursor(*key: object) -> str:
    """The sort key of a page's last item as text for an address."""
    text = json.dumps([str(k) if k is not None else None for k in key], ensure_ascii=True)
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def decode_cursor(cursor: str, parts: int) -> list[str]:
    """The key that a cursor holds; BadInput for one that we did not make."""
    try:
        found = json.loads(base64.urlsafe_b64decode(cursor.encode("ascii") + b"=" * (-len(cursor) % 4)))
        if isinstance(found, list) and len(found) == parts and all(isinstance(k, str) for k in found):
            return found
    except (ValueError, RecursionError):
        pass
    raise BadInput(f"cursor {cursor[:80]!r} is none that was given out: take it from the page before")


def check_limit(limit: int) -> int:
    """The number of items asked for; BadInput where it is not from 1 to ``MOST``."""
    if not 1 <= limit <= MOST:
        raise BadInput(f"limit {limit} is not between 1 and {MOST}")
    return limit


def check_span(since: datetime.date | None, until: datetime.date | None) -> None:
    """BadInput where a span of days is upside down."""
    if since is not None and until is not None and since > until:
        raise BadInput(f"since {since} is after until {until}")


def page_of(items: Sequence[T], limit: int, cursor: str | None) -> Page[T]:
    """A page of a list that is computed whole; the cursor holds the place."""
    check_limit(limit)
    start = 0
    if cursor is not None:
        text = decode_cursor(cursor, 1)[0]
        if not (text.isascii() and text.isdigit() and len(text) < 12):
            raise BadInput(f"cursor {cursor[:80]!r} is none that was given out: take it from the page before")
        start = int(text)
    end = start + limit
    return Page(items=tuple(items[start:end]), next=encode_cursor(end) if end < len(items) else None, total=len(items))
