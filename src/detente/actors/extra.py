"""Actors that a user adds or overrides, from a YAML file.

The file holds a list under ``actors``; each has ``name``, ``kind`` and, as far as they apply, ``country``,
``sector``, ``aliases``, ``start``, ``end`` and, for a person, ``offices`` (``office``, ``country``, ``sector``,
``start``, ``end``).
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import yaml

from detente.actors.countries import find_country
from detente.actors.lexicon import CAPITAL, UPPER, Entry, EntryKind, surname
from detente.actors.model import Actor, ActorKind, Office
from detente.errors import BadDate, BadInput
from detente.ontology import SECTORS
from detente.records import parse_date

_KINDS: tuple[ActorKind, ...] = get_args(ActorKind)
_SECTOR = {
    "country": "GOV",
    "agency": "GOV",
    "organisation": "IGO",
    "armed group": "REB",
    "company": "BUS",
    "people": "CVL",
}
_KEYS = frozenset({"name", "kind", "country", "sector", "aliases", "start", "end", "offices"})
_OFFICE_KEYS = frozenset({"office", "country", "sector", "start", "end"})


class _Lined(dict[str, Any]):
    """A mapping that remembers its line in the file."""

    line: int = 0


class _Loader(yaml.SafeLoader):
    """Safe loader whose mappings know their line."""


def _mapping(loader: _Loader, node: yaml.MappingNode) -> _Lined:
    loader.flatten_mapping(node)
    found = _Lined((str(key), value) for key, value in loader.construct_mapping(node, deep=True).items())
    found.line = node.start_mark.line + 1
    return found


_Loader.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _mapping)


def load_extra(path: Path) -> Iterator[tuple[str, Entry]]:
    """Entries of a user's file; BadInput with file and line for whatever cannot be used."""
    try:
        # the loader is a SafeLoader: it builds plain values only
        data = yaml.load(path.read_text(encoding="utf-8"), Loader=_Loader)  # noqa: S506
    except OSError as error:
        raise BadInput(f"cannot be read: {error.strerror}", str(path)) from None
    except UnicodeDecodeError:
        raise BadInput("is not UTF-8 text", str(path)) from None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f"{path}:{mark.line + 1}" if mark is not None else str(path)
        raise BadInput(f"is not YAML: {getattr(error, 'problem', None) or error}", where) from None
    if not isinstance(data, dict) or not isinstance(data.get("actors"), list):
        raise BadInput("needs a list under 'actors'", str(path))
    for number, item in enumerate(data["actors"], start=1):
        if not isinstance(item, _Lined):
            raise BadInput(f"actor {number} is not a mapping", str(path))
        yield from _entries(item, f"{path}:{item.line}")


def _text(item: _Lined, key: str, where: str) -> str | None:
    value = item.get(key)
    if value is not None and not isinstance(value, str):
        raise BadInput(f"{key} {value!r} is not text", where)
    return value


def _day(item: _Lined, key: str, where: str) -> datetime.date | None:
    if item.get(key) is None:
        return None
    try:
        return parse_date(item[key], key)
    except BadDate as error:
        raise BadInput(str(error), where) from None


def _country(item: _Lined, where: str) -> str | None:
    value = _text(item, "country", where)
    if value is None:
        return None
    code = find_country(value)
    if code is None:
        raise BadInput(f"country {value!r} is unknown", where)
    return code


def _sector(item: _Lined, where: str, default: str | None) -> str | None:
    value = _text(item, "sector", where) or default
    if value is not None and value not in SECTORS:
        raise BadInput(f"sector {value!r} is not one of: {', '.join(SECTORS)}", where)
    return value


def _unknown_keys(item: _Lined, known: frozenset[str], where: str) -> None:
    strange = sorted(str(key) for key in item if key not in known)
    if strange:
        raise BadInput(f"{strange[0]!r} is not one of: {', '.join(sorted(known))}", where)


def _offices(item: _Lined, country: str | None, where: str) -> tuple[Office, ...]:
    held = item.get("offices") or []
    if not isinstance(held, list) or not all(isinstance(office, _Lined) for office in held):
        raise BadInput("offices is not a list of mappings", where)
    found = []
    for office in held:
        at = f"{where.rpartition(':')[0]}:{office.line}"
        _unknown_keys(office, _OFFICE_KEYS, at)
        title, start = _text(office, "office", at), _day(office, "start", at)
        if title is None or start is None:
            raise BadInput("an office needs 'office' and 'start'", at)
        sector = _sector(office, at, "GOV") or "GOV"
        found.append(Office(_country(office, at) or country, title, sector, start, _day(office, "end", at), at))
    return tuple(found)


def _entries(item: _Lined, where: str) -> Iterator[tuple[str, Entry]]:
    _unknown_keys(item, _KEYS, where)
    name, kind = _text(item, "name", where), item.get("kind")
    if not name or not name.strip():
        raise BadInput("an actor needs a name", where)
    if kind not in _KINDS:
        raise BadInput(f"kind {kind!r} is not one of: {', '.join(_KINDS)}", where)
    aliases = item.get("aliases") or []
    if not isinstance(aliases, list) or not all(isinstance(alias, str) and alias.strip() for alias in aliases):
        raise BadInput("aliases is not a list of names", where)
    country = _country(item, where)
    sector = _sector(item, where, _SECTOR.get(kind))
    start, end = _day(item, "start", where), _day(item, "end", where)
    actor = Actor(name, kind, country, sector, tuple(aliases), _offices(item, country, where), start, end)
    entry_kind: EntryKind = kind
    for known in (name, *aliases):
        case = UPPER if known.isupper() and len(known) <= 6 else CAPITAL
        yield known, Entry(entry_kind, actor, name, country, sector, None, case, start, end)
    if kind == "person":
        yield surname(name, country), Entry("surname", actor, name, country, sector, None, CAPITAL, start, end)
