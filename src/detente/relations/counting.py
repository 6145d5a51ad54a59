"""What counts, and as what: the one place that says how an event enters a series.

A promise is no delivery and a denial is no deed (DESIGN: status). So events that somebody denies, and events that
the text says did *not* happen, enter no series; a material act that is only announced or conditional counts as
words; everything else counts as it is coded.
"""

from __future__ import annotations

from typing import Any

import ibis

__all__ = ["COUNTED", "DELIVERED", "PERIODS", "counted", "measures"]

DELIVERED = ("happened", "ongoing")
COUNTED = ("happened", "ongoing", "announced", "conditional")
# Unit names of Ibis's ``truncate``, by the name that users type.
PERIODS = {"day": "D", "week": "W", "month": "M", "quarter": "Q", "year": "Y"}


def counted(events: Any) -> Any:
    """Events that enter a series, with ``quad`` set to words where a deed is only promised.

    ``events`` is an Ibis table with at least the columns status and quad; the result has the same columns.
    """
    promised = ~events.status.isin(DELIVERED)
    quad = ibis.cases(
        (promised & (events.quad == 2), 1),
        (promised & (events.quad == 4), 3),
        else_=events.quad,
    )
    return events.filter(events.status.isin(COUNTED)).mutate(quad=quad.cast("int8"))


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
