"""The records of this room: an actor, an office held, a mention in a text, what a span resolves to."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Literal, NamedTuple

ActorKind = Literal["country", "agency", "organisation", "armed group", "company", "people", "person"]

MentionKind = Literal[
    "country", "government", "agency", "organisation", "armed group", "company", "people", "person", "former", "role",
    "place", "modifier",
]  # fmt: skip
"""What a mention is.

``government``: a capital or seat that stands for its government; ``role``: described, not named (``Russian troops``);
``former``: a person out of office; ``place``: where something is; ``modifier``: an adjective or a state's name before a
word that is no actor (``Russian gas``).
"""


class Office(NamedTuple):
    """An office held from ``start`` to ``end`` (None: still held, or the end is not known), with its source."""

    country: str | None
    office: str
    sector: str
    start: datetime.date
    end: datetime.date | None
    source: str


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody or something that acts: ``country`` is ISO 3166-1 alpha-3 (KOS for Kosovo), None where it has none."""

    name: str
    kind: ActorKind
    country: str | None
    sector: str | None
    aliases: tuple[str, ...] = ()
    offices: tuple[Office, ...] = ()
    start: datetime.date | None = None
    end: datetime.date | None = None

    def office_at(self, when: datetime.date) -> Office | None:
        """The office held on that day, the highest first where there are several; None out of office."""
        for office in self.offices:
            if office.start <= when and (office.end is None or when <= office.end):
                return office
        return None


class Mention(NamedTuple):
    """A mention of an actor: ``text[start:end]`` with who is meant; in document order."""

    start: int
    end: int
    text: str
    actor: Actor | None
    name: str
    country: str | None
    sector: str | None
    kind: MentionKind
    role: str | None = None


class Resolved(NamedTuple):
    """Who a span of text means: canonical name (else its words), country, sector, kind of mention, office or role."""

    name: str
    country: str | None
    sector: str | None
    kind: MentionKind | None = None
    role: str | None = None
