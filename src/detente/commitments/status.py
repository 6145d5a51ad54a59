"""How a provision and a commitment stand: level, status, silence, by the rules in docs/commitments.md."""

from __future__ import annotations

import datetime
import math
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from detente.commitments.followup import substantial
from detente.commitments.model import Coverage, FollowThrough, Provision, Silence, Standing

__all__ = ["SILENT_DAYS", "Tempo", "due_of", "level_of", "measure_silence", "overall", "stand"]

SILENT_DAYS = 548
"""No silence counts before a year and a half."""
CHANCE = 0.1
"""A silence is telling where so long a gap is less probable than this by chance."""
PRIOR_GAPS, PRIOR_DAYS = 2.0, 253.0
"""Prior of the gap model: with no gap seen, ``SILENT_DAYS`` has just the probability ``CHANCE``."""
GRACE = 183
"""Days after a due date before silence about it counts."""
SURE = 0.6
"""Least probability with which the reader tells a step for it to take up again what was broken or stood still."""
PRINCIPAL = 0.75
"""Reports on a principal provision, as a part of those on the one of which most is reported; 0.67 to 1 gave the same
status on the development gold, 0.5 and 0.34 less."""
ENOUGH = 3
"""Reports that make a provision a principal one, however much is said of others."""


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
        if state.status == "fulfilled" or (state.status in ("breached", "stalled") and not _on_it(report)):
            return replace(state, steps=steps)
        level = max(state.level, 2 if substantial(report.evidence.sentence) and steps > 1 else 1)
        since = day if state.status in ("breached", "stalled") else state.since
        return replace(state, status="advancing", level=level, since=since, steps=steps)
    if state.status in ("fulfilled", "breached", "stalled"):
        return state
    return replace(state, status="stalled", since=day)


def _on_it(report: FollowThrough) -> bool:
    """Whether a report is on the provision and no other part of the accord: by shared words or as the reader has it."""
    scores = dict(report.scores)
    return scores.get("provision", 0.0) > 0.0 or scores.get("read", 0.0) >= SURE


def due_of(provisions: Sequence[Provision]) -> datetime.date | None:
    """The last due date of what is still to be done."""
    return max((p.due for p in provisions if p.due and p.status == "advancing"), default=None)


@dataclass(frozen=True, slots=True)
class Tempo:
    """The steps seen, and what gap may be expected after them.

    Gaps between steps are taken as exponential with a gamma prior on their rate, so that the chance of a gap longer
    than ``s`` days after ``n`` gaps of together ``g`` days is ((b + g) / (b + g + s)) ** (a + n).
    """

    last: datetime.date
    scale: float
    shape: float

    @staticmethod
    def of(made: datetime.date, steps: Iterable[datetime.date]) -> Tempo:
        """The tempo of a commitment made and advanced on these days."""
        days = {made, *steps}
        return Tempo(max(days), PRIOR_DAYS + (max(days) - min(days)).days, PRIOR_GAPS + len(days) - 1)

    def chance(self, days: int) -> float:
        """Probability of a gap longer than so many days."""
        return float((self.scale / (self.scale + days)) ** self.shape)

    def telling_from(self, due: datetime.date | None) -> datetime.date:
        """First day on which silence counts, as long as the sources go on; the last of all days where it never does."""
        long = max(SILENT_DAYS, math.ceil(self.scale * (CHANCE ** (-1 / self.shape) - 1) - 1e-6))
        try:
            if due is None:
                return self.last + datetime.timedelta(days=long)
            days = datetime.timedelta(days=SILENT_DAYS)
            return max(self.last + days, due + datetime.timedelta(days=GRACE))
        except OverflowError:
            return datetime.date.max


def measure_silence(
    made: datetime.date,
    due: datetime.date | None,
    steps: Iterable[datetime.date],
    until: datetime.date,
    reported: Sequence[datetime.date],
) -> Silence:
    """The silence from the last step to ``until``; ``reported`` are the days, in order, with news of a party."""
    tempo = Tempo.of(made, steps)
    last = tempo.last
    silent = max(0, (until - last).days)
    heard = bisect_right(reported, until)
    after_last = bisect_right(reported, last)
    half = last + datetime.timedelta(days=silent // 2)
    coverage = Coverage(
        before=max(0, after_last - bisect_left(reported, made)),
        during=max(0, heard - after_last),
        last=reported[heard - 1] if heard else None,
        goes_on=heard > bisect_right(reported, half),
    )
    return Silence(
        last=last,
        days=silent,
        expected=tempo.scale / (tempo.shape - 1),
        probability=tempo.chance(silent),
        overdue=(until - due).days if due is not None else None,
        coverage=coverage,
        telling=until >= tempo.telling_from(due) and coverage.goes_on,
    )


def overall(provisions: Sequence[Provision], made: datetime.date) -> tuple[Standing, datetime.date]:
    """Status of the whole from its provisions, and since when.

    The principal provisions decide: the one stated first, and those on which about as many documents report as on any.
    What is said of another in passing does not hold up the whole.
    """
    reports = [len({report.evidence.document_id for report in p.follow_through}) for p in provisions]
    least = min(ENOUGH, PRINCIPAL * max(reports, default=0))
    provisions = [p for n, p in enumerate(provisions) if reports[n] >= (least if n else min(1, least))]
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


def level_of(provisions: Sequence[Provision]) -> int:
    """The level of the whole: the mean of the provisions' levels, rounded down."""
    return sum(p.level for p in provisions) // len(provisions) if provisions else 0
