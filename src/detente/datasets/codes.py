"""Codes that several data sets share: CAMEO actors, FIPS and Gleditsch–Ward countries, names of states."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from detente.actors import COUNTRIES, country_name, find_country
from detente.datasets.format import PartyKey, ResolvedParty
from detente.ontology import SECTORS

__all__ = ["cameo_party", "fips_country", "gw_country", "name_country", "table"]

_DATA = Path(__file__).parent / "data"

# What CAMEO calls by another code than PLOVER does.
_SECTORS: Mapping[str, str] = {"INS": "REB", "SEP": "REB", "HLH": "MED", "MED": "JRN", "UIS": "UAF"}
# Codes of organisations that CAMEO names inside an actor's code, with their names.
_GROUPS: Mapping[str, tuple[str, str]] = {
    "UNO": ("United Nations", "IGO"),
    "EEC": ("European Union", "IGO"),
    "NAT": ("NATO", "IGO"),
    "IMF": ("International Monetary Fund", "IGO"),
    "WBK": ("World Bank", "IGO"),
    "WTO": ("World Trade Organization", "IGO"),
    "WHO": ("World Health Organization", "IGO"),
    "IAE": ("International Atomic Energy Agency", "IGO"),
    "ASN": ("Association of Southeast Asian Nations", "IGO"),
    "AFU": ("African Union", "IGO"),
    "ARL": ("Arab League", "IGO"),
    "OSC": ("Organization for Security and Cooperation in Europe", "IGO"),
    "SCO": ("Shanghai Cooperation Organisation", "IGO"),
    "OPC": ("Organization of Petroleum Exporting Countries", "IGO"),
    "IRC": ("Red Cross", "NGO"),
    "HRW": ("Human Rights Watch", "NGO"),
    "AMN": ("Amnesty International", "NGO"),
    "ALQ": ("Al Qaeda", "IMG"),
    "TAL": ("Taliban", "REB"),
    "HEZ": ("Hezbollah", "IMG"),
    "HMS": ("Hamas", "REB"),
}
# Regions that CAMEO writes where a country would stand: an actor from there has no state of ours.
_REGIONS = frozenset(
    (
        *("AFR", "ASA", "BLK", "CRB", "CAU", "CFR", "CAS", "CEU", "EIN", "EAF", "EEU", "EUR", "LAM", "MEA"),
        *("MDT", "NAF", "NMR", "PGS", "SCN", "SAM", "SAS", "SEA", "SAF", "WAF", "WST"),
    )
)


@cache
def table(name: str) -> Mapping[str, tuple[str, ...]]:
    """A table of this folder: its first column to the others."""
    with (_DATA / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return {row[0]: tuple(row[1:]) for row in list(csv.reader(file))[1:]}


def fips_country(code: str) -> str | None:
    """Alpha-3 code of a FIPS 10-4 country code, or None."""
    found = table("fips").get(code.strip().upper())
    return found[0] if found else None


def gw_country(number: str) -> str | None:
    """Alpha-3 code of a state by its Gleditsch–Ward number, or None."""
    found = table("gw").get(number.strip().removesuffix(".0"))
    return found[0] if found else None


def name_country(name: str) -> str | None:
    """Alpha-3 code of a country by name or code, or None where it is none of ours."""
    return find_country(name)


def cameo_party(key: PartyKey) -> ResolvedParty:
    """An actor by its CAMEO code (``USAGOVMIL``, ``IGOUNO``) and its name as the coder's dictionary has it.

    The first country in the code is the actor's; a state that stands alone is its government.
    """
    code = (key.code or "").strip().upper()
    name = (key.text or "").strip()
    if not code and not name:
        return ResolvedParty(None)
    parts = [code[n : n + 3] for n in range(0, len(code), 3)]
    country = next((c for part in parts if part not in _REGIONS and (c := _country(part))), None)
    group = next((_GROUPS[part] for part in parts if part in _GROUPS), None)
    roles = [part for part in parts if part in SECTORS or part in _SECTORS]
    sector = _SECTORS.get(roles[0], roles[0]) if roles else None
    if group is not None:
        return ResolvedParty(group[0], country, group[1])
    if country is not None and len(parts) == 1:
        return ResolvedParty(country_name(country), country, "GOV")
    reason = None if country or sector or not code else f"actor code {code} names no country and no sector"
    return ResolvedParty(name.title() or code, country, sector, reason)


@cache
def _country(part: str) -> str | None:
    if len(part) != 3:
        return None
    found = find_country(part)
    return found if found in COUNTRIES and part not in SECTORS else None
