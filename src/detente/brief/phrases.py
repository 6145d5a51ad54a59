"""Sentences composed from events: who did what to whom, in plain words that claim no more than the coding does."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from detente.actors import country_name
from detente.records import Event, Party

__all__ = [
    "capital",
    "count",
    "day_text",
    "event_phrase",
    "listing",
    "month_text",
    "party_phrase",
    "span_text",
    "state",
]


@dataclass(frozen=True, slots=True)
class _Verb:
    """Forms of a verb phrase; ``to`` is what follows before a recipient, ``alone`` where there is none."""

    base: str
    past: str
    gerund: str
    to: str
    alone: str


# One phrase a PLOVER type, as wide as the type's definition: the evidence, not the phrase, gives the detail.
_VERBS = {
    "AGREE": _Verb("agree", "agreed", "agreeing", "to cooperate with {}", "to cooperate"),
    "CONSULT": _Verb("hold", "held", "holding", "talks with {}", "talks"),
    "SUPPORT": _Verb("give", "gave", "giving", "diplomatic support to {}", "diplomatic support"),
    "CONCEDE": _Verb("offer", "offered", "offering", "a concession to {}", "a concession"),
    "COOPERATE": _Verb("cooperate", "cooperated", "cooperating", "with {}", "materially"),
    "AID": _Verb("give", "gave", "giving", "aid to {}", "aid"),
    "RETREAT": _Verb("make", "made", "making", "a material concession to {}", "a material concession"),
    "REQUEST": _Verb("make", "made", "making", "a demand or request of {}", "a demand or request"),
    "ACCUSE": _Verb("criticise or accuse", "criticised or accused", "criticising or accusing", "{}", "others"),
    "REJECT": _Verb("turn", "turned", "turning", "down a demand or offer of {}", "down a demand or offer"),
    "THREATEN": _Verb("threaten", "threatened", "threatening", "{}", "others"),
    "PROTEST": _Verb("protest", "protested", "protesting", "against {}", "publicly"),
    "SANCTION": _Verb("cut", "cut", "cutting", "back relations with {}", "back relations"),
    "MOBILIZE": _Verb("mobilise", "mobilised", "mobilising", "forces against {}", "forces"),
    "COERCE": _Verb("use", "used", "using", "coercion against {}", "coercion"),
    "ASSAULT": _Verb("use", "used", "using", "force against {}", "force"),
}
# Records of data sets that say no more than that something was said (CAMEO 01 has no PLOVER type).
_SAID = _Verb("make", "made", "making", "a statement about {}", "a statement")
# Acts that are themselves words about the future: "announced" adds nothing to them.
_SPEECH_ACTS = {"AGREE", "CONCEDE", "REQUEST", "REJECT", "THREATEN", "ACCUSE"}

_WITH_ARTICLE = {
    "ARE", "BHS", "CAF", "COD", "COG", "COM", "DOM", "GBR", "GMB", "MDV", "MHL", "NLD", "PHL", "SLB", "SUN", "SYC",
    "USA",
}  # fmt: skip


def state(country: str) -> str:
    """A state's name as it stands within a sentence: "Russia", "the United States"."""
    name = country_name(country)
    return f"the {name}" if country in _WITH_ARTICLE else name


def party_phrase(party: Party | None) -> str:
    """Who, within a sentence: the state, or the actor with its state in brackets."""
    if party is None:
        return "an actor whom the report does not name"
    if party.country is None:
        return party.name
    home = country_name(party.country)
    if party.name.lower() in {home.lower(), party.country.lower()}:
        return state(party.country)
    return party.name if home.lower() in party.name.lower() else f"{party.name} ({home})"


def event_phrase(event: Event) -> str:
    """An event as a clause with a capital, without the full stop."""
    verb = _VERBS.get(event.event, _SAID)
    who = party_phrase(event.actor)
    tail = verb.to.format(party_phrase(event.recipient)) if event.recipient else verb.alone
    status = event.status
    if status == "announced" and event.event in _SPEECH_ACTS:
        status = "happened"
    clause = {
        "happened": f"{who} {verb.past} {tail}",
        "ongoing": f"{who} was {verb.gerund} {tail}",
        "announced": f"{who} announced that it would {verb.base} {tail}",
        "conditional": f"{who} would {verb.base} {tail}, on a condition",
        "denied": f"it was denied that {who} {verb.past} {tail}",
        "absent": f"{who} did not {verb.base} {tail}",
    }[status]
    said = f", according to {event.said_by}" if event.said_by else ""
    clause += said
    return clause[0].upper() + clause[1:]


def day_text(day: datetime.date, precision: str = "day") -> str:
    """A date as text, no finer than it is known: "13 November 2013", "November 2013", "2013"."""
    month = f"{day:%B} {day.year}"
    return {"year": str(day.year), "month": month}.get(precision, f"{day.day} {month}")


def month_text(day: datetime.date) -> str:
    """A month as text: "November 2013"."""
    return f"{day:%B} {day.year}"


def capital(text: str) -> str:
    """Text with a capital at its start."""
    return text[:1].upper() + text[1:]


def count(n: int, what: str) -> str:
    """A number of things: "1 event", "3 events"."""
    return f"{n} {what}" + ("" if n == 1 else "s")


def listing(words: Sequence[str]) -> str:
    """Words as a list in a sentence: "a, b and c"."""
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


def span_text(first: datetime.date, last: datetime.date) -> str:
    """A span of days as text."""
    return f"on {day_text(first)}" if first == last else f"from {day_text(first)} to {day_text(last)}"
