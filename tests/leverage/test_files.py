"""Corridor and game files: what is wrong is told with file, line and what was expected; the schema agrees."""

import copy
import json
from importlib.resources import files

import jsonschema
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from detente.cli.main import run
from detente.errors import BadInput, DetenteError, NotFound
from detente.leverage import GivenGame, Network, apply, build_game, parse, plan, read, schema, shapley, shares, solve
from detente.leverage.units import UnitError, money, per_year, price

GOOD = """\
title: Two sellers and a buyer
money: million USD
discount: 0.1
goods:
  gas: {quantity: bcm/a, price: USD/1000 m3}
owners:
  RUS: {country: Russia}
  UKR: {country: Ukraine}
  DEU: {country: DEU, name: Germany}
  Gazprom: {country: RUS, owner: RUS}
nodes:
  fields: {country: RUS, owner: Gazprom, supply: {capacity: 100, cost: 50}}
  Kyiv: {country: UKR, owner: UKR}
  Berlin: {country: DEU, owner: DEU, demand: {max: 80, price: 250}}
links:
  east: {from: fields, to: Kyiv, control: [Gazprom, UKR], capacity: 90, cost: 5}
  west: {from: Kyiv, to: Berlin, control: UKR, capacity: 90, cost: 5}
  sea: {from: fields, to: Berlin, control: [RUS, DEU], capacity: 55, cost: 8, investment: 9000, life: 25,
    status: absent}
variants:
  bypass: {offer: sea}
  laid: {build: sea}
  dear: {price: +20 %}
  cut: {cutoff: UKR}
  apart: {sanction: [RUS, UKR]}
  numbers: {set: {Berlin.demand.max: 40, west.cost: -50 %}}
"""


def changed(old, new):
    assert old in GOOD
    return GOOD.replace(old, new)


BAD = [
    ("country: Ukraine", "country: Ukrane", 8, "Ukrane"),
    ("country: Ukraine", "country: Korea", 8, "ambiguous"),
    ("capacity: 90, cost: 5}\n  west", "capacity: -90, cost: 5}\n  west", 16, "at least 0"),
    ("max: 80", "max: .nan", 14, "expected a number"),
    ("max: 80", "max: .inf", 14, "expected a number"),
    ("max: 80", "max: many", 14, "'many' is not usable"),
    ("max: 80", "max: '80'", 14, "expected a number"),
    ("money: million USD\n", "", 1, "'money' is missing"),
    ("quantity: bcm/a, ", "", 5, "'quantity' is missing"),
    ("bcm/a", "bcm", 5, "quantity over time"),
    ("USD/1000 m3", "EUR/1000 m3", 5, "expected USD"),
    ("USD/1000 m3", "USD/MWh", 5, "price is for energy"),
    ("million USD", "million UXD", 2, "not an amount of a currency"),
    ("owner: RUS}\nnodes", "owner: Gazprom}\nnodes", 10, "circle"),
    ("{country: Russia}", "{country: Russia, owner: Gazprom}", 7, "circle"),
    (GOOD[GOOD.index("  west:") : GOOD.index("variants")], "", 12, "not connected"),
    ("owner: UKR}\n  Berlin", "owner: Kiev}\n  Berlin", 13, "owner 'Kiev'"),
    ("to: Kyiv", "to: Kiev", 16, "node 'Kiev'"),
    ("  west:", "  east:", 17, "given twice"),
    ("  sea:", "  Kyiv:", 18, "already the name"),
    ("discount: 0.1\n", "", 17, "'discount'"),
    (", life: 25", "", 18, "needs 'life'"),
    ("cost: 8", "costs: 8", 18, "unknown key 'costs'"),
    ("offer: sea", "offer: see", 21, "link 'see'"),
    ("+20 %", "20 %", 23, "sign"),
    ("+20 %", "-120 %", 23, "-100 %"),
    ("cutoff: UKR", "cutoff: POL", 24, "owner 'POL'"),
    ("sanction: [RUS, UKR]", "sanction: [RUS]", 25, "two owners"),
    ("west.cost", "west.price", 26, "number 'west.price'"),
    ("Berlin.demand.max: 40", "Berlin.demand.max: -1", 26, "at least 0"),
    ("Berlin.demand.max: 40", "sea.life: 0", 26, "at least 1 and of at most 200"),
    ("Berlin.demand.max: 40", "discount: +2000 %", 26, "2.1 is not usable; expected a number of at least 0 and of at"),
    ("+20 %", "-5", 23, "at least 0"),
    ("+20 %", "+99999999 %", 23, "is too much"),
    ("max: 80", "max: 1e300", 14, "no larger than 1e+18"),
    ("discount: 0.1", "discount: 7", 3, "expected a number from 0 to 1"),
    ("price: 250", "price: {value: 250, low: 260, high: 300}", 14, "outside its range"),
    ("price: 250", "price: {value: 250, low: 200}", 14, "both"),
    ("from: fields, to: Kyiv", "from: fields, to: fields", 16, "two nodes"),
    ("title: Two", "title: &a Two", 1, "anchors"),
    ("title: Two", "title: !!python/object:os.system Two", 1, "tag"),
    ("goods:", "goods: [", 6, "not YAML"),
    ("status: absent", "status: off", 19, "yes or no"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "line", "message"), BAD, ids=[f"{b[3][:20]}-{i}" for i, b in enumerate(BAD)])
def test_what_is_wrong_is_told_with_its_line(old, new, line, message):
    with pytest.raises(BadInput) as error:
        parse(changed(old, new), "file.yaml")
    assert message in str(error.value)
    assert str(error.value).startswith(f"file.yaml:{line}: ")


def test_the_good_file_by_hand():
    network = parse(GOOD)
    assert isinstance(network, Network)
    assert network.players == ("RUS", "UKR", "DEU")
    value = shares(network)
    assert value == pytest.approx(dict.fromkeys(("RUS", "UKR", "DEU"), 80 * (250 - 60) / 3))
    yearly = 9000 * 0.1 / (1 - 1.1**-25)
    sea = 55 * (250 - 58) - yearly
    bypass = shares(apply(network, "bypass"))
    assert bypass["UKR"] == pytest.approx((80 * 190 - sea) / 3)
    laid = shares(apply(network, "laid"))
    # With the sea line laid, 55 go by sea and 25 by land.
    assert laid["UKR"] == pytest.approx((55 * 192 + 25 * 190 - 55 * 192) / 3)
    assert shares(apply(network, "dear"))["UKR"] == pytest.approx(80 * (300 - 60) / 3)
    assert set(shares(apply(network, "cut")).values()) == {0}
    assert set(shares(apply(network, "apart")).values()) == {0}
    assert shares(apply(network, "numbers"))["UKR"] == pytest.approx(40 * (250 - 57.5) / 3)


def test_units_multiply_to_money():
    half = parse(changed("{quantity: bcm/a, price: USD/1000 m3}", "{quantity: mcm/day, price: USD/m3}"))
    # 80 mcm a day at 190 USD a cubic metre are 80 * 365 * 190 million USD a year.
    assert sum(shares(half).values()) == pytest.approx(80 * 365 * 190)
    assert per_year("thousand TEU/a").scale == 1000
    assert price("USD/MMBtu").kind == "energy"
    assert money("billion KRW").scale == 1e9
    for wrong in ("bcm / fortnight", "furlongs/a", "", "bcm/a/a"):
        with pytest.raises(UnitError):
            per_year(wrong)


def test_a_curve_earns_its_area():
    text = changed("demand: {max: 80, price: 250}", "demand: {intercept: 260, slope: 2}")
    network = parse(text[: text.index("variants:")])
    # 200 above cost at the start, falling by 2 a unit: 90 units fit, worth 200*90 - 90**2 less the last step's rest.
    game = build_game(network)
    assert game.total == pytest.approx(200 * 90 - 90**2, rel=0.002)
    assert plan(network).taken["Berlin"] == pytest.approx(90)


def test_what_ifs_on_a_curve():
    """A curve moves as a whole, by percent; it has no one price to set, and all of it gone is worth nothing."""
    text = changed("demand: {max: 80, price: 250}", "demand: {intercept: 260, slope: 2}")
    text = text.replace("numbers: {set: {Berlin.demand.max: 40, west.cost: -50 %}}", "free: {price: -100 %}")
    network = parse(text)
    assert sum(shares(apply(network, "dear")).values()) > sum(shares(network).values())
    assert set(shares(apply(network, "free")).values()) == {0}
    for wrong, message in (
        ("price: 100", r"text:26: variants.free.price: 'Berlin' has a demand curve; expected a change in percent"),
        ("set: {Berlin.demand.slope: 0}", r"text:26: .*0 is not usable; expected a number above 0"),
        ("set: {Berlin.demand.slope: -100 %}", "expected a number above 0"),
    ):
        with pytest.raises(BadInput, match=message):
            parse(text.replace("price: -100 %", wrong))


def test_nothing_earned_is_said():
    found = solve(parse(changed("price: 250", "price: 10")))
    assert found.total == 0
    assert "no way is open from a supply to a buyer, or none pays" in found.notes[0]


def test_more_players_than_can_be_listed_are_sampled_with_an_error():
    names = [f"p{i}" for i in range(24)]
    owners = "\n".join(f"  {n}: {{country: RUS}}" for n in names)
    nodes = "\n".join(
        f"  n{i}: {{country: RUS, owner: p{i}, " + ("supply: {capacity: 2, cost: 1}}" if i < 12 else
        "demand: {max: 2, price: 5}}") for i in range(24))  # fmt: skip
    links = "\n".join(
        f"  l{i}: {{from: n{i}, to: n{i + 12}, control: [p{i}, p{i + 12}], capacity: 2}}" for i in range(12)
    )
    text = GOOD[: GOOD.index("owners:")] + f"owners:\n{owners}\nnodes:\n{nodes}\nlinks:\n{links}\n"
    found = solve(parse(text), samples=200)
    assert found.method == "sampled"
    assert found.shares[0].nucleolus is None
    assert found.total == pytest.approx(12 * 8)
    assert all(abs(s.shapley - 4) <= 5 * s.error + 1e-9 for s in found.shares)
    assert "standard error" in found.notes[0]


def test_a_hub_earns_what_merit_order_says():
    """Through one hub the cheapest sellers serve the keenest buyers: every coalition's worth is a sort and a sum."""
    sellers, buyers = [(1 + i, 2 + i) for i in range(5)], [(30 + i, 3 + i) for i in range(5)]
    owners = "".join(
        f"  {n}: {{country: RUS}}\n" for n in ["hub", *(f"s{i}" for i in range(5)), *(f"b{i}" for i in range(5))]
    )
    nodes = "  H: {country: RUS, owner: hub}\n"
    nodes += "".join(
        f"  S{i}: {{country: RUS, owner: s{i}, supply: {{capacity: {q}, cost: {c}}}}}\n"
        for i, (c, q) in enumerate(sellers)
    )
    nodes += "".join(
        f"  B{i}: {{country: RUS, owner: b{i}, demand: {{max: {q}, price: {p}}}}}\n" for i, (p, q) in enumerate(buyers)
    )
    links = "".join(
        f"  in{i}: {{from: S{i}, to: H, control: s{i}, capacity: 20}}\n"
        f"  out{i}: {{from: H, to: B{i}, control: b{i}, capacity: 20}}\n"
        for i in range(5)
    )
    game = build_game(parse(GOOD[: GOOD.index("owners:")] + f"owners:\n{owners}nodes:\n{nodes}links:\n{links}"))
    for mask in range(1 << 11):
        costs = sorted(c for i, (c, q) in enumerate(sellers) if mask >> (1 + i) & 1 for _ in range(q))
        prices = sorted((p for i, (p, q) in enumerate(buyers) if mask >> (6 + i) & 1 for _ in range(q)), reverse=True)
        worth = sum(p - c for p, c in zip(prices, costs, strict=False)) if mask & 1 else 0
        assert game.values[mask] == pytest.approx(worth)


GAMES = [
    ({"kind": "voting", "weights": {"a": 2, "b": 1, "c": 1}, "quota": 3}, [2 / 3, 1 / 6, 1 / 6]),
    ({"kind": "airport", "costs": {"a": 1, "b": 2}}, [0.5, 1.5]),
    ({"kind": "bankruptcy", "estate": 1, "claims": {"a": 1, "b": 0.5}}, [0.75, 0.25]),
    ({"kind": "gloves", "left": ["l"], "right": ["r", "s"]}, [2 / 3, 1 / 6, 1 / 6]),
    (
        {
            "kind": "assignment",
            "sellers": ["s"],
            "buyers": ["b", "c"],
            "surplus": [{"seller": "s", "buyer": "b", "value": 6}],
        },
        [3, 3, 0],
    ),
    (
        {
            "kind": "values",
            "players": ["a", "b"],
            "values": [{"of": "a", "value": 1}, {"of": ["a", "b"], "value": 4}],
        },
        [2.5, 1.5],
    ),
]


@pytest.mark.parametrize(("game", "expected"), GAMES, ids=[g["kind"] for g, _ in GAMES])
def test_games_typed_directly(game, expected):
    document = {"title": "a game", "money": "million EUR", "game": game}
    jsonschema.validate(document, schema())
    found = parse(yaml.safe_dump(document))
    assert isinstance(found, GivenGame)
    assert shapley(found.game) == pytest.approx(expected)
    for key in game:
        if key == "kind":
            continue
        short = {**document, "game": {k: v for k, v in game.items() if k != key}}
        with pytest.raises(BadInput, match="is missing"):
            parse(yaml.safe_dump(short))
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate(short, schema())


def test_a_game_of_money_needs_its_unit():
    with pytest.raises(BadInput, match="'money' is missing"):
        parse("title: x\ngame: {kind: airport, costs: {a: 1}}")
    with pytest.raises(BadInput, match=r"text:2: game: the quota 9"):
        parse("title: x\ngame: {kind: voting, quota: 9, weights: {a: 1}}")


def test_schema_and_reader_agree_on_form():
    jsonschema.Draft202012Validator.check_schema(schema())
    validator = jsonschema.Draft202012Validator(schema())
    document = yaml.safe_load(GOOD)
    validator.validate(document)
    for name in ("korea", "eurasia"):
        path = files("detente.leverage") / "examples" / f"{name}.yaml"
        validator.validate(yaml.safe_load(path.read_text(encoding="utf-8")))

    def places(value, path=()):
        yield path
        if isinstance(value, dict):
            for key, inner in value.items():
                yield from places(inner, (*path, key))

    tried = 0
    for path in places(document):
        for spoil in ({"surprise": 1}, None):
            spoiled = copy.deepcopy(document)
            target = spoiled
            for key in path[:-1]:
                target = target[key]
            if spoil is None:
                if not path:
                    continue
                target[path[-1]] = [[]]
            else:
                place = target[path[-1]] if path else spoiled
                if not isinstance(place, dict) or path[-1:] == ("set",):  # there the reader alone knows the names
                    continue
                place |= spoil
            tried += 1
            assert not validator.is_valid(spoiled)
            with pytest.raises(BadInput):
                parse(yaml.safe_dump(spoiled, sort_keys=False))
    assert tried > 60


@given(st.text(max_size=200))
@settings(max_examples=150, deadline=None)
def test_any_text_is_refused_in_our_own_words(text):
    with pytest.raises(DetenteError):
        parse(text)


@given(st.integers(0, len(GOOD) - 1), st.text(max_size=3), st.integers(0, 8))
@settings(max_examples=200, deadline=None)
def test_any_damage_is_read_or_refused(at, new, gone):
    told = ""
    try:
        parse(GOOD[:at] + new + GOOD[at + gone :])
    except DetenteError as error:
        told = str(error)
    assert not told or told.startswith("text:")


def test_hostile_files_are_refused_quickly(tmp_path):
    bomb = "a: &a [x, x]\n" + "\n".join(f"b{i}: &b{i} [*a, *a]" for i in range(50))
    for raw, message in [
        (bomb.encode(), "anchors"),
        (b"[" * 100_000, "too many values"),
        (b"- a\n" * 30_000, "too many values"),
        (b"x" * 300_000, "larger than"),
        (b"\xff\xfe", "UTF-8"),
        (b"a: \x00", "character"),
        (b"", "empty"),
        (b"a: 1\n---\nb: 2", "not YAML"),
    ]:
        path = tmp_path / "hostile.yaml"
        path.write_bytes(raw)
        with pytest.raises(BadInput, match=message):
            read(path)
    with pytest.raises(NotFound):
        read(tmp_path / "none.yaml")
    with pytest.raises(BadInput, match="cannot be read"):
        read(tmp_path)


def test_command_line(tmp_path, capsys):
    def detente(*arguments):
        code = run(["leverage", *arguments])
        said = capsys.readouterr()
        return code, said.out, said.err

    path, charts = tmp_path / "file.yaml", tmp_path / "charts"
    path.write_text(changed("capacity: 90, cost: 5}\n  west", "capacity: -90, cost: 5}\n  west"))
    code, out, err = detente(str(path))
    assert (code, out) == (2, "")
    assert err == (f"detente: {path}:16: links.east.capacity: '-90' is not usable; expected a number of at least 0\n")
    path.write_text(GOOD)
    code, out, _ = detente(str(path), "--json", "--charts", str(charts))
    assert code == 0
    answer = json.loads(out)
    assert [s["player"] for s in answer["shares"]] == ["RUS", "UKR", "DEU"]
    assert sum(s["percent"] for s in answer["shares"]) == pytest.approx(100, abs=1e-3)
    assert {o["variant"] for o in answer["variants"]} == {"bypass", "laid", "dear", "cut", "apart", "numbers"}
    for name in ("network", "shares"):
        assert (charts / f"{name}.svg").read_text().startswith("<svg")
        assert json.loads((charts / f"{name}.vl.json").read_text())["$schema"].startswith("https://vega.github.io")
    code, out, _ = detente(str(path))
    assert "Who can do without whom" in out
    assert "Transit fees" in out
    assert detente(str(path))[1] == out
    assert json.loads(detente("--schema")[1]) == schema()
    assert "Kosong" in detente("--example", "korea", "--draws", "2", "--json")[1]
    game = tmp_path / "game.yaml"
    game.write_text("title: x\ngame: {kind: voting, quota: 1, weights: {a: 1}}")
    for wrong in (
        ["--example", "narnia"],
        [],
        ["--over", "PRK", str(path)],
        [str(tmp_path / "none.yaml")],
        ["--example", "korea", str(path)],
        ["--year", "2010", str(path)],
        [str(game), "--between", "RUS", "PRK"],
        [str(path), "--between", "RUS", "Russia"],
        [str(game), "--charts", str(charts)],
    ):
        code, out, err = detente(*wrong)
        assert (code, out, err.count("\n")) == (2, "", 1)


def test_command_line_with_a_table(tmp_path, capsys):
    path = tmp_path / "ties.csv"
    path.write_text("state,partner,kind,year,value\nPRK,CHN,trade,2012,6\nPRK,RUS,trade,2012,2\n")
    assert run(["leverage", "--dependence", str(path), "--over", "North Korea", "--json"]) == 0
    holders = json.loads(capsys.readouterr().out)["influence"]["holders"]
    assert [(h["partner"], h["share"]) for h in holders] == [("CHN", 0.75), ("RUS", 0.25)]
    assert run(["leverage", "--dependence", str(path), "--between", "Russia", "DPRK"]) == 0
    assert "Russia had 25.0% of North Korea's trade in 2012" in capsys.readouterr().out
    assert run(["leverage", "--example", "korea-trade", "--between", "Russia", "DPRK", "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert [p["year"] for p in answer["over_time"]] == [2012, 2013]
    assert {c["component"] for c in answer["components"]} == {"dependence", "bandwidth"}
    assert run(["leverage", "--example", "korea-trade", "--over", "PRK", "--year", "1990"]) == 0
    assert capsys.readouterr().out == "The table has no row of PRK in 1990; years with rows: 2012, 2013.\n"
