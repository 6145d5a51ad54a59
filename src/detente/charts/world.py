"""The map: shifts as lines between states."""

from __future__ import annotations

import csv
import json
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from detente.charts.spec import SCHEMA, Spec, as_chart, field, rows_of, tips
from detente.charts.theme import COLD, INK, LAND, PAPER, SOFT, WARM, config

if TYPE_CHECKING:
    from detente.relations import Shift

__all__ = ["GEOMETRY", "middle_of", "outlines", "world_chart", "world_records", "world_spec"]

GEOMETRY = "countries-110m.json"
# Lines that are drawn; more would hide each other.
MOST = 60


@cache
def _middles() -> dict[str, tuple[float, float]]:
    import pycountry  # noqa: PLC0415 - a table, loaded when a map is drawn

    text = (files("detente.charts") / "data" / "middles.csv").read_text("utf-8")
    found = {}
    for row in csv.DictReader(text.splitlines()):
        country = pycountry.countries.get(numeric=row["numeric"])
        if country is not None:
            found[country.alpha_3] = (float(row["longitude"]), float(row["latitude"]))
    return found


def middle_of(code: str) -> tuple[float, float] | None:
    """Degrees east and north of the middle of a state's largest piece of land; None where the atlas lacks it."""
    return _middles().get(code)


@cache
def outlines() -> dict[str, Any]:
    """The outlines of all states, as TopoJSON."""
    text = (files("detente.charts") / "data" / GEOMETRY).read_text("utf-8")
    found: dict[str, Any] = json.loads(text)
    return found


def world_records(shifts: Sequence[Shift]) -> list[dict[str, Any]]:
    """A line (GeoJSON) for each pair of states that the atlas has: its shift that ranks first; ``MOST`` lines."""
    rows: list[dict[str, Any]] = []
    drawn: set[tuple[str, str]] = set()  # a second line between two states would lie on the first
    for x in shifts:
        ends = [middle_of(code) for code in (x.a, x.b)]
        if None in ends or (x.a, x.b) in drawn:
            continue
        if len(rows) == MOST:
            break
        drawn.add((x.a, x.b))
        rows.append(
            {
                "type": "Feature",
                "geometry": {"type": "LineString", "coordinates": [list(end) for end in ends if end]},
                "dyad": f"{x.a}–{x.b}",
                "direction": x.direction,
                "date": x.date.isoformat(),
                "size": round(x.size, 4),
                "probability": round(x.probability, 4),
                "attention": round(x.attention, 4),
            }
        )
    # The first in rank is drawn last, on top.
    return rows[::-1]


def _window(places: Sequence[tuple[float, float]]) -> tuple[float, float, float]:
    """Degrees east and north of the middle of the places, and how far to zoom in on them: 1 (the whole world) to 3."""
    if not places:
        return 10.0, 12.0, 1.0
    east = sorted(x for x, _ in places)
    # The widest gap between two neighbours, all round, is what the map is cut in.
    gaps = [((b - a) % 360, b) for a, b in zip(east, [*east[1:], east[0]], strict=True)]
    gap, start = max(gaps)
    wide = 0.0 if len(set(east)) == 1 else 360 - gap
    south, north = min(y for _, y in places), max(y for _, y in places)
    zoom = min(3.0, max(1.0, min(360 / (wide + 70), 150 / (north - south + 50))))
    middle = (start + wide / 2 + 180) % 360 - 180
    return round(middle, 1), round(min((south + north) / 2, 34.0) if zoom > 1.2 else 12.0, 1), round(zoom, 2)


def _is_just_north(one: dict[str, Any], other: dict[str, Any]) -> bool:
    """Whether ``one`` lies so little north of ``other`` that their names would cover each other."""
    aside = abs((one["longitude"] - other["longitude"] + 180) % 360 - 180)
    return bool(aside < 14 and 0 <= one["latitude"] - other["latitude"] < 8)


def world_spec(shifts: Sequence[Shift], title: str = "", *, width: int = 640, geometry: str | None = None) -> Spec:
    """Shifts on the map: a line between two states, its colour the direction, its width the size, faint where unsure.

    ``geometry`` is an address to fetch the outlines from; without it they are inside.
    """
    rows = world_records(shifts)
    names = sorted({code for row in rows for code in row["dyad"].split("–")})
    dots = [
        {"code": code, "longitude": place[0], "latitude": place[1]}
        for code in names
        if (place := middle_of(code)) is not None
    ]
    for dot in dots:  # the name of the southern one of two neighbours stands below it
        dot["dy"] = 15 if any(_is_just_north(other, dot) for other in dots if other is not dot) else -9
    land = {"url": geometry} if geometry else {"values": outlines()}
    layers: list[Spec] = [
        {
            "data": land | {"format": {"type": "topojson", "feature": "countries"}},
            "mark": {"type": "geoshape", "fill": LAND, "stroke": PAPER, "strokeWidth": 0.5, "tooltip": None}
            | {"clip": True},
        }
    ]
    if rows:
        ways = {"domain": ["warming", "cooling"], "range": [WARM, COLD]}
        widths = {"domain": [0, 1], "range": [1.5, 7]}
        sure = {"domain": [0, 0.5], "range": [0.3, 0.95], "clamp": True}
        words = dict.fromkeys(("dyad", "direction", "date"), "nominal")
        measures = dict.fromkeys(("size", "probability", "attention"), "quantitative")
        lines = {
            "color": field("direction", "nominal", scale=ways, legend=None),
            "strokeWidth": field("size", "quantitative", scale=widths, legend=None),
            "opacity": field("probability", "quantitative", scale=sure, legend=None),
            "tooltip": tips(**words, **measures),
        }
        where = {name: field(name, "quantitative") for name in ("longitude", "latitude")}
        label = {"type": "text", "dy": {"expr": "datum.dy"}, "fontSize": 11, "fontWeight": 600, "color": INK}
        layers += [
            {
                "data": rows_of(rows),
                "mark": {"type": "geoshape", "filled": False, "strokeCap": "round", "clip": True},
                "encoding": lines,
            },
            {
                "data": rows_of(dots),
                "mark": {"type": "circle", "size": 26, "color": SOFT, "opacity": 1, "tooltip": None},
                "encoding": where,
            },
            {"data": rows_of(dots), "mark": label, "encoding": where | {"text": field("code", "nominal")}},
        ]
    middle, north, zoom = _window([(dot["longitude"], dot["latitude"]) for dot in dots])
    return {
        "$schema": SCHEMA,
        **({"title": title} if title else {}),
        "layer": layers,
        "projection": {
            "type": "equalEarth",
            "rotate": [-middle, 0, 0],
            "center": [0, north],
            # An equal-earth map of scale 1 is 5.41 wide; the width is known where it is drawn.
            "scale": {"expr": f"width * {zoom / 5.41:.4f}"},
            "translate": {"expr": "[width / 2, height / 2]"},
        },
        "width": width,
        "height": round(width * 0.46),
        "config": config(),
    }


def world_chart(shifts: Sequence[Shift], title: str = "", *, width: int = 640, geometry: str | None = None) -> Any:
    """The Altair chart of :func:`world_spec`."""
    return as_chart(world_spec(shifts, title, width=width, geometry=geometry))
