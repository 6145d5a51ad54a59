"""Follow-through by cue words: what they weigh in a document, and what they tell of a long one sentence by sentence."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from detente.commitments.deeds import part_of
from detente.commitments.families import own_cues
from detente.commitments.followup import Report, classify, in_part, meant, remains
from detente.commitments.model import FollowThrough, Kind
from detente.commitments.reading import Line, Paper
from detente.commitments.state import Deed, Open
from detente.commitments.words import Words, content, sharing, topic

__all__ = ["LIKE", "LIKE_IN_LONG", "by_sentence", "cues_of", "possible", "unfinished"]

HEADLINE = 0.8
"""What a headline's cue weighs against one in the text; tried at 0.4, 0.6, 0.8 and 1 on the development gold."""
APART = 0.6
"""What a sentence that shares no words with a provision weighs for it."""
LIKE = 0.6
"""Least weight of shared words for a sentence to be about a provision."""
LIKE_IN_LONG = 0.75
"""The same in a long text, which may be about several matters."""
CLEAR = 1.5
"""Weight of shared words with which a sentence of a long text is about a provision without naming it."""
NEAR = 70
"""Characters on either side of a cue in which a long text must name what the provision is about."""
ORDER: tuple[Kind, ...] = ("replace", "breach", "absent", "fulfil", "advance", "deny")
"""Which kind wins where two weigh the same."""
ANAPHOR = re.compile(
    r"(?:It|They|This|That|These|Those|None|No|Neither|Both|Nobody|Nothing|Work|But (?:it|they)|The (?:project|plan"
    r"|line|agreement|accord|deal|work|talks|rest|remainder))\b"
)
"""Openings of a sentence that goes on about what the one before it spoke of."""

Heard = tuple[Line, Report, float]
"""A sentence, what it reports, and the weight of the words that it shares with the provision."""


def cues_of(paper: Paper, lines: Sequence[Line], deed: Deed) -> Mapping[str, float]:
    """How much the cue words of sentences speak for each kind, about one deed."""
    heard = []
    for line in lines:
        report = _report(line, deed, LIKE)
        if report is not None:
            heard.append((line, report, sharing(line.words, deed.words)))
    return {kind: weighed.total for kind, weighed in _weigh(heard, paper, deed).items()}


def unfinished(lines: Sequence[Line], deed: Deed) -> bool:
    """Whether a short text tells of a part of a deed only, or says that a part is still to be done."""
    text = " ".join(line.evidence.sentence for line in lines)
    return remains(text) or in_part(text) or part_of(deed.clause, text) is not None


def possible(line: Line, kind: Kind) -> bool:
    """Whether a sentence tells a breach or a replacement as a possibility (could, may, would)."""
    report = classify(line.evidence.sentence)
    return report is not None and kind in report.tentative


def by_sentence(paper: Paper, commitment: Open, parts: Mapping[str, float]) -> Iterator[tuple[int, FollowThrough]]:
    """What the sentences of a long document report, each with the number of the provision."""
    told: dict[int, list[Heard]] = defaultdict(list)
    for line in paper.lines:
        if line.parties and line.parties.isdisjoint(commitment.parties):
            continue  # a sentence about others
        report = classify(line.evidence.sentence)
        if report is None:
            for number, provision in enumerate(commitment.provisions):
                found = _report(line, provision.deed, LIKE_IN_LONG)
                if found is not None:
                    told[number].append((line, found, sharing(line.words, provision.deed.words)))
            continue
        for number, words in _targets(line, report, commitment, paper):
            told[number].append((line, report, words))
    for number, heard in sorted(told.items()):
        for step in _judge(heard, parts, paper, commitment.provisions[number].deed):
            yield number, step


def _report(line: Line, deed: Deed, least: float) -> Report | None:
    """What a sentence reports by the common cue words, else by the deed's own where it shares words with it."""
    report = classify(line.evidence.sentence)
    if report is None and sharing(line.words, deed.words) >= least:
        return classify(line.evidence.sentence, own=own_cues(deed.verb, deed.clause, line.evidence.sentence))
    return report


def _targets(line: Line, report: Report, commitment: Open, paper: Paper) -> list[tuple[int, float]]:
    """The provisions that a sentence is about: those sharing words with it or with the one before it.

    A sentence about the accord as such (left, replaced, no longer binding) is about all that is not done yet.
    """
    provisions = commitment.provisions
    topics = [provision.deed.words for provision in provisions]
    scored = [sharing(line.words, words) for words in topics]
    if report.kind in ("breach", "replace") and line.back and sharing(line.words, commitment.words) >= 1.0:
        undone = [n for n, p in enumerate(provisions) if not any(r.kind == "fulfil" for r in p.reports)]
        return [(n, scored[n]) for n in undone or range(len(provisions))]
    found = [(n, value) for n, value in enumerate(scored) if value >= LIKE_IN_LONG]
    if found:
        return found
    for other in paper.lines:
        if other.evidence.sentence_no != line.evidence.sentence_no - 1:
            continue
        scored = [sharing(other.words, words) for words in topics]
        if max(scored) >= LIKE_IN_LONG and ANAPHOR.match(line.evidence.sentence):
            best = [n for n, value in enumerate(scored) if value == max(scored)]
            return [(n, 0.0) for n in best if scored[n] >= CLEAR or _named(other, provisions[n].deed)]
    return []


@dataclass(slots=True)
class _Weighed:
    """How much a document's sentences speak for one kind, and the sentence that speaks for it most."""

    total: float = 0.0
    most: float = -1.0
    told: tuple[Line, Report, float, Kind] | None = None


def _weigh(heard: Sequence[Heard], paper: Paper, deed: Deed) -> dict[Kind, _Weighed]:
    """How much a document's sentences speak for each kind, about one provision."""
    weighed: dict[Kind, _Weighed] = defaultdict(_Weighed)
    settled = paper.firmness in ("signed", "agreed")
    unfinished = paper.short and any(remains(line.evidence.sentence) for line in paper.lines)
    for line, plain, words in heard:
        report = plain
        if words >= LIKE:
            own = own_cues(deed.verb, deed.clause, line.evidence.sentence)
            part = part_of(deed.clause, line.evidence.sentence)
            if own or part is not None:
                report = classify(line.evidence.sentence, own=own, partial=part is not None) or plain
        share = (HEADLINE if line.evidence.sentence_no == -1 else 1.0) * (1.0 if words else APART)
        cues = dict(report.cues)
        for kind, weight in report.weights:
            if not paper.short and words and not _near(cues[kind], line, deed.words):
                continue
            if not paper.short and kind != "replace" and 0.0 < words < CLEAR and not _named(line, deed):
                continue
            means = kind if kind in report.special else meant(kind, cues[kind], f"{deed.verb} {deed.clause}")
            if deed.firmness == "threatened":
                means = _of_threat(kind, means, settled)
            elif means == "fulfil" and unfinished:
                means = "advance"
            entry = weighed[means]
            entry.total += weight * share
            if weight * share > entry.most:
                entry.most, entry.told = weight * share, (line, report, words, kind)
    return weighed


def _judge(heard: Sequence[Heard], parts: Mapping[str, float], paper: Paper, deed: Deed) -> Iterator[FollowThrough]:
    """What a document reports of one provision: the kind that weighs most over its sentences, and any denial."""
    weighed = _weigh(heard, paper, deed)
    if not weighed:
        return
    best = max(weighed, key=lambda kind: (round(weighed[kind].total, 6), -ORDER.index(kind)))
    chosen: list[Kind] = [best]
    if best != "deny" and "deny" in weighed:
        chosen.append("deny")
    passing = weighed["replace"].told if "replace" in weighed else None
    if best != "replace" and passing is not None and passing[3] in passing[1].tentative:
        chosen.append("replace")
    for means in chosen:
        told = weighed[means].told
        if told is None:
            continue
        line, report, words, kind = told
        yield FollowThrough(
            kind=means,
            date=paper.published,
            evidence=line.evidence,
            tentative=kind in report.tentative,
            scores=(*((name, round(value, 3)) for name, value in parts.items()), ("provision", round(words, 3))),
            event_ids=tuple(event.event_id for event in line.events),
        )


def _near(cue: str, line: Line, words: Words) -> bool:
    """Whether a cue stands near a word that is about the provision: far off in a long sentence it is about another."""
    text = " ".join(line.evidence.sentence.split())
    at = text.find(cue)
    around = text[max(0, at - NEAR) : at + len(cue) + NEAR] if at >= 0 else text
    return sharing(topic(around), words) >= LIKE


def _named(line: Line, deed: Deed) -> bool:
    """Whether a sentence has the head of a provision's name: a deal on gas tankers is no step of a gas pipeline."""
    name = content(deed.subject)
    return not name or sharing(line.words, topic(name[-1])) > 0.0


def _of_threat(kind: Kind, means: Kind, settled: bool) -> Kind:
    """What a cue means for a threat: the hostile act carries it out, a settlement takes its place."""
    if settled and kind in ("advance", "fulfil"):
        return "replace"
    return "fulfil" if kind == "breach" else means
