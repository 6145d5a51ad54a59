"""Textbook games with published answers, an independent library side by side, and laws that solutions obey."""

import itertools
import math

import coopgame
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detente.errors import BadInput
from detente.leverage import (
    EXACT_PLAYERS,
    BigGame,
    Game,
    airport_game,
    assignment_game,
    bankruptcy_game,
    banzhaf,
    core,
    glove_game,
    in_core,
    needs,
    nucleolus,
    shapley,
    shapley_sampled,
    table_game,
    voting_game,
)

EEC_1958 = {"DEU": 4, "FRA": 4, "ITA": 4, "BEL": 2, "NLD": 2, "LUX": 1}


CLAIMS = {"a": 100, "b": 200, "c": 300}


# Aumann and Maschler (1985), table I: the Talmud's three divisions among claims of 100, 200 and 300.
@pytest.mark.parametrize(
    ("estate", "expected"), [(100, (100 / 3, 100 / 3, 100 / 3)), (200, (50, 75, 75)), (300, (50, 100, 150))]
)
def test_talmud(estate, expected):
    assert nucleolus(bankruptcy_game(estate, CLAIMS)) == pytest.approx(expected)


@pytest.mark.parametrize("estate", [350, 400, 500, 600])
def test_talmud_treats_losses_as_awards(estate):
    """Above half the claims, each is short by what the rule would award of the shortfall."""
    short = nucleolus(bankruptcy_game(600 - estate, CLAIMS))
    assert nucleolus(bankruptcy_game(estate, CLAIMS)) == pytest.approx(np.array([100, 200, 300]) - short)


def test_contested_garment():
    # Mishnah Baba Metzia 2a: one claims all, one half; they get three quarters and one quarter.
    assert nucleolus(bankruptcy_game(1, {"all": 1, "half": 0.5})) == pytest.approx([0.75, 0.25])


def test_eec_1958():
    # Six states, 12 of 17 votes: Luxembourg never decides anything (Felsenthal and Machover 1997).
    game = voting_game(EEC_1958, 12)
    assert shapley(game) == pytest.approx([7 / 30, 7 / 30, 7 / 30, 3 / 20, 3 / 20, 0])
    index = banzhaf(game)
    assert index / index.sum() == pytest.approx([5 / 21, 5 / 21, 5 / 21, 1 / 7, 1 / 7, 0])


def test_security_council():
    # 15 members, 9 votes, 5 vetoes: 421/2145 for a permanent member, 4/2145 for another.
    weights = {f"P{i}": 7 for i in range(5)} | {f"E{i}": 1 for i in range(10)}
    game = voting_game(weights, 39)
    assert shapley(game) == pytest.approx([421 / 2145] * 5 + [4 / 2145] * 10)
    assert core(game).empty is False  # whoever can veto may keep everything
    assert core(game).high[0] == pytest.approx(1)
    assert core(game).high[5] == pytest.approx(0)


def test_double_majority():
    both = voting_game({"a": 3, "b": 2, "c": 1}, 4, [({"a": 1, "b": 1, "c": 4}, 5)])
    assert both.value(["a", "b"]) == 0
    assert both.value(["a", "c"]) == 1


def test_airport():
    # Littlechild and Owen (1973): each segment of runway is shared evenly by those who need it.
    game = airport_game({"a": 1, "b": 2, "c": 4})
    assert shapley(game) == pytest.approx([1 / 3, 1 / 3 + 1 / 2, 1 / 3 + 1 / 2 + 2])
    assert nucleolus(game) == pytest.approx([0.5, 0.75, 2.75])  # Littlechild (1974)
    assert in_core(game, nucleolus(game))


def test_airport_of_birmingham_kind():
    costs = dict(zip("abcdefgh", [4.0, 6.0, 6.0, 9.0, 13.0, 13.0, 20.0, 31.0], strict=True))
    steps = np.diff([0.0, *sorted(costs.values())])
    share, expected = 0.0, []
    for i, step in enumerate(steps):
        share += step / (len(costs) - i)
        expected.append(share)
    assert shapley(airport_game(costs)) == pytest.approx(expected)


def test_gloves():
    game = glove_game(["L"], ["R1", "R2"])
    assert shapley(game) == pytest.approx([2 / 3, 1 / 6, 1 / 6])
    assert nucleolus(game) == pytest.approx([1, 0, 0], abs=1e-9)
    found = core(game)
    assert not found.empty
    assert found.low == pytest.approx((1, 0, 0), abs=1e-9)
    assert found.high == pytest.approx((1, 0, 0), abs=1e-9)


def test_assignment():
    # Shapley and Shubik (1971): the house market; prices in the core lie between buyers' and sellers' optimum.
    houses = {
        ("s1", "b1"): 5, ("s1", "b2"): 8, ("s1", "b3"): 2,
        ("s2", "b1"): 7, ("s2", "b2"): 9, ("s2", "b3"): 6,
        ("s3", "b1"): 2, ("s3", "b2"): 3, ("s3", "b3"): 0,
    }  # fmt: skip
    game = assignment_game(["s1", "s2", "s3"], ["b1", "b2", "b3"], houses)
    assert game.total == 16
    brute = max(sum(houses[f"s{i + 1}", f"b{p[i] + 1}"] for i in range(3)) for p in itertools.permutations(range(3)))
    assert brute == 16
    found = core(game)
    assert not found.empty
    assert in_core(game, nucleolus(game))
    # Matched pairs split their surplus: what one side gets at most, the other gets at least.
    assert found.high[0] + found.low[4] == pytest.approx(8)
    assert found.high[1] + found.low[5] == pytest.approx(6)


def test_empty_core_says_what_leaving_must_cost():
    game = voting_game({"a": 1, "b": 1, "c": 1}, 2)
    found = core(game)
    assert found.empty
    assert found.least == pytest.approx(1 / 3)
    assert found.low is None


def test_cost_table():
    # Three towns share a water works; nucleolus and Shapley value of the cost game worked by hand.
    values = {frozenset("a"): 6, frozenset("b"): 6, frozenset("c"): 6, frozenset("ab"): 8, frozenset("ac"): 8,
              frozenset("bc"): 8, frozenset("abc"): 9}  # fmt: skip
    game = table_game("abc", values, cost=True)
    assert shapley(game) == pytest.approx([3, 3, 3])
    assert nucleolus(game) == pytest.approx([3, 3, 3])


def arrivals(values, n):
    """The Shapley value by its definition: the mean over all n! orders."""
    total = np.zeros(n)
    for order in itertools.permutations(range(n)):
        mask = 0
        for player in order:
            total[player] += values[mask | 1 << player] - values[mask]
            mask |= 1 << player
    return total / math.factorial(n)


@st.composite
def games(draw, least=2, most=5, reasonable=False):
    n = draw(st.integers(least, most))
    numbers = draw(st.lists(st.integers(-20, 60), min_size=(1 << n) - 1, max_size=(1 << n) - 1))
    values = np.array([0.0, *numbers])
    if reasonable:
        values[-1] = max(values[-1], sum(values[1 << i] for i in range(n)))
    return Game(tuple("abcdefgh"[:n]), values)


@given(games())
@settings(deadline=None)
def test_shapley_is_the_mean_over_orders(game):
    n = len(game.players)
    value = shapley(game)
    assert value == pytest.approx(arrivals(game.values, n))
    assert value == pytest.approx(coopgame.shapley(coopgame.Game(list(game.values[1:]))))
    assert value.sum() == pytest.approx(game.total)


@given(games())
@settings(deadline=None)
def test_banzhaf_side_by_side(game):
    assert banzhaf(game) == pytest.approx(coopgame.banzhaf(coopgame.Game(list(game.values[1:]))))


@given(games(reasonable=True))
@settings(deadline=None)
def test_nucleolus_side_by_side(game):
    expected = coopgame.nucleolus(coopgame.Game(list(game.values[1:])))["allocation"]
    found = nucleolus(game)
    assert found == pytest.approx(expected, abs=1e-6)
    assert found.sum() == pytest.approx(game.total)
    alone = [game.values[1 << i] for i in range(len(game.players))]
    assert (found >= np.array(alone) - 1e-6).all()


@given(games())
@settings(deadline=None)
def test_core_side_by_side(game):
    other = coopgame.Game(list(game.values[1:]))
    found = core(game)
    assert found.empty is not other.has_nonempty_core()
    if not found.empty:
        assert in_core(game, nucleolus(game))
        x = nucleolus(game)
        assert (np.array(found.low) - 1e-6 <= x).all()
        assert (x <= np.array(found.high) + 1e-6).all()


@given(st.integers(6, 9), st.integers(0, 10_000))
@settings(max_examples=25, deadline=None)
def test_nucleolus_of_larger_games_side_by_side(n, seed):
    values = np.random.default_rng(seed).integers(0, 40, 1 << n).astype(float)
    values[0], values[-1] = 0, 40 * n
    expected = coopgame.nucleolus(coopgame.Game(list(values[1:])))["allocation"]
    assert nucleolus(Game(tuple(map(str, range(n))), values)) == pytest.approx(expected, abs=1e-6)


@given(games(), games(), st.floats(-3, 3))
@settings(deadline=None)
def test_additivity(one, two, times):
    if len(one.players) != len(two.players):
        return
    both = Game(one.players, one.values + times * two.values)
    assert shapley(both) == pytest.approx(shapley(one) + times * shapley(two), abs=1e-6)


@given(games(most=4, reasonable=True), st.integers(-5, 9))
@settings(deadline=None)
def test_a_dummy_gets_what_it_brings(game, brings):
    n = len(game.players)
    wider = Game((*game.players, "dummy"), np.concatenate([game.values, game.values + brings]))
    assert shapley(wider) == pytest.approx([*shapley(game), brings])
    assert nucleolus(wider) == pytest.approx([*nucleolus(game), brings], abs=1e-6)
    assert needs(wider)[n, :n] == pytest.approx(np.zeros(n), abs=1e-9)


@given(games(least=3, reasonable=True), st.data())
@settings(deadline=None)
def test_symmetry(game, data):
    """Names do not matter: a game with its players renamed has the same solutions, renamed."""
    n = len(game.players)
    order = data.draw(st.permutations(range(n)))
    values = np.zeros(1 << n)
    for mask in range(1 << n):
        values[sum(1 << order[i] for i in range(n) if mask >> i & 1)] = game.values[mask]
    renamed = Game(game.players, values)
    assert shapley(renamed)[list(order)] == pytest.approx(shapley(game))
    assert nucleolus(renamed)[list(order)] == pytest.approx(nucleolus(game), abs=1e-6)


@given(games())
@settings(deadline=None)
def test_balanced_contributions(game):
    """Myerson (1980): what i loses without j is what j loses without i."""
    matrix = needs(game)
    assert matrix == pytest.approx(matrix.T)
    assert np.diag(matrix) == pytest.approx(shapley(game))


def test_sampling_states_an_error_that_holds():
    game = voting_game({f"p{i}": 1 + i % 5 for i in range(12)}, 20)
    exact, sampled = shapley(game), shapley_sampled(game, 4000, seed=1)
    assert sampled.value.sum() == pytest.approx(1)
    assert (np.abs(sampled.value - exact) <= 4 * sampled.error + 1e-12).all()
    assert sampled.error.max() < 0.01
    again = shapley_sampled(game, 4000, seed=1)
    assert (again.value == sampled.value).all()


def test_more_players_than_can_be_listed():
    n = EXACT_PLAYERS + 7
    game = voting_game({f"p{i}": 1 for i in range(n)}, 14)
    assert isinstance(game, BigGame)
    sampled = shapley_sampled(game, 2000)
    assert (np.abs(sampled.value - 1 / n) < 5 * sampled.error).all()
    big = airport_game({f"p{i}": float(i + 1) for i in range(n)})
    assert shapley_sampled(big, 200).value.sum() == pytest.approx(n)
    estate = bankruptcy_game(10, {f"p{i}": 1.0 for i in range(n)})
    assert shapley_sampled(estate, 200).value.sum() == pytest.approx(10)
    gloves = glove_game([f"l{i}" for i in range(13)], [f"r{i}" for i in range(14)])
    assert shapley_sampled(gloves, 200).value.sum() == pytest.approx(13)


@pytest.mark.slow
def test_twenty_players_take_seconds():
    import time

    weights = {f"p{i}": float(w) for i, w in enumerate(np.random.default_rng(0).integers(1, 30, 20))}
    claims = bankruptcy_game(0.4 * sum(weights.values()), weights)
    start = time.process_time()
    value, middle, found = shapley(claims), nucleolus(claims), core(claims)
    banzhaf(claims)
    assert time.process_time() - start < 10
    assert value.sum() == pytest.approx(claims.total)
    assert not found.empty
    # Aumann and Maschler (1985): below half the claims the rule gives equal awards of the half-claims.
    half = np.array(list(weights.values())) / 2
    level = np.interp(claims.total, *_awards(half))
    assert middle == pytest.approx(np.minimum(half, level), abs=1e-6)


def _awards(half):
    levels = np.linspace(0, half.max(), 200_001)
    return np.minimum(half[:, None], levels).sum(axis=0), levels


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: voting_game({"a": 1}, 3), "quota"),
        (lambda: voting_game({"a": math.nan}, 1), "finite"),
        (lambda: bankruptcy_game(10, {"a": 1}), "estate"),
        (lambda: airport_game({}), "one for each player"),
        (lambda: assignment_game(["s"], ["b"], {("s", "x"): 1}), "not a seller"),
        (lambda: table_game("ab", {frozenset("a"): 1}), "all players together"),
        (lambda: Game(("a", "a"), np.zeros(4)), "same name"),
        (lambda: Game(("a",), np.array([1.0, 2.0])), "empty coalition"),
        (lambda: Game(("a",), np.array([0.0, math.inf])), "finite"),
        (lambda: Game(("a", "b"), np.zeros(3)), "4 values"),
        (lambda: glove_game("ab", "cd").value(["x"]), "not a player"),
    ],
)
def test_bad_games_say_why(call, message):
    with pytest.raises(BadInput, match=message):
        call()
