"""The dyad's page chart: both ways with uncertainty, shifts marked, and a strip to choose a span from."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from detente.charts.dyad import time_axis
from detente.charts.rows import inline
from detente.charts.theme import COLD, COLORS, INK, RULE, SAID, SOFT, WARM, config

if TYPE_CHECKING:
    from detente.relations import Relation, SeriesPoint, Shift

__all__ = ["overview_chart", "overview_records", "ways_chart", "ways_records"]

# Room for the figures of the axes, the same in every panel so that their times stand above each other.
_LEFT = 44


def ways_records(relation: Relation) -> list[dict[str, Any]]:
    """A row a period, direction and kind of event, conflict counted downward."""
    return [
        {
            "period": point.start.isoformat(),
            "direction": point.direction,
            "kind": kind,
            "events": count,
            "signed": -count if kind.endswith("conflict") else count,
        }
        for point in _one_way(relation)
        for kind in COLORS
        if (count := getattr(point, kind.replace(" ", "_")))
    ]


def overview_records(relation: Relation) -> list[dict[str, Any]]:
    """A row a period: events of both directions together."""
    return [{"period": point.start.isoformat(), "events": point.events} for point in relation.both]


def _one_way(relation: Relation) -> list[SeriesPoint]:
    return [point for point in relation.series if point.direction != "both"]


def _levels(relation: Relation) -> list[dict[str, Any]]:
    return [
        {
            "period": p.start.isoformat(),
            "direction": p.direction,
            "balance": round(p.level, 4),
            "low": round(p.low, 4),
            "high": round(p.high, 4),
            "events": p.events,
        }
        for p in _one_way(relation)
    ]


def ways_chart(
    relation: Relation, title: str = "", *, width: int = 640, shifts: Sequence[Shift] = (), height: int = 96
) -> Any:
    """Events by period, a panel each way, above the balance of both ways with its 90 % band; shifts are ruled off.

    Returns an Altair chart with its data inside.
    """
    import altair as alt  # noqa: PLC0415 - a large library, loaded when a chart is made

    ways = [f"{relation.a}→{relation.b}", f"{relation.b}→{relation.a}"]
    rows, levels = ways_records(relation), _levels(relation)
    periods = sorted({row["period"] for row in levels})
    span = [periods[0], periods[-1]] if periods else []
    marks = [
        {"period": x.date.isoformat(), "shift": f"{'▲' if x.direction == 'warming' else '▼'} {x.direction}",
         "direction": x.direction, "probability": round(x.probability, 4), "size": round(x.size, 4)}
        for x in shifts
    ]  # fmt: skip
    most = max((abs(sum(r["signed"] for r in rows if _same(r, row))) for row in rows), default=1)
    thick = max(2, min(14, round(0.7 * width / max(len(periods), 1))))
    panels = []
    for way in ways:
        bars = (
            alt.Chart(inline([row for row in rows if row["direction"] == way]))
            .mark_bar(size=thick)
            .encode(
                x=time_axis(labels=False, span=span),
                y=alt.Y(
                    "signed:Q",
                    title=way,
                    scale=alt.Scale(domain=[-most, most]),
                    axis=alt.Axis(format="d", tickMinStep=1, tickCount=4, minExtent=_LEFT),
                ),
                color=alt.Color(
                    "kind:N",
                    scale=alt.Scale(domain=list(COLORS), range=list(COLORS.values())),
                    legend=alt.Legend(title=None, orient="top", columns=2, symbolType="square")
                    if way == ways[0]
                    else None,
                ),
                tooltip=[alt.Tooltip("period:T"), alt.Tooltip("kind:N"), alt.Tooltip("events:Q")],
            )
        )
        panel = alt.layer(*_rules(marks, time_axis(labels=False, span=span)), bars).resolve_scale(color="independent")
        panels.append(panel.properties(width=width, height=height))
    base = alt.Chart(inline(levels)).encode(
        x=time_axis(span=span),
        color=alt.Color(
            "direction:N",
            scale=alt.Scale(domain=ways, range=[INK, SAID]),
            legend=alt.Legend(title=None, orient="top", symbolType="stroke", symbolOpacity=1, symbolStrokeWidth=2),
        ),
    )
    domain = alt.Scale(domain=[-1, 1])
    axis = alt.Axis(values=[-1, 0, 1], minExtent=_LEFT)
    band = base.mark_area(opacity=0.14).encode(y=alt.Y("low:Q", scale=domain, title="balance", axis=axis), y2="high:Q")
    line = base.mark_line(strokeWidth=1.6).encode(
        y=alt.Y("balance:Q", scale=domain),
        strokeDash=alt.StrokeDash("direction:N", scale=alt.Scale(domain=ways, range=[[1, 0], [5, 3]]), legend=None),
        tooltip=["period:T", "direction:N", "balance:Q", "low:Q", "high:Q", "events:Q"],
    )
    lines = alt.layer(band, line)
    balance = (
        alt.layer(*_rules(marks, time_axis(span=span)), lines)
        .resolve_scale(color="independent")
        .properties(width=width, height=height + 24)
    )
    chart = alt.vconcat(*panels, balance, spacing=10)
    if title:
        chart = chart.properties(title=title)
    return chart.resolve_scale(color="independent", strokeDash="independent").configure(**config())


def _same(one: dict[str, Any], other: dict[str, Any]) -> bool:
    same = all(one[name] == other[name] for name in ("period", "direction"))
    return same and (one["signed"] < 0) == (other["signed"] < 0)


def _rules(marks: list[dict[str, Any]], time: Any) -> list[Any]:
    """A rule at each shift, its direction told by colour and arrow."""
    import altair as alt  # noqa: PLC0415

    if not marks:
        return []
    colour = alt.Color("direction:N", scale=alt.Scale(domain=["warming", "cooling"], range=[WARM, COLD]), legend=None)
    base = alt.Chart(inline(marks)).encode(x=time, tooltip=["period:T", "direction:N", "size:Q", "probability:Q"])
    return [base.mark_rule(strokeDash=[4, 3], strokeWidth=1.4).encode(color=colour)]


def _moment(day: str) -> int:
    """Midnight of an ISO day in milliseconds UTC, as the scale of time has it."""
    return 86_400_000 * (datetime.date.fromisoformat(day) - datetime.date(1970, 1, 1)).days


def overview_chart(
    relation: Relation, *, width: int = 640, height: int = 42, chosen: tuple[str, str] | None = None
) -> Any:
    """The whole span on a strip, from which a span is chosen by dragging (parameter ``brush``)."""
    import altair as alt  # noqa: PLC0415

    given: dict[str, Any] = {"value": {"x": [_moment(day) for day in chosen]}} if chosen else {}
    brush = alt.selection_interval(
        name="brush",
        encodings=["x"],
        mark=alt.BrushConfig(fill=SOFT, fillOpacity=0.2, stroke=SOFT),
        **given,
    )
    return (
        alt.Chart(inline(overview_records(relation)))
        .mark_area(color=RULE, line={"color": SOFT, "strokeWidth": 1}, interpolate="step-after")
        .encode(
            x=time_axis(),
            y=alt.Y("events:Q", title=None, axis=alt.Axis(values=[], minExtent=_LEFT, domain=False)),
        )
        .add_params(brush)
        .properties(width=width, height=height)
        .configure(**config())
    )
