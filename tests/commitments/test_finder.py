"""The finder: whether a report makes a promise, in which words, and who takes part."""

from __future__ import annotations

import datetime

import pytest

from detente.actors import Gazetteer
from detente.commitments import find
from detente.commitments.finder import Finder, Said, dateline
from tests.commitments.made import report

DAY = datetime.date(1972, 5, 9)
ACCORD = (
    "BERN, May 9 - Under a paper signed here last night Peru hands two gunboats to Chile by August, and Chile opens"
    " the port of Arica to Peruvian copper."
)
TALKS = (
    "The foreign ministers of Peru and Chile met in Bern for an hour. They spoke about the weather and will meet again."
)
DONE = "The second gunboat reached Valparaiso on Friday, and Chilean sailors went aboard. Nobody made a speech."
"""Written for this test, about nothing that the finder was trained on."""


def read(text: str) -> Said:
    return Finder.default().read(text, Gazetteer.default().read(text, DAY).mentions)


def test_a_report_that_makes_a_promise_is_told_from_others() -> None:
    assert read(ACCORD).undertakes > 0.8
    assert max(read(TALKS).undertakes, read(DONE).undertakes) < 0.3


def test_the_deeds_are_cut_apart() -> None:
    deeds = [ACCORD[start:end] for start, end in read(ACCORD).deeds]
    assert [("gunboats" in deed, "Arica" in deed) for deed in deeds] == [(True, False), (False, True)]


def test_the_place_of_a_dateline_is_no_party() -> None:
    said = read(ACCORD)
    assert ACCORD[dateline(ACCORD) :].startswith("Under")
    assert "CHE" not in {m.country for m, _ in said.parties}


def test_an_accord_told_in_the_present_tense_is_found() -> None:
    (found,) = find([report(1, "1972-05-09", ACCORD)])
    assert set(found.parties) == {"PER", "CHL"}
    assert len(found.provisions) == 2


def test_a_report_of_talks_founds_nothing() -> None:
    assert not find([report(1, "1972-05-09", TALKS)])


def test_nothing_depends_on_what_was_read_before() -> None:
    texts = (ACCORD, TALKS, DONE)
    fresh = [read(text).undertakes for text in texts]
    Finder.default.cache_clear()
    assert [read(text).undertakes for text in reversed(texts)] == fresh[::-1]


@pytest.mark.parametrize("text", ["", " ", "\x00\ud800", "x" * 100_000, "𝕏" * 300, "\u202e\u200b"])
def test_any_text_can_be_read(text: str) -> None:
    said = read(text)
    assert 0 <= said.undertakes <= 1
    assert all(0 <= start < end <= len(text) for start, end in said.deeds)
