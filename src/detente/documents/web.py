"""The article in an HTML page, and the text of an HTML fragment."""

from __future__ import annotations

import datetime
import logging
import re
from dataclasses import dataclass
from typing import Any

from lxml import etree
from lxml import html as lxml_html

from detente.documents.dates import parse_loose
from detente.documents.decode import clean

__all__ = ["MAX_PAGE_BYTES", "Page", "declared_charset", "fragment_text", "read_page"]

# Extraction parses a page several times over. The largest of the 162 real pages is 1.2 MB; 8 MB take some seconds.
MAX_PAGE_BYTES = 8 * 1024 * 1024
_CHARSET = re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([\w.:-]{2,40})""", re.IGNORECASE)
_XML_ENCODING = re.compile(rb"""^\s*<\?xml[^>]{0,100}?encoding\s*=\s*["']([\w.:-]{2,40})""")
_BLOCKS = frozenset(
    {"address", "article", "aside", "blockquote", "br", "dd", "div", "dl", "dt", "figcaption", "figure", "footer"}
    | {"h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li", "main", "nav", "ol", "p", "pre", "section"}
    | {"table", "td", "th", "tr", "ul"}
)
_UNREAD = frozenset({"script", "style", "noscript", "template", "iframe", "object", "svg", "head"})
# trafilatura reports every odd page at length; what matters comes back as a missing body.
logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
logging.getLogger("htmldate").setLevel(logging.CRITICAL)


@dataclass(frozen=True, slots=True)
class Page:
    """What an HTML page says: its article and the metadata found."""

    text: str
    title: str | None
    published: datetime.date | None
    source: str | None
    url: str | None


def declared_charset(data: bytes) -> str | None:
    """The encoding that an HTML or XML document names at its head."""
    found = _XML_ENCODING.match(data[:1024]) or _CHARSET.search(data[:8192])
    return found.group(1).decode("ascii") if found else None


def read_page(html: str, url: str | None = None) -> Page:
    """The article of a page (trafilatura), empty text where there is none.

    Where no article stands out, which is so on very short pages, it is all the text of the page's body.
    """
    import trafilatura  # noqa: PLC0415 (takes half a second)

    found: Any = trafilatura.bare_extraction(
        html,
        url=url,
        with_metadata=True,
        include_comments=False,
        include_tables=False,
        date_extraction_params={"extensive_search": True, "original_date": True},
    )
    text = (found.text if found else None) or fragment_text(html)
    return Page(
        text=clean(text),
        title=_line(found.title) if found else None,
        published=parse_loose(found.date) if found else None,
        source=_line(found.sitename) if found else None,
        url=_line(found.url) if found else url,
    )


def fragment_text(html: str) -> str:
    """The words of an HTML fragment, a line for each block; scripts and styles left out."""
    if "<" not in html and "&" not in html:
        return clean(html).strip()
    parser = lxml_html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
    try:
        root = lxml_html.document_fromstring(clean(html).encode(), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError):
        return ""
    parts: list[str] = []
    skip = 0
    for action, element in etree.iterwalk(root, events=("start", "end")):
        tag = element.tag
        if tag in _UNREAD:
            skip += 1 if action == "start" else -1
        if tag in _BLOCKS:
            parts.append("\n")
        words = element.text if action == "start" else element.tail
        if words and not skip:
            parts.append(re.sub(r"\s+", " ", words))
    lines = (re.sub(r" +", " ", line).strip() for line in "".join(parts).split("\n"))
    return clean("\n".join(line for line in lines if line))


def _line(value: object) -> str | None:
    if not isinstance(value, str):
        return None
    return " ".join(clean(value).split()) or None
