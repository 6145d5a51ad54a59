"""Reading corridor and game files: every wrong value is told with its file, line and what was expected."""

from __future__ import annotations

import dataclasses
import json
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any, cast

from detente.actors import country
from detente.errors import BadInput, BadOption, UnknownName, nearest
from detente.leverage import units
from detente.leverage.games import (
    EXACT_PLAYERS,
    BigGame,
    Game,
    airport_game,
    assignment_game,
    bankruptcy_game,
    glove_game,
    table_game,
    voting_game,
)
from detente.leverage.network import (
    STATUSES,
    Change,
    Curve,
    Demand,
    Good,
    Link,
    LinkStatus,
    Network,
    Node,
    Number,
    Owner,
    Supply,
    Variant,
)
from detente.leverage.yamlfile import Value, parse_yaml, read_yaml

__all__ = ["GAME_KINDS", "MAX_OPTIONS", "GivenGame", "example", "examples", "parse", "read", "schema"]

GAME_KINDS = ("values", "voting", "airport", "bankruptcy", "gloves", "assignment")
_CHANGES = ("build", "offer", "close", "cutoff", "sanction", "price", "set", "add", "note")
_BOUNDS: dict[str, dict[str, float]] = {
    "discount": {"least": 0.0, "most": 1.0},
    "life": {"least": 1.0, "most": 200.0},
    "intercept": {"above": 0.0},
    "slope": {"above": 0.0},
}
_PERCENT = re.compile(r"([+-]) ?(\d+(?:\.\d+)?) ?%")
MAX_OPTIONS = 10
"""Options that one file may leave open: a coalition tries every set of them, 2**10."""


@dataclass(frozen=True, eq=False)
class GivenGame:
    """A game typed directly; ``money`` is None where its values are not money."""

    title: str
    game: Game | BigGame
    money: str | None
    note: str | None = None


def read(path: str | Path) -> Network | GivenGame:
    """A corridor or game file; NotFound, or BadInput with file, line and what was expected."""
    return _document(read_yaml(Path(path)))


def parse(text: str, name: str = "text") -> Network | GivenGame:
    """The same from text; ``name`` stands for the file in errors."""
    return _document(parse_yaml(text.encode("utf-8", "surrogatepass"), name))


def examples() -> dict[str, Path]:
    """The worked files that come with detente, by name: corridors (YAML) and tables of ties (CSV)."""
    folder = Path(str(files("detente.leverage") / "examples"))
    return {path.stem: path for path in sorted(folder.iterdir()) if path.suffix in (".yaml", ".csv")}


def example(name: str) -> Path:
    """The worked file of a name; BadOption for a name that none has."""
    found = examples()
    if name not in found:
        raise BadOption("the worked file", name, list(found))
    return found[name]


def schema() -> dict[str, Any]:
    """The JSON Schema of corridor and game files, for editors; it checks form, the reader checks meaning too."""
    text = (files("detente.leverage") / "leverage.schema.json").read_text(encoding="utf-8")
    return cast("dict[str, Any]", json.loads(text))


def _document(top: Value) -> Network | GivenGame:
    return _given(top) if "game" in top.pairs() else _Reader(top).network


def _name(value: Value) -> str:
    found = value.text()
    if len(found) > 80 or "." in found:
        value.fail(f"{found[:80]!r} cannot be a name; expected at most 80 characters without a full stop")
    return found


def _known(value: Value, kind: str, known: Iterable[str]) -> str:
    names = list(known)
    found = value.text()
    if found not in names:
        close = nearest(found, names) or names[:10]
        value.fail(f"{kind} {found!r} is not in this file; expected one of: {', '.join(close)}")
    return found


def _number(
    value: Value, *, above: float | None = None, least: float | None = None, most: float | None = None
) -> Number:
    """A number, or a mapping of value, low, high and source."""
    if not value.is_mapping:
        return Number(value.number(above=above, least=least, most=most))
    fields = value.fields(("value",), ("low", "high", "source"))
    numbers = {
        k: fields[k].number(above=above, least=least, most=most) for k in ("value", "low", "high") if k in fields
    }
    middle, low, high = numbers["value"], numbers.get("low"), numbers.get("high")
    if (low is None) != (high is None):
        value.fail("a range needs both 'low' and 'high'")
    if low is not None and high is not None and not low <= middle <= high:
        value.fail(f"the value {middle:g} lies outside its range; expected between {low:g} and {high:g}")
    return Number(middle, low, high, fields["source"].text() if "source" in fields else None)


class _Reader:
    """One network file; ``network`` is the result."""

    def __init__(self, top: Value) -> None:
        fields = top.fields(("title", "money", "goods", "owners", "nodes", "links"), ("discount", "variants", "note"))
        self.money = _unit(fields["money"], units.money)
        self.goods = {g.name: g for g in map(self._good, self._named(fields["goods"]))}
        self.owners = self._owners(fields["owners"])
        self.nodes = self._nodes(fields["nodes"])
        links = self._links(fields["links"])
        discount = _number(fields["discount"], **_BOUNDS["discount"]) if "discount" in fields else None
        for link, value in links:
            self._check_option(link, value, discount is not None)
        network = Network(
            title=fields["title"].text(),
            money=fields["money"].text(),
            goods=tuple(self.goods.values()),
            owners=tuple(self.owners.values()),
            nodes=tuple(n for n, _ in self.nodes.values()),
            links=tuple(link for link, _ in links),
            discount=discount,
            note=fields["note"].text() if "note" in fields else None,
        )
        self._check_connected(network)
        if sum(link.status == "option" for link in network.links) > MAX_OPTIONS:
            fields["links"].fail(f"too many options; expected at most {MAX_OPTIONS}")
        variants = [self._variant(network, v) for v in self._named(fields["variants"])] if "variants" in fields else []
        self.network = dataclasses.replace(network, variants=tuple(variants))

    @staticmethod
    def _named(value: Value) -> list[tuple[str, Value]]:
        found = [(name, entry) for name, entry in value.pairs().items()]
        if not found:
            value.fail("nothing is listed; expected at least one name with its values")
        for name, entry in found:
            if "." in name or len(name) > 80:
                entry.fail(f"{name[:80]!r} cannot be a name; expected at most 80 characters without a full stop")
        return found

    def _good(self, named: tuple[str, Value]) -> Good:
        name, value = named
        fields = value.fields(("quantity", "price"))
        flow, price = _unit(fields["quantity"], units.per_year), _unit(fields["price"], units.price)
        if flow.kind != price.kind:
            fields["price"].fail(f"the price is for {price.kind}, the quantity is {flow.kind}; expected the same kind")
        if price.money.currency != self.money.currency:
            fields["price"].fail(
                f"the price is in {price.money.currency}; expected {self.money.currency} as in 'money'"
            )
        factor = flow.scale / price.scale * price.money.scale / self.money.scale
        return Good(name, fields["quantity"].text(), fields["price"].text(), factor)

    def _owners(self, value: Value) -> dict[str, Owner]:
        entries = self._named(value)
        names = [name for name, _ in entries]
        found: dict[str, Owner] = {}
        places: dict[str, Value] = {}
        for name, entry in entries:
            fields = entry.fields(("country",), ("name", "owner"))
            above = _known(fields["owner"], "owner", names) if "owner" in fields else None
            label = fields["name"].text() if "name" in fields else name
            found[name] = Owner(name, _country(fields["country"]), label, above)
            places[name] = fields.get("owner", entry)
        for name in found:
            chain = [name]
            while (above := found[chain[-1]].owner) is not None:
                if above in chain:
                    places[name].fail(f"ownership goes round in a circle: {' - '.join([*chain, above])}")
                chain.append(above)
        return found

    def _nodes(self, value: Value, taken: Iterable[str] = ()) -> dict[str, tuple[Node, Value]]:
        found: dict[str, tuple[Node, Value]] = {}
        for name, entry in self._named(value):
            if name in taken:
                entry.fail(f"{name!r} is already the name of something; expected a new name")
            fields = entry.fields(("country", "owner"), ("good", "supply", "demand"))
            if "good" not in fields and len(self.goods) > 1:
                entry.fail(f"'good' is missing; expected one of: {', '.join(self.goods)}")
            good = _known(fields["good"], "good", self.goods) if "good" in fields else next(iter(self.goods))
            owner = _known(fields["owner"], "owner", self.owners)
            supply = self._supply(fields["supply"]) if "supply" in fields else None
            demand = self._demand(fields["demand"]) if "demand" in fields else None
            found[name] = (Node(name, good, _country(fields["country"]), owner, supply, demand), entry)
        return found

    @staticmethod
    def _supply(value: Value) -> Supply:
        fields = value.fields(("capacity", "cost"))
        return Supply(_number(fields["capacity"], least=0), _number(fields["cost"], least=0))

    @staticmethod
    def _demand(value: Value) -> Demand | Curve:
        keys = value.pairs()
        if "price" in keys:
            fields = value.fields(("max", "price"))
            return Demand(_number(fields["max"], least=0), _number(fields["price"], least=0))
        fields = value.fields(("intercept", "slope"), ("max",))
        most = _number(fields["max"], least=0) if "max" in fields else None
        return Curve(
            _number(fields["intercept"], **_BOUNDS["intercept"]), _number(fields["slope"], **_BOUNDS["slope"]), most
        )

    def _links(
        self, value: Value, nodes: dict[str, tuple[Node, Value]] | None = None, taken: Iterable[str] = ()
    ) -> list[tuple[Link, Value]]:
        known = nodes if nodes is not None else self.nodes
        found: list[tuple[Link, Value]] = []
        for name, entry in self._named(value):
            if name in known or name in taken:
                entry.fail(f"{name!r} is already the name of something; expected a new name")
            fields = entry.fields(
                ("from", "to", "control", "capacity"), ("cost", "status", "investment", "life", "length")
            )
            start, end = (_known(fields[k], "node", known) for k in ("from", "to"))
            if start == end:
                fields["to"].fail(f"the link begins and ends at {start!r}; expected two nodes")
            if known[start][0].good != known[end][0].good:
                fields["to"].fail(f"{start!r} carries {known[start][0].good}, {end!r} {known[end][0].good}")
            control = tuple(_known(v, "owner", self.owners) for v in fields["control"].one_or_more())
            if not control:
                fields["control"].fail("nobody controls the link; expected at least one owner")
            status: LinkStatus = "option" if "investment" in fields else "built"
            if "status" in fields:
                said = fields["status"].choice(STATUSES)
                status = next(s for s in STATUSES if s == said)
            link = Link(
                name=name,
                start=start,
                end=end,
                control=control,
                capacity=_number(fields["capacity"], least=0),
                cost=_number(fields["cost"], least=0) if "cost" in fields else Number(0.0),
                status=status,
                investment=_number(fields["investment"], least=0) if "investment" in fields else None,
                life=_number(fields["life"], **_BOUNDS["life"]) if "life" in fields else None,
                length=fields["length"].number(above=0) if "length" in fields else None,
            )
            found.append((link, entry))
        return found

    @staticmethod
    def _check_option(link: Link, value: Value, has_rate: bool) -> None:
        if link.status != "option" and link.investment is None:
            return
        missing = "investment" if link.investment is None else "life" if link.life is None else ""
        if missing:
            value.fail(f"an option needs {missing!r} as well; expected investment and life")
        if not has_rate:
            value.fail("an option needs 'discount' at the top of the file; expected a rate such as 0.1")

    def _check_connected(self, network: Network) -> None:
        """Every buyer must have a way to it from a supply, and every supply one to a buyer, over all links."""
        for name, (node, value) in self.nodes.items():
            if node.demand is not None and not _reaches(network, name, backward=True):
                value.fail(f"the demand at {name!r} is not connected; expected a way to it from a supply")
            if node.supply is not None and not _reaches(network, name, backward=False):
                value.fail(f"the supply at {name!r} is not connected; expected a way from it to a demand")
        if not any(node.demand for node in network.nodes):
            next(iter(self.nodes.values()))[1].fail("no node has a demand; expected at least one supply and one demand")

    def _variant(self, network: Network, named: tuple[str, Value]) -> Variant:
        name, value = named
        fields = value.fields((), _CHANGES)
        changes: list[Change] = []
        nodes: dict[str, tuple[Node, Value]] = {}
        links: list[tuple[Link, Value]] = []
        names = {n.name for n in network.nodes} | {link.name for link in network.links}
        if "add" in fields:
            parts = fields["add"].fields((), ("nodes", "links"))
            nodes = self._nodes(parts["nodes"], names) if "nodes" in parts else {}
            links = self._links(parts["links"], self.nodes | nodes, names) if "links" in parts else []
            for link, entry in links:
                self._check_option(link, entry, network.discount is not None)
        all_links = [link.name for link in network.links] + [link.name for link, _ in links]
        for what in ("build", "offer", "close"):
            for entry in fields[what].one_or_more() if what in fields else []:
                changes.append(Change(what, (_known(entry, "link", all_links),)))
                self._check_offer(changes[-1], (*network.links, *(link for link, _ in links)), entry)
        cut = fields["cutoff"].one_or_more() if "cutoff" in fields else []
        changes += [Change("cutoff", (_known(entry, "owner", self.owners),)) for entry in cut]
        if "sanction" in fields:
            pair = tuple(_known(v, "owner", self.owners) for v in fields["sanction"].one_or_more())
            if len(set(pair)) != 2:
                fields["sanction"].fail("expected two owners who may not deal with each other, such as [USA, PRK]")
            changes.append(Change("sanction", pair))
        if "price" in fields:
            changes += self._prices(fields["price"], network)
        if "set" in fields:
            changes += self._settings(fields["set"], network)
        note = fields["note"].text() if "note" in fields else None
        added = tuple(n for n, _ in nodes.values())
        return Variant(name, tuple(changes), added, tuple(link for link, _ in links), note)

    @staticmethod
    def _check_offer(change: Change, links: Sequence[Link], value: Value) -> None:
        link = next(x for x in links if x.name == change.names[0])
        if change.what == "offer" and link.investment is None:
            value.fail(f"{link.name!r} has no investment cost; expected a link that can be built")

    @staticmethod
    def _prices(value: Value, network: Network) -> list[Change]:
        buyers = [n.name for n in network.nodes if n.demand]
        if not value.is_mapping:
            return [_priced(network, value, tuple(buyers))]
        return [
            _priced(network, entry, (_known_key(entry, name, "buyer", buyers),))
            for name, entry in value.pairs().items()
        ]

    @staticmethod
    def _settings(value: Value, network: Network) -> list[Change]:
        places = network.numbers()
        found = []
        for place, entry in value.pairs().items():
            _known_key(entry, place, "number", list(places))
            amount, percent = _amount(entry)
            # The bounds are those of the number itself, whichever way it is changed.
            bounds = _BOUNDS.get(place.rpartition(".")[2], {"least": 0.0})
            _within(entry, places[place].value * (1 + amount) if percent else amount, **bounds)
            found.append(Change("set", (place,), amount, percent))
        return found


def _priced(network: Network, value: Value, buyers: tuple[str, ...]) -> Change:
    """A change of buyers' prices; a demand curve has no one price that could be set."""
    amount, percent = _amount(value)
    if not percent:
        _within(value, amount, least=0.0)
        curve = next((name for name in buyers if isinstance(network.node(name).demand, Curve)), None)
        if curve is not None:
            value.fail(f"{curve!r} has a demand curve; expected a change in percent, such as +20 %")
    return Change("price", buyers, amount, percent)


def _within(
    value: Value, number: float, *, above: float | None = None, least: float | None = None, most: float | None = None
) -> None:
    """Fails where a number that a variant sets lies outside what its place in the file allows."""
    outside = (above is not None and number <= above) or (least is not None and number < least)
    if outside or (most is not None and number > most):
        bounds = [("above", above), ("of at least", least), ("of at most", most)]
        words = " and ".join(f"{name} {end:g}" for name, end in bounds if end is not None)
        value.fail(f"{number:g} is not usable; expected a number {words}")


def _known_key(value: Value, name: str, kind: str, known: Sequence[str]) -> str:
    if name not in known:
        close = nearest(name, known) or list(known[:10])
        value.fail(f"{kind} {name!r} is not in this file; expected one of: {', '.join(close)}")
    return name


def _amount(value: Value) -> tuple[float, bool]:
    """A number, or a percentage with its sign such as ``+20 %``."""
    if not value.is_mapping and not value.is_list:
        found = _PERCENT.fullmatch(value.text())
        if found:
            share = float(found[1] + found[2])
            if not -100 <= share <= 1e6:
                why = "would leave less than nothing" if share < 0 else "is too much"
                value.fail(f"{value.text()!r} {why}; expected from -100 % to +1000000 %")
            return share / 100, True
        if "%" in value.text():
            value.fail(f"{value.text()!r} is not a change in percent; expected a sign, such as +20 % or -10 %")
    return value.number(), False


def _unit(value: Value, reader: Callable[[str], units.Unit]) -> units.Unit:
    try:
        return reader(value.text())
    except units.UnitError as error:
        value.fail(str(error))


def _country(value: Value) -> str:
    try:
        return country(value.text())
    except UnknownName as error:
        value.fail(f"{error}; expected a country's name or its code")


def _reaches(network: Network, start: str, *, backward: bool) -> bool:
    """Whether a path leads from the node to a demand (or, backward, to it from a supply)."""
    seen, todo = {start}, [start]
    while todo:
        here = todo.pop()
        node = network.node(here)
        if node.supply if backward else node.demand:
            return True
        for link in network.links:
            tail, head = (link.end, link.start) if backward else (link.start, link.end)
            if tail == here and head not in seen:
                seen.add(head)
                todo.append(head)
    return False


def _given(top: Value) -> GivenGame:
    head = top.fields(("title", "game"), ("money", "note"))
    body = head["game"].pairs()
    if "kind" not in body:
        head["game"].fail(f"'kind' is missing; expected one of: {', '.join(GAME_KINDS)}")
    kind = body["kind"].choice(GAME_KINDS)
    if kind != "voting" and "money" not in head:
        top.fail("'money' is missing; expected the unit of the values, such as 'million USD'")
    if "money" in head:
        _unit(head["money"], units.money)
    try:
        game = _GAMES[kind](head["game"])
    except BadInput as error:
        if error.where is not None:
            raise
        head["game"].fail(str(error))
    note = head["note"].text() if "note" in head else None
    return GivenGame(head["title"].text(), game, head["money"].text() if "money" in head else None, note)


def _table(value: Value, *, least: float = 0.0) -> dict[str, float]:
    return {name: entry.number(least=least) for name, entry in value.pairs().items()}


def _names(value: Value) -> list[str]:
    found = [_name(v) for v in value.entries()]
    if len(set(found)) != len(found):
        value.fail("a name is listed twice; expected every name once")
    return found


def _voting(value: Value) -> Game | BigGame:
    fields = value.fields(("kind", "weights", "quota"), ("also",))
    weights = _table(fields["weights"])
    others = []
    for entry in fields["also"].entries() if "also" in fields else ():
        more = entry.fields(("weights", "quota"))
        named = _table(more["weights"])
        if set(named) != set(weights):
            more["weights"].fail("expected a weight for each of the same players")
        others.append(({name: named[name] for name in weights}, more["quota"].number(above=0)))
    return voting_game(weights, fields["quota"].number(above=0), others)


def _values(value: Value) -> Game:
    fields = value.fields(("kind", "players", "values"), ("cost",))
    players = _names(fields["players"])
    if len(players) > EXACT_PLAYERS:
        fields["players"].fail(f"{len(players)} players; expected at most {EXACT_PLAYERS} where values are listed")
    found: dict[frozenset[str], float] = {}
    for entry in fields["values"].entries():
        row = entry.fields(("of", "value"))
        members = frozenset(_known(v, "player", players) for v in row["of"].one_or_more())
        if not members or members in found:
            entry.fail(f"{'given twice' if members else 'nobody'}; expected every coalition once")
        found[members] = row["value"].number()
    cost = "cost" in fields and fields["cost"].choice(("shared",)) == "shared"
    return table_game(players, found, cost=cost)


def _airport(value: Value) -> Game | BigGame:
    return airport_game(_table(value.fields(("kind", "costs"))["costs"]))


def _bankruptcy(value: Value) -> Game | BigGame:
    fields = value.fields(("kind", "estate", "claims"))
    return bankruptcy_game(fields["estate"].number(least=0), _table(fields["claims"]))


def _gloves(value: Value) -> Game | BigGame:
    fields = value.fields(("kind", "left", "right"))
    return glove_game(_names(fields["left"]), _names(fields["right"]))


def _assignment(value: Value) -> Game:
    fields = value.fields(("kind", "sellers", "buyers", "surplus"))
    sellers, buyers = _names(fields["sellers"]), _names(fields["buyers"])
    surplus: dict[tuple[str, str], float] = {}
    for entry in fields["surplus"].entries():
        row = entry.fields(("seller", "buyer", "value"))
        pair = (_known(row["seller"], "seller", sellers), _known(row["buyer"], "buyer", buyers))
        surplus[pair] = row["value"].number(least=0)
    return assignment_game(sellers, buyers, surplus)


_GAMES: dict[str, Callable[[Value], Game | BigGame]] = {
    "values": _values,
    "voting": _voting,
    "airport": _airport,
    "bankruptcy": _bankruptcy,
    "gloves": _gloves,
    "assignment": _assignment,
}
