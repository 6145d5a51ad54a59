"""Files, folders and standard input, opened safely: names made unique, compression undone, sizes bounded."""

from __future__ import annotations

import codecs
import gzip
import io
import os
import stat
import sys
import zlib
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol, cast

from detente.documents.decode import is_utf16
from detente.errors import NotFound
from detente.records import Rejected

__all__ = [
    "STDIN",
    "Damaged",
    "Input",
    "Lines",
    "Readable",
    "TooLarge",
    "list_inputs",
    "open_input",
    "peek",
    "read_bounded",
]

STDIN = "-"
_BUFFER = 1024 * 1024
_HEAD = 64 * 1024
_GZIP_ERRORS = (EOFError, zlib.error, gzip.BadGzipFile)


class Readable(Protocol):
    """A binary stream that gives what it has: an open file, ``sys.stdin.buffer``, ``io.BytesIO``."""

    def read(self, size: int = -1, /) -> bytes:
        """Up to ``size`` bytes."""

    def read1(self, size: int = -1, /) -> bytes:
        """Up to ``size`` bytes, from one read of what lies below."""


class Damaged(OSError):
    """Compressed data that are cut off or damaged."""


class TooLarge(ValueError):
    """More bytes than one document may have."""


@dataclass(frozen=True, slots=True)
class Input:
    """One file to read (``path`` None for standard input) and the document id it gives."""

    path: Path | None
    file_id: str
    where: str


def list_inputs(paths: Iterable[str | Path]) -> Iterator[Input | Rejected]:
    """The files behind the paths, folders walked in sorted order; NotFound for a path that does not exist.

    A file's id is its name, or inside a folder its path below that folder; a second file with the same id gets its
    whole path. Hidden entries of folders, and what is neither file nor folder, are rejected.
    """
    used: set[str] = set()
    for path in paths:
        if str(path) == STDIN:
            yield Input(None, "stdin", "stdin")
            continue
        path = Path(path)  # noqa: PLW2901
        if not path.exists():
            raise NotFound("file or folder", _printable(path))
        for file, name in _walk(path) if path.is_dir() else [(path, path.name)]:
            where = _printable(file)
            if isinstance(name, Rejected):
                yield name
                continue
            file_id = _printable(name)
            if file_id in used:
                file_id = where
            used.add(file_id)
            yield Input(file, file_id, where)


def _walk(top: Path) -> Iterator[tuple[Path, str | Rejected]]:
    def unreadable(error: OSError) -> None:
        problems.append((str(error.filename), error.strerror or "cannot be listed"))

    problems: list[tuple[str, str]] = []
    for folder, folders, files in os.walk(top, onerror=unreadable):
        hidden = sorted(name for name in [*folders, *files] if name.startswith("."))
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in hidden:
            yield (
                Path(folder),
                Rejected(where=_printable(Path(folder, name)), code="hidden", reason="a hidden file or folder"),
            )
        for name in sorted(name for name in files if not name.startswith(".")):
            file = Path(folder, name)
            try:
                regular = stat.S_ISREG(file.stat().st_mode)
            except OSError as error:
                problems.append((str(file), error.strerror or "cannot be read"))
                continue
            if regular:
                yield file, file.relative_to(top).as_posix()
            else:
                yield file, Rejected(where=_printable(file), code="unreadable", reason="not a regular file")
    for where, reason in problems:
        yield top, Rejected(where=_printable(where), code="unreadable", reason=reason)


def _printable(path: str | Path) -> str:
    return os.fsencode(path).decode("utf-8", "replace")


class _Joined(io.RawIOBase):
    """A stream of the bytes already read from another one, then the rest of it; ``recode`` turns it into UTF-8."""

    def __init__(self, head: bytes, rest: Readable, recode: str | None = None) -> None:
        self._ready = head
        self._rest = rest
        self._decoder = codecs.getincrementaldecoder(recode)("replace") if recode else None
        if self._decoder:
            self._ready = self._decoder.decode(head).encode("utf-8", "surrogatepass")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        target = memoryview(buffer)
        while not self._ready:
            try:
                piece = self._rest.read1(len(target))
            except _GZIP_ERRORS as error:
                raise Damaged(f"the compressed data are cut off or damaged: {error}") from None
            self._ready = piece
            if self._decoder:
                self._ready = self._decoder.decode(piece, final=not piece).encode("utf-8", "surrogatepass")
            if not piece:
                break
        count = min(len(target), len(self._ready))
        target[:count] = self._ready[:count]
        self._ready = self._ready[count:]
        return count


def peek(stream: Readable, recode: str | None = None) -> tuple[bytes, io.BufferedReader]:
    """The first 64 KiB of a stream (less where it is shorter or damaged), and the whole stream again."""
    head = b""
    with suppress(*_GZIP_ERRORS, Damaged):  # met again, after all good bytes, when the stream is read
        while len(head) < _HEAD and (piece := stream.read1(_HEAD - len(head))):
            head += piece
    return head, io.BufferedReader(_Joined(head, stream, recode), _BUFFER)


@contextmanager
def open_input(item: Input, stdin: Readable | None) -> Iterator[tuple[bytes, io.BufferedReader]]:
    """The input's first 64 KiB and its whole stream, inflated if it is gzip; OSError where it cannot be opened."""
    with ExitStack() as stack:
        if item.path is not None:
            raw: Readable = stack.enter_context(item.path.open("rb"))
        else:
            raw = stdin or cast("io.BufferedReader", sys.stdin.buffer)
        head, stream = peek(raw)
        if head.startswith(b"\x1f\x8b"):
            head, stream = peek(gzip.GzipFile(fileobj=stream))
        yield head, stream


def read_bounded(stream: io.BufferedReader, limit: int) -> bytes:
    """All bytes of a stream; TooLarge after ``limit``, holding no more than that in memory."""
    parts: list[bytes] = []
    size = 0
    while piece := stream.read(min(_BUFFER, limit + 1 - size)):
        parts.append(piece)
        size += len(piece)
        if size > limit:
            raise TooLarge(f"more than {limit:,} bytes")
    return b"".join(parts)


class Lines:
    """The lines of a stream as bytes; None in place of a line longer than ``limit``, which is passed over."""

    def __init__(self, head: bytes, stream: io.BufferedReader, limit: int) -> None:
        utf16 = is_utf16(head)
        self._stream = peek(stream, utf16)[1] if utf16 else stream
        self._limit = limit

    def __iter__(self) -> Iterator[bytes | None]:
        while line := self._stream.readline(self._limit + 1):
            if len(line) <= self._limit or line.endswith(b"\n"):
                yield line
                continue
            while (piece := self._stream.readline(_BUFFER)) and not piece.endswith(b"\n"):
                pass
            yield None
