"""Small charts for the terminal, in plain characters."""

from __future__ import annotations

from collections.abc import Sequence

__all__ = ["bar", "levels", "updown", "year_ruler"]

_UP = " ▁▂▃▄▅▆▇█"
# Only three heights hang from the top in common fonts.
_DOWN = " ▔▔▀▀▀██"


def updown(up: Sequence[int], down: Sequence[int]) -> tuple[str, str]:
    """Two lines of equal length, one character a value: ``up`` as bars upward, ``down`` as bars hanging down.

    Both share one scale, so that the heights compare.
    """
    top = max([1, *up, *down])
    above = "".join(_UP[_level(value, top, len(_UP))] for value in up)
    below = "".join(_DOWN[_level(value, top, len(_DOWN))] for value in down)
    return above, below


def _level(value: int, top: int, steps: int) -> int:
    """0 for nothing, else 1 to ``steps - 1`` in proportion, never rounded down to nothing."""
    return 0 if value <= 0 else max(1, round(value / top * (steps - 1)))


def levels(values: Sequence[float | None]) -> str:
    """One character a value from -1 (lowest) to +1 (highest); a dot where there is none."""
    steps = _UP[1:]
    return "".join("·" if v is None else steps[min(int((v + 1) / 2 * len(steps)), len(steps) - 1)] for v in values)


def bar(value: float, top: float, width: int = 12) -> str:
    """A bar from the left, in proportion to the longest; nothing for nothing."""
    return "█" * round(width * value / top) if top > 0 else ""


def year_ruler(years: Sequence[int]) -> str:
    """A line under a chart with one character a period: each year's number where the year begins, if it fits."""
    line = [" "] * len(years)
    for i, year in enumerate(years):
        label = f"{year}"
        begins = i == 0 or years[i - 1] != year
        free = i + 4 <= len(years) and all(c == " " for c in line[max(0, i - 1) : i + 4])
        if begins and free:
            line[i : i + 4] = label
    return "".join(line)
