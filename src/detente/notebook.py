"""What results look like in a notebook: a chart where there is one, and a table; all text escaped, no script.

Charts are pictures inside the page (SVG as a data address), so that a notebook shows them offline, on any viewer.
"""

from __future__ import annotations

import base64
import dataclasses
import datetime
from collections.abc import Callable, Iterable, Sequence
from functools import singledispatch
from html import escape
from typing import Any

from detente import charts
from detente.brief import Brief, to_html
from detente.brief.phrases import event_phrase
from detente.charts.commitments import board_chart, commitment_chart
from detente.charts.leverage import shares_chart, tornado_chart
from detente.commitments import Commitment, Found
from detente.leverage import Component, Holder, Outcome, Range, Solution, Swing
from detente.records import Event
from detente.relations import GroupView, Relation, Shift, Sighting, Stance
from detente.showing import Events, Records

__all__ = ["html"]

ROWS = 20
"""Rows of a table that are shown; the rest is counted."""


@singledispatch
def html(result: Any) -> str:
    """HTML of a result; its ``repr`` where nothing better is known."""
    return f"<pre>{escape(repr(result))}</pre>"


def _chart(chart: Any, label: str) -> str:
    data = base64.b64encode(charts.to_svg(chart).encode()).decode()
    return f'<img alt="{escape(label)}" src="data:image/svg+xml;base64,{data}">'


def _text(value: Any) -> str:
    if value is None:
        return "–"
    if isinstance(value, float):
        return f"{value:,.3g}" if abs(value) < 1000 else f"{value:,.0f}"
    if isinstance(value, tuple | list):
        return ", ".join(map(_text, value))
    return str(value)


def _table(head: Sequence[str], rows: Iterable[Sequence[Any]], caption: str = "") -> str:
    shown: list[str] = []
    rest = 0
    for row in rows:
        if len(shown) < ROWS:
            shown.append("".join(f"<td>{escape(_text(cell))}</td>" for cell in row))
        else:
            rest += 1
    parts = [f"<caption>{escape(caption)}</caption>"] if caption else []
    parts.append("<thead><tr>" + "".join(f"<th>{escape(name)}</th>" for name in head) + "</tr></thead>")
    parts.append("<tbody>" + "".join(f"<tr>{row}</tr>" for row in shown) + "</tbody>")
    more = f"<p>{rest} more rows</p>" if rest else ""
    return f"<table>{''.join(parts)}</table>{more}"


def _fields(records: Sequence[Any], names: Sequence[str]) -> str:
    return _table(names, ([getattr(r, name) for name in names] for r in records))


def _title(text: str) -> str:
    return f"<h4>{escape(text)}</h4>"


def _event_rows(events: Iterable[Event]) -> Iterable[Sequence[Any]]:
    return ((e.date, event_phrase(e), e.status, e.confidence, e.sentence) for e in events)


_EVENT_HEAD = ("date", "event", "status", "confidence", "sentence")


@html.register
def _events(result: Events) -> str:
    return _table(_EVENT_HEAD, _event_rows(result), f"{len(result)} events")


@html.register
def _relation(result: Relation) -> str:
    title = f"{result.a}–{result.b}"
    drawn = _chart(charts.dyad_chart(result, "", marks=[s.date.isoformat() for s in result.shifts]), title)
    series = _table(
        ("start", "events", "cooperation", "conflict", "balance", "low", "high"),
        ([p.start, p.events, p.cooperation, p.conflict, p.level, p.low, p.high] for p in result.both if p.events),
        "periods with events, both ways",
    )
    latest = _table(_EVENT_HEAD, _event_rows(result.events), "latest events") if result.events else ""
    return _title(title) + (drawn if series else "") + series + latest


@html.register
def _stance(result: Stance) -> str:
    rows = []
    for point in result.series:
        levels = [x for level in (point.words, point.deeds) for x in ((level.level, level.n) if level else (None, 0))]
        if point.words or point.deeds:
            rows.append([point.start, *levels, point.part])
    head = ("start", "words", "documents", "deeds", "documents", "apart")
    title = f"{result.a}→{result.b}"
    return _title(title) + _chart(charts.stance_chart(result, ""), title) + _table(head, rows)


@html.register
def _group(result: GroupView) -> str:
    title = f"{', '.join(result.members)}: tone from {result.since} to {result.until}, and its change"
    rows = ([p.a, p.b, p.now.tone, p.now.low, p.now.high, p.change, p.warmer] for p in result.pairs)
    head = ("a", "b", "tone", "low", "high", "change", "probability of warmer")
    return _title(title) + _chart(charts.group_chart(result, ""), title) + _table(head, rows)


@html.register
def _found(result: Found) -> str:
    totals = ", ".join(f"{n} {status}" for status, n in result.totals.items())
    names = ("title", "made", "status", "since", "last_follow_through", "level")
    drawn = _chart(board_chart(result.commitments), "commitments by status") if result.commitments else ""
    return _title(f"{result.total} commitments: {totals}") + drawn + _fields(result.commitments, names)


@html.register
def _commitment(result: Commitment) -> str:
    names = ("subject", "status", "since", "level", "due", "condition", "words")
    return _title(result.title) + _chart(commitment_chart(result), result.title) + _fields(result.provisions, names)


@html.register
def _solution(result: Solution) -> str:
    unit = f" ({result.money} a year)" if result.money else ""
    known = ("name", "shapley", "percent", "error", "nucleolus", "banzhaf", "alone", "adds", "core_low", "core_high")
    names = tuple(n for n in known if any(getattr(s, n) is not None for s in result.shares))
    notes = "".join(f"<p>{escape(note)}</p>" for note in result.notes)
    return _title(f"{result.title}: {_text(result.total)}{unit}") + _fields(result.shares, names) + notes


@html.register
def _brief(result: Brief) -> str:
    page = escape(to_html(result), quote=True)
    return f'<iframe title="{escape(result.title)}" sandbox srcdoc="{page}" width="100%" height="900"></iframe>'


def _shifts(records: Sequence[Shift]) -> str:
    names = ("a", "b", "date", "direction", "before", "after", "size", "probability", "attention", "unnoticed")
    return _chart(charts.shifts_chart(records, ""), "shifts") + _fields(records, names)


def _sightings(records: Sequence[Sighting]) -> str:
    head = ("known", "days after", "a", "b", "date", "direction", "before", "after", "probability", "now")
    told = ("a", "b", "date", "direction", "before", "after", "probability")
    rows = ([s.known, s.delay, *(getattr(s.shift, name) for name in told), s.probability_now] for s in records)
    return _table(head, rows, "shifts in the order in which they could be known")


def _outcomes(records: Sequence[Outcome]) -> str:
    names = ("variant", "player", "before", "after", "change", "percent_before", "percent_after", "built")
    return _chart(shares_chart(records, ""), "shares before and after") + _fields(records, names)


def _swings(records: Sequence[Swing]) -> str:
    drawn = "".join(
        _chart(tornado_chart(records, player), f"what {player}'s share hangs on")
        for player in dict.fromkeys(s.player for s in records if s.size)
    )
    return drawn + _fields(records, ("player", "number", "low", "high", "at_low", "at_high", "source"))


def _ranges(records: Sequence[Range]) -> str:
    return _fields(records, ("player", "p5", "p50", "p95", "percent_p5", "percent_p95", "draws"))


def _components(records: Sequence[Component]) -> str:
    return _fields(
        records, ("component", "actor", "recipient", "subject", "year", "value", "unit", "sentence", "source")
    )


def _holders(records: Sequence[Holder]) -> str:
    return _fields(records, ("partner", "lever", "share", "bandwidth", "unknown"))


_OF_KIND: dict[type, Callable[[Sequence[Any]], str]] = {
    Shift: _shifts,
    Sighting: _sightings,
    Outcome: _outcomes,
    Swing: _swings,
    Range: _ranges,
    Component: _components,
    Holder: _holders,
}


@html.register
def _records(result: Records) -> str:  # type: ignore[type-arg]
    if not result:
        return "<p>nothing</p>"
    kind = type(result[0])
    if kind in _OF_KIND:
        return _OF_KIND[kind](result)
    names = [f.name for f in dataclasses.fields(kind)]
    plain = (str, int, float, bool, datetime.date, type(None))
    return _fields(result, [n for n in names if all(isinstance(getattr(r, n), plain) for r in result)])
