"""``detente relation``, ``detente shifts`` and ``detente stance``: what is in the ledger about states."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

from detente.cli.output import JsonOption, LedgerOption, day, emit, emit_json
from detente.errors import BadInput

if TYPE_CHECKING:
    from detente.relations import Baseline, Relation, Shift

__all__ = ["COMMANDS"]

SinceOption = Annotated[str | None, typer.Option(help="First day, YYYY-MM-DD.")]
UntilOption = Annotated[str | None, typer.Option(help="Last day, YYYY-MM-DD; nothing published later is used.")]
ReliabilityOption = Annotated[float | None, typer.Option(min=0, max=1, help="Least reliability of an event, 0 to 1.")]
EngineOption = Annotated[str, typer.Option(help="duckdb, or spark over a Parquet export or a Spark table.")]
SHOWN_EVENTS = 8
CHART_WIDTH = 100


def relation(
    ledger: LedgerOption,
    a: Annotated[str | None, typer.Argument(help="A state: name or code.")] = None,
    b: Annotated[str | None, typer.Argument(help="Another.")] = None,
    since: SinceOption = None,
    until: UntilOption = None,
    by: Annotated[str, typer.Option(help="day, week, month, quarter or year.")] = "month",
    min_reliability: ReliabilityOption = None,
    latest: Annotated[int, typer.Option(min=0, help="Number of latest events to list.")] = 20,
    engine: EngineOption = "duckdb",
    as_json: JsonOption = False,
) -> None:
    """How two states stand: series both ways, shifts, latest events with their sentences, open commitments.

    Example: detente relation Russia "North Korea" --ledger my.ledger --by quarter
    """
    from detente.actors import country  # noqa: PLC0415 - tables are loaded when a name is looked up
    from detente.relations import open_tables, with_context  # noqa: PLC0415 - Ibis takes its time to load
    from detente.relations import relation as relate  # noqa: PLC0415

    if a is None or b is None:
        raise BadInput("two states are needed: detente relation A B")
    one, other = country(a), country(b)
    if one == other:
        raise BadInput(f"{a!r} and {b!r} are the same state, {one}")
    first, last = _span(since, until)
    with open_tables(ledger, engine) as opened:
        tables = opened.reliable(min_reliability)
        found = relate(tables.events, one, other, by=by, since=first, until=last, latest=latest)
        found = with_context(found, tables.events, tables.documents)
    if as_json:
        emit_json(found.to_json() | {"commitments": []})
    else:
        emit(_relation_text(found))


def shifts(
    ledger: LedgerOption,
    since: SinceOption = None,
    until: UntilOption = None,
    sort: Annotated[str, typer.Option(help="unnoticed or size.")] = "unnoticed",
    limit: Annotated[int | None, typer.Option(min=1, help="List only so many.")] = None,
    min_probability: Annotated[float, typer.Option(min=0, max=1, help="List only shifts at least so sure.")] = 0.1,
    min_reliability: ReliabilityOption = None,
    engine: EngineOption = "duckdb",
    as_json: JsonOption = False,
) -> None:
    """Which relations changed, when and how surely; those that hardly anyone wrote about first.

    Example: detente shifts --ledger my.ledger --since 2013-01-01 --limit 20
    """
    from detente.relations import open_tables  # noqa: PLC0415 - Ibis takes its time to load
    from detente.relations import shifts as find  # noqa: PLC0415

    first, last = _span(since, until)
    with open_tables(ledger, engine) as opened:
        tables = opened.reliable(min_reliability)
        found = find(
            tables.events,
            documents=tables.documents,
            since=first,
            until=last,
            sort=sort,
            limit=limit,
            min_probability=min_probability,
        )
    if as_json:
        emit_json([shift.to_json() for shift in found])
    else:
        emit(_shifts_text(found))


def _span(since: str | None, until: str | None) -> tuple[datetime.date | None, datetime.date | None]:
    first, last = day(since, "--since"), day(until, "--until")
    if first is not None and last is not None and first > last:
        raise BadInput(f"--since {first} is after --until {last}")
    return first, last


def _table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Columns aligned by width, figures to the right."""
    cells = [list(header), *map(list, rows)]
    widths = [max(len(row[i]) for row in cells) for i in range(len(header))]
    right = [bool(rows) and all(row[i][:1] in "+-0123456789.–" for row in rows) for i in range(len(header))]
    lines = [
        "  ".join(c.rjust(w) if r else c.ljust(w) for c, w, r in zip(row, widths, right, strict=True)).rstrip()
        for row in cells
    ]
    return "\n".join(lines)


def _shifts_text(found: Sequence[Shift]) -> str:
    if not found:
        return "no shifts"
    header = ("date", "dyad", "direction", "from", "to", "probability", "attention", "unnoticed", "evidence")
    rows = [
        (
            x.date.isoformat(),
            f"{x.a}–{x.b}",
            x.direction,
            f"{x.before:+.2f}",
            f"{x.after:+.2f}",
            f"{x.probability:.2f}",
            f"{x.attention:.2f}",
            f"{x.unnoticed:.3f}",
            f"{x.evidence[0]}, {x.evidence[1]}",
        )
        for x in found
    ]
    return _table(header, rows)


def _relation_text(found: Relation) -> str:
    from detente.actors import country_name  # noqa: PLC0415

    title = f"{country_name(found.a)} ({found.a}) and {country_name(found.b)} ({found.b}), by {found.by}"
    both = found.both
    if not both:
        return f"{title}\n\nno events between them in this span"
    parts = [title, _chart(found), _totals(found)]
    if found.baseline is not None:
        parts.append(_standing(found.baseline))
    parts.append("shifts\n" + _shifts_text(found.shifts) if found.shifts else "no shifts")
    lines = []
    for event in found.events[:SHOWN_EVENTS]:
        parties = f"{_who(event.actor)} → {_who(event.recipient)}"
        lines.append(f"{event.date}  {event.event.lower()} ({event.status})  {parties}")
        if event.sentence:
            lines.append(f"    {' '.join(event.sentence.split())}")
    parts.append("\n".join(["latest events", *lines]))
    return "\n\n".join(parts)


def _who(party: Any) -> str:
    return "–" if party is None else party.name


def _chart(found: Relation) -> str:
    from detente.charts import updown, year_ruler  # noqa: PLC0415

    points = found.both[-CHART_WIDTH:]
    above, below = updown([p.cooperation for p in points], [p.conflict for p in points])
    lines = [
        f"cooperation {above}",
        f"conflict    {below}",
        f"            {year_ruler([p.start.year for p in points])}",
    ]
    return "\n".join(line.rstrip() for line in lines)


def _totals(found: Relation) -> str:
    header = ("", "events", "cooperation", "conflict", "words", "deeds", "balance")
    rows = []
    for direction in (f"{found.a}→{found.b}", f"{found.b}→{found.a}", "both"):
        points = [p for p in found.series if p.direction == direction]
        n, good, bad = (sum(getattr(p, k) for p in points) for k in ("events", "cooperation", "conflict"))
        deeds = sum(p.material_cooperation + p.material_conflict for p in points)
        balance = f"{(good - bad) / n:+.2f}" if n else "–"
        rows.append((direction, str(n), str(good), str(bad), str(n - deeds), str(deeds), balance))
    return _table(header, rows)


def _standing(base: Baseline) -> str:
    rows = [("last 12 months", base.now)] + ([("before", base.before)] if base.before else [])
    table = _table(
        ("", "tone", "90 % between", "documents a month"),
        [(name, f"{s.tone:+.2f}", f"{s.low:+.2f} and {s.high:+.2f}", f"{s.per_month:.1f}") for name, s in rows],
    )
    world = ", ".join(
        f"{value:+.2f} {when}"
        for when, value in (("in the last 12 months", base.world_now), ("before", base.world_before))
        if value is not None
    )
    return f"{table}\nmean tone of all events in the ledger: {world}"


COMMANDS: dict[str, Callable[..., None]] = {"relation": relation, "shifts": shifts}
