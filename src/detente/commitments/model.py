"""The records of this room: a commitment, its provisions, what became of them, and the silence since."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, get_args

from detente.records import to_json
from detente.showing import Shown

__all__ = [
    "FIRMNESS",
    "KINDS",
    "LEVELS",
    "STATUSES",
    "Commitment",
    "Contradiction",
    "Coverage",
    "Evidence",
    "Firmness",
    "FollowThrough",
    "Kind",
    "Omission",
    "Provision",
    "Silence",
    "Standing",
]

Firmness = Literal["signed", "agreed", "announced", "offered", "considered", "threatened"]
Standing = Literal["fulfilled", "advancing", "stalled", "breached", "superseded"]
Kind = Literal["advance", "fulfil", "breach", "replace", "deny", "absent"]
FIRMNESS: tuple[Firmness, ...] = get_args(Firmness)
STATUSES: tuple[Standing, ...] = get_args(Standing)
KINDS: tuple[Kind, ...] = get_args(Kind)
LEVELS: Mapping[int, str] = {
    0: "none: nothing done, or all of it undone again",
    1: "minimal: preparation, a first or token step",
    2: "intermediate: a substantial part carried out",
    3: "full: done",
}
"""The scale of implementation, after the Peace Accords Matrix."""


def _doc(text: str, **default: Any) -> Any:
    return field(metadata={"doc": text}, **default)


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """A sentence that states something, and where it stands."""

    document_id: str = _doc("document that it is of")
    sentence_no: int = _doc("number of the sentence in the document, from 0; -1 for the headline")
    sentence: str = _doc("the sentence, word for word")
    start: int | None = _doc("offset of the sentence in the document's text; null for a headline", default=None)
    end: int | None = _doc("offset after the sentence; null for a headline", default=None)
    published: datetime.date = _doc("day of publication")


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowThrough:
    """A report of a deed, or of the lack of it, about a provision."""

    kind: Kind = _doc("advance, fulfil, breach, replace, deny or absent")
    date: datetime.date = _doc("day of publication of the report")
    evidence: Evidence = _doc("the sentence that reports it")
    tentative: bool = _doc("reported as a possibility (could, may, would), not as done", default=False)
    scores: tuple[tuple[str, float], ...] = _doc(
        "how far parties, words and references match, and the probability of the kind as read"
    )
    event_ids: tuple[str, ...] = _doc("coded events of the same sentence", default=())

    @property
    def score(self) -> float:
        """The match as one figure: the probability with which the report tells this of the provision."""
        return dict(self.scores).get("read", 0.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Provision:
    """One separately checkable deed of a commitment."""

    subject: str = _doc("what it is about, in a few words")
    words: str = _doc("the words that state it, as in the document")
    evidence: Evidence = _doc("the sentence that states it")
    due: datetime.date | None = _doc("day by which it was to be done", default=None)
    condition: str | None = _doc("the words that make it depend on something else", default=None)
    level: int = _doc("how far it is carried out: 0 none, 1 minimal, 2 intermediate, 3 full", default=0)
    status: Standing = _doc("fulfilled, advancing, stalled, breached or superseded", default="advancing")
    since: datetime.date | None = _doc("day since which that has been so", default=None)
    follow_through: tuple[FollowThrough, ...] = _doc("reports on it, in order of publication", default=())


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """Whether the sources went on reporting on the parties while nothing was heard of the commitment."""

    before: int = _doc("documents that name a party, from the making to the last step")
    during: int = _doc("documents that name a party since then")
    last: datetime.date | None = _doc("latest document that names a party")
    goes_on: bool = _doc("whether they reported on a party in the later half of the silence: then silence speaks")


@dataclass(frozen=True, slots=True, kw_only=True)
class Silence:
    """How long nothing has been heard, measured against the expected tempo."""

    last: datetime.date = _doc("day of the last step, else of the making")
    days: int = _doc("days since then")
    expected: float = _doc("expected days between steps: mean of the gaps seen and the prior")
    probability: float = _doc("probability that so long a gap is chance")
    overdue: int | None = _doc("days since the due date, null where there is none", default=None)
    coverage: Coverage = _doc("whether the sources went on reporting on the parties")
    telling: bool = _doc("whether the silence counts as a standstill")


@dataclass(frozen=True, slots=True, kw_only=True)
class Contradiction:
    """Two reports that cannot both be right, side by side."""

    subject: str = _doc("provision that they are about")
    one: FollowThrough = _doc("the earlier report")
    other: FollowThrough = _doc("the later one")


@dataclass(frozen=True, slots=True, kw_only=True)
class Omission:
    """A party that was named along with the matter and no longer is, while the others go on speaking of it."""

    party: str = _doc("who is no longer named")
    last_named: datetime.date = _doc("last document on the matter that names it")
    since: tuple[str, ...] = _doc("later documents on the matter that do not")


@dataclass(frozen=True, slots=True, kw_only=True)
class Commitment(Shown):
    """An undertaking of named parties to do something definite, with what became of it."""

    commitment_id: str = _doc("stable hash of the parties, the day and the words first reported")
    parties: tuple[str, ...] = _doc("who is bound or addressed: country codes, else names")
    by: tuple[str, ...] = _doc("who commits")
    to: tuple[str, ...] = _doc("to whom; the same where it is mutual")
    made: datetime.date = _doc("day on which it was made, else of its first report")
    firmness: Firmness = _doc("firmest word reported: signed, agreed, announced, offered, considered, threatened")
    provisions: tuple[Provision, ...] = _doc("what is to be done")
    evidence: tuple[Evidence, ...] = _doc("sentences that state it")
    status: Standing = _doc("fulfilled, advancing, stalled, breached or superseded")
    since: datetime.date = _doc("day since which that has been so")
    last_follow_through: datetime.date | None = _doc("day of the last report of a step", default=None)
    silence: Silence | None = _doc("silence since the last step, where it is still open", default=None)
    contradictions: tuple[Contradiction, ...] = _doc("reports that contradict each other", default=())
    omissions: tuple[Omission, ...] = _doc("parties no longer named along with it", default=())
    corrected: tuple[str, ...] = _doc("what a user corrected: confirmed, merged, split or the fields", default=())

    @property
    def title(self) -> str:
        """Parties and subjects on one line."""
        return f"{'–'.join(self.parties)}: {', '.join(p.subject for p in self.provisions)}"

    @property
    def level(self) -> int:
        """The level overall: the mean of the provisions' levels, rounded down."""
        return sum(p.level for p in self.provisions) // len(self.provisions) if self.provisions else 0

    @property
    def conditions(self) -> tuple[str, ...]:
        """The conditions of all provisions, in order."""
        return tuple(p.condition for p in self.provisions if p.condition)

    def to_json(self) -> dict[str, Any]:
        """Plain JSON data; the overall level and the title come along."""
        return to_json(self) | {"title": self.title, "level": self.level}
