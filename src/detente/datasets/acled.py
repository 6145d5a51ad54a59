"""ACLED: political violence and protest, coded by hand; a CSV with a header line."""

from __future__ import annotations

import re

from detente.actors import Gazetteer
from detente.datasets.codes import name_country, table
from detente.datasets.format import Deed, DeedKey, Format, Layout, PartyKey, ResolvedParty, plover_deed

__all__ = ["FORMAT"]

_OF = re.compile(r"\(([^()]+?)(?: \(\d{4}.*?\))?\)")
# ``inter``: a number in older exports, words in newer ones.
_SECTORS = {
    "1": "GOV",
    "state forces": "MIL",
    "2": "REB",
    "rebel group": "REB",
    "rebel groups": "REB",
    "3": "PRM",
    "political militia": "PRM",
    "political militias": "PRM",
    "4": "PRM",
    "identity militia": "PRM",
    "identity militias": "PRM",
    "5": "CVL",
    "rioters": "CVL",
    "6": "CVL",
    "protesters": "CVL",
    "7": "CVL",
    "civilians": "CVL",
    "8": "UAF",
    "external/other forces": "UAF",
}


def _layout(head: bytes) -> Layout:
    first = head.split(b"\n", 1)[0]
    delimiter = ";" if first.count(b";") > first.count(b",") else ","
    return Layout(delimiter=delimiter, quote='"', whole=("event_id_cnty",))


def _party(key: PartyKey) -> ResolvedParty:
    """An actor such as ``Police Forces of Kenya (2013-2022)`` or ``Protesters (India)``, and what kind it is."""
    text = (key.text or "").strip()
    if not text:
        return ResolvedParty(None)
    sector = _SECTORS.get((key.code or "").strip().lower())
    plain = re.sub(r"\s*\(\d{4}-\d{0,4}\)", "", text)
    inside = [c for part in _OF.findall(plain) if (c := name_country(part))]
    after = name_country(plain.rpartition(" of ")[2]) if " of " in plain else None
    country = after or (inside[0] if inside else None)
    if country is None and key.month and sector != "UAF":
        found = Gazetteer.default().resolve_name(plain, key.month)
        country = found.country if found else None
    if plain.startswith("Police Forces"):
        sector = "COP"
    elif plain.startswith("Military Forces"):
        sector = "MIL"
    reason = None if country or sector else "actor without country or sector"
    return ResolvedParty(plain, country, sector, reason)


FIELDS = {
    "record": "event_id_cnty",
    # ``2024-03-01`` or ``01 March 2024``, as the export was made
    "date": "coalesce(try_cast(event_date AS DATE), try_strptime(event_date, '%d %B %Y')::DATE)",
    "date_precision": "CASE WHEN time_precision = '3' THEN 'month' ELSE 'day' END",
    "actor_text": "actor1",
    "actor_code": "inter1",
    "recipient_text": "actor2",
    "recipient_code": "inter2",
    "deed": "sub_event_type",
    "place": "nullif(location, '')",
    "place_code": "country",
    "latitude": "try_cast(latitude AS DOUBLE)",
    "longitude": "try_cast(longitude AS DOUBLE)",
    "place_precision": "CASE geo_precision WHEN '1' THEN 3 WHEN '2' THEN 3 WHEN '3' THEN 2 END",
    "source": "nullif(source, '')",
    "sentence": "nullif(notes, '')",
    "sources": "len(string_split(source, ';'))",
}


def _deed(key: DeedKey) -> Deed | None:
    entry = table("acled").get((key.deed or "").strip())
    return plover_deed(entry[0], entry[1] or None) if entry else None


FORMAT = Format(
    name="acled",
    title="ACLED (CSV export)",
    coder="ACLED",
    layout=_layout,
    fields=FIELDS,
    columns=(
        *("event_id_cnty", "event_date", "time_precision", "sub_event_type", "actor1", "inter1", "actor2", "inter2"),
        *("country", "location", "latitude", "longitude", "geo_precision", "source", "notes"),
    ),
    needs=("event_id_cnty", "event_date", "sub_event_type", "actor1"),
    party=_party,
    deed=_deed,
    country=name_country,
    trust=(
        "0.80 + 0.05 * least(1.0, (coalesce(sources, 1) - 1) / 2.0) "
        "+ 0.05 * (coalesce(place_precision, 0) = 3)::INTEGER + 0.05 * (date_precision = 'day')::INTEGER"
    ),
    dated_names=True,
)
