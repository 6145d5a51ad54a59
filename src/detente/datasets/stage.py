"""A piece of a file into a temporary table of the common shape; what is wrong with a row costs only that row."""

from __future__ import annotations

import csv
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import duckdb

from detente.datasets.format import FIELDS, Format, Layout
from detente.datasets.inputs import Piece, check_head
from detente.datasets.quotes import without_open_quotes
from detente.errors import BadInput
from detente.records import Rejected

__all__ = ["MOST_SHOWN", "STAGED", "Staged", "drop_staged", "stage"]

STAGED = "staged"
"""Name of the temporary table: the fields of the format, keys of its parties, deed and place, and ``problem``."""
MOST_SHOWN = 1000
"""Rejected rows of a piece that are told one by one; all are counted."""
_ERRORS, _SCANS = "rows_rejected", "rows_scanned"
_EXTRA = "beyond_the_last"
_BAD_TYPE = {"CAST": "bad-value", "MISSING COLUMNS": "columns", "TOO MANY COLUMNS": "columns"}
_OPEN = "a quote that is not closed, or not where a cell ends"
_EARLIEST, _LATEST = "1800-01-01", "2100-01-01"


@dataclass(slots=True)
class Staged:
    """What became of a piece: rows now in the table, rows left out by reason, the first of them one by one."""

    rows: int = 0
    counts: dict[str, int] = field(default_factory=dict)
    rejected: list[Rejected] = field(default_factory=list)

    def reject(self, item: Rejected, number: int = 1) -> None:
        """Count ``number`` rows for the reason of ``item``, and keep it to be shown while there are not too many."""
        self.counts[item.code] = self.counts.get(item.code, 0) + number
        if len(self.rejected) < MOST_SHOWN:
            self.rejected.append(item)


def stage(connection: duckdb.DuckDBPyConnection, fmt: Format, piece: Piece) -> Staged:
    """Fill ``STAGED`` from a piece; a file that is no data at all, or no UTF-8 or cp1252, is one rejection."""
    drop_staged(connection)
    result = Staged()
    try:
        if piece.path.suffix.lower() == ".parquet":
            _read_parquet(connection, fmt, piece)
            _problems(connection, piece, result)
            return _counted(connection, result)
        check_head(piece)
        layout = fmt.layout(piece.head)
        columns = _columns(piece, layout)
        if layout.header:
            _check_columns(fmt, columns)
        quoted = layout.delimiter if layout.quote else None
        with _in_utf8(piece) as text, without_open_quotes(text, quoted, len(columns)) as (path, blank):
            _read(connection, fmt, layout, columns, path)
            _tell_open(piece, blank, result)
            _sort_out(connection, piece, path, result)
    except BadInput as error:
        result.reject(Rejected(where=piece.source.name, code="not-rows", reason=str(error)))
        return result
    except duckdb.Error as error:
        reason = f"cannot be read as rows: {str(error).partition(chr(10))[0]}"
        result.reject(Rejected(where=piece.source.name, code="not-rows", reason=reason))
        return result
    _problems(connection, piece, result)
    return _counted(connection, result)


def _counted(connection: duckdb.DuckDBPyConnection, result: Staged) -> Staged:
    row = connection.execute(f"SELECT count(*) FROM {STAGED}").fetchone()
    result.rows = int(row[0]) if row else 0
    return result


def _check_columns(fmt: Format, columns: list[str]) -> None:
    known = {name.lower() for name in columns}
    missing = [name for name in fmt.needs if name.lower() not in known]
    if missing:
        shown = ", ".join(columns[:60])[:400]
        raise BadInput(f"lacks the columns {', '.join(missing)}; it has: {shown}")


def _read_parquet(connection: duckdb.DuckDBPyConnection, fmt: Format, piece: Piece) -> None:
    file = f"read_parquet({_quoted(str(piece.path))})"
    columns = [str(row[0]) for row in connection.execute(f"DESCRIBE SELECT * FROM {file}").fetchall()]
    _check_columns(fmt, columns)
    raw = f"SELECT *{_absent(fmt, columns)}, NULL AS {_EXTRA} FROM {file}"
    connection.execute(f"CREATE TEMP TABLE {STAGED} AS {_select(fmt, Layout())} FROM ({raw}) AS raw")


def _absent(fmt: Format, columns: list[str]) -> str:
    """Columns that the format reads and the file lacks, as nulls."""
    known = {c.lower() for c in columns}
    return "".join(f", NULL::VARCHAR AS {_identifier(c)}" for c in fmt.columns if c.lower() not in known)


def drop_staged(connection: duckdb.DuckDBPyConnection) -> None:
    """Remove the temporary tables."""
    for name in (STAGED, _ERRORS, _SCANS):
        connection.execute(f"DROP TABLE IF EXISTS temp.{name}")


def _columns(piece: Piece, layout: Layout) -> list[str]:
    """Names of the columns in the file's order, unique and not empty."""
    if not layout.header:
        return list(layout.columns)
    line = piece.head.split(b"\n", 1)[0].decode("utf-8-sig", "replace").rstrip("\r")
    reader = csv.reader(
        [line], delimiter=layout.delimiter, quoting=csv.QUOTE_MINIMAL if layout.quote else csv.QUOTE_NONE
    )
    names: dict[str, None] = {}
    for number, cell in enumerate(next(reader, [])):
        plain = cell.strip().strip('"') or f"column {number}"
        unique = plain if plain.lower() not in (n.lower() for n in names) else f"{plain} ({number})"
        names[unique] = None
    return list(names)


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _identifier(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _read(connection: duckdb.DuckDBPyConnection, fmt: Format, layout: Layout, columns: list[str], path: Path) -> None:
    types = {name.lower(): kind for name, kind in layout.types.items()}
    struct = ", ".join(f"{_quoted(c)}: '{types.get(c.lower(), 'VARCHAR')}'" for c in (*columns, _EXTRA))
    options = [
        f"delim={_quoted(layout.delimiter)}, quote={_quoted(layout.quote)}, escape={_quoted(layout.quote)}",
        f"header={str(layout.header).lower()}, auto_detect=false, columns={{{struct}}}, null_padding=true",
        "strict_mode=false, ignore_errors=true, store_rejects=true, rejects_limit=0",
        f"rejects_table='{_ERRORS}', rejects_scan='{_SCANS}'",
    ]
    if layout.dateformat:
        options.append(f"dateformat='{layout.dateformat}'")
    if layout.quote:
        options.append("parallel=false")  # a quoted cell may hold line ends
    raw = f"SELECT *{_absent(fmt, columns)} FROM read_csv({_quoted(str(path))}, {', '.join(options)})"
    connection.execute(f"CREATE TEMP TABLE {STAGED} AS {_select(fmt, layout)} FROM ({raw}) AS raw")


def _select(fmt: Format, layout: Layout) -> str:
    """The fields, the keys by which parties, deeds and places are looked up, and what is wrong with the row."""
    given = fmt.fields
    date = given["date"]
    chosen = [f"{given[name]} AS {name}" for name in FIELDS if name in given]
    month = f"date_trunc('month', {date})::DATE" if fmt.dated_names else "NULL"
    for party in ("actor", "recipient"):
        parts = ", ".join(given.get(f"{party}_{part}", "NULL") for part in ("text", "code", "extra"))
        chosen.append(f"hash({parts}, {month}) AS {party}_key")
    deed = ", ".join(given.get(name, "NULL") for name in ("deed", "mode", "contexts", "intensity", "date_precision"))
    chosen.append(f"hash({deed}) AS deed_key")
    place = ", ".join(given.get(name, "NULL") for name in ("place", "place_code", "latitude", "longitude"))
    chosen.append(f"hash({place}) AS place_key")
    if fmt.repeats:
        chosen.append(f"hash({date}, actor_key, recipient_key, deed_key, place_key) AS signature")
    whole = [f"WHEN {_identifier(name)} IS NULL THEN 'columns'" for name in layout.whole]
    chosen.append(
        f"CASE WHEN {_EXTRA} IS NOT NULL THEN 'columns' {' '.join(whole)} WHEN {date} IS NULL THEN 'no-date' "
        f"WHEN {date} NOT BETWEEN DATE '{_EARLIEST}' AND DATE '{_LATEST}' THEN 'bad-date' END AS problem"
    )
    return f"SELECT {', '.join(chosen)}"


_REASONS = {
    "columns": "the row has too few or too many columns, or an empty cell where none may be",
    "no-date": "no date, or none that can be read",
    "bad-date": f"a date outside {_EARLIEST[:4]}–{_LATEST[:4]}",
}


def _problems(connection: duckdb.DuckDBPyConnection, piece: Piece, result: Staged) -> None:
    """Take rows with a problem out of the table."""
    found = connection.execute(
        f"SELECT problem, count(*) FROM {STAGED} WHERE problem IS NOT NULL GROUP BY problem ORDER BY problem"
    ).fetchall()
    if not found:
        return
    names = {str(row[0]) for row in connection.execute(f"DESCRIBE {STAGED}").fetchall()}
    record = "record" if "record" in names else "record_no" if "record_no" in names else "NULL"
    shown = connection.execute(
        f"SELECT problem, {record} FROM {STAGED} WHERE problem IS NOT NULL ORDER BY 2, 1 LIMIT {MOST_SHOWN}"
    ).fetchall()
    for problem, identity in shown:
        where = piece.source.name if identity is None else f"{piece.source.name}, record {identity}"
        result.reject(Rejected(where=where, code=problem, reason=_REASONS[problem]), number=0)
    for problem, number in found:
        result.counts[problem] = result.counts.get(problem, 0) + number
    connection.execute(f"DELETE FROM {STAGED} WHERE problem IS NOT NULL")


def _tell_open(piece: Piece, blank: list[int], result: Staged) -> None:
    """Reject the lines that were left blank for their quotes."""
    first = _lines_before(piece) + 1 if blank else 0
    for number in blank:
        where = f"{piece.source.name}, line {first + number}"
        result.reject(Rejected(where=where, code="quote", reason=_OPEN))


def _sort_out(connection: duckdb.DuckDBPyConnection, piece: Piece, path: Path, result: Staged) -> None:
    """Reject the rows that DuckDB could not read, each with its line and the first thing wrong with it."""
    errors = connection.execute(
        f"SELECT line_byte_position, error_type::VARCHAR, column_name, error_message FROM {_ERRORS} "
        "QUALIFY row_number() OVER (PARTITION BY line_byte_position ORDER BY byte_position, error_type) = 1 "
        "ORDER BY line_byte_position"
    ).fetchall()
    if not errors:
        return
    lines = _line_numbers(path, _lines_before(piece), [int(row[0]) for row in errors])
    for (_, kind, column, message), line in zip(errors, lines, strict=True):
        result.reject(_row_error(piece, line, kind, column, message))


@contextmanager
def _in_utf8(piece: Piece) -> Iterator[Path]:
    """The file itself if it is UTF-8; else a copy, removed at the end, with its other lines read as cp1252.

    DuckDB 1.5 fails for good, the whole database with it, on such a line in a column that it does not keep.
    """
    if piece.utf8:
        yield piece.path
        return
    with tempfile.NamedTemporaryFile(prefix="detente-", suffix=".txt", delete=False) as copy:
        target = Path(copy.name)
        with piece.path.open("rb") as file:
            for line in file:
                copy.write(_decoded(line).encode())
    try:
        yield target
    finally:
        target.unlink(missing_ok=True)


def _decoded(line: bytes) -> str:
    try:
        return line.decode()
    except UnicodeDecodeError:
        return line.decode("cp1252", "replace")


def _row_error(piece: Piece, line: int, kind: str, column: str | None, message: str) -> Rejected:
    code = _BAD_TYPE.get(kind, "not-a-row")
    text = " ".join(str(message).split())[:200]
    reason = f"column {column}: {text}" if column else text
    return Rejected(where=f"{piece.source.name}, line {line}", code=code, reason=reason)


def _lines_before(piece: Piece) -> int:
    if piece.lines_before is not None:
        return piece.lines_before
    number = -1 if piece.header and piece.offset else 0  # the copy of the first line is no line of the source
    with piece.source.path.open("rb") as file:
        left = piece.offset
        while left and (block := file.read(min(8 << 20, left))):
            number += block.count(b"\n")
            left -= len(block)
    return number


def _line_numbers(path: Path, before: int, positions: list[int]) -> Iterator[int]:
    """Numbers of the lines that begin at these byte positions, from 1, with ``before`` lines ahead of the file."""
    with path.open("rb") as file:
        at = 0
        number = before + 1
        for position in positions:
            while at < position:
                block = file.read(min(8 << 20, position - at))
                if not block:
                    break
                number += block.count(b"\n")
                at += len(block)
            yield number
