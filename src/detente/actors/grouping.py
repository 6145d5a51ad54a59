"""A text read with the gazetteer: meanings chosen, phrases put together, mentions listed."""

from __future__ import annotations

import datetime
import re
from bisect import bisect_left
from functools import cached_property

from detente.actors import ambiguity
from detente.actors.lexicon import ANY, Entry, Node
from detente.actors.model import Mention, MentionKind
from detente.actors.phrases import (
    BODY,
    NATION,
    ROLE,
    Described,
    Unit,
    country_of,
    describe,
    holder,
    is_former,
    joins,
    misspelt,
    remembered_as,
    unknown_name,
)
from detente.actors.scan import Hit, scan, tokenise
from detente.actors.tables import COUNTRIES, word_list

_BEFORE_PLACE = word_list("before place")
_PERSONAL: frozenset[MentionKind] = frozenset({"person", "former"})
_BREAK = re.compile(r"[.!?\n](?:(?<=\n)|(?<![A-Z].)[\"”’')]*\s)")
DISTINCT = 7
"""Letters from which the surname of somebody out of office is taken without a title or country (``Gorbachev``)."""
_WEAK = word_list("weak head")
_DOMESTIC = frozenset({"GOV", "MIL", "COP", "JUD", "LEG", "SPY", "OPP"})
_OWNED = frozenset({"the", "its", "his", "her", "their"})
_COMMON = word_list("common surname")
_ENDS = frozenset(".;:!?")
_NAMED = NATION | BODY


class _Person:
    """Somebody named in the text: known to the tables or not."""

    __slots__ = ("actor", "country", "kind", "name", "role", "sector", "token")

    def __init__(self, described: Described, token: int) -> None:
        self.actor = described.actor
        self.name = described.name
        self.country = described.country
        self.sector = described.sector
        self.kind = described.kind
        self.role = described.role
        self.token = token


Chain = tuple[int, int, list[Unit], Described]
"""First token, token after the last, units and reading of a phrase."""


class Grouping:
    """The mentions of a text on a day, in document order."""

    def __init__(self, text: str, when: datetime.date, trie: Node) -> None:
        self.text = text
        self.when = when
        self._cut = tokenise(text)
        self._hits = scan(self._cut, trie, when)
        self._seen: list[str] = []
        self._persons: dict[str, _Person] = {}
        self._units: list[Unit] = self._choose() if self._hits else []
        self._chains: list[Chain] = []
        self.mentions: tuple[Mention, ...] = self._read()

    @cached_property
    def _taken(self) -> set[int]:
        """Tokens that belong to some known phrase."""
        return {token for hit in self._hits for token in range(hit.first, hit.last)}

    @cached_property
    def _firm(self) -> set[int]:
        """Tokens that belong to a known phrase that is no person's name."""
        return {token for hit in self._hits if not hit.leaf.personal for token in range(hit.first, hit.last)}

    @cached_property
    def _solid(self) -> set[int]:
        """Tokens that an unknown person's name cannot run over."""
        return {t for u in self._units if u.entry.kind != "surname" for t in range(u.first, u.last)}

    @cached_property
    def _by_first(self) -> dict[int, Hit]:
        return {hit.first: hit for hit in self._hits}

    @cached_property
    def _by_last(self) -> dict[int, Hit]:
        return {hit.last: hit for hit in self._hits}

    @cached_property
    def _only(self) -> str | None:
        """The one country of the text, if it is one."""
        countries = set(self._seen)
        return next(iter(countries)) if len(countries) == 1 else None

    @cached_property
    def _breaks(self) -> list[int]:
        """Offsets at which sentences end, good enough to tell near from far."""
        return [found.start() for found in _BREAK.finditer(self.text)]

    def _sentence(self, offset: int) -> int:
        """Number of the sentence around an offset."""
        return bisect_left(self._breaks, offset)

    # -- choosing meanings -------------------------------------------------------------------------------------------

    def _choose(self) -> list[Unit]:
        cut = self._cut
        seen = self._seen
        for hit in self._hits:
            if hit.leaf.country is not None:
                seen.append(hit.leaf.country)
        countries = set(seen)
        units: list[Unit] = []
        named: dict[str, Entry] = {}
        earlier: list[str] = []
        for hit in self._hits:
            entry = self._meaning(hit, countries, earlier, named)
            if entry is None or entry.kind == "block":
                continue
            if entry.country is not None:
                earlier.append(entry.country)
                if entry.country not in countries and entry.kind != "place":
                    countries.add(entry.country)
                    seen.append(entry.country)
            units.append(Unit(hit.first, hit.last, entry, is_former(cut, hit.first)))
        return units

    def _meaning(self, hit: Hit, countries: set[str], earlier: list[str], named: dict[str, Entry]) -> Entry | None:
        """What a phrase means here; None where it is no name after all."""
        entries = hit.leaf.entries
        first = entries[0]
        if hit.leaf.personal:
            entry = self._surname(hit, countries, named)
            if entry is not None and entry.actor is not None:
                for known in remembered_as(entry.actor.name, entry.country):
                    named[known] = entry
            return entry
        if first.kind == "side":
            code = ambiguity.side(self._cut, hit, earlier)
            return None if code is None else first._replace(kind="country", name=COUNTRIES[code].name, country=code)
        if first.case == ANY:
            return first
        if len(entries) > 1:
            entries = tuple(e for e in entries if e.kind not in ("surname", "person"))
        return ambiguity.choose(self._cut, hit, entries, countries, self._taken, self.when)

    def _surname(self, hit: Hit, countries: set[str], named: dict[str, Entry]) -> Entry | None:
        """The person that a full name or a surname means on this day, if it can be told."""
        cut = self._cut
        full = [entry for entry in hit.leaf.entries if entry.kind == "person"]
        if full:
            serving = [e for e in full if e.actor is not None and e.actor.office_at(self.when) is not None] or full
            return next((entry for entry in serving if entry.country in countries), serving[0])
        titled = self._titled(hit)
        if ambiguity.extends_right(cut, hit.last, ()) and not titled:
            return None
        if ambiguity.extends_right(cut, hit.last, self._firm):
            return None
        if not titled and (
            cut.folded[hit.first] in ambiguity.NOT_NAMES or ambiguity.personal(cut, hit.first, hit.last, set())
        ):
            return None
        if cut.folded[hit.first] in named and hit.last == hit.first + 1:
            return named[cut.folded[hit.first]]
        if cut.words[hit.first].isupper() and len(cut.words[hit.first]) < 4 and not cut.text.isupper():
            return None
        foreign = self._of_another_state(hit)
        held = None if foreign else self._once_in_office(hit)
        if foreign or held is not None:
            return held
        in_office = [e for e in hit.leaf.entries if e.actor is not None and e.actor.office_at(self.when) is not None]
        near = [e for e in (in_office or hit.leaf.entries) if e.country in countries]
        common = cut.folded[hit.first] in _COMMON or all(
            " " not in e.name and "-" not in e.name for e in hit.leaf.entries
        )
        if near and (titled or not common):
            return near[-1]
        if titled and in_office:
            return in_office[0] if len(in_office) == 1 else None
        if len(in_office) == 1 and len(hit.leaf.entries) == 1 and not common:
            return in_office[0]
        if (
            not in_office
            and len(hit.leaf.entries) == 1
            and not common
            and (titled or len(cut.folded[hit.first]) >= DISTINCT)
        ):
            return hit.leaf.entries[0]
        if near and len(near) == 1 and in_office:
            return near[0]
        return None

    def _of_another_state(self, hit: Hit) -> bool:
        """Whether the words before the title name a state that nobody known by this surname served."""
        title = self._by_last.get(hit.first)
        nation = self._by_last.get(title.first) if title else None
        if nation is None or not any(entry.kind in ("adjective", "national") for entry in nation.leaf.entries):
            return False
        states = {entry.country for entry in nation.leaf.entries}
        return all(entry.country not in states for entry in hit.leaf.entries)

    def _once_in_office(self, hit: Hit) -> Entry | None:
        """Who of that surname held the office that stands before it, last before or on this day.

        "President Carter" means the one who was president also in what was written later.
        """
        title = self._by_last.get(hit.first)
        offices = {entry.office for entry in title.leaf.entries if entry.kind == "title"} if title else set()
        last: tuple[datetime.date, Entry] | None = None
        for entry in hit.leaf.entries:
            for office in entry.actor.offices if entry.actor is not None else ():
                began = office.start
                if office.office in offices and began <= self.when and (last is None or began > last[0]):
                    last = began, entry
        return last[1] if last is not None else None

    def _titled(self, hit: Hit) -> bool:
        """Whether a title stands before the name, or "administration" or "government" after it."""
        first = hit.first
        if hit.last < len(self._cut.folded) and self._cut.folded[hit.last] in ("administration", "government"):
            return True
        if first == 0:
            return False
        gap = self._cut.text[self._cut.ends[first - 1] : self._cut.starts[first]]
        if gap not in (" ", ". "):
            return False
        if self._cut.folded[first - 1] in ("mr", "mrs", "ms", "dr", "president-elect"):
            return True
        before = self._by_last.get(first)
        return before is not None and any(entry.kind == "title" for entry in before.leaf.entries)

    # -- grouping into mentions --------------------------------------------------------------------------------------

    def _read(self) -> tuple[Mention, ...]:
        units = self._units
        cut = self._cut
        chains = self._chains
        mentions: list[Mention] = []
        position = 0
        while position < len(units):
            unit = units[position]
            if unit.entry.kind == "pair":
                mentions += self._pair(unit)
                position += 1
                continue
            after = position + 1
            chain = [unit]
            while after < len(units) and joins(cut, chain[-1], units[after]):
                chain.append(units[after])
                after += 1
            last = chain[-1].last
            name: str | None = None
            if chain[-1].entry.kind == "title" and last < len(cut.words):
                last, name = self._named_after(last)
                while after < len(units) and units[after].first < last:
                    after += 1
            hint, last, after = self._attached(chain, last, after)
            described = self._describe(chain, name, hint)
            if hint is None and self._weak(chain, described):
                position = after
                continue
            if chain[-1].entry.kind == "surname" and len(chain) == 1:
                described = self._same_name(chain[0], described)
            if described.kind in _PERSONAL and (name or chain[-1].entry.kind in ("person", "surname")):
                self._remember(described, chain[0].first)
            chains.append((chain[0].first, last, chain, described))
            position = after
        if self._persons:
            self._again()
            chains.sort(key=lambda item: item[0])
        self._coordinate()
        self._domestic()
        for first, last, _, described in chains:
            mentions.append(self._mention(first, last, described))
        mentions.sort(key=lambda mention: (mention.start, mention.end))
        return tuple(mentions)

    def _same_name(self, unit: Unit, described: Described) -> Described:
        """A bare surname means the person named in full before, also one whom the tables do not know."""
        person = self._persons.get(self._cut.folded[unit.last - 1])
        if person is None or person.name == described.name or person.actor is not None:
            return described
        return Described(None, person.name, person.country, person.sector, person.kind, person.role, True)

    def _named_after(self, last: int) -> tuple[int, str | None]:
        """End and words of an unknown person's name after a title."""
        cut = self._cut
        gap = cut.text[cut.ends[last - 1] : cut.starts[last]]
        if gap not in (" ", ". ") or (cut.folded[last - 1].endswith("s") and cut.folded[last - 1] != "affairs"):
            return last, None
        own = unknown_name(cut, last, self._solid)
        if own == last:
            return last, None
        return own, cut.text[cut.starts[last] : cut.ends[own - 1]]

    def _attached(self, chain: list[Unit], last: int, after: int) -> tuple[str | None, int, int]:
        """Country hint, end of the phrase and next unit, from "of X" (part of the phrase) or "in X" (a hint only)."""
        cut, units = self._cut, self._units
        head = chain[-1].entry.kind
        if (head not in ROLE and head not in ("person", "surname", "people")) or after >= len(units):
            return None, last, after
        following = units[after]
        if last >= len(cut.words) or following.first - last > 4:
            return None, last, after
        word = cut.folded[last]
        between = cut.text[cut.ends[last - 1] : cut.starts[following.first]]
        if not _ENDS.isdisjoint(between) or following.entry.kind not in _NAMED:
            return None, last, after
        skipped = cut.folded[last + 1 : following.first]
        if word == "of" and all(w in ("the", "northern", "southern", "eastern", "western", "central") for w in skipped):
            if head == "people" or "," in between:
                return None, last, after
            rest = [following]
            after += 1
            while after < len(units) and joins(cut, rest[-1], units[after]):
                rest.append(units[after])
                after += 1
            hint = country_of(cut, rest)
            if country_of(cut, chain) is None and rest[-1].entry.kind in BODY:
                chain.insert(0, rest[-1]._replace(former=False))
            return hint, rest[-1].last, after
        if (word in ambiguity.LOCATIVE or word in ("from", "for")) and all(w in _BEFORE_PLACE for w in skipped):
            return country_of(cut, [following]), last, after
        return None, last, after

    def _describe(self, chain: list[Unit], name: str | None, hint: str | None) -> Described:
        cut = self._cut
        place = chain[-1].entry.kind == "capital" and len(chain) == 1 and ambiguity.is_place(cut, chain[0].first)
        if hint is None and chain[-1].entry.kind in ROLE and country_of(cut, chain) is None and self._open(chain):
            hint = self._focus()
        described = describe(cut, chain, name, hint, place, self.when)
        if name is not None and described.country is None and not described.fixed and described.kind == "person":
            known = misspelt(name, chain[-1].entry.office, self.when)
            if known is not None:
                return Described(known, known.name, known.country, described.sector, "person", described.role, True)
        return described

    def _open(self, chain: list[Unit]) -> bool:
        """Whether a role may belong to the only country of the text: not "Acme's president" or "League leader"."""
        first = chain[0].first
        if first == 0 or chain[-1].entry.office is None:
            return True
        between = self._cut.text[self._cut.ends[first - 1] : self._cut.starts[first]]
        named = self._cut.words[first - 1][0].isupper() and not ambiguity.sentence_start(self._cut, first - 1)
        return between != " " or not (self._cut.folded[first - 1] == "s" or named)

    def _weak(self, chain: list[Unit], described: Described) -> bool:
        """Whether this is one general word ("the side", "a team") that names nobody's side or team."""
        alone = len(chain) == 1 and chain[0].last == chain[0].first + 1 and described.kind == "role"
        return alone and described.actor is None and self._cut.folded[chain[0].first] in _WEAK

    def _domestic(self) -> None:
        """Gives "the Foreign Ministry", "its army" the country that the sentence (or the one before) starts with.

        Only bodies and officials that every state has, after "the" or a possessive; and officials named with a title
        where the sentence has no other country.
        """
        cut, chains = self._cut, self._chains
        if not any(c[3].country is None and not c[3].fixed and c[3].kind in ("role", "person") for c in chains):
            return
        current: str | None = None
        before: str | None = None
        others: set[str] = set()
        opened = 0
        for place, (first, last, chain, described) in enumerate(chains):
            sentence = self._sentence(cut.starts[first])
            if sentence != opened:
                current, before, others, opened = None, current or before, set(), sentence
            if described.country is not None:
                others.add(described.country)
                if current is None and described.kind != "people":
                    current = described.country
                continue
            owner = current or before
            if owner is None or described.fixed:
                continue
            owned = first > 0 and cut.folded[first - 1] in _OWNED
            official = described.kind == "person" and described.actor is None and described.sector == "GOV"
            if described.kind == "role" and described.sector in _DOMESTIC and owned:
                chains[place] = (first, last, chain, self._office(described, last, owner))
            elif official and len(others) <= 1:
                chains[place] = (first, last, chain, described._replace(country=owner))

    def _office(self, described: Described, last: int, owner: str) -> Described:
        """The holder of "the foreign minister"'s office in that country, else the role as one of that country."""
        who = None if self._cut.folded[last - 1].endswith("s") else holder(owner, described.role, self.when)
        if who is None:
            return with_country(described, owner)
        return Described(who, who.name, owner, described.sector, "person", described.role, True)

    def _focus(self) -> str | None:
        """The only country of the text, to which its unnamed government, police or rebels belong; else None."""
        return self._only

    def _remember(self, described: Described, token: int) -> None:
        for word in remembered_as(described.name, described.country):
            self._persons.setdefault(word, _Person(described, token))

    def _again(self) -> None:
        """Mentions by surname of persons whom the tables do not know, after their full name."""
        cut = self._cut
        covered = {token for first, last, _, _ in self._chains for token in range(first, last)}
        for token, word in enumerate(cut.folded):
            person = self._persons.get(word)
            if person is None or token in covered or token <= person.token or not cut.words[token][0].isupper():
                continue
            if token in self._taken and not self._only_surname(token):
                continue
            if ambiguity.personal(cut, token, token + 1, covered) and not ambiguity.sentence_start(cut, token - 1):
                continue
            described = Described(person.actor, person.name, person.country, person.sector, person.kind, person.role)
            unit = Unit(token, token + 1, _entry(described))
            self._chains.append((token, token + 1, [unit], described))

    def _only_surname(self, token: int) -> bool:
        hit = self._by_first.get(token)
        return hit is not None and hit.leaf.personal

    def _coordinate(self) -> None:
        """In "Russian and Chinese officials" the first adjective means officials as well."""
        cut, chains = self._cut, self._chains
        for place in reversed(range(len(chains) - 1)):
            first, last, chain, described = chains[place]
            following = chains[place + 1]
            if described.kind != "modifier" or following[3].kind not in ("role", "person"):
                continue
            if len(following[2]) < 2 or following[2][0].entry.kind != "adjective":
                continue
            between = cut.text[cut.ends[last - 1] : cut.starts[following[0]]].strip()
            if between in ("and", ",", ", and", "or", "&"):
                tail = [chain[0], *following[2][1:]]
                chains[place] = (first, last, tail, describe(cut, tail, None, None, False, self.when))

    def _pair(self, unit: Unit) -> list[Mention]:
        start, end = self._cut.starts[unit.first], self._cut.ends[unit.last - 1]
        return [
            Mention(start, end, self.text[start:end], None, COUNTRIES[code].name, code, "GOV", "country")
            for code in unit.entry.name.split()
        ]

    def _mention(self, first: int, last: int, described: Described) -> Mention:
        start, end = self._cut.starts[first], self._cut.ends[last - 1]
        actor, name, country, sector, kind, role = described[:6]
        return Mention(start, end, self.text[start:end], actor, name, country, sector, kind, role)


def with_country(described: Described, code: str) -> Described:
    """The same role, as one of that country."""
    label = described.label
    name = f"{label} ({COUNTRIES[code].name})" if label else described.name
    return described._replace(country=code, name=name)


def _entry(described: Described) -> Entry:
    return Entry("surname", described.actor, described.name, described.country, described.sector, None, 1, None, None)
