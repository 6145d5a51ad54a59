"""The worked files say what their sources and the literature say, in kind."""

from importlib.resources import files
from pathlib import Path

import pytest

from detente.leverage import apply, monte_carlo, read, shares, solve, tornado, variants

EXAMPLES = files("detente.leverage") / "examples"


@pytest.fixture(scope="module")
def korea():
    return read(str(EXAMPLES / "korea.yaml"))


@pytest.fixture(scope="module")
def eurasia():
    return read(str(EXAMPLES / "eurasia.yaml"))


def test_every_ranged_number_has_a_source(korea, eurasia):
    for network in (korea, eurasia):
        ranged = {place: n for place, n in network.numbers().items() if n.range}
        assert len(ranged) >= 10
        assert not [place for place, n in ranged.items() if not n.source]


def test_korea_by_hand(korea):
    """The gas game has three players and one way round; its values can be written down."""
    rate = 0.1 / (1 - 1.1**-30)
    land = 10 * (560 - 250 - 15) - 3500 * rate
    plant = 10 * (560 - 250 - 65) - 10000 * 0.1 / (1 - 1.1**-25)
    fees = {f.good: f for f in solve(korea).fees}
    assert fees["gas"].share == pytest.approx((land - plant) / 3)
    assert fees["gas"].rent == pytest.approx((land - plant) / 3 / 10)
    # 100,000 containers save 50 USD each at Rajin: 5 million among three.
    assert fees["rail"].share == pytest.approx(5 / 3)


def test_the_sea_line_takes_most_of_the_norths_share(korea):
    after = {o.variant: o.after for o in variants(korea) if o.player == "PRK"}
    base = shares(korea)["PRK"]
    assert after["no way round"] > base > after["bypass"] > after["sea line laid"] >= 0
    assert after["bypass"] < 0.25 * base
    assert after["cutoff"] == after["sanction"] == 0
    assert after["dear land line"] < base


def test_nobody_builds_what_only_threatens(korea):
    built = {o.variant: o.built for o in variants(korea)}
    assert built["bypass"] == ("land line",)
    assert built["sanction"] == ("LNG plant",)
    assert built["sea line laid"] == ()


def test_a_new_buyer_helps_the_seller_and_hurts_the_old_buyer(korea):
    change = {o.player: o.change for o in variants(korea, ("new buyer",))}
    assert change["RUS"] > 0 > change["KOR"]
    assert change["CHN"] > 0


def test_hubert_and_ikonnikova_orderings(eurasia):
    """The results that Hubert and Ikonnikova (2011) report, as orderings of our own figures."""
    base = shares(eurasia)
    second, direct, both = (shares(apply(eurasia, v)) for v in ("second transit route", "direct sea route", "both"))
    # A direct sea route is worth far more to the producer than a second transit route.
    assert direct["RUS"] - base["RUS"] > 3 * (second["RUS"] - base["RUS"]) > 0
    # Transit states look strong if only existing lines count, and lose when options do.
    transit = ("UKR", "SVK", "BLR", "POL")

    def part(found):
        return sum(found[p] for p in transit) / sum(found.values())

    assert part(base) > 0.45
    assert part(direct) < 0.75 * part(base)
    assert part(base) - part(direct) > 3 * (part(base) - part(second))
    # Competition between transit routes helps the producer less than direct access does, even after it.
    assert both["RUS"] - direct["RUS"] < (direct["RUS"] - base["RUS"]) / 3
    # The producer's share of the whole rises most with direct access.
    assert direct["RUS"] / sum(direct.values()) > second["RUS"] / sum(second.values())


def test_transit_states_are_rivals_and_their_chain_is_not(eurasia):
    needs = {(n.player, n.without): n.loses for n in solve(eurasia).needs}
    assert needs["UKR", "BLR"] < 0
    assert needs["UKR", "SVK"] > 0
    assert needs["RUS", "UKR"] == pytest.approx(needs["UKR", "RUS"])


def test_tornado_and_ranges(eurasia):
    swings = [s for s in tornado(eurasia) if s.player == "RUS"]
    assert [s.size for s in swings] == sorted((s.size for s in swings), reverse=True)
    assert swings[0].number == "Western Europe.demand.intercept"
    ranges = {r.player: r for r in monte_carlo(eurasia, draws=40, seed=3)}
    base = shares(eurasia)
    assert all(r.p5 <= r.p50 <= r.p95 for r in ranges.values())
    assert ranges["RUS"].p5 < base["RUS"] < ranges["RUS"].p95
    assert monte_carlo(eurasia, draws=40, seed=3) == tuple(ranges.values())


TYPED = Path(__file__).parents[2] / "examples" / "leverage"


def test_typed_games():
    eec = solve(read(TYPED / "eec-1958.yaml"))
    assert [round(s.shapley, 4) for s in eec.shares] == [0.2333, 0.2333, 0.2333, 0.15, 0.15, 0]
    talmud = solve(read(TYPED / "talmud.yaml"))
    assert [s.nucleolus for s in talmud.shares] == pytest.approx([50, 75, 75])
    runway = solve(read(TYPED / "runway.yaml"))
    assert [s.shapley for s in runway.shares] == pytest.approx([1, 2.5, 8.5])
    assert runway.core_empty is False
