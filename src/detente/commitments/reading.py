"""A document as this room reads it: who is named, what each sentence is about, what it undertakes."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from detente.actors import Gazetteer, Mention, Reading
from detente.commitments.lexicon import ACCORD_NOUN, BACK
from detente.commitments.model import Evidence, Firmness
from detente.commitments.state import Place
from detente.commitments.undertakings import Clause, firmness_of, read_clauses, read_topics
from detente.commitments.words import Words, topic
from detente.documents import split
from detente.records import Document, Event, Sentence

__all__ = ["Line", "Paper", "Undertaking", "read_paper"]

SHORT = 4
"""A text of so many sentences, headline included, is about one matter as a whole."""
_SUCCESSORS = {
    "SUN": "RUS", "YMD": "YEM", "YAR": "YEM", "European Community": "European Union",
    "European Communities": "European Union", "European Economic Community": "European Union",
}  # fmt: skip
"""Former states whose undertakings another state took over; the other former states end with what they promised."""
RUMP = datetime.date(1992, 4, 27)
"""From this day Yugoslavia is Serbia and Montenegro."""
_NAMED = frozenset({"country", "government", "person", "agency", "role", "former", "people", "company"})
_ARMED = frozenset({"REB", "PRM", "UAF", "SEP"})
_CONCLUDES = re.compile(r"\b(?:signed|initialled|agreed|concluded|reached|struck|settled)\b")
_UNKNOWN = re.compile(
    r"(?:\bthe |^The |\band |, )((?:[A-Z][a-z]+ )*[A-Z]{2,}[A-Z0-9-]*"
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
_SPEAKS = re.compile(
    r"\b(?:said|says|announced|announces|declared|wrote|told|decided|ordered|issued|confirmed|stated|agreed|promised|pledged"
    r"|vowed|undertook|warned)\b"
)
_PRONOUN = re.compile(r"\b([Hh]e|[Ss]he|[Ii]t|[Tt]hey)\s*$")
_HOST = re.compile(
    r"\b(?:mediat\w*|broker\w*|witness\w*|host\w*|before the|presence|auspices|sponsor\w*|guarantors?|observers?"
    r"|supervision)\b[^,.;]{0,40}$"
    r"|\b(?:told|reporters in|desk in)\s$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Line:
    """A sentence (or the headline, number -1) with its subject words and the parties that it names."""

    evidence: Evidence
    words: Words
    parties: frozenset[str]
    back: bool
    events: tuple[Event, ...]


@dataclass(frozen=True, slots=True)
class Undertaking:
    """A clause with the parties that its subject names."""

    clause: Clause
    by: tuple[str, ...]
    evidence: Evidence
    words: Words


@dataclass(frozen=True, slots=True)
class Paper:
    """A document read for commitments."""

    document: Document
    lines: tuple[Line, ...]
    parties: frozenset[str]
    around: frozenset[str]
    words: Words
    parts: tuple[Words, ...]
    firmness: Firmness | None
    signatories: tuple[str, ...]
    undertakings: tuple[Undertaking, ...]
    topics: tuple[Undertaking, ...]
    stated: tuple[Evidence, ...]
    back: bool

    @property
    def short(self) -> bool:
        """Whether it is so short that it is about one matter as a whole."""
        return len(self.lines) <= SHORT

    @property
    def refers(self) -> bool:
        """Whether it may be about the latest accord of its parties though it shares no word with it."""
        return self.back or self.short

    @property
    def published(self) -> datetime.date:
        """Day of publication."""
        return self.document.published

    @property
    def place(self) -> Place:
        """Its place in the order in which documents are taken."""
        return self.document.published, self.document.document_id


def _state(code: str, when: datetime.date) -> str:
    """The state that answers for a former one's undertakings on a day."""
    if code == "YUG" and when >= RUMP:
        return "SRB"
    return _SUCCESSORS.get(code, code)


def _key(mention: Mention, when: datetime.date) -> str | None:
    """The party that a mention stands for: a state's code, the name of an organisation or armed group, else None."""
    if mention.kind in ("organisation", "armed group"):
        return _SUCCESSORS.get(mention.name, mention.name)
    if mention.actor is not None and mention.actor.kind in ("organisation", "armed group"):
        return _SUCCESSORS.get(mention.actor.name, mention.actor.name)
    if mention.kind == "role" and _SEVERAL.fullmatch(mention.text):
        return None
    if mention.kind in _NAMED and mention.country is not None and (mention.sector or "") not in _ARMED:
        return _state(mention.country, when)
    return None


def _host(mention: Mention, text: str, at: int) -> bool:
    """Whether a capital or state is only where something takes place: "in Addis Ababa", "the Vilnius summit"."""
    if mention.kind not in ("government", "country"):
        return False
    before = text[:at]
    return (
        before.endswith((" in ", " at ", "In ", "At "))
        or bool(_NAMESAKE.search(before))
        or bool(_GATHERING.match(text, at + len(mention.text)))
    )


def _names(mentions: Iterable[Mention], when: datetime.date) -> tuple[str, ...]:
    return tuple(dict.fromkeys(key for m in mentions if m.kind != "modifier" and (key := _key(m, when))))


def read_paper(
    document: Document, sentences: Sequence[Sentence] | None, events: Sequence[Event], gazetteer: Gazetteer
) -> Paper:
    """Read a document; ``events`` are the coded events of it."""
    title = document.title or ""
    lead = f"{title.rstrip('.')}. " if title else ""
    reading = gazetteer.read(lead + document.text, document.published)
    shift = len(lead)
    cut = list(sentences) if sentences is not None else split(document.text)
    aside = [
        m for m in reading.mentions if m.kind in ("country", "government", "person", "former", "modifier", "people")
    ]
    leave_out = {word for m in aside for word in re.findall(r"\w+", m.text)}
    by_sentence: dict[int | None, list[Event]] = {}
    for event in events:
        by_sentence.setdefault(event.sentence_no, []).append(event)
    lines: list[Line] = []
    if title:
        lines.append(_line(reading, document, -1, title, 0, None, leave_out, ()))
    lines += [
        _line(reading, document, s.no, s.text, s.start + shift, s.start, leave_out, tuple(by_sentence.get(s.no, ())))
        for s in cut
    ]
    states = _names((m for m in reading.mentions if m.kind != "place"), document.published)
    around = frozenset(_state(m.country, document.published) for m in reading.mentions if m.country)
    firmness = firmness_of(document.text) or None
    signatories, undertakings, stated = _undertaken(document, cut, lines, reading, shift, firmness)
    words = Words()
    for line in lines:
        for key, weight in line.words.items():
            words[key] = max(weight, words.get(key, 0.0))
    return Paper(
        document=document,
        lines=tuple(lines),
        parties=frozenset(states),
        around=around | frozenset(states),
        words=words,
        parts=_parts(lines, words),
        firmness=firmness,
        signatories=signatories,
        undertakings=tuple(undertakings),
        topics=_topics(lines) if undertakings else (),
        stated=tuple(stated),
        back=any(line.back for line in lines),
    )


def _within(clause: Clause, line: Line) -> Words:
    """What a clause is about: its words, without the names of parties."""
    return Words({key: weight for key, weight in topic(clause.words).items() if key in line.words})


def _topics(lines: Sequence[Line]) -> tuple[Undertaking, ...]:
    """What was taken up beside what was undertaken: provisions in waiting."""
    return tuple(
        Undertaking(clause, (), line.evidence, _within(clause, line))
        for line in lines
        if line.evidence.sentence_no >= 0
        for clause in read_topics(line.evidence.sentence, line.evidence.sentence_no)
    )


def _parts(lines: Sequence[Line], words: Words) -> tuple[Words, ...]:
    """What a text is about, piece by piece: the whole where it is short, else each sentence with the next one."""
    if len(lines) <= SHORT:
        return (words,)
    parts = []
    for one, other in zip(lines, [*lines[1:], lines[-1]], strict=True):
        part = Words(one.words)
        for key, weight in other.words.items():
            part[key] = max(weight, part.get(key, 0.0))
        parts.append(part)
    return tuple(parts)


def _line(
    reading: Reading,
    document: Document,
    number: int,
    text: str,
    at: int,
    start: int | None,
    leave_out: Iterable[str],
    events: tuple[Event, ...],
) -> Line:
    inside = [m for m in reading.mentions if at <= m.start < at + len(text) and not _host(m, text, m.start - at)]
    evidence = Evidence(
        document_id=document.document_id,
        sentence_no=number,
        sentence=text,
        start=start,
        end=None if start is None else start + len(text),
        published=document.published,
    )
    return Line(
        evidence, topic(text, leave_out), frozenset(_names(inside, document.published)), bool(BACK.search(text)), events
    )


def _undertaken(
    document: Document,
    cut: Sequence[Sentence],
    lines: Sequence[Line],
    reading: Reading,
    shift: int,
    firmness: Firmness | None,
) -> tuple[tuple[str, ...], list[Undertaking], list[Evidence]]:
    """Who concludes something, what is undertaken, and the sentences that say so."""
    by_number = {line.evidence.sentence_no: line for line in lines}
    evidence = {number: line.evidence for number, line in by_number.items()}
    signatories: dict[str, None] = {}
    found: list[Undertaking] = []
    stated: list[Evidence] = []
    near = -9
    for sentence in cut:
        own = firmness_of(sentence.text)
        if own in ("signed", "agreed"):
            near = sentence.no
            stated.append(evidence[sentence.no])
            for name in _subject_parties(reading, sentence, shift, document.published):
                signatories.setdefault(name)
        clauses = read_clauses(
            sentence.text, sentence.no, document.published, firmness, sentence.no - near <= 1, bool(found)
        )
        for clause in clauses:
            by, clear = _committing(reading, sentence.start + shift, sentence, clause, document.published)
            if clause.strength == 1 and not clear:
                continue
            found.append(Undertaking(clause, by, evidence[sentence.no], _within(clause, by_number[sentence.no])))
        if clauses and evidence[sentence.no] not in stated:
            stated.append(evidence[sentence.no])
    return tuple(signatories), found, stated


def _committing(
    reading: Reading, base: int, sentence: Sentence, clause: Clause, when: datetime.date
) -> tuple[tuple[str, ...], bool]:
    """Who a clause binds, and whether its subject or the speaker says so; else all who are named before the verb."""
    low, high = base + min(clause.who[0], clause.start), base + clause.who[1]
    acting = [
        m
        for m in reading.mentions
        if base <= m.start < high and m.kind != "place" and not _host(m, sentence.text, m.start - base)
    ]
    by = _names((m for m in acting if m.start >= low), when)
    if by:
        return by, True
    speakers = _names(acting, when)
    if speakers and _SPEAKS.search(sentence.text[: high - base]):
        return speakers, True
    pronoun = _PRONOUN.search(sentence.text[: clause.who[1]])
    if pronoun:
        found = reading.antecedent(base + pronoun.start(1), base + pronoun.end(1))
        key = _key(found, when) if found is not None else None
        if key:
            return (key,), True
    return speakers, False


def _subject_parties(reading: Reading, sentence: Sentence, shift: int, when: datetime.date) -> list[str]:
    """Parties that a sentence about an accord names, hosts and mediators left out; unknown proper names too."""
    base = sentence.start + shift
    inside = [m for m in reading.mentions if base <= m.start < base + len(sentence.text)]
    names: dict[str, None] = {}
    for mention in inside:
        before = sentence.text[: mention.start - base]
        if mention.kind in ("place", "modifier") or _HOST.search(before):
            continue
        if _host(mention, sentence.text, mention.start - base):
            continue
        key = _key(mention, when)
        if key:
            names.setdefault(key)
    verb = _CONCLUDES.search(sentence.text)
    for match in _UNKNOWN.finditer(sentence.text, 0, verb.start() + 1 if verb else 0):
        at = base + match.start(1)
        if not any(m.start < base + match.end(1) and at < m.end for m in inside):
            names.setdefault(match[1])
    if not names:
        states = [m.country for m in inside if m.kind == "modifier" and m.country]
        names.update(dict.fromkeys(_state(state, when) for state in states))
    return list(names)
