"""A short name for a deed: the noun phrase that it is about."""

# ruff: noqa: E501 - a pattern stands on one line
from __future__ import annotations

import re

from detente.commitments.words import COMMON, content

__all__ = ["subject_of"]

_PASSIVE = re.compile(
    r"\b(?:be|been|being|get|gets)\s+(?:\w+ly\s+)?(?P<v>\w+(?:ed|en|own|ilt|ept|old|ent|aid|un|et|ut|ost|ound|eld))\b"
)
_STOP = re.compile(
    r"\b(?:by|within|in|on|at|from|to|for|with|until|till|before|after|under|over|through|between|among|across|as|and|or|into|out"
    r"|but|when|while|once|during|against|per|than|if|unless|starting|which|that|back|up|away|a year|each)\b|[,;:]"
)
_MEASURE = re.compile(
    r"^(?:(?:up to|at least|about|some|more than|nearly|almost)\s+)*(?:(?:[\d.,]+|hundreds?|thousands?|millions?|billions?|\w+teen|\w+ty"
    r"|two|three|four|five|six|seven|eight|nine|ten|half|most|all|part|dozens?)\s+)+(?:(?:tonnes?|tons?|dollars?|euros?|per cent|barrels?"
    r"|cubic met\w+|kilomet\w+|pounds?|roubles?|yen|yuan|francs?|marks?)\s+)?(?:worth\s+)?(?:of\s+|in\s+)?",
    re.IGNORECASE,
)
_LEAD = re.compile(
    r"^(?:the|a|an|its|their|his|her|all|any|some|of|both|each|up|out|off|in|back|down|away|over|from|to|on|for|as|own"
    r"|that|itself|themselves|or|and|not|only|no|more|further|after|with|by|at|into|under|new|this|these|those)\s+"
    r"|^[\w.-]+['’]s?\s+(?=\w)",
    re.IGNORECASE,
)


_TAIL = frozenset(
    re.findall(
        r"\w+",
        "of about some and or first but only again soon then also when while if than that last next more once now",
    )
)
"""Words that no name ends with."""


def subject_of(words: str, verb: str) -> str:
    """One to four words: the object of the verb, else its subject, else the first content words."""
    passive = _PASSIVE.search(words)
    before, after = words, ""
    if verb:
        match = re.search(rf"\b{re.escape(verb)}\b", words)
        if match:
            before, after = words[: match.start()], words[match.end() :]
    if passive is not None:
        tail = words[passive.end() :]
        phrase = _phrase(re.split(r"\b(?:will|shall|would|is|are|was|were|to|may|must|can)\b", words)[0]) or _phrase(
            tail
        )
    elif not verb:
        phrase = _phrase(words)
    else:
        phrase = _phrase(after) or _phrase(re.split(r"\b(?:will|shall|would|is|are)\b", before)[0])
    return phrase or " ".join(content(words)[:3]) or " ".join(words.split()[:4])


def _phrase(text: str) -> str:
    text = text.strip()
    while True:
        shorter = _MEASURE.sub("", _LEAD.sub("", text))
        if shorter == text:
            break
        text = shorter
    stop = _STOP.search(text)
    if stop and stop.start() > 0:
        text = text[: stop.start()]
    chosen = [
        w
        for w in re.findall(r"(?:[A-Z]\.){2,}|[^\W\d_][\w'’-]*", text)
        if w.lower() not in ("the", "a", "an", "its", "their", "his", "her")
    ]
    chosen = chosen[:4]
    while chosen and chosen[-1].lower() in _TAIL:
        chosen.pop()
    return " ".join(chosen) if any(w.lower() not in COMMON for w in chosen) else ""
