"""Charts: one specification and its data, for notebook, page and report alike."""

from detente.charts.dyad import dyad_chart, dyad_records
from detente.charts.render import to_pdf, to_png, to_svg
from detente.charts.terminal import bar, levels, updown, year_ruler
from detente.charts.theme import DARK, config
from detente.charts.views import (
    attention_chart,
    attention_records,
    attention_spec,
    group_chart,
    group_records,
    shifts_chart,
    shifts_records,
    shifts_spec,
    stance_chart,
    stance_records,
    stance_spec,
)
from detente.charts.ways import overview_chart, overview_records, overview_spec, ways_chart, ways_records, ways_spec
from detente.charts.world import world_chart, world_records, world_spec

__all__ = [
    "DARK",
    "attention_chart",
    "attention_records",
    "attention_spec",
    "bar",
    "config",
    "dyad_chart",
    "dyad_records",
    "group_chart",
    "group_records",
    "levels",
    "overview_chart",
    "overview_records",
    "overview_spec",
    "shifts_chart",
    "shifts_records",
    "shifts_spec",
    "stance_chart",
    "stance_records",
    "stance_spec",
    "to_pdf",
    "to_png",
    "to_svg",
    "updown",
    "ways_chart",
    "ways_records",
    "ways_spec",
    "world_chart",
    "world_records",
    "world_spec",
    "year_ruler",
]
