"""A relation in its context, groups, stance and attention, each on events made for the question."""

import datetime
from dataclasses import replace
from pathlib import Path

import ibis
import pyarrow.parquet as pq
import pytest

from detente.errors import BadInput, BadOption, NotFound
from detente.records import Party, Statement, statements_to_table
from detente.relations import (
    attention,
    dyad_series,
    group_view,
    open_tables,
    relation,
    shifts,
    stance,
    with_context,
)
from tests.relations.made import D, event, steady, table, turn

CHANGE = D(2012, 3, 1)


def test_the_series_is_zero_filled_and_both_is_the_sum() -> None:
    made = [event(D(2012, 1, 5), "RUS", "PRK"), event(D(2012, 4, 5), "PRK", "RUS", "ACCUSE")]
    points = dyad_series(table(made), "RUS", "PRK")
    both = [p for p in points if p.direction == "both"]
    assert [(p.start.month, p.events, p.cooperation, p.conflict) for p in both] == [
        (1, 1, 1, 0), (2, 0, 0, 0), (3, 0, 0, 0), (4, 1, 0, 1),
    ]  # fmt: skip
    assert both[1].balance is None


def test_a_month_with_two_hostile_events_does_not_look_like_a_war() -> None:
    made = steady("RUS", "PRK", since=D(2010, 1, 1), n=100)
    made += [event(D(2013, 5, d), "RUS", "PRK", "ACCUSE") for d in (3, 9)]
    made += [event(D(2013, 6, d), "RUS", "PRK", "ACCUSE") for d in range(1, 29, 2)]
    two, many = [p for p in dyad_series(table(made), "RUS", "PRK") if p.direction == "both"][-2:]
    assert two.balance == many.balance == -1
    assert two.high > 0 > many.high


def test_a_relation_in_context() -> None:
    world = steady("USA", "CUB", since=D(2011, 8, 1), n=40)
    made = turn("PRK", "RUS", change=CHANGE, each=30) + world
    found = with_context(relation(table(made), "RUS", "PRK"), table(made))
    assert found.baseline is not None
    assert found.baseline.before is not None
    assert found.baseline.now.tone < 0 < found.baseline.before.tone
    assert [(x.date, x.direction) for x in found.shifts] == [(CHANGE, "cooling")]
    data = found.to_json()
    assert data["shifts"][0]["from"] > 0
    assert data["baseline"]["now"]["evidence"] == found.baseline.now.evidence


def test_attention_is_the_share_of_each_sides_documents() -> None:
    made = [event(D(2012, 1, d), "RUS", "PRK") for d in (1, 2)]
    made += [event(D(2012, 1, d), "RUS", "USA") for d in range(3, 9)]
    (point,) = with_context(relation(table(made), "RUS", "PRK"), table(made)).attention
    assert (point.documents, point.of_a, point.of_b) == (2, 8, 2)
    assert point.share_of_a == 0.25
    assert point.share_of_b == 1.0


def test_attention_ranks_dyads_and_holds_them_against_their_size() -> None:
    made = [event(D(2012, 1, 1), "CHN", "PRK", event_id=f"c{i}") for i in range(9)]
    made += [event(D(2012, 1, 1), "RUS", "PRK", event_id="r"), event(D(2012, 1, 1), "FJI", "VUT", event_id="f")]
    first, *rest = attention(table(made))
    assert (first.a, first.b, first.volume, first.rank, first.attention) == ("CHN", "PRK", 9, 1, 1.0)
    by_pair = {(x.a, x.b): x for x in rest}
    small, lopsided = by_pair["FJI", "VUT"], by_pair["PRK", "RUS"]
    assert small.share == lopsided.share
    assert small.ratio is not None
    assert lopsided.ratio is not None
    assert small.ratio > 5 * lopsided.ratio


def test_a_text_about_two_states_is_attention_although_they_do_nothing_to_each_other() -> None:
    made = [event(D(2012, 1, 1), "RUS", "KOR", document_id="d"), event(D(2012, 1, 1), "PRK", "USA", document_id="d")]
    assert ("PRK", "RUS") in {(x.a, x.b) for x in attention(table(made))}
    imported = [replace(e, dataset="icews") for e in made]
    assert ("PRK", "RUS") not in {(x.a, x.b) for x in attention(table(imported))}


def test_a_group_shows_every_pair_and_who_is_out_of_balance() -> None:
    days = [D(2013, m, d) for m in range(1, 13) for d in (3, 17)]
    made = [event(day, a, b, kind) for day in days for a, b, kind in (
        ("USA", "KOR", "COOPERATE"), ("PRK", "KOR", "ACCUSE"), ("PRK", "USA", "COOPERATE"), ("CHN", "PRK", "COOPERATE"),
    )]  # fmt: skip
    view = group_view(table(made), ["KOR", "PRK", "USA", "CHN"])
    assert len(view.pairs) == 6
    triad = next(t for t in view.triads if (t.a, t.b, t.c) == ("KOR", "PRK", "USA"))
    assert triad.signs == (-1, 1, 1)
    assert triad.balanced < 0.05
    open_triad = next(t for t in view.triads if (t.a, t.b, t.c) == ("CHN", "KOR", "USA"))
    assert open_triad.balanced == pytest.approx(0.5)
    assert [p.change for p in view.pairs] == [None] * 6
    with pytest.raises(BadInput, match="at least two"):
        group_view(table(made), ["KOR"])


def test_who_moves_first_is_seen_where_it_is_so_and_only_there() -> None:
    pattern = [0, 1, 1, 0, 1, 0, 0, 1, 0, 1, 1, 1, 0, 0, 1, 0, 1, 1, 0, 0, 0, 1, 0, 1, 1, 0, 1, 0, 0, 1, 1, 0, 1, 0, 1]
    kinds = ("AGREE", "ACCUSE")
    made = []
    for i, x in enumerate(pattern):
        day = D(2010 + i // 12, i % 12 + 1, 10)
        made.append(event(day, "USA", "IRN", kinds[x]))
        made.append(event(day, "IRN", "USA", kinds[pattern[i - 1]]))
        made.append(event(day, "CHN", "IND", kinds[x]))
        made.append(event(day, "IND", "CHN", kinds[x]))
    leads = {(x.a, x.b): x for x in group_view(table(made), ["USA", "IRN", "CHN", "IND"]).leads}
    assert leads["IRN", "USA"].first == "USA"
    assert leads["CHN", "IND"].first is None
    assert leads["CHN", "USA"].ahead is None


def statement(day: datetime.date, value: float, *, recipient: str = "PRK", hedge: str | None = None) -> Statement:
    return Statement(
        statement_id=f"s-{day}-{recipient}", document_id=f"sd-{day}", sentence_no=0, sentence="He said so.", start=0,
        end=5, speaker=Party(text="Lavrov", name="Sergei Lavrov", country="RUS"),
        recipients=(Party(text=recipient, name=recipient, country=recipient),), words="so", stance=value, hedge=hedge,
        published=day, coder="made 1",
    )  # fmt: skip


def test_words_and_deeds_are_told_apart_and_where_they_part() -> None:
    made = [event(D(2013, 1, d), "RUS", "PRK", "SANCTION") for d in range(1, 20)]
    made += [event(D(2013, 1, d), "RUS", "PRK", "SUPPORT") for d in range(1, 20)]
    made += [event(D(2013, 1, 5), "PRK", "RUS", "ASSAULT")]
    said = ibis.memtable(
        statements_to_table([statement(D(2013, 1, 20), 0.8), statement(D(2013, 1, 21), -0.9, recipient="KOR")])
    )
    found = stance(table(made), "RUS", "PRK", statements=said)
    (point,) = found.series
    assert point.words is not None
    assert point.deeds is not None
    assert point.words.level > 0 > point.deeds.level
    assert point.part == "kinder words"
    assert (point.words.n, point.deeds.n) == (20, 19)
    assert [x.value for x in found.evidence if x.kind == "statement"] == [pytest.approx(0.8)]
    assert all(x.sentence for x in found.evidence)


def test_a_promised_deed_is_a_word_and_a_hedge_counts_half() -> None:
    made = [event(D(2013, 1, 5), "RUS", "PRK", "AID", status="announced")]
    said = ibis.memtable(statements_to_table([statement(D(2013, 1, 9), 0.5, hedge="may")]))
    found = stance(table(made), "RUS", "PRK", statements=said)
    assert found.deeds is None
    assert [(x.kind, x.weight) for x in found.evidence] == [("statement", 0.5), ("word", 1.0)]


def test_stance_before_a_day_uses_nothing_later() -> None:
    made = turn("RUS", "PRK", change=CHANGE)
    cut = [e for e in made if e.published < CHANGE]
    day = CHANGE - datetime.timedelta(days=1)
    assert stance(table(made), "RUS", "PRK", until=day).evidence == stance(table(cut), "RUS", "PRK").evidence


def test_tables_out_of_parquet(tmp_path: Path) -> None:
    made = table(turn("PRK", "RUS", change=CHANGE))
    (tmp_path / "month=2012-01").mkdir()
    pq.write_table(made.to_pyarrow(), tmp_path / "events.parquet")
    pq.write_table(made.to_pyarrow(), tmp_path / "month=2012-01" / "part.parquet")
    with open_tables(tmp_path / "events.parquet") as tables:
        assert shifts(tables.events) == shifts(made)
        assert shifts(tables.reliable(0.9).events) == shifts(made)
    with open_tables(tmp_path / "month=2012-01") as tables:
        assert tables.events.count().to_pyarrow().as_py() == 24
    with pytest.raises(NotFound), open_tables(tmp_path / "none.parquet"):
        pass
    with pytest.raises(BadOption, match="duckdb, spark"), open_tables(tmp_path / "events.parquet", "polars"):
        pass
