"""Documents into a ledger, a chunk at a time: which of them are to be coded, and the coded ones stored.

In two steps, so that the coding in between can be done elsewhere and takes no hold of the ledger.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from detente.ledger.batch import Batch
from detente.ledger.ledger import Ledger
from detente.ledger.writing import CodedDocument
from detente.records import Document, Rejected

__all__ = ["TOGETHER", "ReadReport", "Sifted", "sift", "store_sifted"]

TOGETHER = 64
"""Documents in one transaction: large enough that committing costs little, small enough that a kill loses seconds of
work and that readers of the ledger get in between (a transaction of this size takes about a second)."""


@dataclass(slots=True)
class ReadReport:
    """What became of the inputs of one read: nothing is lost in silence."""

    documents: int = 0
    new: int = 0
    replaced: int = 0
    copies: int = 0
    unchanged: int = 0
    sentences: int = 0
    events: int = 0
    statements: int = 0
    rejected: list[Rejected] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Sifted:
    """A chunk of inputs: the documents to code, near-copies with their original's id, and what needs no coding."""

    originals: tuple[Document, ...]
    copies: tuple[tuple[Document, str], ...]
    unchanged: int
    rejected: tuple[Rejected, ...]


def sift(ledger: Ledger, coder: str, chunk: Sequence[Document | Rejected]) -> Sifted:
    """Tell apart what of a chunk is to be coded by ``coder`` (name and version), a copy, known, or no document."""
    documents = [item for item in chunk if isinstance(item, Document)]
    known = ledger.unchanged(documents, coder)
    fresh = _apart(ledger, [d for d in documents if d.document_id not in known])
    known_apart = ledger.unchanged([d for d in fresh if d.document_id == d.path], coder)
    fresh = [d for d in fresh if d.document_id not in known_apart]
    copies = ledger.find_copies(fresh)
    return Sifted(
        originals=tuple(d for d in fresh if d.document_id not in copies),
        copies=tuple((d, copies[d.document_id]) for d in fresh if d.document_id in copies),
        unchanged=len(documents) - len(fresh),
        rejected=tuple(item for item in chunk if isinstance(item, Rejected)),
    )


def store_sifted(
    ledger: Ledger, batch: Batch, sifted: Sifted, coded: Iterable[CodedDocument], report: ReadReport
) -> None:
    """Store a sifted chunk with its coding in one transaction, and add what became of it to the report."""
    written = ledger.write_coded(batch, coded, sifted.copies)
    if sifted.unchanged:
        batch.skip("unchanged", sifted.unchanged)
    if sifted.rejected:
        ledger.reject(batch, sifted.rejected)
    report.documents += len(sifted.originals) + len(sifted.copies) + sifted.unchanged
    report.new += written.new
    report.replaced += written.replaced
    report.copies += written.copies
    report.unchanged += written.unchanged + sifted.unchanged
    report.sentences += written.sentences
    report.events += written.events
    report.statements += written.statements
    report.rejected += sifted.rejected


def _apart(ledger: Ledger, documents: Sequence[Document]) -> list[Document]:
    """The documents, with the whole path as id where another file of the same name is in the ledger already.

    A document without an id of its own is named after its file; without this, ``tuesday/report.html`` would replace
    ``monday/report.html``.
    """
    named = [d.document_id for d in documents if d.path and d.path.endswith(d.document_id)]
    if not named:
        return list(documents)
    with ledger.transaction() as connection:
        rows = connection.execute(
            "SELECT document_id, path FROM documents WHERE document_id IN (SELECT unnest(?::VARCHAR[]))", [named]
        ).fetchall()
    taken = {document_id: path for document_id, path in rows if path}
    return [
        replace(d, document_id=d.path) if d.path and taken.get(d.document_id, d.path) != d.path else d
        for d in documents
    ]
