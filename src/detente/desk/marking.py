"""A document's text cut into pieces, each with what is marked on it: events, who acts, who speaks."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from detente.api.documents import Mark
from detente.records import Event, Sentence

__all__ = ["Piece", "Row", "rows"]

PARTIES = ("actor", "recipient", "speaker")
DELIVERED = ("happened", "ongoing")


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of characters under the same marks: its style classes, and the reasons for them."""

    text: str
    classes: str = ""
    why: str = ""
    party: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """A sentence, or the text between two (``no`` is null), in pieces; ``events`` are those read from it."""

    no: int | None
    pieces: tuple[Piece, ...]
    events: tuple[Event, ...] = ()


def rows(text: str, sentences: Sequence[Sentence], marks: Iterable[Mark], events: Sequence[Event]) -> list[Row]:
    """The whole text, sentence by sentence; joined, the pieces are the text again."""
    kept = [m for m in marks if 0 <= m.start < m.end <= len(text)]
    by_id = {e.event_id: e for e in events}
    found: list[Row] = []
    at = 0
    for sentence in sorted(sentences, key=lambda s: s.start):
        start, end = max(sentence.start, at), min(sentence.end, len(text))
        if end <= start:
            continue
        if start > at:
            found.append(Row(None, (Piece(text[at:start]),)))
        inside = [m for m in kept if m.start < end and m.end > start]
        own = tuple(e for e in events if e.sentence_no == sentence.no)
        found.append(Row(sentence.no, tuple(_pieces(text, start, end, inside, by_id)), own))
        at = end
    if at < len(text):
        found.append(Row(None, (Piece(text[at:]),)))
    return found


def _pieces(text: str, start: int, end: int, marks: list[Mark], events: dict[str, Event]) -> Iterable[Piece]:
    cuts = sorted({start, end, *(p for m in marks for p in (m.start, m.end) if start < p < end)})
    for left, right in pairwise(cuts):
        over = [m for m in marks if m.start <= left and m.end >= right]
        classes: dict[str, None] = dict.fromkeys(m.kind for m in over)
        evidence = [events[m.of] for m in over if m.kind == "evidence" and m.of in events]
        if evidence:
            classes["coop" if evidence[0].quad <= 2 else "conf"] = None
            if all(e.status not in DELIVERED for e in evidence):
                classes["unreal"] = None
        yield Piece(
            text=text[left:right],
            classes=" ".join(classes),
            why="\n".join(dict.fromkeys(m.why for m in sorted(over, key=lambda m: m.kind not in PARTIES))),
            party=any(m.kind in PARTIES for m in over),
        )
