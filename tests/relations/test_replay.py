"""Shifts replayed day by day: each was listed when it says, and nothing later was used."""

import datetime
from pathlib import Path

import pyarrow.parquet as pq
import pytest

import detente
from detente.errors import BadOption
from detente.relations import replay, shifts
from tests.relations.made import D, event, steady, table, turn

CHANGE = D(2012, 3, 1)
MADE = turn("PRK", "RUS", change=CHANGE) + steady("USA", "KOR", since=D(2011, 6, 1), n=30, step=20)


def test_a_shift_is_known_on_the_first_day_that_lists_it() -> None:
    (found,) = replay(table(MADE), step="week", min_probability=0.5)
    assert (found.shift.a, found.shift.b, found.shift.direction) == ("PRK", "RUS", "cooling")
    assert 0 < found.delay == (found.known - found.shift.date).days < 200
    assert found.known.weekday() == 6, "the end of a week"
    cut = [e for e in MADE if e.published <= found.known]
    assert shifts(table(cut), min_probability=0.5) == (found.shift,)
    before = [e for e in MADE if e.published <= found.known - datetime.timedelta(days=7)]
    assert shifts(table(before), min_probability=0.5) == ()
    (now,) = shifts(table(MADE), min_probability=0.5)
    assert found.probability_now == now.probability


def test_what_comes_later_changes_nothing_of_what_was_known() -> None:
    end = D(2012, 8, 1)
    later = [event(end + datetime.timedelta(days=20 * i), "USA", "KOR", "ASSAULT") for i in range(1, 12)]
    seen = replay(table(MADE), until=end)
    with_later = replay(table(MADE + later), until=D(2013, 3, 1))
    assert [(x.shift, x.known) for x in with_later if x.known < end] == [(x.shift, x.known) for x in seen]
    assert any((x.shift.a, x.shift.b) == ("KOR", "USA") for x in with_later)


def test_what_turns_out_to_be_none_says_so() -> None:
    scare = [event(CHANGE + datetime.timedelta(days=i), "FRA", "DEU", "ASSAULT") for i in range(3)]
    calm = [event(CHANGE + datetime.timedelta(days=10 * i), "FRA", "DEU") for i in (*range(-30, 0), *range(1, 60))]
    seen = replay(table(scare + calm), step="month")
    assert [(x.shift.direction, x.probability_now) for x in seen][:1] == [("cooling", None)]


def test_what_was_known_before_is_left_out() -> None:
    assert replay(table(MADE), since=D(2012, 10, 1), min_probability=0.5) == ()
    assert replay(table([])) == ()
    with pytest.raises(BadOption, match="--replay"):
        replay(table(MADE), step="fortnight")


def test_a_workspace_replays_and_shows_it(tmp_path: Path) -> None:
    pq.write_table(table(MADE).to_pyarrow(), tmp_path / "events.parquet")
    found = detente.open(tmp_path / "events.parquet").replay("quarter", min_probability=0.5)
    assert found == replay(table(MADE), step="quarter", min_probability=0.5)
    shown = found._repr_html_()
    assert str(found[0].known) in shown
    assert "PRK" in shown
    assert found.to_arrow().num_rows == len(found) == 1
