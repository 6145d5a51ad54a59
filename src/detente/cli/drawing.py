"""Charts into files, by the ending of the file's name."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import typer

from detente.cli.output import note
from detente.errors import BadInput, BadOption

__all__ = ["ChartOption", "draw"]

ChartOption = Annotated[Path | None, typer.Option("--chart", help="Also draw it, into this .svg, .png, .pdf or .json.")]


def draw(path: Path | None, make: Callable[[Any], Any]) -> None:
    """Draw the chart that ``make(detente.charts)`` gives into a file; nothing where there is none."""
    if path is None:
        return
    from detente import charts  # noqa: PLC0415 - large libraries

    ways: dict[str, Callable[[Any], bytes]] = {
        ".svg": lambda drawn: charts.to_svg(drawn).encode(),
        ".png": charts.to_png,
        ".pdf": charts.to_pdf,
        ".json": lambda drawn: str(drawn.to_json()).encode(),
    }
    if path.suffix.lower() not in ways:
        raise BadOption("the ending of", path.name, tuple(ways))
    content = ways[path.suffix.lower()](make(charts))
    try:
        path.write_bytes(content)
    except OSError as error:
        raise BadInput(f"cannot be written: {error.strerror}", str(path)) from None
    note(f"drawn: {path}")
