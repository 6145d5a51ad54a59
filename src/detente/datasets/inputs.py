"""Files of a data set as pieces to read: plain, ``.gz`` or ``.zip``, found by name, folder or pattern.

A piece is a file of whole lines on the disk, small enough that its rows fit in memory many times over. A plain file
below that size is its own piece; of larger and of packed files, pieces are written to a temporary folder one by one.
"""

from __future__ import annotations

import codecs
import gzip
import hashlib
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path
from typing import IO, TypeVar

from detente.errors import BadInput, NotFound
from detente.records import Rejected

__all__ = ["PIECE_BYTES", "Piece", "Source", "ahead", "find_files", "pieces", "sources"]

PIECE_BYTES = 256 << 20
"""Size of a piece. Tried 64 MB to 1 GB on 20 million rows: below 128 MB the steps between pieces cost more than a
tenth of the time, above 512 MB the memory goes past 3 GB."""
_MOST_UNPACKED = 64 << 30  # bytes that one packed file may hold
_MOST_RATIO = 200  # unpacked to packed size, beyond the first 100 MB; event data packs to a tenth at most
_RATIO_FROM = 100 << 20
_MOST_LINE = 16 << 20  # bytes; a longer line is no row of an event data set
_HEAD = 64 << 10
_BLOCK = 512 << 10  # what is read, looked at and written at once stays in the processor's cache


@dataclass(frozen=True, slots=True)
class Source:
    """A file, or one file inside a ``.zip``; ``size`` is that on the disk, ``fingerprint`` tells its content."""

    path: Path
    member: str | None
    size: int
    fingerprint: str

    @property
    def name(self) -> str:
        """What it is called in messages."""
        return f"{self.path}:{self.member}" if self.member else str(self.path)


@dataclass(frozen=True, slots=True)
class Piece:
    """Whole lines of a source in a file of their own, from byte ``offset`` of its unpacked content on.

    ``header`` tells that it begins with the source's first line, its own or a copy; ``lines_before`` is the number of
    lines before it, less one for a copy, or None where nobody counted. ``done`` is how much of the source on the disk
    is read with it, 0 to 1; ``head`` are its first bytes. ``utf8`` tells that all of it is.
    """

    source: Source
    path: Path
    offset: int
    lines_before: int | None
    header: bool
    done: float
    head: bytes
    utf8: bool


def find_files(patterns: Iterable[str | Path]) -> list[Path]:
    """Files of names, folders (all files in them, hidden ones not) and patterns, each once, in order of their names.

    NotFound for a name or pattern without a file.
    """
    found: dict[Path, None] = {}
    for pattern in patterns:
        text = str(pattern)
        path = Path(text)
        if path.is_dir():
            inside = [p for p in path.rglob("*") if p.is_file() and not p.name.startswith(".")]
            here = sorted(inside)
        elif path.exists():
            here = [path]
        else:
            here = sorted(p for p in _matching(text) if p.is_file())
        if not here:
            raise NotFound("file", text)
        found |= dict.fromkeys(here)
    return list(found)


def _matching(pattern: str) -> Iterator[Path]:
    """Files of a pattern with ``*``, ``**``, ``?`` or ``[…]``; none for a plain name."""
    parts = Path(pattern).parts
    plain = next((n for n, part in enumerate(parts) if set(part) & set("*?[")), None)
    if plain is not None:
        yield from Path(*parts[:plain]).glob(str(Path(*parts[plain:])))


def sources(paths: Iterable[Path]) -> Iterator[Source | Rejected]:
    """What there is to read in files: a ``.zip`` gives each file in it."""
    for path in paths:
        try:
            print_ = _fingerprint(path)
            if zipfile.is_zipfile(path):
                with zipfile.ZipFile(path) as archive:
                    inside = [entry for entry in archive.infolist() if not entry.is_dir()]
                for entry in inside:
                    yield Source(path, entry.filename, entry.compress_size, f"{print_}:{entry.filename}")
                if not inside:
                    yield Rejected(where=str(path), code="empty", reason="a zip file with no file in it")
            else:
                yield Source(path, None, path.stat().st_size, print_)
        except (OSError, zipfile.BadZipFile) as error:
            yield Rejected(where=str(path), code="unreadable", reason=f"cannot be read: {error}")


def _fingerprint(path: Path) -> str:
    """Hash of size, time of change and up to 64 samples of the content: a file of many gigabytes is not read twice.

    Where a file changed so that this does not tell, its rows would be told by their ids; see ``ledger.imports``.
    """
    stat = path.stat()
    digest = hashlib.blake2b(f"{stat.st_size}".encode(), digest_size=16)
    with path.open("rb") as file:
        if stat.st_size <= 64 * _HEAD:
            digest.update(file.read())
        else:
            digest.update(f"{stat.st_mtime_ns}".encode())
            for n in range(64):
                file.seek(n * (stat.st_size - _HEAD) // 63)
                digest.update(file.read(_HEAD))
    return digest.hexdigest()


def pieces(
    source: Source, folder: Path, *, header: bool, skip: frozenset[int] = frozenset(), size: int = PIECE_BYTES
) -> Iterator[Piece | Rejected]:
    """The pieces of a source; those that begin at an offset in ``skip`` are passed over.

    With ``header`` every piece begins with the source's first line. The file of a piece is there until the next but
    one is asked for, the last for as long as the folder. A packed file that ends too early, or unpacks to more than it
    may, gives its whole lines, then a rejection.
    """
    if source.member is None and source.path.suffix.lower() == ".parquet":
        if 0 not in skip:
            yield Piece(source, source.path, 0, 0, False, 1.0, b"", True)
        return
    packed = source.member is not None or source.path.suffix.lower() == ".gz" or _is_gzip(source.path)
    if not packed and source.size <= size:
        if 0 not in skip:
            with source.path.open("rb") as file:
                head = file.read(_HEAD)
            if not head.strip():
                yield _empty(source)
            else:
                yield Piece(source, source.path, 0, 0, header, 1.0, head, _is_utf8(source.path))
        return
    yield from _cut(source, folder, header=header, skip=skip, size=size, packed=packed)


class _Encoding:
    """Tells whether bytes, block after block, are UTF-8."""

    def __init__(self) -> None:
        self._decoder = codecs.getincrementaldecoder("utf-8")()
        self._sound = True

    def add(self, block: bytes) -> None:
        if not self._sound or (block.isascii() and not self._decoder.getstate()[0]):
            return
        try:
            self._decoder.decode(block)
        except UnicodeDecodeError:
            self._sound = False

    def utf8(self) -> bool:
        """Whether all were, to the last letter."""
        return self._sound and not self._decoder.getstate()[0]


def _is_utf8(path: Path) -> bool:
    encoding = _Encoding()
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            encoding.add(block)
    return encoding.utf8()


T = TypeVar("T")


def ahead(items: Iterator[T]) -> Iterator[T]:
    """The items, each made while the one before is worked on."""
    with ThreadPoolExecutor(max_workers=1) as pool:
        coming = pool.submit(next, items, None)
        while (item := coming.result()) is not None:
            coming = pool.submit(next, items, None)
            yield item


def _empty(source: Source) -> Rejected:
    return Rejected(where=source.name, code="empty", reason="holds nothing")


def _is_gzip(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(2) == b"\x1f\x8b"


def _cut(
    source: Source, folder: Path, *, header: bool, skip: frozenset[int], size: int, packed: bool
) -> Iterator[Piece | Rejected]:
    turns = cycle((folder / "piece", folder / "another"))
    offset = 0
    lines = 0 if packed else None
    first = rest = b""
    try:
        with _opened(source) as (file, raw):
            while True:
                lead = first if offset else b""
                target = next(turns)
                part = _part(file, source, target, lead, rest, offset, size=size, packed=packed)
                if header and not offset:
                    first = part.head[: part.head.find(b"\n") + 1]
                if part.solid and offset not in skip:
                    done = 1.0 if part.whole else min(1.0, raw.tell() / max(source.size, 1))
                    before = None if lines is None else lines - (1 if lead else 0)
                    yield Piece(source, target, offset, before, header, done, lead + part.head, part.utf8)
                elif part.whole and not offset:
                    yield _empty(source)
                if part.trouble is not None:
                    yield part.trouble
                if part.whole or part.trouble is not None:
                    return
                if len(part.rest) > _MOST_LINE:
                    yield Rejected(where=source.name, code="not-rows", reason="a line of more than 16 MB: no rows")
                    return
                offset += part.length
                lines = None if lines is None else lines + part.lines
                rest = part.rest
    except OSError as error:
        yield Rejected(where=source.name, code="unreadable", reason=f"cannot be read: {error}")


@dataclass(frozen=True, slots=True)
class _Part:
    """What was written: ``length`` bytes of whole lines of the source, and the ``rest`` that begins the next line.

    ``whole`` tells that the source ends here, ``solid`` that there is more than blanks in it, ``utf8`` that it is such.
    """

    length: int
    lines: int
    rest: bytes
    head: bytes
    solid: bool
    utf8: bool
    whole: bool
    trouble: Rejected | None


def _part(
    file: IO[bytes], source: Source, target: Path, lead: bytes, rest: bytes, offset: int, *, size: int, packed: bool
) -> _Part:
    """Write ``lead`` and the source's next lines to ``target``, up to about ``size`` bytes."""
    length, lines, tail, head, solid = len(rest), 0, rest, rest, bool(rest.strip())
    whole, trouble = False, None
    encoding = _Encoding()
    encoding.add(lead)
    encoding.add(rest)
    # Written over what is there: pages that the system has to find and clear anew cost more than the copy.
    with target.open("r+b" if target.exists() else "wb") as out:
        out.write(lead)
        out.write(rest)
        while length < size and trouble is None:
            block, trouble = _read(file, min(_BLOCK, size - length), source, offset + length, packed)
            if not block:
                whole = trouble is None
                break
            out.write(block)
            encoding.add(block)
            length += len(block)
            head = head if len(head) >= _HEAD else (head + block)[:_HEAD]
            solid = solid or not block.isspace()
            lines += block.count(b"\n") if packed else 0
            end = block.rfind(b"\n") + 1
            tail = block[end:] if end else tail + block
        if whole or trouble is not None:
            tail = b""
        out.truncate(len(lead) + length - len(tail))
    return _Part(length - len(tail), lines, tail, head, solid, encoding.utf8(), whole, trouble)


@contextmanager
def _opened(source: Source) -> Iterator[tuple[IO[bytes], IO[bytes]]]:
    """The unpacked content, and the file on the disk, whose position tells how far that is."""
    with source.path.open("rb") as raw:
        if source.member is not None:
            with zipfile.ZipFile(raw) as archive, archive.open(source.member) as file:
                yield file, raw
        elif _is_gzip(source.path):
            with gzip.open(raw) as file:
                yield file, raw  # type: ignore[misc]  # a GzipFile reads bytes
        else:
            yield raw, raw


def _read(file: IO[bytes], size: int, source: Source, so_far: int, packed: bool) -> tuple[bytes, Rejected | None]:
    """Up to ``size`` bytes, none only at the end; what is wrong with the packing, where it is."""
    try:
        # A packed file is read as far as it goes at a time: what was unpacked before the damage is not lost with it.
        block = file.read1(size) if packed else file.read(size)  # type: ignore[attr-defined]
    except (EOFError, zlib.error, gzip.BadGzipFile, zipfile.BadZipFile, RuntimeError, NotImplementedError) as error:
        reason = f"the packed file is damaged or cut off after {so_far:,} bytes: {error}"
        return b"", Rejected(where=source.name, code="damaged", reason=reason)
    total = so_far + len(block)
    if packed and (total > _MOST_UNPACKED or (total > _RATIO_FROM and total > _MOST_RATIO * max(source.size, 1))):
        reason = f"unpacks to more than {_MOST_RATIO} times its size or {_MOST_UNPACKED >> 30} GB; not read further"
        return block, Rejected(where=source.name, code="too-large", reason=reason)
    return block, None


def check_head(piece: Piece) -> None:
    """BadInput where a piece is a web page, a packed file that was not unpacked, or text in two bytes a letter."""
    start = piece.head[:512].removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if start.startswith((b"<!doctype", b"<html", b"<?xml", b"<head", b"<body")):
        raise BadInput("a web page, not data")
    if piece.head.startswith(b"PK\x03\x04"):
        raise BadInput("a zip file that is damaged or cut off, or one inside another")
    if piece.head[:2] in (b"\xff\xfe", b"\xfe\xff") or piece.head.count(0) > len(piece.head) // 3:
        raise BadInput("UTF-16 text; save it as UTF-8")
