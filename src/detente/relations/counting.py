"""What counts, and as what: the one place that says how an event enters a series.

A promise is no delivery and a denial is no deed (DESIGN: status). So events that somebody denies, and events that
the text says did *not* happen, enter no series; a material act that is only announced or conditional counts as
words; everything else counts as it is coded. ``expressions`` says the same to the engines.
"""

from __future__ import annotations

from detente.ontology import intensity
from detente.records import Event

__all__ = ["COUNTED", "DELIVERED", "KINDS", "PERIODS", "TONE_POWER", "UNIT", "promised_intensity"]

TONE_POWER = 0.75
DELIVERED = ("happened", "ongoing")
COUNTED = ("happened", "ongoing", "announced", "conditional")
# Unit names of Ibis's ``truncate``, by the name that users type.
PERIODS = {"day": "D", "week": "W", "month": "M", "quarter": "Q", "year": "Y"}
# Tones, weights and intensities are summed as whole thousandths: integer sums do not depend on the order in which an
# engine adds.
UNIT = 1000
# The kinds of evidence. Neutral is an act without intensity, such as a plain request, and cooperation that failed to
# come.
KINDS = ("material_conflict", "verbal_conflict", "neutral", "verbal_cooperation", "material_cooperation")


def promised_intensity(event: Event) -> float:
    """Intensity, bounded by that of a promise (AGREE) or a threat (THREATEN) where nothing has been done."""
    if event.status in DELIVERED:
        return event.intensity
    if event.quad <= 2:
        return min(event.intensity, intensity("AGREE"))
    return max(event.intensity, intensity("THREATEN"))
