from __future__ import annotations

import datetime
import json
from collections.abc import Callable, Sequence

import ibis
import pytest

from detente.brief import Brief, compose
from detente.commitments import Commitment, Contradiction, Evidence, FollowThrough, Provision
from detente.leverage import Component, DependenceTable, Outcome, Tie, for_dyad, parse, variants
from detente.ontology import intensity, quad
from detente.records import Document, Event, Party, events_to_table
from detente.relations import relation, stance, with_context

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


DAY = datetime.date.fromisoformat


def evidence(sentence: str, day: str, document_id: str = "d2") -> Evidence:
    return Evidence(document_id=document_id, sentence_no=0, sentence=sentence, start=0, end=9, published=DAY(day))


def commitment(subject: str = "gas pipeline") -> Commitment:
    """An undertaking of which one provision was kept, one stands still, and reports of one contradict each other."""
    made = evidence("Kim agreed to consider a pipeline.", "2011-08-24")
    steps = [
        FollowThrough(kind=kind, date=DAY(day), evidence=evidence(sentence, day, document), scores=())
        for kind, day, sentence, document in (
            ("advance", "2013-09-22", "The line to Rajin was opened.", "d8"),
            ("absent", "2013-12-05", "No progress was made on the line.", "d6"),
            ("fulfil", "2012-09-18", "Moscow wrote off the debt.", "d9"),
        )
    ]
    return Commitment(
        commitment_id="c1",
        parties=("PRK", "RUS"),
        by=("PRK", "RUS"),
        to=("PRK", "RUS"),
        made=DAY("2011-08-24"),
        firmness="agreed",
        provisions=(
            Provision(subject=subject, words=subject, evidence=made, status="stalled", follow_through=tuple(steps[:2])),
            Provision(subject="debt", words="debt", evidence=made, status="fulfilled", follow_through=(steps[2],)),
        ),
        evidence=(made,),
        status="stalled",
        since=DAY("2013-12-05"),
        contradictions=(Contradiction(subject=subject, one=steps[0], other=steps[1]),),
    )


def levers(name: str = "bypass") -> tuple[tuple[Component, ...], tuple[Outcome, ...]]:
    """Leverage of Russia and North Korea from a small corridor with a what-if of a given name, and a table."""
    network = parse(
        f"""
title: A line through the North
money: million USD
discount: 0.1
goods:
  gas: {{quantity: bcm/a, price: USD/1000 m3}}
owners:
  RUS: {{country: Russia, name: Russia}}
  PRK: {{country: North Korea, name: North Korea}}
  KOR: {{country: South Korea, name: South Korea}}
nodes:
  fields: {{country: RUS, owner: RUS, supply: {{capacity: 10, cost: 250}}}}
  Kosong: {{country: PRK, owner: PRK}}
  Seoul: {{country: KOR, owner: KOR, demand: {{max: 10, price: {{value: 560, low: 500, high: 600, source: made}}}}}}
links:
  north: {{from: fields, to: Kosong, control: [RUS, PRK], capacity: 10, cost: 5}}
  south: {{from: Kosong, to: Seoul, control: [PRK, KOR], capacity: 10, cost: 5}}
  sea: {{from: fields, to: Seoul, control: [RUS, KOR], capacity: 10, cost: 15, investment: 9000, life: 25,
    status: absent}}
variants:
  {json.dumps(name)}: {{offer: sea, note: a line by sea}}
"""
    )
    table = DependenceTable(
        [
            Tie("PRK", "RUS", "trade", 2013, 104.0),
            Tie("PRK", "CHN", "trade", 2013, 6545.0),
            Tie("PRK", "WORLD", "trade", 2013, 8480.0),
        ]
    )
    components = for_dyad("RUS", "PRK", dependence=table, corridor=network, source="ties.csv")
    return components, variants(network)


def full_brief(events: Sequence[Event], *, hostile: str | None = None, **more: object) -> Brief:
    """A brief with everything in it."""
    table = ibis.memtable(events_to_table(list(events)))
    found = with_context(relation(table, "RUS", "PRK", latest=None), table)
    components, outcomes = levers((hostile or "bypass").replace(".", ""))
    return compose(
        found,
        {e.document_id: document(e, **more) for e in events},
        stances=[stance(table, "RUS", "PRK"), stance(table, "PRK", "RUS")],
        commitments=[commitment(hostile or "gas pipeline")],
        leverage=components,
        outcomes=outcomes,
    )


def events_of_years() -> list[Event]:
    return [
        make_event(1, "CONSULT", "RUS>PRK", "2011-08-24", "Medvedev met Kim near Ulan-Ude."),
        make_event(2, "AGREE", "PRK>RUS", "2011-08-24", "Kim agreed to consider a pipeline.", status="announced"),
        make_event(3, "AID", "RUS>PRK", "2012-06-01", "Moscow will send wheat.", status="announced"),
        make_event(4, "ACCUSE", "RUS>PRK", "2012-12-12", "Moscow condemned the launch.", said_by="Sergei Lavrov"),
        make_event(5, "SANCTION", "RUS>PRK", "2013-12-03", "Putin signed a decree."),
        make_event(6, "COOPERATE", "RUS>PRK", "2013-12-05", "No progress was made on the line.", status="absent"),
        make_event(7, "ASSAULT", "PRK>RUS", "2013-12-06", "Pyongyang denied it had fired.", status="denied"),
        make_event(8, "COOPERATE", "RUS>PRK", "2013-12-04", "Trains ran on the line again."),
    ]


@pytest.fixture
def brief_of() -> Callable[..., Brief]:
    def build(events: list[Event], **more: object) -> Brief:
        found = relation(ibis.memtable(events_to_table(events)), "RUS", "PRK", latest=None)
        return compose(found, {e.document_id: document(e, **more) for e in events})

    return build


@pytest.fixture
def events() -> list[Event]:
    return events_of_years()
