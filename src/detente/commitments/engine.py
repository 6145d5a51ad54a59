"""From documents to commitments: states them, links later reports to them, follows each provision through."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from detente.actors import Gazetteer
from detente.commitments.finish import finish
from detente.commitments.link import Shelf, link
from detente.commitments.model import Commitment
from detente.commitments.reading import read_paper
from detente.records import Document, Event, Sentence

__all__ = ["between", "find", "same_text"]


def find(
    documents: Iterable[Document],
    events: Iterable[Event] = (),
    *,
    until: datetime.date | None = None,
    sentences: Mapping[str, Sequence[Sentence]] | None = None,
    gazetteer: Gazetteer | None = None,
) -> tuple[Commitment, ...]:
    """The commitments that documents report, with their follow-through as of ``until`` (else the last document).

    ``events`` are coded events of the documents; ``sentences`` the documents' sentences where they are already split.
    Nothing published after ``until`` is used. A text that is there twice counts once. In order of the day made.
    """
    gazetteer = gazetteer or Gazetteer.default()
    coded: dict[str, list[Event]] = defaultdict(list)
    for event in events:
        coded[event.document_id].append(event)
    shelf = Shelf()
    reported: dict[str, set[datetime.date]] = defaultdict(set)
    given = [doc for doc in documents if until is None or doc.published <= until]
    if not given:
        return ()
    last = until or max(doc.published for doc in given)
    for doc in _distinct(given):
        paper = read_paper(doc, (sentences or {}).get(doc.document_id), coded.get(doc.document_id, ()), gazetteer)
        for party in paper.around:
            reported[party].add(doc.published)
        found = link(paper, shelf)
        for commitment in (*found.about, *([found.founded] if found.founded else [])):
            shelf.put(commitment)
    finished = [
        finish(opened, last, sorted(set().union(*(reported.get(party, ()) for party in opened.parties))))
        for opened in shelf.all.values()
    ]
    return tuple(sorted(finished, key=lambda c: (c.made, c.commitment_id)))


def between(commitments: Iterable[Commitment], *parties: str) -> tuple[Commitment, ...]:
    """Those commitments to which all of the given parties (codes or names) belong."""
    return tuple(c for c in commitments if all(p in c.parties for p in parties))


def same_text(text: str) -> str:
    """A text with its white space evened out: what is the same by it is the same report."""
    return " ".join(text.split())


def _distinct(documents: Iterable[Document]) -> list[Document]:
    """In order of publication, each id and each text once."""
    seen: set[str] = set()
    found = []
    for doc in sorted(documents, key=lambda d: (d.published, d.document_id)):
        text = same_text(doc.text)
        if doc.document_id in seen or text in seen:
            continue
        seen |= {doc.document_id, text}
        found.append(doc)
    return found
