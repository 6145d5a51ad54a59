"""The format of labelled sentences."""

from __future__ import annotations

import pytest

from detente.bench.labelled import parse_block, parse_text, unmark
from detente.errors import BadInput


def test_mentions_and_events_with_offsets() -> None:
    sentence = parse_block(
        [
            "{1:Lavrov} accused {2:Kiev} of shelling {3:villages}, {4: a spokesman} said.",
            "> ACCUSE/allege 1>2 happened @accused by=4",
            "> ASSAULT 2>3 denied @shelling by=1",
        ]
    )
    assert sentence.text == "Lavrov accused Kiev of shelling villages,  a spokesman said."
    assert [sentence.span_text(n) for n in (1, 2, 3, 4)] == ["Lavrov", "Kiev", "villages", "a spokesman"]
    accuse, assault = sentence.events
    assert (accuse.event, accuse.modes, accuse.actor, accuse.recipient) == ("ACCUSE", ("allege",), 1, 2)
    assert (assault.status, assault.said_by) == ("denied", 1)
    assert accuse.trigger is not None
    assert sentence.text[slice(*accuse.trigger)] == "accused"


def test_lists_reciprocal_and_missing_sides() -> None:
    sentence = parse_block(
        ["{1:Iran}, {2:Iraq} and {3:Oman} met; {1x} rest".replace("{1x} ", ""), "> CONSULT 1<>2,3 happened @met",
         "> PROTEST 1>- ongoing", "> ASSAULT ->2 happened"]
    )  # fmt: skip
    pairs = [(e.event, e.actor, e.recipient) for e in sentence.events]
    assert pairs == [
        ("CONSULT", 1, 2), ("CONSULT", 1, 3), ("CONSULT", 2, 1), ("CONSULT", 3, 1),
        ("PROTEST", 1, None), ("ASSAULT", None, 2),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("event", "message"),
    [
        ("> ACUSE 1>2 happened", "ACUSE"),
        ("> ACCUSE 1>2 done", "done"),
        ("> ACCUSE 1>7 happened", "7"),
        ("> ACCUSE/bomb 1>2 happened", "bomb"),
        ("> ACCUSE 1>2 happened @praised", "praised"),
        ("> ACCUSE 1 2 happened", "not an event line"),
    ],
)
def test_wrong_labels_are_named(event: str, message: str) -> None:
    good, bad = parse_text(f"# comment\n{{1:Iran}} accused {{2:Iraq}}.\n{event}\n\n{{1:A b}} c.\n> NONE\n", "f.txt")
    assert len(good) == 1
    assert not good[0].events
    assert message in str(bad[0])
    assert str(bad[0]).startswith("f.txt:2")


@pytest.mark.parametrize(
    "lines",
    [
        ["{1:Iran accused."],
        ["{1:Iran}, {1:Iraq}."],
        ["{1: } fell."],
        ["Iran.", "Iraq.", "> NONE"],
        ["> NONE"],
        ["Iran."],
    ],
)
def test_wrong_sentences_are_refused(lines: list[str]) -> None:
    with pytest.raises(BadInput):
        parse_block([*lines, "> NONE"] if len(lines) == 1 and lines[0] != "Iran." else lines)


def test_role_marks_give_first_spans() -> None:
    text, spans = unmark("On Friday, <s>the EU </s>met <t>Iran</t>, and <t>Iran</t> agreed.")
    assert text == "On Friday, the EU met Iran, and Iran agreed."
    assert {role: text[a:b] for role, (a, b) in spans.items()} == {"s": "the EU", "t": "Iran"}
    assert spans["t"][0] == text.index("Iran")
