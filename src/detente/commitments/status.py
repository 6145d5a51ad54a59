"""How a provision and a commitment stand: level, status, silence, by the rules in docs/commitments.md."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from detente.commitments.followup import substantial
from detente.commitments.model import Coverage, FollowThrough, Provision, Silence, Standing

__all__ = ["SILENT_DAYS", "measure_silence", "overall", "stand"]

SILENT_DAYS = 548
"""No silence counts before a year and a half."""
CHANCE = 0.1
"""A silence is telling where so long a gap is less probable than this by chance."""
PRIOR_GAPS, PRIOR_DAYS = 2.0, 253.0
"""Prior of the gap model: with no gap seen, ``SILENT_DAYS`` has just the probability ``CHANCE``."""
GRACE = 183
"""Days after a due date before silence about it counts."""


@dataclass(frozen=True, slots=True)
class _State:
    level: int = 0
    status: Standing = "advancing"
    since: datetime.date | None = None
    steps: int = 0


def stand(provision: Provision, made: datetime.date) -> Provision:
    """The provision with level, status and since, from its follow-through in order of publication."""
    state = _State(since=made)
    for report in sorted(provision.follow_through, key=_order):
        state = _after(state, report)
    return replace(provision, level=state.level, status=state.status, since=state.since)


def _order(report: FollowThrough) -> tuple[datetime.date, str, int]:
    return report.date, report.evidence.document_id, report.evidence.sentence_no


def _after(state: _State, report: FollowThrough) -> _State:
    day, kind = report.date, report.kind
    if kind == "deny" or state.status == "superseded" or (report.tentative and kind in ("breach", "replace")):
        return state
    if kind == "replace":
        return replace(state, status="superseded", since=day)
    if kind == "breach":
        level = 2 if state.level == 2 else 0
        return replace(state, status="breached", since=day if state.status != "breached" else state.since, level=level)
    if kind == "fulfil":
        since = state.since if state.status == "fulfilled" else day
        return replace(state, status="fulfilled", level=3, since=since, steps=state.steps + 1)
    if kind == "advance":
        steps = state.steps + 1
        if state.status == "fulfilled":
            return replace(state, steps=steps)
        level = max(state.level, 2 if substantial(report.evidence.sentence) and steps > 1 else 1)
        since = day if state.status in ("breached", "stalled") else state.since
        return replace(state, status="advancing", level=level, since=since, steps=steps)
    if state.status in ("fulfilled", "breached", "stalled"):
        return state
    return replace(state, status="stalled", since=day)


def measure_silence(
    made: datetime.date,
    due: datetime.date | None,
    steps: Sequence[datetime.date],
    until: datetime.date,
    reported: Sequence[datetime.date],
) -> Silence:
    """The silence from the last step to ``until``; ``reported`` are the days on which a party was in the news.

    Gaps between steps are taken as exponential with a gamma prior on their rate, so that the chance of a gap longer
    than ``s`` days after ``n`` gaps of together ``g`` days is ((b + g) / (b + g + s)) ** (a + n).
    """
    days = sorted({made, *steps})
    last = days[-1]
    gaps = [(after - before).days for before, after in pairwise(days)]
    silent = max(0, (until - last).days)
    scale, shape = PRIOR_DAYS + sum(gaps), PRIOR_GAPS + len(gaps)
    probability = (scale / (scale + silent)) ** shape
    later = [day for day in reported if last < day <= until]
    half = last + datetime.timedelta(days=silent // 2)
    coverage = Coverage(
        before=sum(made <= day <= last for day in reported),
        during=len(later),
        last=max(later, default=max((day for day in reported if day <= until), default=None)),
        goes_on=any(day > half for day in later),
    )
    overdue = (until - due).days if due is not None else None
    long = silent >= SILENT_DAYS and probability <= CHANCE + 1e-9
    if overdue is not None:
        long = overdue >= GRACE and silent >= SILENT_DAYS
    return Silence(
        last=last,
        days=silent,
        expected=scale / (shape - 1),
        probability=probability,
        overdue=overdue,
        coverage=coverage,
        telling=long and coverage.goes_on,
    )


def overall(provisions: Sequence[Provision], made: datetime.date) -> tuple[Standing, datetime.date]:
    """Status of the whole from its provisions, and since when."""
    first = {
        status: min((p.since or made for p in provisions if p.status == status), default=made)
        for status in ("breached", "superseded", "fulfilled", "stalled", "advancing")
    }
    have = {p.status for p in provisions}
    if "breached" in have and not ("superseded" in have and first["superseded"] >= first["breached"]):
        return "breached", first["breached"]
    if "superseded" in have:
        return "superseded", first["superseded"]
    if have == {"fulfilled"}:
        return "fulfilled", max(p.since or made for p in provisions)
    if "advancing" in have:
        return "advancing", min(p.since or made for p in provisions if p.status == "advancing")
    if "stalled" in have:
        return "stalled", first["stalled"]
    return "advancing", made
