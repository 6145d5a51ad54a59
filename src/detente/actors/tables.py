"""The tables of actors: CSV files beside this module, read once."""

from __future__ import annotations

import csv
import datetime
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Literal

_DATA = Path(__file__).parent / "data"


@dataclass(frozen=True, slots=True)
class Country:
    """A state, or a former or partly recognised one.

    ``status`` is member or observer of the United Nations, other, or former; a former state has an ``end`` and the
    ``successor`` that carries its capital on. ``predecessor`` is the state that a younger one was part of before.
    """

    iso3: str
    iso2: str | None
    name: str
    status: Literal["member", "observer", "other", "former"]
    start: datetime.date | None
    end: datetime.date | None
    successor: str | None
    predecessor: str | None
    aliases: tuple[str, ...]
    adjectives: tuple[str, ...]
    people: tuple[str, ...]
    capitals: tuple[str, ...]


def rows(name: str) -> Iterator[dict[str, str]]:
    """Rows of one of the tables, as text."""
    with (_DATA / name).open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def listed(cell: str) -> tuple[str, ...]:
    """The parts of a cell that holds several values."""
    return tuple(part for part in cell.split("|") if part)


def day(cell: str) -> datetime.date | None:
    """A day, or None for an empty cell; a month or year means its first day."""
    if not cell:
        return None
    return datetime.date.fromisoformat((cell + "-01-01")[:10] if len(cell) < 10 else cell)


def _countries() -> Mapping[str, Country]:
    found: dict[str, Country] = {}
    for row in rows("countries.csv"):
        found[row["iso3"]] = Country(
            iso3=row["iso3"],
            iso2=row["iso2"] or None,
            name=row["name"],
            status=row["status"],  # type: ignore[arg-type]  # a test holds the column to these values
            start=day(row["start"]),
            end=day(row["end"]),
            successor=row["successor"] or None,
            predecessor=row["predecessor"] or None,
            aliases=listed(row["aliases"]),
            adjectives=listed(row["adjectives"]),
            people=listed(row["people"]),
            capitals=listed(row["capitals"]),
        )
    return MappingProxyType(found)


COUNTRIES: Mapping[str, Country] = _countries()
"""Every country by its code: ISO 3166-1 alpha-3, ISO 3166-3 for former states, KOS for Kosovo as in PLOVER."""


@cache
def _words() -> Mapping[str, frozenset[str]]:
    return MappingProxyType({row["list"]: frozenset(row["words"].split()) for row in rows("words.csv")})


def word_list(name: str) -> frozenset[str]:
    """One of the word lists that reading goes by, folded to lower case."""
    return _words()[name]


@cache
def memberships() -> Mapping[str, tuple[tuple[str, datetime.date | None, datetime.date | None], ...]]:
    """Group name to (country, since, until) of its members, in the table's order."""
    found: dict[str, list[tuple[str, datetime.date | None, datetime.date | None]]] = {}
    for row in rows("groups.csv"):
        for code in row["members"].split():
            found.setdefault(row["group"], []).append((code, day(row["start"]), day(row["end"])))
    return MappingProxyType({name: tuple(members) for name, members in found.items()})
