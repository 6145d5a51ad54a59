from __future__ import annotations

import datetime
from collections.abc import Callable

import ibis
import pytest

from detente.brief import Brief, compose
from detente.ontology import intensity, quad
from detente.records import Document, Event, Party, events_to_table
from detente.relations import relation

NAMES = {"RUS": "Russia", "PRK": "North Korea"}


def make_event(number: int, kind: str, dyad: str, day: str, sentence: str, **more: object) -> Event:
    actor, recipient = dyad.split(">")
    date = datetime.date.fromisoformat(day)
    values: dict[str, object] = {
        "event_id": f"e{number:04}",
        "document_id": f"d{number}",
        "sentence_no": 0,
        "sentence": sentence,
        "start": 0,
        "end": len(sentence),
        "event": kind,
        "quad": quad(kind),
        "intensity": intensity(kind),
        "actor": Party(text=actor, name=NAMES[actor], country=actor),
        "recipient": Party(text=recipient, name=NAMES[recipient], country=recipient),
        "date": date,
        "date_precision": "day",
        "published": date,
        "confidence": 0.9,
        "coder": "by hand",
    }
    return Event(**values | more)  # type: ignore[arg-type]


def document(event: Event, **more: object) -> Document:
    values: dict[str, object] = {
        "document_id": event.document_id,
        "text": event.sentence or "",
        "published": event.published,
        "title": f"Report {event.document_id}",
        "source": "Moscow desk",
        "url": f"https://example.org/{event.document_id}?a=1&b=2",
    }
    return Document(**values | more)  # type: ignore[arg-type]


@pytest.fixture
def brief_of() -> Callable[..., Brief]:
    def build(events: list[Event], **more: object) -> Brief:
        found = relation(ibis.memtable(events_to_table(events)), "RUS", "PRK", latest=None)
        return compose(found, {e.document_id: document(e, **more) for e in events})

    return build


@pytest.fixture
def events() -> list[Event]:
    return [
        make_event(1, "CONSULT", "RUS>PRK", "2011-08-24", "Medvedev met Kim near Ulan-Ude."),
        make_event(2, "AGREE", "PRK>RUS", "2011-08-24", "Kim agreed to consider a pipeline.", status="announced"),
        make_event(3, "AID", "RUS>PRK", "2012-06-01", "Moscow will send wheat.", status="announced"),
        make_event(4, "ACCUSE", "RUS>PRK", "2012-12-12", "Moscow condemned the launch.", said_by="Sergei Lavrov"),
        make_event(5, "SANCTION", "RUS>PRK", "2013-12-03", "Putin signed a decree."),
        make_event(6, "COOPERATE", "RUS>PRK", "2013-12-05", "No progress was made on the line.", status="absent"),
        make_event(7, "ASSAULT", "PRK>RUS", "2013-12-06", "Pyongyang denied it had fired.", status="denied"),
    ]
