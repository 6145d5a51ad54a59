"""The day by which something is to be done, read from the words that state it."""

# ruff: noqa: E501 - a pattern stands on one line
from __future__ import annotations

import calendar
import datetime
import re

from detente.coding.dates import find_dates

__all__ = ["due_date"]

_NUMBERS = {
    word: number
    for number, word in enumerate(
        [
            "zero",
            "one",
            "two",
            "three",
            "four",
            "five",
            "six",
            "seven",
            "eight",
            "nine",
            "ten",
            "eleven",
            "twelve",
            "thirteen",
            "fourteen",
            "fifteen",
            "sixteen",
            "seventeen",
            "eighteen",
            "nineteen",
            "twenty",
        ]
    )
} | {"a": 1, "an": 1, "thirty": 30, "forty": 40, "sixty": 60, "ninety": 90, "hundred": 100, "twenty-one": 21}
_WITHIN = re.compile(
    r"\b(?:within|in|over|after|inside)\s+(?:the\s+(?:next|coming|following)\s+|a\s+(?:period|span)\s+of\s+)?"
    r"(?P<n>\d{1,4}|[a-z-]+)\s+(?P<u>day|week|month|year)s?\b",
    re.IGNORECASE,
)
_YEAR = re.compile(
    r"\b(?:by|before|until|till|in|during|from|of|end of|later than|date of|up to)\s+(?:the\s+)?(?:end\s+of\s+|course\s+of\s+|"
    r"late\s+|mid-?|early\s+|start\s+of\s+|spring\s+of\s+|summer\s+of\s+|autumn\s+of\s+|target\s+date\s+of\s+)*"
    r"(?P<y>(?:1[89]|20)\d\d)\b",
    re.IGNORECASE,
)
_THIS = re.compile(r"\b(?P<w>this|next|the same|the following|the) year\b|\bend of the year\b", re.IGNORECASE)


def due_date(words: str, made: datetime.date) -> datetime.date | None:
    """The last day allowed, counted from ``made`` where it is a span; months and years end with their last day."""
    best: datetime.date | None = None
    for mention in find_dates(words, made):
        day = mention.future or mention.date
        if day < made or mention.precision == "published":
            continue
        if mention.precision == "month":
            day = day.replace(day=calendar.monthrange(day.year, day.month)[1])
        elif mention.precision == "year":
            day = day.replace(month=12, day=31)
        best = day if best is None else max(best, day)
    if best is not None:
        return best
    match = _YEAR.search(words)
    if match:
        year = int(match["y"])
        return datetime.date(year, 12, 31) if year >= made.year else None
    match = _WITHIN.search(words)
    if match:
        number = int(match["n"]) if match["n"].isdigit() else _NUMBERS.get(match["n"].lower())
        if number:
            return _later(made, number, match["u"].lower())
    match = _THIS.search(words)
    if match and not re.search(r"\b(?:a|each|every|per|last) year\b", words):
        ahead = 1 if (match["w"] or "").lower() in ("next", "the following") else 0
        return datetime.date(min(made.year + ahead, 9999), 12, 31)
    return None


def _later(made: datetime.date, number: int, unit: str) -> datetime.date | None:
    try:
        if unit in ("day", "week"):
            return made + datetime.timedelta(days=number * (7 if unit == "week" else 1))
        months = made.year * 12 + made.month - 1 + number * (12 if unit == "year" else 1)
        year, month = divmod(months, 12)
        return datetime.date(year, month + 1, min(made.day, calendar.monthrange(year, month + 1)[1]))
    except (ValueError, OverflowError):
        return None
