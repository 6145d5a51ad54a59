"""Dependence between states: shares, substitutes and asymmetry by hand; what is missing stays missing."""

import importlib.util
import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detente.errors import BadInput, DetenteError, NotFound, UnknownName
from detente.leverage import DependenceTable, Tie, amount_text, for_dyad, parse, read_dependence, write_dependence

from .test_files import GOOD

ROWS = """\
state,partner,kind,year,value
North Korea,China,trade,2012,6.0
North Korea,Russia,trade,2012,0.1
PRK,KOR,trade,2012,2.0
PRK,WORLD,trade,2012,9.0
PRK,China,trade,2011,5.6
PRK,Russia,trade,2011,0.1
PRK,KOR,trade,2011,1.7
China,PRK,trade,2012,6.0
CHN,USA,trade,2012,500
CHN,WORLD,trade,2012,4000
RUS,PRK,trade,2012,0.1
RUS,CHN,trade,2012,88
RUS,WORLD,trade,2012,850
PRK,China,arms,2012,0
PRK,Russia,arms,2012,
"""


@pytest.fixture
def table(tmp_path):
    path = tmp_path / "ties.csv"
    path.write_text(ROWS)
    return read_dependence(path)


def test_dependence_by_hand(table):
    found = table.dependence("PRK", "China", "trade", 2012)
    assert found.share == pytest.approx(6 / 9)
    assert found.total_from == "WORLD"
    assert (found.rank, found.next_partner) == (1, "KOR")
    assert found.gap == pytest.approx(4 / 9)
    assert found.concentration == pytest.approx((36 + 0.01 + 4) / 81)
    # Others grew by 0.3 in the only year known: 6.0 would take twenty such years.
    assert found.switch_years == pytest.approx(6.0 / 0.3)
    earlier = table.dependence("PRK", "China", "trade", 2011)
    assert earlier.total_from == "listed partners"
    assert earlier.share == pytest.approx(5.6 / 7.4)
    assert earlier.switch_years is None  # no earlier year to judge by


def test_missing_is_missing_and_zero_is_zero(table):
    assert table.dependence("PRK", "Russia", "arms", 2012).value is None
    assert table.dependence("PRK", "Russia", "arms", 2012).share is None
    zero = table.dependence("PRK", "China", "arms", 2012)
    assert zero.value == 0
    assert zero.share is None  # nothing in all: no share can be told
    absent = table.dependence("KOR", "JPN", "trade", 2012)
    assert absent.value is None
    assert absent.total is None
    pair = table.pair("PRK", "KOR", "trade", 2012)
    assert pair.b_on_a.share is None
    assert pair.asymmetry is None
    assert table.bandwidth("PRK", "RUS", 2012) == {"arms": None, "trade": 0.1}


def test_asymmetry_is_leverage(table):
    pair = table.pair("PRK", "CHN", "trade", 2012)
    assert pair.asymmetry == pytest.approx(6 / 9 - 6 / 4000)
    assert table.pair("CHN", "PRK", "trade", 2012).asymmetry == pytest.approx(-pair.asymmetry)
    assert [p.year for p in table.over_time("PRK", "CHN", "trade")] == [2011, 2012]


def test_who_holds_influence(table):
    holders = table.influence_over("North Korea", 2012)
    assert [h.partner for h in holders] == ["CHN", "KOR", "RUS"]
    assert holders[0].lever == "trade"
    assert holders[0].bandwidth == 1
    assert holders[1].unknown == ("arms",)
    assert table.influence_over("PRK", 2012, by="arms") == ()
    with pytest.raises(UnknownName, match="trade"):
        table.influence_over("PRK", 2012, by="trad")
    with pytest.raises(UnknownName):
        table.dependence("Atlantis", "PRK", "trade", 2012)


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("Atlantis,PRK,trade,2012,1", "Atlantis"),
        ("PRK,Korea,trade,2012,1", "ambiguous"),
        ("PRK,CHN,trade,2012,-1", "at least 0"),
        ("PRK,CHN,trade,2012,nan", "at least 0"),
        ("PRK,CHN,trade,2012,much", "at least 0"),
        ("PRK,CHN,trade,12,1", "four digits"),
        ("PRK,CHN,,2012,1", "no word"),
        ("PRK,DPRK,trade,2012,1", "its own partner"),
        ("PRK,CHN,trade", "too short"),
        ("PRK,KOR,trade,2012,1\nPRK,KOR,trade,2012,1", "second"),
        ("x" * 20_000, "longer"),
        ("PRK,CHN,trade,2012,1,\x07", "no unit"),
    ],
)
def test_bad_rows_name_file_and_line(tmp_path, row, message):
    path = tmp_path / "ties.csv"
    path.write_text("state,partner,kind,year,value,unit\n" + row + "\n")
    with pytest.raises(BadInput, match=message) as error:
        read_dependence(path)
    assert f"{path}:{3 if 'second' in message else 2}: " in str(error.value)


def test_bad_tables(tmp_path):
    path = tmp_path / "ties.csv"
    path.write_text("state,partner,year,value\n")
    with pytest.raises(BadInput, match=r":1: no column 'kind'"):
        read_dependence(path)
    with pytest.raises(NotFound):
        read_dependence(tmp_path / "none.csv")
    with pytest.raises(BadInput, match="two values"):
        DependenceTable([Tie("PRK", "CHN", "trade", 2012, 1), Tie("PRK", "CHN", "trade", 2012, 2)])


@given(st.binary(max_size=200))
@settings(max_examples=100, deadline=None)
def test_any_bytes_are_read_or_refused(tmp_path_factory, raw):
    path = tmp_path_factory.mktemp("t") / "ties.csv"
    path.write_bytes(raw)
    with pytest.raises(DetenteError):
        read_dependence(path)


def test_round_trip(tmp_path, table):
    path = tmp_path / "again.csv"
    ties = [Tie("PRK", "CHN", "trade", 2012, 6.25), Tie("PRK", "WORLD", "trade", 2012, 1e9)]
    assert write_dependence(ties, path) == 2
    assert read_dependence(path).dependence("PRK", "CHN", "trade", 2012).total == 1e9


@pytest.mark.parametrize(
    ("value", "unit", "told"), [(75.7, None, "75.7"), (1_136_000, "USD", "1,136,000 USD"), (0.04, "t", "0.04 t")]
)
def test_amounts_are_told_in_full(value, unit, told):
    assert amount_text(value, unit) == told


def test_a_kind_has_one_unit(tmp_path):
    path = tmp_path / "ties.csv"
    head = "state,partner,kind,year,value,unit\nPRK,CHN,trade,2012,6,million USD\n"
    path.write_text(head + "PRK,RUS,trade,2012,1,million USD\nPRK,RUS,arms,2012,1,\n")
    table = read_dependence(path)
    assert table.units == {"trade": "million USD"}
    channel = next(c for c in for_dyad("PRK", "RUS", dependence=table) if c.component == "bandwidth" and c.value)
    assert channel.unit == "value in the table"  # of arms, which come first
    assert "1 million USD" in for_dyad("PRK", "RUS", dependence=table)[-1].sentence
    path.write_text(head + "PRK,RUS,trade,2012,1,million EUR\n")
    with pytest.raises(BadInput, match=r":3: the unit of trade is 'million EUR', above 'million USD'"):
        read_dependence(path)
    with pytest.raises(BadInput, match="expected one unit"):
        DependenceTable([Tie("PRK", "CHN", "trade", 2012, 1, "t"), Tie("PRK", "RUS", "trade", 2012, 2)])


def test_shares_of_what_is_listed_say_so(tmp_path):
    """Without the state's total, a partner's share of the rows that are there is no share of all."""
    path = tmp_path / "ties.csv"
    path.write_text("state,partner,kind,year,value\nPRK,CHN,trade,2011,4\nPRK,RUS,trade,2011,1\n"
                    "PRK,CHN,trade,2012,6\nPRK,RUS,trade,2012,2\n")  # fmt: skip
    found = for_dyad("PRK", "CHN", dependence=read_dependence(path))
    sentence = next(c.sentence for c in found if c.actor == "CHN")
    assert sentence == (
        "China had 75.0% of North Korea's trade in 2012, of what the table lists; the largest other partner, Russia, "
        "25.0%. To replace it would take 6.0 years at the others' best pace so far."
    )


def test_a_network_that_is_too_large_gives_estimates_and_no_what_ifs(monkeypatch):
    from detente.leverage import corridor as room
    from detente.leverage import variants

    network = parse(GOOD)
    work = max(p.work for p in room._parts(network))
    monkeypatch.setattr(room, "MAX_WORK", work)  # the base case fits, the sea line as an option does not
    with pytest.raises(BadInput, match="variant 'bypass': 3 players"):
        variants(network)
    left_out: list[str] = []
    assert {o.variant for o in variants(network, left_out=left_out)} == {"dear", "cut", "apart", "numbers"}
    assert [told.split(" is left out")[0] for told in left_out] == ["variant 'bypass'", "variant 'laid'"]
    monkeypatch.setattr(room, "MAX_WORK", 1)
    found = for_dyad("RUS", "UKR", corridor=network)
    assert {c.component for c in found} == {"links", "corridor"}
    assert "(an estimate: " in found[1].sentence


def test_components_for_the_brief(table):
    network = parse(GOOD)
    found = for_dyad("Russia", "Ukraine", dependence=table, corridor=network)
    kinds = {c.component for c in found}
    assert kinds == {"dependence", "bandwidth", "links", "corridor", "need", "what-if"}
    links = next(c for c in found if c.component == "links")
    assert links.sentence == (
        "Links of Two sellers and a buyer in which Russia and Ukraine both have a hand: built: east."
    )
    assert for_dyad("RUS", "DEU", corridor=network)[0].details["words"] == "built: none; only in what-ifs: sea"
    bypass = next(c for c in found if c.subject == "bypass" and c.actor == "UKR")
    assert bypass.value < 0
    assert "bypass" in bypass.source
    unknown = next(c for c in found if c.component == "dependence" and c.subject == "trade" and c.actor == "RUS")
    assert unknown.value is None
    assert "no trade of Ukraine with Russia in 2012" in unknown.sentence
    korea = for_dyad("CHN", "PRK", dependence=table)
    trade = next(c for c in korea if c.subject == "trade" and c.actor == "CHN")
    assert trade.value == pytest.approx(6 / 9)
    assert trade.sentence == (
        "China had 66.7% of North Korea's trade in 2012; the largest other partner, South Korea, 22.2%. "
        "To replace it would take 20 years at the others' best pace so far."
    )
    assert for_dyad("JPN", "FRA", corridor=network) == ()


DATA = Path(os.environ.get("DETENTE_DATA", Path(__file__).parents[3] / "shared" / "data"))


@pytest.mark.slow
@pytest.mark.skipif(not (DATA / "leverage").is_dir(), reason="development data not at hand (DETENTE_DATA)")
def test_public_data_become_a_table(tmp_path):
    script = Path(__file__).parents[2] / "benchmarks" / "leverage_table.py"
    spec = importlib.util.spec_from_file_location("leverage_table", script)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    path = tmp_path / "ties.csv"
    counts = module.build(DATA, path, first=2006, last=2006)
    assert counts["exports"] > 20_000
    assert counts["alliances"] > 1000
    assert counts["organisations"] > 30_000
    table = read_dependence(path)
    assert table.kinds == ("alliances", "exports", "imports", "organisations")
    assert table.dependence("MEX", "USA", "exports", 2006).share > 0.7
    assert table.dependence("USA", "MEX", "imports", 2006).share < 0.2
    # The trade data have no North Korea: its trade is not known, and not nothing.
    assert table.dependence("PRK", "CHN", "imports", 2006).value is None
    assert table.dependence("PRK", "CHN", "alliances", 2006).value >= 1
    assert table.influence_over("MEX", 2006, by="exports")[0].partner == "USA"
