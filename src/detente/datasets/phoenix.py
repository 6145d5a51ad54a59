"""Phoenix, coded by PETRARCH: daily tab files of 26 columns without a header line, actors in CAMEO codes."""

from __future__ import annotations

from dataclasses import replace

from detente.datasets.codes import cameo_party, name_country
from detente.datasets.format import Deed, DeedKey, Format, Layout, cameo_deed
from detente.errors import BadInput

__all__ = ["FORMAT"]

_PARTY = ("full", "entity", "role", "attribute")
_COLUMNS = (
    *("record", "day", "year", "month", "dom"),
    *(f"{party}_{name}" for party in ("actor", "target") for name in _PARTY),
    *("cameo", "root_code", "quad", "goldstein", "issues", "latitude", "longitude", "place", "state", "country"),
    *("sentence_ids", "urls", "publishers"),
)
_LAYOUT = Layout(columns=_COLUMNS, types={"day": "DATE"}, dateformat="%Y%m%d", whole=("record", "cameo"))


def _layout(head: bytes) -> Layout:
    widths = [line.count(b"\t") + 1 for line in head.split(b"\n")[:50] if line.strip()]
    likely = max(set(widths), key=widths.count, default=0)
    if likely not in (len(_COLUMNS), len(_COLUMNS) + 1):  # later files add the sentence that the place was found in
        raise BadInput(f"rows have {likely} columns; Phoenix's have {len(_COLUMNS)}")
    if likely == len(_COLUMNS):
        return _LAYOUT
    return replace(_LAYOUT, columns=(*_COLUMNS, "place_sentence"))


FIELDS = {
    "record": "record",
    "date": "day",
    "actor_code": "actor_full",
    "recipient_code": "target_full",
    "deed": "cameo",
    "contexts": "issues",
    "place": "nullif(place, '')",
    "place_code": "country",
    "latitude": "try_cast(latitude AS DOUBLE)",
    "longitude": "try_cast(longitude AS DOUBLE)",
    "place_precision": "CASE WHEN place <> '' THEN 3 WHEN state <> '' THEN 2 WHEN country <> '' THEN 1 END",
    "url": "nullif(split_part(urls, ';', 1), '')",
    "source": "nullif(split_part(publishers, ';', 1), '')",
    "sentence_no": "try_cast(split_part(split_part(sentence_ids, ';', 1), '_', -1) AS INTEGER)",
    "sources": "len(list_distinct(string_split(publishers, ';')))",
    "articles": "len(string_split(urls, ';'))",
}


def _deed(key: DeedKey) -> Deed | None:
    return cameo_deed(key.deed)


FORMAT = Format(
    name="phoenix",
    title="Phoenix, coded by PETRARCH (26 columns)",
    coder="PETRARCH",
    layout=_layout,
    fields=FIELDS,
    party=cameo_party,
    deed=_deed,
    country=name_country,
    trust=(
        "0.30 + 0.20 * least(1.0, ln(greatest(sources, 1)) / ln(5)) "
        "+ 0.15 * (coalesce(place_precision, 0) = 3)::INTEGER "
        "+ 0.10 * coalesce(sentence_no <= 1, false)::INTEGER + 0.05 * (url IS NOT NULL)::INTEGER"
    ),
    repeats=True,
)
