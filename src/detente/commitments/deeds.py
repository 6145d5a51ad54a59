"""Whether a report says that the very deed that was promised has been done, and how much of it."""

from __future__ import annotations

import re
from functools import lru_cache

__all__ = ["part_of", "same_deed"]

_IRREGULAR = dict(
    line.split(maxsplit=1)
    for line in """
    begin began|begun
    bind bound
    bring brought
    build built
    buy bought
    cut cut
    deal dealt
    draw drew|drawn
    fight fought
    find found
    forgive forgave|forgiven
    freeze froze|frozen
    get got
    give gave|given
    go went|gone
    hold held
    keep kept
    lay laid
    leave left
    lend lent
    let let
    make made
    meet met
    pay paid
    put put
    quit quit
    rebuild rebuilt
    repay repaid
    run ran
    sell sold
    send sent
    set set
    shut shut
    split split
    spend spent
    stand stood
    take took|taken
    teach taught
    tear tore|torn
    undertake undertook|undertaken
    withdraw withdrew|withdrawn
    withhold withheld
    write wrote|written
    """.strip().splitlines()
)
_VAGUE = frozenset(
    ("be", "have", "do", "make", "get", "go", "let", "keep", "run", "continue", "put", "set", "stand", "take", "give")
)
"""Verbs whose past says too little by itself."""


@lru_cache(maxsize=4096)
def _past(verb: str) -> re.Pattern[str]:
    forms = _IRREGULAR.get(verb)
    if forms is None:
        if verb.endswith("e"):
            forms = f"{verb}d"
        elif re.search(r"[^aeiou]y$", verb):
            forms = f"{verb[:-1]}ied"
        else:
            forms = f"{verb}{verb[-1]}?ed"
    return re.compile(rf"(?<![\w-])(?:{forms})\b", re.IGNORECASE)


def same_deed(verb: str, clause: str, text: str) -> re.Match[str] | None:
    """The verb of a promise in the past, where a report has it: "will release" and "were released"."""
    passive = re.search(r"\b(?:be|been|being)\s+(?:\w+ly\s+)?(\w+)\b", clause)
    if verb == "be" and passive is not None:
        word = passive[1]
        return re.search(rf"(?<![\w-]){re.escape(word)}\b", text, re.IGNORECASE) if len(word) > 3 else None
    return None if not verb or verb in _VAGUE else _past(verb.lower()).search(text)


_FIGURE = re.compile(
    r"(?<![\w.,-])(?P<n>\d{1,3}(?:,\d{3})+|\d+(?:\.\d+)?)\s*(?P<u>thousand|million|billion|trillion)?\b"
    r"(?!\s*(?:per cent|percent|%|January|February|March|April|May|June|July|August|September|October|November"
    r"|December))", re.IGNORECASE,
)  # fmt: skip
_UNITS = {"thousand": 1e3, "million": 1e6, "billion": 1e9, "trillion": 1e12}
WHOLE = 0.95


def _figures(text: str) -> list[tuple[float, re.Match[str]]]:
    found = []
    for match in _FIGURE.finditer(text):
        value = float(match["n"].replace(",", "")) * _UNITS.get((match["u"] or "").lower(), 1.0)
        plain = match["u"] is None and "," not in match["n"]
        if not (plain and 1800 <= value <= 2100) and value > 12:
            found.append((value, match))
    return found


def part_of(clause: str, text: str) -> tuple[float, re.Match[str]] | None:
    """What part of a promised amount a report speaks of, and where: 0.6 for 300 of 500 million; None without figures.

    The largest amounts are compared, and only where the report's is less by no more than a thousand times.
    """
    promised, told = _figures(clause), _figures(text)
    if not promised or not told:
        return None
    most, where = max(told, key=lambda figure: figure[0])
    part = most / max(value for value, _ in promised)
    return (part, where) if 0.001 <= part < WHOLE else None
