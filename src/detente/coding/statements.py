"""Statements: who says what about whom, how friendly it is, and how firmly it is said.

The attitude words and their weights are our own, set by hand on a scale from -1 to 1. They are not fitted.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Sequence

from detente.records import Event, Party, Statement, stable_id

__all__ = ["HEDGES", "STANCE_WORDS", "find_hedge", "make_statement", "stance_of"]

_WEIGHTED = {
    0.9: "ally allies brotherly cherish indispensable steadfast unwavering wholehearted",
    0.7: "praise praised praises praising hail hailed hails welcome welcomed welcomes applaud applauded thank thanked "
    "grateful admire admired friendship friendly partner partners partnership commend commended",
    0.5: "support supports supported supporting endorse endorsed backed cooperate cooperation trust trusted agree "
    "agreed constructive productive fruitful pleased satisfied satisfaction encouraging appreciate appreciated "
    "reconcile reconciliation solidarity sympathy",
    0.3: "hope hopes hopeful progress positive useful improve improved improving interested ready willing respect",
    -0.3: "concern concerned concerns doubt doubts doubtful wary sceptical skeptical cautious reluctant reluctance "
    "disagree disagreed disappointed disappointing disappointment unhelpful impatient impatience",
    -0.5: "criticise criticised criticize criticized frustrated frustration frustrating reject rejected refuse refused "
    "regret regrets dismiss dismissed alienated alienate complain complained blame blamed mistrust distrust failed "
    "irresponsible unacceptable unhappy annoyed irritated oppose opposed",
    -0.7: "condemn condemned condemns denounce denounced denounces accuse accused accuses warn warned warns "
    "provocation provocations provocative angry anger furious outrage outraged outrageous betray betrayed betrayal "
    "threat threaten threatened threatens illegal violation violated violate liar lying lies bully bullying",
    -0.9: "enemy enemies aggressor aggression hostile hostility terrorist criminal evil annihilate crush barbaric "
    "retaliate retaliation revenge war-mongers warmongers puppet traitor traitors",
}
STANCE_WORDS: dict[str, float] = {word: weight for weight, words in _WEIGHTED.items() for word in words.split()}
"""Attitude words with their weight, -1 hostile to 1 friendly."""

HEDGES: tuple[str, ...] = (
    "ready to consider", "willing to consider", "in principle", "reportedly", "allegedly", "apparently", "possibly",
    "perhaps", "probably", "likely", "unlikely", "might", "may", "could", "would consider", "appears to", "appear to",
    "seems to", "seem to", "suggested", "hinted", "signalled", "signaled", "hopes to", "considering",
)  # fmt: skip
_HEDGE = re.compile(r"\b(" + "|".join(sorted(HEDGES, key=len, reverse=True)) + r")\b", re.IGNORECASE)
_WORD = re.compile(r"[a-z][a-z-]*", re.IGNORECASE)
_NEGATION = frozenset(("no", "not", "never", "without", "hardly", "neither", "nor", "n't", "cannot"))
_QUOTED = re.compile(r"[\"“]([^\"“”]{3,})[\"”]|``(.{3,}?)''")
_MAY = re.compile(r"\bMay\b")


def find_hedge(words: str) -> str | None:
    """The first word that weakens what is said, lower-cased, or None; the month of May is none."""
    if words.isascii():  # the pattern ignores case, which for other letters is more than to lower them
        lowered = words.lower()
        if not any(hedge in lowered for hedge in HEDGES):
            return None
    for match in _HEDGE.finditer(words):
        if not _MAY.fullmatch(match[0]):
            return match[0].lower()
    return None


def stance_of(words: str, intensities: Iterable[float] = ()) -> float:
    """Attitude from -1 to 1: the mean over attitude words (turned by a negation just before) and acts (-10 to 10)."""
    values: list[float] = []
    spelt = words.replace("n't", " not")
    tokens = _WORD.findall(spelt.lower()) if spelt.isascii() else [token.lower() for token in _WORD.findall(spelt)]
    for i, weight in enumerate(map(STANCE_WORDS.get, tokens)):
        if weight is not None:
            negated = any(t in _NEGATION for t in tokens[max(0, i - 3) : i])
            values.append(-0.5 * weight if negated else weight)
    values += [max(-1.0, min(1.0, intensity / 5)) for intensity in intensities]
    return round(sum(values) / len(values), 4) if values else 0.0


def make_statement(
    document_id: str,
    sentence: tuple[int, int, str],
    speaker: Party,
    recipients: Sequence[Party],
    events: Sequence[Event],
    coder: str,
    published: datetime.date,
) -> Statement:
    """The statement of a speaker in a sentence (number, offset, text); its words are the quotation if there is one.

    ``events`` are the acts of the sentence that show the speaker's own attitude.
    """
    number, offset, text = sentence
    quoted = _QUOTED.search(text)
    group = (1 if quoted and quoted[1] else 2) if quoted else 0
    start, end = quoted.span(group) if quoted else (0, len(text))
    words = text[start:end]
    return Statement(
        statement_id=stable_id(document_id, number, speaker.start, speaker.text, words),
        document_id=document_id,
        sentence_no=number,
        sentence=text,
        start=offset + start,
        end=offset + end,
        speaker=speaker,
        recipients=tuple(recipients),
        words=words,
        stance=stance_of(text, [event.intensity for event in events]),
        hedge=find_hedge(text),
        published=published,
        coder=coder,
    )
