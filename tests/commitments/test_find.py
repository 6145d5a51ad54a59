"""What a reader of reports gets: commitments with provisions, conditions, dates and what became of them."""

from __future__ import annotations

import dataclasses
import datetime
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detente.commitments import Commitment, between, find
from detente.errors import DetenteError
from detente.records import Document
from tests.commitments.made import PIPELINE, report


def only(documents: list[Document], until: str | None = None) -> Commitment:
    found = find(documents, until=datetime.date.fromisoformat(until) if until else None)
    assert len(found) == 1, [c.title for c in found]
    return found[0]


def provision(commitment: Commitment, word: str):  # type: ignore[no-untyped-def]
    return next(p for p in commitment.provisions if word in p.words)


def test_an_accord_is_one_commitment_with_its_provisions() -> None:
    accord = only(PIPELINE[:1])
    assert set(accord.parties) == {"NOR", "POL"}
    assert (accord.made, accord.firmness, accord.status) == (datetime.date(2001, 3, 5), "signed", "advancing")
    assert len(accord.provisions) == 2
    pipeline, ports = provision(accord, "gas pipeline"), provision(accord, "ferry ports")
    assert pipeline.due == datetime.date(2004, 12, 31)
    assert pipeline.condition is None
    assert ports.condition == "if the pipeline is approved by parliament"
    assert PIPELINE[0].text[pipeline.evidence.start : pipeline.evidence.end] == pipeline.evidence.sentence


def test_later_reports_advance_and_fulfil_single_provisions() -> None:
    accord = only(PIPELINE)
    pipeline, ports = provision(accord, "gas pipeline"), provision(accord, "ferry ports")
    assert (pipeline.status, pipeline.level) == ("advancing", 1)
    assert (ports.status, ports.level) == ("fulfilled", 3)
    assert accord.status == "advancing"
    assert accord.last_follow_through == datetime.date(2002, 6, 11)
    step = ports.follow_through[-1]
    assert step.kind == "fulfil"
    assert step.evidence.document_id == "r3"
    assert dict(step.scores).keys() == {"parties", "words", "back", "provision", "read"}
    assert step.score == dict(step.scores)["read"] > 0.5


def test_nothing_after_until_is_used() -> None:
    accord = only(PIPELINE, until="2001-12-31")
    assert all(r.date <= datetime.date(2001, 12, 31) for p in accord.provisions for r in p.follow_through)
    assert provision(accord, "ferry ports").status == "advancing"


def test_withdrawal_breaches() -> None:
    broken = [
        *PIPELINE,
        report(4, "2003-01-09", "Norway cancelled the gas pipeline agreement with Poland on Thursday."),
    ]
    accord = only(broken)
    assert accord.status == "breached"
    assert accord.since == datetime.date(2003, 1, 9)


def test_another_accord_in_its_place_supersedes() -> None:
    text = (
        "Norway and Poland signed a treaty on Friday that replaces the gas pipeline agreement of 2001. Norway will ship"
        " liquefied gas to Gdansk from 2006."
    )
    found = find([*PIPELINE, report(4, "2003-05-02", text)])
    assert [c.status for c in found] == ["superseded", "advancing"]
    assert found[1].made == datetime.date(2003, 5, 2)


def test_the_same_text_twice_counts_once() -> None:
    again = dataclasses.replace(PIPELINE[0], document_id="copy", published=datetime.date(2001, 3, 6))
    assert find([*PIPELINE, again]) == find(PIPELINE)


def test_two_reports_of_one_accord_are_one_commitment() -> None:
    other = report(
        9,
        "2001-03-06",
        "Under the agreement signed on Monday, Norway will build the gas pipeline to Poland by the end of 2004.",
    )
    accord = only([PIPELINE[0], other])
    assert {e.document_id for e in accord.evidence} == {"r1", "r9"}


def test_threats_and_readiness_are_told_apart() -> None:
    threat = only([report(1, "2001-03-05", "Norway will close its border with Sweden unless Sweden lifts the tariff.")])
    assert threat.firmness == "threatened"
    assert threat.provisions[0].condition == "unless Sweden lifts the tariff"
    ready = only([report(1, "2001-03-05", "Norway said that it is ready to consider a railway to Sweden.")])
    assert ready.firmness == "considered"


@pytest.mark.parametrize(
    "text",
    [
        "Norway and Sweden held talks in Oslo on Monday. The ministers will meet again in May.",
        "Norway and Sweden could not agree on a treaty on Monday and parted without a statement.",
        "Norway urged Sweden to open its border. Sweden said that it hoped for better days.",
    ],
)
def test_talk_is_no_commitment(text: str) -> None:
    assert find([report(1, "2001-03-05", text)]) == ()


def test_unknown_parties_make_no_commitment_and_no_error() -> None:
    assert find([report(1, "2001-03-05", "They will build it by May, he said.")]) == ()


def test_contradicting_reports_stand_side_by_side() -> None:
    documents = [
        *PIPELINE[:1],
        report(2, "2004-12-20", "Norway completed the gas pipeline to Gdansk on Monday."),
        report(3, "2004-12-28", "Poland said that the gas pipeline to Gdansk has not been finished."),
    ]
    pair = only(documents).contradictions[0]
    assert (pair.one.kind, pair.other.kind) == ("fulfil", "absent")
    assert (pair.one.evidence.document_id, pair.other.evidence.document_id) == ("r2", "r3")


def test_a_party_no_longer_named_is_an_omission() -> None:
    documents = [
        *PIPELINE[:1],
        report(2, "2002-05-01", "Norway praised the gas pipeline to the Baltic coast and its engineers."),
        report(3, "2003-05-01", "Norway showed drawings of the gas pipeline and named no partner."),
    ]
    omission = only(documents).omissions[0]
    assert omission.party == "POL"
    assert omission.since == ("r2", "r3")


def test_ids_do_not_depend_on_order_or_on_later_reports() -> None:
    first = only(PIPELINE[:1]).commitment_id
    assert only(PIPELINE).commitment_id == first
    assert find(reversed(PIPELINE)) == find(PIPELINE)


def test_json_has_every_field_and_plain_values() -> None:
    accord = only(PIPELINE)
    data = json.loads(json.dumps(accord.to_json(), allow_nan=False))
    assert {f.name for f in dataclasses.fields(accord)} <= data.keys()
    assert data["made"] == "2001-03-05"
    assert data["provisions"][0]["follow_through"][0]["kind"] == "advance"


def test_between_wants_all_parties() -> None:
    found = find(PIPELINE)
    assert between(found, "NOR", "POL") == found
    assert between(found, "NOR", "DEU") == ()


_TEXT = (
    "Norway Poland will signed agreed to if unless treaty , . ; on condition that build a railway by 2004 within ninety"
    " days would not promised pledged the accord they Moscow Monday was replaced without \n \x00 “ é 99999 years"
)
_WORDS = st.sampled_from(_TEXT.split(" "))


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(_WORDS, max_size=30).map(" ".join), max_size=4))
def test_any_text_is_taken(texts: list[str]) -> None:
    documents = [report(n, f"2001-0{n + 1}-01", text) for n, text in enumerate(texts)]
    try:
        found = find(documents)
    except DetenteError as error:  # pragma: no cover - no text may raise
        raise AssertionError(texts) from error
    for commitment in found:
        assert commitment.provisions
        assert all(0 <= p.level <= 3 for p in commitment.provisions)
        json.dumps(commitment.to_json(), allow_nan=False)


def test_dates_out_of_the_calendar_are_no_due_dates() -> None:
    text = "Norway and Poland signed a treaty on Monday. Norway will build a dam within 9999 years."
    assert only([report(1, "2001-03-05", text)]).provisions[0].due is None


def test_a_further_accord_with_a_deed_of_its_own_is_a_commitment_of_its_own() -> None:
    later = report(
        7,
        "2005-09-12",
        "Norway and Poland signed an agreement in Warsaw on Monday. Norway will build a power cable to Gdansk by 2008"
        " and Poland will close two coal plants.",
    )
    first, second = find([*PIPELINE, later])
    assert first.made == datetime.date(2001, 3, 5)
    assert second.made == datetime.date(2005, 9, 12)
    assert [p.due for p in second.provisions] == [datetime.date(2008, 12, 31), None]


def test_a_protocol_to_an_accord_belongs_to_it() -> None:
    protocol = report(
        7,
        "2005-09-12",
        "Norway and Poland signed a protocol to the pipeline agreement in Warsaw on Monday. Norway will build the gas"
        " pipeline by 2008 and Poland will pay half of the cost.",
    )
    assert len(find([*PIPELINE, protocol])) == 1


@pytest.mark.parametrize(("what", "steps"), [("shipbuilding for gas tankers", 0), ("the gas pipeline", 1)])
def test_in_a_long_text_a_step_names_the_deed(what: str, steps: int) -> None:
    long = report(
        7,
        "2002-05-06",
        "The Norwegian premier visited Poland on Monday. He laid a wreath in Warsaw and met students. Both sides spoke"
        f" of trade in fish. The two ministers signed a contract on {what}. A dinner in the palace followed.",
    )
    pipeline = provision(only([PIPELINE[0], long]), "gas pipeline")
    assert len([r for r in pipeline.follow_through if r.kind == "advance"]) == steps
