"""What counts, and as what: the one place that says how an event enters a series.

A promise is no delivery and a denial is no deed (DESIGN: status). So events that somebody denies, and events that
the text says did *not* happen, enter no series; a material act that is only announced or conditional counts as
words; everything else counts as it is coded.
"""

from __future__ import annotations

import datetime
from typing import Any

import ibis

from detente.ontology import intensity
from detente.records import Event

__all__ = [
    "COUNTED",
    "DELIVERED",
    "PERIODS",
    "between_states",
    "counted",
    "day_known",
    "known_by",
    "measures",
    "month_number",
    "promised_intensity",
    "published",
    "telling",
    "tone",
    "trust",
]

TONE_POWER = 0.75
DELIVERED = ("happened", "ongoing")
COUNTED = ("happened", "ongoing", "announced", "conditional")
# Unit names of Ibis's ``truncate``, by the name that users type.
PERIODS = {"day": "D", "week": "W", "month": "M", "quarter": "Q", "year": "Y"}


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


def promised_intensity(event: Event) -> float:
    """The same for one event."""
    if event.status in DELIVERED:
        return event.intensity
    if event.quad <= 2:
        return min(event.intensity, intensity("AGREE"))
    return max(event.intensity, intensity("THREATEN"))


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


def known_by(events: Any, until: datetime.date | None) -> Any:
    """Events that a reader could know at the end of day ``until``: those published by then."""
    return events if until is None else events.filter(published(events) <= ibis.literal(until))


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


def measures(events: Any) -> dict[str, Any]:
    """The aggregates of a series, by column name: counts of events and of each kind, and mean intensity."""
    quad = events.quad
    return {
        "events": events.count(),
        "cooperation": (quad <= 2).sum().cast("int64"),
        "conflict": (quad >= 3).sum().cast("int64"),
        "verbal_cooperation": (quad == 1).sum().cast("int64"),
        "material_cooperation": (quad == 2).sum().cast("int64"),
        "verbal_conflict": (quad == 3).sum().cast("int64"),
        "material_conflict": (quad == 4).sum().cast("int64"),
        "intensity": events.intensity.mean().cast("float64"),
    }
