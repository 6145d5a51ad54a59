"""GDELT: version 1.0 in its layouts of 57 and 58 columns, also mixed in one file, and the export of 2.0 with 61.

The mentions of 2.0 are read beside it (``mentions=``): how many mentions, articles and sources an event has by then.
"""

from __future__ import annotations

from dataclasses import replace

from detente.datasets.codes import cameo_party, fips_country
from detente.datasets.format import Deed, DeedKey, Format, Layout, cameo_deed
from detente.errors import BadInput

__all__ = ["FORMAT", "MENTIONS"]

_ACTOR = ["code", "name", "country", "group", "ethnic", "religion1", "religion2", "type1", "type2", "type3"]
_PLACE = ["type", "name", "country", "adm1", "adm2", "latitude", "longitude", "feature"]


def _columns(*, adm2: bool) -> tuple[str, ...]:
    """Column names in order; 2.0 has the second administrative level of each place beside the first."""
    place = [name for name in _PLACE if adm2 or name != "adm2"]
    return (
        *("record", "day", "month", "year", "fraction"),
        *(f"{party}_{name}" for party in ("actor1", "actor2") for name in _ACTOR),
        *("root", "cameo", "base", "root_code", "quad", "goldstein", "mentions", "sources", "articles", "tone"),
        *(f"{what}_{name}" for what in ("place1", "place2", "place") for name in place),
        *("added", "url"),
    )


_TYPES = {"record": "BIGINT", "day": "DATE", "mentions": "INTEGER", "sources": "INTEGER", "articles": "INTEGER"}
_ONE = Layout(columns=_columns(adm2=False), types=_TYPES, dateformat="%Y%m%d", whole=("record", "cameo", "added"))
_TWO = Layout(columns=_columns(adm2=True), types=_TYPES, dateformat="%Y%m%d", whole=("record", "cameo", "added"))

_MENTIONS = (
    *("record", "event_time", "mention_time", "kind", "source", "article", "sentence_no", "actor1_at", "actor2_at"),
    *("action_at", "raw", "confidence", "length", "tone", "translation", "extras"),
)


def _layout(head: bytes) -> Layout:
    """By the number of columns of the first lines: more than 58 means 2.0."""
    widths = [line.count(b"\t") + 1 for line in head.split(b"\n")[:50] if line.strip()]
    likely = max(set(widths), key=widths.count, default=0)
    if likely == len(_MENTIONS):
        raise BadInput("a mentions file; give it with --mentions beside the events")
    if likely < 50:
        raise BadInput(f"rows have {likely} columns; GDELT's have 57, 58 or 61")
    return _TWO if likely > 58 else _ONE


FIELDS = {
    "record_no": "record",
    "date": "day",
    "published": "try_strptime(left(added, 8), '%Y%m%d')::DATE",
    "actor_text": "actor1_name",
    "actor_code": "actor1_code",
    "recipient_text": "actor2_name",
    "recipient_code": "actor2_code",
    "deed": "cameo",
    "place": "place_name",
    "place_code": "place_country",
    "latitude": "CASE WHEN place_type <> '0' THEN try_cast(place_latitude AS DOUBLE) END",
    "longitude": "CASE WHEN place_type <> '0' THEN try_cast(place_longitude AS DOUBLE) END",
    "place_precision": """CASE WHEN place_type = '1' THEN 1 WHEN place_type IN ('2', '5') THEN 2
        WHEN place_type <> '0' THEN 3 END""",
    "url": "url",
    "mentions": "mentions",
    "sources": "sources",
    "articles": "articles",
    "root": "root = '1'",
}


def _deed(key: DeedKey) -> Deed | None:
    return cameo_deed(key.deed)


FORMAT = Format(
    name="gdelt",
    title="GDELT 1.0 (57 or 58 columns) and 2.0 export (61 columns)",
    coder="GDELT",
    layout=_layout,
    fields=FIELDS,
    party=cameo_party,
    deed=_deed,
    country=fips_country,
    trust=(
        "0.15 + 0.25 * coalesce(root, false)::INTEGER + 0.20 * least(1.0, ln(greatest(articles, 1)) / ln(20)) "
        "+ 0.15 * least(1.0, ln(greatest(sources, 1)) / ln(5)) + 0.10 * (coalesce(place_precision, 0) = 3)::INTEGER "
        "+ 0.05 * coalesce(url LIKE 'http%', false)::INTEGER"
    ),
    repeats=True,
)


def _mentions_layout(head: bytes) -> Layout:
    width = head.split(b"\n", 1)[0].count(b"\t") + 1
    if width != len(_MENTIONS):
        raise BadInput(f"rows have {width} columns; a mentions file has {len(_MENTIONS)}")
    return Layout(columns=_MENTIONS, types={"record": "BIGINT"}, whole=("record", "article"))


MENTIONS = replace(
    FORMAT,
    name="gdelt-mentions",
    title="GDELT 2.0 mentions (16 columns)",
    layout=_mentions_layout,
    fields={
        "record_no": "record",
        "date": "try_strptime(left(mention_time, 8), '%Y%m%d')::DATE",
        "source": "source",
        "url": "article",
        "sentence_no": "try_cast(sentence_no AS INTEGER)",
        "trust": "try_cast(confidence AS FLOAT) / 100",
    },
    repeats=False,
)
"""The mentions of 2.0, a row each: read beside the events, never as events of their own."""
