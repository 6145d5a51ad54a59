"""Commitments in the ledger: its documents taken one after the other, each touching only what it concerns.

A document's place is its day and id. One that arrives with a place before others that concern the same commitments
takes these back to that place and has the later documents taken again, so that what is stored depends on the documents
alone, not on the order in which they were read. Every batch is one transaction; what is still to be taken is told from
the tables, so a reading that was cut off goes on where it stopped.
"""

from __future__ import annotations

import datetime
import hashlib
import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, fields
from typing import Any

import duckdb
import pyarrow as pa

from detente.actors import Gazetteer
from detente.commitments.engine import same_text
from detente.commitments.finish import id_of, standing
from detente.commitments.link import CANDIDATES, RECENT, Shelf, keys_of, link, telling
from detente.commitments.reading import Paper, read_paper
from detente.commitments.state import Open, Place, decode, encode
from detente.commitments.status import Tempo, due_of, level_of, overall
from detente.ledger import Ledger
from detente.records import Document, Event, Sentence, event_from_row

__all__ = ["READER", "catch_up", "has_tables", "pending"]

READER = "commitments-5"
"""Version of what is read from a document; another one has all documents taken anew."""
BATCH = 400
"""Documents in one transaction: about three seconds' work, which is what a crash may cost."""

_TABLES = """
CREATE TABLE IF NOT EXISTS commitment_documents (
    document_id VARCHAR, version VARCHAR, published DATE, same_text VARCHAR, parties VARCHAR[], words VARCHAR[],
    refers BOOLEAN, stale BOOLEAN);
CREATE TABLE IF NOT EXISTS commitments (
    founded_by VARCHAR, founded DATE, commitment_id VARCHAR, parties VARCHAR[], status VARCHAR, since DATE, last DATE,
    telling_from DATE, silent_since DATE, updated DATE, level TINYINT, firmness VARCHAR, state VARCHAR);
CREATE TABLE IF NOT EXISTS commitment_keys (party VARCHAR, word VARCHAR, founded DATE, founded_by VARCHAR);
CREATE TABLE IF NOT EXISTS commitment_links (document_id VARCHAR, founded_by VARCHAR);
"""
_VERSION = f"d.content_hash || '/' || d.coded_by || '/{READER}'"
_TODO = f"""
FROM (SELECT * FROM documents WHERE copy_of IS NULL) AS d FULL JOIN commitment_documents AS c USING (document_id)
WHERE c.document_id IS NULL OR d.document_id IS NULL OR c.stale OR c.version <> {_VERSION}
"""
"""Documents that were never taken, are gone, are to be taken again, or have changed."""


def has_tables(connection: duckdb.DuckDBPyConnection) -> bool:
    """Whether the ledger has ever been searched for commitments."""
    found = connection.execute("SELECT count(*) FROM duckdb_tables() WHERE table_name = 'commitment_links'").fetchone()
    return bool(found and found[0])


def pending(connection: duckdb.DuckDBPyConnection) -> int:
    """How many documents are still to be taken."""
    if not has_tables(connection):
        row = connection.execute("SELECT count(*) FROM documents WHERE copy_of IS NULL").fetchone()
    else:
        row = connection.execute(f"SELECT count(*) {_TODO}").fetchone()
    return int(row[0]) if row else 0


def catch_up(ledger: Ledger, progress: Callable[[int], None] | None = None) -> int:
    """Take all documents of a ledger open to write that are still to be taken; how many that were, repeats counted."""
    taken = 0
    gazetteer = Gazetteer.default()
    with ledger.transaction() as connection:
        connection.execute(_TABLES)
    while True:
        with ledger.transaction() as connection:
            rows = connection.execute(
                f"SELECT coalesce(c.published, d.published) AS day, document_id, "
                f"CASE WHEN c.published IS DISTINCT FROM d.published AND c.published IS NOT NULL THEN NULL "
                f"ELSE {_VERSION} END {_TODO} ORDER BY day, document_id LIMIT {BATCH}"
            ).fetchall()
            if not rows:
                return taken
            _Batch(connection, gazetteer, {(row[0], row[1]): row[2] for row in rows}).run()
        taken += len(rows)
        if progress:
            progress(taken)


@dataclass(slots=True)
class _Batch:
    """One transaction's documents, and what they change.

    ``versions`` has the places and versions of the documents: null for one that is gone from its place, be it for good
    or to another day.
    """

    connection: duckdb.DuckDBPyConnection
    gazetteer: Gazetteer
    versions: dict[Place, str | None]
    shelf: Shelf = field(default_factory=Shelf)
    changed: dict[str, Place] = field(default_factory=dict)
    removed: dict[str, Open] = field(default_factory=dict)
    linked: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    again: set[str] = field(default_factory=set)

    def run(self) -> None:
        papers, texts = self._papers([place[1] for place, version in self.versions.items() if version is not None])
        self._load(papers.values())
        for place in self.versions:
            self._take(place, papers.get(place[1]))
        self._store(papers, texts)

    # --- in

    def _papers(self, ids: Sequence[str]) -> tuple[dict[str, Paper], dict[str, str]]:
        """The documents read, repeats of an earlier text left out, and the hash of every text."""
        names = [f.name for f in fields(Document)]
        documents = [
            Document(**dict(zip(names, row, strict=True)))
            for row in self._ask(
                ids, f"SELECT {', '.join(names)} FROM documents SEMI JOIN incoming USING (document_id)"
            )
        ]
        sentences: dict[str, list[Sentence]] = defaultdict(list)
        for document_id, *rest in self._ask(
            ids,
            'SELECT document_id, no, start, "end", text FROM sentences SEMI JOIN incoming USING (document_id)'
            " ORDER BY document_id, no",
        ):
            sentences[document_id].append(Sentence(*rest))
        events = self._events(ids)
        texts = {d.document_id: hashlib.blake2b(same_text(d.text).encode(errors="replace"), digest_size=8).hexdigest()
                 for d in documents}  # fmt: skip
        first = self._first_of(texts)
        return {
            d.document_id: read_paper(d, sentences.get(d.document_id), events.get(d.document_id, ()), self.gazetteer)
            for d in documents
            if (d.published, d.document_id) <= first.get(texts[d.document_id], (d.published, d.document_id))
        }, texts

    def _events(self, ids: Sequence[str]) -> dict[str, list[Event]]:
        select = (
            "SELECT e.* FROM own_events AS e SEMI JOIN incoming USING (document_id) WHERE sentence_no IS NOT NULL"
            " ORDER BY document_id, sentence_no, event_id"
        )
        rows = self._ask(ids, select)
        columns = [str(column[0]) for column in self.connection.description or ()]
        found: dict[str, list[Event]] = defaultdict(list)
        for row in rows:
            event = event_from_row(dict(zip(columns, row, strict=True)))
            found[event.document_id].append(event)
        return found

    def _first_of(self, texts: dict[str, str]) -> dict[str, Place]:
        """The first place of each text, in the ledger or among those at hand."""
        own = {place[1] for place in self.versions}
        first: dict[str, Place] = {}
        for day, document_id, text in self._ask(
            list(texts.values()),
            "SELECT c.published, c.document_id, c.same_text FROM commitment_documents AS c"
            " JOIN incoming ON same_text = incoming.document_id",
        ):
            if document_id not in own:
                first[text] = min((day, document_id), first.get(text, (day, document_id)))
        for place in self.versions:
            text = texts.get(place[1])
            if text is not None:
                first[text] = min(place, first.get(text, place))
        return first

    def _load(self, papers: Iterable[Paper]) -> None:
        """Put on the shelf what the documents may be about, and what they were about when they were taken before."""
        rows = [
            (p.published, p.document.document_id, party, word)
            for p in papers
            for party in p.looked_up
            for word in (*telling(p.words), *([""] if p.refers and party else []))
        ]
        columns = list(zip(*rows, strict=True)) or [()] * 4
        kinds = (pa.date32(), pa.string(), pa.string(), pa.string())
        names = ("published", "document_id", "party", "word")
        self.connection.register(
            "wanted", pa.table({n: pa.array(c, k) for n, c, k in zip(names, columns, kinds, strict=True)})
        )
        before = "k.party = w.party AND k.word = w.word AND (k.founded, k.founded_by) < (w.published, w.document_id)"
        found = self.connection.execute(
            f"""
            SELECT founded_by FROM (
                SELECT w.document_id, k.founded_by, k.founded, count(DISTINCT w.word) AS votes
                FROM wanted AS w JOIN commitment_keys AS k ON {before} WHERE w.word <> '' GROUP BY ALL)
            QUALIFY row_number() OVER (PARTITION BY document_id ORDER BY votes DESC, founded DESC, founded_by)
                <= {CANDIDATES}
            UNION
            SELECT founded_by FROM (
                SELECT k.founded_by FROM wanted AS w JOIN commitment_keys AS k ON {before} WHERE w.word = ''
                QUALIFY row_number() OVER (
                    PARTITION BY w.document_id, w.party ORDER BY k.founded DESC, k.founded_by DESC) <= {RECENT})
            """
        ).fetchall()
        self.connection.unregister("wanted")
        ids = [place[1] for place in self.versions]
        links = self._ask(
            ids, "SELECT document_id, founded_by FROM commitment_links SEMI JOIN incoming USING (document_id)"
        )
        for document_id, founded_by in links:
            self.linked[document_id].add(founded_by)
        wanted = {row[0] for row in found} | {row[1] for row in links} | set(ids)
        select = "SELECT state FROM commitments SEMI JOIN incoming ON founded_by = document_id"
        for (state,) in self._ask(sorted(wanted), select):
            self.shelf.put(decode(json.loads(state)))

    # --- one document

    def _take(self, place: Place, paper: Paper | None) -> None:
        shelf, document_id = self.shelf, place[1]
        known = shelf.all.get(document_id)
        earlier = {key: shelf.all[key] for key in self.linked[document_id] if key in shelf.all}
        result = link(paper, shelf) if paper is not None else None
        about = {c.key: c for c in result.about} if result is not None else {}
        for key, commitment in earlier.items():
            if key not in about and any(entry.place == place for entry in commitment.log):
                # It was about this one when it was taken before, and is no longer.
                self._change(commitment.before(place), place)
                self.linked[document_id].discard(key)
        for key, commitment in about.items():
            old = next((entry for entry in shelf.all[key].log if entry.place == place), None)
            if shelf.all[key] is commitment or old != commitment.log[-1]:
                self._change(commitment, place)
            self.linked[document_id].add(key)
        founded = result.founded if result is not None else None
        if founded is not None and (known is None or known.founding != founded.founding):
            self._change(founded, place)
        elif founded is None and known is not None:
            shelf.remove(document_id)
            self.removed[document_id] = known
            self.changed[document_id] = min(place, self.changed.get(document_id, place))

    def _change(self, commitment: Open, place: Place) -> None:
        self.shelf.put(commitment)
        self.removed.pop(commitment.key, None)
        self.changed[commitment.key] = min(place, self.changed.get(commitment.key, place))

    # --- out

    def _store(self, papers: dict[str, Paper], texts: dict[str, str]) -> None:
        ids = [place[1] for place in self.versions]
        if self.changed:
            self._mark_later(ids)
        self._mark_repeats(ids, texts)
        for table in ("commitment_documents", "commitment_links"):
            self._ask(ids, f"DELETE FROM {table} WHERE document_id IN (SELECT document_id FROM incoming)")
        rows = []
        for (day, document_id), version in self.versions.items():
            if version is not None:
                paper = papers.get(document_id)
                parties, words = (list(paper.looked_up), telling(paper.words)) if paper is not None else ([], [])
                refers = paper is not None and paper.refers
                stale = document_id in self.again
                rows.append((document_id, version, day, texts.get(document_id), parties, words, refers, stale))
        self._insert("commitment_documents", rows)
        links = [(d, key) for d, keys in self.linked.items() for key in sorted(keys) if d in set(ids)]
        self._insert("commitment_links", links)
        changed = sorted(self.changed)
        for table in ("commitments", "commitment_keys"):
            self._ask(changed, f"DELETE FROM {table} WHERE founded_by IN (SELECT document_id FROM incoming)")
        found = [self.shelf.all[key] for key in changed if key in self.shelf.all]
        self._insert("commitments", [_row(c) for c in found])
        self._insert("commitment_keys", [(*key, *c.founding.place) for c in found for key in keys_of(c.founding)])

    def _mark_later(self, ids: Sequence[str]) -> None:
        """Documents after a change that may be about what has changed are to be taken again."""
        rows = []
        for key, place in self.changed.items():
            founding = (self.shelf.all.get(key) or self.removed[key]).founding
            rows += [(*own, key, *place, *founding.place) for own in keys_of(founding)]
        earliest = min(self.changed.values())
        later = self.connection.execute(
            "SELECT count(*) FROM commitment_documents WHERE (published, document_id) > (?, ?)", list(earliest)
        ).fetchone()
        if not later or not later[0]:
            return
        names = ("party", "word", "founded_by", "day", "id", "founded", "founder")
        kinds = (pa.string(), pa.string(), pa.string(), pa.date32(), pa.string(), pa.date32(), pa.string())
        columns = zip(*rows, strict=True)
        self.connection.register(
            "changes", pa.table({n: pa.array(c, k) for n, c, k in zip(names, columns, kinds, strict=True)})
        )
        after = "(d.published, d.document_id) > (c.day, c.id)"
        marked = self.connection.execute(
            f"""
            SELECT d.document_id FROM (SELECT *, unnest(words) AS word FROM commitment_documents) AS d
                JOIN changes AS c ON d.word = c.word AND {after}
                AND list_contains(d.parties, c.party)
            UNION
            SELECT d.document_id FROM commitment_links AS l JOIN commitment_documents AS d USING (document_id)
                JOIN changes AS c ON l.founded_by = c.founded_by AND {after}
            UNION
            SELECT d.document_id FROM (SELECT *, unnest(parties) AS party FROM commitment_documents WHERE refers) AS d
                JOIN changes AS c ON c.word = '' AND d.party = c.party AND {after}
                WHERE (SELECT count(*) FROM commitment_keys AS k WHERE k.party = c.party AND k.word = ''
                    AND (k.founded, k.founded_by) > (c.founded, c.founder)
                    AND (k.founded, k.founded_by) < (d.published, d.document_id)) < {RECENT}
            """
        ).fetchall()
        self.connection.unregister("changes")
        # Those of this batch saw the changes as they were taken, unless something was taken away.
        self.again |= {row[0] for row in marked} - (set() if self.removed else set(ids))

    def _mark_repeats(self, ids: Sequence[str], texts: dict[str, str]) -> None:
        """Others with the text of a document that has come, changed or gone are to be taken again."""
        known = self._ask(ids, "SELECT same_text FROM commitment_documents SEMI JOIN incoming USING (document_id)")
        both = sorted({*texts.values(), *(row[0] for row in known if row[0])})
        others = self._ask(
            both,
            "SELECT c.document_id, c.published FROM commitment_documents AS c"
            " JOIN incoming ON same_text = incoming.document_id",
        )
        first = min(self.versions)
        self.again |= {row[0] for row in others if (row[1], row[0]) > first} - set(ids)
        self._ask(
            sorted(self.again),
            "UPDATE commitment_documents SET stale = true WHERE document_id IN (SELECT * FROM incoming)",
        )

    def _ask(self, ids: Sequence[str], sql: str) -> list[tuple[Any, ...]]:
        """Rows of a query over the table ``incoming`` of document ids."""
        if not ids:
            return []
        self.connection.register("incoming", pa.table({"document_id": pa.array(ids, pa.string())}))
        rows = self.connection.execute(sql).fetchall()
        self.connection.unregister("incoming")
        return rows

    def _insert(self, table: str, rows: Sequence[tuple[Any, ...]]) -> None:
        if rows:
            schema = self.connection.execute(f"SELECT * FROM {table} LIMIT 0").to_arrow_table().schema
            columns = [pa.array(c, f.type) for c, f in zip(zip(*rows, strict=True), schema, strict=True)]
            self.connection.register("fresh", pa.Table.from_arrays(columns, names=schema.names))
            self.connection.execute(f"INSERT INTO {table} SELECT * FROM fresh")
            self.connection.unregister("fresh")


def _row(opened: Open) -> tuple[Any, ...]:
    """A commitment's row: how it stands by what is reported, and from when on silence would make it stalled."""
    provisions = standing(opened)
    status, since = overall(provisions, opened.made)
    tempo = Tempo.of(opened.made, opened.steps)
    telling_from = tempo.telling_from(due_of(provisions)) if status == "advancing" else None
    stalled = [p.since for p in provisions if p.status == "stalled" and p.since is not None]
    place: tuple[datetime.date, str] = opened.log[-1].place if opened.log else opened.founding.place
    return (
        opened.key, opened.made, id_of(opened), list(opened.parties), status, since, tempo.last, telling_from,
        min([tempo.last, *stalled]), place[0], level_of(provisions), opened.firmness,
        json.dumps(encode(opened), ensure_ascii=False, separators=(",", ":")),
    )  # fmt: skip
