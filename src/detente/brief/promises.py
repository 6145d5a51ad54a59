"""Commitments in a paragraph: what the two undertook together, and what became of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from detente.brief.likelihood import likelihood
from detente.brief.model import Line, Section
from detente.brief.notes import Cited, Notes
from detente.brief.phrases import capital, count, day_text, listing, state
from detente.commitments import Commitment, Evidence, Provision

__all__ = ["cite_evidence", "parties_text", "section", "summary"]

TOLD = 3  # commitments told one by one
SUBJECTS = 4  # subjects named of each status
_MADE = {
    "signed": "signed an undertaking on",
    "agreed": "agreed on",
    "announced": "announced",
    "offered": "offered",
    "considered": "said that they would consider",
    "threatened": "threatened",
}
_ORDER = ("fulfilled", "advancing", "stalled", "breached", "superseded")
_WORDS = {
    "fulfilled": "fulfilled",
    "advancing": "going forward or still open",
    "stalled": "stalled",
    "breached": "breached",
    "superseded": "replaced by something else",
}


def parties_text(parties: Sequence[str]) -> str:
    """Parties as they stand in a sentence; those that are no state by their name."""
    return listing([state(p) if len(p) == 3 and p.isupper() else p for p in parties])


def cite_evidence(evidence: Sequence[Evidence]) -> list[Cited]:
    """Sentences of a commitment, to be cited."""
    found = [Cited(e.document_id, e.sentence, e.published, max(e.sentence_no, 0)) for e in evidence]
    return sorted(dict.fromkeys(found), key=lambda c: (c.published, c.document_id, c.sentence_no or 0))


def _ranked(a: str, b: str, commitments: Sequence[Commitment]) -> list[Commitment]:
    """Those of the two alone first, then the weightier: more provisions, more evidence."""
    return sorted(
        commitments,
        key=lambda c: (set(c.parties) != {a, b}, -len(c.provisions), -len(c.evidence), c.made, c.commitment_id),
    )


def summary(commitments: Sequence[Commitment] | None, notes: Notes) -> list[Line]:
    """One line for the bottom line: how many, and how they stand."""
    if not commitments:
        return []
    standing: Counter[str] = Counter(c.status for c in commitments)
    told = listing([f"{standing[s]} {_WORDS[s]}" for s in _ORDER if standing[s]])
    worst = [c for c in commitments if c.status in ("stalled", "breached", "superseded")] or list(commitments)
    cited = cite_evidence([c.evidence[0] for c in worst[:TOLD] if c.evidence])
    if len(commitments) == 1:
        text = f"The one commitment that binds both is {_WORDS[commitments[0].status]}."
    else:
        text = f"Of {len(commitments)} commitments that bind both: {told}."
    return [notes.cite(cited, text)]


def section(a: str, b: str, commitments: Sequence[Commitment] | None, notes: Notes) -> Section:
    """The paragraph; empty where commitments were not looked for."""
    if commitments is None:
        return Section("Commitments", "paragraph", ())
    if not commitments:
        return Section("Commitments", "paragraph", (Line("No commitment that binds both is on record."),))
    ranked = _ranked(a, b, commitments)
    lines = [line for c in ranked[:TOLD] for line in _told(c, notes)]
    if len(ranked) > TOLD:
        rest = len(ranked) - TOLD
        cited = cite_evidence([c.evidence[0] for c in ranked[TOLD:] if c.evidence])
        verb = "is" if rest == 1 else "are"
        lines.append(notes.cite(cited, f"{count(rest, 'other commitment')} {verb} on record."))
    return Section("Commitments", "paragraph", tuple(lines))


def _told(c: Commitment, notes: Notes) -> list[Line]:
    subjects = [p.subject for p in c.provisions]
    named = listing([f"“{s}”" for s in subjects[:SUBJECTS]])
    more = f" (and {count(len(subjects) - SUBJECTS, 'further point')})" if len(subjects) > SUBJECTS else ""
    who = capital(parties_text(c.by or c.parties))
    toward = [p for p in c.to if p not in c.by]
    to = f" toward {parties_text(toward)}" if toward else ""
    lines = [
        notes.cite(
            cite_evidence(c.evidence[:TOLD]),
            f"On {day_text(c.made)} {who} {_MADE[c.firmness]} {named}{more}{to}.",
        )
    ]
    for status in _ORDER:
        mine = [p for p in c.provisions if p.status == status]
        # Open points without any report say no more than the line above.
        mine = [p for p in mine if p.follow_through] if status == "advancing" else mine
        if mine:
            words = listing([f"“{p.subject}”" for p in mine[:SUBJECTS]])
            lines.append(notes.cite(_latest(mine[:SUBJECTS]), f"{capital(_WORDS[status])}: {words}{_since(mine)}."))
    if c.silence is not None and c.silence.telling:
        lines.append(
            notes.cite(
                cite_evidence(c.evidence[-1:]),
                f"Nothing has been heard of it for {c.silence.days:,} days since {day_text(c.silence.last)}, while the "
                f"sources went on reporting; that so long a silence is chance is {likelihood(c.silence.probability)}.",
            )
        )
    return lines


def _since(provisions: Sequence[Provision]) -> str:
    days = [p.since for p in provisions if p.since is not None]
    return f" (last change {day_text(max(days))})" if days else ""


def _latest(provisions: Sequence[Provision]) -> list[Cited]:
    """The latest report on each provision, else the sentence that states it."""
    return cite_evidence([p.follow_through[-1].evidence if p.follow_through else p.evidence for p in provisions])
