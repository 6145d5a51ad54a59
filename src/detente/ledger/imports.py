"""Event data sets into the ledger, set by set in SQL.

Imported events are stored once in ``imported``, a narrow table whose actors, deeds and places are numbers into
``import_parties``, ``import_deeds`` and ``import_places``: each distinct one is resolved once, in Python, and a row
costs a few joins. The view ``events`` shows them beside the events that were read from texts.

A file is read in pieces. A piece and its entry in ``import_pieces`` are committed together: an import that was cut
off goes on after the last whole piece, and a file that was read before is passed over. Rows that come again in
another file are told by their ids.
"""

from __future__ import annotations

import re
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import duckdb

from detente.datasets import STAGED, Format, Piece, Source, ahead, drop_staged, find_files, pieces, sources, stage
from detente.datasets.format import FIELDS
from detente.datasets.gdelt import MENTIONS
from detente.datasets.reliability import STORY_ROWS, reliability
from detente.datasets.stage import Staged
from detente.ledger.batch import Batch
from detente.ledger.connect import bounded
from detente.ledger.import_names import Names
from detente.ledger.import_schema import DYAD
from detente.ledger.ledger import Ledger
from detente.ledger.literals import literal
from detente.ledger.writing import insert_rejections
from detente.records import Rejected

__all__ = ["ImportProgress", "ImportReport", "Unmapped", "import_files"]

MOST_REJECTED = 10_000
"""Rejected rows of one import that are stored one by one; all are counted."""
_GROUP = 122_880  # rows of a group in DuckDB
_MERGED = 2
"""Lots of up to three groups of a table that are merged after an import that fills none: enough to keep pace with many
of them. 30 imports of 1,000 rows left 39 MB without and 8 MB with it; each group takes a block of the file."""
_WINDOW_DAYS = 1  # "within hours": data sets date their reports by the day


@dataclass(frozen=True, slots=True)
class ImportProgress:
    """How far an import is: ``done`` 0 to 1 by the bytes on the disk, and rows so far."""

    done: float
    rows: int
    source: str


@dataclass(frozen=True, slots=True)
class Unmapped:
    """Something that the data set says and the ledger has no word for: kept without; ``events`` rows have it."""

    kind: str
    reason: str
    events: int


@dataclass(slots=True)
class ImportReport:
    """What became of the rows of an import: ``rows`` = ``new`` + ``already`` + the sum of ``skipped``."""

    batch_id: str
    dataset: str
    files: int = 0
    files_before: int = 0
    rows: int = 0
    new: int = 0
    already: int = 0
    repeats: int = 0
    skipped: Counter[str] = field(default_factory=Counter)
    rejected: list[Rejected] = field(default_factory=list)
    unmapped: list[Unmapped] = field(default_factory=list)
    seconds: float = 0.0


def import_files(
    ledger: Ledger,
    fmt: Format,
    files: Iterable[str | Path],
    *,
    mentions: Iterable[str | Path] = (),
    progress: Callable[[ImportProgress], None] | None = None,
) -> ImportReport:
    """Read the files of a data set into the ledger; what was left out and what could not be mapped is in the report.

    ``files`` are names, folders and patterns. ``mentions`` are files of GDELT 2.0 that tell how
    often the events that are new in this import were mentioned, where, and how sure the coder was. NotFound for one
    that is not there; wrong rows and files are counted.
    """
    began = time.monotonic()
    paths = find_files(files)
    connection = ledger.connection
    try:
        with (
            bounded(connection),
            ledger.batch("import", inputs=[str(p) for p in paths], coder=fmt.coder, dataset=fmt.dataset) as batch,
            tempfile.TemporaryDirectory(prefix="detente-import-") as folder,
        ):
            run = _Run(ledger, fmt, batch, Path(folder), progress)
            run.read_mentions(find_files(mentions))
            run.read(paths)
            run.finish()
            if run.report.new < _GROUP:
                connection.execute(f"SET max_vacuum_tasks = {_MERGED}")  # until the connection is closed, just below
    finally:
        ledger.release()
    run.report.seconds = time.monotonic() - began
    return run.report


class _Run:
    """One import: what it needs from piece to piece."""

    def __init__(
        self,
        ledger: Ledger,
        fmt: Format,
        batch: Batch,
        folder: Path,
        progress: Callable[[ImportProgress], None] | None,
    ) -> None:
        self.ledger, self.fmt, self.batch, self.folder, self.progress = ledger, fmt, batch, folder, progress
        self.report = ImportReport(batch.batch_id, fmt.dataset)
        self.connection = ledger.connection
        self.names = Names(self.connection, fmt, folder)
        self.dataset = literal(fmt.dataset)

    def read(self, paths: list[Path]) -> None:
        """Every piece of every file that is not here already, each in a transaction of its own."""
        found = list(sources(paths))
        total = sum(item.size for item in found if isinstance(item, Source)) or 1
        before = 0
        for item in found:
            if isinstance(item, Rejected):
                self.reject([item], Counter({item.code: 1}))
                continue
            self.report.files += 1
            have, whole = self._have(item)
            if whole:
                self.report.files_before += 1
            else:
                for piece in ahead(pieces(item, self.folder, header=self.fmt.columns != (), skip=have)):
                    if isinstance(piece, Rejected):
                        self.reject([piece], Counter({piece.code: 1}))
                    else:
                        self.add(piece)
                        self._tell(before + piece.done * item.size, total, item)
            before += item.size
            self._tell(before, total, item)

    def read_mentions(self, paths: list[Path]) -> None:
        """What mentions files say of events, in a temporary table; wrong rows are counted."""
        self.mentioned = bool(paths)
        if not paths:
            return
        self.connection.execute(
            "CREATE OR REPLACE TEMP TABLE mention (record_no BIGINT, source VARCHAR, url VARCHAR, "
            "sentence_no INTEGER, trust FLOAT)"
        )
        for item in sources(paths):
            read = [item] if isinstance(item, Rejected) else pieces(item, self.folder, header=False)
            for piece in read:
                if isinstance(piece, Rejected):
                    self.reject([piece], Counter({piece.code: 1}))
                    continue
                staged = stage(self.connection, MENTIONS, piece)
                if staged.counts:
                    self.reject(staged.rejected, staged.counts)
                if staged.rows:
                    self.connection.execute(
                        f"INSERT INTO mention BY NAME SELECT record_no, source, url, sentence_no, trust FROM {STAGED}"
                    )
        self.connection.execute(
            "CREATE OR REPLACE TEMP TABLE mentioned AS SELECT record_no, count(*)::INTEGER AS mentions, "
            "count(DISTINCT url)::INTEGER AS articles, count(DISTINCT source)::INTEGER AS sources, "
            "min(sentence_no) AS sentence_no, max(trust) AS trust FROM mention GROUP BY record_no"
        )

    def _tell(self, done: float, total: int, item: Source) -> None:
        if self.progress:
            self.progress(ImportProgress(done / total, self.report.rows, item.name))

    def _have(self, item: Source) -> tuple[frozenset[int], bool]:
        """Where the pieces of this file begin that are here already, and whether the last one is."""
        rows = self.connection.execute(
            f"SELECT start, last FROM import_pieces WHERE dataset = {self.dataset} "
            f"AND fingerprint = {literal(item.fingerprint)}"
        ).fetchall()
        return frozenset(int(row[0]) for row in rows), any(row[1] for row in rows)

    def reject(self, items: list[Rejected], counts: Mapping[str, int]) -> None:
        """Store rows and files that were left out, and count them."""
        room = max(0, MOST_REJECTED - len(self.report.rejected))
        with self.ledger.transaction() as connection:
            insert_rejections(connection, self.batch.batch_id, items[:room])
        self.report.rejected += items[:room]
        for code, number in counts.items():
            self.report.skipped[code] += number
            self.batch.skip(code, number)

    def add(self, piece: Piece) -> None:
        """Read a piece and commit its new events."""
        # Before the transaction: some errors of a file's reader, such as a damaged Parquet's, would end it.
        staged = stage(self.connection, self.fmt, piece)
        with self.ledger.transaction() as connection:
            new = repeats = 0
            if staged.rows:
                self.names.number()
                self._reject_unknown(connection, piece, staged)
                number = _one(connection, "SELECT coalesce(max(piece), 0) + 1 FROM import_pieces")
                self._drop_known(connection)
                new, repeats = self._insert(connection, number)
            else:
                number = _one(connection, "SELECT coalesce(max(piece), 0) + 1 FROM import_pieces")
            if "not-rows" not in staged.counts:  # else it may be read another time, with another mapping
                self._enter(connection, piece, number, new)
            drop_staged(connection)
        self.report.rows += staged.rows + sum(staged.counts.values())  # each row is in one or the other
        self.report.new += new
        self.report.already += staged.rows - new
        self.report.repeats += repeats
        self.batch.count("events", new)
        self.batch.skip("already there", staged.rows - new)
        if staged.counts:
            self.reject(staged.rejected, staged.counts)

    def _reject_unknown(self, connection: duckdb.DuckDBPyConnection, piece: Piece, staged: Staged) -> None:
        """Take rows out whose event is no code of the data set's: they have no place on any scale."""
        name = self._identity()
        found = connection.execute(
            f"SELECT d.reason, count(*), min({name}) FROM {STAGED} AS s JOIN deed_numbers AS n ON n.key = s.deed_key "
            "JOIN import_deeds AS d ON d.id = n.id WHERE n.quad = 0 GROUP BY 1 ORDER BY 1"
        ).fetchall()
        for reason, number, record in found:
            where = f"{piece.source.name}, record {record}" + (f" and {number - 1} more" if number > 1 else "")
            staged.reject(Rejected(where=where, code="unknown-event", reason=str(reason)), int(number))
            staged.rows -= int(number)
        if found:
            connection.execute(f"DELETE FROM {STAGED} WHERE deed_key IN (SELECT key FROM deed_numbers WHERE quad = 0)")

    def _identity(self) -> str:
        return "record_no" if "record_no" in self.fmt.fields else "record"

    def _drop_known(self, connection: duckdb.DuckDBPyConnection) -> None:
        """Take rows out that are here already, or twice in the piece.

        Only pieces of the data set whose dates and ids overlap with those at hand are looked into: files that follow
        one another are not compared.
        """
        name = self._identity()
        least, most = ("least_no", "most_no") if name == "record_no" else ("least_record", "most_record")
        known = connection.execute(
            f"SELECT c.piece FROM import_pieces AS c, (SELECT min(date) AS first, max(date) AS last, min({name}) AS a, "
            f"max({name}) AS z FROM {STAGED}) AS s WHERE c.dataset = {self.dataset} AND c.events > 0 "
            f"AND c.first_date <= s.last AND c.last_date >= s.first AND c.{least} <= s.z AND c.{most} >= s.a"
        ).fetchall()
        if known:
            inside = ", ".join(str(int(row[0])) for row in known)
            connection.execute(
                f"DELETE FROM {STAGED} WHERE {name} IN (SELECT {name} FROM imported WHERE piece IN ({inside}))"
            )
        rows, ids = connection.execute(f"SELECT count(*), count(DISTINCT {name}) FROM {STAGED}").fetchall()[0]
        if rows != ids:
            connection.execute(
                f"CREATE OR REPLACE TEMP TABLE {STAGED} AS SELECT DISTINCT ON ({name}) * FROM {STAGED} ORDER BY ALL"
            )

    def _insert(self, connection: duckdb.DuckDBPyConnection, number: int) -> tuple[int, int]:
        """The staged rows with their numbers and their reliability; how many, and how many of them are repeats."""
        given = self.fmt.fields
        columns = {name: f"s.{name}" if name in given else "NULL" for name in FIELDS}
        identity = f"s.{self._identity()}"
        repeats = "NULL::VARCHAR"
        joins = ""
        if self.fmt.repeats:
            self._find_repeats(connection)
            # The rest of the condition stays out of the join, which is fast on the signature alone.
            joins += " LEFT JOIN repeated AS t ON t.signature = s.signature"
            repeats = (
                f"CASE WHEN {self._reported()} - t.since BETWEEN 0 AND {_WINDOW_DAYS} "
                f"AND t.original <> {identity}::VARCHAR THEN t.original END"
            )
        many = "NULL"
        story = "s.story" if "story" in given else "s.url" if "url" in given else None
        if story is not None:
            connection.execute(
                f"CREATE OR REPLACE TEMP TABLE exploded AS SELECT hash({story}) AS story, count(*) AS rows "
                f"FROM {STAGED} AS s WHERE {story} IS NOT NULL GROUP BY 1 HAVING count(*) > {STORY_ROWS}"
            )
            joins += f" LEFT JOIN exploded AS x ON x.story = hash({story})"
            many = "x.rows"
        trust = self.fmt.trust
        if self.mentioned:
            joins += " LEFT JOIN mentioned AS m ON m.record_no = s.record_no"
            for name in ("mentions", "articles", "sources"):
                columns[name] = f"greatest(s.{name}, m.{name})"
            columns["sentence_no"] = "m.sentence_no"
            trust = f"({re.sub(_COUNTED, lambda found: columns[found[0]], trust)}) * (0.5 + 0.5 * coalesce(m.trust, 1))"
        rows = (
            f"INSERT INTO imported BY NAME SELECT {number} AS piece, {columns['record_no']} AS record_no, "
            f"{columns['record']} AS record, s.date, {columns['published']} AS published, a.id AS actor, "
            f"a.state AS actor_state, r.id AS recipient, r.state AS recipient_state, {_DYAD} AS dyad, d.id AS deed, "
            f"p.id AS place, {columns['url']} AS url, {columns['source']} AS source, {columns['story']} AS story, "
            f"{columns['sentence_no']} AS sentence_no, {columns['sentence']} AS sentence, "
            f"{columns['mentions']} AS mentions, {columns['sources']} AS sources, {columns['articles']} AS articles, "
            f"{columns['root']} AS root, {repeats} AS repeat_of, "
            f"{reliability(trust, many=many, repeat=repeats)} AS reliability "
            f"FROM {STAGED} AS s JOIN party_numbers AS a ON a.key = s.actor_key "
            "JOIN party_numbers AS r ON r.key = s.recipient_key JOIN deed_numbers AS d ON d.key = s.deed_key "
            f"JOIN place_numbers AS p ON p.key = s.place_key {joins} WHERE "
        )
        connection.execute(f"{rows} {_TWO_STATES}")
        connection.execute(f"{rows} NOT ({_TWO_STATES})")
        counts = f"SELECT count(*), count(repeat_of) FROM imported WHERE piece = {number}"
        new, again = connection.execute(counts).fetchall()[0]
        return int(new), int(again)

    def _reported(self) -> str:
        return "coalesce(s.published, s.date)" if "published" in self.fmt.fields else "s.date"

    def _find_repeats(self, connection: duckdb.DuckDBPyConnection) -> None:
        """The first row of each signature that comes again, in the piece or among the rows of the last day before.

        Rows are compared with those of the day before the newest report, so files that are read in the order of time.
        """
        identity, reported = f"s.{self._identity()}", self._reported()
        connection.execute(
            f"""CREATE OR REPLACE TEMP TABLE repeated AS
            SELECT signature, record AS original, published AS since FROM import_recent
            WHERE dataset = {self.dataset} AND signature IN (SELECT signature FROM {STAGED})
            UNION ALL
            SELECT signature, min({identity})::VARCHAR, min({reported}) FROM {STAGED} AS s
            WHERE signature IN (SELECT signature FROM {STAGED} GROUP BY signature HAVING count(*) > 1)
            AND signature NOT IN (SELECT signature FROM import_recent WHERE dataset = {self.dataset})
            GROUP BY signature"""
        )
        newest = connection.execute(
            f"SELECT greatest(max({reported}), (SELECT max(published) FROM import_recent "
            f"WHERE dataset = {self.dataset})) FROM {STAGED} AS s"
        ).fetchall()[0][0]
        since = f"{literal(newest)}::DATE - {_WINDOW_DAYS}"
        connection.execute(f"DELETE FROM import_recent WHERE dataset = {self.dataset} AND published < {since}")
        connection.execute(
            f"INSERT INTO import_recent SELECT {self.dataset}, signature, min({identity})::VARCHAR, min({reported}) "
            f"FROM {STAGED} AS s WHERE {reported} >= {since} AND signature NOT IN "
            f"(SELECT signature FROM import_recent WHERE dataset = {self.dataset}) GROUP BY signature"
        )

    def _enter(self, connection: duckdb.DuckDBPyConnection, piece: Piece, number: int, new: int) -> None:
        """Tell that the piece is here."""
        least = {name: f"min({name}), max({name})" if name == self._identity() else "NULL, NULL" for name in _IDS}
        values = [number, self.batch.batch_id, self.fmt.dataset, self.fmt.coder, piece.source.name]
        values += [piece.source.fingerprint, piece.offset, piece.done >= 1.0, new]
        connection.execute(
            f"INSERT INTO import_pieces SELECT {', '.join(map(literal, values))}, min(date), max(date), "
            f"{least['record_no']}, {least['record']} FROM imported WHERE piece = {number}"
        )

    def finish(self) -> None:
        """Count what could not be mapped, by kind and reason, most events first."""
        pieces_here = f"SELECT piece FROM import_pieces WHERE batch_id = '{self.batch.batch_id}'"
        for kind, column, table in _MAPPED:
            rows = self.connection.execute(
                f"SELECT d.reason, sum(n)::BIGINT FROM (SELECT {column} AS id, count(*) AS n FROM imported "
                f"WHERE piece IN ({pieces_here}) GROUP BY 1) AS i JOIN {table} AS d ON d.id = i.id "
                "WHERE d.reason IS NOT NULL GROUP BY 1 ORDER BY 2 DESC, 1"
            ).fetchall()
            self.report.unmapped += [Unmapped(kind, str(row[0]), int(row[1])) for row in rows]
        self.batch.count("repeats", self.report.repeats)


_DYAD = DYAD.format(a="a.state::INTEGER", b="r.state::INTEGER")
# The same as a dyad's number above 0, said so that the joins leave out the others at once.
_TWO_STATES = "a.state > 0 AND r.state > 0 AND a.state <> r.state"
_COUNTED = r"\b(mentions|articles|sources)\b"
_IDS = ("record_no", "record")
_MAPPED = (
    ("event", "deed", "import_deeds"),
    ("actor", "actor", "import_parties"),
    ("recipient", "recipient", "import_parties"),
    ("place", "place", "import_places"),
)


def _one(connection: duckdb.DuckDBPyConnection, query: str) -> int:
    row = connection.execute(query).fetchone()
    return int(row[0]) if row else 0
