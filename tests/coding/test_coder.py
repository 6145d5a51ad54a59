"""What the coder says about sentences, and what it promises about its output."""

from __future__ import annotations

import datetime
import gc
import random
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from detente.coding import Coded, Coder, CodingOptions
from detente.errors import BadInput, BadOption, NotFound
from detente.ontology import TYPES, quad
from detente.records import Document, to_json

Code = Callable[[str], Coded]
PUBLISHED = datetime.date(2013, 11, 13)


@pytest.mark.parametrize(
    ("text", "event", "actor", "recipient"),
    [
        ("Iran on Tuesday accused Israel of killing its scientists.", "ACCUSE", "IRN", "ISR"),
        ("Russia rejected a proposal by Ukraine to extend the truce.", "REJECT", "RUS", "UKR"),
        ("Turkey imposed sanctions on Syria and recalled its ambassador.", "SANCTION", "TUR", "SYR"),
        ("Israeli warplanes bombed targets in Syria, killing 12 soldiers.", "ASSAULT", "ISR", "SYR"),
        ("Japan provided 50,000 tons of rice to North Korea.", "AID", "JPN", "PRK"),
        ("India threatened to attack Pakistan unless the raids stopped.", "THREATEN", "IND", "PAK"),
        ("France agreed to lend Greece two billion euros next year.", "AGREE", "FRA", "GRC"),
        ("China urged the United States to withdraw its ships.", "REQUEST", "CHN", "USA"),
    ],
)
def test_who_did_what_to_whom(code: Code, text: str, event: str, actor: str, recipient: str) -> None:
    found = {
        (e.event, e.actor.country if e.actor else None, e.recipient.country if e.recipient else None)
        for e in code(text).events
    }
    assert (event, actor, recipient) in found


def test_talks_go_both_ways(code: Code) -> None:
    coded = code("Chinese President Xi Jinping and Russian President Vladimir Putin held talks in Moscow on Monday.")
    consult = {
        (e.actor.country, e.recipient.country) for e in coded.events if e.event == "CONSULT" and e.actor and e.recipient
    }
    assert {("CHN", "RUS"), ("RUS", "CHN")} <= consult


def test_events_within_a_state_are_kept(code: Code) -> None:
    coded = code("Egyptian police arrested 40 supporters of the Egyptian opposition in Cairo on Friday.")
    within = [e for e in coded.events if e.event == "COERCE" and e.actor and e.recipient]
    assert any(e.actor and e.recipient and e.actor.country == e.recipient.country == "EGY" for e in within)


def test_a_promise_is_no_delivery_and_a_denial_no_deed(code: Code) -> None:
    (promise,) = {e.status for e in code("Russia agreed to supply Iran with missiles.").events if e.event == "AGREE"}
    assert promise == "announced"
    denied = code("Pakistan denied that its soldiers had attacked Indian troops.").events
    assert "denied" in {e.status for e in denied}
    assert "happened" not in {e.status for e in denied if e.event == "ASSAULT"}


def test_who_is_quoted(code: Code) -> None:
    coded = code(
        "Syrian troops shelled a village near the Turkish border, Turkish Foreign Minister Ahmet Davutoglu said."
    )
    assault = [e for e in coded.events if e.event == "ASSAULT"]
    assert assault
    assert all(e.said_by and "Davut" in e.said_by for e in assault)


def test_weather_and_markets_hold_no_event(code: Code) -> None:
    text = (
        "The capital has a population of two million. Rain is expected along the coast until the weekend. "
        "The currency closed slightly higher in quiet trading. The novel was first published in 1954."
    )
    assert code(text).events == ()


def test_offsets_and_fields_hold_together(code: Code) -> None:
    text = (
        "  Prelude in Geneva.\n\nSouth Korea said on Monday that North Korea had fired shells at Yeonpyeong Island. \n"
        * 3
    )
    coded = code(text)
    assert coded.events
    for event in coded.events:
        assert event.sentence is not None
        assert event.sentence_no is not None
        sentence = coded.sentences[event.sentence_no]
        assert text[sentence.start : sentence.end] == event.sentence
        assert event.start is not None
        assert event.end is not None
        assert sentence.start <= event.start < event.end <= sentence.end
        for party in (event.actor, event.recipient):
            if party is not None:
                assert text[party.start : party.end] == party.text
        assert event.quad == quad(event.event)
        assert event.mode is None or event.mode in TYPES[event.event].modes
        assert 0 < event.confidence <= 1
    assert len({e.event_id for e in coded.events}) == len(coded.events)


def test_date_of_an_event(code: Code) -> None:
    (coded,) = {(e.date.isoformat(), e.date_precision) for e in code("Iran attacked Iraq in August 2011.").events}
    assert coded == ("2011-08-01", "month")
    published = code("Iran attacked Iraq.").events
    assert {(e.date, e.date_precision) for e in published} == {(PUBLISHED, "published")}


def test_explanation_names_words_and_sources_of_fields(code: Code) -> None:
    coded = code("Iran condemned Israel.")
    (event,) = coded.events
    explanation = coded.explanations[event.event_id]
    assert explanation.words[0][0] == "condemned"
    assert {"event", "status", "said_by", "date"} <= set(explanation.fields)
    assert all(0 <= p <= 1 for _, p in explanation.runners)


def test_statement_has_speaker_and_stance(code: Code) -> None:
    coded = code(
        '"This is an outrageous provocation," South Korean President Park Geun-hye said, condemning North Korea.'
    )
    stances = [s.stance for s in coded.statements if "Park" in s.speaker.name]
    assert stances
    assert min(stances) < -0.3
    praise = code("Chinese Premier Li Keqiang praised Vietnam and welcomed its cooperation.").statements
    assert praise
    assert min(s.stance for s in praise) > 0.3


SENTENCES = [
    "Iran accused Israel of killing a scientist.",
    "The rebels, officials in Seoul said, had freed 14 hostages after talks with the Red Cross broke down on Monday.",
    "Rain fell.",
    "Germany and France signed a trade agreement in Paris, and both foreign ministers praised Poland for its role.",
    "U.S. Secretary of State John Kerry urged Russia on Tuesday to withdraw its troops from Crimea or face sanctions.",
    "Thousands of protesters marched through Bangkok to demand the resignation of Prime Minister Yingluck Shinawatra.",
]


def coded_lines(options: CodingOptions, texts: list[str]) -> dict[str, list[object]]:
    documents = [Document(document_id=text, text=text, published=PUBLISHED) for text in texts]
    coded = list(Coder.load(options).code(documents))
    assert [c.document.document_id for c in coded] == texts
    return {c.document.document_id: [to_json(e) for e in c.events] + [to_json(s) for s in c.statements] for c in coded}


def test_results_do_not_depend_on_order_batch_or_threads() -> None:
    texts = [*SENTENCES, *(" ".join(random.Random(i).sample(SENTENCES, 3)) for i in range(12))]
    first = coded_lines(CodingOptions(threads=1, batch=1), texts)
    shuffled = random.Random(5).sample(texts, len(texts))
    assert coded_lines(CodingOptions(threads=2, batch=1024), texts) == first
    assert coded_lines(CodingOptions(threads=3, batch=200), shuffled) == first


def test_empty_input(coder: Coder, code: Code) -> None:
    assert list(coder.code([])) == []
    assert code("").events == ()
    assert code(" \n\t ").statements == ()


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.one_of(
            st.text(max_size=60),
            st.sampled_from(
                ["Iran", "attacked", "Israel", ".", "\ud800", "\x00", "{1:", '"' * 40, "A" * 3000, "é́́", "\u202e"]
            ),
        ),
        max_size=12,
    )
)
def test_hostile_text(coder: Coder, parts: list[str]) -> None:
    text = " ".join(parts)
    (coded,) = coder.code([Document(document_id="x", text=text, published=PUBLISHED)])
    for event in coded.events:
        assert event.actor is None or text[event.actor.start : event.actor.end] == event.actor.text


def test_a_sentence_too_long_for_the_model_is_counted(code: Code) -> None:
    coded = code("Iran accused Israel of " + "a, b, c, d " * 40 + "on Monday.")
    assert sum(n for reason, n in coded.counts.items() if "truncated" in reason) >= 1


def test_classify_sums_to_one_and_takes_no_span_outside(coder: Coder) -> None:
    text = "Iran accused Israel of murder."
    result = coder.classify(text, (0, 4), (13, 19))
    assert result.event == "ACCUSE"
    assert result.quad == 3
    assert set(result.scores) == {*TYPES, "NONE"}
    assert sum(result.scores.values()) == pytest.approx(1)
    assert result.confidence == max(result.scores.values())
    with pytest.raises(BadInput, match="recipient"):
        coder.classify(text, (0, 4), (13, 99))


@pytest.mark.parametrize("collects", [True, False])
def test_the_collector_is_left_as_it_was_and_has_nothing_to_do(coder: Coder, collects: bool) -> None:
    gc.collect()
    gc.disable()
    try:
        if collects:
            gc.enable()
        list(coder.code([Document(document_id="1", text=" ".join(SENTENCES), published=PUBLISHED)]))
        assert gc.isenabled() is collects
        assert collects or gc.collect() == 0, "objects that refer to each other would pile up while it is paused"
    finally:
        gc.enable()


def test_classify_depends_on_the_marked_roles(coder: Coder) -> None:
    text = "Iran accused Israel of murder, and France praised Germany."
    pairs = [(("Iran"), "Israel"), ("France", "Germany")]
    spans = [tuple((text.index(w), text.index(w) + len(w)) for w in pair) for pair in pairs]
    results = list(coder.classify_many([(text, a, r) for a, r in spans]))
    assert [r.event for r in results] == ["ACCUSE", "SUPPORT"]


def test_classify_finds_the_sentence_in_a_longer_text(coder: Coder) -> None:
    text = "Nothing happened before. " * 60 + "Iran accused Israel of murder."
    start = text.index("Iran")
    result = coder.classify(text, (start, start + 4), (start + 13, start + 19))
    assert result.event == "ACCUSE"
    assert all(text[a:b] for a, b, _ in result.words)


@pytest.mark.parametrize("values", [{"threshold": 1.5}, {"threshold": 0.0}, {"threads": -1}, {"batch": 0}])
def test_wrong_options_are_refused(values: dict[str, float]) -> None:
    with pytest.raises(BadOption, match=next(iter(values))):
        CodingOptions(**values)  # type: ignore[arg-type]


def test_missing_files_are_named(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="nowhere"):
        CodingOptions(corrections=tmp_path / "nowhere.jsonl")
    with pytest.raises(BadInput, match="no model"):
        CodingOptions(model=tmp_path)
