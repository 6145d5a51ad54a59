"""The clauses of a report where the network has a say: its deeds, with what the words around them tell of each."""

from __future__ import annotations

import datetime
import re
from collections.abc import Sequence
from dataclasses import replace

from detente.commitments.due import due_date
from detente.commitments.finder import Said
from detente.commitments.model import Firmness
from detente.commitments.undertakings import Clause, condition_in, conditions_in, firmness_in, firmness_of, verb_of
from detente.commitments.words import content
from detente.records import Sentence

__all__ = ["FOUNDS", "VETOES", "reread"]

FOUNDS = 0.5
"""From this probability on that a text reports an undertaking, its deeds are the network's."""
VETOES = 0.05
"""Below this one it states none, whatever its words."""
RARE = frozenset({"offered", "considered", "threatened"})
"""Kinds of which the network has seen too few to rule one out."""
KEPT = 0.4
"""Least mean probability that a clause read by words alone belongs to a deed, where the network found others."""
NEXT = 3
"""So many characters at most are between a leading condition and its deed."""
_JOINT = re.compile(r"[\s,;:]*(?:(?:and|but|while|whereas|that|in which|under which|by which)\s+)*", re.IGNORECASE)


def reread(
    sentence: Sentence,
    clauses: Sequence[Clause],
    said: Said,
    shift: int,
    made: datetime.date,
    doc_firmness: Firmness | None,
) -> list[Clause]:
    """The clauses of a sentence, read by words, as the network sees them; ``shift`` is where the document begins.

    Where it finds one deed where words found one clause, the words are right on where that begins and ends, as they are
    on conditions. Where it finds several, or any beside, those are clauses; what it takes for no deed is none.
    """
    if said.undertakes < VETOES:
        return [clause for clause in clauses if clause.firmness in RARE]
    if said.undertakes < FOUNDS:
        return list(clauses)
    text, base = sentence.text, sentence.start + shift
    conditions = conditions_in(text)
    spans = [
        span
        for start, end in said.deeds
        if (span := _trimmed(text, max(0, start - base), min(len(text), end - base))) is not None
        and not any(0 < low <= span[0] < high for low, high in conditions)
    ]
    found = []
    for position, (start, end) in enumerate(spans):
        stop = spans[position + 1][0] if position + 1 < len(spans) else len(text)
        same = next((c for c in clauses if min(c.end, end) - max(c.start, start) > 0.5 * (end - start)), None)
        if same is not None and sum(low < same.end and same.start < high for low, high in spans) == 1:
            found.append(same)
        else:
            found.append(_clause(sentence, (start, end), stop, same, said, made, doc_firmness))
    for clause in clauses:
        apart = all(min(clause.end, c.end) <= max(clause.start, c.start) for c in found)
        if apart and said.share(base + clause.start, base + clause.end) >= KEPT:
            found.append(clause)
    return sorted((c for c in found if content(c.words)), key=lambda c: c.start)


def _trimmed(text: str, start: int, end: int) -> tuple[int, int] | None:
    """A span without what joins it to others; None where nothing of it is in the sentence."""
    if end - start < 3:
        return None
    joint = _JOINT.match(text, start, end)
    start = joint.end() if joint else start
    end = start + len(text[start:end].rstrip(" .,;:"))
    return (start, end) if end > start else None


def _clause(
    sentence: Sentence,
    span: tuple[int, int],
    stop: int,
    same: Clause | None,
    said: Said,
    made: datetime.date,
    doc_firmness: Firmness | None,
) -> Clause:
    """The clause of a deed; ``stop`` is where the next one begins, ``same`` the clause that words alone made of it."""
    text, (start, end) = sentence.text, span
    condition = None
    spot = condition_in(text[start:])
    lead = condition_in(text[:start])
    if spot is not None and start + spot[0] < stop:
        condition = text[start + spot[0] : start + spot[1]]
        if spot[0] > 0:
            end = min(end, start + spot[0])
        elif start + spot[1] < end:
            start += spot[1] + 1
    elif lead is not None and (lead[0] == 0 or start - lead[1] < NEXT):
        condition = text[lead[0] : lead[1]]
    words = text[start:end].strip(" ,")
    verb, at = verb_of(words)
    if same is not None and same.verb and re.search(rf"\b{re.escape(same.verb)}\b", words):
        verb, at = same.verb, words.index(same.verb)
    own = firmness_of(text)
    firmness = firmness_in(text, own, doc_firmness, verb, condition) if own or doc_firmness else said.firmness
    clause = Clause(
        sentence_no=sentence.no,
        start=start,
        end=end,
        words=words,
        who=(start, start + at),
        verb=verb,
        firmness=firmness,
        strength=3,
        condition=condition,
        due=due_date(text[start:stop], made),
    )
    return clause if same is None else replace(clause, who=same.who, strength=max(2, same.strength))
