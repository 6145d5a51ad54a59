"""Commitments of a ledger, with the users' corrections put on."""

from __future__ import annotations

from detente.api.store import Store
from detente.commitments import (
    STATUSES,
    Commitment,
    Correction,
    add_correction,
    apply,
    corrections_path,
    from_ledger,
    one,
    party_name,
)
from detente.errors import BadInput, BadOption, NotAllowed, NotFound

__all__ = ["correct", "find_commitments", "one_commitment"]


def find_commitments(
    store: Store, *, party: str | None = None, other: str | None = None, status: str | None = None
) -> tuple[Commitment, ...]:
    """Commitments of one party, between two, of one status; in order of the day they were made."""
    parties = tuple(party_name(name) for name in (party, other) if name is not None)

    if status is not None and status not in STATUSES:
        raise BadOption("status", status, STATUSES)

    def make() -> tuple[Commitment, ...]:
        with store.ledger() as ledger:
            found = from_ledger(ledger).commitments
        return tuple(sorted(found, key=lambda c: (c.made, c.commitment_id)))

    everyone = store.cached(("commitments",), make)
    return tuple(c for c in everyone if {*parties} <= {*c.parties} and status in (None, c.status))


def one_commitment(store: Store, commitment_id: str) -> Commitment:
    """The commitment of that id; NotFound where there is none."""
    with store.ledger() as ledger:
        found = one(ledger, commitment_id)
    if found is None:
        raise NotFound("commitment", commitment_id)
    return found


def correct(store: Store, correction: Correction) -> tuple[Commitment, ...]:
    """Store a correction of a commitment, beside the ledger; what it has become: nothing, itself, or its parts.

    NotAllowed where the ledger is served to read only; NotFound or BadInput where it meets nothing, which is not
    stored.
    """
    if store.read_only:
        raise NotAllowed("the ledger is served to read only; start without --read-only to change it")
    before = [one_commitment(store, wanted) for wanted in (correction.commitment_id, *correction.others)]
    after, unmet = apply(before, (correction,))
    if unmet:
        raise BadInput(f"cannot be split so: it has {len(before[0].provisions)} provisions")
    add_correction(corrections_path(store.path), correction)
    return after
