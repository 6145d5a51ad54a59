"""``detente commitments``: what was promised, on what conditions, and what became of it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from detente.cli.output import JsonOption, LedgerOption, day, emit, emit_json, note
from detente.errors import BadInput

if TYPE_CHECKING:
    from detente.commitments import Commitment, Correction

__all__ = ["COMMANDS"]

NO_DATE = "–"


def commitments(
    ledger: LedgerOption,
    party: Annotated[list[str] | None, typer.Option(help="A state or another party; twice for those of both.")] = None,
    status: Annotated[str | None, typer.Option(help="fulfilled, advancing, stalled, breached or superseded.")] = None,
    until: Annotated[str | None, typer.Option(help="As of this day, YYYY-MM-DD; nothing later is used.")] = None,
    show: Annotated[str | None, typer.Option(help="Everything about the commitment of this id.")] = None,
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
    from detente.commitments import add_correction, corrections_path, from_ledger, select  # noqa: PLC0415

    last = day(until, "--until")
    wanted = [_party(name) for name in party or ()]
    if len(wanted) > 2:
        raise BadInput("--party can be given twice at most")
    for correction in _corrections(confirm, reject, merge, split, correct or ()):
        found = from_ledger(ledger, until=last, corrections=corrections)
        known = {c.commitment_id for c in found.commitments}
        for wanted_id in (correction.commitment_id, *correction.others):
            if wanted_id not in known:
                raise BadInput(f"no commitment {wanted_id!r} in {ledger}")
        add_correction(corrections or corrections_path(ledger), correction)
    found = from_ledger(ledger, until=last, corrections=corrections)
    for unmet in found.unmet:
        note(
            f"correction not used: {unmet.action} {unmet.commitment_id}, which is no longer found or cannot be split so"
        )
    chosen = select(
        found.commitments,
        party=wanted[0] if wanted else None,
        other=wanted[1] if len(wanted) > 1 else None,
        status=status,
    )
    if show is not None:
        chosen = tuple(c for c in chosen if c.commitment_id == show)
        if not chosen:
            raise BadInput(f"no commitment {show!r} in {ledger}")
    if as_json:
        emit_json([c.to_json() for c in chosen])
    elif show is not None:
        emit("\n".join(_full(chosen[0])))
    else:
        emit(_board(chosen))


def _party(name: str) -> str:
    """A state's code, else the name as it is: organisations and armed groups are parties under their names."""
    from detente.actors import Gazetteer, find_country  # noqa: PLC0415 - tables are loaded when a name is looked up

    code = find_country(name)
    if code is not None:
        return code
    import datetime  # noqa: PLC0415

    known = Gazetteer.default().resolve_name(name, datetime.datetime.now(datetime.UTC).date())
    return known.name if known is not None else name


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


def _board(chosen: tuple[Commitment, ...]) -> str:
    """A table for each status, the ones that call for attention first."""
    if not chosen:
        return "no commitments"
    parts = []
    for status in ("breached", "stalled", "advancing", "superseded", "fulfilled"):
        rows = [c for c in chosen if c.status == status]
        if not rows:
            continue
        parts.append(f"{status} ({len(rows)})")
        for c in rows:
            last = c.last_follow_through.isoformat() if c.last_follow_through else NO_DATE
            silent = f", silent for {c.silence.days} days" if c.silence is not None and c.silence.telling else ""
            parts.append(f"  {c.commitment_id}  made {c.made}  since {c.since}  last step {last}{silent}")
            parts.append(f"    {'–'.join(c.parties)} ({c.firmness})")
            for provision in c.provisions:
                due = f", due {provision.due}" if provision.due else ""
                condition = f" [{provision.condition}]" if provision.condition else ""
                parts.append(f"      {provision.level}/3 {provision.status:<10} {provision.subject}{due}{condition}")
    return "\n".join(parts)


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
            lines.append(f"  {report.date} {report.kind} (“{report.cue}”; match {report.score:.2f}: {scores})")
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
