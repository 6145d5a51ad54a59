"""A commitment as linking keeps it: what founded it, and a log of what each later document did to it.

The log is what is stored. Whatever stood on a day is had again by putting the entries up to that day on once more, so
a document that arrives late is put in its place without reading the others anew.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from detente.commitments.model import FIRMNESS, Evidence, Firmness, FollowThrough
from detente.commitments.words import Words

__all__ = ["Deed", "Entry", "Founding", "Open", "Place", "decode", "encode"]

Place = tuple[datetime.date, str]
"""Day of publication and id: the order in which documents are taken."""


@dataclass(frozen=True, slots=True)
class Deed:
    """A provision as a document states it, or (strength 0) a matter that was only discussed."""

    subject: str
    clause: str
    verb: str
    by: tuple[str, ...]
    words: Words
    evidence: Evidence
    firmness: Firmness
    strength: int
    due: datetime.date | None = None
    condition: str | None = None


@dataclass(frozen=True, slots=True)
class Founding:
    """What the first document says: a commitment is known by its id, since one document founds one at most."""

    place: Place
    parties: tuple[str, ...]
    by: tuple[str, ...]
    deeds: tuple[Deed, ...]
    topics: tuple[Deed, ...]
    evidence: tuple[Evidence, ...]
    firmness: Firmness
    words: Words
    around: tuple[str, ...]
    succeeds: str | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """What one later document did: its parties, and the changes in order, each a name and its values."""

    place: Place
    around: tuple[str, ...]
    changes: tuple[tuple[Any, ...], ...]


@dataclass(slots=True)
class _Provision:
    deed: Deed
    due: datetime.date | None
    condition: str | None
    reports: list[FollowThrough] = field(default_factory=list)


class Open:
    """A commitment with all that the documents up to some day did to it."""

    def __init__(self, founding: Founding, log: Iterable[Entry] = ()) -> None:
        self.founding = founding
        self.parties = founding.parties
        self.by = founding.by
        self.made = founding.place[0]
        self.firmness: Firmness = founding.firmness
        self.words = Words(founding.words)
        self.provisions = [_Provision(deed, deed.due, deed.condition) for deed in founding.deeds]
        self.topics: dict[int, Deed] = dict(enumerate(founding.topics))
        self.evidence = {(e.document_id, e.sentence_no): e for e in founding.evidence}
        self.named: list[tuple[Place, tuple[str, ...]]] = [(founding.place, founding.around)]
        self.steps: list[datetime.date] = []
        self.log: list[Entry] = []
        for entry in log:
            self.add(entry)

    @property
    def key(self) -> str:
        """The id of the document that founded it."""
        return self.founding.place[1]

    def add(self, entry: Entry) -> None:
        """Put on what one more document did."""
        self.begin(entry.place, entry.around)
        for change in entry.changes:
            self.do(*change)

    def begin(self, place: Place, around: tuple[str, ...]) -> None:
        """A further document is about the commitment; its changes follow."""
        self.log.append(Entry(place, around, ()))
        self.named.append((place, around))

    def do(self, change: str, *values: Any) -> None:
        """Make one change, and note it."""
        last = self.log[-1]
        self.log[-1] = Entry(last.place, last.around, (*last.changes, (change, *values)))
        getattr(self, f"_{change}")(*values)

    def before(self, place: Place) -> Open:
        """The commitment as it stood before a document: itself where nothing later was put on."""
        if not self.log or self.log[-1].place < place:
            return self
        return Open(self.founding, (entry for entry in self.log if entry.place < place))

    # --- changes

    def _state(self, evidence: Evidence, firmness: Firmness) -> None:
        self.evidence.setdefault((evidence.document_id, evidence.sentence_no), evidence)
        self.firmness = min(self.firmness, firmness, key=FIRMNESS.index)

    def _provide(self, deed: Deed) -> None:
        self.provisions.append(_Provision(deed, deed.due, deed.condition))

    def _hear(self, weight: float, *words: str) -> None:
        for word in words:
            self.words[word] = max(self.words.get(word, 0.0), weight)

    def _take_up(self, number: int) -> None:
        self._provide(self.topics.pop(number))

    def _due(self, number: int, day: datetime.date) -> None:
        provision = self.provisions[number]
        provision.due = max(day, provision.due or day)

    def _condition(self, number: int, words: str) -> None:
        self.provisions[number].condition = words

    def _report(self, number: int, report: FollowThrough) -> None:
        self.provisions[number].reports.append(report)
        if report.kind in ("advance", "fulfil") and report.date not in self.steps:
            self.steps.append(report.date)


# --- as plain JSON data


def encode(opened: Open) -> dict[str, Any]:
    """The founding and the log as plain JSON data."""
    return {"founding": _plain(opened.founding), "log": [_plain(entry) for entry in opened.log]}


def _plain(value: Any) -> Any:
    kind = type(value)
    if kind is str or kind is int or kind is float or value is None:
        return value
    if kind is datetime.date:
        return value.isoformat()
    if kind is tuple:
        return [_plain(item) for item in value]
    if kind is Words:
        return value
    names = _NAMES.get(kind)
    return value if names is None else {name: _plain(getattr(value, name)) for name in names}


_NAMES = {kind: tuple(f.name for f in fields(kind)) for kind in (Deed, Entry, Evidence, FollowThrough, Founding)}
"""Fields of the records that are stored; :func:`dataclasses.asdict` copies deeply and takes five times as long."""


def decode(data: Mapping[str, Any]) -> Open:
    """The inverse of :func:`encode`."""
    f = data["founding"]
    founding = Founding(
        place=_place(f["place"]),
        parties=tuple(f["parties"]),
        by=tuple(f["by"]),
        deeds=tuple(map(_deed, f["deeds"])),
        topics=tuple(map(_deed, f["topics"])),
        evidence=tuple(map(_evidence, f["evidence"])),
        firmness=f["firmness"],
        words=Words(f["words"]),
        around=tuple(f["around"]),
        succeeds=f["succeeds"],
    )
    return Open(founding, map(_entry, data["log"]))


def _entry(data: Mapping[str, Any]) -> Entry:
    changes = []
    for name, *values in data["changes"]:
        if name == "state":
            values[0] = _evidence(values[0])
        elif name == "provide":
            values[0] = _deed(values[0])
        elif name == "due":
            values[1] = datetime.date.fromisoformat(values[1])
        elif name == "report":
            values[1] = _report(values[1])
        changes.append((name, *values))
    return Entry(_place(data["place"]), tuple(data["around"]), tuple(changes))


def _place(data: list[str]) -> Place:
    return datetime.date.fromisoformat(data[0]), data[1]


def _deed(data: Mapping[str, Any]) -> Deed:
    due = data["due"]
    return Deed(
        **{
            **data,
            "by": tuple(data["by"]),
            "words": Words(data["words"]),
            "evidence": _evidence(data["evidence"]),
            "due": datetime.date.fromisoformat(due) if due else None,
        }
    )


def _evidence(data: Mapping[str, Any]) -> Evidence:
    return Evidence(**{**data, "published": datetime.date.fromisoformat(data["published"])})


def _report(data: Mapping[str, Any]) -> FollowThrough:
    data = {name: value for name, value in data.items() if name != "cue"}  # ledgers of before 2026-12 have it
    return FollowThrough(
        **{
            **data,
            "date": datetime.date.fromisoformat(data["date"]),
            "evidence": _evidence(data["evidence"]),
            "scores": tuple((name, value) for name, value in data["scores"]),
            "event_ids": tuple(data["event_ids"]),
        }
    )
