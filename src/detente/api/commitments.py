"""Commitments of a ledger, found once a version, with the users' corrections put on."""

from __future__ import annotations

from detente.actors import country
from detente.api.store import Store
from detente.commitments import Commitment, Found, from_ledger, select
from detente.errors import NotFound

__all__ = ["all_commitments", "find_commitments", "one_commitment"]


def all_commitments(store: Store) -> Found:
    """Every commitment of the ledger, and the corrections that meet none."""

    def make() -> Found:
        with store.ledger() as ledger:
            return from_ledger(ledger)

    return store.cached(("commitments",), make)


def find_commitments(
    store: Store, *, party: str | None = None, other: str | None = None, status: str | None = None
) -> tuple[Commitment, ...]:
    """Commitments of one party, between two, of one status; in order of the day they were made."""
    one, two = (None if name is None else country(name) for name in (party, other))
    return select(all_commitments(store).commitments, party=one, other=two, status=status)


def one_commitment(store: Store, commitment_id: str) -> Commitment:
    """The commitment of that id; NotFound where there is none."""
    for commitment in all_commitments(store).commitments:
        if commitment.commitment_id == commitment_id:
            return commitment
    raise NotFound("commitment", commitment_id)
