"""What kind of document a file holds, told by its ending and its content."""

from __future__ import annotations

import json
import re
from pathlib import PurePath
from typing import Literal

from detente.documents.decode import is_utf16
from detente.documents.options import Kind

__all__ = ["sniff"]

_ENDINGS: dict[str, Kind] = {
    ".txt": "text",
    ".text": "text",
    ".md": "markdown",
    ".markdown": "markdown",
    ".html": "html",
    ".htm": "html",
    ".xhtml": "html",
    ".shtml": "html",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".rss": "feed",
    ".atom": "feed",
    ".warc": "warc",
}
_COMMENTS = re.compile(r"(?:\s+|<!--.*?-->|<\?.*?\?>)+", re.DOTALL)
_FEED_ROOT = re.compile(
    r"(?:<!DOCTYPE[^>\[]*(?:\[.*?\])?\s*>\s*)?<(?:\w+:)?(?:rss|feed|rdf)\b", re.IGNORECASE | re.DOTALL
)
_HTML_START = re.compile(r"<(?:!doctype\s+html|html|head|body|meta|title|article|div|p|h1)\b", re.IGNORECASE)
_HTML_TAG = re.compile(r"</?(?:html|head|body|title|meta|div|p|a|span|h[1-6]|br|article|table)\b[^>]*>", re.IGNORECASE)
_JSON_FEED = re.compile(r'"version"\s*:\s*"https?:\\?/\\?/jsonfeed\.org', re.IGNORECASE)


def sniff(name: str, head: bytes) -> Kind | Literal["json", "xml"]:
    """The kind of a file from its name and first bytes; ``json`` or ``xml`` for such of a make that is not read.

    What the content says plainly (a WARC header, an HTML doctype, a feed's root element, a JSON record with a text)
    wins over the ending; an HTML ending without any tag is text.
    """
    if head.startswith(b"WARC/"):
        return "warc"
    ending = PurePath(name.lower().removesuffix(".gz")).suffix
    known = _ENDINGS.get(ending)
    if known in ("jsonl", "warc"):
        return known
    utf16 = is_utf16(head)
    text = head.decode(utf16, "replace") if utf16 else head.decode("utf-8-sig", "replace")
    text = text.lstrip("\ufeff \t\r\n")
    markup = _COMMENTS.sub("", text, count=1) if text.startswith(("<!--", "<?")) else text
    if _FEED_ROOT.match(markup):
        return "feed"
    if _HTML_START.match(markup) or (known == "html" and _HTML_TAG.search(text)):
        return "html"
    if text.startswith(("{", "[")) and (json_kind := _json_kind(text, ending)):
        return json_kind
    if markup.startswith("<") and (ending == ".xml" or text.startswith("<?xml")):
        return "xml"
    return "text" if known in (None, "html", "feed") else known


def _json_kind(text: str, ending: str) -> Kind | Literal["json"] | None:
    if _JSON_FEED.search(text[:4096]):
        return "feed"
    first, newline, _ = text.partition("\n")
    try:
        record = json.loads(first)
    except (ValueError, RecursionError):
        cut_off = not newline and re.match(r'\{\s*"\w+"\s*:', first) is not None
        if cut_off:
            return "jsonl"
        return "json" if ending == ".json" else None
    if isinstance(record, dict) and ("text" in record or ending == ".json"):
        return "jsonl"
    return "json" if ending == ".json" else None
