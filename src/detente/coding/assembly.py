"""Events and statements of a document, put together from what the model found in its sentences."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import cast

from detente.actors import Reading
from detente.coding.dates import DateMention, DocumentDates, nearest_date
from detente.coding.decode import Found, SentenceReading
from detente.coding.model import FAST, FULL
from detente.coding.statements import make_statement
from detente.ontology import intensity, plover_to_cameo, quad
from detente.records import DatePrecision, Document, Event, Party, Sentence, Statement, Status, stable_id

__all__ = ["Explanation", "assemble"]

VERBAL = frozenset(("ACCUSE", "AGREE", "CONCEDE", "REJECT", "REQUEST", "SUPPORT", "THREATEN"))
"""Types that are acts of speech: their actor is the speaker of a statement."""

NETWORKS = {FAST: "the fast one, two layers", FULL: "the full one, six layers"}
"""Which network read the sentence, in the words of an explanation."""


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why an event was coded as it was."""

    words: tuple[tuple[str, float], ...]
    """The words that decided it, with their share of the model's attention."""
    runners: tuple[tuple[str, float], ...]
    """The next most probable types."""
    fields: dict[str, str]
    """For each field, which head or rule set it, with the probability where there is one."""


def _party(reading: Reading, document: Document, sentence: Sentence, span: tuple[int, int]) -> Party:
    start, end = sentence.start + span[0], sentence.start + span[1]
    resolved = reading.resolve(start, end)
    return Party(
        text=document.text[start:end],
        name=resolved.name,
        country=resolved.country,
        sector=resolved.sector,
        start=start,
        end=end,
    )


def _dated(
    found: Found, sentence: Sentence, dates: Sequence[DateMention], document: Document
) -> tuple[datetime.date, DatePrecision]:
    ahead = found.status in ("announced", "conditional")
    near = nearest_date(sentence.text, dates, *found.trigger, ahead=ahead)
    return near or (document.published, "published")


def _event(
    document: Document,
    sentence: Sentence,
    found: Found,
    parties: Mapping[int, Party],
    dates: Sequence[DateMention],
    coder: str,
) -> Event:
    actor, recipient, speaker = (parties.get(number) for number in (found.actor, found.recipient, found.speaker))
    date, precision = _dated(found, sentence, dates, document)
    spans = [(sentence.start + found.trigger[0], sentence.start + found.trigger[1])]
    spans += [(p.start, p.end) for p in (actor, recipient) if p and p.start is not None and p.end is not None]
    start, end = min(s for s, _ in spans), max(e for _, e in spans)
    cameo = plover_to_cameo(found.event, found.mode)
    return Event(
        event_id=stable_id(
            document.document_id, sentence.no, found.event,
            actor and actor.start, actor and actor.text, recipient and recipient.start, recipient and recipient.text,
            start, end,
        ),
        document_id=document.document_id,
        sentence_no=sentence.no,
        sentence=sentence.text,
        start=start,
        end=end,
        event=found.event,
        mode=found.mode,
        cameo=cameo[0] if len(cameo) == 1 else None,
        quad=quad(found.event),
        intensity=intensity(found.event, found.mode),
        actor=actor,
        recipient=recipient,
        status=cast("Status", found.status),
        date=date,
        date_precision=precision,
        published=document.published,
        said_by=speaker.name if speaker else None,
        confidence=round(found.probability, 4),
        url=document.url,
        source=document.source,
        coder=coder,
    )  # fmt: skip


def _explained(
    sentence: Sentence, found: Found, event: Event, dates: Sequence[DateMention], network: str
) -> Explanation:
    return Explanation(
        words=tuple((sentence.text[a:b], share) for a, b, share in found.words),
        runners=tuple((name, round(p, 4)) for name, p in found.runners),
        fields={
            "network": NETWORKS[network],
            "event": f"type head, {found.probability:.3f}",
            "mode": "mode head" if found.mode else "mode head: none",
            "status": f"status head, {found.status_probability:.3f}",
            "said_by": f"speaker head, {found.speaker_probability:.3f}",
            "actor": "mention head; name, country and sector from the gazetteer",
            "recipient": "mention head; name, country and sector from the gazetteer",
            "date": "rule: the date that stands nearest to the deciding words"
            if dates
            else "rule: no date in the sentence, so the day of publication",
            "quad": "ontology, from event",
            "intensity": "ontology, from event and mode",
            "cameo": "crosswalk, from event and mode" if event.cameo else "crosswalk: no single code",
        },
    )


def _statements(
    document: Document,
    sentence: Sentence,
    found: Sequence[tuple[Found, Event]],
    parties: Mapping[int, Party],
    coder: str,
) -> list[Statement]:
    """One statement for each speaker of a sentence: who is quoted, and the actors of acts of speech."""
    speakers: dict[int, list[tuple[Found, Event]]] = {}
    for one, event in found:
        for number in {one.speaker, one.actor if one.event in VERBAL else 0} - {0}:
            speakers.setdefault(number, []).append((one, event))
    result = []
    for number, about in sorted(speakers.items()):
        speaker = parties[number]
        others: dict[str, Party] = {}
        for _, event in about:
            for party in (event.recipient, event.actor):
                if party is not None and party.start != speaker.start and party.name != speaker.name:
                    others.setdefault(party.name, party)
        own = [event for one, event in about if one.actor == number and one.event in VERBAL]
        result.append(
            make_statement(
                document.document_id, (sentence.no, sentence.start, sentence.text), speaker, list(others.values()),
                own, coder, document.published,
            )
        )  # fmt: skip
    return result


def assemble(
    document: Document,
    reading: Reading,
    sentences: Sequence[tuple[Sentence, SentenceReading]],
    coder: str,
    *,
    explain: bool,
) -> tuple[tuple[Event, ...], tuple[Statement, ...], dict[str, Explanation]]:
    """Events and statements of a document, in the order of its sentences, and explanations by event id if asked for."""
    events: dict[str, Event] = {}
    statements: list[Statement] = []
    explanations: dict[str, Explanation] = {}
    all_dates = DocumentDates([sentence.text for sentence, _ in sentences], document.published)
    for number, (sentence, sentence_reading) in enumerate(sentences):
        if not sentence_reading.found:
            continue
        dates = all_dates.of(number)
        named = {n for one in sentence_reading.found for n in (one.actor, one.recipient, one.speaker) if n}
        parties = {n: _party(reading, document, sentence, sentence_reading.mentions[n - 1]) for n in named}
        coded: list[tuple[Found, Event]] = []
        for found in sentence_reading.found:
            event = _event(document, sentence, found, parties, dates, coder)
            if event.event_id in events:
                continue
            events[event.event_id] = event
            coded.append((found, event))
            if explain:
                why = _explained(sentence, found, event, dates, sentence_reading.network)
                explanations[event.event_id] = why
        statements += _statements(document, sentence, coded, parties, coder)
    return tuple(events.values()), tuple(statements), explanations
