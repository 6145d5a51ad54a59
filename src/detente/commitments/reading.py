"""A document as this room reads it: who is named, what each sentence is about, what it undertakes."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from detente.actors import Gazetteer
from detente.commitments.clauses import FOUNDS, reread
from detente.commitments.finder import Finder, Said
from detente.commitments.lexicon import BACK
from detente.commitments.model import Evidence, Firmness
from detente.commitments.parties import TOGETHER, Parties
from detente.commitments.state import Place
from detente.commitments.undertakings import Clause, conditions_in, firmness_of, read_clauses, read_topics
from detente.commitments.words import Words, topic
from detente.documents import split
from detente.records import Document, Event, Sentence

__all__ = ["NOBODY", "Line", "Paper", "Undertaking", "read_paper"]

NOBODY = ""
"""Stands for the party of documents that name none."""
SHORT = 4
"""A text of so many sentences, headline included, is about one matter as a whole."""
TAKES, SURE = 0.5, 0.99
"""Least probability that who is named takes part, and that a host or a mediator does."""
_SPEAKS = re.compile(
    r"\b(?:said|says|announced|announces|declared|wrote|told|decided|ordered|issued|confirmed|stated|agreed|promised|pledged"
    r"|vowed|undertook|warned)\b"
)
_PRONOUN = re.compile(r"\b([Hh]e|[Ss]he|[Ii]t|[Tt]hey)\s*$")


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
    stateless: bool
    takers: tuple[str, ...] = ()
    """Who takes part in what it undertakes, where the network has found that."""
    outsiders: frozenset[str] = frozenset()
    """Who does not, though it is named."""

    @property
    def short(self) -> bool:
        """Whether it is so short that it is about one matter as a whole."""
        return len(self.lines) <= SHORT

    @property
    def looked_up(self) -> tuple[str, ...]:
        """The parties under which commitments that it may be about are looked up; any, where it names no state."""
        return (*sorted(self.around), *([NOBODY] if self.stateless else []))

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


def read_paper(
    document: Document, sentences: Sequence[Sentence] | None, events: Sequence[Event], gazetteer: Gazetteer
) -> Paper:
    """Read a document; ``events`` are the coded events of it."""
    title = document.title or ""
    lead = f"{title.rstrip('.')}. " if title else ""
    reading = gazetteer.read(lead + document.text, document.published)
    shift = len(lead)
    parties = Parties(reading, document.published, shift)
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
        lines.append(_line(parties, document, -1, title, 0, None, leave_out, ()))
    lines += [
        _line(parties, document, s.no, s.text, s.start + shift, s.start, leave_out, tuple(by_sentence.get(s.no, ())))
        for s in cut
    ]
    states = parties.names(m for m in reading.mentions if m.kind != "place")
    around = frozenset(parties.state(m.country) for m in reading.mentions if m.country)
    firmness = firmness_of(document.text) or None
    said = None
    if len(lines) <= SHORT and (around or states):
        said = Finder.default().read(lead + document.text, reading.mentions, shift)
    signatories, undertakings, stated = _undertaken(document, cut, lines, parties, firmness, said)
    takers, outsiders = _taking(parties, said) if said is not None and undertakings else ((), frozenset())
    signatories = tuple(name for name in signatories if name not in outsiders)
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
        stateless=not any(parties.names_state(m) for m in reading.mentions),
        takers=takers,
        outsiders=outsiders,
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
    parties: Parties,
    document: Document,
    number: int,
    text: str,
    at: int,
    start: int | None,
    leave_out: Iterable[str],
    events: tuple[Event, ...],
) -> Line:
    evidence = Evidence(
        document_id=document.document_id,
        sentence_no=number,
        sentence=text,
        start=start,
        end=None if start is None else start + len(text),
        published=document.published,
    )
    return Line(
        evidence,
        topic(text, leave_out),
        frozenset(parties.names(parties.taking_part(text, at))),
        bool(BACK.search(text)),
        events,
    )


def _undertaken(
    document: Document,
    cut: Sequence[Sentence],
    lines: Sequence[Line],
    parties: Parties,
    firmness: Firmness | None,
    said: Said | None,
) -> tuple[tuple[str, ...], list[Undertaking], list[Evidence]]:
    """Who concludes something, what is undertaken, and the sentences that say so."""
    by_number = {line.evidence.sentence_no: line for line in lines}
    evidence = {number: line.evidence for number, line in by_number.items()}
    signatories: dict[str, None] = {}
    found: list[Undertaking] = []
    stated: list[Evidence] = []
    near = -9
    together: tuple[str, ...] = ()
    for sentence in cut:
        base = sentence.start + parties.shift
        both = together if TOGETHER.search(sentence.text) else ()
        own = firmness_of(sentence.text)
        if own in ("signed", "agreed"):
            near = sentence.no
            stated.append(evidence[sentence.no])
            names = parties.of_accord(sentence.text, base, conditions_in(sentence.text))
            signatories.update(dict.fromkeys(names if len(names) > 1 else (*both, *names)))
        clauses = read_clauses(
            sentence.text, sentence.no, document.published, firmness, sentence.no - near <= 1, bool(found)
        )
        if said is not None:
            clauses = reread(sentence, clauses, said, parties.shift, document.published, firmness)
        for clause in clauses:
            by, clear = _committing(parties, base, sentence, clause)
            if not by and both:
                by, clear = both, True
            if clause.strength == 1 and not clear:
                continue
            found.append(Undertaking(clause, by, evidence[sentence.no], _within(clause, by_number[sentence.no])))
        if clauses and evidence[sentence.no] not in stated:
            stated.append(evidence[sentence.no])
        here = parties.names(parties.taking_part(sentence.text, base))
        together = here if len(here) > 1 else together
    sure = said is not None and said.undertakes >= FOUNDS
    if not sure and any(undertaking.clause.verb for undertaking in found):
        # "A treaty on the dam was completed. Congo will build it": the second sentence says what is to be done.
        found = [undertaking for undertaking in found if undertaking.clause.verb]
    return tuple(signatories), found, stated


def _taking(parties: Parties, said: Said) -> tuple[tuple[str, ...], frozenset[str]]:
    """Who takes part in what a text undertakes, as the network sees it, and who does not."""
    if said.undertakes < FOUNDS:
        return (), frozenset()
    sure: dict[str, float] = {}
    for mention, value in said.parties:
        if value < SURE and parties.aside(mention):
            continue
        if mention.kind == "modifier":
            key = parties.state(mention.country) if mention.country else None
        else:
            key = parties.key(mention) if mention.kind != "place" else None
        if key:
            sure[key] = max(value, sure.get(key, 0.0))
    takers = tuple(key for key, value in sure.items() if value >= TAKES)
    return takers, frozenset(sure).difference(takers) if takers else frozenset()


def _committing(parties: Parties, base: int, sentence: Sentence, clause: Clause) -> tuple[tuple[str, ...], bool]:
    """Who a clause binds, and whether its subject or the speaker says so; else all who are named before the verb."""
    low, high = base + min(clause.who[0], clause.start), base + clause.who[1]
    acting = [m for m in parties.between(base, high) if m.kind != "place" and not parties.host(m)]
    by = parties.names(m for m in acting if m.start >= low)
    if by:
        return by, True
    speakers = parties.names(acting)
    if speakers and _SPEAKS.search(sentence.text[: high - base]):
        return speakers, True
    pronoun = _PRONOUN.search(sentence.text[: clause.who[1]])
    if pronoun:
        found = parties.reading.antecedent(base + pronoun.start(1), base + pronoun.end(1))
        key = parties.key(found) if found is not None else None
        if key:
            return (key,), True
    return speakers, False
