"""``detente brief``, ``detente demo`` and ``detente bench``."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from detente.cli.output import LedgerOption, emit, note

__all__ = ["COMMANDS"]


def brief(
    a: Annotated[str, typer.Argument(help="A state: name or code.")],
    b: Annotated[str, typer.Argument(help="Another.")],
    ledger: LedgerOption,
    out: Annotated[Path, typer.Option("-o", "--out", help="File to write: .html, .pdf, .md or .json.")],
    since: Annotated[str | None, typer.Option(help="First day, YYYY-MM-DD.")] = None,
    until: Annotated[str | None, typer.Option(help="Last day, YYYY-MM-DD.")] = None,
    leverage: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Corridor (YAML) whose shares and what-ifs it shows.")
    ] = None,
    dependence: Annotated[
        Path | None, typer.Option(metavar="CSV", help="Table of ties: state, partner, kind, year, value.")
    ] = None,
) -> None:
    """The cited report on two states, to hand on: bottom line, what changed, words and deeds, commitments, leverage.

    Example: detente brief RUS PRK --ledger my.ledger --leverage corridor.yaml --dependence ties.csv -o brief.pdf
    """
    import detente  # noqa: PLC0415 - the package itself, for its Python API

    given = {"corridor": leverage, "dependence": dependence}
    written = detente.open(ledger).brief(a, b, out, since=since, until=until, **given)
    emit(f"wrote {written}")


def demo(
    out: Annotated[Path, typer.Option(help="Folder for the outputs.")] = Path("demo-output"),
) -> None:
    """The whole path on the bundled dossier: read it, show three relations, write the brief with its leverage.

    Example: detente demo
    """
    import detente  # noqa: PLC0415
    from detente import demo as steps  # noqa: PLC0415
    from detente.brief import render  # noqa: PLC0415
    from detente.cli.reading import read_with_progress, summary_text  # noqa: PLC0415
    from detente.cli.relations import relation  # noqa: PLC0415
    from detente.documents import ReadOptions  # noqa: PLC0415

    folder = steps.prepare(out)
    ledger = folder / steps.LEDGER
    workspace = detente.open(ledger)
    note(f"reading the dossier {steps.DOSSIER} (94 short dispatches of the Korea crises of 2010 to 2014)")
    report = read_with_progress(workspace, [str(detente.dossier(steps.DOSSIER))], ReadOptions())
    emit(summary_text(report, str(ledger)) + "\n")
    for a, b in steps.RELATIONS:
        relation(ledger=ledger, a=a, b=b, by="month", latest=6)
        emit("")
    written = list(steps.outputs(folder))
    composed = workspace.compose_brief(
        *steps.BRIEF, corridor=folder / steps.CORRIDOR[1], dependence=folder / steps.TIES[1]
    )
    for item in written[:2]:
        item.path.write_bytes(render(composed, item.path.suffix))
    emit("Where to look:")
    for item in written:
        emit(f"  {item.path}  {item.what}")


def bench(
    name: Annotated[str, typer.Argument(help="Which benchmark; see docs/accuracy.md and docs/speed.md.")],
    file: Annotated[Path | None, typer.Argument(help="Gold file, where the benchmark takes one.")] = None,
    docs: Annotated[Path | None, typer.Option(help="Documents to time (JSON Lines), for speed.")] = None,
    limit: Annotated[int | None, typer.Option(min=1, help="Use only so many documents.")] = None,
    threads: Annotated[int, typer.Option(min=1, help="Cores to use.")] = 2,
    rows: Annotated[int | None, typer.Option(min=1, help="For ledger: rows to import.")] = None,
    events: Annotated[int | None, typer.Option(min=1, help="For ledger: events to question, if more.")] = None,
    folder: Annotated[Path | None, typer.Option(help="For desk: keeps its ledger from run to run.")] = None,
    keep: Annotated[int | None, typer.Option(min=0, help="For desk: megabytes of answers that it keeps.")] = None,
    fast: Annotated[bool, typer.Option("--fast", help="Measure the small network alone.")] = False,
    full: Annotated[bool, typer.Option("--full", help="Measure the large network alone.")] = False,
) -> None:
    """Accuracy and speed, measured; prints one JSON object last.

    Example: detente bench plover-gold plover_gsr_dev.jsonl
    """
    from detente import bench as benchmarks  # noqa: PLC0415 - loads the coder

    given = {"file": file, "docs": docs, "limit": limit, "threads": threads, "fast": fast, "full": full}
    found = benchmarks.run(name, given | {"rows": rows, "events": events, "folder": folder, "keep": keep})
    emit(json.dumps(found, ensure_ascii=False))


COMMANDS: dict[str, Callable[..., None]] = {"brief": brief, "demo": demo, "bench": bench}
