"""``detente read``: documents into the ledger."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from detente.cli.output import JsonOption, LedgerOption, day, emit, emit_json, report_rejections, stderr, stdin

if TYPE_CHECKING:
    from detente.coding import CodingOptions
    from detente.documents import ReadOptions
    from detente.ledger import ReadReport
    from detente.workspace import Workspace

__all__ = ["COMMANDS", "read_with_progress"]


def read(
    files: Annotated[list[str], typer.Argument(metavar="FILES", help="Files or folders; - for stdin.")],
    ledger: LedgerOption,
    date: Annotated[str | None, typer.Option(help="Date (YYYY-MM-DD) of documents that carry none.")] = None,
    jsonl: Annotated[bool, typer.Option("--jsonl", help="Standard input holds JSON Lines.")] = False,
    corrections: Annotated[Path | None, typer.Option(help="JSON Lines file of corrections to apply.")] = None,
    actors: Annotated[Path | None, typer.Option(help="YAML file of actors to add or override.")] = None,
    strict: Annotated[bool, typer.Option("--strict", help="Exit with 2 if any input was skipped.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Documents into the ledger: coded, near-copies linked; reading the same again changes nothing.

    Example: detente read news/ feed.xml --ledger my.ledger
    """
    import detente  # noqa: PLC0415 - the package itself, for its Python API
    from detente.coding import CodingOptions  # noqa: PLC0415 - the model is loaded when something is coded
    from detente.documents import ReadOptions  # noqa: PLC0415

    report = read_with_progress(
        detente.open(ledger),
        list(files),
        ReadOptions(date=day(date, "--date"), kind="jsonl" if jsonl and files == ["-"] else "auto"),
        CodingOptions(gazetteer=actors, corrections=corrections),
    )
    if as_json:
        emit_json(summary(report))
    else:
        emit(summary_text(report, str(ledger)))
    report_rejections(report.rejected, strict=strict)


def read_with_progress(
    workspace: Workspace, files: list[str], options: ReadOptions, coding: CodingOptions | None = None
) -> ReadReport:
    """Read into the ledger with a line on stderr that shows how far it is."""
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn  # noqa: PLC0415

    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    with Progress(*columns, console=stderr(), transient=True) as bar:
        task = bar.add_task("loading the coder", total=None)

        def show(report: ReadReport) -> None:
            bar.update(
                task,
                description=f"{report.documents} documents read, {report.events} events, "
                f"{len(report.rejected)} skipped",
            )

        return workspace.read(files, options=options, coding=coding, stdin=stdin(), progress=show)


def summary(report: ReadReport) -> dict[str, object]:
    """The report's counts as JSON data."""
    names = ("documents", "new", "replaced", "copies", "unchanged", "events", "statements")
    skipped = [{"where": r.where, "code": r.code, "reason": r.reason} for r in report.rejected]
    return {name: getattr(report, name) for name in names} | {"skipped": skipped}


def summary_text(report: ReadReport, ledger: str) -> str:
    """The report as one line."""
    return (
        f"{ledger}: {report.documents} documents ({report.new} new, {report.replaced} replaced, "
        f"{report.copies} near-copies, {report.unchanged} already there), {report.events} events, "
        f"{report.statements} statements, {len(report.rejected)} skipped"
    )


COMMANDS: dict[str, Callable[..., None]] = {"read": read}
