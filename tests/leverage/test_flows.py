"""The worth of every coalition, worked out all at once, is what a linear programme says of each alone."""

import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.leverage_networks import case
from detente.leverage import Network, TooLarge, build_game, parse, plan, shares, solve
from detente.leverage import corridor as room

HEAD = """\
title: drawn
money: million USD
discount: 0.1
goods:
  gas: {quantity: bcm/a, price: USD/1000 m3}
"""


@st.composite
def networks(draw):
    """Small networks of every kind: several nodes an owner, third parties, curves, options, ways both ways."""
    players, nodes = draw(st.integers(2, 5)), draw(st.integers(2, 6))
    whole = st.integers(0, 40)
    text = HEAD + "owners:\n" + "".join(f"  p{i}: {{country: RUS}}\n" for i in range(players)) + "nodes:\n"
    ends = draw(st.permutations(range(nodes)))[:2]
    for i in range(nodes):
        role = (
            "supply" if i == ends[0] else "demand" if i == ends[1] else draw(st.sampled_from(["", "supply", "demand"]))
        )
        rest = ""
        if role == "supply":
            rest = f", supply: {{capacity: {draw(whole)}, cost: {draw(st.integers(0, 50))}}}"
        elif role == "demand" and draw(st.booleans()):
            rest = f", demand: {{max: {draw(whole)}, price: {draw(st.integers(0, 200))}}}"
        elif role == "demand":
            rest = f", demand: {{intercept: {draw(st.integers(1, 200))}, slope: {draw(st.integers(1, 9))}}}"
        text += f"  n{i}: {{country: RUS, owner: p{draw(st.integers(0, players - 1))}{rest}}}\n"
    text += "links:\n"
    # A ring both ways keeps all connected; the rest is as it comes.
    pairs = [(i, (i + step) % nodes) for i in range(nodes) for step in (1, nodes - 1) if (i + step) % nodes != i]
    pairs = list(dict.fromkeys(pairs))
    more = draw(st.lists(st.tuples(st.integers(0, nodes - 1), st.integers(0, nodes - 1)), max_size=4))
    for k, (i, j) in enumerate([*pairs, *((i, j) for i, j in more if i != j)]):
        control = sorted(draw(st.sets(st.integers(0, players - 1), min_size=1, max_size=2)))
        option = ", investment: 900, life: 20" if k >= len(pairs) else ""
        text += (
            f"  l{k}: {{from: n{i}, to: n{j}, control: [{', '.join(f'p{c}' for c in control)}], "
            f"capacity: {draw(whole)}, cost: {draw(st.integers(0, 30))}{option}}}\n"
        )
    return parse(text)


def by_programme(network: Network) -> np.ndarray:
    names = network.players
    return np.array(
        [plan(network, [p for i, p in enumerate(names) if m >> i & 1]).value for m in range(1 << len(names))]
    )


@given(networks())
@settings(max_examples=60, deadline=None)
def test_all_at_once_is_each_alone(network):
    alone = by_programme(network)
    scale = max(1.0, np.abs(alone).max())
    assert build_game(network).values == pytest.approx(alone, abs=1e-7 * scale)
    rows = np.array([[bool(m >> i & 1) for i in range(len(network.players))] for m in range(len(alone))])
    asked = build_game(network, exact=False)
    assert asked.value(rows) == pytest.approx(alone, abs=1e-7 * scale)


@pytest.mark.parametrize("name", ["grid", "two options"])
def test_twenty_players_side_by_side(name):
    """Of a million coalitions, two hundred by linear programme."""
    network = parse(case(name))
    game = build_game(network)
    names = network.players
    for mask in np.random.default_rng(0).integers(0, 1 << len(names), 200):
        worth = plan(network, [p for i, p in enumerate(names) if mask >> i & 1]).value
        assert game.values[mask] == pytest.approx(worth, abs=1e-7 * game.total)


def test_more_members_never_earn_less():
    game = build_game(parse(case("two options")))
    for i in range(len(game.players)):
        pairs = game.values.reshape(-1, 2, 1 << i)
        assert (pairs[:, 1] - pairs[:, 0]).min() >= -1e-9 * game.total


def test_what_would_take_too_long_is_refused_before_it_is_begun():
    """What ``benchmarks/leverage_networks.py`` measured at more than 10 s, and what it measured below."""
    for name, fits in (("market", False), ("half of a market", True), ("denser", True), ("two options", True)):
        (part,) = room._parts(parse(case(name)))
        assert (part.work <= room.MAX_WORK) is fits
    started = time.process_time()
    with pytest.raises(TooLarge, match="20 sellers and buyers"):
        build_game(parse(case("market")))
    assert time.process_time() - started < 2


def test_too_many_cases_are_refused_by_their_number(monkeypatch):
    monkeypatch.setattr(room, "MAX_WORK", 1_000)
    network = parse(case("two options"))
    with pytest.raises(TooLarge, match=r"20 players, \d+ ways, \d+ sellers and buyers and 2 options"):
        shares(network)
    found = solve(network, samples=20)
    assert found.method == "sampled"
    assert "too many" in found.notes[0]
    assert sum(s.shapley for s in found.shares) == pytest.approx(found.total)
