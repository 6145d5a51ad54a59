"""Which parties a document names: states, organisations and armed groups, without the places where they meet."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Sequence
from functools import cached_property

from detente.actors import Mention, Reading
from detente.commitments.lexicon import ACCORD_NOUN

__all__ = ["TOGETHER", "Parties"]

TOGETHER = re.compile(
    r"\b(?:the|both) (?:two |three |four |five |six |same )?(?:governments|sides|countries|states|rivals|leaders"
    r"|partners|presidents|parties|neighbou?rs|ministers|premiers|powers)\b|\bboth\b", re.IGNORECASE,
)  # fmt: skip
"""Words that mean the parties of what was spoken of before."""
_SUCCESSORS = {
    "SUN": "RUS", "YMD": "YEM", "YAR": "YEM", "European Community": "European Union",
    "European Communities": "European Union", "European Economic Community": "European Union",
    "European Commission": "European Union",
}  # fmt: skip
"""Former states whose undertakings another state took over, and a body for which its Union answers; the other former
states end with what they promised."""
RUMP = datetime.date(1992, 4, 27)
"""From this day Yugoslavia is Serbia and Montenegro."""
_NAMED = frozenset({"country", "government", "person", "agency", "role", "former", "people", "company"})
_ARMED = frozenset({"REB", "PRM", "UAF", "SEP"})
_CONCLUDES = re.compile(r"\b(?:signed|initialled|agreed|concluded|reached|struck|settled)\b")
_UNKNOWN = re.compile(
    r"(?:\b[Tt]he |\band |, )((?:[A-Z][a-z]+ )*[A-Z]{2,}[A-Z0-9-]*"
    r"|(?<=the )[A-Z][\w-]+(?: [A-Z][\w-]+)*)(?= and\b|,? [a-z]|,)"
)
"""A party that no list knows: an acronym, or a proper name after "the", before the verb that concludes an accord."""
_SEVERAL = re.compile(
    r"(?:[Tt]he )?(?:governments|leaders|ministers|presidents|premiers|officials|envoys|delegates|diplomats|negotiators"
    r"|rulers|sides|parties|Governments|Leaders|Ministers|Presidents|Premiers|Officials|Envoys|Delegates|Negotiators)"
)
"""Roles of several states at once, which no single state of the text stands for."""
_GATHERING = re.compile(r"\s(?:summit|conference|meeting|talks|round|session)\b")
_NAMESAKE = re.compile(
    rf"\b(?:{ACCORD_NOUN}|sum|goal|target|principles|promise) (?:of|made (?:in|at)) $", re.IGNORECASE
)
"""Before a capital that an accord is called after: "the convention of Lome"."""
_CALLED = re.compile(rf"\s(?:peace |draft |final |framework )?{ACCORD_NOUN}\b", re.IGNORECASE)
"""After such a capital: "the Algiers accord"."""
_ITSELF_AN_ACCORD = re.compile(r"\b(?:Agreement|Treaty|Pact|Protocol|Convention|Accords?|NAFTA)\b")
"""In the name of an "organisation" that is no party but what the parties agreed."""
_HOST = re.compile(
    r"\b(?:mediat\w*|broker\w*|witness\w*|host\w*|before the|presence|auspices|sponsor\w*|guarantors?|observers?"
    r"|supervision)\b[^,.;]{0,40}$"
    r"|\b(?:told|reporters in|desk in)\s$",
    re.IGNORECASE,
)
_CLEAR = frozenset({"country", "government", "people", "former", "modifier"})


class Parties:
    """The parties of one document; ``shift`` is where its text begins in what was read (the headline stands before)."""

    def __init__(self, reading: Reading, when: datetime.date, shift: int) -> None:
        self.reading = reading
        self.when = when
        self.shift = shift

    def state(self, code: str) -> str:
        """The state that answers for a former one's undertakings on the day of the document."""
        if code == "YUG" and self.when >= RUMP:
            return "SRB"
        return _SUCCESSORS.get(code, code)

    def host(self, mention: Mention) -> bool:
        """Whether a capital or state is only where something takes place: "in Addis Ababa", "the Vilnius summit"."""
        if mention.kind not in ("government", "country"):
            return False
        text = self.reading.text
        before = text[max(0, mention.start - 80) : mention.start]
        if before.endswith((" in ", " at ", "In ", "At ")) or _NAMESAKE.search(before):
            return True
        if _GATHERING.match(text, mention.end):
            return True
        if mention.kind == "country":
            return False
        return bool(_CALLED.match(text, mention.end)) or (mention.start < self.shift and mention.text in self._places)

    @cached_property
    def _places(self) -> frozenset[str]:
        """Names of towns in which, as the text says, something takes place: its headline may call it by them."""
        return frozenset(m.text for m in self.reading.mentions if m.kind == "place" and m.start >= self.shift)

    @cached_property
    def _clear(self) -> frozenset[str]:
        """States that the text names by more than the place of an event."""
        return frozenset(
            m.country
            for m in self.reading.mentions
            if m.country
            and ((m.kind in _CLEAR and not self.host(m)) or (m.kind in ("person", "agency") and m.actor is not None))
        )

    def aside(self, mention: Mention) -> bool:
        """Whether a mention is that of a host or a mediator, or of a place."""
        before = self.reading.text[max(0, mention.start - 80) : mention.start]
        return mention.kind == "place" or self.host(mention) or bool(_HOST.search(before))

    def _by_place_only(self, mention: Mention) -> bool:
        """Whether a role or an unknown person got its state from no more than a place: "ministers met in Geneva"."""
        if mention.country is None or mention.actor is not None or mention.country in self._clear:
            return False
        if mention.kind == "person":
            return True
        if mention.kind != "role" or not self._clear:
            return False
        after = self.reading.text[mention.end : mention.end + 4]
        return not after.startswith((" in ", " at "))

    def key(self, mention: Mention) -> str | None:
        """The party that a mention stands for: a state's code, the name of an organisation or armed group, or None."""
        for kind, name in (
            (mention.kind, mention.name),
            (mention.actor and mention.actor.kind, mention.actor and mention.actor.name),
        ):
            if kind in ("organisation", "armed group") and name:
                return None if _ITSELF_AN_ACCORD.search(name) else _SUCCESSORS.get(name, name)
        if (mention.kind == "role" and _SEVERAL.fullmatch(mention.text)) or self._by_place_only(mention):
            return None
        if mention.kind in _NAMED and mention.country is not None and (mention.sector or "") not in _ARMED:
            return self.state(mention.country)
        return None

    def names_state(self, mention: Mention) -> bool:
        """Whether a mention stands for a state."""
        key = self.key(mention) if mention.kind not in ("place", "modifier") else None
        return key is not None and mention.country is not None and key == self.state(mention.country)

    def names(self, mentions: Iterable[Mention]) -> tuple[str, ...]:
        """The parties that mentions stand for, each once, in order."""
        return tuple(dict.fromkeys(key for m in mentions if m.kind != "modifier" and (key := self.key(m))))

    def taking_part(self, text: str, base: int) -> list[Mention]:
        """The mentions of a sentence that begins at ``base``, without places, hosts and mediators."""
        return [
            m
            for m in self.between(base, base + len(text))
            if m.kind != "place" and not self.host(m) and not _HOST.search(text[: m.start - base])
        ]

    def between(self, low: int, high: int) -> list[Mention]:
        """Mentions that begin in a span of the text read."""
        return [m for m in self.reading.mentions if low <= m.start < high]

    def of_accord(self, text: str, base: int, aside: Sequence[tuple[int, int]]) -> list[str]:
        """Parties that a sentence about an accord names, without hosts and mediators; unknown proper names too.

        ``base`` is where the sentence begins in the text read, ``aside`` are its conditions: who is to meet them is no
        party for that.
        """
        inside = self.between(base, base + len(text))
        names: dict[str, None] = {}
        for mention in self.taking_part(text, base):
            at = mention.start - base
            key = self.key(mention) if mention.kind != "modifier" else None
            if key and (key in names or not any(low <= at < high for low, high in aside)):
                names.setdefault(key)
        verb = _CONCLUDES.search(text)
        for match in _UNKNOWN.finditer(text, 0, verb.start() + 1 if verb else 0):
            low, high = base + match.start(1), base + match.end(1)
            for mention in inside:
                if mention.kind == "modifier" and mention.start == low and mention.end < high:
                    low = mention.end + 1
            name = text[low - base : high - base]
            if name and not any(m.start < high and low < m.end for m in inside):
                names.setdefault(name if name.isupper() else match[1])  # "the Algerian FLN" by the acronym alone
        if not names:
            states = [m.country for m in inside if m.kind == "modifier" and m.country]
            names.update(dict.fromkeys(self.state(state) for state in states))
        return list(names)
