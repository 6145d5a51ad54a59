"""Silence counts only against the tempo, and only while the sources go on reporting on the parties."""

from __future__ import annotations

import datetime

import pytest

from detente.commitments import find
from detente.commitments.status import measure_silence
from tests.commitments.made import PIPELINE, report

MADE = datetime.date(2000, 1, 1)


def later(days: int) -> datetime.date:
    return MADE + datetime.timedelta(days=days)


def test_a_long_silence_with_coverage_is_telling() -> None:
    silence = measure_silence(MADE, None, [], later(900), [later(100), later(800)])
    assert silence.telling
    assert silence.coverage.goes_on
    assert (silence.days, silence.coverage.during) == (900, 2)


def test_without_coverage_the_silence_says_nothing() -> None:
    silence = measure_silence(MADE, None, [], later(900), [later(100)])
    assert not silence.coverage.goes_on
    assert not silence.telling


def test_a_year_and_a_half_is_the_least() -> None:
    assert not measure_silence(MADE, None, [], later(547), [later(540)]).telling
    assert measure_silence(MADE, None, [], later(549), [later(540)]).telling


def test_a_slow_tempo_makes_a_gap_likely() -> None:
    slow = measure_silence(MADE, None, [later(1000), later(2000)], later(2700), [later(2690)])
    quick = measure_silence(MADE, None, [later(50), later(100)], later(800), [later(790)])
    assert slow.probability > quick.probability
    assert slow.expected > quick.expected
    assert not slow.telling
    assert quick.telling


def test_before_the_due_date_silence_is_none() -> None:
    assert not measure_silence(MADE, later(2000), [], later(1500), [later(1490)]).telling
    assert measure_silence(MADE, later(1200), [], later(1500), [later(1490)]).telling


@pytest.mark.parametrize(("coverage", "status"), [(True, "stalled"), (False, "advancing")])
def test_stalled_by_silence_needs_coverage(coverage: bool, status: str) -> None:
    documents = PIPELINE[:2]
    if coverage:
        documents = [*documents, report(7, "2008-02-02", "Poland won a handball match against Norway in Warsaw.")]
    accord = find(documents, until=datetime.date(2008, 6, 1))[0]
    assert accord.status == status
    assert accord.silence is not None
    assert accord.silence.coverage.goes_on is coverage
