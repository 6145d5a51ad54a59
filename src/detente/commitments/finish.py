"""From a commitment as linking keeps it to the record that a user gets, as of a day."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import replace

from detente.commitments.model import Commitment, Contradiction, Omission, Provision
from detente.commitments.state import Open
from detente.commitments.status import due_of, measure_silence, overall, stand
from detente.records import stable_id

__all__ = ["finish", "id_of", "standing"]


def id_of(opened: Open) -> str:
    """The id of a commitment: a hash of the parties, the day and the words first reported."""
    words = " ".join(opened.founding.deeds[0].clause.split())
    return stable_id(*sorted(opened.parties), opened.made.isoformat(), words)


def standing(opened: Open) -> list[Provision]:
    """The provisions with level and status by what is reported, silence left aside."""
    return [
        stand(
            Provision(
                subject=provision.deed.subject,
                words=provision.deed.clause,
                evidence=provision.deed.evidence,
                due=provision.due,
                condition=provision.condition,
                follow_through=tuple(provision.reports),
            ),
            opened.made,
        )
        for provision in opened.provisions
    ]


def finish(opened: Open, until: datetime.date, reported: Sequence[datetime.date]) -> Commitment:
    """The commitment as of ``until``; ``reported`` are the days, in order, with a document on one of its parties."""
    provisions = standing(opened)
    silence = measure_silence(opened.made, due_of(provisions), opened.steps, until, reported)
    if silence.telling:
        provisions = [
            replace(p, status="stalled", since=silence.last) if p.status == "advancing" else p for p in provisions
        ]
    status, since = overall(provisions, opened.made)
    by, parties = opened.by, opened.parties
    return Commitment(
        commitment_id=id_of(opened),
        parties=parties,
        by=by,
        to=tuple(p for p in parties if p not in by) or (by if len(by) > 1 else ()),
        made=opened.made,
        firmness=opened.firmness,
        provisions=tuple(provisions),
        evidence=tuple(sorted(opened.evidence.values(), key=lambda e: (e.published, e.document_id, e.sentence_no))),
        status=status,
        since=since,
        last_follow_through=max(opened.steps, default=None),
        silence=silence if status in ("advancing", "stalled") else None,
        contradictions=_contradictions(provisions),
        omissions=_omissions(opened),
    )


_CANNOT_BOTH_BE = tuple(
    map(
        frozenset,
        (
            ("fulfil", "absent"), ("fulfil", "breach"), ("fulfil", "deny"), ("advance", "deny"), ("breach", "deny"),
            ("absent", "deny"),
        ),
    )
)  # fmt: skip


def _contradictions(provisions: Sequence[Provision]) -> tuple[Contradiction, ...]:
    """Reports that cannot both be right: done and not done within a month, or one that denies what another says."""
    found = []
    for provision in provisions:
        reports = provision.follow_through
        for position, one in enumerate(reports):
            for other in reports[position + 1 :]:
                if (other.date - one.date).days > 31:
                    break
                if frozenset((one.kind, other.kind)) in _CANNOT_BOTH_BE:
                    found.append(Contradiction(subject=provision.subject, one=one, other=other))
    return tuple(found)


def _omissions(opened: Open) -> tuple[Omission, ...]:
    """Parties that the later documents on a matter no longer name, while another party still is named."""
    found = []
    for party in opened.parties:
        last = max((place[0] for place, around in opened.named if party in around), default=opened.made)
        silent = [
            place[1] for place, around in opened.named if place[0] > last and any(p in around for p in opened.parties)
        ]
        if len(silent) >= 2:
            found.append(Omission(party=party, last_named=last, since=tuple(silent)))
    return tuple(found)
