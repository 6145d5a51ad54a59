"""ICEWS as the knowledge-graph benchmarks have it: date, source, event name, target; ids of entities left out."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from detente.datasets.codes import name_country
from detente.datasets.format import Deed, DeedKey, Format, Layout, cameo_deed
from detente.datasets.icews import icews_party
from detente.ontology import CAMEO

__all__ = ["FORMAT"]


def _layout(head: bytes) -> Layout:
    del head  # every file has the same
    return Layout(types={"date": "DATE"}, dateformat="%Y-%m-%d", whole=("event",))


@cache
def _names() -> Mapping[str, str]:
    """CAMEO code by name in lower case, the broadest where several share it."""
    return {CAMEO[code].name.lower(): code for code in sorted(CAMEO, reverse=True)}


FIELDS = {
    "record": "left(md5(concat_ws(chr(31), date::VARCHAR, source, event, target)), 16)",
    "date": "date",
    "actor_text": "source",
    "recipient_text": "target",
    "deed": "event",
}


def _deed(key: DeedKey) -> Deed | None:
    return cameo_deed(_names().get((key.deed or "").strip().lower()))


FORMAT = Format(
    name="icews-tkg",
    title="ICEWS in benchmark form (date, source, event name, target)",
    coder="ICEWS",
    layout=_layout,
    fields=FIELDS,
    columns=("date", "source", "event", "target"),
    needs=("date", "source", "event", "target"),
    party=icews_party,
    deed=_deed,
    country=name_country,
    trust="0.65",
    dated_names=True,
)
