"""POLECAT, coded by NGEC: the weekly tab files with a header line of 40 columns, in PLOVER's own words."""

from __future__ import annotations

import re

from detente.actors import Gazetteer
from detente.datasets.codes import name_country
from detente.datasets.format import Deed, DeedKey, Format, Layout, PartyKey, ResolvedParty, plover_deed
from detente.ontology import SECTORS

__all__ = ["FORMAT"]

_PART = re.compile(r"[;,]\s*")


def _layout(head: bytes) -> Layout:
    del head  # every file has the same
    return Layout(types={"Event Date": "DATE"}, dateformat="%Y-%m-%d", whole=("Event ID", "Event Type"))


def _party(key: PartyKey) -> ResolvedParty:
    """The name that NGEC found, with its country and primary sector; of several countries the first."""
    text = (key.text or "").strip()
    if not text:
        return ResolvedParty(None)
    countries = [c for part in _PART.split(key.code or "") if (c := name_country(part.strip()))]
    sectors = [part for part in _PART.split((key.extra or "").upper()) if part in SECTORS]
    found = Gazetteer.default().resolve_name(text, key.month) if key.month else None
    country = countries[0] if countries else found.country if found else None
    sector = sectors[0] if sectors else found.sector if found else None
    reason = None if country or sector else "actor without country or sector"
    name = found.name if found and (not countries or found.country == country) else text
    return ResolvedParty(name, country, sector, reason)


def _named(party: str) -> str:
    """The resolved name, else the words of the text; NGEC writes ``None`` for nothing."""
    plain = [f"""nullif(nullif(trim("{party} {name}"), 'None'), '')""" for name in ("Name", "Name Raw")]
    return f"coalesce({', '.join(plain)})"


FIELDS = {
    "record": '"Event ID"',
    "date": '"Event Date"',
    "published": 'try_cast(left("Publication Date", 10) AS DATE)',
    "actor_text": _named("Actor"),
    "actor_code": '"Actor Country"',
    "actor_extra": '"Primary Actor Sector"',
    "recipient_text": _named("Recipient"),
    "recipient_code": '"Recipient Country"',
    "recipient_extra": '"Primary Recipient Sector"',
    "deed": '"Event Type"',
    "mode": '"Event Mode"',
    "contexts": '"Contexts"',
    "place": """nullif("Placename", 'None')""",
    "place_code": '"Country"',
    "latitude": 'try_cast("Latitude" AS DOUBLE)',
    "longitude": 'try_cast("Longitude" AS DOUBLE)',
    "place_precision": """CASE WHEN "City" NOT IN ('', 'None') THEN 3 WHEN "Province" NOT IN ('', 'None') THEN 2
        WHEN "Country" NOT IN ('', 'None') THEN 1 END""",
    "source": '"Source"',
}


def _deed(key: DeedKey) -> Deed | None:
    contexts = tuple(part.strip().lower().replace(" ", "_") for part in _PART.split(key.contexts or ""))
    mode = None if (key.mode or "").strip().lower() in ("", "none") else key.mode
    return plover_deed(key.deed, mode, contexts)


FORMAT = Format(
    name="polecat",
    title="POLECAT weekly files, coded by NGEC (40 columns)",
    coder="NGEC",
    layout=_layout,
    fields=FIELDS,
    columns=(
        *("Event ID", "Event Date", "Event Type", "Event Mode", "Contexts", "Actor Name", "Actor Country"),
        *("Primary Actor Sector", "Actor Name Raw", "Recipient Name", "Recipient Country", "Primary Recipient Sector"),
        *("Recipient Name Raw", "Placename", "City", "Province", "Country", "Latitude", "Longitude", "Source"),
        "Publication Date",
    ),
    needs=("Event ID", "Event Date", "Event Type", "Actor Name", "Recipient Name"),
    party=_party,
    deed=_deed,
    country=name_country,
    trust="0.55 + 0.15 * (coalesce(place_precision, 0) = 3)::INTEGER + 0.05 * (source IS NOT NULL)::INTEGER",
    dated_names=True,
)
