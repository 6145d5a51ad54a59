"""Small things that every form of the brief needs: runs of note numbers, safe addresses, clean text."""

from __future__ import annotations

import re
from collections.abc import Sequence

__all__ = ["clean", "ranges", "references", "weblink"]

# C0 and C1 controls other than tab and line feed have no place on a page.
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ufffe\uffff]")


def clean(text: str) -> str:
    """Text without control characters."""
    return _CONTROLS.sub("", text)


def ranges(numbers: Sequence[int]) -> list[tuple[int, int]]:
    """Runs of consecutive numbers as (first, last), for citing ``1–4, 7``."""
    runs: list[tuple[int, int]] = []
    for number in numbers:
        if runs and runs[-1][1] == number - 1:
            runs[-1] = (runs[-1][0], number)
        else:
            runs.append((number, number))
    return runs


def references(numbers: Sequence[int]) -> str:
    """Note numbers as text: ``1–4, 7``."""
    return ", ".join(str(first) if first == last else f"{first}–{last}" for first, last in ranges(numbers))


def weblink(url: str | None) -> bool:
    """Whether an address may become a link: http or https, without anything that could break out of it."""
    return url is not None and re.match(r"https?://[^\s<>\"'\x00-\x1f]+\Z", url) is not None
