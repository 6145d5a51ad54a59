"""Any table of events, CSV or Parquet, with a mapping of its columns: ``date=day, actor=from, event=type``."""

from __future__ import annotations

from collections.abc import Mapping

from detente.actors import Gazetteer
from detente.datasets.codes import name_country
from detente.datasets.format import Deed, DeedKey, Format, Layout, PartyKey, ResolvedParty, cameo_deed, plover_deed
from detente.errors import BadInput, BadOption
from detente.ontology import SECTORS

__all__ = ["MAPPED", "table_format"]

MAPPED: Mapping[str, str] = {
    "id": "the table's own id of the event; made from the row's content where there is none",
    "date": "when it took place",
    "published": "day of the report",
    "event": "PLOVER type or CAMEO code",
    "mode": "PLOVER mode",
    "contexts": "PLOVER contexts, parted by semicolons",
    "actor": "who acts, by name",
    "actor_country": "its country, by name or code",
    "actor_sector": "its sector code",
    "recipient": "whom it is done to, by name",
    "recipient_country": "its country",
    "recipient_sector": "its sector code",
    "intensity": "-10 to +10",
    "place": "where it took place, by name",
    "place_country": "in which country",
    "latitude": "degrees north",
    "longitude": "degrees east",
    "url": "address of the report",
    "source": "who published it",
    "story": "id of the report that it is from",
    "sentence": "the words that say so",
    "mentions": "how often reports mention it",
    "sources": "how many publishers report it",
    "articles": "how many articles report it",
    "reliability": "0 to 1",
}
"""What a column of the table can be mapped to, and what that means."""

_RENAMED = {
    "id": "record",
    "event": "deed",
    "actor": "actor_text",
    "actor_country": "actor_code",
    "actor_sector": "actor_extra",
    "recipient": "recipient_text",
    "recipient_country": "recipient_code",
    "recipient_sector": "recipient_extra",
    "place_country": "place_code",
}
_NUMBERS = {"latitude": "DOUBLE", "longitude": "DOUBLE"} | dict.fromkeys(("mentions", "sources", "articles"), "INTEGER")
# ISO days first; then what spreadsheets write. Days before months, as most of the world has it.
_DATES = ("%Y%m%d", "%d.%m.%Y", "%d/%m/%Y", "%d %B %Y", "%B %d, %Y")


def _layout(head: bytes) -> Layout:
    """Tab, semicolon or comma: the one that the first line has most of."""
    first = head.split(b"\n", 1)[0]
    delimiter = max("\t,;|", key=lambda mark: first.count(mark.encode()))
    return Layout(delimiter=delimiter, quote='"')


def _party(key: PartyKey) -> ResolvedParty:
    """The country and sector that the table gives; what it does not give, by the name at its month."""
    text = (key.text or "").strip()
    given = name_country(key.code) if key.code else None
    sector = (key.extra or "").strip().upper()
    sector = sector if sector in SECTORS else ""
    if not text and not given:
        reason = f"no country called {key.code!r}" if key.code else None
        return ResolvedParty(key.code, None, sector or None, reason)
    found = Gazetteer.default().resolve_name(text, key.month) if text and key.month else None
    country = given or (found.country if found else None)
    name = found.name if found and (given is None or found.country == given) else text or str(key.code)
    reason = None if country or sector or (found and found.sector) else "actor without country or sector"
    return ResolvedParty(name, country, sector or (found.sector if found else None), reason)


def _deed(key: DeedKey) -> Deed | None:
    """PLOVER's word or CAMEO's code; an intensity of the table's own goes before either's."""
    contexts = tuple(part.strip().lower() for part in (key.contexts or "").replace(",", ";").split(";") if part.strip())
    found = plover_deed(key.deed, key.mode, contexts) or cameo_deed((key.deed or "").strip())
    if found is None or not key.intensity:
        return found
    try:
        scale = float(key.intensity)
    except ValueError:
        return found._replace(reason=f"intensity {key.intensity!r} is no number")
    return found._replace(intensity=max(-10.0, min(10.0, scale)))


def _date(column: str) -> str:
    formats = ", ".join(f"'{form}'" for form in _DATES)
    return (
        f"coalesce(try_cast(left({column}::VARCHAR, 10) AS DATE), try_strptime({column}::VARCHAR, [{formats}])::DATE)"
    )


def table_format(mapping: Mapping[str, str], dataset: str = "table") -> Format:
    """The format of a table whose columns are mapped: names of ``MAPPED`` to those of the columns.

    BadOption for an unknown name, BadInput where ``date`` and ``event`` are not mapped. ``dataset`` is the name under
    which the events are kept: two tables with ids of their own need two.
    """
    for name in mapping:
        if name not in MAPPED:
            raise BadOption("--map", name, tuple(MAPPED))
    if missing := [name for name in ("date", "event") if name not in mapping]:
        raise BadInput(f"--map must say which column is {' and '.join(missing)}")
    columns = {name: '"' + column.replace('"', '""') + '"' for name, column in mapping.items()}
    fields = {}
    for name, column in columns.items():
        plain = f"nullif(trim({column}::VARCHAR), '')"
        if name in ("date", "published"):
            fields[name] = _date(column)
        elif name in _NUMBERS:
            fields[name] = f"try_cast({column} AS {_NUMBERS[name]})"
        elif name != "reliability":
            fields[_RENAMED.get(name, name)] = plain
    if "record" not in fields:
        fields["record"] = f"left(md5(concat_ws(chr(31), {', '.join(f'{c}::VARCHAR' for c in columns.values())})), 16)"
    trust = "0.60"
    if "reliability" in columns:
        fields["trust"] = f"try_cast({columns['reliability']} AS FLOAT)"
        trust = "s.trust"
    return Format(
        name="table",
        title="any table, CSV or Parquet, with --map",
        coder=dataset,
        layout=_layout,
        fields=fields,
        columns=tuple(mapping.values()),
        needs=(mapping["date"], mapping["event"]),
        party=_party,
        deed=_deed,
        country=name_country,
        trust=trust,
        dated_names=True,
        dataset=dataset,
    )
