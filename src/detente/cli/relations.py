"""``detente relation``, ``detente shifts`` and ``detente stance``: what is in the ledger about states."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from detente.cli.output import JsonOption, LedgerOption, day, emit, emit_json, note
from detente.errors import BadInput

if TYPE_CHECKING:
    from detente.relations import Baseline, GroupView, Level, Relation, Shift, Stance

__all__ = ["COMMANDS"]

SinceOption = Annotated[str | None, typer.Option(help="First day, YYYY-MM-DD.")]
UntilOption = Annotated[str | None, typer.Option(help="Last day, YYYY-MM-DD; nothing published later is used.")]
ReliabilityOption = Annotated[float | None, typer.Option(min=0, max=1, help="Least reliability of an event, 0 to 1.")]
EngineOption = Annotated[str, typer.Option(help="duckdb, or spark over a Parquet export or a Spark table.")]
SHOWN_EVENTS = 8
OPEN = ("breached", "stalled", "advancing")
CHART_WIDTH = 100


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
        emit_json(view.to_json()) if as_json else emit(_group_text(view))
        return
    one, other = _two(a, b)
    with open_tables(ledger, engine) as opened:
        tables = opened.reliable(min_reliability)
        found = relate(tables, one, other, by=by, since=first, until=last, latest=latest)
        found = with_context(found, tables)
    commitments = _open_commitments(ledger, one, other, last)
    if as_json:
        emit_json(found.to_json() | {"commitments": commitments})
    else:
        emit("\n\n".join([_relation_text(found), *_commitments_text(commitments)]))


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
    engine: EngineOption = "duckdb",
    as_json: JsonOption = False,
) -> None:
    """Which relations changed, when and how surely; those that hardly anyone wrote about first.

    Example: detente shifts --ledger my.ledger --since 2013-01-01 --limit 20
    """
    from detente.relations import open_tables  # noqa: PLC0415 - takes its time to load
    from detente.relations import shifts as find  # noqa: PLC0415

    first, last = _span(since, until)
    with open_tables(ledger, engine) as opened:
        tables = opened.reliable(min_reliability)
        found = find(
            tables,
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


def stance(
    a: Annotated[str, typer.Argument(help="The state whose attitude it is: name or code.")],
    b: Annotated[str, typer.Argument(help="The state toward which.")],
    ledger: LedgerOption,
    since: SinceOption = None,
    until: UntilOption = None,
    by: Annotated[str, typer.Option(help="day, week, month, quarter or year.")] = "quarter",
    min_reliability: ReliabilityOption = None,
    engine: EngineOption = "duckdb",
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
    emit_json(found.to_json()) if as_json else emit(_stance_text(found))


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


def _group_text(view: GroupView) -> str:
    title = f"{', '.join(view.members)}: tone in the {view.months} months to {view.until}, and its change"
    cells = {frozenset((p.a, p.b)): p for p in view.pairs}
    rows = []
    for a in view.members:
        row = [a]
        for b in view.members:
            pair = cells.get(frozenset((a, b)))
            if a == b or pair is None or not pair.now.evidence:
                row.append("–" if a != b else "")
            elif view.members.index(a) < view.members.index(b):
                row.append(f"{pair.now.tone:+.2f}")
            else:
                row.append("–" if pair.change is None else f"{pair.change:+.2f}")
        rows.append(row)
    parts = [title, _table(("", *view.members), rows), "above the diagonal: tone now; below: change from before"]
    surest = sorted(view.triads, key=lambda t: (-abs(t.balanced - 0.5), t.a, t.b, t.c))[:6]
    parts.append(
        _table(
            ("triad", "signs", "balanced"),
            [
                (f"{t.a} {t.b} {t.c}", " ".join({1: "+", -1: "-", 0: "0"}[s] for s in t.signs), f"{t.balanced:.2f}")
                for t in surest
            ],
        )
    )
    leads = [x for x in view.leads if x.first]
    parts.append(
        "\n".join(f"{x.first} moves first between {x.a} and {x.b} (p = {x.p:.3f})" for x in leads)
        or "no pair in which one side can be seen to move first"
    )
    parts.append("shifts\n" + _shifts_text(view.shifts) if view.shifts else "no shifts")
    return "\n\n".join(parts)


def _stance_text(found: Stance) -> str:
    from detente.actors import country_name  # noqa: PLC0415

    def cell(level: Level | None) -> str:
        return "–" if level is None else f"{level.level:+.2f} ({level.n})"

    title = f"{country_name(found.a)} ({found.a}) toward {country_name(found.b)} ({found.b}), by {found.by}"
    rows = [(p.start.isoformat(), cell(p.words), cell(p.deeds), p.part or "") for p in found.series]
    rows = [row for row in rows if row[1] != "–" or row[2] != "–"]
    if not rows:
        return f"{title}\n\nnothing on record in this span"
    rows.append(("all", cell(found.words), cell(found.deeds), ""))
    lines = [title, "", _table(("", "words (documents)", "deeds (documents)", "where they part"), rows), "", "latest"]
    for item in found.evidence[:SHOWN_EVENTS]:
        hedge = f", hedged: {item.hedge}" if item.hedge else ""
        lines.append(f"{item.date}  {item.kind} {item.value:+.2f}{hedge}")
        if item.sentence:
            lines.append(f"    {' '.join(item.sentence.split())}")
    return "\n".join(lines)


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


COMMANDS: dict[str, Callable[..., None]] = {
    "relation": relation,
    "shifts": shifts,
    "stance": stance,
}
