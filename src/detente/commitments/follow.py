"""Follow-through: what a document that is about a commitment reports of each provision.

Of a short document the reader tells it from promise and report as a whole, the cue words from single phrases. Either
goes wrong where the other does not, so the reader's probabilities are multiplied by what the cue words speak for. A
long document, of which most sentences are about something else, is told by cue words alone.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from detente.commitments.cued import LIKE, LIKE_IN_LONG, by_sentence, cues_of, possible, unfinished
from detente.commitments.lexicon import PLAIN_CONDITION
from detente.commitments.model import KINDS, FollowThrough, Kind
from detente.commitments.reader import NOTHING, Reader, Told, promise_text, report_text
from detente.commitments.reading import Line, Paper
from detente.commitments.state import Deed, Open
from detente.commitments.undertakings import condition_in
from detente.commitments.words import sharing

__all__ = ["LIKE_IN_LONG", "TELLS", "Telling", "follow", "read_short"]

TELLS = 0.5
"""Least probability that a report tells something of a provision."""
CUES = 2.0
"""What a cue of weight 1 multiplies a kind's probability by, as a power of e."""
SILENT = 0.6
"""The same for nothing being told, where cues are counted: as much as a weak cue."""
ELSEWHERE = 3.0
"""What divides a kind's probability where a report shares words with another deed of the commitment alone, and its cues
count for nothing. It can still tell that the accord to which it refers was left or replaced as a whole. These numbers
were set together on ``dev_b`` and ``dev_d``, which the reader has not seen."""
MOST = 2.5
"""What cues of one kind weigh at most."""


@dataclass(frozen=True, slots=True)
class Telling:
    """What a report tells of a provision: the probability of each kind, and of nothing."""

    kinds: Mapping[Told, float]

    @property
    def something(self) -> float:
        """Probability that it tells something."""
        return 1.0 - sum(self.kinds[name] for name in NOTHING)

    @property
    def kind(self) -> Kind:
        """The likeliest kind of follow-through."""
        return max(KINDS, key=lambda kind: self.kinds[kind])


def _tell(
    paper: Paper, commitment: Open, deed: Deed, lines: Sequence[Line], reader: Reader, *, elsewhere: bool = False
) -> Telling:
    """What a short document tells of a deed, as a whole or by some of its lines alone.

    ``elsewhere``: it shares words with another deed of the commitment and none with this one.
    """
    promise = promise_text(commitment.made.year, deed.firmness, deed.clause, deed.evidence.sentence)
    whole = report_text(paper.document.title, paper.document.text)
    report = whole if len(lines) == len(paper.lines) else " ".join(line.evidence.sentence for line in lines)
    cues = cues_of(paper, lines, deed)
    kinds = {}
    for name, value in reader.read(promise, report).items():
        cue = CUES * min(MOST, cues.get(name, 0.0))
        if elsewhere and not (paper.back and name in ("breach", "replace")):
            cue = -ELSEWHERE
        kinds[name] = value * math.exp(SILENT if name in NOTHING else cue)
    if deed.firmness != "threatened" and unfinished(lines, deed):
        kinds["advance"] += kinds["fulfil"]
        kinds["fulfil"] = 0.0
    total = sum(kinds.values())
    return Telling({name: value / total for name, value in kinds.items()})


def read_short(paper: Paper, commitment: Open, reader: Reader) -> list[Telling]:
    """What a short document as a whole tells of each provision of a commitment."""
    deeds = [provision.deed for provision in commitment.provisions]
    shared = [sharing(paper.words, deed.words) for deed in deeds]
    other = max(shared) >= LIKE
    return [
        _tell(paper, commitment, deed, paper.lines, reader, elsewhere=other and words < LIKE)
        for deed, words in zip(deeds, shared, strict=True)
    ]


def follow(
    paper: Paper,
    commitment: Open,
    parts: Mapping[str, float],
    told: Sequence[Telling],
    reader: Reader,
    *,
    replaceable: bool,
) -> bool:
    """Note what a document says about the provisions of a commitment; whether it replaces the whole.

    ``told`` is what a short document tells of each provision. Without ``replaceable`` no replacement is noted.
    """
    found = _in_short(paper, commitment, parts, told, reader) if paper.short else by_sentence(paper, commitment, parts)
    replaced = False
    for number, report in list(found):
        if report.kind == "replace" and not replaceable:
            continue
        commitment.do("report", number, report)
        replaced = replaced or (report.kind == "replace" and not report.tentative)
    for number, provision in enumerate(commitment.provisions):
        if provision.condition is None:
            least = LIKE if paper.short else 1.0
            about = (line for line in paper.lines if sharing(line.words, provision.deed.words) >= least)
            condition = _later_condition(about)
            if condition is not None:
                commitment.do("condition", number, condition)
    return replaced


def _in_short(
    paper: Paper, commitment: Open, parts: Mapping[str, float], told: Sequence[Telling], reader: Reader
) -> Iterator[tuple[int, FollowThrough]]:
    """What a short document tells of provisions, each with the sentence that by itself tells it most."""
    for number, (provision, telling) in enumerate(zip(commitment.provisions, told, strict=False)):
        if telling.something < TELLS:
            continue
        deed, kind = provision.deed, telling.kind
        line = paper.lines[0]
        if len(paper.lines) > 1:
            alone = [_tell(paper, commitment, deed, (one,), reader).kinds[kind] for one in paper.lines]
            line = paper.lines[alone.index(max(alone))]
        matched = ("provision", sharing(line.words, deed.words)), ("read", telling.kinds[kind])
        yield (
            number,
            FollowThrough(
                kind=kind,
                date=paper.published,
                evidence=line.evidence,
                tentative=kind in ("breach", "replace") and possible(line, kind),
                scores=tuple((name, round(value, 3)) for name, value in (*parts.items(), *matched)),
                event_ids=tuple(event.event_id for event in line.events),
            ),
        )


def _later_condition(lines: Iterable[Line]) -> str | None:
    """A condition that a later report puts on a deed: only one that opens with a word that can mean nothing else."""
    for line in lines:
        span = condition_in(line.evidence.sentence)
        if span is not None:
            words = line.evidence.sentence[span[0] : span[1]]
            if PLAIN_CONDITION.match(words):
                return words
    return None
