"""Dates in text resolve against the day of publication."""

from __future__ import annotations

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detente.coding.dates import DocumentDates, find_dates, nearest_date

PUBLISHED = datetime.date(2013, 11, 13)  # a Wednesday


@pytest.mark.parametrize(
    ("words", "date", "precision"),
    [
        ("They met last August.", "2013-08-01", "month"),
        ("They met in August last year.", "2012-08-01", "month"),
        ("They met on August 24 of last year.", "2012-08-24", "day"),
        ("They met in November 2013.", "2013-11-01", "month"),
        ("They met in August.", "2013-08-01", "month"),
        ("They met last November.", "2012-11-01", "month"),
        ("They met yesterday.", "2013-11-12", "day"),
        ("They met on Monday.", "2013-11-11", "day"),
        ("They met on Wednesday.", "2013-11-13", "day"),
        ("They met last Wednesday.", "2013-11-06", "day"),
        ("They met earlier this month.", "2013-11-01", "month"),
        ("They met on Nov. 13.", "2013-11-13", "day"),
        ("They met on Dec. 24.", "2012-12-24", "day"),
        ("They met on March 5, 2010.", "2010-03-05", "day"),
        ("They met on 5 March 2010.", "2010-03-05", "day"),
        ("They met on 2010-03-05.", "2010-03-05", "day"),
        ("They met in 2011.", "2011-01-01", "year"),
        ("They met last year.", "2012-01-01", "year"),
        ("They met ten days ago.", "2013-11-03", "day"),
        ("They met three months ago.", "2013-08-01", "month"),
        ("They will meet tomorrow.", "2013-11-14", "day"),
        ("They will meet next Friday.", "2013-11-15", "day"),
        ("They will meet next month.", "2013-12-01", "month"),
    ],
)
def test_date_resolves(words: str, date: str, precision: str) -> None:
    (mention,) = find_dates(words, PUBLISHED)
    assert (mention.date.isoformat(), mention.precision) == (date, precision)


@pytest.mark.parametrize(
    ("words", "date"), [("on Monday", "2013-11-18"), ("on Dec. 24", "2013-12-24"), ("in August", "2014-08-01")]
)
def test_same_words_mean_the_next_one_for_an_event_ahead(words: str, date: str) -> None:
    text = f"They will meet {words}."
    found = nearest_date(text, find_dates(text, PUBLISHED), 10, 14, ahead=True)
    assert found is not None
    assert found[0].isoformat() == date


def test_later_counts_from_the_date_before_it() -> None:
    text = "They signed in August 2011; two years later they quarrelled."
    dates = find_dates(text, PUBLISHED)
    assert [d.date.isoformat() for d in dates] == ["2011-08-01", "2013-01-01"]
    assert find_dates("Two years later they quarrelled.", PUBLISHED) == []
    anchored = find_dates("Two years later they quarrelled.", PUBLISHED, datetime.date(2009, 5, 1))
    assert anchored[0].date.year == 2011


@pytest.mark.parametrize(
    "words", ["It may be so.", "They march on.", "2,000 men", "in 2000 troops", "the sun and the moon"]
)
def test_words_that_are_no_dates(words: str) -> None:
    assert find_dates(words, PUBLISHED) == []


def test_dates_of_a_document_do_not_depend_on_which_are_asked_for() -> None:
    sentences = ["They met in May 2009.", "A year later it rained.", "Nothing was said.", "Two months later they left."]
    first = [date.date for number in range(4) for date in DocumentDates(sentences, PUBLISHED).of(number)]
    assert [str(date) for date in first] == ["2009-05-01", "2010-01-01", "2010-03-01"]


def test_each_event_takes_the_date_of_its_own_clause() -> None:
    text = "Seoul accused Pyongyang on Monday, after the North tested a missile last August."
    dates = find_dates(text, PUBLISHED)
    accused, tested = text.index("accused"), text.index("tested")
    first = nearest_date(text, dates, accused, accused + 7, ahead=False)
    second = nearest_date(text, dates, tested, tested + 6, ahead=False)
    assert first == (datetime.date(2013, 11, 11), "day")
    assert second == (datetime.date(2013, 8, 1), "month")


@given(st.text(max_size=200), st.dates())
def test_any_text_on_any_day(text: str, published: datetime.date) -> None:
    for mention in find_dates(text, published):
        assert 0 <= mention.start < mention.end <= len(text)


@given(
    st.lists(st.sampled_from("99 last Feb 29 next a year ago later Monday May 31".split()), max_size=8),  # noqa: SIM905
    st.sampled_from([datetime.date.min, datetime.date.max, datetime.date(2012, 2, 29)]),
)
def test_ends_of_the_calendar(words: list[str], published: datetime.date) -> None:
    find_dates(" ".join(words), published)
