"""Commitments out of a ledger: found by their rows, opened one by one, the user's corrections put on."""

from __future__ import annotations

import datetime
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from detente.actors import Gazetteer, find_country
from detente.commitments.corrections import Correction, apply, read_corrections
from detente.commitments.finish import finish
from detente.commitments.model import STATUSES, Commitment, Standing
from detente.commitments.state import Open, decode
from detente.commitments.store import catch_up, has_tables, pending
from detente.errors import BadOption, DetenteError
from detente.ledger import Ledger, open_ledger
from detente.showing import Tabular

__all__ = ["ATTENTION", "Found", "corrections_path", "from_ledger", "one", "party_name", "select"]

ATTENTION: tuple[Standing, ...] = ("breached", "stalled", "advancing", "superseded", "fulfilled")
"""The order in which commitments are listed: what calls for attention first."""


@dataclass(frozen=True, slots=True)
class Found(Tabular):
    """Commitments of a ledger that were asked for, how many there are of each status, and what was left out."""

    commitments: tuple[Commitment, ...]
    totals: dict[str, int] = field(default_factory=dict)
    unmet: tuple[Correction, ...] = ()
    pending: int = 0
    """Documents of the ledger that are not followed up yet."""

    @property
    def total(self) -> int:
        """How many commitments were asked for; more than are listed where a limit was set."""
        return sum(self.totals.values())

    def to_arrow(self) -> Any:
        """A row a commitment: title, parties, days, status, and how long nothing has been heard."""
        import pyarrow as pa  # noqa: PLC0415 - loaded when asked for

        plain = ("commitment_id", "made", "firmness", "status", "since", "last_follow_through", "level", "title")
        rows = [
            {name: getattr(c, name) for name in plain}
            | {"parties": list(c.parties), "silent_days": c.silence.days if c.silence else None}
            for c in self.commitments
        ]
        return pa.Table.from_pylist(rows)

    def board(self) -> dict[str, tuple[Commitment, ...]]:
        """The listed commitments by status, what calls for attention first; statuses without any are left out."""
        groups = {status: tuple(c for c in self.commitments if c.status == status) for status in ATTENTION}
        return {status: group for status, group in groups.items() if group}


def corrections_path(ledger: Path) -> Path:
    """The file beside a ledger that holds the corrections of its commitments."""
    return ledger.with_name(ledger.name + ".commitments.jsonl")


def from_ledger(
    ledger: Ledger | str | Path,
    *,
    parties: Sequence[str] = (),
    status: str | Iterable[str] | None = None,
    ids: Sequence[str] | None = None,
    until: datetime.date | None = None,
    limit: int | None = None,
    corrections: Path | None = None,
    progress: Callable[[int], None] | None = None,
) -> Found:
    """The commitments of a ledger as of ``until`` (else its last document), with the user's corrections put on.

    Those to which all ``parties`` (codes or names) belong, of a ``status`` or several, or with these ``ids``; at most
    ``limit`` of them, what calls for attention first, then the last heard of. Documents that were read before
    commitments were kept are followed up first, where the ledger can be written to; else they are counted in
    ``pending``. Near-copies are left out: they are the same report. ``corrections`` is the file of them, else the one
    beside the ledger. BadOption for a status that there is not.
    """
    wanted = None if status is None else (status,) if isinstance(status, str) else tuple(status)
    for name in wanted or ():
        if name not in STATUSES:
            raise BadOption("status", name, STATUSES)
    with _followed(ledger, progress) as (store, left):
        connection = store.connection
        made = read_corrections(corrections or corrections_path(Path(store.path)))
        if not has_tables(connection):
            return Found((), unmet=made, pending=left)
        question = _Question(connection, tuple(parties), wanted, ids, until)
        found, totals, unmet = question.answer(made, limit)
    return Found(found, totals, unmet, left)


def party_name(name: str) -> str:
    """What a party is called in commitments: a state's code, else the name of an organisation or armed group."""
    code = find_country(name)
    if code is not None:
        return code
    known = Gazetteer.default().resolve_name(name, datetime.datetime.now(datetime.UTC).date())
    return known.name if known is not None else name


def one(ledger: Ledger | str | Path, commitment_id: str, *, until: datetime.date | None = None) -> Commitment | None:
    """The commitment of an id, corrected as the user wants it; None where there is none."""
    found = from_ledger(ledger, ids=[commitment_id], until=until).commitments
    return found[0] if found else None


def select(
    commitments: Iterable[Commitment], *, parties: Sequence[str] = (), status: Iterable[str] | None = None
) -> tuple[Commitment, ...]:
    """Those to which all the parties belong, of one of the statuses."""
    chosen = None if status is None else set(status)
    return tuple(
        c for c in commitments if all(p in c.parties for p in parties) and (chosen is None or c.status in chosen)
    )


@contextmanager
def _followed(ledger: Ledger | str | Path, progress: Callable[[int], None] | None) -> Iterator[tuple[Ledger, int]]:
    """The ledger open to read, all of its documents followed up where that can be; how many are not."""
    if isinstance(ledger, Ledger):
        yield ledger, pending(ledger.connection)
        return
    with open_ledger(ledger) as store:
        left = pending(store.connection)
    if left:
        try:
            with open_ledger(ledger, "write") as writer:
                catch_up(writer, progress)
                left = 0
        except DetenteError:
            pass  # in use, or not ours to write: what is there is answered from, and the rest is counted
    with open_ledger(ledger) as store:
        yield store, left


_ROW = """
SELECT founded_by, commitment_id, parties, updated, last, CASE WHEN status = 'advancing' AND telling_from <= $day
    AND news > last + (date_diff('day', last, $day::DATE) // 2)::INTEGER THEN 'stalled' ELSE status END AS now
FROM commitments LEFT JOIN (
    SELECT founded_by, max(newest) AS news FROM (SELECT founded_by, unnest(parties) AS party FROM commitments)
    JOIN (SELECT party, max(published) AS newest FROM (
        SELECT unnest(parties) AS party, published FROM commitment_documents WHERE published <= $day) GROUP BY party)
    USING (party) GROUP BY founded_by)
USING (founded_by)
WHERE founded <= $day
"""
"""How every commitment stands on a day, silence included, as long as nothing was put on since."""


class _Question:
    """One question to the tables of a ledger."""

    def __init__(
        self,
        connection: duckdb.DuckDBPyConnection,
        parties: tuple[str, ...],
        status: tuple[str, ...] | None,
        ids: Sequence[str] | None,
        until: datetime.date | None,
    ) -> None:
        self._connection = connection
        self._parties = parties
        self._status = status
        self._ids = ids
        row = connection.execute("SELECT max(published) FROM commitment_documents").fetchone()
        self._day = until or (row[0] if row and row[0] else datetime.date.max)
        self._late = until is not None and row is not None and row[0] is not None and row[0] > until

    def answer(
        self, corrections: Sequence[Correction], limit: int | None
    ) -> tuple[tuple[Commitment, ...], dict[str, int], tuple[Correction, ...]]:
        """Commitments asked for, their number by status, and corrections that meet none."""
        touched = {i for c in corrections for i in (c.commitment_id, *c.others)} | {
            e for c in corrections for e in c.evidence
        }
        apart = self._keys_of_corrected(touched) if corrections else []
        corrected, unmet = apply(self._opened(apart), corrections)
        corrected = select(corrected, parties=self._parties, status=self._status)
        if self._ids is not None:
            corrected = tuple(c for c in corrected if c.commitment_id in self._ids)
        totals, keys = self._rows(apart, limit)
        for c in corrected:
            totals[c.status] = totals.get(c.status, 0) + 1
        found = [*corrected, *self._opened(keys)]
        found.sort(key=_attention)
        return tuple(found[:limit]), {s: totals[s] for s in ATTENTION if totals.get(s)}, unmet

    def _keys_of_corrected(self, touched: set[str]) -> list[str]:
        self._register("touched", sorted(touched))
        rows = self._connection.execute(
            "SELECT founded_by FROM commitments WHERE founded <= ? AND (commitment_id IN (SELECT key FROM touched)"
            " OR founded_by IN (SELECT key FROM touched) OR founded_by IN (SELECT founded_by FROM commitment_links"
            " WHERE document_id IN (SELECT key FROM touched))) ORDER BY founded_by",
            [self._day],
        ).fetchall()
        self._connection.unregister("touched")
        return [row[0] for row in rows]

    def _rows(self, apart: Sequence[str], limit: int | None) -> tuple[dict[str, int], list[str]]:
        """Numbers by status, and the keys of those listed; the corrected ones, which are judged apart, left out."""
        self._register("apart", apart)
        self._register("wanted", sorted(self._ids or ()))
        sql = f"CREATE OR REPLACE TEMP TABLE asked AS {_ROW} AND founded_by NOT IN (SELECT key FROM apart)"
        values: dict[str, Any] = {"day": self._day}
        if self._parties:
            sql += " AND list_has_all(parties, $parties)"
            values["parties"] = list(self._parties)
        if self._ids is not None:
            sql += " AND commitment_id IN (SELECT key FROM wanted)"
        self._connection.execute(sql, values)
        if self._late:
            self._as_of()
        if self._status is not None:
            self._connection.execute("DELETE FROM asked WHERE NOT list_contains(?, now)", [list(self._status)])
        totals = dict(self._connection.execute("SELECT now, count(*) FROM asked GROUP BY now").fetchall())
        order = " ".join(f"WHEN '{name}' THEN {n}" for n, name in enumerate(ATTENTION))
        keys = self._connection.execute(
            f"SELECT founded_by FROM asked ORDER BY CASE now {order} END, last DESC, commitment_id"
            + ("" if limit is None else f" LIMIT {int(limit)}")
        ).fetchall()
        self._connection.execute("DROP TABLE asked")
        self._connection.unregister("apart")
        self._connection.unregister("wanted")
        return totals, [row[0] for row in keys]

    def _as_of(self) -> None:
        """Those that something was put on after the day are judged by what had been put on by then."""
        late = [
            r[0]
            for r in self._connection.execute("SELECT founded_by FROM asked WHERE updated > ?", [self._day]).fetchall()
        ]
        judged = {c.commitment_id: (c.status, (c.last_follow_through or c.made)) for c in self._opened(late)}
        rows = [(key, status, last) for key, (status, last) in judged.items()]
        if rows:
            names = ("id", "status", "heard")
            self._connection.register(
                "judged", pa.table({n: list(c) for n, c in zip(names, zip(*rows, strict=True), strict=True)})
            )
            self._connection.execute(
                "UPDATE asked SET now = judged.status, last = judged.heard FROM judged WHERE commitment_id = id"
            )
            self._connection.unregister("judged")

    def _opened(self, keys: Sequence[str]) -> list[Commitment]:
        """The commitments of these keys in full, as of the day."""
        self._register("keys", keys)
        states = self._connection.execute(
            "SELECT state FROM commitments JOIN keys ON founded_by = key ORDER BY founded_by"
        ).fetchall()
        self._connection.unregister("keys")
        opened = [self._then(decode(json.loads(state))) for (state,) in states]
        news = self._news({party for o in opened for party in o.parties})
        days: dict[tuple[str, ...], list[datetime.date]] = {}
        for o in opened:
            if o.parties not in days:
                days[o.parties] = sorted(set().union(*(news.get(party, ()) for party in o.parties)))
        return [finish(o, self._day, days[o.parties]) for o in opened]

    def _then(self, opened: Open) -> Open:
        """A commitment as it stood at the end of the day."""
        return opened.before((self._day, chr(0x10FFFF))) if self._late else opened

    def _news(self, parties: set[str]) -> dict[str, list[datetime.date]]:
        """The days up to the day asked about on which a document names each of the parties."""
        self._register("named", sorted(parties))
        rows = self._connection.execute(
            "SELECT party, list(DISTINCT published) FROM (SELECT unnest(parties) AS party, published"
            " FROM commitment_documents WHERE published <= ?) SEMI JOIN named ON party = key GROUP BY party",
            [self._day],
        ).fetchall()
        self._connection.unregister("named")
        return dict(rows)

    def _register(self, name: str, keys: Sequence[str]) -> None:
        self._connection.register(name, pa.table({"key": pa.array(keys, pa.string())}))


def _attention(c: Commitment) -> tuple[int, int, str]:
    heard = c.last_follow_through or c.made
    return ATTENTION.index(c.status), -heard.toordinal(), c.commitment_id
