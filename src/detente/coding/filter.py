"""Sentences that cannot hold an event are not put through the model."""

from __future__ import annotations

import re
from itertools import islice

__all__ = ["hopeless"]

_WORD = re.compile(r"[^\W\d_]{2,}")
LEAST_WORDS = 3
"""An event takes an actor, an act and mostly a recipient. No gold sentence has fewer words than six."""


def hopeless(sentence: str) -> str | None:
    """Why a sentence cannot hold an event, or None where it may."""
    some = islice(_WORD.finditer(sentence), LEAST_WORDS)
    return None if len(list(some)) == LEAST_WORDS else "fewer than three words"
