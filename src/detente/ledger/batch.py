"""A batch: what one read or import brought into the ledger, and what it left out and why."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

__all__ = ["Batch"]


@dataclass(slots=True)
class Batch:
    """The open batch of a ledger; its counts are stored when it ends."""

    batch_id: str
    kind: str
    coder: str | None
    dataset: str
    counts: Counter[str] = field(default_factory=Counter)
    skipped: Counter[str] = field(default_factory=Counter)

    def count(self, what: str, number: int = 1) -> None:
        """Add to what the batch brought."""
        self.counts[what] += number

    def skip(self, reason: str, number: int = 1) -> None:
        """Add to what the batch left out, for ``reason``."""
        self.skipped[reason] += number
