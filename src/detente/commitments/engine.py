"""From documents to commitments: states them, links later reports to them, follows each provision through."""

from __future__ import annotations

import datetime
import math
import re
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from detente.actors import Gazetteer
from detente.commitments.followup import Report, classify, meant
from detente.commitments.lexicon import PLAIN_CONDITION
from detente.commitments.model import (
    FIRMNESS,
    Commitment,
    Contradiction,
    Evidence,
    Firmness,
    FollowThrough,
    Kind,
    Omission,
    Provision,
)
from detente.commitments.reading import Line, Paper, Undertaking, read_paper
from detente.commitments.status import measure_silence, overall, stand
from detente.commitments.subjects import subject_of
from detente.commitments.undertakings import condition_in
from detente.commitments.words import Words
from detente.records import Document, Event, Sentence, stable_id

__all__ = ["between", "find"]

MOST_PROVISIONS = 8
HEADLINE = 0.8
"""What a headline's cue weighs against one in the text; tried at 0.4, 0.6, 0.8 and 1 on the development gold."""
APART = 0.6
"""What a sentence that shares no words with a provision weighs for it."""
ORDER: tuple[Kind, ...] = ("replace", "breach", "absent", "fulfil", "advance", "deny")
"""Which kind wins where two weigh the same."""
TOGETHER = re.compile(
    r"\b(?:the|both) (?:two |three |four |five |six |same )?(?:governments|sides|countries|states|rivals|leaders"
    r"|presidents|parties|neighbou?rs|ministers|premiers|powers)\b|\bboth\b", re.IGNORECASE,
)  # fmt: skip
"""Words that mean the parties of what was spoken of before."""
ABOUT = 0.5
"""Least score for a document to be about a commitment; tried from 0.5 to 1 on the development gold."""
TOPICAL = 0.35
"""Least part of the score that shared words must make, unless the document refers back to the accord."""
HALF = 0.5
HEARD = 0.5
"""What words of a follow-up report weigh in the topic of a commitment, where the report is short."""
LIKE = 0.6
"""Least weight of shared words for a sentence to be about a provision."""
IN_LONG = 0.75
"""The same in a long text, which may be about several matters."""
BOTH = 0.48
"""Least part of the score that the parties must make in a long text: two named, one as an actor."""
ANAPHOR = re.compile(
    r"(?:It|They|This|That|These|Those|None|No|Neither|Both|Nobody|Nothing|Work|But (?:it|they)|The (?:project|plan"
    r"|line|agreement|accord|deal|work|talks|rest|remainder))\b"
)
"""Openings of a sentence that goes on about what the one before it spoke of."""
_YEAR = re.compile(r"\b(?:1[89]|20)\d\d\b")
STEP = 1.0
"""Two deeds of one side in one document that share so much are steps of one deed."""
CANDIDATES = 24
"""Commitments looked at for one document: those that share most of its rarer words."""


@dataclass(slots=True)
class _Deed:
    undertaking: Undertaking
    subject: str
    words: Words
    firmness: Firmness
    due: datetime.date | None
    condition: str | None
    reports: list[FollowThrough] = field(default_factory=list)


@dataclass(slots=True)
class _Open:
    number: int
    made: datetime.date
    parties: dict[str, None]
    by: dict[str, None]
    words: Words
    deeds: list[_Deed]
    topics: list[_Deed]
    evidence: dict[tuple[str, int], Evidence]
    firmness: Firmness
    succeeds: int | None = None
    steps: list[datetime.date] = field(default_factory=list)
    named: list[tuple[datetime.date, str, frozenset[str]]] = field(default_factory=list)


def find(
    documents: Iterable[Document],
    events: Iterable[Event] = (),
    *,
    until: datetime.date | None = None,
    sentences: Mapping[str, Sequence[Sentence]] | None = None,
    gazetteer: Gazetteer | None = None,
) -> tuple[Commitment, ...]:
    """The commitments that documents report, with their follow-through as of ``until`` (else the last document).

    ``events`` are coded events of the documents; ``sentences`` the documents' sentences where they are already split.
    Nothing published after ``until`` is used. A text that is there twice counts once. In order of the day made.
    """
    gazetteer = gazetteer or Gazetteer.default()
    chosen = _distinct(documents, until)
    coded: dict[str, list[Event]] = defaultdict(list)
    for event in events:
        coded[event.document_id].append(event)
    papers = [
        read_paper(doc, (sentences or {}).get(doc.document_id), coded.get(doc.document_id, ()), gazetteer)
        for doc in chosen
    ]
    if not papers:
        return ()
    last = until or papers[-1].published
    tracker = _Tracker(papers)
    for paper in papers:
        tracker.take(paper)
    return tracker.result(last)


def between(commitments: Iterable[Commitment], *parties: str) -> tuple[Commitment, ...]:
    """Those commitments to which all of the given parties (codes or names) belong."""
    return tuple(c for c in commitments if all(p in c.parties for p in parties))


def _distinct(documents: Iterable[Document], until: datetime.date | None) -> list[Document]:
    """In order of publication, each id and each text once, nothing after ``until``."""
    seen: set[str] = set()
    found = []
    for doc in sorted(documents, key=lambda d: (d.published, d.document_id)):
        text = " ".join(doc.text.split())
        if (until is not None and doc.published > until) or doc.document_id in seen or text in seen:
            continue
        seen |= {doc.document_id, text}
        found.append(doc)
    return found


class _Tracker:
    """The commitments met so far, indexed by the words that they are about."""

    def __init__(self, papers: Sequence[Paper]) -> None:
        self._total = len(papers)
        self._frequency = Counter(word for paper in papers for word in paper.words)
        self._index: dict[str, list[int]] = defaultdict(list)
        self._open: list[_Open] = []
        self._news: dict[str, list[datetime.date]] = defaultdict(list)

    def take(self, paper: Paper) -> None:
        """One more document: what it says of known commitments, then what it states itself."""
        for party in paper.around:
            self._news[party].append(paper.published)
        about: list[tuple[float, dict[str, float], _Open]] = []
        numbers = self._candidates(paper)
        latest = self._latest(paper, numbers)
        for number in numbers:
            commitment = self._open[number]
            parts = self._match(paper, commitment, referred=number == latest)
            score = sum(parts.values())
            if not paper.short and parts["parties"] < BOTH:
                continue
            if score >= ABOUT and (parts["words"] >= TOPICAL or (parts["back"] > 0 and paper.short)):
                about.append((score, parts, commitment))
        about.sort(key=lambda item: (-item[0], item[2].number))
        replaced = False
        reports = [(line, told) for line in paper.lines if (told := classify(line.evidence.sentence))] if about else []
        numbers_about = {commitment.number for _, _, commitment in about}
        for _, parts, commitment in about:
            self._take_up(paper, commitment)
            if commitment.succeeds in numbers_about:
                reports = [(line, told) for line, told in reports if told.kind != "replace"]
            replaced = self._follow(paper, reports, commitment, parts) or replaced
        deeds = self._deeds(paper)
        if about and deeds and not replaced:
            same = [item for item in about if self._same_matter(paper, item[2], item[1], deeds)]
            if same:
                self._add(same[0][2], deeds)
                return
        if deeds:
            self._new(paper, deeds, about[0][2] if about else None, replaced)

    def _weight(self, word: str, weight: float) -> float:
        """A word's weight in this collection: full where few documents have it, little where most do."""
        if self._total < 50:
            return weight
        share = self._frequency[word] / self._total
        return weight * min(1.0, -math.log(share) / math.log(self._total) * 1.6)

    def _sharing(self, one: Words, other: Words) -> float:
        """Weight of the words that two texts share, in this collection."""
        return sum(self._weight(word, weight) for word, weight in one.shared(other).items())

    def _candidates(self, paper: Paper) -> list[int]:
        votes: Counter[int] = Counter()
        for word in paper.words:
            for number in self._index.get(word, ())[-200:]:
                votes[number] += 1
        for number in range(max(0, len(self._open) - 3), len(self._open)):
            votes[number] += 0
        return sorted(number for number, _ in votes.most_common(CANDIDATES))

    def _latest(self, paper: Paper, numbers: Sequence[int]) -> int | None:
        """What "the agreement" means in a document: the last one heard of between parties that it names."""
        best: tuple[float, datetime.date, int] | None = None
        for number in numbers:
            commitment = self._open[number]
            share = _named(paper, commitment)
            if share >= HALF:
                key = (round(share, 3), commitment.named[-1][0], number)
                best = key if best is None else max(best, key)
        return best[2] if best is not None else None

    def _match(self, paper: Paper, commitment: _Open, referred: bool) -> dict[str, float]:
        """How far a document is about a commitment, part by part."""
        words = max(self._sharing(part, commitment.words) for part in paper.parts)
        back = 0.0
        if referred and any(line.back for line in paper.lines):
            back += 0.4
        years = {int(y) for line in paper.lines for y in _YEAR.findall(line.evidence.sentence)}
        if referred and commitment.made.year in years and paper.published.year != commitment.made.year:
            back += 0.5
        return {"parties": _named(paper, commitment) * 0.6, "words": min(2.0, words / 2.0), "back": back}

    def _deeds(self, paper: Paper) -> list[_Deed]:
        found: list[_Deed] = []
        for undertaking in paper.undertakings:
            deed = _deed(undertaking)
            if deed.words and not self._step_of(found, deed):
                found.append(deed)
        return found

    def _step_of(self, known: Sequence[_Deed], deed: _Deed) -> bool:
        """Whether a deed is a step of one already stated by the same side, which then takes on its date."""
        for other in known:
            same_side = other.undertaking.by == deed.undertaking.by or not deed.undertaking.by
            if same_side and sum(other.words.shared(deed.words).values()) >= STEP:
                if deed.due is not None:
                    other.due = max(deed.due, other.due or deed.due)
                other.condition = other.condition or deed.condition
                return True
        return False

    def _same_matter(self, paper: Paper, commitment: _Open, parts: Mapping[str, float], deeds: Sequence[_Deed]) -> bool:
        """Whether what a document states belongs to a commitment that it is about: much the same parties and words."""
        theirs = set(paper.signatories) or {party for deed in deeds for party in deed.undertaking.by}
        others = theirs ^ set(commitment.parties)
        if paper.firmness == "signed" and len(paper.signatories) >= 2 and len(others) > len(commitment.parties) / 2:
            return False
        if commitment.firmness == "threatened" and paper.firmness in ("signed", "agreed"):
            return False
        if paper.short:
            return parts["words"] >= HALF or parts["back"] > 0
        overlap = len(theirs & set(commitment.parties)) / max(1, len(theirs | set(commitment.parties)))
        deed_words = max(self._sharing(deed.words, commitment.words) for deed in deeds)
        return overlap >= HALF and deed_words >= 1.0

    def _add(self, commitment: _Open, deeds: Sequence[_Deed]) -> None:
        """A further report of a commitment: evidence, a later due date, further provisions."""
        for deed in deeds:
            best, score = self._nearest(deed.words, commitment)
            if best is not None and score >= 0.5:
                if deed.due is not None and deed.undertaking.clause.strength >= 1:
                    best.due = max(deed.due, best.due or deed.due)
                if best.condition is None and deed.condition is not None:
                    best.condition = deed.condition
                if deed.undertaking.clause.strength >= 2:
                    self._state(commitment, deed)
            elif deed.undertaking.clause.strength >= 2 and len(commitment.deeds) < MOST_PROVISIONS:
                commitment.deeds.append(deed)
                self._state(commitment, deed)
                self._remember(commitment, deed.words)

    def _state(self, commitment: _Open, deed: _Deed) -> None:
        evidence = deed.undertaking.evidence
        commitment.evidence.setdefault((evidence.document_id, evidence.sentence_no), evidence)
        commitment.firmness = min(commitment.firmness, deed.firmness, key=FIRMNESS.index)

    def _new(self, paper: Paper, deeds: Sequence[_Deed], earlier: _Open | None, replaces: bool) -> None:
        strength = max(deed.undertaking.clause.strength for deed in deeds)
        by: dict[str, None] = {}
        parties: dict[str, None] = {}
        heard: dict[str, None] = {}
        if strength >= 3 or len(paper.signatories) >= 2:
            parties.update(dict.fromkeys(paper.signatories))
        for deed in deeds:
            by.update(dict.fromkeys(deed.undertaking.by))
            line = next(ln for ln in paper.lines if ln.evidence == deed.undertaking.evidence)
            parties.update(dict.fromkeys(deed.undertaking.by))
            heard.update(dict.fromkeys(sorted(line.parties)))
        if strength < 3 and len(by) < 2:
            parties.update(heard)
        if earlier is not None and len(parties) < 2 < 1 + len(earlier.parties) and TOGETHER.search(paper.document.text):
            by = parties = dict(earlier.parties)
        if not parties or (strength < 2 and not by):
            return
        if strength >= 3 and len(paper.signatories) >= 2:
            by = dict.fromkeys(parties)
        commitment = _Open(
            number=len(self._open),
            made=paper.published,
            parties=parties,
            by=by or dict.fromkeys(parties),
            words=Words(),
            deeds=list(deeds[:MOST_PROVISIONS]),
            topics=[_deed(topic_) for topic_ in paper.topics],
            succeeds=earlier.number if earlier is not None and replaces else None,
            evidence={},
            firmness=min((deed.firmness for deed in deeds), key=FIRMNESS.index),
        )
        for evidence in paper.stated:
            commitment.evidence[evidence.document_id, evidence.sentence_no] = evidence
        commitment.named.append((paper.published, paper.document.document_id, paper.around))
        self._open.append(commitment)
        stating = {evidence.sentence_no for evidence in paper.stated} | {-1}
        for line in paper.lines:
            if paper.short or line.evidence.sentence_no in stating:
                self._remember(commitment, line.words)
        for deed in commitment.topics:
            self._remember(commitment, deed.words)

    def _remember(self, commitment: _Open, words: Words, weight: float = 1.0) -> None:
        for word, own in words.items():
            if word not in commitment.words:
                self._index[word].append(commitment.number)
            commitment.words[word] = max(commitment.words.get(word, 0.0), own * weight)

    def _nearest(self, words: Words, commitment: _Open) -> tuple[_Deed | None, float]:
        best: _Deed | None = None
        score = 0.0
        for deed in commitment.deeds:
            value = self._sharing(words, deed.words)
            if value > score:
                best, score = deed, value
        return best, score

    def _take_up(self, paper: Paper, commitment: _Open) -> None:
        """A matter only discussed when the commitment was made is a provision once its parties act on it."""
        if not set(list(commitment.parties)[:2]) <= paper.around:
            return
        for deed in list(commitment.topics):
            acted = any(self._sharing(line.words, deed.words) >= IN_LONG for line in paper.lines)
            if acted and len(commitment.deeds) < MOST_PROVISIONS:
                commitment.topics.remove(deed)
                commitment.deeds.append(deed)

    def _follow(
        self,
        paper: Paper,
        reports: Sequence[tuple[Line, Report]],
        commitment: _Open,
        parts: Mapping[str, float],
    ) -> bool:
        """Reports of a document about the provisions of a commitment; whether it replaces the whole."""
        commitment.named.append((paper.published, paper.document.document_id, paper.around))
        told: dict[int, list[tuple[Line, Report, float]]] = defaultdict(list)
        for line, report in reports:
            for number, words in self._targets(line, report, commitment, paper):
                told[number].append((line, report, words))
        kinds: set[Kind] = set()
        for number, heard in sorted(told.items()):
            deed = commitment.deeds[number]
            for found in _judge(heard, parts, paper.published, deed):
                deed.reports.append(found)
                if not found.tentative:
                    kinds.add(found.kind)
            if deed.condition is None:
                deed.condition = _later_condition(line for line, _, words in heard if paper.short or words >= 1.0)
        if kinds & {"advance", "fulfil"}:
            commitment.steps.append(paper.published)
        if paper.short:
            self._remember(commitment, paper.words, HEARD)
        return "replace" in kinds

    def _targets(self, line: Line, report: Report, commitment: _Open, paper: Paper) -> list[tuple[int, float]]:
        """The provisions that a sentence is about: those sharing words with it or, in a long text, the one before it.

        In a short text, which is about one matter as a whole, a sentence that shares no words is about the provision
        that the text is most about, else the first that is not done. A sentence about the accord as such (left,
        replaced, no longer binding) is about all that is not done yet.
        """
        deeds = commitment.deeds
        scored = [self._sharing(line.words, deed.words) for deed in deeds]
        undone = [n for n, deed in enumerate(deeds) if not any(r.kind == "fulfil" for r in deed.reports)]
        position = line.evidence.sentence_no
        before = [other for other in paper.lines if other.evidence.sentence_no == position - 1]
        if paper.short:
            near = True
        else:
            near = any(self._sharing(other.words, commitment.words) >= 1.0 for other in [line, *before])
        if report.kind in ("breach", "replace") and line.back and near:
            return [(n, scored[n]) for n in undone or range(len(deeds))]
        found = [(number, value) for number, value in enumerate(scored) if value >= (LIKE if paper.short else IN_LONG)]
        if found:
            return found
        if not paper.short:
            for other in before:
                scored = [self._sharing(other.words, deed.words) for deed in deeds]
                if max(scored) >= IN_LONG and ANAPHOR.match(line.evidence.sentence):
                    return [(number, 0.0) for number, value in enumerate(scored) if value == max(scored)]
            return []
        whole = [self._sharing(paper.words, deed.words) for deed in deeds]
        if max(whole) >= LIKE:
            return [(number, 0.0) for number, value in enumerate(whole) if value == max(whole)]
        return [(undone[0] if undone else 0, 0.0)]

    def result(self, until: datetime.date) -> tuple[Commitment, ...]:
        """All commitments as of a day."""
        return tuple(sorted((self._finish(c, until) for c in self._open), key=lambda c: (c.made, c.commitment_id)))

    def _finish(self, opened: _Open, until: datetime.date) -> Commitment:
        news = sorted({day for party in opened.parties for day in self._news.get(party, ())})
        news = news[: bisect_right(news, until)]
        provisions = []
        for deed in opened.deeds:
            provision = stand(
                Provision(
                    subject=deed.subject,
                    words=deed.undertaking.clause.words,
                    evidence=deed.undertaking.evidence,
                    due=deed.due,
                    condition=deed.condition,
                    follow_through=tuple(deed.reports),
                ),
                opened.made,
            )
            provisions.append(provision)
        due = max((p.due for p in provisions if p.due and p.status == "advancing"), default=None)
        silence = measure_silence(opened.made, due, opened.steps, until, news)
        if silence.telling:
            provisions = [
                replace(p, status="stalled", since=silence.last) if p.status == "advancing" else p for p in provisions
            ]
        heard = [p for p in provisions if p.follow_through or p.evidence.published == opened.made]
        status, since = overall(heard or provisions, opened.made)
        to = tuple(p for p in opened.parties if p not in opened.by) or (tuple(opened.by) if len(opened.by) > 1 else ())
        words = opened.deeds[0].undertaking.clause.words
        return Commitment(
            commitment_id=stable_id(*sorted(opened.parties), opened.made.isoformat(), " ".join(words.split())),
            parties=tuple(opened.parties),
            by=tuple(opened.by),
            to=to,
            made=opened.made,
            firmness=opened.firmness,
            provisions=tuple(provisions),
            evidence=tuple(sorted(opened.evidence.values(), key=lambda e: (e.published, e.document_id, e.sentence_no))),
            status=status,
            since=since,
            last_follow_through=max(opened.steps, default=None),
            silence=silence if status in ("advancing", "stalled") else None,
            contradictions=_contradictions(provisions),
            omissions=_omissions(opened),
        )


def _deed(undertaking: Undertaking) -> _Deed:
    clause = undertaking.clause
    subject = subject_of(clause.words, clause.verb)
    return _Deed(undertaking, subject, undertaking.words, clause.firmness, clause.due, clause.condition)


def _named(paper: Paper, commitment: _Open) -> float:
    """How far a document names the parties of a commitment: 1 for two of them, less where only in passing."""
    named = sum(1.0 if p in paper.parties else 0.6 if p in paper.around else 0.0 for p in commitment.parties)
    share = min(1.0, named / max(1, min(2, len(commitment.parties))))
    return share if paper.parties else max(share, HALF)


@dataclass(slots=True)
class _Weighed:
    """How much a document's sentences speak for one kind, and the sentence that speaks for it most."""

    total: float = 0.0
    most: float = -1.0
    told: tuple[Line, Report, float, Kind] | None = None


def _judge(
    reports: Sequence[tuple[Line, Report, float]], parts: Mapping[str, float], day: datetime.date, deed: _Deed
) -> list[FollowThrough]:
    """What a document reports of one provision: the kind that weighs most over its sentences, and any denial."""
    weighed: dict[Kind, _Weighed] = defaultdict(_Weighed)
    clause = deed.undertaking.clause
    for line, report, words in reports:
        share = (HEADLINE if line.evidence.sentence_no == -1 else 1.0) * (1.0 if words else APART)
        cues = dict(report.cues)
        for kind, weight in report.weights:
            means = meant(kind, cues[kind], f"{clause.verb} {clause.words}")
            if deed.firmness == "threatened" and kind == "breach":
                means = "fulfil"
            entry = weighed[means]
            entry.total += weight * share
            if weight * share > entry.most:
                entry.most, entry.told = weight * share, (line, report, words, kind)
    best = max(weighed, key=lambda kind: (round(weighed[kind].total, 6), -ORDER.index(kind)))
    chosen: list[Kind] = [best]
    if best != "deny" and any(report.kind == "deny" for _, report, _ in reports):
        chosen.append("deny")
    passing = weighed["replace"].told
    if best != "replace" and passing is not None and passing[3] in passing[1].tentative:
        chosen.append("replace")
    found = []
    for means in chosen:
        told = weighed[means].told
        if told is None:
            continue
        line, report, words, kind = told
        found.append(
            FollowThrough(
                kind=means,
                date=day,
                evidence=line.evidence,
                cue=dict(report.cues)[kind],
                tentative=kind in report.tentative,
                scores=(*((name, round(value, 3)) for name, value in parts.items()), ("provision", round(words, 3))),
                event_ids=tuple(event.event_id for event in line.events),
            )
        )
    return found


def _later_condition(lines: Iterable[Line]) -> str | None:
    """A condition that a later report puts on a deed: only one that opens with a word that can mean nothing else."""
    for line in lines:
        span = condition_in(line.evidence.sentence)
        if span is not None:
            words = line.evidence.sentence[span[0] : span[1]]
            if PLAIN_CONDITION.match(words):
                return words
    return None


def _contradictions(provisions: Sequence[Provision]) -> tuple[Contradiction, ...]:
    """Reports that cannot both be right: done and not done within a month, or one that denies what another says."""
    found = []
    for provision in provisions:
        reports = provision.follow_through
        for position, one in enumerate(reports):
            for other in reports[position + 1 :]:
                near = (other.date - one.date).days <= 31
                kinds = {one.kind, other.kind}
                if near and (
                    kinds in ({"fulfil", "absent"}, {"fulfil", "breach"}, {"fulfil", "deny"}, {"advance", "deny"})
                    or kinds in ({"breach", "deny"}, {"absent", "deny"})
                ):
                    found.append(Contradiction(subject=provision.subject, one=one, other=other))
    return tuple(found)


def _omissions(opened: _Open) -> tuple[Omission, ...]:
    """Parties that the later half of the documents on a matter no longer name, while another party still is named."""
    found = []
    for party in opened.parties:
        naming = [day for day, _, around in opened.named if party in around]
        last = max(naming, default=opened.made)
        silent = [doc for day, doc, around in opened.named if day > last and any(p in around for p in opened.parties)]
        if len(silent) >= 2:
            found.append(Omission(party=party, last_named=last, since=tuple(silent)))
    return tuple(found)
