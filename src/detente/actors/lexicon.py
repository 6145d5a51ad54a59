"""The look-up table of all names and role words: a trie of tokens, built once from the tables.

Each node is a dictionary from the next token (lower case, no accents) to a node; under ``None`` stand the entries of
the phrase that ends there. Looking up a text costs one dictionary access a token, plus a walk where a name starts.
"""

from __future__ import annotations

import datetime
import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any, Literal, NamedTuple

from detente.actors.model import Actor, ActorKind, Office
from detente.actors.tables import COUNTRIES, Country, day, listed, rows

EntryKind = Literal[
    "country", "adjective", "national", "capital", "place", "seat", "people", "agency", "organisation", "armed group",
    "company", "person", "surname", "title", "head", "side", "pair", "block",
]  # fmt: skip
Node = dict[Any, Any]

ANY, CAPITAL, UPPER = 0, 1, 2


class Entry(NamedTuple):
    """One meaning of a phrase; ``case`` says how it must be written; ``start`` and ``end`` bound its days."""

    kind: EntryKind
    actor: Actor | None
    name: str
    country: str | None
    sector: str | None
    office: str | None
    case: int
    start: datetime.date | None
    end: datetime.date | None


class Leaf:
    """The meanings of a phrase, with what the reader asks of them worked out once."""

    __slots__ = ("always", "country", "entries", "personal")

    def __init__(self, entries: tuple[Entry, ...]) -> None:
        self.entries = entries
        self.always = all(entry.case == ANY and entry.start is None and entry.end is None for entry in entries)
        """Whether neither spelling nor day can rule a meaning out."""
        self.personal = all(entry.kind in ("surname", "person") for entry in entries)
        kinds = {entry.kind for entry in entries}
        countries = {entry.country for entry in entries}
        named = not self.personal and "place" not in kinds and len(countries) == 1
        self.country = next(iter(countries)) if named else None
        """The one country that the phrase names beyond doubt, if any."""


SPLIT = re.compile(r"(\w+)")
"""Cuts a text into gaps (even places) and tokens (odd places); ``'s`` gives a token ``s``, ``U.S.`` two letters."""


def fold_token(token: str) -> str:
    """A token as the trie has it: lower case, no accents."""
    if not token.isascii():
        token = unicodedata.normalize("NFKD", token).encode("ascii", "ignore").decode() or token
    return token.lower()


def tokens(phrase: str) -> list[str]:
    """Folded tokens of a phrase."""
    return [fold_token(token) for token in SPLIT.split(phrase)[1::2]]


def _add(root: Node, phrase: str, entry: Entry, leaves: list[Node]) -> None:
    node = root
    words = tokens(phrase)
    if not words:
        return
    for word in words:
        node = node.setdefault(word, {})
    known = node.get(None)
    if known is None:
        node[None] = [entry]
        leaves.append(node)
    elif entry not in known:
        known.append(entry)


def _case(phrase: str) -> int:
    """Acronyms must be written as such, names with a capital."""
    letters = phrase.replace(".", "").replace("-", "").replace(" ", "")
    return UPPER if letters.isupper() and len(letters) <= 6 else CAPITAL


def country_actor(known: Country) -> Actor:
    """The state as an actor; its sector is GOV, since a state acts through its government."""
    return Actor(known.name, "country", known.iso3, "GOV", known.aliases, (), known.start, known.end)


def _country_entries(known: Country) -> Iterator[tuple[str, Entry]]:
    actor = country_actor(known)
    code = known.iso3
    end = known.end
    for name in (known.name, *known.aliases):
        yield name, Entry("country", actor, known.name, code, "GOV", None, _case(name), None, None)
    for name in known.adjectives:
        yield name, Entry("adjective", actor, known.name, code, None, None, _case(name), None, None)
    for name in known.people:
        if name not in known.adjectives:
            yield name, Entry("national", None, name, code, "CVL", None, CAPITAL, None, None)
    for name in known.capitals:
        yield name, Entry("capital", actor, known.name, code, "GOV", None, CAPITAL, known.start, end)
        if known.predecessor and known.start:
            before = known.start - datetime.timedelta(days=1)
            yield name, Entry("place", None, name, known.predecessor, None, None, CAPITAL, None, before)
    if known.successor and not known.capitals and known.status == "former":
        for name in COUNTRIES[known.successor].capitals:
            yield name, Entry("capital", actor, known.name, code, "GOV", None, CAPITAL, None, end)


def _named(
    table: str, kind: EntryKind, actor_kind: ActorKind | None, sector: str | None
) -> Iterator[tuple[str, Entry]]:
    """Entries of a table with name, aliases, country and perhaps sector, kind, start, end."""
    for row in rows(table):
        own = row.get("kind") or ""
        this: EntryKind = kind
        if own in ("seat", "company"):
            this = "seat" if own == "seat" else "company"
        elif own == "armed":
            this = "armed group"
        elif own == "region":
            this = "people"
        code = row["country"] or None
        part = row.get("sector") or sector
        start, end = day(row.get("start") or ""), day(row.get("end") or "")
        aliases = listed(row.get("aliases") or "")
        actor = None
        if actor_kind is not None:
            actor = Actor(row["name"], actor_kind, code, part, aliases, (), start, end)
        for name in (row["name"], *aliases):
            bare = name.partition(" (")[0]
            case = _case(bare)
            yield bare, Entry(this, actor, row["name"], code, part, None, case, start, end)


def _people() -> dict[tuple[str, str | None], Actor]:
    """Persons with their offices; one person may have several rows."""
    offices: dict[tuple[str, str | None], list[Office]] = {}
    aliases: dict[tuple[str, str | None], list[str]] = {}
    for row in rows("people.csv"):
        key = (row["name"], row["country"] or None)
        start = day(row["start"])
        if start is None:
            start = datetime.date.min
        offices.setdefault(key, []).append(
            Office(key[1], row["office"], row["sector"] or "GOV", start, day(row["end"]), row["source"])
        )
        aliases.setdefault(key, []).extend(listed(row["aliases"]))
    rank = {"leader": 0, "monarch": 1, "president": 0, "prime minister": 1}
    return {
        key: Actor(
            name=key[0],
            kind="person",
            country=key[1],
            sector="GOV",
            aliases=tuple(dict.fromkeys(aliases[key])),
            offices=tuple(sorted(held, key=lambda o: (rank.get(o.office, 2), o.start))),
        )
        for key, held in offices.items()
    }


SURNAME_FIRST = frozenset({"CHN", "PRK", "KOR", "VNM", "TWN", "KHM", "HKG", "MMR", "RVN"})
_STYLES = frozenset({"king", "queen", "prince", "pope", "emperor", "sheikh", "sultan"})
"""Styles of monarchs, whose given name alone does not mean them."""
_SUFFIXES = frozenset(["jr", "sr", "ii", "iii", "iv"])


def surname(name: str, country: str | None) -> str:
    """The part of a person's name that stands for it alone, as one folded token."""
    words = tokens(name)
    if country in SURNAME_FIRST:
        return words[0]
    while len(words) > 1 and words[-1] in _SUFFIXES:
        words.pop()
    return words[-1]


def _person_entries(actor: Actor) -> Iterator[tuple[str, Entry]]:
    for name in (actor.name, *actor.aliases):
        kind: EntryKind = "person" if len(tokens(name)) > 1 else "surname"
        yield name, Entry(kind, actor, actor.name, actor.country, "GOV", None, CAPITAL, None, None)
    if tokens(actor.name)[0] in _STYLES:
        return
    last = surname(actor.name, actor.country)
    yield last, Entry("surname", actor, actor.name, actor.country, "GOV", None, CAPITAL, None, None)


def _role_entries() -> Iterator[tuple[str, Entry]]:
    for row in rows("roles.csv"):
        kind: EntryKind = "title" if row["type"] == "title" else "head"
        for phrase in listed(row["phrases"]):
            yield phrase, Entry(kind, None, row["label"], None, row["sector"], row["office"] or None, ANY, None, None)


def _side_entries() -> Iterator[tuple[str, Entry]]:
    for side in ("North", "South"):
        yield side, Entry("side", None, side, None, "GOV", None, CAPITAL, None, None)


def _shared_entries() -> Iterator[tuple[str, Entry]]:
    """Names that several countries share; the text decides which is meant."""
    for name in ("Korea", "Congo"):
        yield name, Entry("country", None, name, None, "GOV", None, CAPITAL, None, None)
    for name in ("Korean", "Congolese"):
        yield name, Entry("adjective", None, name, None, None, None, CAPITAL, None, None)
    yield "Koreans", Entry("national", None, "Koreans", None, "CVL", None, CAPITAL, None, None)
    for name, codes in (
        ("Koreas", "PRK KOR"),
        ("two Koreas", "PRK KOR"),
        ("both Koreas", "PRK KOR"),
        ("North and South Korea", "PRK KOR"),
        ("South and North Korea", "KOR PRK"),
        ("two Germanys", "DEU DDR"),
        ("East and West Germany", "DDR DEU"),
        ("two Sudans", "SDN SSD"),
        ("Sudan and South Sudan", "SDN SSD"),
    ):
        yield name, Entry("pair", None, codes, None, "GOV", None, ANY, None, None)


def entries() -> Iterator[tuple[str, Entry]]:
    """Every phrase with its meaning, the shipped tables in a fixed order."""
    for known in COUNTRIES.values():
        yield from _country_entries(known)
    yield from _named("agencies.csv", "agency", "agency", "GOV")
    yield from _named("organisations.csv", "organisation", "organisation", "IGO")
    yield from _named("armed_groups.csv", "armed group", "armed group", "REB")
    yield from _named("companies.csv", "company", "company", "BUS")
    yield from _named("peoples.csv", "people", "people", "CVL")
    yield from _named("places.csv", "place", None, None)
    yield from _named("blocks.csv", "block", None, None)
    for actor in _people().values():
        yield from _person_entries(actor)
    yield from _role_entries()
    yield from _side_entries()
    yield from _shared_entries()


def build(extra: Iterable[tuple[str, Entry]] = ()) -> Node:
    """A trie of the shipped tables; ``extra`` entries replace what the same phrase meant before."""
    root: Node = {}
    leaves: list[Node] = []
    for phrase, entry in entries():
        _add(root, phrase, entry, leaves)
    fresh: set[str] = set()
    for phrase, entry in extra:
        node = root
        for word in tokens(phrase):
            node = node.setdefault(word, {})
        key = " ".join(tokens(phrase))
        if key not in fresh:
            if None not in node:
                leaves.append(node)
            node[None] = []
            fresh.add(key)
        node[None].append(entry)
    for node in leaves:
        node[None] = Leaf(tuple(node[None]))
    return root


@cache
def holders() -> dict[tuple[str | None, str], list[tuple[datetime.date, datetime.date | None, Actor]]]:
    """(country, office) to those who held it, by first day: who "the Russian president" is on a day."""
    found: dict[tuple[str | None, str], list[tuple[datetime.date, datetime.date | None, Actor]]] = {}
    for actor in _people().values():
        for office in actor.offices:
            found.setdefault((office.country, office.office), []).append((office.start, office.end, actor))
    for held in found.values():
        held.sort(key=lambda item: item[0])
    return found
