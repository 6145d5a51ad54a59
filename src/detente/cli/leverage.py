"""``detente leverage``: bargaining power in a corridor or network game; what-ifs; dependence between states."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from detente.cli.output import JsonOption, emit, emit_json, note
from detente.errors import BadInput

if TYPE_CHECKING:
    from detente.leverage import DependenceTable, GivenGame, Network

__all__ = ["COMMANDS"]


def leverage(
    file: Annotated[Path | None, typer.Argument(metavar="[FILE]", help="Corridor or game file (YAML).")] = None,
    as_json: JsonOption = False,
    charts: Annotated[Path | None, typer.Option(metavar="DIR", help="Save charts there, as SVG and Vega-Lite.")] = None,
    dependence: Annotated[
        Path | None, typer.Option(metavar="CSV", help="Table of ties: state, partner, kind, year, value.")
    ] = None,
    between: Annotated[
        tuple[str, str] | None, typer.Option(metavar="A B", help="Only what A and B can do to each other.")
    ] = None,
    over: Annotated[
        str | None, typer.Option(metavar="STATE", help="Who holds influence over it, from the CSV.")
    ] = None,
    year: Annotated[int | None, typer.Option(help="Year of the table; the latest if left out.")] = None,
    draws: Annotated[int, typer.Option(min=2, max=5000, help="Draws for the ranges of outcomes.")] = 200,
    seed: Annotated[int, typer.Option(min=0, help="Seed of everything that is drawn.")] = 0,
    example: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="Use a worked file that comes with detente: korea, eurasia, korea-trade."),
    ] = None,
    schema: Annotated[bool, typer.Option("--schema", help="Print the JSON Schema of the files, for editors.")] = False,
) -> None:
    """Bargaining power in a corridor or network: who gets what, who can do without whom, what a bypass changes.

    Example: detente leverage corridor.yaml --charts out; detente leverage --example korea --between Russia PRK
    """
    from detente import leverage as room  # noqa: PLC0415 - SciPy's and HiGHS' weight

    if schema:
        emit_json(room.schema())
        return
    if example is not None:
        worked = room.example(example)
        if (dependence if worked.suffix == ".csv" else file) is not None:
            raise BadInput(f"the worked file {example!r} and another are given; expected one of them")
        file, dependence = (file, worked) if worked.suffix == ".csv" else (worked, dependence)
    if file is None and dependence is None:
        raise BadInput("nothing to work on; expected a FILE, --example or --dependence")
    document = None if file is None else room.read(file)
    table = None if dependence is None else room.read_dependence(dependence)
    if year is not None and table is None:
        raise BadInput("--year is of a table; expected --dependence CSV")
    if over is not None and table is None:
        raise BadInput("--over needs a table; expected --dependence CSV")
    if between is not None:
        _between(between, document, table, year, dependence.name if dependence else "", as_json=as_json)
        return
    answer: dict[str, Any] = {}
    texts: list[str] = []
    if document is not None:
        _solve(document, answer, texts, draws, seed, charts)
    elif charts is not None:
        raise BadInput("charts are drawn of a corridor; expected a FILE or --example")
    if table is not None:
        _table(table, over, year, answer, texts)
    emit_json(answer) if as_json else emit("\n\n".join(texts))


def _solve(
    document: Network | GivenGame, answer: dict[str, Any], texts: list[str], draws: int, seed: int, charts: Path | None
) -> None:
    """The file's game: tables into ``texts``, records into ``answer``, charts into their folder."""
    from detente import leverage as room  # noqa: PLC0415
    from detente.leverage import tables  # noqa: PLC0415
    from detente.records import to_json  # noqa: PLC0415

    found = room.solve(document, seed=seed)
    answer |= to_json(found)
    texts.append(tables.solution(found))
    if not isinstance(document, room.Network):
        if charts is not None:
            raise BadInput("charts are drawn of a corridor; this file gives a game directly")
        return
    outcomes: tuple[room.Outcome, ...] = ()
    swings: tuple[room.Swing, ...] = ()
    if found.method == "exact":
        left_out: list[str] = []
        outcomes = room.variants(document, before={s.player: s.shapley for s in found.shares}, left_out=left_out)
        for told in left_out:
            note(told)
        answer["variants"] = [to_json(o) for o in outcomes]
        texts += [tables.before_after(outcomes)] if outcomes else []
    if found.method == "exact" and len(document.players) <= room.REPEATED_PLAYERS:
        swings = room.tornado(document)
        ranges = room.monte_carlo(document, draws, seed) if swings else ()
        answer |= {"tornado": [to_json(s) for s in swings], "ranges": [to_json(r) for r in ranges]}
        texts += [tables.swings(swings, p) for p in document.players if any(s.player == p and s.size for s in swings)]
        texts += [tables.ranges(ranges)] if ranges else []
    else:
        note(f"left out for more than {room.REPEATED_PLAYERS} players or a sampled game: tornado and ranges")
    if charts is not None:
        _draw(document, found, outcomes, swings, charts)


def _draw(document: Network, found: Any, outcomes: tuple[Any, ...], swings: tuple[Any, ...], folder: Path) -> None:
    """Write every chart as SVG and as its Vega-Lite specification."""
    import json  # noqa: PLC0415

    from detente.charts import to_svg  # noqa: PLC0415
    from detente.charts.leverage import network_chart, shares_chart, tornado_chart  # noqa: PLC0415

    drawn = {"network": network_chart(document, found)}
    if outcomes:
        drawn["shares"] = shares_chart(outcomes, document.title)
    moved = {s.player for s in swings if s.size > 0}
    drawn |= {f"tornado-{p}": tornado_chart(swings, p) for p in document.players if p in moved}
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, chart in drawn.items():
            stem = "".join(c if c.isalnum() or c in "-_" else "-" for c in name)
            (folder / f"{stem}.svg").write_text(to_svg(chart), encoding="utf-8")
            spec = json.dumps(chart.to_dict(), ensure_ascii=False, indent=1, sort_keys=True)
            (folder / f"{stem}.vl.json").write_text(spec + "\n", encoding="utf-8")
    except OSError as error:
        raise BadInput(f"charts cannot be written: {error.strerror}", where=str(folder)) from None
    note(f"charts: {len(drawn)} in {folder}, each as .svg and .vl.json")


def _between(
    pair: tuple[str, str],
    document: Network | GivenGame | None,
    table: DependenceTable | None,
    year: int | None,
    source: str,
    *,
    as_json: bool,
) -> None:
    from detente import leverage as room  # noqa: PLC0415
    from detente.actors import country  # noqa: PLC0415
    from detente.leverage.tables import over_time  # noqa: PLC0415
    from detente.records import to_json  # noqa: PLC0415

    if document is not None and not isinstance(document, room.Network):
        raise BadInput("--between is of countries in a corridor; this file gives a game directly")
    found = room.for_dyad(*pair, dependence=table, corridor=document, year=year, source=source)
    a, b = (country(name) for name in pair)
    pairs = [] if table is None else [p for kind in table.kinds for p in table.over_time(a, b, kind)]
    if as_json:
        emit_json({"components": [to_json(c) for c in found], "over_time": [to_json(p) for p in pairs]})
        return
    lines = [f"{c.component:<10}  {c.sentence}  [{c.source}]" for c in found]
    texts = ["\n".join(lines) or "Nothing is known of this pair in what was given."]
    emit("\n\n".join([*texts, over_time(pairs, a, b)] if pairs else texts))


def _table(
    table: DependenceTable, over: str | None, year: int | None, answer: dict[str, Any], texts: list[str]
) -> None:
    from detente.leverage.tables import influence  # noqa: PLC0415
    from detente.records import to_json  # noqa: PLC0415

    years = table.years()
    if over is None:
        span = f"{years[0]} to {years[-1]}" if years else "no year"
        answer["table"] = {"kinds": list(table.kinds), "years": list(years)}
        texts.append(f"Table of ties: {', '.join(table.kinds) or 'no kind'}; {span}. Name a state with --over.")
        return
    when = year if year is not None else max(table.years(over), default=None)
    holders = () if when is None else table.influence_over(over, when)
    answer["influence"] = {"state": over, "year": when, "holders": [to_json(h) for h in holders]}
    if not holders:
        spans = ", ".join(map(str, table.years(over))) or "none"
        texts.append(f"The table has no row of {over}{f' in {year}' if year else ''}; years with rows: {spans}.")
    else:
        texts.append(influence(table, over, when or 0, holders))


COMMANDS: dict[str, Callable[..., None]] = {"leverage": leverage}
