"""Linking: which earlier commitments a document is about, and whether it states one of its own."""

from __future__ import annotations

import datetime
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from detente.commitments.follow import LIKE_IN_LONG, TELLS, Telling, follow, read_short
from detente.commitments.model import FIRMNESS
from detente.commitments.parties import TOGETHER
from detente.commitments.reader import Reader
from detente.commitments.reading import NOBODY, Paper, Undertaking
from detente.commitments.state import Deed, Founding, Open, Place
from detente.commitments.subjects import subject_of
from detente.commitments.words import Words, sharing, weight

__all__ = ["CANDIDATES", "RECENT", "Linked", "Shelf", "keys_of", "link", "telling"]

MOST_PROVISIONS = 8
ABOUT = 0.45
"""Least score for a document to be about a commitment; tried from 0.5 to 1 on the development gold."""
TOPICAL = 0.15
"""Least part of the score that shared words must make, unless the document refers back to the accord."""
STATELESS = 0.35
"""The same where a document names no state: only its words can tell what it is about."""
HALF = 0.5
HEARD = 0.5
"""What words of a follow-up report weigh in the topic of a commitment, where the report is short."""
BOTH = 0.48
"""Least part of the score that the parties must make in a long text: two named, one as an actor."""
STEP = 1.0
"""Two deeds of one side in one document that share so much are steps of one deed."""
WORTH = 0.3
"""Least score for a short document to be read with a commitment; less found no more on the development gold."""
READ = 3
"""Commitments that a short document is read with: those that it matches best."""
CANDIDATES = 24
"""Commitments looked at for one document: those that share most of its rarer words."""
RECENT = 3
"""Of each party that a document names, so many of its latest commitments may be what "the accord" means."""
TELLING = 0.5
"""Least weight of a word by which documents and commitments find each other."""
SECOND = datetime.timedelta(days=180)
"""An accord so much later than another one between its parties is one of its own where it adds a deed."""
ADDED = 0.5
"""A deed is an added one where it shares no more than this part of its words with any earlier provision."""
_TIED = re.compile(
    r"\b(?:protocol|annex|addendum|amend\w*|supplement\w*|exten[ds]\w*|prolong\w*|renew\w*|implement\w*|ratif\w*"
    r"|as agreed|time-?table|schedule|new date|deadline)\b",
    re.IGNORECASE,
)
"""Words that tie what is signed to an earlier accord."""
_ACRONYM = re.compile(r"[A-Z][A-Z-]+")
"""A party that only words name may be one that no list knows; where two are known, only its initials are taken."""
_YEAR = re.compile(r"\b(?:1[89]|20)\d\d\b")

Key = tuple[str, str]
"""A party and a word: what brings documents and commitments together; without a word, the party's commitments."""


def telling(words: Iterable[str]) -> list[str]:
    """Those of the words by which documents and commitments find each other."""
    return [word for word in words if weight(word) >= TELLING]


def keys_of(founding: Founding) -> list[Key]:
    """The keys of a commitment."""
    words = telling(founding.words)
    return [(p, w) for p in (*founding.parties, NOBODY) for w in words] + [(p, "") for p in founding.parties]


class Shelf:
    """Commitments at hand, found by party and word of the document that founded them."""

    def __init__(self) -> None:
        self.all: dict[str, Open] = {}
        self._by_key: dict[Key, dict[str, None]] = defaultdict(dict)

    def put(self, commitment: Open) -> None:
        """Shelve a commitment, in place of an earlier state of it."""
        known = self.all.get(commitment.key)
        if known is not None and known.founding == commitment.founding:
            self.all[commitment.key] = commitment
            return
        self.remove(commitment.key)
        self.all[commitment.key] = commitment
        for key in keys_of(commitment.founding):
            self._by_key[key][commitment.key] = None

    def remove(self, key: str) -> None:
        """Take a commitment off the shelf."""
        known = self.all.pop(key, None)
        for own in keys_of(known.founding) if known is not None else ():
            del self._by_key[own][key]

    def candidates(self, paper: Paper) -> list[Open]:
        """Commitments made before a document that share a party and a telling word with it, or that it may refer to.

        Each as it stood before the document.
        """
        votes: Counter[str] = Counter()
        here = paper.place
        for word in telling(paper.words):
            found = {key for p in paper.looked_up for key in self._by_key.get((p, word), ())}
            votes.update(key for key in found if self.all[key].founding.place < here)
        ranked = sorted(votes, key=lambda key: (-votes[key], _later_first(self.all[key].founding.place)))[:CANDIDATES]
        if paper.refers:
            for party in paper.around:
                earlier = [k for k in self._by_key.get((party, ""), ()) if self.all[k].founding.place < here]
                ranked += sorted(earlier, key=lambda key: self.all[key].founding.place)[-RECENT:]
        chosen = sorted(set(ranked), key=lambda key: self.all[key].founding.place)
        return [self.all[key].before(here) for key in chosen]


def _later_first(place: Place) -> tuple[int, str]:
    return -place[0].toordinal(), place[1]


@dataclass(frozen=True, slots=True)
class Linked:
    """What a document did: commitments that it is about, its entry on, and the one that it founds."""

    about: tuple[Open, ...]
    founded: Open | None


@dataclass(frozen=True, slots=True)
class _Match:
    parts: Mapping[str, float]
    commitment: Open
    told: Sequence[Telling] = ()

    @property
    def score(self) -> float:
        return sum(self.parts.values())


def link(paper: Paper, shelf: Shelf) -> Linked:
    """What one more document says of known commitments, then what it states itself. The shelf is left as it is.

    Commitments in ``about`` are copies, or the shelved ones themselves with an entry added where it is their latest.
    """
    reader = Reader.default()
    about = sorted(_about(paper, shelf, reader), key=lambda m: (-m.score, m.commitment.founding.place))
    numbers = {match.commitment.key for match in about}
    deeds = _deeds(paper)
    replaced = False
    for match in about:
        commitment = match.commitment
        commitment.begin(paper.place, tuple(sorted(paper.around)))
        _take_up(paper, commitment)
        # what replaces a commitment is not its own successor, nor a report that states the same deeds again
        replaceable = commitment.founding.succeeds not in numbers and not (deeds and _known(deeds, commitment))
        replaced = follow(paper, commitment, match.parts, match.told, reader, replaceable=replaceable) or replaced
        if paper.short:
            words = [word for word in paper.words if commitment.words.get(word, 0.0) < HEARD]
            commitment.do("hear", HEARD, *words)
    founded = None
    if about and deeds and not replaced:
        same = next((m for m in about if _same_matter(paper, m, deeds)), None)
        if same is not None:
            _add(same.commitment, deeds)
            deeds = []
    if deeds:
        founded = _new(paper, deeds, about[0].commitment if about else None, replaced)
    return Linked(tuple(match.commitment for match in about), founded)


def _about(paper: Paper, shelf: Shelf, reader: Reader) -> Iterator[_Match]:
    candidates = shelf.candidates(paper)
    referred = _referred(paper, candidates)
    matches = [_Match(_parts(paper, commitment, commitment is referred), commitment) for commitment in candidates]
    if paper.short:
        for match in sorted((m for m in matches if m.score >= WORTH), key=lambda m: -m.score)[:READ]:
            told = read_short(paper, match.commitment, reader)
            if _like(paper, match) or max(telling.something for telling in told) >= TELLS:
                yield _Match(match.parts, match.commitment, told)
        return
    yield from (match for match in matches if _like(paper, match))


def _like(paper: Paper, match: _Match) -> bool:
    """Whether parties, words and references alone make a document one about a commitment."""
    parts = match.parts
    if (not paper.short and parts["parties"] < BOTH) or (paper.stateless and parts["words"] < STATELESS):
        return False
    return match.score >= ABOUT and (parts["words"] >= TOPICAL or (parts["back"] > 0 and paper.short))


def _referred(paper: Paper, candidates: Sequence[Open]) -> Open | None:
    """What "the agreement" means in a document: the last one heard of between parties that it names."""
    known = [c for c in candidates if _named(paper, c) >= HALF]
    return max(known, key=lambda c: (round(_named(paper, c), 3), c.named[-1][0][0], c.founding.place), default=None)


def _named(paper: Paper, commitment: Open) -> float:
    """How far a document names the parties of a commitment: 1 for two of them, less where only in passing."""
    named = sum(1.0 if p in paper.parties else 0.6 if p in paper.around else 0.0 for p in commitment.parties)
    share = min(1.0, named / max(1, min(2, len(commitment.parties))))
    return max(share, HALF) if paper.stateless else share


def _parts(paper: Paper, commitment: Open, referred: bool) -> dict[str, float]:
    """How far a document is about a commitment, part by part."""
    words = max(sharing(part, commitment.words) for part in paper.parts)
    back = 0.4 if referred and paper.back else 0.0
    years = {int(y) for line in paper.lines for y in _YEAR.findall(line.evidence.sentence)} if referred else ()
    if commitment.made.year in years and paper.published.year != commitment.made.year:
        back += 0.5
    return {"parties": _named(paper, commitment) * 0.6, "words": min(2.0, words / 2.0), "back": back}


# --- what a document states


def _deed(undertaking: Undertaking) -> Deed:
    clause = undertaking.clause
    return Deed(
        subject=subject_of(clause.words, clause.verb),
        clause=clause.words,
        verb=clause.verb,
        by=undertaking.by,
        words=undertaking.words,
        evidence=undertaking.evidence,
        firmness=clause.firmness,
        strength=clause.strength,
        due=clause.due,
        condition=clause.condition,
    )


def _deeds(paper: Paper) -> list[Deed]:
    """The deeds that a document states; a step of one already stated by the same side gives that one its date."""
    found: list[Deed] = []
    for undertaking in paper.undertakings:
        deed = _deed(undertaking)
        if not deed.words:
            continue
        for position, other in enumerate(found):
            same_side = other.by == deed.by or not deed.by
            if same_side and sum(other.words.shared(deed.words).values()) >= STEP:
                due = max(deed.due, other.due or deed.due) if deed.due is not None else other.due
                found[position] = replace(other, due=due, condition=other.condition or deed.condition)
                break
        else:
            found.append(deed)
    return found


def _same_matter(paper: Paper, match: _Match, deeds: Sequence[Deed]) -> bool:
    """Whether what a document states belongs to a commitment that it is about: much the same parties and words."""
    commitment, parts = match.commitment, match.parts
    theirs = set(paper.signatories) or {party for deed in deeds for party in deed.by}
    others = theirs ^ set(commitment.parties)
    if paper.firmness == "signed" and len(paper.signatories) >= 2 and len(others) > len(commitment.parties) / 2:
        return False
    if commitment.firmness == "threatened" and paper.firmness in ("signed", "agreed"):
        return False
    if _second(paper, commitment, deeds):
        return False
    if paper.short:
        return parts["words"] >= HALF or parts["back"] > 0
    overlap = len(theirs & set(commitment.parties)) / max(1, len(theirs | set(commitment.parties)))
    return overlap >= HALF and max(sharing(deed.words, commitment.words) for deed in deeds) >= 1.0


def _second(paper: Paper, commitment: Open, deeds: Sequence[Deed]) -> bool:
    """Whether a document tells of a further accord between the parties of an earlier one, with a deed of its own."""
    both = set(paper.signatories) & set(commitment.parties)
    if paper.firmness not in ("signed", "agreed") or len(both) < 2 or paper.published - commitment.made <= SECOND:
        return False
    if max(deed.strength for deed in deeds) < 3 or any(_TIED.search(line.evidence.sentence) for line in paper.lines):
        return False
    return not _known(deeds, commitment)


def _known(deeds: Sequence[Deed], commitment: Open) -> bool:
    """Whether each of the deeds shares enough words with a provision to be one that the commitment has."""
    known = [provision.deed.words for provision in commitment.provisions]
    return all(
        max((sharing(deed.words, words) for words in known), default=0.0) > ADDED * sharing(deed.words, deed.words)
        for deed in deeds
    )


def _add(commitment: Open, deeds: Sequence[Deed]) -> None:
    """A further report of a commitment: evidence, a later due date, further provisions."""
    for deed in deeds:
        scores = [sharing(deed.words, provision.deed.words) for provision in commitment.provisions]
        best = max(range(len(scores)), key=lambda n: (scores[n], -n))
        if scores[best] >= HALF:
            provision = commitment.provisions[best]
            if deed.due is not None and deed.strength >= 1:
                commitment.do("due", best, deed.due)
            if provision.condition is None and deed.condition is not None:
                commitment.do("condition", best, deed.condition)
        elif deed.strength >= 2 and len(commitment.provisions) < MOST_PROVISIONS:
            commitment.do("provide", deed)
            commitment.do("hear", 1.0, *deed.words)
        else:
            continue
        if deed.strength >= 2:
            commitment.do("state", deed.evidence, deed.firmness)


def _take_up(paper: Paper, commitment: Open) -> None:
    """A matter only discussed when the commitment was made is a provision once its parties act on it."""
    if not set(commitment.parties[:2]) <= paper.around:
        return
    for number, topic in list(commitment.topics.items()):
        acted = any(sharing(line.words, topic.words) >= LIKE_IN_LONG for line in paper.lines)
        if acted and len(commitment.provisions) < MOST_PROVISIONS:
            commitment.do("take_up", number)


def _new(paper: Paper, deeds: Sequence[Deed], earlier: Open | None, replaces: bool) -> Open | None:
    """The commitment that a document founds; None where nobody is known to be bound by it."""
    strength = max(deed.strength for deed in deeds)
    concluded = len(paper.signatories) >= 2
    by = dict.fromkeys(party for deed in deeds for party in deed.by)
    parties = dict.fromkeys(paper.signatories if strength >= 3 or concluded else ())
    parties.update(by)
    if len(parties) < 2:
        lines = {line.evidence.sentence_no: line for line in paper.lines}
        parties.update(dict.fromkeys(p for deed in deeds for p in sorted(lines[deed.evidence.sentence_no].parties)))
    if earlier is not None and len(parties) < 2 <= len(earlier.parties) and TOGETHER.search(paper.document.text):
        by = parties = dict.fromkeys(earlier.parties)
    if paper.takers:
        more = (p for p in parties if p not in paper.outsiders and (len(paper.takers) < 2 or _ACRONYM.fullmatch(p)))
        parties = dict.fromkeys([*paper.takers, *more])
        by = {p: None for p in by if p in parties}
    if not parties or (strength < 2 and not by):
        return None
    if strength >= 3 and concluded:
        by = dict.fromkeys(parties)
    topics = tuple(_deed(topic) for topic in paper.topics)
    words = Words()
    stating = {evidence.sentence_no for evidence in paper.stated} | {-1}
    heard = [line.words for line in paper.lines if paper.short or line.evidence.sentence_no in stating]
    for own in (*heard, *(topic.words for topic in topics)):
        for word, value in own.items():
            words[word] = max(value, words.get(word, 0.0))
    return Open(
        Founding(
            place=paper.place,
            parties=tuple(parties),
            by=tuple(by or parties),
            deeds=tuple(deeds[:MOST_PROVISIONS]),
            topics=topics,
            evidence=paper.stated,
            firmness=min((deed.firmness for deed in deeds), key=FIRMNESS.index),
            words=words,
            around=tuple(sorted(paper.around)),
            succeeds=earlier.key if earlier is not None and replaces else None,
        )
    )
