"""ICEWS raw event data: 20 columns with a header line, names of actors with sectors and countries in words."""

from __future__ import annotations

import re

from detente.actors import Gazetteer
from detente.datasets.codes import name_country, table
from detente.datasets.format import Deed, DeedKey, Format, Layout, PartyKey, ResolvedParty, cameo_deed

__all__ = ["FORMAT", "icews_party"]

# The first of these among an actor's sectors, in this order, says its sector; ICEWS lists them in no order.
_SECTORS = {
    "Insurgents": "REB",
    "Separatists": "REB",
    "Rebel": "REB",
    "Organized Violent": "REB",
    "Radicals / Extremists / Fundamentalists": "REB",
    "Unidentified Forces": "UAF",
    "Criminals / Gangs": "CRM",
    "Military": "MIL",
    "Police": "COP",
    "Judicial": "JUD",
    "Legislative / Parliamentary": "LEG",
    "Executive": "GOV",
    "Cabinet": "GOV",
    "Government": "GOV",
    "Dissident": "OPP",
    "Protestors / Popular Opposition / Mobs": "OPP",
    "Opposition Major Party (Out Of Government)": "OPP",
    "Parties": "PTY",
    "International Government Organization": "IGO",
    "Nongovernmental Organizations / Activists": "NGO",
    "Nongovernmental Organization (International)": "NGO",
    "Multinational Corporation": "MNC",
    "Media": "JRN",
    "Business": "BUS",
    "Education": "EDU",
    "Medical / Health": "MED",
    "Labor": "LAB",
    "Refugees / Displaced": "REF",
    "Agricultural": "AGR",
    "International Religious": "REL",
    "National Religious": "REL",
    "Legal": "JUD",
    "Elite": "ELI",
    "General Population / Civilian / Social": "CVL",
    "Social": "CVL",
}


def _layout(head: bytes) -> Layout:
    del head  # every file has the same
    return Layout(types={"Event Date": "DATE"}, dateformat="%Y-%m-%d", whole=("Event ID", "CAMEO Code"))


def icews_party(key: PartyKey) -> ResolvedParty:
    """An actor by name at its month, else by the country and the sectors that the row gives."""
    text = (key.text or "").strip()
    if not text:
        return ResolvedParty(None)
    given = name_country(key.code) if key.code else None
    listed = {part.strip() for part in (key.extra or "").split(",")}
    sector = next((code for name, code in _SECTORS.items() if name in listed), None)
    found = Gazetteer.default().resolve_name(text, key.month) if key.month else None
    if found is not None and (found.country or not given):
        country, part = given or found.country, found.sector or sector
        if country or part:
            return ResolvedParty(found.name, country, part)
    if text in table("icews_names"):
        country, part = table("icews_names")[text]
        return ResolvedParty(text, given or country or None, sector or part)
    general = _GENERAL.fullmatch(text)
    if general and not sector:
        sector = _KINDS.get(general[1])
    reason = None if given or sector else _UNKNOWN
    if key.code and not given:
        reason = f"no country called {key.code!r}"
    return ResolvedParty(text, given, sector or ("GOV" if given and name_country(text) == given else None), reason)


_UNKNOWN = "actor without country or sector"
# Actors in general, of no state: "Citizen (International)", "Media (Africa)".
_GENERAL = re.compile(r"(\w[\w ]*?)(?: Personnel)? \((?:International|Africa|Asia|Europe|Unidentified State Actor)\)")
_KINDS = {
    **dict.fromkeys(("Citizen", "Protester", "Student", "Children", "Women", "Employee"), "CVL"),
    **dict.fromkeys(("Media", "Journalist"), "JRN"),
    **dict.fromkeys(("Military", "Combatant"), "MIL"),
    **{"Police": "COP", "Criminal": "CRM", "Business": "BUS", "Armed Gang": "UAF", "Activist": "NGO"},
}

FIELDS = {
    # An event's number is not unique in itself, together with its date it is.
    "record": """"Event ID" || '/' || "Event Date"::VARCHAR""",
    "date": '"Event Date"',
    "actor_text": '"Source Name"',
    "actor_code": """nullif("Source Country", 'NA')""",
    "actor_extra": """nullif("Source Sectors", 'NA')""",
    "recipient_text": '"Target Name"',
    "recipient_code": """nullif("Target Country", 'NA')""",
    "recipient_extra": """nullif("Target Sectors", 'NA')""",
    "deed": '"CAMEO Code"',
    "place": """nullif(concat_ws(', ', nullif("City", 'NA'), nullif("Province", 'NA')), '')""",
    "place_code": """nullif("Country", 'NA')""",
    "latitude": 'try_cast("Latitude" AS DOUBLE)',
    "longitude": 'try_cast("Longitude" AS DOUBLE)',
    "place_precision": """CASE WHEN "City" <> 'NA' THEN 3 WHEN "Province" <> 'NA' THEN 2
        WHEN "Country" <> 'NA' THEN 1 END""",
    "source": '"Publisher"',
    "story": '"Story ID"',
    "sentence_no": 'try_cast("Sentence Number" AS INTEGER)',
}


def _deed(key: DeedKey) -> Deed | None:
    return cameo_deed(key.deed)


FORMAT = Format(
    name="icews",
    title="ICEWS coded event data, raw (20 columns)",
    coder="ICEWS",
    layout=_layout,
    fields=FIELDS,
    columns=(
        *("Event ID", "Event Date", "Source Name", "Source Sectors", "Source Country", "Event Text", "CAMEO Code"),
        *("Intensity", "Target Name", "Target Sectors", "Target Country", "Story ID", "Sentence Number", "Publisher"),
        *("City", "District", "Province", "Country", "Latitude", "Longitude"),
    ),
    needs=("Event ID", "Event Date", "Source Name", "CAMEO Code", "Target Name"),
    party=icews_party,
    deed=_deed,
    country=name_country,
    trust=(
        "0.55 + 0.10 * coalesce(sentence_no <= 2, false)::INTEGER + 0.10 * (coalesce(place_precision, 0) = 3)::INTEGER "
        "+ 0.05 * (source IS NOT NULL)::INTEGER"
    ),
    dated_names=True,
)
