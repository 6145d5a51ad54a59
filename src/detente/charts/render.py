"""Charts as files and text: SVG and PNG without a browser or network, and bars for the terminal."""

from __future__ import annotations

import re
from typing import Any

__all__ = ["to_pdf", "to_png", "to_svg"]


def _spec(chart: Any) -> dict[str, Any]:
    """The Vega-Lite specification of an Altair chart, or the one that is given."""
    spec: dict[str, Any] = chart if isinstance(chart, dict) else chart.to_dict()
    return spec


def to_svg(chart: Any) -> str:
    """An Altair chart, or its specification, as SVG text, self-contained; the same chart gives the same text."""
    import vl_convert  # noqa: PLC0415 - a large library, loaded when a chart is drawn

    svg: str = vl_convert.vegalite_to_svg(_spec(chart), allowed_base_urls=[])
    # Gradient and clip ids are numbered per process; number them per chart so that output does not depend on history.
    names: dict[str, str] = {}
    for found in re.findall(r'id="((?:clip|gradient_)\w+)"', svg):
        names.setdefault(found, f"part{len(names)}")
    for old, new in names.items():
        svg = svg.replace(f'id="{old}"', f'id="{new}"').replace(f"url(#{old})", f"url(#{new})")
    return svg


def to_png(chart: Any, scale: float = 2.0) -> bytes:
    """An Altair chart as a PNG image, ``scale`` pixels a point."""
    import vl_convert  # noqa: PLC0415

    png: bytes = vl_convert.vegalite_to_png(_spec(chart), scale=scale, allowed_base_urls=[])
    return png


def to_pdf(chart: Any) -> bytes:
    """An Altair chart as a one-page PDF."""
    import vl_convert  # noqa: PLC0415

    pdf: bytes = vl_convert.vegalite_to_pdf(_spec(chart), allowed_base_urls=[])
    return pdf
