"""Charts of shifts, attention, groups, and of words beside deeds."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from detente.charts.rows import inline
from detente.charts.spec import SCHEMA, Spec, as_chart, axis_of_time, field, rows_of, tips
from detente.charts.theme import COLD, INK, NEUTRAL, PAPER, SAID, WARM, config

if TYPE_CHECKING:
    from detente.relations import GroupView, Relation, Shift, Stance

__all__ = [
    "attention_chart",
    "attention_records",
    "attention_spec",
    "group_chart",
    "group_records",
    "shifts_chart",
    "shifts_records",
    "shifts_spec",
    "stance_chart",
    "stance_records",
    "stance_spec",
]


def shifts_records(shifts: Sequence[Shift]) -> list[dict[str, Any]]:
    """The chart's data: a row a shift."""
    return [
        {
            "dyad": f"{x.a}–{x.b}",
            "date": x.date.isoformat(),
            "direction": x.direction,
            "size": round(x.size, 4),
            "probability": round(x.probability, 4),
            "attention": round(x.attention, 4),
            "unnoticed": round(x.unnoticed, 4),
        }
        for x in shifts
    ]


def shifts_spec(shifts: Sequence[Shift], title: str = "Shifts", *, width: int = 640, named: int = 12) -> Spec:
    """Size of shifts against the attention to them: what hardly anyone reported stands at the upper left.

    The ``named`` first shifts carry the name of their dyad where no other name stands; faint dots are unsure.
    """
    rows = shifts_records(shifts)
    few = {"tickCount": 5}
    place = {
        "x": field(
            "attention",
            "quantitative",
            scale={"domain": [0, 1]},
            title="attention (1: the most written-about pair)",
            axis=few,
        ),
        "y": field(
            "size", "quantitative", scale={"domainMin": 0}, title="size of the shift (tone, −1 to +1)", axis=few
        ),
    }
    ways = {"domain": ["warming", "cooling"], "range": [WARM, COLD]}
    sure = {"domain": [0, 1], "range": [0.15, 1]}
    words = dict.fromkeys(("dyad", "date", "direction"), "nominal")
    measures = dict.fromkeys(("size", "probability", "attention", "unnoticed"), "quantitative")
    dots = {
        "data": rows_of(rows),
        "mark": {"type": "circle", "size": 90},
        "encoding": place
        | {
            "color": field("direction", "nominal", scale=ways, legend={"title": None, "orient": "top"}),
            "opacity": field("probability", "quantitative", scale=sure, legend=None),
            "tooltip": tips(**words, **measures),
        },
    }
    names = [
        {
            "data": rows_of(side),
            "mark": {"type": "text", "align": align, "dx": dx, "fontSize": 10, "color": INK},
            "encoding": place | {"text": field("dyad", "nominal")},
        }
        for side, align, dx in zip(_apart(rows[:named]), ("left", "right"), (8, -8), strict=True)
        if side
    ]
    return {
        "$schema": SCHEMA,
        "title": title,
        "layer": [dots, *names],
        "width": width,
        "height": 260,
        "config": config(),
    }


def _apart(rows: Sequence[dict[str, Any]]) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The rows whose names do not cover each other, the first before the later: those named to the right, to the left.

    A name is taken to be a quarter as wide as the chart, as it is on a phone, and a twentieth as high.
    """
    wide, high = 0.25, 0.05 * max((row["size"] for row in rows), default=1)
    right: list[dict[str, Any]] = []
    left: list[dict[str, Any]] = []
    taken: list[tuple[float, float]] = []
    for row in rows:
        is_left = row["attention"] > 1 - wide
        start = row["attention"] - (wide if is_left else 0)
        if all(abs(start - x) >= wide or abs(row["size"] - y) >= high for x, y in taken):
            taken.append((start, row["size"]))
            (left if is_left else right).append(row)
    return right, left


def shifts_chart(shifts: Sequence[Shift], title: str = "Shifts", *, width: int = 640, named: int = 12) -> Any:
    """The Altair chart of :func:`shifts_spec`."""
    return as_chart(shifts_spec(shifts, title, width=width, named=named))


def attention_records(relation: Relation) -> list[dict[str, Any]]:
    """The chart's data: a row a period and side, with the share of that side's documents."""
    return [
        {"period": point.start.isoformat(), "side": side, "share": None if share is None else round(share, 4)}
        for point in relation.attention
        for side, share in ((relation.a, point.share_of_a), (relation.b, point.share_of_b))
    ]


def attention_spec(relation: Relation, title: str, *, width: int = 640) -> Spec:
    """How much of what is written about each side is about this relation; gaps where nothing is written at all."""
    axis = {"format": "%", "tickCount": 4}
    sides = {"domain": [relation.a, relation.b], "range": [INK, SAID]}
    return {
        "$schema": SCHEMA,
        "title": title,
        "data": rows_of(attention_records(relation)),
        "mark": {"type": "line", "point": True},
        "encoding": {
            "x": axis_of_time(),
            "y": field("share", "quantitative", title="share of documents", axis=axis, scale={"domain": [0, 1]}),
            "color": field("side", "nominal", scale=sides, legend={"title": None, "orient": "top"}),
        },
        "width": width,
        "height": 170,
        "config": config(),
    }


def attention_chart(relation: Relation, title: str, *, width: int = 640) -> Any:
    """The Altair chart of :func:`attention_spec`."""
    return as_chart(attention_spec(relation, title, width=width))


def group_records(view: GroupView) -> list[dict[str, Any]]:
    """The chart's data: a row an ordered pair of members, with the tone now and its change; null without evidence."""
    cells = {frozenset((p.a, p.b)): p for p in view.pairs}
    rows = []
    for a in view.members:
        for b in view.members:
            if a == b:
                continue
            pair = cells[frozenset((a, b))]
            tone = round(pair.now.tone, 3) if pair.now.evidence else None
            change = None if pair.change is None else round(pair.change, 3)
            label = "–" if tone is None else f"{tone:+.2f}" + ("" if change is None else f" ({change:+.2f})")
            rows.append({"row": a, "column": b, "tone": tone, "change": change, "label": label})
    return rows


def group_chart(view: GroupView, title: str, *, cell: int = 84) -> Any:
    """The matrix of all pairs: colour is the tone now, the figure in brackets its change from before."""
    import altair as alt  # noqa: PLC0415

    members = list(view.members)
    base = alt.Chart(inline(group_records(view))).encode(
        x=alt.X("column:N", sort=members, title=None, axis=alt.Axis(orient="top", labelAngle=0)),
        y=alt.Y("row:N", sort=members, title=None),
    )
    squares = base.mark_rect(stroke=PAPER).encode(
        color=alt.Color(
            "tone:Q",
            scale=alt.Scale(domain=[-1, 0, 1], range=[COLD, NEUTRAL, WARM]),
            legend=alt.Legend(title="tone", orient="right"),
        )
    )
    labels = base.mark_text(fontSize=10, color=INK).encode(text="label:N")
    size = cell * len(members)
    return (squares + labels).properties(width=size, height=size // 2, title=title).configure(**config())


def stance_records(stance: Stance) -> list[dict[str, Any]]:
    """The chart's data: a row a period and kind (words, deeds) that has any, with its level and interval."""
    rows = []
    for point in stance.series:
        for kind, level in (("words", point.words), ("deeds", point.deeds)):
            if level is not None:
                rows.append(
                    {
                        "period": point.start.isoformat(),
                        "kind": kind,
                        "level": round(level.level, 4),
                        "low": round(level.low, 4),
                        "high": round(level.high, 4),
                        "documents": level.n,
                    }
                )
    return rows


def stance_spec(stance: Stance, title: str, *, width: int = 640) -> Spec:
    """Words and deeds side by side, each level with its 90 % interval; rules mark periods where they part."""
    rows = stance_records(stance)
    scale = {"domain": [-1, 1]}
    legend = {"title": None, "orient": "top", "symbolType": "circle", "symbolStrokeWidth": 0}
    colours = {"domain": ["words", "deeds"], "range": [SAID, INK]}
    shared = {"x": axis_of_time(), "color": field("kind", "nominal", scale=colours, legend=legend)}
    measures = dict.fromkeys(("level", "low", "high", "documents"), "quantitative")
    layers: list[Spec] = []
    # Words stand a little to the left of the period's first day, deeds to the right, so that both are seen.
    for kind, aside in (("words", -3), ("deeds", 3)):
        own = [row for row in rows if row["kind"] == kind]
        if not own and rows:
            continue
        low = field("low", "quantitative", scale=scale, title=["attitude", "−1 to +1"], axis={"values": [-1, 0, 1]})
        layers.append(
            {
                "data": rows_of(own),
                "mark": {"type": "rule", "xOffset": aside},
                "encoding": shared | {"y": low, "y2": {"field": "high"}},
            }
        )
        layers.append(
            {
                "data": rows_of(own),
                "mark": {"type": "circle", "size": 60, "xOffset": aside, "opacity": 1},
                "encoding": shared
                | {
                    "y": field("level", "quantitative", scale=scale),
                    "tooltip": tips(period="temporal", kind="nominal", **measures),
                },
            }
        )
    parted = [{"period": p.start.isoformat()} for p in stance.series if p.part is not None]
    if parted:
        rule = {"type": "rule", "strokeDash": [4, 3], "color": COLD}
        layers.append({"data": rows_of(parted), "mark": rule, "encoding": {"x": axis_of_time()}})
    return {
        "$schema": SCHEMA,
        "title": title,
        "layer": layers,
        "width": width,
        "height": 150,
        "config": config(),
    }


def stance_chart(stance: Stance, title: str, *, width: int = 640) -> Any:
    """The Altair chart of :func:`stance_spec`."""
    return as_chart(stance_spec(stance, title, width=width))
