"""The analyses' part that an engine does, as Ibis expressions: what counts, units of evidence, reports.

Loaded only where an expression is built: a ledger's questions are compiled once (``queries``).
"""

from __future__ import annotations

import datetime
from typing import Any

import ibis

from detente.ontology import intensity
from detente.relations.counting import COUNTED, DELIVERED, KINDS, TONE_POWER, UNIT

__all__ = [
    "between_states",
    "counted",
    "day_known",
    "in_unit_keys",
    "known_by",
    "month_number",
    "monthly_cells",
    "monthly_reports",
    "published",
    "reports",
    "telling",
    "tone",
    "trust",
]

# The data set of events that were read from texts.
READ = "reading"
NEUTRAL = 0.5


def counted(events: Any) -> Any:
    """Events that enter a series; where a deed is only promised, with ``quad`` and ``intensity`` those of the promise.

    ``events`` is an Ibis table with at least the columns status, quad and intensity; the result has the same columns.
    """
    promised = ~events.status.isin(DELIVERED)
    quad = ibis.cases(
        (promised & (events.quad == 2), 1),
        (promised & (events.quad == 4), 3),
        else_=events.quad,
    )
    kept = events.filter(events.status.isin(COUNTED))
    return kept.mutate(quad=quad.cast("int8"), intensity=_as_promised(events))


def _as_promised(events: Any) -> Any:
    """Intensity, bounded by that of a promise (AGREE) or a threat (THREATEN) where nothing has been done.

    What failed to come is neither friendly nor hostile: 0.
    """
    promised = ~events.status.isin(DELIVERED)
    return ibis.cases(
        (events.status == "absent", 0.0),
        (promised & (events.quad <= 2), ibis.least(events.intensity, intensity("AGREE"))),
        (promised & (events.quad >= 3), ibis.greatest(events.intensity, intensity("THREATEN"))),
        else_=events.intensity,
    ).cast("float64")


def between_states(events: Any) -> Any:
    """Events of one state toward another, with the unordered dyad as ``a`` and ``b`` (``a`` < ``b``)."""
    chosen = events.filter(
        events.actor_country.notnull()
        & events.recipient_country.notnull()
        & (events.actor_country != events.recipient_country)
    )
    return chosen.mutate(
        a=ibis.least(chosen.actor_country, chosen.recipient_country),
        b=ibis.greatest(chosen.actor_country, chosen.recipient_country),
    )


def day_known(events: Any) -> Any:
    """The day on which an event enters an analysis over time: its own, or that of the report if it lies ahead."""
    return ibis.least(events.date, published(events))


def month_number(day: Any) -> Any:
    """Months since year 0 of an Ibis date."""
    return day.year().cast("int64") * 12 + day.month().cast("int64") - 1


def published(events: Any) -> Any:
    """Day of the report; for records that have none, the event's own."""
    return ibis.coalesce(events.published, events.date)


def trust(events: Any) -> Any:
    """Confidence of the coding times reliability of the record, 0 to 1."""
    confidence, reliability = (ibis.coalesce(events[x].cast("float64"), 1.0) for x in ("confidence", "reliability"))
    return confidence * reliability


def known_by(events: Any, until: datetime.date) -> Any:
    """Events that a reader could know at the end of day ``until``: those published by then."""
    return events.filter(published(events) <= ibis.literal(until))


def telling(events: Any) -> Any:
    """Events that tell how a relation stands: the counted ones, and cooperation of which it is said that it failed
    to come (no progress, no meeting), as known on the day of the report.
    """
    missing = (events.status == "absent") & (events.quad <= 2)
    return events.filter(events.status.isin(COUNTED) | missing).mutate(
        date=ibis.ifelse(missing, published(events), events.date)
    )


def tone(events: Any) -> Any:
    """How friendly an event is, as an Ibis number from -1 to +1: its intensity / 10 to the power 0.75, with its sign.

    The power keeps words audible beside deeds: an accusation (-3) is -0.41 and an assault (-9) -0.92. It was chosen
    from 0.5, 0.75 and 1 on made series (docs/shifts.md): 0.5 hides words that become blows, 1 hides words that cool.
    Cooperation that failed to come is 0, neither friendly nor hostile. A deed that is only promised has the intensity
    of the promise, that is of AGREE or THREATEN.
    """
    value = _as_promised(events)
    return value.sign() * (ibis.least(value.abs(), 10.0) / 10.0) ** TONE_POWER


def in_unit_keys(events: Any) -> Any:
    """Telling events between states, no repeats, with a, b, day, month, unit, tone and trust (in thousandths)."""
    columns = set(events.columns)
    if "repeat_of" in columns:
        events = events.filter(events.repeat_of.isnull())
    unit = ibis.coalesce(events.story_id, events.document_id) if "story_id" in columns else events.document_id
    events = events.mutate(unit=unit, tone=(tone(events) * UNIT).round().cast("int64"))
    events = between_states(telling(events)).mutate(day=day_known)
    return events.mutate(month=month_number(events.day), trust=(trust(events) * UNIT).round().cast("int64"))


def monthly_cells(events: Any) -> Any:
    """An Ibis table of evidence: a row a dyad and month, with sums of weight and tone in whole numbers."""
    keyed = in_unit_keys(events)
    told = keyed.mutate(
        kind=ibis.cases(
            ((keyed.status == "absent") | (keyed.intensity.abs() < NEUTRAL), "neutral"),
            ((keyed.quad >= 4) & keyed.status.isin(DELIVERED), "material_conflict"),
            (keyed.quad >= 3, "verbal_conflict"),
            ((keyed.quad == 2) & keyed.status.isin(DELIVERED), "material_cooperation"),
            else_="verbal_cooperation",
        )
    )
    units = told.group_by("a", "b", "month", "unit").aggregate(
        tone=told.tone.mean().round().cast("int64"),
        weight=told.trust.mean().round().cast("int64"),
        day=told.day.min(),
        **{kind: (UNIT * (told.kind == kind).cast("int64").mean()).round().cast("int64") for kind in KINDS},
    )
    return units.group_by("a", "b", "month").aggregate(
        units=units.count(),
        n=units.weight.sum().cast("int64"),
        s=(units.weight * units.tone).sum().cast("int64"),
        ss=(units.weight * units.tone * units.tone).sum().cast("int64"),
        day=units.day.min(),
        **{kind: (units.weight * units[kind]).sum().cast("int64") for kind in KINDS},
    )


def reports(events: Any, documents: Any | None) -> Any:
    """A row a document, dyad and month of publication: its volume, source and number of events between the two."""
    columns = set(events.columns)
    articles = ibis.literal(1)
    for name in ("num_mentions", "num_articles"):
        if name in columns:
            articles = ibis.coalesce(events[name], articles)
    report = ibis.coalesce(events.story_id, events.document_id) if "story_id" in columns else events.document_id
    events = events.mutate(
        report=report,
        articles=ibis.greatest(articles.cast("int64"), 1),
        month=month_number(published(events)),
        read=events.dataset == READ,
    )
    dyadic = between_states(events)
    between = dyadic.group_by("a", "b", "month", "report").aggregate(
        articles=dyadic.articles.max(), mentions=dyadic.count(), source=dyadic.source.min()
    )
    # A text that we read is about both states when both take part in what it tells, be it not with each other.
    told = events.filter(events.read)
    states = ibis.union(
        told.select("report", "month", "source", state=told.actor_country),
        told.select("report", "month", "source", state=told.recipient_country),
    )
    states = states.filter(states.state.notnull()).distinct()
    other = states.view()
    pairs = states.join(other, [states.report == other.report, states.month == other.month, states.state < other.state])
    pairs = pairs.select(
        a=states.state,
        b=other.state,
        month=states.month,
        report=states.report,
        articles=ibis.literal(1, "int64"),
        mentions=ibis.literal(0, "int64"),
        source=states.source,
    )
    both = ibis.union(between, pairs)
    found = both.group_by("a", "b", "month", "report").aggregate(
        articles=both.articles.max(), mentions=both.mentions.max(), source=both.source.min()
    )
    if documents is None:
        return found.mutate(volume=found.articles)
    copied = documents.filter(documents.copy_of.notnull())
    copies = copied.group_by(report=copied.copy_of).aggregate(copies=copied.count())
    joined = found.left_join(copies, "report")
    volume = joined.articles + joined.copies.fill_null(0)
    return joined.select("a", "b", "month", "report", "articles", "mentions", "source", volume=volume)


def monthly_reports(events: Any, documents: Any | None = None) -> Any:
    """An Ibis table of attention: a row a dyad and month with its ``volume``.

    ``documents`` is the table of documents with ``copy_of`` where the events were read from texts.
    """
    found = reports(events, documents)
    return found.group_by("a", "b", "month").aggregate(volume=found.volume.sum().cast("int64"))
