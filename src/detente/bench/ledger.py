"""``detente bench ledger``: the speed of an import and of the questions asked of it, beside DuckDB and pandas alone.

All of it runs on the same rows: a real GDELT file replicated with ids, dates, actors and addresses varied. An import
is what the command does, the sums that are kept for questions included; questions are the analyses themselves.
"""

from __future__ import annotations

import os
import resource
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb

from detente.datasets import open_format
from detente.errors import BadInput
from detente.ledger import Ledger, open_ledger
from detente.ledger.connect import MEMORY_LIMIT
from detente.ledger.imports import ImportProgress, ImportReport, import_files
from detente.relations import keep, open_tables, relation, shifts, with_context

__all__ = ["bench_ledger", "replicate"]

_SPAN = ("2000-01-01", 18 * 365)


def _raw(path: Path, types: dict[str, str]) -> str:
    layout = open_format("gdelt").layout(path.open("rb").read(65536))
    columns = ", ".join(f"'{c}': '{types.get(c, 'VARCHAR')}'" for c in layout.columns)
    return (
        f"read_csv('{path}', delim='\\t', header=false, quote='', escape='', auto_detect=false, null_padding=true, "
        f"strict_mode=false, dateformat='%Y%m%d', columns={{{columns}}})"
    )


def replicate(sample: Path, out: Path, rows: int) -> None:
    """Write ``rows`` rows made from the sample's: new ids, days in order over 18 years, actors of other rows.

    An article gives five rows, as in the sample on average.
    """
    layout = open_format("gdelt").layout(sample.open("rb").read(65536))
    connection = duckdb.connect(config={"memory_limit": "1GB"})
    connection.execute(
        f"CREATE TABLE s AS SELECT *, row_number() OVER (ORDER BY record) - 1 AS n FROM {_raw(sample, {})}"
    )
    count = connection.execute("SELECT count(*) FROM s").fetchall()[0][0]
    if not count:
        raise BadInput("holds no rows", str(sample))
    shown = {name: f"s.{name}" for name in layout.columns}
    shown |= {name: f"a.{name}" for name in layout.columns if name.startswith("actor")}
    shown |= {
        "record": "(100000000 + i)::VARCHAR",
        "day": "strftime(d, '%Y%m%d')",
        "month": "strftime(d, '%Y%m')",
        "year": "strftime(d, '%Y')",
        "added": "strftime(d + INTERVAL 1 DAY, '%Y%m%d000000')",
        "url": "s.url || '?' || (i // 5)::VARCHAR",
    }
    start, days = _SPAN
    connection.execute(
        f"COPY (SELECT {', '.join(f'{expression} AS {name}' for name, expression in shown.items())} "
        f"FROM (SELECT i, DATE '{start}' + (i * {days} // {rows})::INTEGER AS d FROM range({rows}) AS t(i)) "
        f"JOIN s ON s.n = i % {count} JOIN s AS a ON a.n = (hash(i * 7919) % {count})::BIGINT) "
        f"TO '{out}' (FORMAT csv, DELIMITER '\\t', HEADER false, QUOTE '', ESCAPE '')"
    )


def _timed(work: Callable[[], Any]) -> tuple[float, float, Any]:
    """Seconds by the clock, seconds of processor time, and what came back."""
    before, began = os.times(), time.monotonic()
    result = work()
    after = os.times()
    used = after.user + after.system - before.user - before.system
    return time.monotonic() - began, used, result


_SEVEN = ("record", "day", "actor1_country", "actor2_country", "cameo", "goldstein", "mentions")
_TYPES = {"record": "BIGINT", "day": "DATE", "goldstein": "DOUBLE"} | dict.fromkeys(
    ("mentions", "sources", "articles"), "INTEGER"
)
_KEPT = (
    *("record", "day", "actor1_code", "actor1_name", "actor2_code", "actor2_name", "root", "cameo", "mentions"),
    *("sources", "articles", "place_type", "place_name", "place_country", "place_latitude", "place_longitude"),
    *("added", "url"),
)


def _duckdb_alone(path: Path, folder: Path, columns: tuple[str, ...]) -> None:
    target = folder / "alone.duckdb"
    with duckdb.connect(target, config={"storage_compatibility_version": "v1.2.0"}) as connection:
        connection.execute(f"SET memory_limit = '{MEMORY_LIMIT}'")
        connection.execute("SET preserve_insertion_order = false")
        connection.execute(f"CREATE TABLE events AS SELECT {', '.join(columns)} FROM {_raw(path, _TYPES)}")
    target.unlink()


def _pandas(path: Path, rows: int) -> tuple[float | None, float | None]:
    """Seconds that pandas takes to read the file, by the clock and of processor; its own loading is not counted."""
    try:
        import pandas as pd  # noqa: PLC0415 - an optional part
    except ImportError:
        return None, None

    def read() -> None:
        for _ in pd.read_csv(path, sep="\t", header=None, quoting=3, chunksize=min(rows, 1_000_000), low_memory=False):
            pass

    return _timed(read)[:2]


_SERIES = (
    "SELECT date_trunc('month', date) AS month, actor_country, recipient_country, count(*), "
    "count(*) FILTER (quad <= 2), count(*) FILTER (quad >= 3), avg(intensity) FROM events "
    "WHERE actor_country IS NOT NULL AND recipient_country IS NOT NULL GROUP BY ALL ORDER BY ALL"
)


def _import(target: Path, path: Path, progress: Callable[[ImportProgress], None] | None = None) -> ImportReport:
    """What ``detente import`` does."""
    with open_ledger(target, "write") as ledger:
        report = import_files(ledger, open_format("gdelt"), [path], progress=progress)
        keep(ledger)
    return report


def _multiply(ledger: Ledger, events: int) -> int:
    """Copies of the imported rows inside the ledger, under new ids in pieces of their own; how many there are then."""
    with ledger.transaction() as connection:
        count, pieces = connection.execute("SELECT count(*), max(piece) FROM imported").fetchall()[0]
        have = int(count)
        for turn in range(1, events):
            if have >= events:
                break
            connection.execute(
                f"INSERT INTO imported SELECT * REPLACE (record_no + {have} AS record_no, "
                f"piece + {turn * pieces} AS piece) FROM imported WHERE piece <= {pieces} LIMIT {events - have}"
            )
            connection.execute(
                f"INSERT INTO import_pieces SELECT * REPLACE (piece + {turn * pieces} AS piece, "
                f"fingerprint || '{turn}' AS fingerprint) FROM import_pieces WHERE piece <= {pieces}"
            )
            have += min(int(count), events - have)
    return have


def _asked(target: Path) -> dict[str, float | int]:
    """Seconds of questions to a ledger, its opening included."""

    def dyad() -> None:
        with open_tables(target) as tables:
            with_context(relation(tables, "RUS", "PRK"), tables)

    def series() -> int:
        with open_ledger(target) as ledger:
            return len(ledger.connection.execute(_SERIES).fetchall())

    def changed() -> int:
        with open_tables(target) as tables:
            return len(shifts(tables, limit=20))

    first, _, _ = _timed(dyad)
    later = [_timed(dyad)[:2] for _ in range(3)]
    every, every_cpu, months = _timed(series)
    found, found_cpu, _ = _timed(changed)
    return {
        "relation_first_seconds": round(first, 3),
        "relation_seconds": round(min(clock for clock, _ in later), 3),
        "relation_processor_seconds": round(min(used for _, used in later), 3),
        "all_dyads_monthly_seconds": round(every, 3),
        "all_dyads_monthly_processor_seconds": round(every_cpu, 3),
        "dyad_months": months,
        "shifts_of_all_dyads_seconds": round(found, 3),
        "shifts_of_all_dyads_processor_seconds": round(found_cpu, 3),
    }


def bench_ledger(
    sample: Path,
    *,
    rows: int = 200_000,
    events: int = 0,
    folder: Path | None = None,
    progress: Callable[[ImportProgress], None] | None = None,
) -> dict[str, object]:
    """Figures of an import of ``rows`` rows made from a GDELT ``sample``, ratios first; ``events`` > rows: of the
    questions asked of a ledger of so many.

    ``folder`` is where the files are made: about 420 bytes a row, and they are removed at the end.
    """
    with tempfile.TemporaryDirectory(prefix="detente-bench-", dir=folder) as made:
        path, target = Path(made) / "events.tsv", Path(made) / "bench.ledger"
        replicate(sample, path, rows)
        ours, ours_cpu, report = _timed(lambda: _import(target, path, progress))
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        again, _, second = _timed(lambda: _import(target, path))
        kept, kept_cpu, _ = _timed(lambda: _duckdb_alone(path, Path(made), _KEPT))
        seven, seven_cpu, _ = _timed(lambda: _duckdb_alone(path, Path(made), _SEVEN))
        pandas, pandas_cpu = _pandas(path, rows)
        path.unlink()
        with open_ledger(target, "write") as ledger:
            count = _multiply(ledger, max(rows, events))
            summed, summed_cpu, _ = _timed(lambda: keep(ledger))
        asked = _asked(target)
        size = target.stat().st_size
    return {
        "import_to_duckdb_storing_the_same_columns": round(kept / ours, 3),
        "import_to_duckdb_storing_seven_columns": round(seven / ours, 3),
        "import_to_pandas_reading": round(pandas / ours, 3) if pandas else None,
        "the_same_by_processor_time": {
            "same_columns": round(kept_cpu / ours_cpu, 3),
            "seven_columns": round(seven_cpu / ours_cpu, 3),
            "pandas": round(pandas_cpu / ours_cpu, 3) if pandas_cpu else None,
        },
        "rows": rows,
        "new": report.new,
        "repeats": report.repeats,
        "import_rows_per_second": round(rows / ours),
        "import_processor_microseconds_per_row": round(ours_cpu / rows * 1e6, 2),
        "duckdb_rows_per_second": round(rows / kept),
        "duckdb_processor_microseconds_per_row": round(kept_cpu / rows * 1e6, 2),
        "duckdb_seven_rows_per_second": round(rows / seven),
        "duckdb_seven_processor_microseconds_per_row": round(seven_cpu / rows * 1e6, 2),
        "pandas_rows_per_second": round(rows / pandas) if pandas else None,
        "pandas_processor_microseconds_per_row": round(pandas_cpu / rows * 1e6, 2) if pandas_cpu else None,
        "import_peak_memory_mb": round(memory / 1024),
        "import_again_seconds": round(again, 2),
        "import_again_new": second.new,
        "ledger_bytes_per_event": round(size / count, 1),
        "events": count,
        "sums_of_all_events_seconds": round(summed, 2),
        "sums_of_all_events_processor_seconds": round(summed_cpu, 2),
        **asked,
        "peak_memory_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
        "load_average": os.getloadavg()[0],
    }
