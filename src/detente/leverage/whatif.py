"""What-ifs: a file's variants before and after, what the shares are most sensitive to, and ranges of outcomes."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from detente.errors import BadInput, NotFound
from detente.leverage.analysis import shares
from detente.leverage.corridor import TooLarge, plan
from detente.leverage.network import Change, Curve, Demand, Link, LinkStatus, Network, Number, Variant
from detente.showing import Records

__all__ = ["REPEATED_PLAYERS", "Outcome", "Range", "Swing", "apply", "monte_carlo", "tornado", "variants"]

REPEATED_PLAYERS = 12
"""Tornado and ranges work a game out hundreds of times; for more players than this each takes too long."""

_STATUS: dict[str, LinkStatus] = {"build": "built", "offer": "option", "close": "absent"}


@dataclass(frozen=True)
class Outcome:
    """One player's share before and after a variant, in money a year and in percent of the worth of all."""

    variant: str
    player: str
    before: float
    after: float
    change: float
    percent_before: float | None
    percent_after: float | None
    total_before: float
    total_after: float
    built: tuple[str, ...]


@dataclass(frozen=True)
class Swing:
    """What a player's share becomes when one number of the file goes to the ends of its range."""

    player: str
    number: str
    low: float
    high: float
    at_low: float
    at_high: float
    source: str | None

    @property
    def size(self) -> float:
        """How far the share moves over the range."""
        return abs(self.at_high - self.at_low)


@dataclass(frozen=True)
class Range:
    """The spread of a player's share when every number with a range is drawn from it."""

    player: str
    mean: float
    p5: float
    p50: float
    p95: float
    percent_p5: float | None
    percent_p95: float | None
    draws: int
    seed: int


def apply(network: Network, variant: str | Variant) -> Network:
    """The network as a variant of its file has it; NotFound for a name that the file does not have."""
    if isinstance(variant, str):
        named = {v.name: v for v in network.variants}
        if variant not in named:
            raise NotFound("variant", variant)
        variant = named[variant]
    found = dataclasses.replace(network, nodes=network.nodes + variant.nodes, links=network.links + variant.links)
    for change in variant.changes:
        found = _apply(found, change, variant.name)
    return dataclasses.replace(found, title=f"{network.title}: {variant.name}")


def _apply(network: Network, change: Change, variant: str) -> Network:
    if change.what in _STATUS:
        status = _STATUS[change.what]
        return _links(network, lambda x: dataclasses.replace(x, status=status) if x.name in change.names else x)
    if change.what == "cutoff":
        gone = {network.player(name) for name in change.names}
        return _shut(network, lambda who: bool(who & gone))
    if change.what == "sanction":
        apart = {network.player(name) for name in change.names}
        if len(apart) < 2:
            raise BadInput(f"variant {variant!r}: a sanction needs two who decide for themselves; {apart} is one")
        return _shut(network, lambda who: apart <= who)
    places = change.names if change.what == "set" else tuple(_price_places(network, change.names))
    old = network.numbers()
    amount = change.amount or 0.0
    new = {place: old[place].value * (1 + amount) if change.percent else amount for place in places}
    return network.with_numbers(new)


def _price_places(network: Network, buyers: tuple[str, ...]) -> list[str]:
    """Numbers that move a buyer's price; a curve moves as a whole, its slope with its intercept."""
    found = []
    for name in buyers:
        demand = network.node(name).demand
        if isinstance(demand, Curve):
            found += [f"{name}.demand.intercept", f"{name}.demand.slope"]
        elif isinstance(demand, Demand):
            found.append(f"{name}.demand.price")
    return found


def _links(network: Network, change: Callable[[Link], Link]) -> Network:
    return dataclasses.replace(network, links=tuple(change(link) for link in network.links))


def _shut(network: Network, shut: Callable[[set[str]], bool]) -> Network:
    """Close every link whose controllers and ends' owners, taken together, are such that ``shut`` says so."""

    def involved(link: Link) -> set[str]:
        ends = (network.node(link.start), network.node(link.end))
        return {network.player(o) for o in (*link.control, *(n.owner for n in ends))}

    return _links(network, lambda x: dataclasses.replace(x, status="absent") if shut(involved(x)) else x)


def variants(
    network: Network,
    names: Sequence[str] | None = None,
    *,
    before: Mapping[str, float] | None = None,
    left_out: list[str] | None = None,
) -> Records[Outcome]:
    """Every player's share before and after each variant of the file (or those named).

    ``before`` is every player's share where it is known already. A variant that is too large to be worked out raises
    TooLarge, or, where ``left_out`` is given, is left out and told there.
    """
    before = shares(network) if before is None else before
    found: list[Outcome] = []
    for name in [v.name for v in network.variants] if names is None else names:
        changed = apply(network, name)
        try:
            after = shares(changed)
        except TooLarge as error:
            if left_out is None:
                raise TooLarge(f"variant {name!r}: {error}") from None
            left_out.append(f"variant {name!r} is left out: {error}")
            continue
        built = plan(changed).built
        total_before, total_after = sum(before.values()), sum(after.values())
        found += [
            Outcome(
                variant=name,
                player=player,
                before=before[player],
                after=after[player],
                change=after[player] - before[player],
                percent_before=_percent(before[player], total_before),
                percent_after=_percent(after[player], total_after),
                total_before=total_before,
                total_after=total_after,
                built=built,
            )
            for player in network.players
        ]
    return Records(found)


def _percent(value: float, total: float) -> float | None:
    return 100 * value / total if total > 0 else None


def _ranged(network: Network) -> list[tuple[str, Number, float, float]]:
    """Numbers with a range, by their place, with its ends."""
    return [(place, n, *n.range) for place, n in network.numbers().items() if n.range is not None]


def tornado(network: Network) -> Records[Swing]:
    """Each player's share at both ends of every range of the file, all else unchanged; the widest swings first."""
    found = []
    for place, number, bottom, top in _ranged(network):
        low, high = (shares(network.with_numbers({place: end})) for end in (bottom, top))
        found += [
            Swing(player, place, bottom, top, low[player], high[player], number.source) for player in network.players
        ]
    order = {player: i for i, player in enumerate(network.players)}
    return Records(sorted(found, key=lambda s: (order[s.player], -s.size, s.number)))


def monte_carlo(network: Network, draws: int = 200, seed: int = 0) -> Records[Range]:
    """The spread of every player's share over ``draws`` of all ranged numbers at once.

    Each is drawn on its own from a triangular distribution over its range with its value as the peak: ranges are
    what sources give, and no source says how the numbers move together. BadInput if the file has no range.
    """
    ranged = _ranged(network)
    if not ranged:
        raise BadInput("the file gives no range; expected at least one number with 'low' and 'high'")
    if draws < 2:
        raise BadInput(f"{draws} draws are too few; expected at least 2")
    rng = np.random.default_rng(seed)
    drawn = {
        place: np.full(draws, low) if low == high else rng.triangular(low, n.value, high, draws)
        for place, n, low, high in ranged
    }
    rows = np.array(
        [list(shares(network.with_numbers({p: float(d[i]) for p, d in drawn.items()})).values()) for i in range(draws)]
    )
    totals = rows.sum(axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        parts = 100 * rows / totals[:, None]
    found = []
    for i, player in enumerate(network.players):
        p5, p50, p95 = (float(v) for v in np.percentile(rows[:, i], (5, 50, 95)))
        inside = parts[totals > 0, i]
        part5, part95 = (float(v) for v in np.percentile(inside, (5, 95))) if len(inside) else (None, None)
        found.append(Range(player, float(rows[:, i].mean()), p5, p50, p95, part5, part95, draws, seed))
    return Records(found)
