"""The look of all charts: one palette, for light and dark, in notebook, page and report alike.

Teal is cooperation and warming, vermilion conflict and cooling, the full colour for deeds and a lighter shade for
words. The two stay apart for every common kind of colour blindness (tests/charts/test_theme.py measures it), and
position, arrows or words say the same again.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

__all__ = ["COLD", "COLD_LIGHT", "COLORS", "DARK", "INK", "LAND", "NEUTRAL", "PAPER", "RULE", "SAID", "SOFT", "WARM",
           "WARM_LIGHT", "config"]  # fmt: skip

WARM, WARM_LIGHT = "#0b7a75", "#86c7c1"
COLD, COLD_LIGHT = "#bf4a06", "#efb08a"
INK, SOFT, RULE, PAPER = "#2b3137", "#5b646c", "#dfe3e6", "#ffffff"
NEUTRAL, LAND = "#f1f3f4", "#e3e7e9"
# What is said, beside ink for what is done.
SAID = "#7d5ba6"

COLORS = {
    "material cooperation": WARM,
    "verbal cooperation": WARM_LIGHT,
    "verbal conflict": COLD_LIGHT,
    "material conflict": COLD,
}

DARK: Mapping[str, str] = {
    WARM: "#3fb5ac",
    WARM_LIGHT: "#2b706b",
    COLD: "#ee7f42",
    COLD_LIGHT: "#8c4c28",
    INK: "#dbe0e4",
    SOFT: "#9ba5ae",
    RULE: "#343c43",
    PAPER: "#14181c",
    NEUTRAL: "#252c32",
    LAND: "#2a3138",
    SAID: "#b797dc",
}
"""What each colour becomes on a dark page; the page puts one for the other in a specification."""


def config(font: str = "sans-serif") -> dict[str, Any]:
    """The part of a Vega-Lite specification that says how text, axes and legends look."""
    return {
        "font": font,
        "background": PAPER,
        "view": {"stroke": None},
        "title": {"color": INK, "fontSize": 13, "fontWeight": 600, "anchor": "start", "offset": 8},
        "axis": {
            "labelColor": SOFT,
            "titleColor": SOFT,
            "titleFontWeight": "normal",
            "gridColor": RULE,
            "domainColor": RULE,
            "tickColor": RULE,
            "labelFontSize": 11,
            "titleFontSize": 11,
        },
        # Room between entries: a reader's machine may have wider letters than the one where the chart was drawn.
        "legend": {
            "labelColor": INK,
            "titleColor": SOFT,
            "titleFontWeight": "normal",
            "labelFontSize": 11,
            "columnPadding": 26,
        },
        "header": {"labelColor": INK, "titleColor": SOFT},
        "text": {"color": INK},
    }
