"""The pages in a web archive (WARC)."""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator
from dataclasses import dataclass

from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed

__all__ = ["BadArchive", "Capture", "captures"]

_PAGES = ("text/html", "application/xhtml+xml", "text/plain")
logging.getLogger("warcio").setLevel(logging.CRITICAL)


class BadArchive(ValueError):
    """The archive cannot be read further."""


@dataclass(frozen=True, slots=True)
class Capture:
    """One page of an archive, or why the record is none: ``problem`` is (code, reason)."""

    number: int
    record_id: str | None
    url: str | None
    data: bytes
    is_html: bool
    problem: tuple[str, str] | None


def captures(stream: io.BufferedReader, limit: int) -> Iterator[Capture]:
    """The responses of a WARC stream, numbered from 1; requests and the archive's own notes are no documents.

    A page of more than ``limit`` bytes, or one that is no text, comes with its problem. BadArchive where the archive
    is cut off or damaged.
    """
    number = 0
    try:
        for record in ArchiveIterator(stream):
            if record.rec_type not in ("response", "resource", "conversion", "revisit"):
                continue
            number += 1
            headers = record.rec_headers
            http = record.http_headers
            kind = (http or headers).get_header("Content-Type") or ""
            status = http.get_statuscode() if http else "200"
            problem = None
            data = b""
            if record.rec_type == "revisit" or status != "200" or not kind.lower().startswith(_PAGES):
                problem = (
                    "not-a-page",
                    f"a {record.rec_type} record with status {status} of type {kind or 'unknown'!r}",
                )
            else:
                data = record.content_stream().read(limit + 1)
                if len(data) > limit:
                    problem, data = ("too-large", f"more than {limit:,} bytes"), b""
                elif getattr(record.raw_stream, "limit", 0) > 0 and not record.raw_stream.read(1):
                    raise BadArchive(f"the archive is cut off inside record {number}")
            yield Capture(
                number=number,
                record_id=headers.get_header("WARC-Record-ID"),
                url=headers.get_header("WARC-Target-URI"),
                data=data,
                is_html="html" in kind.lower(),
                problem=problem,
            )
    except (ArchiveLoadFailed, OSError, EOFError, ValueError) as error:
        raise BadArchive(f"cannot be read after record {number}: {error}") from None
