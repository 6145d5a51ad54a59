"""Sentences that cannot hold an event are not put through the model."""

from __future__ import annotations

import re

__all__ = ["hopeless"]

_WORD = re.compile(r"[^\W\d_]{2,}")
LEAST_WORDS = 3
"""An event takes an actor, an act and mostly a recipient. No gold sentence has fewer words than six."""


def hopeless(sentence: str) -> str | None:
    """Why a sentence cannot hold an event, or None where it may."""
    words = _WORD.findall(sentence)
    if len(words) < LEAST_WORDS:
        return "fewer than three words"
    return None
