"""``detente import`` and ``detente export``: event data sets into the ledger, events out of it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from detente.cli.output import (
    JsonOption,
    LedgerOption,
    day,
    emit,
    emit_json,
    emit_line,
    note,
    report_rejections,
    stderr,
)
from detente.errors import BadInput

if TYPE_CHECKING:
    from detente.datasets import Format
    from detente.ledger.imports import ImportProgress, ImportReport
    from detente.ledger.verify import Verification

__all__ = ["COMMANDS"]

_SHOWN = 10
"""Reasons of each kind that are shown; ``--json`` has all."""


def import_(
    format_: Annotated[
        str | None, typer.Argument(metavar="FORMAT", help="icews, gdelt …: see --list.", show_default=False)
    ] = None,
    files: Annotated[
        list[str] | None, typer.Argument(metavar="FILES", help="Files, folders, patterns; also .gz and .zip.")
    ] = None,
    ledger: Annotated[Path | None, typer.Option("--ledger", "-l", help="The ledger file.")] = None,
    mapping: Annotated[
        list[str] | None, typer.Option("--map", help="For table: name=column, as often as needed; see --list.")
    ] = None,
    dataset: Annotated[str, typer.Option(help="For table: the name to keep its events under.")] = "table",
    mentions: Annotated[
        list[str] | None, typer.Option(help="For gdelt: mentions files of version 2.0, read with the events.")
    ] = None,
    verify: Annotated[
        list[str] | None,
        typer.Option(help="Texts of the events (files, folders): coded by our coder and set beside the data set."),
    ] = None,
    list_: Annotated[bool, typer.Option("--list", help="Name the formats and what a table can be mapped to.")] = False,
    strict: Annotated[bool, typer.Option("--strict", help="Exit with 2 if anything was skipped.")] = False,
    as_json: JsonOption = False,
) -> None:
    """An event data set into the ledger; importing the same again changes nothing, a cut-off import goes on.

    Example: detente import gdelt 2013*.export.CSV.zip --ledger my.ledger
    """
    from detente.datasets import FORMATS, open_format, table_format  # noqa: PLC0415 - loads DuckDB

    if list_:
        _list(as_json=as_json)
        return
    if format_ is None or not files or ledger is None:
        raise BadInput("import needs a format, files and --ledger; the formats are named by: detente import --list")
    if format_ == "table":
        fmt = table_format(_mapping(mapping or []), dataset)
    else:
        fmt = open_format(format_)
        if mapping:
            raise BadInput(f"--map is for the format table; {format_} knows its columns ({', '.join(FORMATS)})")
    if mentions and format_ != "gdelt":
        raise BadInput("--mentions is for the format gdelt")
    report = _import(ledger, fmt, files, mentions or [])
    checked = _verify(ledger, fmt.dataset, verify) if verify else None
    if as_json:
        emit_json(_json(report) | ({} if checked is None else {"verify": checked.to_json()}))
    else:
        emit(
            _text(report, str(ledger), mapped=fmt.name == "table")
            + ("" if checked is None else "\n\n" + _agreement_text(checked))
        )
    if checked is not None:
        report_rejections(checked.rejected, strict=strict)
    _tell_rejected(report, strict=strict)


def _mapping(pairs: list[str]) -> dict[str, str]:
    found = {}
    for pair in (part for given in pairs for part in given.split(",")):
        name, sign, column = pair.partition("=")
        if not sign or not column.strip():
            raise BadInput(f"--map {pair!r} is not of the form name=column")
        found[name.strip()] = column.strip()
    return found


def _list(*, as_json: bool) -> None:
    from detente.datasets import FORMATS, MAPPED  # noqa: PLC0415

    formats = [{"name": fmt.name, "title": fmt.title} for fmt in FORMATS.values()]
    formats.append({"name": "table", "title": "any table, CSV or Parquet, with --map name=column"})
    if as_json:
        emit_json({"formats": formats, "map": dict(MAPPED)})
        return
    for item in formats:
        emit(f"{item['name']:<10} {item['title']}")
    emit("\nFor table, --map takes these names:")
    for name, meaning in MAPPED.items():
        emit(f"  {name:<18} {meaning}")


def _import(ledger: Path, fmt: Format, files: list[str], mentions: list[str]) -> ImportReport:
    from detente.ledger import open_ledger  # noqa: PLC0415
    from detente.ledger.imports import import_files  # noqa: PLC0415
    from detente.relations import keep  # noqa: PLC0415

    with open_ledger(ledger, "write") as opened, _bar() as show:
        report = import_files(opened, fmt, files, mentions=mentions, progress=show)
        keep(opened)
    return report


def _verify(ledger: Path, dataset: str, texts: list[str]) -> Verification:
    from detente.ledger import open_ledger  # noqa: PLC0415
    from detente.ledger.verify import verify  # noqa: PLC0415 - loads the coder

    with open_ledger(ledger) as opened:
        return verify(opened, dataset, texts)


def _agreement_text(found: Verification) -> str:
    """The two codings side by side."""
    head = (
        f"{found.dataset} beside our own coding ({found.coder}): {found.rows:,} of its events in {found.texts:,} "
        f"texts; {found.texts_without:,} texts have no event of it"
    )
    rows = [("", found.dataset, "found by us", "share", "95 %", "ours", f"found by {found.dataset}")]
    for title, items in (("all", found.all), ("by type", found.types), ("by state", found.states[:_SHOWN])):
        rows.append((title, "", "", "", "", "", ""))
        for x in items:
            share = "–" if x.share is None else f"{x.share:.2f}"
            span = "–" if x.low is None else f"{x.low:.2f}–{x.high:.2f}"
            shown = (f"{x.data_set:,}", f"{x.found_by_us:,}", share, span, f"{x.ours:,}", f"{x.found_by_it:,}")
            rows.append((f"  {x.name}", *shown))
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    lines = [
        "  ".join([row[0].ljust(widths[0]), *(c.rjust(w) for c, w in zip(row[1:], widths[1:], strict=True))]).rstrip()
        for row in rows
    ]
    return "\n".join([head, "", *lines])


@contextmanager
def _bar() -> Iterator[Callable[[ImportProgress], None]]:
    """A bar on stderr with rows, rows a second and the time left."""
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn  # noqa: PLC0415

    columns = (BarColumn(), TextColumn("{task.percentage:>3.0f} % {task.description}"), TimeRemainingColumn())
    began = time.monotonic()
    with Progress(*columns, console=stderr(), transient=True) as bar:
        task = bar.add_task("", total=1.0)

        def show(state: ImportProgress) -> None:
            rate = state.rows / max(time.monotonic() - began, 1e-6)
            bar.update(task, completed=state.done, description=f"{state.rows:,} rows, {rate:,.0f} rows/s")

        yield show


def _json(report: ImportReport) -> dict[str, object]:
    names = ("batch_id", "dataset", "files", "files_before", "rows", "new", "already", "repeats", "seconds")
    return {name: getattr(report, name) for name in names} | {
        "skipped": dict(sorted(report.skipped.items())),
        "rejected": [{"where": r.where, "code": r.code, "reason": r.reason} for r in report.rejected],
        "unmapped": [{"kind": u.kind, "reason": u.reason, "events": u.events} for u in report.unmapped],
    }


def _number(count: int, thing: str) -> str:
    return f"{count:,} {thing}{'' if count == 1 else 's'}"


def _text(report: ImportReport, ledger: str, *, mapped: bool) -> str:
    """The report in a few lines."""
    rate = report.rows / max(report.seconds, 1e-6)
    lines = [
        f"{_number(report.new, 'new event')} of {report.dataset} in {ledger} ({_number(report.rows, 'row')}, "
        f"{_number(report.files, 'file')}, "
        f"{report.seconds:.1f} s, {rate:,.0f} rows/s)"
    ]
    if report.files_before:
        lines.append(
            f"read before and passed over: {_number(report.files_before, 'file')}"
            + (f" (to read it with another mapping, name another --dataset than {report.dataset})" if mapped else "")
        )
    if report.already:
        lines.append(f"{report.already:,} rows were there already")
    if report.repeats:
        lines.append(f"{report.repeats:,} events repeat another of the day before (repeat_of), and count for less")
    for kind in dict.fromkeys(item.kind for item in report.unmapped):
        items = [item for item in report.unmapped if item.kind == kind]
        lines.append(f"kept without a mapping, {kind}: {sum(item.events for item in items):,} events")
        lines += [f"  {item.events:>10,}  {item.reason}" for item in items[:_SHOWN]]
        if len(items) > _SHOWN:
            lines.append(f"  … and {len(items) - _SHOWN:,} more reasons")
    return "\n".join(lines)


def _tell_rejected(report: ImportReport, *, strict: bool) -> None:
    """What was skipped and why, on stderr; BadInput at the end when ``strict``, or when nothing could be read."""
    for item in report.rejected[:20]:
        note(f"skipped {item.where}: {item.reason} [{item.code}]")
    total = sum(report.skipped.values())
    if total > min(len(report.rejected), 20):
        note(f"… and {total - min(len(report.rejected), 20):,} more")
    if total:
        note(f"skipped {total:,}: " + ", ".join(f"{n:,} {code}" for code, n in sorted(report.skipped.items())))
        if strict:
            raise BadInput(f"{total:,} rows or files were skipped, and --strict was given")
        if not (report.new or report.already or report.files_before):
            raise BadInput(f"nothing could be read as {report.dataset}: see the reasons above")


def export(
    ledger: LedgerOption,
    out: Annotated[
        Path, typer.Option("--out", "-o", help="A folder (Parquet by month), or a .parquet, .csv, .jsonl file.")
    ],
    since: Annotated[str | None, typer.Option(help="First day (YYYY-MM-DD).")] = None,
    until: Annotated[str | None, typer.Option(help="Last day (YYYY-MM-DD).")] = None,
    dataset: Annotated[list[str] | None, typer.Option(help="Only events of this data set.")] = None,
    min_reliability: Annotated[float | None, typer.Option(help="Least reliability of an event, 0 to 1.")] = None,
    as_json: JsonOption = False,
) -> None:
    """Events out of the ledger: Parquet by month, CSV or JSON Lines.

    Example: detente export --ledger my.ledger -o events.csv --since 2013-01-01 --min-reliability 0.5
    """
    from detente.ledger import open_ledger  # noqa: PLC0415

    first, last = day(since, "--since"), day(until, "--until")
    with open_ledger(ledger) as opened:
        count = opened.export(out, since=first, until=last, dataset=dataset or None, min_reliability=min_reliability)
    if as_json:
        emit_line({"events": count, "path": str(out)})
    else:
        emit(f"{count:,} events in {out}")


COMMANDS: dict[str, Callable[..., None]] = {"import": import_, "export": export}
