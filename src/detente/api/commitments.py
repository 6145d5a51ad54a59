"""Commitments of a ledger, with the users' corrections put on."""

from __future__ import annotations

from detente.api.store import Store
from detente.commitments import Commitment, catch_up, from_ledger, one, party_name, pending
from detente.errors import DetenteError, NotFound

__all__ = ["find_commitments", "one_commitment"]


def find_commitments(
    store: Store, *, party: str | None = None, other: str | None = None, status: str | None = None
) -> tuple[Commitment, ...]:
    """Commitments of one party, between two, of one status; in order of the day they were made."""
    parties = tuple(party_name(name) for name in (party, other) if name is not None)

    def make() -> tuple[Commitment, ...]:
        with store.ledger() as ledger:
            found = from_ledger(ledger, parties=parties, status=status).commitments
        return tuple(sorted(found, key=lambda c: (c.made, c.commitment_id)))

    _follow_up(store)
    return store.cached(("commitments", parties, status), make)


def one_commitment(store: Store, commitment_id: str) -> Commitment:
    """The commitment of that id; NotFound where there is none."""
    _follow_up(store)
    with store.ledger() as ledger:
        found = one(ledger, commitment_id)
    if found is None:
        raise NotFound("commitment", commitment_id)
    return found


def _follow_up(store: Store) -> None:
    """Documents that were read without it are searched for commitments, where the ledger can be written to."""
    with store.ledger() as ledger:
        left = pending(ledger.connection)
    if left:
        try:
            with store.writing() as writer:
                catch_up(writer)
        except DetenteError:
            return
