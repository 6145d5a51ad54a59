"""What a document undertakes: its clauses with subject, verb, condition and due date, and how firm they are."""

# ruff: noqa: E501 - a pattern stands on one line
from __future__ import annotations

import datetime
import re
from collections.abc import Sequence
from dataclasses import dataclass

from detente.commitments.due import due_date
from detente.commitments.lexicon import (
    ACCORD_NOUN,
    AGREED,
    BASE_VERBS,
    CONDITION,
    HOSTILE,
    NEGATED,
    NO_DEED,
    PLEDGED,
    SIGNED,
)
from detente.commitments.model import Firmness
from detente.commitments.words import content

__all__ = [
    "Clause",
    "condition_in",
    "conditions_in",
    "firmness_in",
    "firmness_of",
    "read_clauses",
    "read_topics",
    "verb_of",
]

NOUN = re.compile(rf"\b{ACCORD_NOUN}\b", re.IGNORECASE)
_MODAL = re.compile(
    r"\b(?P<m>will|shall|would|(?:is|are|was|were) (?:then |now |also |each |both )?to|"
    r"(?:is|are|was|were|be) (?:ready|prepared|willing) to|may|must|can|ha(?:s|ve) to)\s+"
    r"(?P<neg>not |no longer |never )?(?:(?:then|now|also|each|both|again|at first|soon|first|jointly|gradually|in turn"
    r"|only|henceforth|all|once more|\w+ly) )*(?P<v>[a-z][a-z-]+)\b"
)
_TO = re.compile(
    rf"\b(?P<h>agree[ds]?|pledge[ds]?|promise[ds]?|undert(?:ook|akes|aken)|vow(?:ed|s)|sw(?:ore|ears)|commit(?:ted|s)?"
    rf"|offer(?:ed|s)|threaten(?:ed|s)|decided|resolved|guarantee[ds]?|binds?|bound|oblige[sd]?|accept(?:ed|s)"
    rf"|propose[sd]|volunteered|consented|settled|ready|prepared|willing|ordered|{ACCORD_NOUN}|goal|target|commitment)"
    r"\b(?P<mid>[^.;:]{0,70}?)\bto (?P<neg>not )?(?P<v>[a-z][a-z-]+)\b",
    re.IGNORECASE,
)
_UNDER_TALK = re.compile(
    r"\b(?:work(?:ed|ing|s)? on|talk\w* (?:on|about|of|over)|discuss\w*|negotiat\w*|studie[ds]|study\w*|debat\w*|review\w*"
    r"|consult\w* (?:on|about)|drafts?|drafted|drafting)\b[^,.;:]{0,30}$", re.IGNORECASE,
)  # fmt: skip
"""Before "plans to build": what is talked about is not undertaken."""
_OBJECT = re.compile(
    rf"\b(?P<h>agreed (?:up)?on|pledged|promised|offered|guarantee[ds]|undertook|settled on|provides for|foresees|grants"
    rf"|lays down|sets out|(?:announced|declared|proclaimed)(?= (?:a|an|its|the) (?:\w+ ){{0,3}}?(?:cease-?fire|truce|moratorium|freeze"
    rf"|halt|amnesty|embargo|ban|boycott))|{ACCORD_NOUN} (?:[\w-]+ ){{0,4}}?(?:on|for|about|under which|by which|whereby))\s+"
    r"(?P<o>(?!(?:that|to|the two|which|by)\b)[^.;:]+)",
    re.IGNORECASE,
)
_WHEN = re.compile(
    r"(?:the )?(?:mon|tues|wednes|thurs|fri|satur|sun|yester|to)day|(?:january|february|march|april|may|june|july|august"
    r"|september|october|november|december|\d+ [a-z]+ \d{4}|(?:1[89]|20)\d\d|(?:last|this|next) )\b", re.IGNORECASE,
)  # fmt: skip
_OWN_ACT = re.compile(
    r"\s(?:(?:an?|the|its|his|her) )?(?:[\w-]+ ){0,4}?(?:decrees?|orders?|laws?|bills?|legislation)\b"
)
_ORDER = re.compile(r"\s(?:(?:an?|the|its|his|her) )?(?:[\w-]+ ){0,4}?(?:decrees?|orders?)\b")
_TALK = re.compile(
    r"\s*(?:(?:in|at|late|early|on [A-Z]\w+day)\s(?:\S+ ){0,3}?)?(?:to|on)\s(?:(?:begin|start|hold|open|resume|continue|have|further|new|more"
    r"|direct|formal|regular|go on|keep)\s){0,3}?(?:talks|talk|talking|negotiat\w*|discuss\w*|meet|meetings?|consult\w*|contacts?|visits?|keep"
    r" working|dialogue|agenda)\b", re.IGNORECASE,
)  # fmt: skip
_PRESENT = re.compile(r"\b(?P<v>[a-z]{3,}?(?:e?s))\b(?= (?:its|their|the|a|an|all|up|to|some|back|out|\d|[a-z]+))")
_PRESENT_VERBS = frozenset(
    re.findall(
        r"\S+",
        "accepts admits becomes binds buys cedes closes cuts delivers disbands ends exchanges forgives freezes gets gives goes"
        " grants guarantees hands joins keeps leaves lends lifts loses makes opens pays promises provides pulls receives"
        " recognises recognizes releases renounces returns sells sends sets stays stops suspends supplies takes transfers turns"
        " withdraws",
    )
)
_BACKS = frozenset(["supports", "backs", "endorses"])
_PLURAL = re.compile(
    r"(?<=[a-z]s )(?P<v>leave|pull|withdraw|return|receive|follow|stay|lay|regroup|keep|give|send|take|join|hand|get|go|pay"
    r"|promise|open|build|recognise|recognize|renounce|withdraw|cede|hold|remain|move)\b(?= (?!of\b))"
)
_CUT_LEFT = re.compile(
    r"\b(?:that|which|who|whereby|under which|by which|saying|says|said|wrote|announced|declared|told [\w ]{1,30}?)\s"
    r"|[;:—–]\s|,? (?:and|but|while|whereas|so that) (?=[^,;]{0,60}$)",
    re.IGNORECASE,
)
_JOINT = re.compile(
    r"[;:]\s*|,?\s+(?:and|but|while|whereas)\s+(?:that\s+)?|,\s+(?:which|who|after which)\s+|\s+that\s+"
)
_COORDINATED = re.compile(r"(?:,\s+and\s+|,\s+|\s+and\s+)(?:to\s+|then\s+|also\s+|not\s+)*(?P<v>[a-z][a-z-]+)\b")
_CUT_RIGHT = re.compile(
    r",?\s+(?:\w+ ){0,3}(?:said|says|told|announced|reported|according to|in the presence of|as promised)\b|,\s+(?:as|when|where"
    r"|whose|which|who|although|though|the first|because|since|so that)\b|\s+(?:because|although|after which)\b"
)
_RELATIVE = re.compile(r"\b(?:that|which|who)\s+(?:\w+ly )?$")
_NO_OBJECT = re.compile(rf"{_WHEN.pattern}|(?:by|in|for|at|on|as|with)\b", re.IGNORECASE)
_OTHER_VERB = re.compile(r"\b(?:will|would|which|who|said)\b")
_NOUNS = frozenset(["order", "rule", "test", "work", "land"])
"""Verbs that after "and" are more often nouns."""
_PURPOSE = re.compile(r"\bso (?:that )?[^,.;]{0,40}$")
_WEAK = frozenset(["may", "must", "can"])


@dataclass(frozen=True, slots=True)
class Clause:
    """One deed that a sentence undertakes; offsets are in the sentence."""

    sentence_no: int
    start: int
    end: int
    words: str
    who: tuple[int, int]
    verb: str
    firmness: Firmness
    strength: int
    condition: str | None
    due: datetime.date | None


def firmness_of(text: str) -> Firmness | None:
    """The firmest undertaking word of a text that nothing takes back; None where there is none."""
    for level, cue in (("signed", SIGNED), ("agreed", AGREED), ("announced", PLEDGED)):
        for match in cue.finditer(text):
            if not NEGATED.search(text[: match.start()]) and not _TALK.match(text, match.end()):
                if level == "signed" and _OWN_ACT.match(text, match.end()):
                    return "announced" if _ORDER.match(text, match.end()) else None
                if level == "announced":
                    return _pledge(text, match[0])
                return "signed" if level == "signed" else "agreed"
    return None


def _pledge(text: str, cue: str) -> Firmness:
    low = cue.lower()
    if re.search(r"\b(?:consider|study|examine|look (?:at|into)|think about)\b", text, re.IGNORECASE) and (
        "ready" in low or "prepared" in low or "willing" in low
    ):
        return "considered"
    if low.startswith("offer") or "ready" in low or "prepared" in low or "willing" in low:
        return "offered"
    return "threatened" if low.startswith("threat") else "announced"


def condition_in(text: str) -> tuple[int, int] | None:
    """Span of the first condition of a text, with its opening word."""
    for match in CONDITION.finditer(text):
        tail = text[match.end() :]
        stop = re.search(
            r"[.;:]|,\s+(?:and|but|while|with|which|who|so|after)\b|,\s+(?:[\w'-]+ ){1,5}?(?:will|would|said|told)\b|\s+(?:said|but)\b",
            tail,
        )
        end = match.end() + (stop.start() if stop else len(tail))
        words = text[match.start() : end].rstrip(" ,")
        rest = text[match.end() : end].split()
        if not rest or (match[0].lower() in ("until", "pending", "not until", "not before") and _is_date(rest)):
            continue
        if match[0].lower() == "once" and rest[0].lower() in ("a", "more", "again", "every"):
            continue
        if rest[0].lower() == "possible":
            continue
        return match.start(), match.start() + len(words)
    return None


def conditions_in(text: str) -> list[tuple[int, int]]:
    """Spans of all conditions of a text."""
    opening = (match.start() for match in CONDITION.finditer(text))
    return [(at, at + span[1]) for at in opening if (span := condition_in(text[at:])) is not None]


_DATED = re.compile(
    r"^(?:the )?(?:end|start|middle|beginning|spring|summer|autumn|winter|\d|january|february|march|april|may|june|july"
    r"|august|september|october|november|december|next|this|late|early|midnight|now|then|last|mon|tues|wednes|thurs|fri"
    r"|satur|sun|when|recently|today|tomorrow)", re.IGNORECASE,
)  # fmt: skip


def _is_date(words: Sequence[str]) -> bool:
    return bool(_DATED.match(" ".join(words[:3])))


def _accepted(verb: str, rest: str) -> bool:
    return not NO_DEED.match(f"{verb} {rest}".strip())


@dataclass(frozen=True, slots=True)
class _Trigger:
    """Words that undertake: where the subject begins and ends, where the verb begins, the verb, how strong."""

    left: int
    end_who: int
    at: int
    verb: str
    strength: int


def read_clauses(
    sentence: str, number: int, made: datetime.date, doc_firmness: Firmness | None, near: bool, elsewhere: bool = False
) -> list[Clause]:
    """The deeds that a sentence undertakes.

    ``doc_firmness`` is the firmest word of the document; ``near`` says that an accord is concluded in this sentence
    or the one before, so that plain "may", "must" and present tense state its terms; ``elsewhere`` that another
    sentence of the document states deeds, so that a bare object ("agreed on a truce") is not looked for.
    """
    own = firmness_of(sentence)
    triggers = _modals(sentence, own, doc_firmness, near)
    triggers += _infinitives(sentence, triggers, doc_firmness)
    if near or own is not None:
        triggers += _presents(sentence, triggers, own, near)
    conditions = [
        (m.start(), m.start() + span[1] - span[0])
        for m in CONDITION.finditer(sentence)
        if (span := condition_in(sentence[m.start() :]))
    ]
    triggers = [t for t in triggers if not any(low < t.at <= high and low > 0 for low, high in conditions)]
    triggers.sort(key=lambda t: t.at)
    clauses: list[Clause] = []
    starts = [_start(sentence, t.left, t.end_who, t.at) for t in triggers]
    for position, t in enumerate(triggers):
        last = position + 1 == len(triggers)
        end = _end(sentence, t.at, len(sentence) if last else triggers[position + 1].at, not last)
        if not last and starts[position + 1] > t.at:
            end = min(end, len(sentence[: starts[position + 1]].rstrip(" .,;:")))
        if end - t.at >= 3:
            clauses += _split(sentence, number, starts[position], end, t, own, doc_firmness, made)
    if not clauses and own is not None and not elsewhere:
        for match in _OBJECT.finditer(sentence):
            end = _end(sentence, match.start("o"), len(sentence), False)
            words = sentence[match.start("o") : end]
            if NEGATED.search(sentence[: match.start()]) or not content(words) or _NO_OBJECT.match(words):
                continue
            bare = _Trigger(0, match.start(), match.start("o"), "", 2)
            return _split(sentence, number, match.start("o"), end, bare, own, doc_firmness, made)
    return clauses


_DISCUSSED = re.compile(
    r"\b(?:discussed|talked (?:about|of|over)|spoke (?:about|of)|took up|touched on|raised)\s+(?P<o>[^.;:]+)",
    re.IGNORECASE,
)
_AND = re.compile(r",\s+(?:and\s+)?(?!which\b|who\b|where\b)|\s+and\s+(?=the |a |an |its |their )")


def read_topics(sentence: str, number: int) -> list[Clause]:
    """What the parties took up without undertaking it: "discussed a railway and the debt" gives two."""
    found = []
    for match in _DISCUSSED.finditer(sentence):
        end = _end(sentence, match.start("o"), len(sentence), False)
        begin = match.start("o")
        cuts = [*((m.start(), m.end()) for m in _AND.finditer(sentence, begin, end)), (end, end)]
        for stop, after in cuts:
            words = sentence[begin:stop].strip(" ,")
            if content(words):
                found.append(
                    Clause(
                        sentence_no=number,
                        start=begin,
                        end=begin + len(words),
                        words=words,
                        who=(0, match.start()),
                        verb="",
                        firmness="considered",
                        strength=0,
                        condition=None,
                        due=None,
                    )
                )
            begin = after
    return found


def _modals(sentence: str, own: Firmness | None, doc: Firmness | None, near: bool) -> list[_Trigger]:
    """ "will close", "is to open", "are ready to give"; "may" and "must" only as terms of an accord."""
    found = []
    for match in _MODAL.finditer(sentence):
        modal, before = match["m"].lower(), sentence[: match.start()]
        if (modal in _WEAK and (not near or _PURPOSE.search(before))) or (modal.startswith("ha") and not near):
            continue
        if match["neg"] and not (own or near):
            continue
        if modal in ("would", "were to", "was to") and not (own or doc or "announc" in sentence):
            continue
        if _accepted(match["v"], sentence[match.end("v") : match.end("v") + 60].strip()):
            strength = 3 if doc in ("signed", "agreed") and near else 2 if own else 1
            found.append(_Trigger(_left(before), match.start(), match.start("v"), match["v"], strength))
    return found


def _infinitives(sentence: str, known: Sequence[_Trigger], doc: Firmness | None) -> list[_Trigger]:
    """ "agreed to close", "an accord to open", "binds Italy to return"."""
    found = []
    for match in _TO.finditer(sentence):
        verb = match["v"].lower()
        rest = sentence[match.end("v") : match.end("v") + 60].strip()
        if verb not in BASE_VERBS or NEGATED.search(sentence[: match.start()]) or not _accepted(verb, rest):
            continue
        if any(abs(match.start("v") - t.at) < 4 for t in known) or _OTHER_VERB.search(match["mid"]):
            continue
        if NOUN.fullmatch(match["h"]) and ("," in match["mid"] or _UNDER_TALK.search(sentence[: match.start()])):
            continue
        strength = 3 if doc in ("signed", "agreed") else 2
        found.append(_Trigger(0, match.start(), match.start("v"), verb, strength))
    return found


def _presents(sentence: str, known: Sequence[_Trigger], own: Firmness | None, near: bool) -> list[_Trigger]:
    """ "Malaysia pays the costs", "the troops leave the towns", where the terms of an accord are told."""
    found: list[_Trigger] = []
    for match in sorted((*_PRESENT.finditer(sentence), *_PLURAL.finditer(sentence)), key=lambda m: m.start()):
        before = sentence[: match.start()]
        backs = match["v"] in _BACKS and own is not None and not NOUN.search(sentence, match.end(), match.end() + 30)
        if not backs and not (near and (match.re is _PLURAL or match["v"] in _PRESENT_VERBS)):
            continue
        left = max(_left(before), max((m.end() for m in re.finditer(r",\s+", before)), default=0))
        if backs and match.start() - left <= 1:
            left = 0
        clear = not any(abs(match.start() - t.at) < 25 for t in (*known, *found))
        if clear and match.start() - left > 2 and not _RELATIVE.search(before):
            found.append(_Trigger(left, match.start(), match.start(), match["v"], 3 if near else 2))
    return found


def _left(before: str) -> int:
    """Where the clause that ends with ``before`` begins."""
    return max((cut.end() for cut in _CUT_LEFT.finditer(before)), default=0)


def _start(sentence: str, left: int, end_who: int, verb_at: int) -> int:
    """Where the deed's words begin: with its subject, or with the verb where the subject is far or unclear."""
    if left:
        return left if end_who - left < 90 else verb_at
    return 0 if end_who < 90 and sentence[:end_who].count(",") < 2 and verb_at - end_who < 25 else verb_at


def _end(sentence: str, verb_at: int, limit: int, more: bool) -> int:
    """Where the deed ends: at the joint before the next deed, at a reporting tail, else with the sentence."""
    if more:
        joints = list(_JOINT.finditer(sentence, verb_at, limit))
        end = joints[-1].start() if joints else limit
    else:
        end = limit
    for stop in (re.search(r"[;]", sentence[verb_at:end]), _CUT_RIGHT.search(sentence, verb_at, end)):
        if stop is not None:
            at = stop.start() + (verb_at if stop.re.pattern == "[;]" else 0)
            end = min(end, at)
    return len(sentence[:end].rstrip(" .,;:"))


def _split(
    sentence: str,
    number: int,
    start: int,
    end: int,
    trigger: _Trigger,
    own: Firmness | None,
    doc: Firmness | None,
    made: datetime.date,
) -> list[Clause]:
    """One clause for each coordinated verb phrase, each with its own condition and due date."""
    verb_at, verb = trigger.at, trigger.verb
    cuts = [(start, verb_at, verb)]
    spot = condition_in(sentence[verb_at:])
    barrier = verb_at + spot[0] if spot else end
    if verb:
        for match in _COORDINATED.finditer(sentence, verb_at, min(end, barrier)):
            word, rest = match["v"], sentence[match.end() : match.end() + 60]
            last = cuts[-1][1] + len(cuts[-1][2])
            if not content(sentence[last : match.start()]):
                continue  # "build and pay for the crossing" is one deed
            if word in BASE_VERBS and word not in _NOUNS and rest[:1] == " " and _accepted(word, rest.strip()):
                cuts.append((match.start("v"), match.start("v"), word))
    found = []
    for position, (begin, at, word) in enumerate(cuts):
        stop = cuts[position + 1][0] if position + 1 < len(cuts) else end
        raw = sentence[begin:stop]
        words = re.sub(r"(?:,\s+and|,|\s+and)(?:\s+(?:to|then|also))*\s*$", "", raw).rstrip(" ,;")
        condition = None
        span = condition_in(sentence[at:])
        if span is not None and (position + 1 == len(cuts) or at + span[1] <= stop) and span[0] + at <= end + 3:
            condition = sentence[at + span[0] : at + span[1]]
            words = sentence[begin : min(begin + len(words), at + span[0])].rstrip(" ,;")
        elif position == 0:
            lead = condition_in(sentence[:at])
            if lead is not None and lead[0] == 0:
                condition = sentence[: lead[1]]
        if len(content(words)) < 1:
            continue
        found.append(
            Clause(
                sentence_no=number,
                start=begin,
                end=begin + len(words),
                words=words,
                who=(trigger.left, trigger.end_who),
                verb=word,
                firmness=firmness_in(sentence, own, doc, word, condition),
                strength=trigger.strength,
                condition=condition,
                due=due_date(sentence[at:stop], made),
            )
        )
    return found


def firmness_in(
    sentence: str, own: Firmness | None, doc: Firmness | None, verb: str, condition: str | None
) -> Firmness:
    """How firm a deed is: by its sentence (``own``), else by its document; a condition can make it a threat."""
    if (
        own is None
        and doc is None
        and condition
        and condition.lower().startswith(("unless", "if"))
        and HOSTILE.match(verb)
    ):
        return "threatened"
    if verb in ("consider", "study", "examine", "explore"):
        return "considered"
    if own in (None, "announced") and doc in ("signed", "agreed"):
        return doc
    if own is not None:
        return own
    return doc or "announced"


def verb_of(words: str) -> tuple[str, int]:
    """The verb of a deed and where it begins: after the modal, else the first word that is one; empty where none is."""
    match = _MODAL.search(words)
    if match:
        return match["v"], match.start("v")
    for match in re.finditer(r"[a-z-]+", words):
        word = match[0]
        if {word, word.removesuffix("s"), word.removesuffix("es")} & BASE_VERBS and word not in _NOUNS:
            return word, match.start()
    return "", 0
