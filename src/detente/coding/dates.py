"""Dates in running text, resolved against the day of publication.

``find_dates`` reads a text, ``DocumentDates`` the sentences of one; ``nearest_date`` chooses the one that belongs to
an event. Weekdays and months without a year mean the last one before publication, or the next one where the event lies
ahead.
"""

from __future__ import annotations

import calendar
import datetime
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from detente.records import DatePrecision

__all__ = ["DateMention", "DocumentDates", "find_dates", "nearest_date"]

_MONTHS = {
    name: number
    for number in range(1, 13)
    for name in (calendar.month_name[number].lower(), calendar.month_abbr[number].lower())
} | {"sept": 9}
_DAYS = {calendar.day_name[number].lower(): number for number in range(7)}
_NUMBERS = {
    word: number
    for number, word in enumerate(
        ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
    )
} | {"a": 1, "an": 1, "a couple of": 2, "twenty": 20, "thirty": 30}

_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?)\.?"
)
_DAY = r"(?:mon|tues|wednes|thurs|fri|satur|sun)day"
_COUNT = r"(?:\d{1,3}|" + "|".join(sorted(_NUMBERS, key=len, reverse=True)) + ")"
_YEAR = r"(?:1[89]|20)\d\d"

_PATTERN = re.compile(
    rf"""\b(?:
      (?P<iso>{_YEAR}-\d\d-\d\d)
    | (?P<m1>{_MONTH})\s+(?P<d1>\d{{1,2}})(?:st|nd|rd|th)?(?:\s*[-–]\s*\d{{1,2}})?
      (?:,?\s+(?P<y1>{_YEAR}))?(?![\d,]*\d)
    | (?P<d2>\d{{1,2}})(?:st|nd|rd|th)?\s+(?:of\s+)?(?P<m2>{_MONTH})(?:,?\s+(?P<y2>{_YEAR}))?
    | (?P<m3>{_MONTH})(?:\s+of|,)?\s+(?P<y3>{_YEAR})
    | (?P<rel4>last|next|this|this\s+past|this\s+coming|in|since|until|by|during|early|late|mid|of)[\s-]+
      (?P<m4>{_MONTH})
      (?!\s+(?:of\s+)?\d|,\s+{_YEAR})
    | (?P<rel5>last|next|this|earlier\s+this|later\s+this|the\s+previous|the\s+following|the\s+past|the\s+coming)\s+
      (?P<unit5>day|week|weekend|month|year|spring|summer|autumn|fall|winter|{_DAY})
    | (?P<n6>{_COUNT})\s+(?P<unit6>day|week|month|year|decade)s?\s+(?P<dir6>ago|earlier|later|before|after|from\s+now)
    | (?P<word7>yesterday|today|tonight|tomorrow|the\s+day\s+before\s+yesterday|the\s+day\s+after\s+tomorrow)
    | (?P<day8>{_DAY})
    | (?P<rel9>in|since|of|during|by|until|early|late|mid|before|after|from)[\s-]+(?P<y9>{_YEAR})
      (?!\s*(?:[-–%]|people|troops|tons|percent))
    )\b""",
    re.IGNORECASE | re.VERBOSE,
)
_AMBIGUOUS = {"may", "mar", "march", "dec", "sun", "jan"}
"""Words that are months only where something else says so (capital letter, day number, preposition)."""


@dataclass(frozen=True, slots=True)
class DateMention:
    """A date as the text gives it; ``future`` is the same for an event that lies ahead, where that differs."""

    start: int
    end: int
    date: datetime.date
    precision: DatePrecision
    future: datetime.date | None = None


def _make(year: int, month: int, day: int) -> datetime.date | None:
    try:
        return datetime.date(year, month, day)
    except ValueError:
        return None


def _shift(date: datetime.date, months: int) -> datetime.date | None:
    index = date.year * 12 + date.month - 1 + months
    year, month = divmod(index, 12)
    if not 1 <= year <= 9999:
        return None
    return datetime.date(year, month + 1, min(date.day, calendar.monthrange(year, month + 1)[1]))


def _days(date: datetime.date, days: int) -> datetime.date | None:
    try:
        return date + datetime.timedelta(days=days)
    except OverflowError:
        return None


def _month(word: str) -> int:
    return _MONTHS[word.lower().rstrip(".")]


def _unyeared(published: datetime.date, month: int, day: int) -> tuple[datetime.date | None, datetime.date | None]:
    """The last such day on or before publication, and the next one on or after it."""
    years = (published.year - 1, published.year, published.year + 1)
    found = [date for year in years if (date := _make(year, month, day))]
    past = [date for date in found if date <= published]
    ahead = [date for date in found if date >= published]
    return (past[-1] if past else None), (ahead[0] if ahead else None)


def _weekday(published: datetime.date, day: int) -> tuple[datetime.date | None, datetime.date | None]:
    return _days(published, -((published.weekday() - day) % 7)), _days(published, (day - published.weekday()) % 7)


_Found = tuple[datetime.date | None, DatePrecision, datetime.date | None]
_SEASONS = {"spring": 4, "summer": 7, "autumn": 10, "fall": 10, "winter": 1}


def _relative_unit(rel: str, unit: str, published: datetime.date, anchor: datetime.date) -> _Found:
    rel = " ".join(rel.lower().split())
    unit = unit.lower()
    base = anchor if rel in ("the previous", "the following") else published
    sign = {"last": -1, "the previous": -1, "the past": -1, "next": 1, "the following": 1, "the coming": 1}.get(rel, 0)
    if unit in _DAYS:
        back, ahead = _weekday(published, _DAYS[unit])
        if sign < 0:
            return (back if back != published else _days(published, -7)), "day", None
        if sign > 0:
            return (ahead if ahead != published else _days(published, 7)), "day", None
        return back, "day", ahead
    if unit == "day":
        return _days(base, sign), "day", None
    if unit in ("week", "weekend"):
        return (_days(published, 7 * sign), "month", None) if sign else (published, "published", None)
    if unit == "month":
        return _shift(base.replace(day=1), sign), "month", None
    if unit == "year":
        return _make(base.year + sign, 1, 1) if 1 <= base.year + sign <= 9999 else None, "year", None
    past, ahead = _unyeared(published, _SEASONS[unit], 1)
    if sign > 0:
        return ahead, "month", None
    if sign < 0 and past is not None and published.month - past.month in (0, 1, 2) and past.year == published.year:
        return _shift(past, -12), "month", None
    return past, "month", ahead if not sign else None


def _counted(count: str, unit: str, direction: str, published: datetime.date, anchor: datetime.date | None) -> _Found:
    word = " ".join(count.lower().split())
    number = int(word) if word.isdigit() else _NUMBERS[word]
    direction = " ".join(direction.lower().split())
    sign = 1 if direction in ("later", "after", "from now") else -1
    base = published if direction in ("ago", "from now") else anchor
    if base is None:
        return None, "published", None
    unit = unit.lower()
    if unit == "day":
        return _days(base, sign * number), "day", None
    if unit == "week":
        return _days(base, 7 * sign * number), "month", None
    months = {"month": 1, "year": 12, "decade": 120}[unit] * number * sign
    moved = _shift(base, months)
    if moved is None:
        return None, "published", None
    if unit == "month":
        return moved.replace(day=1), "month", None
    return moved.replace(month=1, day=1), "year", None


def _named_month(match: re.Match[str], published: datetime.date) -> _Found:
    month = _month(match["m4"])
    rel = " ".join(match["rel4"].lower().split())
    past, ahead = _unyeared(published, month, 1)
    if rel in ("last", "this past") and past is not None and past.month == published.month:
        past = _make(past.year - 1, month, 1)
    if rel in ("next", "this coming"):
        if ahead is None or (ahead.year, ahead.month) == (published.year, published.month):
            ahead = _make(published.year + 1, month, 1)
        return ahead, "month", None
    if rel == "this":
        return _make(published.year, month, 1), "month", None
    return past, "month", None if rel in ("last", "this past") else ahead


_WORDS = {
    "yesterday": -1, "today": 0, "tonight": 0, "tomorrow": 1,
    "the day before yesterday": -2, "the day after tomorrow": 2,
}  # fmt: skip


def _resolve(match: re.Match[str], published: datetime.date, anchor: datetime.date | None) -> _Found:
    if match["iso"]:
        try:
            return datetime.date.fromisoformat(match["iso"]), "day", None
        except ValueError:
            return None, "published", None
    for number in "12":
        if match["m" + number]:
            month, day, year = _month(match["m" + number]), int(match["d" + number]), match["y" + number]
            if year:
                return _make(int(year), month, day), "day", None
            past, ahead = _unyeared(published, month, day)
            return past, "day", ahead
    if match["m3"]:
        return _make(int(match["y3"]), _month(match["m3"]), 1), "month", None
    if match["m4"]:
        return _named_month(match, published)
    if match["rel5"]:
        return _relative_unit(match["rel5"], match["unit5"], published, anchor or published)
    if match["n6"]:
        return _counted(match["n6"], match["unit6"], match["dir6"], published, anchor)
    if match["word7"]:
        return _days(published, _WORDS[" ".join(match["word7"].lower().split())]), "day", None
    if match["day8"]:
        past, ahead = _weekday(published, _DAYS[match["day8"].lower()])
        return past, "day", ahead
    return _make(int(match["y9"]), 1, 1), "year", None


def _is_month(match: re.Match[str]) -> bool:
    """Whether a month's name is one: "may", "march" are words too unless written with a capital letter."""
    word = match["m1"] or match["m2"] or match["m3"] or match["m4"]
    return word is None or word.rstrip(".").lower() not in _AMBIGUOUS or word[0].isupper()


_SIGNS = (
    "day", "week", "month", "year", "decade", "20", "19", "18", "tonight", "tomorrow", "spring", "summer", "autumn",
    "fall", "winter", *sorted({name[:3] for name in _MONTHS if name}),
)  # fmt: skip
"""Every date that the pattern finds holds one of these; to look for them is twenty times as fast."""


def find_dates(text: str, published: datetime.date, anchor: datetime.date | None = None) -> list[DateMention]:
    """The dates that a text names, in order; "two years later" counts from the date before it, or from ``anchor``."""
    return _find(text, published, lambda: anchor)


class DocumentDates:
    """The dates of a document's sentences, read only where they are asked for."""

    def __init__(self, sentences: Sequence[str], published: datetime.date) -> None:
        self._sentences = sentences
        self._published = published
        self._read = 0
        self._last: datetime.date | None = None

    def of(self, number: int) -> list[DateMention]:
        """The dates of a sentence; "two years later" may count from the last date of the sentences before."""
        return _find(self._sentences[number], self._published, lambda: self._before(number))

    def _before(self, number: int) -> datetime.date | None:
        while self._read < number:
            dates = find_dates(self._sentences[self._read], self._published, self._last)
            self._last = dates[-1].date if dates else self._last
            self._read += 1
        return self._last


def _find(text: str, published: datetime.date, anchored: Callable[[], datetime.date | None]) -> list[DateMention]:
    if text.isascii():  # the pattern ignores case, which for other letters is more than to lower them
        lowered = text.lower()
        if not any(sign in lowered for sign in _SIGNS):
            return []
    found: list[DateMention] = []
    anchor: datetime.date | None = None
    for match in _PATTERN.finditer(text):
        if not _is_month(match):
            continue
        if anchor is None and (match["rel5"] or match["n6"]):
            anchor = anchored()
        date, precision, future = _resolve(match, published, anchor)
        if date is None:
            if future is None:
                continue
            date = future
        found.append(DateMention(match.start(), match.end(), date, precision, future))
        anchor = date
        if len(found) > 1 and (joined := _with_year(text, found[-2], found[-1])):
            found[-2:] = [joined]
            anchor = joined.date
    return found


_OF = re.compile(r",?\s+(?:of\s+)?", re.I)


def _with_year(text: str, day: DateMention, year: DateMention) -> DateMention | None:
    """ "August" and "last year" as one date where they stand together: "in August last year"."""
    if day.future is None or day.precision not in ("day", "month") or year.precision != "year":
        return None
    date = _make(year.date.year, day.date.month, day.date.day)
    if date is None or not _OF.fullmatch(text[day.end : year.start]):
        return None
    return DateMention(day.start, year.end, date, day.precision)


_BREAK = re.compile(r"[;:]|,\s|\b(?:after|before|since|because|while|although|when|which|who|and|but|that)\b", re.I)


def nearest_date(
    text: str, dates: Sequence[DateMention], start: int, end: int, *, ahead: bool
) -> tuple[datetime.date, DatePrecision] | None:
    """The date that stands nearest to the words [start, end); each clause boundary between counts as 40 characters."""
    best: tuple[float, DateMention] | None = None
    for mention in dates:
        low, high = (mention.end, start) if mention.end <= start else (end, mention.start)
        between = text[low:high] if low < high else ""
        distance = len(between) + 40.0 * len(_BREAK.findall(between))
        if best is None or distance < best[0]:
            best = (distance, mention)
    if best is None:
        return None
    mention = best[1]
    return (mention.future if ahead and mention.future else mention.date), mention.precision
