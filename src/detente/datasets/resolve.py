"""Distinct actors, deeds and places of a data set, each resolved once."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable
from typing import Any

from detente.datasets.format import Deed, DeedKey, Format, PartyKey, ResolvedParty

__all__ = ["Resolver"]

# An actor that means the same on two days this far apart or less is taken to mean it in between: terms of office.
_STEADY_DAYS = 740


class Resolver:
    """Resolves keys of a format; a name that depends on the date is looked up as seldom as its answers allow."""

    def __init__(self, fmt: Format) -> None:
        self._format = fmt
        self._known: dict[PartyKey, ResolvedParty] = {}

    def parties(self, keys: Iterable[PartyKey]) -> dict[PartyKey, ResolvedParty]:
        """Who each of these is."""
        by_name: dict[tuple[Any, ...], list[PartyKey]] = {}
        for key in keys:
            by_name.setdefault(key[:3], []).append(key)
        found: dict[PartyKey, ResolvedParty] = {}
        for same in by_name.values():
            same.sort(key=lambda k: k.month or datetime.date.min)
            _between(same, 0, len(same) - 1, self._party, found)
        return found

    def _party(self, key: PartyKey) -> ResolvedParty:
        if key not in self._known:
            self._known[key] = self._format.party(key)
        return self._known[key]

    def deed(self, key: DeedKey) -> Deed:
        """What a deed is; where the format knows no such deed, one without type, quad class 0 and a reason."""
        found = self._format.deed(key)
        if found is None:
            what = " ".join(str(part) for part in key[:2] if part) or "nothing"
            return Deed(None, None, (), None, 0, 0.0, f"no such event: {what!r}")
        return found

    def country(self, code: str | None) -> tuple[str | None, str | None]:
        """Alpha-3 code of a place's country, and what is wrong where there is none."""
        if not code or not code.strip():
            return None, None
        found = self._format.country(code)
        return found, None if found else f"no country {code!r}"


def _between(
    keys: list[PartyKey],
    low: int,
    high: int,
    resolve: Callable[[PartyKey], ResolvedParty],
    found: dict[PartyKey, ResolvedParty],
) -> None:
    """Resolve keys that differ by their month alone, halving until both ends of a stretch mean the same."""
    first, last = resolve(keys[low]), resolve(keys[high])
    found[keys[low]], found[keys[high]] = first, last
    if high - low < 2:
        return
    start, end = keys[low].month, keys[high].month
    if first == last and start and end and (end - start).days <= _STEADY_DAYS:
        found.update(dict.fromkeys(keys[low + 1 : high], first))
        return
    middle = (low + high) // 2
    _between(keys, low, middle, resolve, found)
    _between(keys, middle, high, resolve, found)
