"""Names and codes of countries, and groups of them."""

from __future__ import annotations

import datetime
import unicodedata
from collections.abc import Iterable, Mapping
from functools import cache
from types import MappingProxyType

from detente.actors.tables import COUNTRIES, memberships
from detente.errors import UnknownName, nearest

_AMBIGUOUS: Mapping[str, tuple[str, ...]] = {
    "korea": ("PRK", "KOR"),
    "korean": ("PRK", "KOR"),
    "congo": ("COD", "COG"),
    "congolese": ("COD", "COG"),
    "guinea": ("GIN", "GNB", "GNQ", "PNG"),
}
_CODES_ELSEWHERE = {"XKX": "KOS", "XKO": "KOS", "ROM": "ROU", "ZAR": "COD", "TMP": "TLS", "BUR": "MMR", "PAL": "PSE"}
"""Codes that other data sets use for a country of ours."""


def fold(name: str) -> str:
    """A name for comparison: lower case, no accents, single spaces, no dots, ``the`` dropped."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode() if not name.isascii() else name
    words = plain.lower().replace(".", "").replace("-", " ").replace("_", " ").replace("’", "'").split()
    return " ".join(words[1:] if len(words) > 1 and words[0] == "the" else words)


@cache
def _by_name() -> Mapping[str, str]:
    names: dict[str, str] = {}
    for code, known in COUNTRIES.items():
        for name in (known.name, *known.aliases):
            names.setdefault(fold(name), code)
    names["congo"] = "COG"  # the short name that ISO 3166 gives it
    for code, known in COUNTRIES.items():
        for name in (*known.adjectives, *known.people):
            names.setdefault(fold(name), code)
    return MappingProxyType(names)


@cache
def _by_iso2() -> Mapping[str, str]:
    return MappingProxyType({known.iso2: code for code, known in COUNTRIES.items() if known.iso2})


def find_country(name: str) -> str | None:
    """Code of the country of that code, name, alias or demonym, or None where there is none.

    More lenient than :func:`country`: a state's own name is taken also where others share it
    (``Guinea``), and ``Moldova, Republic of`` is read as the catalogues mean it.
    """
    upper = name.strip().upper()
    if upper in COUNTRIES:
        return upper
    names = _by_name()
    head, comma, tail = name.partition(",")
    turned = names.get(fold(f"{tail.strip()} {head.strip()}")) if comma else None
    return _CODES_ELSEWHERE.get(upper) or names.get(fold(name)) or turned or _by_iso2().get(name.strip())


def country(name: str) -> str:
    """Alpha-3 code of a country given by code, name, alias or demonym (``Russia``, ``DPRK``, ``RU``, ``Kosovar``).

    UnknownName with the nearest names otherwise, and for a name that several countries share (``Korea``).
    """
    several = _AMBIGUOUS.get(fold(name))
    if several:
        choices = [f"{COUNTRIES[code].name} ({code})" for code in several]
        raise UnknownName("country", name, choices, ambiguous=True)
    found = find_country(name)
    if found is not None:
        return found
    known = [n for c in COUNTRIES.values() for n in (c.name, *c.aliases)]
    raise UnknownName("country", name, nearest(name, known) or nearest(name, list(COUNTRIES)))


def country_name(code: str) -> str:
    """Short English name of the country with this alpha-3 code."""
    try:
        return COUNTRIES[code].name
    except KeyError:
        raise UnknownName("country code", code, nearest(code, list(COUNTRIES))) from None


def _members(name: str, when: datetime.date | None) -> tuple[str, ...]:
    found = []
    for code, since, until in memberships()[name]:
        at = when or datetime.date.max
        if (since is None or since <= at) and (until is None or at <= until):
            found.append(code)
    return tuple(dict.fromkeys(found))


def _groups() -> Mapping[str, tuple[str, ...]]:
    return MappingProxyType({name: _members(name, None) for name in memberships()})


GROUPS: Mapping[str, tuple[str, ...]] = _groups()
"""Named groups of countries with their latest members."""

_GROUP_NAMES = {fold(name).replace(" ", ""): name for name in GROUPS} | {
    "sixpartytalks": "six-party",
    "europeanunion": "eu",
    "groupofseven": "g7",
    "groupoftwenty": "g20",
    "permanentfive": "p5",
    "gulfcooperationcouncil": "gcc",
    "shanghaicooperationorganisation": "sco",
    "shanghaicooperationorganization": "sco",
    "nordic": "nordics",
    "baltic": "baltics",
}


def group(name_or_list: str | Iterable[str], when: datetime.date | None = None) -> tuple[str, ...]:
    """Codes of the countries of a named group (``six-party``, ``eu``) on a day, by default its latest members.

    A list of countries, or names parted by commas, is also taken. UnknownName for what is neither.
    """
    if isinstance(name_or_list, str):
        known = _GROUP_NAMES.get(fold(name_or_list).replace(" ", ""))
        if known is not None:
            return _members(known, when)
        if "," not in name_or_list:
            found = find_country(name_or_list)
            if found is not None:
                return (found,)
            raise UnknownName("group", name_or_list, nearest(name_or_list, list(GROUPS)) or list(GROUPS))
        name_or_list = [part for part in name_or_list.split(",") if part.strip()]
    return tuple(dict.fromkeys(country(name) for name in name_or_list))
