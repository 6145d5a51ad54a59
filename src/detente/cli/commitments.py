"""``detente commitments``: what was promised, on what conditions, and what became of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from detente.cli.drawing import draw
from detente.cli.output import JsonOption, LedgerOption, day, emit, emit_json, note
from detente.errors import BadInput

if TYPE_CHECKING:
    from detente.commitments import Commitment, Correction, Found

__all__ = ["COMMANDS"]

NO_DATE = "–"
MOST, MOST_JSON = 50, 1000
"""Commitments listed in the table and as JSON, unless --limit says otherwise: opening one takes about a millisecond."""


def commitments(
    ledger: LedgerOption,
    party: Annotated[list[str] | None, typer.Option(help="A state or another party; twice for those of both.")] = None,
    status: Annotated[
        list[str] | None, typer.Option(help="fulfilled, advancing, stalled, breached or superseded; repeatable.")
    ] = None,
    until: Annotated[str | None, typer.Option(help="As of this day, YYYY-MM-DD; nothing later is used.")] = None,
    limit: Annotated[
        int | None, typer.Option(min=0, help="Most commitments to list: else 50, with --json 1000; 0 lists all.")
    ] = None,
    conditions: Annotated[bool, typer.Option("--conditions", help="List the conditions alone.")] = False,
    show: Annotated[str | None, typer.Option(help="Everything about the commitment of this id.")] = None,
    chart: Annotated[
        Path | None,
        typer.Option(help="Draw into this .svg, .png, .pdf or .json: a timeline with --show, else a board."),
    ] = None,
    corrections: Annotated[
        Path | None, typer.Option(help="File of corrections, else the one beside the ledger.")
    ] = None,
    confirm: Annotated[str | None, typer.Option(help="Note that the commitment of this id is right.")] = None,
    reject: Annotated[str | None, typer.Option(help="Leave out the commitment of this id from now on.")] = None,
    merge: Annotated[str | None, typer.Option(help="Ids with commas: merge the others into the first.")] = None,
    split: Annotated[
        str | None, typer.Option(help="ID:2,3 makes provisions 2 and 3 a commitment of their own.")
    ] = None,
    correct: Annotated[list[str] | None, typer.Option(help="ID:field=value, such as ID:status=stalled.")] = None,
    as_json: JsonOption = False,
) -> None:
    """Commitments with their provisions, conditions, status, follow-through and silence.

    Example: detente commitments --ledger my.ledger --party Russia --party "North Korea"
    """
    from detente.commitments import from_ledger, party_name  # noqa: PLC0415 - loads the gazetteer

    last = day(until, "--until")
    wanted = [party_name(name) for name in party or ()]
    if len(wanted) > 2:
        raise BadInput("--party can be given twice at most")
    _correct(ledger, corrections, _corrections(confirm, reject, merge, split, correct or ()))
    most = (MOST_JSON if as_json or chart else MOST) if limit is None else limit
    found = from_ledger(
        ledger,
        parties=wanted,
        status=status or None,
        ids=None if show is None else [show],
        until=last,
        limit=most or None,
        corrections=corrections,
        progress=lambda taken: note(f"{taken:,} documents searched for commitments"),
    )
    _notes(found, ledger)
    chosen = found.commitments
    if show is not None and not chosen:
        raise BadInput(f"no commitment {show!r} in {ledger}")
    if chart is not None:
        _draw(chosen, chart, alone=show is not None)
    if as_json:
        emit_json([c.to_json() for c in chosen])
    elif conditions:
        emit(_conditions(chosen))
    elif show is not None:
        emit("\n".join(_full(chosen[0])))
    else:
        emit(_board(found))


def _notes(found: Found, ledger: Path) -> None:
    """What a user should know beside the answer: corrections not used, documents not searched, what is not listed."""
    for unmet in found.unmet:
        note(
            f"correction not used: {unmet.action} {unmet.commitment_id}, which is no longer found or cannot be split so"
        )
    if found.pending:
        note(f"{found.pending} documents are not searched for commitments yet, because {ledger} is in use or read-only")
    if found.total > len(found.commitments):
        note(f"{len(found.commitments):,} of {found.total:,} commitments are listed; --limit 0 lists all")


def _correct(ledger: Path, path: Path | None, wanted: Sequence[Correction]) -> None:
    """Write down corrections, each with a document that states the commitment; BadInput where an id is not there."""
    from detente.commitments import add_correction, corrections_path, from_ledger  # noqa: PLC0415

    for correction in wanted:
        names = (correction.commitment_id, *correction.others)
        known = {c.commitment_id: c for c in from_ledger(ledger, ids=names, corrections=path).commitments}
        for name in names:
            if name not in known:
                raise BadInput(f"no commitment {name!r} in {ledger}")
        stated = tuple(known[name].evidence[0].document_id for name in names if known[name].evidence)
        add_correction(path or corrections_path(ledger), replace(correction, evidence=stated))


def _draw(chosen: Sequence[Commitment], path: Path, *, alone: bool) -> None:
    from detente.charts.commitments import board_chart, commitment_chart  # noqa: PLC0415 - large libraries

    if not chosen:
        raise BadInput("no commitments to draw")
    draw(path, lambda _: commitment_chart(chosen[0]) if alone else board_chart(chosen))


def _corrections(
    confirm: str | None, reject: str | None, merge: str | None, split: str | None, correct: list[str] | tuple[str, ...]
) -> list[Correction]:
    from detente.commitments import Correction  # noqa: PLC0415

    found = []
    if confirm is not None:
        found.append(Correction(action="confirm", commitment_id=confirm))
    if reject is not None:
        found.append(Correction(action="reject", commitment_id=reject))
    if merge is not None:
        into, *others = [part.strip() for part in merge.split(",") if part.strip()] or [""]
        found.append(Correction(action="merge", commitment_id=into, others=tuple(others)))
    if split is not None:
        name, _, numbers = split.partition(":")
        if not all(number.strip().isdigit() for number in numbers.split(",")):
            raise BadInput(f"--split {split!r}: write ID:2,3")
        found.append(Correction(action="split", commitment_id=name, provisions=tuple(map(int, numbers.split(",")))))
    for text in correct:
        name, _, setting = text.partition(":")
        field, sign, value = setting.partition("=")
        if not sign:
            raise BadInput(f"--correct {text!r}: write ID:field=value")
        found.append(Correction(action="correct", commitment_id=name, fields=((field.strip(), value.strip()),)))
    return found


def _board(found: Found) -> str:
    """A table for each status, the ones that call for attention first."""
    parts = []
    for status, rows in found.board().items():
        parts.append(f"{status} ({found.totals[status]:,})")
        for c in rows:
            last = c.last_follow_through.isoformat() if c.last_follow_through else NO_DATE
            silent = f", silent for {c.silence.days} days" if c.silence is not None and c.silence.telling else ""
            parts.append(f"  {c.commitment_id}  made {c.made}  since {c.since}  last step {last}{silent}")
            parts.append(f"    {'–'.join(c.parties)} ({c.firmness})")
            for provision in c.provisions:
                due = f", due {provision.due}" if provision.due else ""
                condition = f" [{provision.condition}]" if provision.condition else ""
                parts.append(f"      {provision.level}/3 {provision.status:<10} {provision.subject}{due}{condition}")
    return "\n".join(parts) or "no commitments"


def _conditions(chosen: Sequence[Commitment]) -> str:
    """Every condition with what hangs on it and how that stands."""
    lines = [
        f"{c.commitment_id}  {'–'.join(c.parties)}  {p.subject} ({p.status}): {' '.join(p.condition.split())}"
        for c in chosen
        for p in c.provisions
        if p.condition
    ]
    return "\n".join(lines) or "no conditions"


def _full(c: Commitment) -> list[str]:
    """Everything about one commitment, with its sentences."""
    lines = [
        f"{c.commitment_id}  {'–'.join(c.parties)}  {c.status} since {c.since}",
        f"made {c.made}, {c.firmness}; by {', '.join(c.by)}" + (f" to {', '.join(c.to)}" if c.to else ""),
    ]
    if c.corrected:
        lines.append(f"corrected by hand: {', '.join(c.corrected)}")
    lines.append("stated in")
    lines += [f"  {e.published} {e.document_id}  {' '.join(e.sentence.split())}" for e in c.evidence]
    for provision in c.provisions:
        lines.append(f"{provision.subject}: level {provision.level}, {provision.status} since {provision.since}")
        lines.append(f"  “{' '.join(provision.words.split())}”")
        if provision.due:
            lines.append(f"  due {provision.due}")
        if provision.condition:
            lines.append(f"  condition: {provision.condition}")
        for report in provision.follow_through:
            scores = ", ".join(f"{name} {value:g}" for name, value in report.scores)
            lines.append(f"  {report.date} {report.kind} (match {report.score:.2f}: {scores})")
            lines.append(f"    {' '.join(report.evidence.sentence.split())}")
    if c.silence is not None:
        s = c.silence
        lines.append(
            f"silence: {s.days} days since {s.last}; steps were expected every {s.expected:.0f} days; chance of so long"
            f" a gap {s.probability:.3f}"
        )
        lines.append(
            f"  coverage: {s.coverage.during} documents on the parties since, the last of {s.coverage.last or NO_DATE};"
            f" {'reporting goes on' if s.coverage.goes_on else 'reporting stopped, so the silence says nothing'}"
        )
    for pair in c.contradictions:
        lines.append(f"contradiction about {pair.subject}")
        for report in (pair.one, pair.other):
            lines.append(f"  {report.date} {report.kind}: {' '.join(report.evidence.sentence.split())}")
    for omission in c.omissions:
        lines.append(f"no longer named: {omission.party}, since {omission.last_named} ({', '.join(omission.since)})")
    return lines


COMMANDS: dict[str, Callable[..., None]] = {"commitments": commitments}
