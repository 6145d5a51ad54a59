"""Charts of corridors: the network with what flows, shares before and after, and what the shares hang on."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from detente.charts.rows import inline
from detente.charts.theme import COLD, INK, SOFT, WARM, config

if TYPE_CHECKING:
    from detente.leverage import Network, Outcome, Solution, Swing

__all__ = ["network_chart", "shares_chart", "tornado_chart"]

_LIGHT = "#a9b1b8"
_STATES = {"in use": WARM, "not in use": SOFT, "could be built": COLD, "absent": _LIGHT}


def _places(network: Network) -> dict[str, tuple[float, float]]:
    """A place for every node: a band for each good, columns by distance from a supply, buyers at the far end."""
    depth = {n.name: 0 for n in network.nodes if n.supply}
    queue = deque(depth)
    while queue:
        here = queue.popleft()
        for link in network.links:
            if link.start == here and link.end not in depth:
                depth[link.end] = depth[here] + 1
                queue.append(link.end)
    places: dict[str, tuple[float, float]] = {}
    top = 0.0
    for good in network.goods:
        mine = [n for n in network.nodes if n.good == good.name]
        passing = [depth.get(n.name, 0) for n in mine if not n.demand or n.supply]
        columns: dict[int, list[str]] = {}
        for node in mine:
            last = node.demand is not None and node.supply is None
            columns.setdefault(1 + max(passing, default=0) if last else depth.get(node.name, 0), []).append(node.name)
        height = max((len(names) for names in columns.values()), default=0)
        for column, names in columns.items():
            for i, name in enumerate(names):
                places[name] = (float(column), top + (i + 0.5) * height / len(names))
        top += height + 1.6
    return places


def _bends(network: Network, places: dict[str, tuple[float, float]]) -> dict[str, float]:
    """How far each link bows down: those between the same nodes apart, those that pass others by below them all."""
    bends: dict[str, float] = {}
    count: dict[tuple[str, ...], int] = {}
    for link in network.links:
        (x1, y1), (x2, y2) = places[link.start], places[link.end]
        good = network.node(link.start).good
        passing = abs(x2 - x1) > 1
        key = (good,) if passing else (link.start, link.end)
        k = count[key] = count.get(key, -1) + 1
        lowest = max(places[n.name][1] for n in network.nodes if n.good == good)
        bends[link.name] = lowest - (y1 + y2) / 2 + 0.5 + 0.5 * k if passing else 0.35 * k
    return bends


def network_chart(network: Network, solution: Solution, *, width: int = 640, height: int = 360) -> Any:
    """The network with what flows when all work together: the wider a line, the more of its capacity is used."""
    import altair as alt  # noqa: PLC0415 - a large library, loaded when a chart is made

    places = _places(network)
    bends = _bends(network, places)
    lines, middles = [], []
    for x in solution.links:
        (x1, y1), (x2, y2) = places[x.start], places[x.end]
        state = "in use" if x.flow > 0 else "could be built" if x.status == "option" else x.status
        facts = {
            "link": x.link, "flow": round(x.flow, 4), "unit": x.quantity, "worth": round(x.worth, 4),
            "used": round(x.flow / x.capacity, 4) if x.capacity else 0.0,
            "state": "not in use" if state == "built" else state,
        }  # fmt: skip
        middle = ((x1 + x2) / 2, (y1 + y2) / 2 + bends[x.link])
        way = ((x1, y1), middle, (x2, y2))
        lines += [facts | {"step": i, "x": px, "y": round(py, 4)} for i, (px, py) in enumerate(way)]
        label = f"{x.link}: {x.flow:,.4g}" if x.flow > 0 else x.link
        middles.append(facts | {"x": middle[0], "y": round(middle[1], 4), "label": label})
    points = [
        {"node": n.name, "x": places[n.name][0], "y": places[n.name][1], "country": n.country,
         "role": "supply" if n.supply else "demand" if n.demand else "transit"}
        for n in network.nodes
    ]  # fmt: skip
    axis_x = alt.X("x:Q", axis=None, scale=alt.Scale(padding=60))
    axis_y = alt.Y("y:Q", axis=None, scale=alt.Scale(padding=24, reverse=True, zero=False, nice=False))
    colour = alt.Color(
        "state:N",
        scale=alt.Scale(domain=list(_STATES), range=list(_STATES.values())),
        legend=alt.Legend(title=None, orient="top"),
    )
    tooltip = ["link:N", "flow:Q", "unit:N", "worth:Q", "state:N"]
    ways = (
        alt.Chart(inline(lines))
        .mark_line(opacity=0.8, interpolate="cardinal")
        .encode(
            x=axis_x,
            y=axis_y,
            detail="link:N",
            order="step:Q",
            color=colour,
            strokeWidth=alt.StrokeWidth("used:Q", scale=alt.Scale(domain=[0, 1], range=[1, 9]), legend=None),
            strokeDash=alt.StrokeDash(
                "state:N",
                scale=alt.Scale(domain=list(_STATES), range=[[1, 0], [1, 0], [6, 4], [2, 4]]),
                legend=None,
            ),
            tooltip=tooltip,
        )
    )
    names = (
        alt.Chart(inline(middles))
        .mark_text(dy=-10, fontSize=10, color=INK)
        .encode(x=axis_x, y=axis_y, text="label:N", tooltip=tooltip)
    )
    nodes = alt.Chart(inline(points))
    dots = nodes.mark_point(filled=True, size=140, opacity=1, color=INK).encode(
        x=axis_x,
        y=axis_y,
        shape=alt.Shape(
            "role:N",
            scale=alt.Scale(domain=["supply", "transit", "demand"], range=["triangle-right", "circle", "square"]),
            legend=alt.Legend(title=None, orient="top"),
        ),
        tooltip=["node:N", "country:N", "role:N"],
    )
    labels = nodes.mark_text(dy=20, fontWeight="bold").encode(x=axis_x, y=axis_y, text="node:N")
    chart = alt.layer(ways, names, dots, labels).properties(width=width, height=height, title=network.title)
    return chart.configure(**config())


def shares_chart(outcomes: Sequence[Outcome], title: str, *, width: int = 480) -> Any:
    """Every player's share of the whole in the base case and in each variant, as stacked bars of 100 percent."""
    import altair as alt  # noqa: PLC0415

    rows = []
    order = ["as it is", *dict.fromkeys(o.variant for o in outcomes)]
    first = outcomes[0].variant if outcomes else ""
    for o in outcomes:
        cases = [(o.variant, o.after, o.percent_after)]
        if o.variant == first:
            cases.insert(0, ("as it is", o.before, o.percent_before))
        rows += [
            {"case": case, "player": o.player, "money": round(m, 4), "percent": None if p is None else round(p, 4)}
            for case, m, p in cases
        ]
    return (
        alt.Chart(inline(rows))
        .mark_bar()
        .encode(
            y=alt.Y("case:N", sort=order, title=None),
            x=alt.X("percent:Q", title="share of what all gain, %", scale=alt.Scale(domain=[0, 100])),
            color=alt.Color("player:N", scale=alt.Scale(scheme="tableau10"), legend=alt.Legend(title=None)),
            tooltip=["case:N", "player:N", "money:Q", "percent:Q"],
        )
        .properties(width=width, title=title)
        .configure(**config())
    )


def tornado_chart(swings: Sequence[Swing], player: str, *, top: int = 12, width: int = 480) -> Any:
    """What a player's share becomes at both ends of each number's range, the widest swings on top."""
    import altair as alt  # noqa: PLC0415

    mine = sorted((s for s in swings if s.player == player), key=lambda s: (-s.size, s.number))[:top]
    rows = [
        {"number": s.number, "low": s.low, "high": s.high, "at low": round(s.at_low, 4), "at high": round(s.at_high, 4)}
        for s in mine
    ]
    base = alt.Chart(inline(rows)).encode(
        y=alt.Y("number:N", sort=[s.number for s in mine], title=None, axis=alt.Axis(labelLimit=260))
    )
    scale = alt.Scale(zero=False)
    tooltip = ["number:N", "low:Q", "high:Q", "at low:Q", "at high:Q"]
    bars = base.mark_rule(strokeWidth=10, color=_LIGHT).encode(
        x=alt.X("at low:Q", title=f"share of {player}", scale=scale), x2="at high:Q", tooltip=tooltip
    )
    low = base.mark_point(filled=True, size=70, color=WARM, opacity=1).encode(x="at low:Q", tooltip=tooltip)
    high = base.mark_point(filled=True, size=70, color=COLD, opacity=1).encode(x="at high:Q", tooltip=tooltip)
    title = f"{player}: what the share hangs on (teal: number at its low end, orange: at its high end)"
    return alt.layer(bars, low, high).properties(width=width, title=title).configure(**config())
