"""A text read with the gazetteer: its mentions, and who any span of it means."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from functools import cached_property

from detente.actors import ambiguity
from detente.actors.grouping import Chain, Grouping, with_country
from detente.actors.model import Mention, MentionKind, Resolved
from detente.actors.phrases import Described, backer
from detente.actors.tables import word_list

_HE = frozenset(["he", "him", "his", "himself", "she", "her", "hers", "herself"])
_THEY = frozenset(["they", "them", "their", "theirs", "themselves"])
_IT = frozenset(["it", "its", "itself"])
PRONOUNS = _HE | _THEY | _IT
_DETERMINER = word_list("determiner")
_PERSONAL: frozenset[MentionKind] = frozenset({"person", "former"})
_SINGULAR: frozenset[MentionKind] = frozenset(
    {"country", "government", "agency", "organisation", "company", "armed group"}
)
_STATE: frozenset[MentionKind] = frozenset({"country", "government"})
_NAMED: frozenset[MentionKind] = frozenset({"organisation", "armed group", "company"})
REACH = 3
"""Sentences, the present one included, in which the antecedent of a pronoun is looked for."""

_LISTING = frozenset({"and", ",", ", and", "&", "and the", ", and the", ", the", "or", "as well as"})


class Reading(Grouping):
    """What the gazetteer finds in a text on a day: ``mentions`` in document order, ``resolve`` for any span."""

    def resolve(self, start: int, end: int) -> Resolved:
        """Who the words ``text[start:end]`` mean; name is the words themselves where that cannot be told.

        The span may be any noun phrase, also one that another program found; it need not be one of the mentions.
        """
        start, end = max(0, start), min(len(self.text), end)
        words = self.text[start:end].strip()
        first = bisect_right(self._cut.ends, start)
        last = bisect_left(self._cut.starts, end)
        if first >= last:
            return Resolved(words, None, None)
        found = self._inside(first, last)
        lone = [word for word in self._cut.folded[first:last] if word not in _DETERMINER]
        if found is not None and found.kind == "role" and len(lone) == 1 and last - first == 2:
            antecedent = self.antecedent(start, end)
            return _resolved(antecedent) if antecedent is not None else found
        if found is not None:
            return found
        if len(lone) <= 1:
            antecedent = self.antecedent(start, end)
            if antecedent is not None:
                return _resolved(antecedent)
        around = self._overlapping(start, end)
        if len(around) > 1 and around[0].start == around[1].start:
            return Resolved(" and ".join(m.name for m in around), None, around[0].sector, around[0].kind)
        if around:
            return _resolved(around[0])
        return Resolved(_bare(words), self._located(last), None)

    def resolve_all(self, start: int, end: int) -> tuple[Resolved, ...]:
        """Each party of a span that names several: "the United States and South Korea" gives two."""
        inside = [m for m in self._overlapping(start, end) if start <= m.start and m.end <= end and m.kind != "place"]
        parts = [m for m in inside if m.kind != "modifier"] or inside
        heads = [
            m
            for n, m in enumerate(parts)
            if n == 0 or self._listed(parts[n - 1].end, m.start) or m.start == parts[0].start
        ]
        if len(heads) < 2 or len(heads) != len(parts):
            return (self.resolve(start, end),)
        return tuple(_resolved(m) for m in heads)

    def _listed(self, end: int, start: int) -> bool:
        return self.text[end:start].strip() in _LISTING

    @cached_property
    def _mention_starts(self) -> list[int]:
        return [mention.start for mention in self.mentions]

    @cached_property
    def _chain_firsts(self) -> list[int]:
        return [chain[0] for chain in self._chains]

    def _overlapping(self, start: int, end: int) -> list[Mention]:
        """Mentions that share a character with the span; only those near it are looked at."""
        after = bisect_left(self._mention_starts, end)
        before = after
        while before > 0 and self.mentions[before - 1].end > start:
            before -= 1
        return list(self.mentions[before:after])

    def _chains_in(self, first: int, last: int) -> list[Chain]:
        after = bisect_left(self._chain_firsts, last)
        before = after
        while before > 0 and self._chains[before - 1][1] > first:
            before -= 1
        return self._chains[before:after]

    def _inside(self, first: int, last: int) -> Resolved | None:
        """Read the head phrase of the tokens; what follows a preposition or comma only gives a country."""
        chains = self._chains_in(first, last)
        if not chains:
            return None
        near = [c for c in chains if not (len(c[2]) == 1 and backer(self._cut, c[2][0]))]
        chains = near or chains
        core = next((c for c in chains if c[3].kind != "place"), chains[0])
        if core[3].kind == "role":  # "human rights group Amnesty International": the name says who it is
            core = next((c for c in chains if c[0] == core[1] and c[3].kind in _NAMED and self._near(c[0], c[0])), core)
        if core[3].kind == "modifier":
            later = [c for c in chains if c[0] >= core[1] and c[3].kind == "role" and self._near(core[1], c[0])]
            if later:
                described, own = later[0][3], core[3].country
                return _plain(with_country(described, own) if own and not described.fixed else described)
            words = _bare(self.text[self._cut.starts[max(first, core[0])] : self._cut.ends[last - 1]])
            return Resolved(words if last > core[1] else core[3].name, core[3].country, core[3].sector, "modifier")
        described = core[3]
        if described.country is None and not described.fixed and described.kind in ("role", "people", "person"):
            following = [c[3].country for c in chains if c[0] >= core[1] and c[3].country is not None]
            country = following[0] if following else self._located(core[1])
            return _plain(with_country(described, country) if country else described)
        if described.kind == "place" and last > core[1]:
            return Resolved(
                _bare(self.text[self._cut.starts[first] : self._cut.ends[last - 1]]), described.country, None
            )
        return _plain(described)

    def _near(self, left: int, right: int) -> bool:
        between = self._cut.text[self._cut.ends[left - 1] : self._cut.starts[right]]
        return right - left <= 3 and not any(mark in between for mark in ",.;:") and " of " not in between

    def _located(self, last: int) -> str | None:
        """Country named right after a token by "in X", "of X" or "from X"; else the only country of the text."""
        cut = self._cut
        if last < len(cut.words) and (cut.folded[last] in ambiguity.LOCATIVE or cut.folded[last] in ("of", "from")):
            for chain in self._chains_in(last + 1, last + 4):
                if last < chain[0] and chain[3].country is not None:
                    return chain[3].country
        return self._focus()

    def antecedent(self, start: int, end: int) -> Mention | None:
        """The mention that a pronoun, "the minister" or "the group" at this span takes up, or None if unsure.

        The nearest sentence with a fitting mention decides; in it the first one, which is most often the subject.
        """
        words = [word for word in self.text[start:end].lower().split() if word not in _DETERMINER] or [
            self.text[start:end].lower().strip()
        ]
        word = words[-1].strip(".,;:'\"")
        here = self._sentence(start)
        since = self._breaks[here - REACH] if here >= REACH else 0
        near = self.mentions[bisect_left(self._mention_starts, since) : bisect_left(self._mention_starts, start)]
        earlier = [m for m in near if m.end <= start and m.kind not in ("modifier", "place")]
        fitting = [m for m in earlier if _fits(word, m)]
        for back in range(REACH):
            candidates = [m for m in fitting if self._sentence(m.start) == here - back]
            if candidates:
                return candidates[0] if word in PRONOUNS else candidates[-1]
        return None


def _fits(word: str, mention: Mention) -> bool:
    if word in _HE:
        return mention.kind in _PERSONAL
    if word in _THEY:
        return mention.kind in ("role", "people", "armed group") or (
            mention.kind == "country" and mention.actor is None
        )
    if word in _IT:
        return mention.kind in _SINGULAR or (mention.kind == "role" and not mention.text.endswith("s"))
    if word in ("country", "nation", "state", "republic", "kingdom"):
        return mention.kind in _STATE
    if word in ("group", "movement", "militants", "rebels"):
        return mention.kind in ("armed group", "organisation") or mention.sector == "REB"
    if word in ("company", "firm"):
        return mention.kind == "company"
    if word in ("organization", "organisation", "bloc", "alliance", "body"):
        return mention.kind == "organisation"
    if mention.kind not in ("person", "former", "role"):
        return False
    role = (mention.role or "").lower().split()
    return word in role or word.removesuffix("s") in role


def _bare(words: str) -> str:
    first, _, rest = words.partition(" ")
    return rest if rest and first.lower() in _DETERMINER else words


def _plain(described: Described) -> Resolved:
    return Resolved(described.name, described.country, described.sector, described.kind, described.role)


def _resolved(mention: Mention) -> Resolved:
    return Resolved(mention.name, mention.country, mention.sector, mention.kind, mention.role)
