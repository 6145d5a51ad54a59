"""The entries of RSS, Atom and JSON feeds."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from lxml import etree

from detente.documents.decode import clean
from detente.documents.web import fragment_text

__all__ = ["Entry", "NotAFeed", "feed_entries"]

_ENTRY_NAMES = frozenset({"item", "entry"})
# Extensions whose elements bear the names of the feed's own (title, content) but mean pictures and podcasts.
_MEDIA_NAMESPACES = ("search.yahoo.com/mrss", "itunes.com/dtds/podcast", "backend.userland.com/creativecommons")


class NotAFeed(ValueError):
    """The document cannot be parsed as a feed."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a feed; ``date_text`` as written, None where it has none."""

    entry_id: str | None
    title: str | None
    text: str
    date_text: str | None
    url: str | None
    source: str | None


def feed_entries(text: str) -> Iterator[Entry]:
    """The entries of a feed in their order; NotAFeed where it is none.

    An entry's text is its content, else its summary, else its headline. Entities that the document itself defines
    are not expanded, and nothing outside it is loaded.
    """
    if text.lstrip("\ufeff \t\r\n").startswith("{"):
        return _json_entries(text)
    return _xml_entries(text)


def _json_entries(text: str) -> Iterator[Entry]:
    try:
        feed = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise NotAFeed(f"not JSON: {error}") from None
    items = feed.get("items") if isinstance(feed, dict) else None
    if not isinstance(items, list):
        raise NotAFeed("a JSON feed has a list of items, this has none")
    source = _string(feed.get("title"))
    for raw in items:
        item: dict[str, Any] = raw if isinstance(raw, dict) else {}
        title = _string(item.get("title"))
        body = _string(item.get("content_text")) or fragment_text(str(item.get("content_html") or ""))
        yield Entry(
            entry_id=_string(item.get("id")) or _string(item.get("url")),
            title=title,
            text=body or _string(item.get("summary")) or title or "",
            date_text=_string(item.get("date_published")) or _string(item.get("date_modified")),
            url=_string(item.get("url")) or _string(item.get("external_url")),
            source=source,
        )


def _string(value: object) -> str | None:
    if isinstance(value, bool) or not isinstance(value, str | int):
        return None
    return clean(str(value)).strip() or None


def _xml_entries(text: str) -> Iterator[Entry]:
    parser = etree.XMLParser(
        encoding="utf-8", resolve_entities=False, no_network=True, recover=True, huge_tree=False, load_dtd=False
    )
    try:
        root = etree.fromstring(text.lstrip("\ufeff \t\r\n").encode(), parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise NotAFeed(f"not XML: {error}") from None
    if root is None:
        raise NotAFeed("not XML")
    source: str | None = None
    for element in root.iter():
        name = _name(element)
        if name in _ENTRY_NAMES:
            yield _xml_entry(element, source)
        elif name == "title" and source is None:
            source = _words(element)


def _xml_entry(element: Any, source: str | None) -> Entry:
    found: dict[str, str] = {}
    for child in element:
        name = _name(child)
        if name == "link":
            href = child.get("href")
            if href is None or child.get("rel", "alternate") == "alternate":
                found.setdefault("link", (href or _words(child) or "").strip())
            else:
                found.setdefault("other-link", href.strip())
        elif name and (value := _words(child)):
            found.setdefault(name, value)
    title = found.get("title")
    body = next((found[name] for name in ("encoded", "content", "description", "summary") if found.get(name)), None)
    link = found.get("link") or found.get("origLink") or found.get("other-link") or None
    return Entry(
        entry_id=found.get("guid") or found.get("id") or link,
        title=" ".join(title.split()) if title else None,
        text=body or title or "",
        date_text=next((found[n] for n in ("pubDate", "published", "date", "issued", "updated") if n in found), None),
        url=link,
        source=" ".join(source.split()) if source else None,
    )


def _name(element: Any) -> str | None:
    """An element's name without its namespace; None for comments and for media extensions."""
    if not isinstance(element.tag, str):
        return None
    namespace, _, name = element.tag.rpartition("}")
    if any(part in namespace for part in _MEDIA_NAMESPACES):
        return None
    prefix, _, local = name.rpartition(":")  # a prefix stays in the name where its namespace is not declared
    return None if prefix in ("media", "itunes") else local


def _words(element: Any) -> str | None:
    """The words inside an element: its text as HTML, or its child elements (XHTML content)."""
    if any(isinstance(child.tag, str) for child in element):
        raw = etree.tostring(element, encoding="unicode", with_tail=False)
    else:
        raw = "".join(element.itertext())
    return fragment_text(raw) or None
