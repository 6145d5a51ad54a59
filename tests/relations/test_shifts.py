"""Shifts: found where there is one, silent where there is none, blind to the future, loud or quiet."""

import datetime
import random
from dataclasses import replace

import ibis
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detente.errors import BadOption
from detente.records import Event
from detente.relations import shifts
from tests.relations.made import D, event, steady, table, turn

CHANGE = D(2012, 3, 1)


def test_a_turn_is_found_with_its_day_direction_and_evidence() -> None:
    made = turn("PRK", "RUS", change=CHANGE)
    (found,) = shifts(table(made))
    assert (found.a, found.b, found.date, found.direction) == ("PRK", "RUS", CHANGE, "cooling")
    assert found.before > 0.3 > -0.3 > found.after
    assert found.size == pytest.approx(found.before - found.after)
    assert found.probability > 0.9
    assert found.evidence == (12, 12)
    after = {e.event_id for e in made if e.date >= CHANGE}
    assert found.events
    assert set(found.events) <= after


def test_the_other_way_round_is_warming() -> None:
    (found,) = shifts(table(turn("USA", "CUB", change=CHANGE, before="THREATEN", after="AGREE")))
    assert found.direction == "warming"
    assert (found.a, found.b) == ("CUB", "USA")


def test_words_that_become_blows_are_a_shift_although_both_are_conflict() -> None:
    (found,) = shifts(table(turn("IRQ", "IRN", change=CHANGE, before="ACCUSE", after="ASSAULT", each=40)))
    assert found.direction == "cooling"


def test_a_sparse_dyad_that_cools_for_two_years_is_found() -> None:
    days = [D(2009, 1, 10), D(2009, 6, 2), D(2009, 11, 20), D(2010, 5, 1), D(2010, 10, 8), D(2011, 3, 3)]
    later = [D(2011, 8, 9), D(2012, 1, 5), D(2012, 5, 5), D(2012, 9, 1), D(2013, 2, 2), D(2013, 6, 20)]
    made = [event(d, "RUS", "PRK") for d in days] + [event(d, "RUS", "PRK", "ACCUSE") for d in later]
    (found,) = shifts(table(made), min_probability=0.5)
    assert abs((found.date - later[0]).days) < 180
    assert found.direction == "cooling"


def test_few_events_make_no_sure_shift() -> None:
    made = [event(D(2011, m, 5), "RUS", "PRK") for m in (1, 5)]
    made += [event(D(2012, m, 5), "RUS", "PRK", "ASSAULT") for m in (2, 6)]
    assert shifts(table(made), min_probability=0.5) == ()


def test_a_steady_mixture_is_no_shift() -> None:
    made = [e for i in range(20) for e in steady("AAA", f"B{i:02}", since=D(2008, 1, 1), n=150, seed=i)]
    assert len(shifts(table(made), min_probability=0.5)) <= 1


def test_one_report_of_a_blow_is_no_shift() -> None:
    made = [event(CHANGE + datetime.timedelta(days=20 * i), "FRA", "DEU") for i in range(30)]
    made.append(event(CHANGE + datetime.timedelta(days=900), "FRA", "DEU", "ASSAULT"))
    assert shifts(table(made), min_probability=0.5) == ()


def doubled(made: list[Event]) -> list[Event]:
    """Every event the other way round as well, from the same sentence."""
    back = [replace(e, event_id=e.event_id + "-r", actor=e.recipient, recipient=e.actor) for e in made]
    return made + back


def told_three_times(made: list[Event]) -> list[Event]:
    """Every event in three sentences of its document."""
    return [replace(e, event_id=f"{e.event_id}-{i}", sentence_no=i) for e in made for i in range(3)]


@pytest.mark.parametrize("more", [doubled, told_three_times])
def test_saying_it_again_is_no_further_evidence(more) -> None:
    made = turn("PRK", "RUS", change=CHANGE, each=9)
    (once,) = shifts(table(made))
    (again,) = shifts(table(more(made)))
    assert again.probability == pytest.approx(once.probability)
    assert again.evidence == once.evidence


def test_rows_marked_as_repeats_are_attention_and_no_evidence() -> None:
    made = turn("PRK", "RUS", change=CHANGE, each=9)
    other = steady("USA", "KOR", since=D(2011, 1, 1), n=80)
    copies = [replace(e, event_id=e.event_id + "-c", document_id=e.document_id + "-c") for e in made] * 1
    rows = made + other
    (plain,) = shifts(table(rows, repeat_of=[None] * len(rows)))
    (repeated,) = shifts(table(rows + copies, repeat_of=[None] * len(rows) + [e.event_id for e in made]))
    assert repeated.probability == pytest.approx(plain.probability)
    assert repeated.attention > plain.attention


def test_what_is_denied_or_did_not_happen_is_no_evidence() -> None:
    made = [
        replace(e, status="denied" if i % 2 else "absent") if e.date >= CHANGE else e
        for i, e in enumerate(turn("PRK", "RUS", change=CHANGE))
    ]
    assert shifts(table(made)) == ()


def test_cooperation_that_fails_to_come_is_cooling_from_the_day_it_is_reported() -> None:
    made = [replace(e, status="absent", date=D(2011, 8, 24)) if e.date >= CHANGE else e for e in TALKS]
    (found,) = shifts(table(made))
    assert (found.date, found.direction) == (CHANGE, "cooling")
    assert found.after == pytest.approx(0, abs=0.05)


TALKS = turn("PRK", "RUS", change=CHANGE, after="CONSULT")


def test_a_promised_deed_counts_as_words() -> None:
    deeds = turn("PRK", "RUS", change=CHANGE, before="COOPERATE", after="SANCTION")
    promised = [replace(e, status="announced") for e in deeds]
    (done,), (said,) = shifts(table(deeds)), shifts(table(promised))
    assert said.size < done.size


def test_doubtful_events_weigh_less() -> None:
    made = turn("PRK", "RUS", change=CHANGE, each=9)
    (sure,) = shifts(table(made))
    (doubtful,) = shifts(table([replace(e, reliability=0.7) for e in made]))
    assert doubtful.probability < sure.probability


def loud_and_quiet() -> list[Event]:
    """The same turn twice: of a dyad that few write about, and of one in the news every few days."""
    quiet = turn("PRK", "RUS", change=CHANGE)
    loud = turn("CHN", "PRK", change=CHANGE)
    retold = [
        replace(e, event_id=f"{e.event_id}-{i}", document_id=f"{e.document_id}-{i}") for e in loud for i in range(6)
    ]
    return quiet + loud + retold


def test_of_two_like_shifts_the_one_that_few_wrote_about_comes_first() -> None:
    first, second = shifts(table(loud_and_quiet()))
    assert (first.a, first.b) == ("PRK", "RUS")
    assert (second.a, second.b) == ("CHN", "PRK")
    assert first.attention < second.attention
    assert second.probability >= first.probability
    for found in (first, second):
        assert found.unnoticed == pytest.approx(found.size * found.probability * (1 - found.attention))


def test_articles_that_a_data_set_counts_are_attention() -> None:
    made = turn("PRK", "RUS", change=CHANGE) + turn("CHN", "JPN", change=CHANGE)
    first, second = shifts(table(made, num_articles=[1] * 24 + [50] * 24))
    assert (first.b, second.b) == ("RUS", "JPN")
    assert first.probability == pytest.approx(second.probability)


def test_copies_of_a_document_are_attention() -> None:
    made = turn("PRK", "RUS", change=CHANGE) + turn("CHN", "JPN", change=CHANGE)
    originals = [e.document_id for e in made]
    copies = [e.document_id for e in made if e.actor and e.actor.country in ("CHN", "JPN") for _ in range(4)]
    documents = ibis.memtable(
        pa.table(
            {
                "document_id": originals + [f"copy-{i}" for i in range(len(copies))],
                "copy_of": pa.array([None] * len(originals) + copies, pa.string()),
            }
        )
    )
    first, second = shifts(table(made), documents=documents)
    assert (first.b, second.b) == ("RUS", "JPN")


def test_sort_by_size_since_and_limit() -> None:
    made = loud_and_quiet() + turn("IRQ", "IRN", change=D(2010, 5, 1), before="AID", after="ASSAULT")
    sizes = [x.size for x in shifts(table(made), sort="size")]
    assert sizes == sorted(sizes, reverse=True)
    assert len(sizes) == 3
    assert {x.date for x in shifts(table(made), since=CHANGE)} == {CHANGE}
    assert len(shifts(table(made), limit=1)) == 1
    with pytest.raises(BadOption, match="unnoticed, size"):
        shifts(table(made), sort="loudness")


def test_no_events_no_shifts() -> None:
    assert shifts(table([])) == ()
    assert shifts(table([event(CHANGE, "RUS", None), event(CHANGE, "RUS", "RUS")])) == ()


def test_the_order_of_rows_does_not_matter() -> None:
    made = loud_and_quiet() + steady("USA", "KOR", since=D(2010, 1, 1), n=200)
    shuffled = made.copy()
    random.Random(5).shuffle(shuffled)
    assert shifts(table(shuffled)) == shifts(table(made))


def test_json_has_the_keys_of_the_contract() -> None:
    (found,) = shifts(table(turn("PRK", "RUS", change=CHANGE)))
    data = found.to_json()
    wanted = ["a", "b", "date", "from", "to", "direction", "size", "probability", "attention", "unnoticed", "events"]
    assert set(wanted) <= set(data)
    assert data["date"] == "2012-03-01"


REPORTED = [
    replace(e, date=e.published - datetime.timedelta(days=lag))
    for lag, e in zip(
        (0, 3, 40, 0, 400, 1) * 9, turn("PRK", "RUS", change=CHANGE) + loud_and_quiet()[24:54], strict=True
    )
]


@settings(max_examples=12, deadline=None)
@given(st.dates(D(2011, 9, 1), D(2012, 12, 1)))
def test_until_uses_nothing_published_later(until: datetime.date) -> None:
    cut = [e for e in REPORTED if e.published <= until]
    assert shifts(table(REPORTED), until=until, min_probability=0) == shifts(table(cut), until=until, min_probability=0)
