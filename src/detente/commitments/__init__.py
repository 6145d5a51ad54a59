"""Commitments: what was promised, on what conditions, and what became of it."""

from detente.commitments.corrections import ACTIONS, Correction, add_correction, apply, read_corrections
from detente.commitments.engine import between, find
from detente.commitments.inledger import ATTENTION, Found, corrections_path, from_ledger, one, party_name, select
from detente.commitments.model import (
    FIRMNESS,
    KINDS,
    LEVELS,
    STATUSES,
    Commitment,
    Contradiction,
    Coverage,
    Evidence,
    FollowThrough,
    Omission,
    Provision,
    Silence,
)
from detente.commitments.store import catch_up, pending

__all__ = [
    "ACTIONS",
    "ATTENTION",
    "FIRMNESS",
    "KINDS",
    "LEVELS",
    "STATUSES",
    "Commitment",
    "Contradiction",
    "Correction",
    "Coverage",
    "Evidence",
    "FollowThrough",
    "Found",
    "Omission",
    "Provision",
    "Silence",
    "add_correction",
    "apply",
    "between",
    "catch_up",
    "corrections_path",
    "find",
    "from_ledger",
    "one",
    "party_name",
    "pending",
    "read_corrections",
    "select",
]
