"""The dyad's page chart: both ways with uncertainty, shifts marked, and a strip to choose a span from."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from detente.charts.spec import SCHEMA, Spec, as_chart, axis_of_time, field, rows_of, tips
from detente.charts.theme import COLD, COLORS, INK, RULE, SAID, SOFT, WARM, config

if TYPE_CHECKING:
    from detente.relations import Relation, SeriesPoint, Shift

__all__ = ["overview_chart", "overview_records", "overview_spec", "ways_chart", "ways_records", "ways_spec"]

# Room for the figures of the axes, the same in every panel so that their times stand above each other.
_LEFT = 44


def ways_records(relation: Relation) -> list[dict[str, Any]]:
    """A row a period, direction and kind of event, conflict counted downward."""
    names = [(kind, kind.replace(" ", "_")) for kind in COLORS]
    return [
        {
            "period": point.start.isoformat(),
            "direction": point.direction,
            "kind": kind,
            "events": count,
            "signed": -count if kind.endswith("conflict") else count,
        }
        for point in _one_way(relation)
        for kind, name in names
        if (count := getattr(point, name))
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


def ways_spec(
    relation: Relation, title: str = "", *, width: int = 640, shifts: Sequence[Shift] = (), height: int = 96
) -> Spec:
    """Events by period, a panel each way, above the balance of both ways with its 90 % band; shifts are ruled off.

    A Vega-Lite specification with its data inside.
    """
    ways = [f"{relation.a}→{relation.b}", f"{relation.b}→{relation.a}"]
    rows, levels = ways_records(relation), _levels(relation)
    periods = sorted({row["period"] for row in levels})
    span = [periods[0], periods[-1]] if periods else []
    rules = _rules(shifts)
    heights: dict[tuple[str, str, bool], int] = {}
    for row in rows:
        bar = (row["period"], row["direction"], row["signed"] < 0)
        heights[bar] = heights.get(bar, 0) + row["events"]
    most = max(heights.values(), default=1)
    thick = max(2, min(14, round(0.7 * width / max(len(periods), 1))))
    size = {"width": width, "resolve": {"scale": {"color": "independent"}}}
    panels = []
    for way in ways:
        time = axis_of_time(labels=False, span=span)
        legend = {"title": None, "orient": "top", "columns": 2, "symbolType": "square"} if way == ways[0] else None
        kinds = {"domain": list(COLORS), "range": list(COLORS.values())}
        axis = {"format": "d", "tickMinStep": 1, "tickCount": 4, "minExtent": _LEFT}
        bars = {
            "data": rows_of([row for row in rows if row["direction"] == way]),
            "mark": {"type": "bar", "size": thick},
            "encoding": {
                "x": time,
                "y": field("signed", "quantitative", title=[way, "events"], scale={"domain": [-most, most]}, axis=axis),
                "color": field("kind", "nominal", scale=kinds, legend=legend),
                "tooltip": tips(period="temporal", kind="nominal", events="quantitative"),
            },
        }
        panels.append({"layer": [*rules(time), bars], "height": height, **size})
    time = axis_of_time(span=span)
    panels.append({"layer": [*rules(time), _balance(levels, ways, time)], "height": height + 24, **size})
    return {
        "$schema": SCHEMA,
        **({"title": title} if title else {}),
        "vconcat": panels,
        "spacing": 10,
        "resolve": {"scale": {"color": "independent", "strokeDash": "independent"}},
        "config": config(),
    }


def ways_chart(
    relation: Relation, title: str = "", *, width: int = 640, shifts: Sequence[Shift] = (), height: int = 96
) -> Any:
    """The Altair chart of :func:`ways_spec`."""
    return as_chart(ways_spec(relation, title, width=width, shifts=shifts, height=height))


def _balance(levels: list[dict[str, Any]], ways: list[str], time: Spec) -> Spec:
    """The balance each way with its band."""
    legend = {"title": None, "orient": "top", "symbolType": "stroke", "symbolOpacity": 1, "symbolStrokeWidth": 2}
    colour = field("direction", "nominal", scale={"domain": ways, "range": [INK, SAID]}, legend=legend)
    scale = {"domain": [-1, 1]}
    axis = {"values": [-1, 0, 1], "minExtent": _LEFT}
    dashes = {"domain": ways, "range": [[1, 0], [5, 3]]}
    measures = dict.fromkeys(("balance", "low", "high", "events"), "quantitative")
    return {
        "data": rows_of(levels),
        "layer": [
            {
                "mark": {"type": "area", "opacity": 0.14},
                "encoding": {
                    "x": time,
                    "color": colour,
                    "y": field("low", "quantitative", scale=scale, title=["balance", "−1 to +1"], axis=axis),
                    "y2": {"field": "high"},
                },
            },
            {
                "mark": {"type": "line", "strokeWidth": 1.6},
                "encoding": {
                    "x": time,
                    "color": colour,
                    "y": field("balance", "quantitative", scale=scale),
                    "strokeDash": field("direction", "nominal", scale=dashes, legend=None),
                    "tooltip": tips(period="temporal", direction="nominal", **measures),
                },
            },
        ],
    }


def _rules(shifts: Sequence[Shift]) -> Callable[[Spec], list[Spec]]:
    """For an axis of time, a rule at each shift, its direction told by colour and arrow."""
    marks = [
        {"period": x.date.isoformat(), "shift": f"{'▲' if x.direction == 'warming' else '▼'} {x.direction}",
         "direction": x.direction, "probability": round(x.probability, 4), "size": round(x.size, 4)}
        for x in shifts
    ]  # fmt: skip
    colours = {"domain": ["warming", "cooling"], "range": [WARM, COLD]}
    measures = dict.fromkeys(("size", "probability"), "quantitative")

    def layer(time: Spec) -> list[Spec]:
        rule = {
            "data": rows_of(marks),
            "mark": {"type": "rule", "strokeDash": [4, 3], "strokeWidth": 1.4},
            "encoding": {
                "x": time,
                "color": field("direction", "nominal", scale=colours, legend=None),
                "tooltip": tips(period="temporal", direction="nominal", **measures),
            },
        }
        return [rule] if marks else []

    return layer


def _moment(day: str) -> int:
    """Midnight of an ISO day in milliseconds UTC, as the scale of time has it."""
    return 86_400_000 * (datetime.date.fromisoformat(day) - datetime.date(1970, 1, 1)).days


def overview_spec(
    relation: Relation, *, width: int = 640, height: int = 42, chosen: tuple[str, str] | None = None
) -> Spec:
    """The whole span on a strip, from which a span is chosen by dragging (parameter ``brush``)."""
    select = {"type": "interval", "encodings": ["x"], "mark": {"fill": SOFT, "fillOpacity": 0.2, "stroke": SOFT}}
    brush: Spec = {"name": "brush", "select": select}
    if chosen:
        brush["value"] = {"x": [_moment(day) for day in chosen]}
    line = {"color": SOFT, "strokeWidth": 1}
    axis = {"values": [], "minExtent": _LEFT, "domain": False}
    return {
        "$schema": SCHEMA,
        "data": rows_of(overview_records(relation)),
        "mark": {"type": "area", "color": RULE, "line": line, "interpolate": "step-after"},
        "encoding": {"x": axis_of_time(), "y": field("events", "quantitative", title=None, axis=axis)},
        "params": [brush],
        "width": width,
        "height": height,
        "config": config(),
    }


def overview_chart(
    relation: Relation, *, width: int = 640, height: int = 42, chosen: tuple[str, str] | None = None
) -> Any:
    """The Altair chart of :func:`overview_spec`."""
    return as_chart(overview_spec(relation, width=width, height=height, chosen=chosen))
