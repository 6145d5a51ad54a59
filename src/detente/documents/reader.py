"""Inputs of any kind as a stream of documents; what cannot become one comes out as a rejection with its reason."""

from __future__ import annotations

import dataclasses
import datetime
import io
import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import yaml

from detente.documents.dates import date_in_head, parse_loose
from detente.documents.decode import Undecodable, clean, decode, looks_binary
from detente.documents.feeds import NotAFeed, feed_entries
from detente.documents.inputs import Damaged, Input, Lines, Readable, TooLarge, list_inputs, open_input, read_bounded
from detente.documents.options import ReadOptions
from detente.documents.sniff import sniff
from detente.documents.web import MAX_PAGE_BYTES, declared_charset, read_page
from detente.records import Document, Rejected

__all__ = ["FRONT_MATTER", "read", "read_inputs"]

FRONT_MATTER = re.compile(r"\A---[ \t]*\r?\n(.{0,16384}?)\r?\n---[ \t]*(?:\r?\n|\Z)", re.DOTALL)


class _Reject(Exception):
    """Ends the reading of one record; becomes a Rejected."""

    def __init__(self, code: str, reason: str) -> None:
        self.code = code
        super().__init__(reason)


def read(
    paths: Iterable[str | Path], options: ReadOptions | None = None, stdin: Readable | None = None
) -> Iterator[Document | Rejected]:
    """The documents in files, folders and ``-`` (standard input), in order, each or the reason why it is none.

    Streams: holds one document at a time (and 60 bytes for each id seen). NotFound, before anything is read, for a
    path that does not exist. A record whose id was seen before in the same call is rejected.
    """
    inputs = list(list_inputs([paths] if isinstance(paths, str | Path) else paths))
    return read_inputs(inputs, options or ReadOptions(), stdin)


def read_inputs(
    inputs: Iterable[Input | Rejected], options: ReadOptions, stdin: Readable | None = None
) -> Iterator[Document | Rejected]:
    """The same for inputs that are listed already, under ids and places of the caller's choice."""
    seen: set[int] = set()
    for item in inputs:
        if isinstance(item, Rejected):
            yield item
            continue
        for result in _File(item, options).read(stdin):
            if isinstance(result, Document):
                key = hash(result.document_id)
                if key in seen:
                    reason = f"the id {result.document_id!r} was already used in this run"
                    yield Rejected(where=_where(result, item), code="duplicate-id", reason=reason)
                    continue
                seen.add(key)
            yield result


def _where(document: Document, item: Input) -> str:
    return item.where if document.document_id == item.file_id else f"{item.where} ({document.document_id})"


@dataclasses.dataclass(frozen=True)
class _File:
    """One input and how to read it."""

    item: Input
    options: ReadOptions

    def read(self, stdin: Readable | None) -> Iterator[Document | Rejected]:
        try:
            with open_input(self.item, stdin) as (head, stream):
                yield from self._by_kind(head, stream)
        except _Reject as problem:
            yield self._rejected(problem)
        except Damaged as error:
            yield self._rejected(_Reject("truncated", str(error)))
        except OSError as error:
            yield self._rejected(_Reject("unreadable", error.strerror or str(error)))

    def _by_kind(self, head: bytes, stream: io.BufferedReader) -> Iterator[Document | Rejected]:
        kind: str = self.options.kind
        if kind == "auto":
            if self.options.encoding is None and (binary := looks_binary(head)) and not head.startswith(b"WARC/"):
                raise _Reject("binary", f"{binary}, not text")
            kind = sniff(self.item.file_id, head)
        if kind == "jsonl":
            yield from self._json_lines(head, stream)
        elif kind == "warc":
            yield from self._archive(stream)
        elif kind == "feed":
            yield from self._feed(self._whole(stream))
        elif kind == "html":
            yield self._page(self._whole(stream), None, self.item.file_id)
        elif kind in ("text", "markdown"):
            yield self._plain(self._decode(self._whole(stream)))
        else:
            raise _Reject("unknown-kind", f"{kind.upper()} of a make that is not read (feeds and JSON Lines are)")

    def _rejected(self, problem: _Reject, part: str = "") -> Rejected:
        return Rejected(where=self.item.where + part, code=problem.code, reason=str(problem))

    def _whole(self, stream: io.BufferedReader) -> bytes:
        try:
            return read_bounded(stream, self.options.max_bytes)
        except TooLarge as error:
            raise _Reject("too-large", str(error)) from None

    def _decode(self, data: bytes, declared: str | None = None) -> str:
        try:
            return decode(data, self.options.encoding, declared)
        except Undecodable as error:
            raise _Reject("undecodable", str(error)) from None

    def _document(
        self,
        document_id: str,
        text: str,
        published: datetime.date | None,
        *,
        title: str | None = None,
        source: str | None = None,
        url: str | None = None,
    ) -> Document:
        """A document with its date: ``published``, else the one at the text's head, else the option's."""
        if not text or text.isspace():
            raise _Reject("empty", "no text in it")
        date_from = "metadata"
        if published is None:
            published, date_from = date_in_head(text), "text"
        if published is None:
            published, date_from = self.options.date, "option"
        if published is None:
            raise _Reject("no-date", "carries no date, and none was given for such documents")
        return Document(
            document_id=clean(document_id),
            text=text,
            published=published,
            title=title,
            source=source,
            url=url,
            path=self.item.where if self.item.path else None,
            date_from=date_from,
        )

    def _plain(self, text: str) -> Document:
        matter = _front_matter(text)
        return self._document(
            self.item.file_id,
            text,
            parse_loose(matter.get("date") or matter.get("published")),
            title=_text_or_none(matter.get("title")),
            source=_text_or_none(matter.get("source")),
            url=_text_or_none(matter.get("url")),
        )

    def _page(self, data: bytes, url: str | None, document_id: str) -> Document:
        if len(data) > MAX_PAGE_BYTES:
            raise _Reject("too-large", f"an HTML page of more than {MAX_PAGE_BYTES:,} bytes")
        try:
            page = read_page(self._decode(data, declared_charset(data)), url)
        except (ValueError, AttributeError, TypeError, LookupError, RecursionError, AssertionError) as error:
            raise _Reject("bad-html", f"the page cannot be parsed: {error}") from None
        return self._document(
            document_id, page.text, page.published, title=page.title, source=page.source, url=page.url
        )

    def _json_lines(self, head: bytes, stream: io.BufferedReader) -> Iterator[Document | Rejected]:
        empty = True
        for number, line in enumerate(Lines(head, stream, self.options.max_bytes), 1):
            if line is not None and not line.strip():
                continue
            empty = False
            try:
                if line is None:
                    raise _Reject("too-large", f"more than {self.options.max_bytes:,} bytes")
                yield self._record(self._decode(line), f"{self.item.file_id}#{number}")
            except _Reject as problem:
                yield self._rejected(problem, f":{number}")
        if empty:
            raise _Reject("empty", "no records in it")

    def _record(self, line: str, default_id: str) -> Document:
        try:
            record = json.loads(line.strip("\ufeff \t\r\n"))
        except json.JSONDecodeError as error:
            raise _Reject("bad-json", f"not JSON: {error.msg} at column {error.colno}") from None
        except (ValueError, RecursionError) as error:
            raise _Reject("bad-json", f"not JSON: {error}") from None
        if not isinstance(record, dict):
            raise _Reject("bad-json", f"a JSON {type(record).__name__} where an object is wanted")
        if record.get("text") is None:
            raise _Reject("missing-text", "the record has no 'text'")
        given = record.get("id")
        if isinstance(given, bool) or not isinstance(given, str | int | None):
            raise _Reject("wrong-type", f"'id' is a {type(given).__name__}, not a text or number")
        fields = {name: _checked(record, name) for name in ("text", "date", "title", "source", "url")}
        published = parse_loose(fields["date"])
        if published is None and fields["date"]:
            raise _Reject("bad-date", f"date {fields['date'][:80]!r} is not a date of the form YYYY-MM-DD")
        return self._document(
            default_id if given is None or given == "" else str(given),
            fields["text"] or "",
            published,
            title=fields["title"],
            source=fields["source"],
            url=fields["url"],
        )

    def _feed(self, data: bytes) -> Iterator[Document | Rejected]:
        number = 0
        try:
            for number, entry in enumerate(feed_entries(self._decode(data, declared_charset(data))), 1):
                try:
                    yield self._document(
                        entry.entry_id or f"{self.item.file_id}#{number}",
                        entry.text,
                        parse_loose(entry.date_text),
                        title=entry.title,
                        source=entry.source,
                        url=entry.url,
                    )
                except _Reject as problem:
                    yield self._rejected(problem, f"#{number}")
        except NotAFeed as error:
            raise _Reject("bad-feed", str(error)) from None
        if not number:
            raise _Reject("empty", "no entries in the feed")

    def _archive(self, stream: io.BufferedReader) -> Iterator[Document | Rejected]:
        from detente.documents.archive import BadArchive, captures  # noqa: PLC0415 - for archives alone

        number = 0
        try:
            for capture in captures(stream, self.options.max_bytes):
                number = capture.number
                record_id = (capture.record_id or "").strip("<>") or f"{self.item.file_id}#{number}"
                try:
                    if capture.problem:
                        raise _Reject(*capture.problem)
                    if capture.is_html:
                        yield self._page(capture.data, capture.url, record_id)
                    else:
                        yield self._document(record_id, self._decode(capture.data), None, url=capture.url)
                except _Reject as problem:
                    yield self._rejected(problem, f"#{number}")
        except BadArchive as error:
            raise _Reject("truncated", str(error)) from None
        if not number:
            raise _Reject("empty", "no pages in the archive")


def _checked(record: dict[str, Any], name: str) -> Any:
    value = record.get(name)
    if value is not None and not isinstance(value, str):
        raise _Reject("wrong-type", f"{name!r} is a {type(value).__name__}, not a text")
    return None if value is None else clean(value)


def _front_matter(text: str) -> dict[str, Any]:
    found = FRONT_MATTER.match(text)
    if not found:
        return {}
    try:
        values = yaml.safe_load(found.group(1))
    except (yaml.YAMLError, ValueError, RecursionError):
        return {}
    return values if isinstance(values, dict) else {}


def _text_or_none(value: object) -> str | None:
    return " ".join(value.split()) or None if isinstance(value, str) else None
