"""The date that a document carries: in its metadata, or written at its head."""

from __future__ import annotations

import datetime
import re

__all__ = ["date_in_head", "parse_loose"]

_MONTH_NO = {name: no for no, name in enumerate(re.findall("...", "janfebmaraprmayjunjulaugsepoctnovdec"), 1)}
_MONTH = r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
_MONTH += r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
_DAY = r"(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?\.?,?\s+)"
_DATE = rf"""{_DAY}?(?:
    (?P<y1>\d{{4}})[-/](?P<m1>\d{{1,2}})[-/](?P<d1>\d{{1,2}})(?!\d)
  | (?P<m2>{_MONTH})\s+(?P<d2>\d{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<y2>\d{{4}})(?!\d)
  | (?P<d3>\d{{1,2}})(?:st|nd|rd|th)?[\s-]+(?P<m3>{_MONTH}),?[\s-]+(?P<y3>\d{{4}})(?!\d)
)"""
_FLAGS = re.IGNORECASE | re.VERBOSE
_ANYWHERE = re.compile(rf"(?<![\d/-]){_DATE}", _FLAGS)
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})(?:T?\d{4,6}Z?)?$")
_TIME = r"(?:,?\s+(?:at\s+)?\d{1,2}[:.]\d{2}(?:[:.]\d{2})?\s*(?:[ap]\.?m\.?)?\s*(?:\(?[A-Z]{2,5}\)?)?)?"
# A line that is nothing but a date, perhaps announced: "Published: Wednesday, 13 November 2013, 10:15 GMT".
_ALONE = re.compile(
    rf"^[\s*_#>]*(?:(?:date|published|posted|updated|issued|released)(?:\s+on)?[\s*_]*[:\-]?[\s*_]+)?{_DATE}{_TIME}[\s*_.|]*$",
    _FLAGS,
)
# A dateline: a place in capitals (and what follows it up to 40 characters), the date, then a bracket, dash or line end.
_DATELINE = re.compile(
    rf"""^[\s*_>]*(?-i:[A-Z][A-Z.'’/-]+(?:[ ][A-Z][A-Z.'’/-]*)*)(?:,[ ][^\n(,\d]{{2,40}})?[ ,/]*\(?[ ]?
    {_DATE}\)?[*_]*\s*(?:[(:/–—-]|$)""",
    _FLAGS,
)
# The date first, then the desk or a dash: "Nov 13, 2013 (Desk) - ...".
_DATE_FIRST = re.compile(rf"^[\s*_>]*\(?{_DATE}\)?\s*(?:\([^)\n]{{2,40}}\)|[–—]|--|-\s)", _FLAGS)
_HEAD_CHARACTERS = 2000
_HEAD_LINES = 6


def parse_loose(value: object) -> datetime.date | None:
    """The day in a metadata value: ISO, RFC 2822, ``13 Nov 2013``, ``Nov. 13, 2013``, ``20131113``; else None.

    The day is taken as written, in the writer's own time zone. All-number dates that can be read two ways
    (``11/12/2013``) give None.
    """
    if isinstance(value, datetime.date):
        return datetime.date(value.year, value.month, value.day)
    if not isinstance(value, str):
        return None
    text = value.strip()[:100]
    if compact := _COMPACT.match(text):
        return _day(*compact.groups())
    found = _ANYWHERE.search(text)
    return _of(found) if found else None


def date_in_head(text: str) -> datetime.date | None:
    """The date written at the head of a text: a dateline, or a line of its own; None if there is none with a year."""
    lines = [line for line in text[:_HEAD_CHARACTERS].splitlines() if line.strip()][:_HEAD_LINES]
    for line in lines:
        head = line[:160]
        found = _DATELINE.match(head) or _DATE_FIRST.match(head) or (_ALONE.match(line) if len(line) <= 100 else None)
        if found and (day := _of(found)):
            return day
    return None


def _of(found: re.Match[str]) -> datetime.date | None:
    group = found.groupdict()
    for no in "123":
        if group[f"y{no}"]:
            return _day(group[f"y{no}"], group[f"m{no}"], group[f"d{no}"])
    return None


def _day(year: str, month: str, day: str) -> datetime.date | None:
    try:
        return datetime.date(int(year), _MONTH_NO.get(month[:3].lower()) or int(month), int(day))
    except ValueError:
        return None
