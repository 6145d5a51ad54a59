"""What a later sentence reports of a provision: its kind, by cue words that can be read off."""

# ruff: noqa: E501 - a pattern stands on one line
from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from detente.commitments.cues import ABSENT, ADVANCE, BREACH, DENY, FULFIL, REPLACE, SUBSTANTIAL
from detente.commitments.model import Kind

__all__ = ["Report", "classify", "in_part", "meant", "remains", "substantial"]

_NEG = (
    r"(?:not|never|n't|no|nobody|none|neither|nor|nothing|without|hardly|barely|cannot|unable to|yet to|fail(?:s|ed)? to"
    r"|far from|few)"
)

_NONE = re.compile(r"\s(?:[\w-]+ )?(?:no|none|nothing|nobody|neither|not an?|not one)\b")
"""After a cue of doing: "has bought no farm"."""
_NONE_DID = re.compile(r"^(?:No|None|Not|Nobody|Neither|Nothing|Hardly|Few)\b[^,;:]*$")
"""Before a cue, from the beginning of the sentence: "No doctor has been seen so far"."""
_STOPS = re.compile(rf"\b{_NEG}\b[^,.;:]{{0,24}}$", re.IGNORECASE)
_LATER = re.compile(r"\b(?:will|would|is to|are to|to be|shall|should|must|may|could|hopes? to|plans? to|want(?:s|ed)?)\b[^,.;:]{0,30}$", re.IGNORECASE)  # fmt: skip
_LEAVING = re.compile(
    r"\b(?:withdr\w+|pull\w* (?:\S+ ){0,4}?(?:out|back)|pull\w*|leav(?:e|es|ing)|left|quit\w*|evacuat\w*|exit\w*)\b",
    re.IGNORECASE,
)
_ENDING = re.compile(
    r"\b(?:stop\w*|suspen\w+|halt\w*|freez\w*|froze\w*|ceas\w+|(?<!the )(?<!an )end(?:s|ed|ing)?|clos\w+|shut\w*|cut(?:s|ting)?|scrap\w*|dismantl\w*"
    r"|destr\w+|abandon\w*|cancel\w*|give up|gives? up|moratorium|renounc\w*|lift\w*|abolish\w*|eliminat\w*)\b",
    re.IGNORECASE,
)
_FEWER = re.compile(r"\b(?:fewer|less|only|just|half|third|quarter)\b", re.IGNORECASE)
_BEGINNING = re.compile(
    r"\b(?:beg[au]n|start(?:s|ed)?|resum\w*|restart\w*|re-?open\w*|launch\w*|took up)\b", re.IGNORECASE
)
_DEMANDED = re.compile(
    r"\b(?:must|should|urg(?:ed|es|ing)|demand(?:ed|s|ing)?|call(?:ed|s|ing)? (?:on|for)|asked|appeal\w*)\b[^,.;:]{0,40}$",
    re.IGNORECASE,
)
_PARTIAL = re.compile(
    r"\b(?:first(?! time)|another|so far|part of|half|third|quarter|some|nearly|(?:two|three|four|five|six|seven|eight|nine|ten|\w+teen|\w+ty|\d+) of (?:the|its|their|them|those)|batch|further|stage|phase|instalment|tranche|slice"
    r"|others? (?:are|is) (?:on|to)|more (?:are|is) to|shipment|designs?|drawings|surveys?|permit|hurdle|green light|fifth|tenth|works|captives|lots|begun|began|starts?|started|partly|quarters?|more than \d\S*|so many)\b",
    re.IGNORECASE,
)
_WHOLE = re.compile(
    r"\b(?:last|final|remaining|complet\w*|all(?! the same)|full|fully|whole|none|rest|finish\w*|ended|(?:is|was|were) over|election|voters|opened"
    r"|sworn|independen\w+|met)\b",
    re.IGNORECASE,
)
"""Words that say that a deed was done in part, and words that say that it was done as a whole all the same."""
_REMAINS = re.compile(
    r"\b(?:others?|the rest|the remainder|the remaining|more|further \w+|a second \w+|the second)\b[^.;]{0,30}?\b(?:to follow|are to|is to|will follow|will come"
    r"|to come|later|under way|will be|to be)\b|\b\d[\d,]*(?: \w+){0,3} (?:remain|are left|stay|still)\b", re.IGNORECASE,
)  # fmt: skip
"""Says beside a deed that not all of it is done yet."""
_SAID = re.compile(r"\b(?:said|says|announced|told [\w ]+|declared|informed [\w ]+) (?:\S+ \S+ )?that\b")
_WOULD = re.compile(r"\s(?:would|could|may|might)\b")
_BACKGROUND = re.compile(r"\b(?:who|which|that|where|when|as|after)\s(?:\S+ ){0,3}?had\b[^,.;]{0,30}$", re.IGNORECASE)
"""Before a cue: told as what went before ("who had vetoed it"), not as news."""
_POSSIBLE = re.compile(
    r"\b(could|may|might|would|possibly|looking (?:at|for)|considers?|considering|study|studying|ways to|if)\b[^.;:]{0,70}$",
    re.IGNORECASE,
)

WEIGHTS: dict[Kind, float] = {"replace": 2.2, "breach": 1.3, "absent": 1.25, "fulfil": 1.1, "advance": 0.7, "deny": 1.6}
"""What one cue of a kind weighs; set by hand on the development part of the gold set; breach was tried at 1.3, 1.6 and 1.9."""


@dataclass(frozen=True, slots=True)
class Report:
    """The kind that a sentence reports, the cue that told it, and the weight of every kind."""

    kind: Kind
    cue: str
    weights: tuple[tuple[Kind, float], ...]
    cues: tuple[tuple[Kind, str], ...]
    tentative: frozenset[Kind]
    special: frozenset[Kind] = frozenset()


_CUES: tuple[tuple[Kind, re.Pattern[str]], ...] = (
    ("replace", REPLACE),
    ("breach", BREACH),
    ("absent", ABSENT),
    ("fulfil", FULFIL),
    ("advance", ADVANCE),
    ("deny", DENY),
)


def _possible(text: str, cue: re.Match[str]) -> bool:
    """Whether a cue is told as a possibility; "said that it would" announces."""
    before = text[: cue.start()]
    found = _POSSIBLE.search(before)
    if found is not None and found[1].lower() == "would" and _SAID.search(before):
        found = None
    return found is not None or _WOULD.match(text, cue.end()) is not None


def meant(kind: Kind, cue: str, deed: str) -> Kind:
    """What a cue means for a deed that itself takes something away: troops that leave keep a promise to leave."""
    leaving, ending = _LEAVING.search(deed) is not None, _ENDING.search(deed) is not None
    if kind == "breach" and ((leaving and _LEAVING.search(cue)) or (ending and _ENDING.search(cue))):
        return "fulfil"
    if kind == "absent" and ending and _ENDING.search(cue):
        return "advance"
    if kind == "absent" and (ending or leaving) and _FEWER.search(cue):
        return "advance"
    if kind in ("advance", "fulfil") and ending and _BEGINNING.search(cue):
        return "breach"
    return kind


def remains(text: str) -> bool:
    """Whether a text says that a part is still to be done."""
    return bool(_REMAINS.search(text))


def in_part(text: str) -> bool:
    """Whether a text tells of a part of something (first, half, two of the), and not of the last or the whole."""
    return bool(_PARTIAL.search(text)) and not _WHOLE.search(text)


def substantial(text: str) -> bool:
    """Whether a report of a step speaks of a large part."""
    return bool(SUBSTANTIAL.search(text))


@lru_cache(maxsize=8192)
def classify(text: str, *, own: tuple[tuple[Kind, re.Match[str]], ...] = (), partial: bool = False) -> Report | None:
    """The kind of follow-through that a sentence reports; None where it has no cue at all.

    A cue of doing after a negation counts as absence; one that is only to come ("will", "hopes to") does not count.
    ``own`` are cues that mean something for the deed in question, ``partial`` says that only a part of it is told.
    """
    weights: dict[Kind, float] = {}
    first: dict[Kind, str] = {}
    special = {match[0] for _, match in own}
    open_: set[Kind] = set()
    plain: set[Kind] = set()
    partial = partial or in_part(text)
    for kind, cue in _CUES:
        matches = list(cue.finditer(text))
        for told_of, match in own:
            if told_of == kind and not any(m.start() < match.end() and match.start() < m.end() for m in matches):
                matches.append(match)
        for count, match in enumerate(matches):
            before = text[: match.start()]
            if _DEMANDED.search(before) or (kind in ("breach", "absent") and _BACKGROUND.search(before)):
                continue
            told: Kind = "advance" if partial and kind == "fulfil" else kind
            weight = WEIGHTS[told] * (1.0 if count == 0 else 0.4)
            if kind in ("fulfil", "advance"):
                if _STOPS.search(before) or _NONE_DID.match(before) or _NONE.match(text, match.end()):
                    told, weight = "absent", WEIGHTS["absent"] * 0.8
                elif _LATER.search(before):
                    continue
            elif kind in ("breach", "replace") and _STOPS.search(before):
                weight *= 0.2
            elif kind in ("breach", "replace") and _LATER.search(before) and not _SAID.search(before):
                weight *= 0.6
            (open_ if _possible(text, match) else plain).add(told)
            weights[told] = weights.get(told, 0.0) + weight
            first.setdefault(told, match[0])
    if not weights:
        return None
    order = [kind for kind, _ in _CUES]
    best = max(weights, key=lambda kind: (round(weights[kind], 6), -order.index(kind)))
    return Report(
        kind=best,
        cue=" ".join(first[best].split()),
        weights=tuple(sorted((kind, round(value, 3)) for kind, value in weights.items())),
        cues=tuple(sorted((kind, " ".join(words.split())) for kind, words in first.items())),
        tentative=frozenset(open_ - plain),
        special=frozenset(kind for kind, words in first.items() if words in special),
    )
