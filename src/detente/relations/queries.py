"""The questions that analyses put to an engine, each an Ibis expression over the tables and a few values.

A question is written once. Spark and tables that are not a ledger's get the expression itself; for a ledger its SQL
for DuckDB is compiled ahead (``compiled``), because building and compiling takes an engine longer than answering.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import SimpleNamespace
from typing import Any

import ibis

from detente.relations.counting import COUNTED, DELIVERED, PERIODS, UNIT
from detente.relations.expressions import (
    between_states,
    counted,
    day_known,
    in_unit_keys,
    known_by,
    month_number,
    monthly_cells,
    monthly_reports,
    published,
    reports,
    telling,
    tone,
    trust,
)

__all__ = ["QUERIES"]

# The most events that are shown of one shift.
EVIDENCE = 8


def _known(t: Any, p: SimpleNamespace) -> Any:
    """Events published by ``until`` that are at least so reliable."""
    events = known_by(t.events, p.until)
    if "reliability" not in events.columns:
        return events
    return events.filter(ibis.coalesce(events.reliability, 1.0) >= p.least)


def _between(events: Any, members: Any) -> Any:
    """Events of one of the states toward another of them."""
    return events.filter(
        events.actor_country.isin(members)
        & events.recipient_country.isin(members)
        & (events.actor_country != events.recipient_country)
    )


def _dated(events: Any, p: SimpleNamespace) -> Any:
    return events.filter(events.date >= ibis.literal(p.since), events.date <= ibis.literal(p.until))


def _totals(events: Any) -> dict[str, Any]:
    """How many events, by quad class too, and the sum of their intensities."""
    quad = events.quad
    return {
        "events": events.count(),
        "verbal_cooperation": (quad <= 1).sum().cast("int64"),
        "material_cooperation": (quad == 2).sum().cast("int64"),
        "verbal_conflict": (quad == 3).sum().cast("int64"),
        "material_conflict": (quad == 4).sum().cast("int64"),
        "intensity": (events.intensity * UNIT).round().cast("int64").sum().cast("int64"),
    }


def _days(t: Any, p: SimpleNamespace) -> Any:
    """A row a day and actor: counts of what counts, and the sum of intensities."""
    events = counted(_between(_dated(_known(t, p), p), p.members))
    return events.group_by("date", "actor_country").aggregate(
        **_totals(events),
    )


def _latest(t: Any, p: SimpleNamespace) -> Any:
    """Events of any status, the latest first."""
    events = _between(_dated(_known(t, p), p), p.members)
    return events.order_by([events.date.desc(), events.document_id, events.sentence_no, events.event_id]).limit(p.limit)


def _document(events: Any) -> Any:
    """Tells documents of all data sets apart."""
    return events.dataset + ":" + events.document_id if "dataset" in events.columns else events.document_id


def _documents_by(period: str) -> Callable[[Any, SimpleNamespace], Any]:
    def build(t: Any, p: SimpleNamespace) -> Any:
        """Documents by period: on the dyad, on each of its two sides with anybody."""
        events = _dated(_known(t, p), p)
        has_a, has_b = (
            ((events.actor_country == x) | (events.recipient_country == x)).fill_null(False) for x in (p.a, p.b)
        )
        events = events.mutate(
            has_a=has_a,
            has_b=has_b,
            start=events.date.truncate(PERIODS[period]).cast("date"),
            document=_document(events),
        )
        events = events.filter(events.has_a | events.has_b)
        together = events.has_a & events.has_b & (events.actor_country != events.recipient_country)
        return events.group_by("start").aggregate(
            documents=events.document.nunique(where=together),
            of_a=events.document.nunique(where=events.has_a),
            of_b=events.document.nunique(where=events.has_b),
        )

    return build


def _world(t: Any, p: SimpleNamespace) -> Any:
    """Tone of all events between states, summed by month."""
    events = between_states(counted(_known(t, p)))
    events = events.mutate(month=month_number(day_known(events)), tone=(tone(events) * UNIT).round().cast("int64"))
    return events.group_by("month").aggregate(events=events.count(), tone=events.tone.sum().cast("int64"))


def _world_days(t: Any, p: SimpleNamespace) -> Any:
    """The same by day of publication too."""
    events = between_states(counted(_known(t, p)))
    events = events.mutate(
        published=published(events),
        month=month_number(day_known(events)),
        tone=(tone(events) * UNIT).round().cast("int64"),
    )
    return events.group_by("published", "month").aggregate(events=events.count(), tone=events.tone.sum().cast("int64"))


def _cells(t: Any, p: SimpleNamespace) -> Any:
    """Evidence on every dyad by month."""
    return monthly_cells(_known(t, p)).order_by("a", "b", "month")


def _cells_of(t: Any, p: SimpleNamespace) -> Any:
    """The same for the dyads among some states."""
    return monthly_cells(_between(_known(t, p), p.members)).order_by("a", "b", "month")


def _volume(t: Any, p: SimpleNamespace) -> Any:
    """Reports on every dyad by month of publication."""
    return monthly_reports(_known(t, p), t.documents).order_by("a", "b", "month")


def _carried(events: Any, t: Any) -> Any:
    """Events that carry the shifts in ``spans``: of the new regime, those furthest from the old level."""
    joined = in_unit_keys(events).inner_join(t.spans, ["a", "b"])
    joined = joined.filter((joined.day >= joined.from_day) & (joined.month <= joined.to_month))
    joined = joined.mutate(pull=(joined.tone - joined.level) * joined.sign * joined.trust)
    joined = joined.filter(joined.pull > 0)
    order = ibis.window(group_by=joined.no, order_by=[joined.pull.desc(), joined.day, joined.event_id])
    rows = joined.mutate(place=ibis.row_number().over(order)).filter(lambda x: x.place < EVIDENCE)
    return rows.select("no", "day", "event_id")


def _tones(events: Any) -> Any:
    """Mean tone by month of what states did to each other."""
    told = telling(events)
    told = told.mutate(month=month_number(day_known(told)), tone=(tone(told) * UNIT).round().cast("int64"))
    return told.group_by("actor_country", "recipient_country", "month").aggregate(tone=told.tone.mean())


def _last(t: Any, p: SimpleNamespace) -> Any:
    """Day of the last report on any two of some states."""
    events = _between(_known(t, p), p.members)
    return events.aggregate(last=published(events).max())


def _toward(t: Any, p: SimpleNamespace) -> Any:
    """What ``a`` said and did toward ``b``, event by event."""
    events = _known(t, p)
    events = events.filter(
        (events.actor_country == p.a) & (events.recipient_country == p.b) & events.status.isin(COUNTED)
    )
    if "repeat_of" in events.columns:
        events = events.filter(events.repeat_of.isnull())
    return events.select(
        "date",
        "sentence",
        "event_id",
        "document_id",
        value=(tone(events) * UNIT).round().cast("int64"),
        weight=(trust(events) * UNIT).round().cast("int64"),
        deed=events.quad.isin([2, 4]) & events.status.isin(DELIVERED),
    )


def _sides(t: Any, p: SimpleNamespace) -> Any:
    """What each state said and did toward each other, summed by month: counts as in ``days``, weights and tones.

    Of words and deeds the number, and the sums of weight, of weight x tone and of weight x tone squared, repeats left
    out: an event is taken for a document of its own, as imported ones are.
    """
    events = counted(between_states(_known(t, p)))
    once = events.repeat_of.isnull()
    deed = events.quad.isin([2, 4]) & events.status.isin(DELIVERED)
    weight = (trust(events) * UNIT).round().cast("int64")
    toned = weight * (tone(events) * UNIT).round().cast("int64")
    squared = toned * (tone(events) * UNIT).round().cast("int64")
    sums = {
        f"{kind}_{name}": value.sum(where=once & chosen).cast("int64")
        for kind, chosen in (("words", ~deed), ("deeds", deed))
        for name, value in (("n", weight), ("s", toned), ("ss", squared))
    }
    return events.group_by("actor_country", "recipient_country", month=month_number(events.date)).aggregate(
        **_totals(events),
        words=events.count(where=once & ~deed),
        deeds=events.count(where=once & deed),
        **sums,
    )


def _said(t: Any, p: SimpleNamespace) -> Any:
    """Statements of ``a`` that name ``b``."""
    said = t.statements.filter(
        (t.statements.speaker_country == p.a) & t.statements.recipients.contains(ibis.literal(f'"{p.b}"'))
    )
    return said.filter(said.published <= ibis.literal(p.until))


def _told_of(t: Any, p: SimpleNamespace) -> Any:
    """A row a report, dyad and month, from ``since`` to ``until``."""
    events = _known(t, p)
    return reports(events.filter(published(events) >= ibis.literal(p.since)), t.documents)


def _attention(t: Any, p: SimpleNamespace) -> Any:
    """Reports on every dyad in a span: volume, documents, sources, mentions."""
    found = _told_of(t, p)
    return found.group_by("a", "b").aggregate(
        volume=found.volume.sum().cast("int64"),
        documents=found.report.nunique(),
        sources=found.source.nunique(),
        mentions=found.mentions.sum().cast("int64"),
    )


def _span(t: Any, p: SimpleNamespace) -> Any:
    """First and last day of reports."""
    events = _known(t, p)
    return events.aggregate(first=published(events).min(), last=published(events).max())


QUERIES: Mapping[str, Callable[[Any, SimpleNamespace], Any]] = {
    "days": _days,
    "latest": _latest,
    **{f"documents_by_{period}": _documents_by(period) for period in PERIODS},
    "world": _world,
    "world_days": _world_days,
    "cells": _cells,
    "cells_of": _cells_of,
    "volume": _volume,
    "carriers": lambda t, p: _carried(_known(t, p), t),
    "carriers_of": lambda t, p: _carried(_between(_known(t, p), p.members), t),
    "tones": lambda t, p: _tones(_between(_known(t, p), p.members)),
    "tones_of_all": lambda t, p: _tones(between_states(_known(t, p))),
    "last": _last,
    "toward": _toward,
    "sides": _sides,
    "said": _said,
    "attention": _attention,
    "span": _span,
}
"""By name: what builds the expression from tables (events, documents, statements, spans) and values (see ``VALUES``
of ``engine``)."""
