"""Commitments: what was promised, on what conditions, and what became of it."""

from detente.commitments.corrections import ACTIONS, Correction, add_correction, apply, read_corrections
from detente.commitments.engine import between, find
from detente.commitments.inledger import Found, corrections_path, from_ledger, select
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

__all__ = [
    "ACTIONS",
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
    "corrections_path",
    "find",
    "from_ledger",
    "read_corrections",
    "select",
]
