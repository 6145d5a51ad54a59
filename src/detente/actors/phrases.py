"""Second pass: neighbouring hits become one noun phrase, and the phrase is read as one actor."""

from __future__ import annotations

import datetime
import re
from difflib import SequenceMatcher
from functools import lru_cache
from typing import NamedTuple

from detente.actors.lexicon import SURNAME_FIRST, Entry, holders, surname, tokens
from detente.actors.model import Actor, MentionKind
from detente.actors.scan import Tokens
from detente.actors.tables import COUNTRIES, word_list

NATION = frozenset({"country", "adjective", "national", "capital", "people", "seat", "place"})
BODY = frozenset({"agency", "organisation", "armed group", "company"})
ROLE = frozenset({"title", "head"})
_MARKS = frozenset(',.;:()"“”–—!?/')
"""What no phrase goes on over."""

_FORMER = word_list("former")
_MODIFIER = word_list("modifier")
_SUFFIX = ("al", "ic", "ary", "ive", "ist", "ous", "ese", "ian", "ern", "ior", "istic")
_DISTANT = re.compile(r"-(?:backed|supported|funded|trained|armed|aligned|allied|sponsored|occupied|made|born|"
                      r"friendly|bound|style|administered|controlled|ruled)\b")  # fmt: skip
_PARTICLE = word_list("particle")
_GENERIC = frozenset(
    {"Official", "Leader", "Military Personnel", "Ambassador", "Citizens", "President", "Minister", "Refugees", "Media"}
)
GRACE = datetime.timedelta(days=7)
"""Days for which somebody who left office without a new one is still reported in it."""
ALMOST = 0.83
"""Likeness of spelling (difflib's ratio) from which a surname counts as a slip for another: two letters in ten.

Chosen on the misspelt names of one development set (Bouteflicka, Gbago); not tuned further."""
MAX_GAP = 40
"""Longest text, in characters, between two words of one phrase that is looked at; bounds the work on odd texts."""


class Unit(NamedTuple):
    """A hit with its chosen meaning."""

    first: int
    last: int
    entry: Entry
    former: bool = False


class Described(NamedTuple):
    """A phrase read as an actor."""

    actor: Actor | None
    name: str
    country: str | None
    sector: str | None
    kind: MentionKind
    role: str | None
    fixed: bool = False
    """Whether the country is known to be this, also where it is None: no guess from the text around."""
    label: str | None = None
    """Name of the role, for a role whose country is still open."""


def _fillers(cut: Tokens, left: int, right: int) -> bool:
    """Whether the tokens from ``left`` to ``right`` are modifiers of what follows."""
    between = cut.folded[left:right]
    if len(between) > 4:
        return False
    return all(
        word == "s" or word in _MODIFIER or (word.endswith(_SUFFIX) and cut.words[left + n].islower())
        for n, word in enumerate(between)
    )


def joins(cut: Tokens, a: Unit, b: Unit) -> bool:
    """Whether two neighbouring units belong to one noun phrase."""
    left, right = a.entry.kind, b.entry.kind
    between = cut.text[cut.ends[a.last - 1] : cut.starts[b.first]]
    if len(between) > MAX_GAP:
        return False
    direct = between in (" ", "-", "\n", "\u00a0") or (not between.strip(" ") and len(between) <= 2)
    owned = between.startswith(("'", "’"))
    if not direct and (not _MARKS.isdisjoint(between) or not _fillers(cut, a.last, b.first)):
        return False
    if right == "block" or (left in ("block", "pair", "side", "place") and not owned and right not in ROLE):
        return False
    if right in ROLE:
        if left in ("adjective", "people", "national") or left in BODY or left in ROLE or owned:
            return True
        if left in ("person", "surname"):
            return direct and b.entry.name == "Government"
        return between.startswith("-based ") or (direct and not _after_preposition(cut, a.first))
    if right in ("person", "surname"):
        return (direct and left in ROLE and not _plural(cut, a)) or (
            left in ("adjective", "country", "capital") and (owned or (direct and left == "adjective"))
        )
    if right in BODY or right == "seat":
        if left in ROLE:
            return direct and right in ("armed group", "company")
        return (left in ("adjective", "people") and direct) or (owned and left in NATION)
    if right == "people":
        return left in ("adjective", "country") and (direct or owned)
    return False


def _after_preposition(cut: Tokens, first: int) -> bool:
    return first > 0 and cut.folded[first - 1] in ("in", "at", "from", "to", "with", "by", "against", "near", "on")


def _plural(cut: Tokens, unit: Unit) -> bool:
    word = cut.folded[unit.last - 1]
    return word.endswith("s") and not word.endswith("ss") and word not in ("affairs", "states")


def is_former(cut: Tokens, first: int) -> bool:
    """Whether the word before says that the office is past."""
    if first == 0:
        return False
    before = cut.folded[first - 1]
    return before in _FORMER and cut.text[cut.ends[first - 1] : cut.starts[first]] in (" ", "-")


def unknown_name(cut: Tokens, first: int, stops: frozenset[int] | set[int]) -> int:
    """Token after the person's name that starts at ``first`` (capitalised words, particles); ``first`` if none."""
    position = first
    text, words, folded, starts, ends = cut
    while position < len(words) and position - first < 5 and position not in stops:
        word = words[position]
        if position > first or position > 0:
            between = text[ends[position - 1] : starts[position]]
            initial = len(words[position - 1]) == 1 or words[position - 1][-1:] == "."
            if not (between in (" ", "-", "\n") or (between in (". ", ".") and initial)):
                break
        if (
            (word[0].isupper() and not (word.isupper() and len(word) > 4 and not text.isupper()))
            or (folded[position] in _PARTICLE and position > first)
            or (text[ends[position - 1] : starts[position]] == "-" and position > first)
        ):
            position += 1
        else:
            break
    while position > first and folded[position - 1] in _PARTICLE:
        position -= 1
    return position


def backer(cut: Tokens, unit: Unit) -> bool:
    """Whether a country is named only as what somebody is for, against, backed by or based in."""
    if unit.first and cut.folded[unit.first - 1] in ("anti", "pro"):
        return True
    end = cut.ends[unit.last - 1]
    return cut.text.startswith("-", end) and _DISTANT.match(cut.text, end) is not None


def country_of(cut: Tokens, chain: list[Unit]) -> str | None:
    """Country that a chain of units names: its last nation before the head that is not only a backer."""
    person: str | None = None
    for unit in chain:
        country = unit.entry.country
        if country is None:
            continue
        if unit.entry.kind in ("person", "surname"):
            person = person or country
        elif not backer(cut, unit):
            return country
    return person


def _sector(chain: list[Unit]) -> str | None:
    """Sector of the head; a general head (``spokesman``, ``leaders``) takes that of the body it belongs to."""
    heads = [u for u in chain if u.entry.kind in ROLE]
    bodies = [u for u in chain if u.entry.kind in BODY or u.entry.kind == "seat"]
    if not heads:
        return None
    sector = heads[-1].entry.sector
    sectors = [u.entry.sector for u in heads]
    for strong in ("REB", "OPP"):
        if strong in sectors[:-1] and sector in ("GOV", "MIL", "CVL", "PTY"):
            return strong
    if heads[-1].entry.name in _GENERIC or sector == "GOV":
        for unit in reversed(heads[:-1]):
            if unit.entry.sector not in ("GOV", None):
                return unit.entry.sector
        of_body = heads[-1].entry.name in _GENERIC or any(u.entry.kind in ("armed group", "company") for u in bodies)
        if bodies and of_body and heads[-1].entry.office in (None, "leader"):
            return bodies[-1].entry.sector
    return sector


def holder(country: str | None, office: str | None, when: datetime.date) -> Actor | None:
    """Who held an office on that day; the latest to enter where terms overlap."""
    if country is None or office is None:
        return None
    keys = [(country, office)]
    if office == "leader":
        keys += [(country, "president"), (country, "prime minister")] if (country, "leader") not in holders() else []
    for key in keys:
        held = [who for start, end, who in holders().get(key, ()) if start <= when and (end is None or when <= end)]
        if held:
            return held[-1]
    return None


def describe(
    cut: Tokens, chain: list[Unit], name: str | None, hint: str | None, place: bool, when: datetime.date
) -> Described:
    """The actor that a chain means; ``name`` is a person's name that no table knows, ``hint`` a country by context."""
    head = chain[-1]
    kind = head.entry.kind
    country = country_of(cut, chain)
    former = any(unit.former or unit.entry.office == "former" for unit in chain)
    if kind in ("person", "surname") and head.entry.actor is not None:
        return _person(head.entry.actor, chain, country, former, when)
    if name is not None:
        sector = "ELI" if former else _sector(chain)
        igo = any(unit.entry.kind == "organisation" for unit in chain)
        role = head.entry.office or head.entry.name
        kept = country or (None if igo else hint)
        return Described(None, name, kept, sector, "former" if former else "person", role, igo)
    if kind in ROLE:
        return _role(cut, chain, country, hint, former, when)
    if kind in NATION:
        return _nation(cut, head, country or hint, place)
    return _body(cut, chain, country)


def _nation(cut: Tokens, head: Unit, country: str | None, place: bool) -> Described:
    """A country, people, capital, seat or place that stands alone."""
    entry = head.entry
    kind = entry.kind
    if kind == "country" and not backer(cut, head):
        return Described(entry.actor, entry.name, entry.country, "GOV", "country", None)
    if kind in ("adjective", "country"):
        return Described(entry.actor, entry.name, entry.country, None, "modifier", None)
    if kind == "national":
        known = COUNTRIES.get(entry.country or "")
        return Described(
            None, f"Citizens ({known.name})" if known else entry.name, entry.country, "CVL", "people", None
        )
    if kind == "capital":
        if place:
            return Described(
                None, cut.text[cut.starts[head.first] : cut.ends[head.last - 1]], entry.country, None, "place", None
            )
        return Described(entry.actor, entry.name, entry.country, "GOV", "government", None)
    if kind == "seat":
        return Described(entry.actor, entry.name, entry.country, entry.sector, "government", None)
    if kind == "place":
        return Described(None, entry.name, entry.country, None, "place", None)
    return Described(entry.actor, entry.name, country, entry.sector, "people", None)


def _body(cut: Tokens, chain: list[Unit], country: str | None) -> Described:
    """An agency, organisation, armed group or company."""
    head = chain[-1]
    entry = head.entry
    named: MentionKind = "agency"
    if entry.kind in ("organisation", "armed group", "company"):
        named = entry.kind
    if named == "agency" and country not in (None, entry.country):
        words = cut.text[cut.starts[chain[0].first] : cut.ends[head.last - 1]]
        return Described(None, words, country, entry.sector, named, None, True)
    own = entry.country if named == "organisation" else entry.country or country
    return Described(entry.actor, entry.name, own, entry.sector, named, None, True)


def _person(actor: Actor, chain: list[Unit], country: str | None, former: bool, when: datetime.date) -> Described:
    office = actor.office_at(when)
    titles = [unit for unit in chain if unit.entry.kind == "title"]
    if not former and office is None:
        office = actor.office_at(when - GRACE)
    if not former and office is not None:
        return Described(actor, actor.name, office.country, office.sector, "person", office.office, True)
    if former or any(held.end is not None and held.end < when for held in actor.offices):
        if titles and not former and office is None:
            sector = titles[-1].entry.sector
            return Described(actor, actor.name, actor.country, sector, "person", titles[-1].entry.office, True)
        return Described(actor, actor.name, actor.country, "ELI", "former", None, True)
    sector = titles[-1].entry.sector if titles else None
    role = titles[-1].entry.office if titles else None
    return Described(actor, actor.name, actor.country or country, sector, "person", role)


def _role(
    cut: Tokens, chain: list[Unit], country: str | None, hint: str | None, former: bool, when: datetime.date
) -> Described:
    head = chain[-1].entry
    bodies = [unit for unit in chain if unit.entry.kind in BODY]
    sector = "ELI" if former else _sector(chain)
    body = bodies[-1].entry if bodies else None
    international = body is not None and body.country is None
    country = country or (None if international else hint)
    label = head.name
    role = head.office or label
    if body is not None:
        if international and sector == "GOV":
            sector = body.sector
        only_office = len(chain) == 2 and head.name in ("Official", "Leader", "Ambassador")
        start, end = min(unit.first for unit in chain), max(unit.last for unit in chain)
        words = cut.text[cut.starts[start] : cut.ends[end - 1]]
        return Described(body.actor, body.name if only_office else words, country, sector, "role", role, international)
    known = COUNTRIES.get(country or "")
    if former:
        return Described(
            None, f"Former {label}" + (f" ({known.name})" if known else ""), country, "ELI", "former", role
        )
    singular = not _plural(cut, chain[-1])
    if singular and not any(u.entry.kind == "head" for u in chain):
        who = holder(country, head.office, when)
        if who is not None:
            return Described(who, who.name, country, sector, "person", head.office)
    if known is None:
        words = cut.text[cut.starts[chain[0].first] : cut.ends[chain[-1].last - 1]]
        return Described(None, words, None, sector, "role", role, label=label)
    return Described(None, f"{label} ({known.name})", country, sector, "role", role)


@lru_cache(maxsize=4096)
def misspelt(name: str, office: str | None, when: datetime.date) -> Actor | None:
    """The holder of an office on that day whose surname is spelt almost like this one's."""
    if office is None:
        return None
    last = surname(name, None)
    if len(last) < 5:
        return None
    best: tuple[float, Actor] | None = None
    for (_, held), terms in holders().items():
        if held != office:
            continue
        for start, end, who in terms:
            if start <= when and (end is None or when <= end):
                known = surname(who.name, who.country)
                if known[0] == last[0] and abs(len(known) - len(last)) <= 2:
                    ratio = SequenceMatcher(None, known, last).ratio()
                    if ratio >= ALMOST and (best is None or ratio > best[0]):
                        best = (ratio, who)
    return best[1] if best is not None else None


def remembered_as(name: str, country: str | None) -> tuple[str, ...]:
    """Folded words by which a person is mentioned again: the surname, where that may come first also the first word."""
    last = surname(name, country)
    if country in SURNAME_FIRST:
        return (last, surname(name, None))
    if country is None:
        return (last, tokens(name)[0])
    return (last,)
