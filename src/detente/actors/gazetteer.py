"""The gazetteer: all known actors, looked up in texts and by name."""

from __future__ import annotations

import datetime
import re
from functools import cache, lru_cache
from pathlib import Path

from detente.actors.countries import find_country
from detente.actors.lexicon import Node, build
from detente.actors.model import Resolved
from detente.actors.reading import Reading
from detente.actors.tables import COUNTRIES

_PAREN = re.compile(r"^(.*\S)\s*\(([^()]+)\)$")


class Gazetteer:
    """Known actors with their names and dates; ``extra`` is a YAML file with more, which win over the shipped ones."""

    def __init__(self, extra: str | Path | None = None) -> None:
        if extra is None:
            self._trie: Node = build()
        else:
            from detente.actors.extra import load_extra  # noqa: PLC0415  # YAML is slow to import and seldom needed

            self._trie = build(load_extra(Path(extra)))
        self._named = lru_cache(maxsize=65536)(self._name)

    @staticmethod
    @cache
    def default() -> Gazetteer:
        """The shipped gazetteer, loaded once a process."""
        return Gazetteer()

    def read(self, text: str, when: datetime.date) -> Reading:
        """Mentions of a text as of a day; any text is taken."""
        return Reading(text, when, self._trie)

    def resolve_name(self, text: str, when: datetime.date) -> Resolved | None:
        """Actor of a name as data sets give it (``Kim Jong-Un``, ``Foreign Affairs (Bangladesh)``); None if unknown.

        A country in brackets is taken as given; a person's name that is unknown in full is tried as first and last.
        """
        return self._named(text.strip(), when)

    def _name(self, text: str, when: datetime.date) -> Resolved | None:
        if not text:
            return None
        match = _PAREN.match(text)
        code = find_country(match.group(2)) if match else None
        words = match.group(1) if match and code else text
        plain = find_country(text)
        if plain is not None and len(text) > 3:
            return Resolved(COUNTRIES[plain].name, plain, "GOV", "country")
        reading = Reading(words, when, self._trie)
        found = reading.resolve(0, len(words)) if reading.mentions else None
        if code is not None:
            if found is None or found.kind in (None, "modifier", "country"):
                return Resolved(text, code, found.sector if found else None, "role")
            name = found.name if found.kind != "role" and found.country == code else text
            return Resolved(name, code, found.sector, found.kind, found.role)
        if found is not None:
            return found
        parts = words.split()
        return self._named(f"{parts[0]} {parts[-1]}", when) if len(parts) > 2 else None
