"""Documents, events and statements made by hand for the tests of the ledger."""

import datetime
from dataclasses import dataclass

from detente.records import Document, Event, Party, Sentence, Statement, stable_id

DAY = datetime.date(2013, 11, 13)
CODER = "coder-1"


@dataclass(frozen=True)
class Coded:
    document: Document
    sentences: tuple[Sentence, ...] = ()
    events: tuple[Event, ...] = ()
    statements: tuple[Statement, ...] = ()


def coded(name: str, text: str = "Russia criticized North Korea. Moscow was angry.", coder: str = CODER) -> Coded:
    end = text.find(".") + 1 or len(text)
    sentence = Sentence(0, 0, end, text[:end])
    russia = Party(text="Russia", name="Russia", country="RUS", sector="GOV", start=0, end=6)
    korea = Party(text="North Korea", name="North Korea", country="PRK", start=18, end=29)
    event = Event(
        event_id=stable_id(name, "event"),
        document_id=name,
        sentence_no=0,
        sentence=sentence.text,
        start=0,
        end=end,
        event="ACCUSE",
        contexts=("diplomatic", "military"),
        quad=3,
        intensity=-2.0,
        actor=russia,
        recipient=korea,
        date=DAY,
        published=DAY,
        confidence=0.75,
        coder=coder,
    )
    statement = Statement(
        statement_id=stable_id(name, "statement"),
        document_id=name,
        sentence_no=0,
        sentence=sentence.text,
        start=0,
        end=end,
        speaker=russia,
        recipients=(korea, russia),
        words="criticized",
        stance=-0.5,
        published=DAY,
        coder=coder,
    )
    document = Document(document_id=name, text=text, published=DAY, title="T", source="S", url="https://a.example")
    return Coded(document, (sentence,), (event,), (statement,))
