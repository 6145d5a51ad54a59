"""UCDP GED: fatal events of organised violence, coded by hand; a CSV with a header line."""

from __future__ import annotations

import re

from detente.actors import Gazetteer
from detente.datasets.codes import gw_country, name_country
from detente.datasets.format import Deed, DeedKey, Format, Layout, PartyKey, ResolvedParty, plover_deed

__all__ = ["FORMAT"]

_GOVERNMENT = re.compile(r"^Government of (.+?)(?: \(.*\))?$")


def _layout(head: bytes) -> Layout:
    first = head.split(b"\n", 1)[0]
    delimiter = ";" if first.count(b";") > first.count(b",") else ","
    return Layout(delimiter=delimiter, quote='"', types={"date_start": "TIMESTAMP"}, whole=("id",))


def _party(key: PartyKey) -> ResolvedParty:
    """A side: a government by its number or its name, the civilians of the country, else an armed group."""
    text = (key.text or "").strip()
    if not text:
        return ResolvedParty(None)
    by_number = gw_country(key.code) if key.code else None
    if match := _GOVERNMENT.match(text):
        country = by_number or name_country(match.group(1))
        return ResolvedParty(text, country, "GOV", None if country else f"no country called {match.group(1)!r}")
    if text.lower() == "civilians":
        country = name_country(key.extra or "")
        return ResolvedParty(f"Civilians ({key.extra})" if country else text, country, "CVL")
    found = Gazetteer.default().resolve_name(text, key.month) if key.month else None
    return ResolvedParty(text, by_number or (found.country if found else None), "REB")


FIELDS = {
    "record": "id",
    "date": "date_start::DATE",
    "date_precision": """CASE WHEN date_prec IN ('1', '2', '3') THEN 'day' WHEN date_prec = '4' THEN 'month'
        ELSE 'year' END""",
    "actor_text": "side_a",
    "actor_code": "gwnoa",
    "recipient_text": "side_b",
    "recipient_code": "gwnob",
    "recipient_extra": "CASE WHEN lower(side_b) = 'civilians' THEN country END",
    "deed": "type_of_violence",
    "place": "coalesce(nullif(where_coordinates, ''), nullif(adm_1, ''))",
    "place_code": "country",
    "latitude": "try_cast(latitude AS DOUBLE)",
    "longitude": "try_cast(longitude AS DOUBLE)",
    "place_precision": "CASE WHEN where_prec IN ('1', '2') THEN 3 WHEN where_prec IN ('3', '4') THEN 2 ELSE 1 END",
    "source": "nullif(source_office, '')",
    "sentence": "nullif(source_headline, '')",
    "sources": "try_cast(number_of_sources AS INTEGER)",
}


def _deed(key: DeedKey) -> Deed | None:
    """All of it is ASSAULT with at least one death; only one-sided violence says who attacked whom."""
    return plover_deed("ASSAULT") if (key.deed or "").strip() in ("1", "2", "3") else None


FORMAT = Format(
    name="ucdp-ged",
    title="UCDP Georeferenced Event Dataset (CSV)",
    coder="UCDP",
    layout=_layout,
    fields=FIELDS,
    columns=(
        *("id", "type_of_violence", "side_a", "side_b", "gwnoa", "gwnob", "number_of_sources", "source_office"),
        *("source_headline", "where_prec", "where_coordinates", "adm_1", "latitude", "longitude", "country"),
        *("date_prec", "date_start"),
    ),
    needs=("id", "date_start", "side_a", "side_b", "type_of_violence"),
    party=_party,
    deed=_deed,
    country=name_country,
    trust="0.90 + 0.05 * (coalesce(place_precision, 0) = 3)::INTEGER",
    dated_names=True,
)
