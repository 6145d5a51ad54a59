"""How documents are read: one checked object that the command line, Python and REST all build."""

from __future__ import annotations

import codecs
import datetime
from dataclasses import dataclass
from typing import Literal, get_args

from detente.errors import BadInput, BadOption
from detente.records import parse_date

__all__ = ["KINDS", "Kind", "ReadOptions"]

Kind = Literal["auto", "text", "markdown", "html", "jsonl", "feed", "warc"]
KINDS: tuple[Kind, ...] = get_args(Kind)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadOptions:
    """What the reader assumes about its inputs; the defaults tell kind and encoding from ending and content.

    ``date`` is given to documents that carry none themselves. ``kind`` overrides the detection for every input.
    ``max_bytes`` bounds one document (a file, or a record of a file of many), counted after decompression.
    ``encoding`` overrides the detection; a document that is not in it is rejected.
    """

    date: datetime.date | None = None
    kind: Kind = "auto"
    max_bytes: int = 64 * 1024 * 1024
    encoding: str | None = None

    def __post_init__(self) -> None:
        if self.date is not None:
            object.__setattr__(self, "date", parse_date(self.date))
        if self.kind not in KINDS:
            raise BadOption("kind", self.kind, KINDS)
        if isinstance(self.max_bytes, bool) or not isinstance(self.max_bytes, int) or self.max_bytes < 1:
            raise BadInput(f"max_bytes {self.max_bytes!r} is not a positive number of bytes")
        if self.encoding is not None:
            try:
                codecs.lookup(self.encoding)
            except LookupError:
                raise BadInput(f"encoding {self.encoding!r} is not one that Python knows") from None
