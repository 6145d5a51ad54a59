"""Quotes that nobody closes: the line they are in is left out, before all rows behind it are read into one cell."""

from __future__ import annotations

import csv
import re
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import chain, islice
from pathlib import Path
from typing import IO

__all__ = ["without_open_quotes"]

_MOST_LINES = 1000  # of one row; a quote that is open for longer is taken to be one that nobody closes
_MANY_COLUMNS = 5  # a line of a cell's text hardly has as many commas as a row of so many columns


@contextmanager
def without_open_quotes(path: Path, delimiter: str | None, columns: int) -> Iterator[tuple[Path, list[int]]]:
    """The file, and no line numbers; or a copy, removed at the end, with lines left blank, and their numbers from 0.

    ``delimiter`` is that of cells that may be quoted, None where none may be.

    A quoted cell may go on in the next lines. That it does is believed where its quote closes at the end of a cell, the
    row has ``columns`` cells, and the next line does not begin such a row itself; else the line at which it opens is
    blank in the copy.
    """
    blank = [] if delimiter is None else list(_open_lines(path, delimiter, columns))
    if not blank:
        yield path, blank
        return
    with tempfile.NamedTemporaryFile(prefix="detente-", suffix=".txt", delete=False) as copy:
        target = Path(copy.name)
        waiting = set(blank)
        with path.open("rb") as file:
            for number, line in enumerate(file):
                copy.write(b"\n" if number in waiting else line)
    try:
        yield target, blank
    finally:
        target.unlink(missing_ok=True)


def _open_lines(path: Path, delimiter: str, columns: int) -> Iterator[int]:
    """Numbers of the lines in which a quote opens that closes neither there nor, as it should, in the next ones."""
    closed, proper = _closed(re.escape(delimiter).encode()), _proper(re.escape(delimiter).encode())
    with path.open("rb") as file:
        number = 0
        while line := file.readline():
            count = 1
            if b'"' in line and not closed(line.rstrip(b"\r\n")):
                behind = file.tell()
                count = _lines_of_row(line, file, delimiter, columns)
                if count and columns >= _MANY_COLUMNS:
                    file.seek(behind)
                    next_row = _lines_of_row(file.readline(), file, delimiter, columns)
                    file.seek(behind)
                    if next_row and proper(b"".join(islice(file, next_row)).rstrip(b"\r\n")):
                        count = 0
                if count:
                    file.seek(behind)
                    for _ in range(count - 1):
                        file.readline()
                else:
                    yield number
                    file.seek(behind)
                    count = 1
            number += count


def _closed(delimiter: bytes) -> Callable[[bytes], object]:
    """Tells whether a line is whole for DuckDB: in a cell that begins with a quote, each turns quoting on or off."""
    quoted = rb' *+"[^"]*+"(?:[^"%b]*+"[^"]*+")*+[^"%b]*+' % (delimiter, delimiter)
    plain = rb'(?! *")[^%b]*+' % delimiter
    cell = rb"(?:%b|%b)" % (quoted, plain)
    return re.compile(rb"%b(?:%b%b)*+" % (cell, delimiter, cell)).fullmatch


def _proper(delimiter: bytes) -> Callable[[bytes], object]:
    """Tells whether a row has quotes around cells alone, and doubled ones in them."""
    cell = rb'(?:"(?:[^"]|"")*+"|[^"%b]*+)' % delimiter
    return re.compile(rb"%b(?:%b%b)*+" % (cell, delimiter, cell)).fullmatch


def _lines_of_row(line: bytes, file: IO[bytes], delimiter: str, columns: int) -> int:
    """How many lines the row takes that begins with this one; 0 where it does not end as a row does."""
    text = (part.decode("utf-8", "replace").replace("\0", "") for part in chain([line], islice(file, _MOST_LINES)))
    reader = csv.reader(text, delimiter=delimiter, skipinitialspace=True, strict=True)
    try:
        row = next(reader)
    except csv.Error:
        return 0
    return reader.line_num if len(row) == columns else 0
