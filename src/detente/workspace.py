"""The Python API: a ledger with everything that can be done to it and asked of it.

``import detente as dt; with dt.open("my.ledger") as ledger: ledger.relation("RUS", "PRK")``. The commands call the
same methods.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Sequence
from itertools import islice
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from detente.errors import BadInput, NotFound
from detente.records import Document, parse_date
from detente.showing import Events, Records

if TYPE_CHECKING:
    from detente.brief import Brief
    from detente.coding import CodingOptions
    from detente.commitments import Commitment, Found
    from detente.documents import ReadOptions
    from detente.ledger import ReadReport
    from detente.ledger.imports import ImportProgress, ImportReport
    from detente.leverage import DependenceTable, Network
    from detente.relations import GroupView, Relation, Shift, Sighting, Stance

__all__ = ["Workspace", "code", "dossier", "dossiers", "open_workspace", "two_states"]

_DOSSIERS = Path(__file__).parent / "dossiers"


def dossiers() -> list[str]:
    """Names of the bundled dossiers."""
    return sorted(p.name for p in _DOSSIERS.iterdir() if (p / "dispatches.jsonl").exists())


def dossier(name: str) -> Path:
    """Path of a bundled dossier's documents (JSON Lines); NotFound where there is none of that name."""
    if name not in dossiers():
        raise NotFound(f"dossier (there are: {', '.join(dossiers())})", name)
    return _DOSSIERS / name / "dispatches.jsonl"


def code(
    source: str | Document | Iterable[Document],
    date: datetime.date | str | None = None,
    *,
    options: CodingOptions | None = None,
) -> Events:
    """Events of a text or of documents, in document order; a bare text needs the ``date`` it was published."""
    from detente.coding import Coder  # noqa: PLC0415 - the model is loaded when something is coded

    if isinstance(source, str):
        if date is None:
            raise BadInput("a text needs the date of its publication: code(text, date=…)")
        source = Document(document_id="text", text=source, published=parse_date(date), date_from="option")
    documents = [source] if isinstance(source, Document) else source
    return Events(event for coded in Coder.load(options).code(documents) for event in coded.events)


def open_workspace(path: str | Path) -> Workspace:
    """The ledger in a file, to read into and to ask; the file is made when something is first read into it."""
    return Workspace(Path(path))


class Workspace:
    """A ledger and the analyses over it; made by :func:`open_workspace` (``detente.open``).

    Each call opens the file and lets go of it again, so that others can use it in between. States are given as ISO
    alpha-3 codes or names, days as dates or ``YYYY-MM-DD``.
    """

    def __init__(self, path: Path) -> None:
        self.path = path

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        return None

    def __repr__(self) -> str:
        return f"detente.open({str(self.path)!r})"

    # --- in

    def read(
        self,
        files: str | Path | Sequence[str | Path],
        *,
        options: ReadOptions | None = None,
        coding: CodingOptions | None = None,
        stdin: Any = None,
        progress: Callable[[ReadReport], None] | None = None,
    ) -> ReadReport:
        """Documents into the ledger: coded, near-copies linked, what is there unchanged left alone.

        ``progress`` is called with the report so far after each transaction.
        """
        from detente.coding import Coder  # noqa: PLC0415 - the model is loaded when something is coded
        from detente.commitments import catch_up  # noqa: PLC0415
        from detente.documents import ReadOptions, read  # noqa: PLC0415
        from detente.ledger import ReadReport, open_ledger  # noqa: PLC0415
        from detente.ledger.reading import TOGETHER, sift, store_sifted  # noqa: PLC0415

        paths = [files] if isinstance(files, str | Path) else list(files)
        coder = Coder.load(coding)
        report = ReadReport()
        # Whole paths tell files of one name apart, from whatever folder the reading is started.
        places = [str(p) if str(p) == "-" else str(Path(p).absolute()) for p in paths]
        items = read(places, options or ReadOptions(), stdin=stdin)
        with open_ledger(self.path, "write") as ledger:
            with ledger.batch("read", inputs=[str(p) for p in paths], coder=coder.name) as batch:
                while chunk := list(islice(items, TOGETHER)):
                    sifted = sift(ledger, coder.name, chunk)
                    store_sifted(ledger, batch, sifted, coder.code(sifted.originals), report)
                    if progress:
                        progress(report)
            catch_up(ledger)
        return report

    def import_(
        self,
        format: str,  # noqa: A002 - the contract's word
        files: str | Path | Sequence[str | Path],
        *,
        mapping: dict[str, str] | None = None,
        dataset: str = "table",
        mentions: Sequence[str | Path] = (),
        progress: Callable[[ImportProgress], None] | None = None,
    ) -> ImportReport:
        """An event data set into the ledger; the same again changes nothing, a cut-off import goes on.

        ``mapping`` (our name to the file's column) and ``dataset`` are for the format ``table``, ``mentions`` for
        ``gdelt``.
        """
        from detente.datasets import open_format, table_format  # noqa: PLC0415 - loads DuckDB
        from detente.ledger import open_ledger  # noqa: PLC0415
        from detente.ledger.imports import import_files  # noqa: PLC0415
        from detente.relations import keep  # noqa: PLC0415

        fmt = table_format(mapping or {}, dataset) if format == "table" else open_format(format)
        paths = [str(p) for p in ([files] if isinstance(files, str | Path) else files)]
        with open_ledger(self.path, "write") as ledger:
            report = import_files(ledger, fmt, paths, mentions=[str(p) for p in mentions], progress=progress)
            keep(ledger)
        return report

    # --- out

    def relation(
        self,
        a: str,
        b: str,
        *,
        since: datetime.date | str | None = None,
        until: datetime.date | str | None = None,
        by: str = "month",
        latest: int | None = 20,
    ) -> Relation:
        """How two states stand: series both ways, shifts, latest events with their sentences."""
        from detente.relations import open_tables, relation, with_context  # noqa: PLC0415 - takes time to load

        one, other = two_states(a, b)
        first, last = _span(since, until)
        with open_tables(self.path) as tables:
            found = relation(tables, one, other, by=by, since=first, until=last, latest=latest)
            return with_context(found, tables)

    def shifts(
        self, *, since: datetime.date | str | None = None, until: datetime.date | str | None = None
    ) -> Records[Shift]:
        """Shifts over all dyads, the unnoticed first; ``until`` uses nothing published later."""
        from detente.relations import open_tables, shifts  # noqa: PLC0415

        first, last = _span(since, until)
        with open_tables(self.path) as tables:
            found = shifts(tables, since=first, until=last)
        return Records(found)

    def replay(
        self,
        step: str = "month",
        *,
        since: datetime.date | str | None = None,
        until: datetime.date | str | None = None,
        min_probability: float = 0.1,
    ) -> Records[Sighting]:
        """When each shift could first have been known: the ledger read up to one ``step`` after another."""
        from detente.relations import open_tables, replay  # noqa: PLC0415

        with open_tables(self.path) as tables:
            found = replay(tables, step=step, since=_day(since), until=_day(until), min_probability=min_probability)
        return Records(found)

    def group(
        self,
        members: str | Sequence[str],
        *,
        since: datetime.date | str | None = None,
        until: datetime.date | str | None = None,
    ) -> GroupView:
        """All pairs of a group, by its name (six-party, G7, …) or a list of states: now, before, and the change."""
        from detente.actors import group  # noqa: PLC0415
        from detente.relations import group_view, open_tables  # noqa: PLC0415

        first, last = _span(since, until)
        with open_tables(self.path) as tables:
            return group_view(tables, group(members), since=first, until=last)

    def stance(
        self,
        a: str,
        b: str,
        *,
        by: str = "quarter",
        since: datetime.date | str | None = None,
        until: datetime.date | str | None = None,
    ) -> Stance:
        """Attitude of ``a`` toward ``b`` over time, its words beside its deeds, with the sentences."""
        from detente.relations import open_tables, stance  # noqa: PLC0415

        one, other = two_states(a, b)
        first, last = _span(since, until)
        with open_tables(self.path) as tables:
            return stance(tables, one, other, by=by, since=first, until=last)

    def commitments(
        self,
        party: str | None = None,
        other: str | None = None,
        *,
        status: str | Sequence[str] | None = None,
        until: datetime.date | str | None = None,
        limit: int | None = None,
    ) -> Found:
        """Commitments of a party or between two, with provisions, status, follow-through and silence.

        What calls for attention comes first; ``limit`` bounds how many are opened, ``totals`` counts them all.
        """
        from detente.commitments import from_ledger, party_name  # noqa: PLC0415

        parties = [party_name(name) for name in (party, other) if name is not None]
        return from_ledger(self.path, parties=parties, status=status, until=_day(until), limit=limit)

    def commitment(self, commitment_id: str, *, until: datetime.date | str | None = None) -> Commitment:
        """The commitment of an id; NotFound where there is none."""
        from detente.commitments import one  # noqa: PLC0415
        from detente.errors import NotFound  # noqa: PLC0415

        found = one(self.path, commitment_id, until=_day(until))
        if found is None:
            raise NotFound("commitment", commitment_id)
        return found

    def compose_brief(
        self,
        a: str,
        b: str,
        *,
        since: datetime.date | str | None = None,
        until: datetime.date | str | None = None,
        corridor: str | Path | Network | None = None,
        dependence: str | Path | DependenceTable | None = None,
    ) -> Brief:
        """The content of the brief on two states; leverage from a corridor file and a table of ties, where given."""
        from detente.brief import cited_documents, compose  # noqa: PLC0415
        from detente.leverage import dyad_material  # noqa: PLC0415 - SciPy's and HiGHS' weight

        # Names, days and files first: what is wrong with them is told before minutes of work.
        a, b = two_states(a, b)
        _, last = _span(since, until)
        levers = dyad_material(a, b, corridor=corridor, dependence=dependence, last=last.year if last else None)
        found = self.relation(a, b, since=since, until=until, latest=None)
        stances = [self.stance(x, y, since=since, until=until) for x, y in ((found.a, found.b), (found.b, found.a))]
        commitments = self.commitments(found.a, found.b, until=until).commitments if self.path.is_file() else ()
        return compose(
            found,
            self._documents(cited_documents(found, stances, commitments)),
            stances=stances,
            commitments=commitments,
            leverage=None if corridor is None and dependence is None else levers.components,
            outcomes=levers.outcomes,
        )

    def brief(
        self,
        a: str,
        b: str,
        out: str | Path,
        *,
        since: datetime.date | str | None = None,
        until: datetime.date | str | None = None,
        corridor: str | Path | Network | None = None,
        dependence: str | Path | DependenceTable | None = None,
    ) -> Path:
        """Write the brief on two states to a file: HTML, PDF, Markdown or JSON by its ending."""
        from detente.brief import check_ending, render  # noqa: PLC0415

        out = Path(out)
        check_ending(out.suffix)
        if not out.parent.is_dir():
            raise BadInput("the folder does not exist", str(out.parent))
        composed = self.compose_brief(a, b, since=since, until=until, corridor=corridor, dependence=dependence)
        content = render(composed, out.suffix)
        try:
            out.write_bytes(content)
        except OSError as error:
            raise BadInput(f"cannot be written: {error.strerror}", str(out)) from None
        return out

    def counts(self) -> dict[str, int]:
        """Number of rows of each table of the ledger."""
        from detente.ledger import open_ledger  # noqa: PLC0415

        with open_ledger(self.path) as ledger:
            return ledger.counts()

    def _documents(self, ids: set[str]) -> dict[str, Document]:
        """Those of the documents that the ledger holds, without their texts: title, source, date and address."""
        from detente.ledger import open_ledger  # noqa: PLC0415

        with open_ledger(self.path) as ledger:
            rows = ledger.connection.execute(
                "SELECT document_id, published, title, source, url FROM documents "
                "WHERE document_id IN (SELECT unnest(?::VARCHAR[]))",
                [sorted(ids)],
            ).fetchall()
        return {
            row[0]: Document(document_id=row[0], text="", published=row[1], title=row[2], source=row[3], url=row[4])
            for row in rows
        }


def _day(value: datetime.date | str | None) -> datetime.date | None:
    return None if value is None else parse_date(value)


def _span(
    since: datetime.date | str | None, until: datetime.date | str | None
) -> tuple[datetime.date | None, datetime.date | None]:
    """First and last day of a span; BadInput where it begins after it ends."""
    first, last = _day(since), _day(until)
    if first is not None and last is not None and first > last:
        raise BadInput(f"the span begins after it ends: {first} is later than {last}")
    return first, last


def two_states(a: str, b: str) -> tuple[str, str]:
    """The codes of two different states, given as codes or names."""
    from detente.actors import country  # noqa: PLC0415 - tables are loaded when a name is looked up

    one, other = country(a), country(b)
    if one == other:
        raise BadInput(f"{a!r} and {b!r} are the same state, {one}")
    return one, other
