"""How things are written on the page: days, names, figures, addresses; every template uses these."""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote, urlencode

from detente.actors import country_name
from detente.brief import phrases
from detente.brief.text import clean, weblink
from detente.records import Event, Party

__all__ = [
    "DASH",
    "FILTERS",
    "clean_text",
    "country",
    "day",
    "document_link",
    "event_link",
    "link",
    "month",
    "place",
    "signed",
    "who",
]

# Characters that reorder or hide text: on a page they can make a sentence say what it does not.
_HIDDEN = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff\u00ad]")
DASH = "–"
_HASHED = re.compile(r"^[0-9a-f]{12}/")


def clean_text(text: str) -> str:
    """Text without control characters; characters that reorder or hide text shown as a small box."""
    if text.isascii() and text.isprintable():  # nearly all; a page has thousands of them
        return text
    return _HIDDEN.sub("▫", clean(text))


def day(value: datetime.date | None, precision: str = "day") -> str:
    """A day as people write it, as far as it is known: ``14 Nov 2013``."""
    if value is None:
        return DASH
    if precision == "year":
        return str(value.year)
    text = value.strftime("%b %Y")
    return text if precision == "month" else f"{value.day} {text}"


def month(value: datetime.date | None) -> str:
    """A month: ``Nov 2013``."""
    return DASH if value is None else value.strftime("%b %Y")


def moment(value: datetime.datetime | str | None) -> str:
    """A moment to the minute, UTC: ``25 Nov 2026, 14:05``."""
    if value is None:
        return DASH
    found = datetime.datetime.fromisoformat(value) if isinstance(value, str) else value
    return f"{day(found.date())}, {found:%H:%M}"


def signed(value: float | None, digits: int = 2) -> str:
    """A figure with its sign: ``+0.41``, ``−0.15``."""
    if value is None:
        return DASH
    text = f"{value:+.{digits}f}"
    return f"{0:.{digits}f}" if float(text) == 0 else text.replace("-", "−")


def percent(value: float | None) -> str:
    """A share as whole percent."""
    return DASH if value is None else f"{100 * value:.0f} %"


def thousands(value: int | None) -> str:
    """A count with thin spaces between thousands."""
    return DASH if value is None else f"{value:,}".replace(",", "\u202f")


def country(code: str | None) -> str:
    """A state's name; the code itself where it is none."""
    if code is None:
        return DASH
    try:
        return country_name(code)
    except Exception:
        return code


def who(party: Party | None) -> str:
    """An actor with its state's code, short enough for a list."""
    if party is None:
        return "unnamed"
    if party.country is None or country(party.country).lower() == party.name.lower():
        return party.name
    return f"{party.name} ({party.country})"


def link(path: str, query: Mapping[str, Any] | None = None, /, **more: Any) -> str:
    """An address on this server; what is None or empty is left out, a list is given several times."""
    items: list[tuple[str, str]] = []
    for name, value in {**(query or {}), **more}.items():
        several = value if isinstance(value, list | tuple) else [value]
        items += [(name, str(one)) for one in several if one is not None and one != ""]
    return quote(path, safe="/") + ("?" + urlencode(items) if items else "")


def document_link(document_id: str, sentence_no: int | None = None) -> str:
    """Where a document is shown, at a sentence."""
    at = "" if sentence_no is None or sentence_no < 0 else f"#s{sentence_no}"
    return link("/document", id=document_id) + at


def event_link(event: Event) -> str:
    """Where an event is shown with all that is known of it."""
    return link("/event", id=event.event_id)


def by_sentence(events: Sequence[Event]) -> list[list[Event]]:
    """Events in their order, those of the same sentence and day together."""
    groups: dict[tuple[object, ...], list[Event]] = {}
    for event in events:
        own = event.event_id if event.sentence_no is None else None
        groups.setdefault((event.document_id, event.sentence_no, event.date, own), []).append(event)
    return list(groups.values())


def phrase(event: Event) -> str:
    """Who did what to whom, in words that claim no more than the coding does."""
    return phrases.event_phrase(event)


def place(where: str) -> str:
    """Where something was skipped, as its user knows it: an added file stands by its hash and name in the ledger."""
    return _HASHED.sub("", where)


FILTERS = {
    "place": place,
    "day": day,
    "month": month,
    "moment": moment,
    "signed": signed,
    "percent": percent,
    "thousands": thousands,
    "country": country,
    "who": who,
    "phrase": phrase,
    "weblink": weblink,
    "event_link": event_link,
    "by_sentence": by_sentence,
}
