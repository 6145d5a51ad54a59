"""``detente relation``, ``detente shifts`` and ``detente stance``: what is in the ledger about states."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from detente.cli.drawing import ChartOption, draw
from detente.cli.output import JsonOption, LedgerOption, day, emit, emit_json, note
from detente.cli.relation_texts import group_text, relation_text, shifts_text, sightings_text, stance_text
from detente.errors import BadInput

__all__ = ["COMMANDS"]

SinceOption = Annotated[str | None, typer.Option(help="First day, YYYY-MM-DD.")]
UntilOption = Annotated[str | None, typer.Option(help="Last day, YYYY-MM-DD; nothing published later is used.")]
ReliabilityOption = Annotated[float | None, typer.Option(min=0, max=1, help="Least reliability of an event, 0 to 1.")]
EngineOption = Annotated[str, typer.Option(help="duckdb, or spark over a Parquet export or a Spark table.")]
OPEN = ("breached", "stalled", "advancing")


def relation(
    ledger: LedgerOption,
    a: Annotated[str | None, typer.Argument(help="A state: name or code.")] = None,
    b: Annotated[str | None, typer.Argument(help="Another.")] = None,
    since: SinceOption = None,
    until: UntilOption = None,
    by: Annotated[str, typer.Option(help="day, week, month, quarter or year.")] = "month",
    group: Annotated[
        str | None, typer.Option(help="All pairs of a group instead: its name (six-party, G7, …) or states by commas.")
    ] = None,
    min_reliability: ReliabilityOption = None,
    latest: Annotated[int, typer.Option(min=0, help="Number of latest events to list.")] = 20,
    engine: EngineOption = "duckdb",
    chart: ChartOption = None,
    as_json: JsonOption = False,
) -> None:
    """How two states stand: series both ways, shifts, latest events with their sentences, open commitments.

    Example: detente relation Russia "North Korea" --ledger my.ledger --by quarter
    """
    from detente.relations import group_view, open_tables, with_context  # noqa: PLC0415 - takes its time to load
    from detente.relations import relation as relate  # noqa: PLC0415

    first, last = _span(since, until)
    if group is not None:
        if a is not None or b is not None:
            raise BadInput("give two states or --group, not both")
        from detente.actors import group as members_of  # noqa: PLC0415

        members = members_of(group, last)
        with open_tables(ledger, engine) as opened:
            tables = opened.reliable(min_reliability)
            view = group_view(tables, members, since=first, until=last)
        draw(chart, lambda charts: charts.group_chart(view, ", ".join(view.members)))
        emit_json(view.to_json()) if as_json else emit(group_text(view))
        return
    one, other = _two(a, b)
    with open_tables(ledger, engine) as opened:
        tables = opened.reliable(min_reliability)
        found = relate(tables, one, other, by=by, since=first, until=last, latest=latest)
        found = with_context(found, tables)
    commitments = _open_commitments(ledger, one, other, last)
    marks = [x.date.isoformat() for x in found.shifts]
    draw(chart, lambda charts: charts.dyad_chart(found, f"{one}–{other}", marks=marks))
    if as_json:
        emit_json(found.to_json() | {"commitments": commitments})
    else:
        emit("\n\n".join([relation_text(found), *_commitments_text(commitments)]))


def _two(a: str | None, b: str | None) -> tuple[str, str]:
    """The codes of two different states."""
    from detente.workspace import two_states  # noqa: PLC0415 - as every other part of the package, when it is used

    if a is None or b is None:
        raise BadInput("two states are needed, or --group: detente relation A B")
    return two_states(a, b)


def shifts(
    ledger: LedgerOption,
    since: SinceOption = None,
    until: UntilOption = None,
    sort: Annotated[str, typer.Option(help="unnoticed or size.")] = "unnoticed",
    limit: Annotated[int | None, typer.Option(min=1, help="List only so many.")] = None,
    min_probability: Annotated[float, typer.Option(min=0, max=1, help="List only shifts at least so sure.")] = 0.1,
    min_reliability: ReliabilityOption = None,
    replay: Annotated[
        str | None,
        typer.Option(
            metavar="STEP",
            help="When could each have been known? Reads the record up to the end of each day, week, month, quarter "
            "or year, from --since to --until, and tells when a shift was listed first.",
        ),
    ] = None,
    engine: EngineOption = "duckdb",
    chart: ChartOption = None,
    as_json: JsonOption = False,
) -> None:
    """Which relations changed, when and how surely; those that hardly anyone wrote about first.

    Example: detente shifts --ledger my.ledger --since 2013-01-01 --limit 20
    """
    from detente.relations import open_tables  # noqa: PLC0415 - takes its time to load
    from detente.relations import replay as read_again  # noqa: PLC0415
    from detente.relations import shifts as find  # noqa: PLC0415

    first, last = _span(since, until)
    with open_tables(ledger, engine) as opened:
        tables = opened.reliable(min_reliability)
        if replay is not None:
            if chart is not None:
                raise BadInput("--chart draws the shifts as they stand: leave out --replay")
            seen = read_again(tables, since=first, until=last, step=replay, min_probability=min_probability)[:limit]
            emit_json([sighting.to_json() for sighting in seen]) if as_json else emit(sightings_text(seen))
            return
        found = find(
            tables,
            since=first,
            until=last,
            sort=sort,
            limit=limit,
            min_probability=min_probability,
        )
    draw(chart, lambda charts: charts.shifts_chart(found))
    if as_json:
        emit_json([shift.to_json() for shift in found])
    else:
        emit(shifts_text(found))


def stance(
    a: Annotated[str, typer.Argument(help="The state whose attitude it is: name or code.")],
    b: Annotated[str, typer.Argument(help="The state toward which.")],
    ledger: LedgerOption,
    since: SinceOption = None,
    until: UntilOption = None,
    by: Annotated[str, typer.Option(help="day, week, month, quarter or year.")] = "quarter",
    min_reliability: ReliabilityOption = None,
    engine: EngineOption = "duckdb",
    chart: ChartOption = None,
    as_json: JsonOption = False,
) -> None:
    """A's attitude toward B over time: its words and its deeds side by side, with the sentences.

    Example: detente stance Russia "North Korea" --ledger my.ledger
    """
    from detente.relations import open_tables  # noqa: PLC0415 - takes its time to load
    from detente.relations import stance as find  # noqa: PLC0415

    one, other = _two(a, b)
    first, last = _span(since, until)
    with open_tables(ledger, engine) as opened:
        tables = opened.reliable(min_reliability)
        found = find(tables, one, other, by=by, since=first, until=last)
    draw(chart, lambda charts: charts.stance_chart(found, f"{one} toward {other}"))
    emit_json(found.to_json()) if as_json else emit(stance_text(found))


def _open_commitments(ledger: Path, a: str, b: str, until: datetime.date | None) -> list[dict[str, Any]]:
    """Commitments between two states that are neither fulfilled nor replaced; none where there are no texts."""
    if ledger.is_dir() or ledger.suffix == ".parquet" or not ledger.exists():
        return []
    from detente.commitments import from_ledger  # noqa: PLC0415 - loads the gazetteer

    found = from_ledger(ledger, parties=(a, b), status=OPEN, until=until)
    if found.pending:
        note(f"{found.pending} documents are not searched for commitments yet, and the ledger is in use")
    return [c.to_json() for c in found.commitments]


def _commitments_text(commitments: Sequence[dict[str, Any]]) -> list[str]:
    if not commitments:
        return []
    lines = [f"{c['made']}  {c['title']}: {c['status']} since {c['since']}" for c in commitments]
    return ["\n".join(["open commitments", *lines])]


def _span(since: str | None, until: str | None) -> tuple[datetime.date | None, datetime.date | None]:
    first, last = day(since, "--since"), day(until, "--until")
    if first is not None and last is not None and first > last:
        raise BadInput(f"--since {first} is after --until {last}")
    return first, last


COMMANDS: dict[str, Callable[..., None]] = {
    "relation": relation,
    "shifts": shifts,
    "stance": stance,
}
