"""A data set beside our own coding of the same texts: where the two agree, by type of event and by state.

Agreement is no accuracy: where the two differ, either may be wrong. A text belongs to the rows of its article (same
address, whatever the scheme and a leading ``www``), of its story (the text's id is the data set's story id) or of its
own record (the id is the record's).
"""

from __future__ import annotations

import datetime
import math
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from detente.coding import Coder
from detente.documents import ReadOptions, read
from detente.ledger.ledger import Ledger
from detente.ontology import TYPES
from detente.records import Document, Event, Rejected, to_json

__all__ = ["Agreement", "Verification", "verify"]

# What somebody denies, and what the text says did not happen, a data set should not have as an event.
_TOLD = ("happened", "ongoing", "announced", "conditional")
_TOGETHER = 64  # texts that are coded together
_ANY_DAY = datetime.date(2000, 1, 1)  # a text without a date is dated by its rows

Act = tuple[str | None, str | None, str | None]


@dataclass(frozen=True, slots=True)
class Agreement:
    """One type or state: events that the data set and we have of it, and how many of each the other has in that text.

    ``share`` is found_by_us / data_set with the 95 % interval ``low`` to ``high`` (Wilson); null without any.
    """

    name: str
    data_set: int
    found_by_us: int
    ours: int
    found_by_it: int
    share: float | None
    low: float | None
    high: float | None


@dataclass(slots=True)
class Verification:
    """``all`` counts events by type, by both states, and by all three; ``types`` and ``states`` one by one.

    ``rows`` are the data set's events that have a text, repeats left out; ``texts`` the texts that have a row,
    ``texts_without`` those that have none. ``differing`` are the rows of which we found nothing, with what we found.
    """

    dataset: str
    coder: str
    rows: int = 0
    texts: int = 0
    texts_without: int = 0
    all: list[Agreement] = field(default_factory=list)
    types: list[Agreement] = field(default_factory=list)
    states: list[Agreement] = field(default_factory=list)
    differing: list[dict[str, Any]] = field(default_factory=list)
    rejected: list[Rejected] = field(default_factory=list)

    def to_json(self) -> dict[str, Any]:
        """Plain JSON data."""
        data: dict[str, Any] = to_json(self)
        return data


def verify(ledger: Ledger, dataset: str, texts: Iterable[str | Path], *, coder: Coder | None = None) -> Verification:
    """Code the texts and hold their events against those of a data set in the ledger."""
    coder = coder or Coder.load()
    report = Verification(dataset, coder.name)
    items = list(read([str(path) for path in texts], ReadOptions(date=_ANY_DAY)))
    report.rejected = [item for item in items if isinstance(item, Rejected)]
    documents = {d.document_id: d for d in items if isinstance(d, Document)}
    rows = _rows(ledger, dataset, list(documents.values()))
    report.texts, report.texts_without = len(rows), len(documents) - len(rows)
    dated = [_dated(documents[name], found) for name, found in rows.items()]
    tally = _Tally()
    for first in range(0, len(dated), _TOGETHER):
        for coded in coder.code(dated[first : first + _TOGETHER]):
            theirs = rows[coded.document.document_id]
            ours = [event for event in coded.events if event.status in _TOLD]
            tally.add(theirs, ours)
            report.differing += _differing(coded.document, theirs, ours)
    report.rows = sum(len(found) for found in rows.values())
    report.all = tally.agreements("all", ("type", "both states", "type and both states"))
    report.types = tally.agreements("type", tuple(TYPES))
    report.states = tally.agreements("state", None)
    return report


def _dated(document: Document, rows: Sequence[dict[str, Any]]) -> Document:
    if document.date_from != "option":
        return document
    return replace(document, published=rows[0]["published"], date_from="data set")


def _address(url: str | None) -> str | None:
    """What tells an address: without scheme, leading www, fragment and last slash."""
    if not url:
        return None
    return re.sub(r"^[a-z]+://(www\.)?", "", url.strip().lower()).partition("#")[0].rstrip("/") or None


def _rows(ledger: Ledger, dataset: str, documents: Sequence[Document]) -> dict[str, list[dict[str, Any]]]:
    """The data set's events of each text that has any, in the order of their ids."""
    owner: dict[str, str] = {}
    for document in documents:
        for key in (_address(document.url), document.document_id, f"{dataset}:{document.document_id}"):
            if key:
                owner.setdefault(key, document.document_id)
    address = "rtrim(split_part(regexp_replace(lower(trim(url)), '^[a-z]+://(www\\.)?', ''), '#', 1), '/')"
    names = ("event_id", "event", "actor_country", "recipient_country", "published", "address", "record", "story")
    found: dict[str, list[dict[str, Any]]] = {}
    rows = ledger.connection.execute(
        f"SELECT event_id, event, actor_country, recipient_country, published, {address} AS address, document_id, "
        "story_id FROM events WHERE dataset = $1 AND repeat_of IS NULL AND "
        f"(list_contains($2, {address}) OR list_contains($2, document_id) OR list_contains($2, story_id)) "
        "ORDER BY event_id",
        [dataset, sorted(owner)],
    ).fetchall()
    for values in rows:
        row = dict(zip(names, values, strict=True))
        name = next(owner[row[key]] for key in ("address", "story", "record") if row[key] in owner)
        found.setdefault(name, []).append(row)
    return found


def _country(event: Event, side: str) -> str | None:
    party = getattr(event, side)
    return None if party is None else party.country


class _Tally:
    """Counts by what is compared and its name: (theirs, of them found by us, ours, of them found by it)."""

    def __init__(self) -> None:
        self._counts: dict[tuple[str, str], Counter[str]] = {}

    def _note(self, kind: str, name: str, whose: str, found: bool) -> None:
        counts = self._counts.setdefault((kind, name), Counter())
        counts[whose] += 1
        counts[f"{whose} found"] += found

    def add(self, theirs: Sequence[dict[str, Any]], ours: Sequence[Event]) -> None:
        """The events of one text from both sides."""
        acts: dict[str, list[Act]] = {
            "theirs": [(row["event"], row["actor_country"], row["recipient_country"]) for row in theirs],
            "ours": [(event.event, _country(event, "actor"), _country(event, "recipient")) for event in ours],
        }
        for whose, other in (("theirs", "ours"), ("ours", "theirs")):
            types = {act[0] for act in acts[other]}
            pairs = {act[1:] for act in acts[other]}
            states = {state for pair in pairs for state in pair}
            whole = set(acts[other])
            for act in acts[whose]:
                kind, *pair = act
                if kind is not None:
                    self._note("all", "type", whose, kind in types)
                    self._note("type", kind, whose, kind in types)
                if None not in pair:
                    self._note("all", "both states", whose, act[1:] in pairs)
                    if kind is not None:
                        self._note("all", "type and both states", whose, act in whole)
                for state in {state for state in pair if state is not None}:
                    self._note("state", state, whose, state in states)

    def agreements(self, kind: str, names: Sequence[str] | None) -> list[Agreement]:
        """By name in the order given, else the most frequent first; names that neither side has are left out."""
        here = {name: counts for (what, name), counts in self._counts.items() if what == kind}
        order = names or sorted(here, key=lambda name: (-here[name]["theirs"] - here[name]["ours"], name))
        return [_agreement(name, here[name]) for name in order if name in here]


def _agreement(name: str, counts: Counter[str]) -> Agreement:
    n, k = counts["theirs"], counts["theirs found"]
    low, high = _wilson(k, n) if n else (None, None)
    return Agreement(name, n, k, counts["ours"], counts["ours found"], k / n if n else None, low, high)


def _wilson(k: int, n: int, z: float = 1.96) -> tuple[float, float]:
    """95 % interval of a share (Wilson 1927)."""
    share, spread = k / n, z * z / n
    middle = (share + spread / 2) / (1 + spread)
    half = z * math.sqrt(share * (1 - share) / n + spread / n / 4) / (1 + spread)
    return max(0.0, middle - half), min(1.0, middle + half)


def _differing(document: Document, theirs: Sequence[dict[str, Any]], ours: Sequence[Event]) -> list[dict[str, Any]]:
    """Rows whose type and states we did not find together, with all that we found in the text."""
    found = {(event.event, _country(event, "actor"), _country(event, "recipient")) for event in ours}
    shown = sorted("{} {}→{}".format(*(part or "–" for part in act)) for act in found)
    return [
        {
            "event_id": row["event_id"],
            "document_id": document.document_id,
            "event": row["event"],
            "actor": row["actor_country"],
            "recipient": row["recipient_country"],
            "ours": shown,
        }
        for row in theirs
        if (row["event"], row["actor_country"], row["recipient_country"]) not in found
    ]
