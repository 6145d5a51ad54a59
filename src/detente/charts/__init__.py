"""Charts: one specification and its data, for notebook, page and report alike."""

from detente.charts.dyad import dyad_chart, dyad_records
from detente.charts.render import to_pdf, to_png, to_svg
from detente.charts.terminal import updown, year_ruler

__all__ = ["dyad_chart", "dyad_records", "to_pdf", "to_png", "to_svg", "updown", "year_ruler"]
