"""Leverage in one dyad: its components side by side, for the page and the brief, with nothing mixed into a score."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from detente.actors import country, country_name
from detente.leverage.analysis import shares, solve
from detente.leverage.dependence import DependenceTable
from detente.leverage.network import Network
from detente.leverage.whatif import apply

__all__ = ["Component", "for_dyad"]


def _doc(text: str) -> Any:
    return field(metadata={"doc": text})


@dataclass(frozen=True)
class Component:
    """One thing that can be said about who can press whom, with the figures that it rests on."""

    component: str = _doc("dependence, bandwidth, corridor, need, fee or what-if")
    actor: str = _doc("who has the lever, ISO 3166-1 alpha-3")
    recipient: str = _doc("on whom it would be used")
    subject: str = _doc("kind of tie, good or variant")
    year: int | None = _doc("year of the data, or null")
    value: float | None = _doc("the figure; null where the data do not say")
    unit: str = _doc("what the figure is in")
    sentence: str = _doc("the component in words")
    source: str = _doc("table or file that it comes from, and the place in it")
    details: dict[str, Any] = _doc("the figures behind it")


def for_dyad(
    a: str,
    b: str,
    *,
    dependence: DependenceTable | None = None,
    corridor: Network | None = None,
    year: int | None = None,
    source: str = "table of ties",
) -> tuple[Component, ...]:
    """All components of leverage between two states, A over B first; empty where nothing is known of the pair.

    ``year`` is the latest with data for each kind unless given. UnknownName for a country that is not known.
    """
    a, b = country(a), country(b)
    found: list[Component] = []
    if dependence is not None:
        found += _from_table(a, b, dependence, year, source)
    if corridor is not None:
        found += _from_corridor(a, b, corridor)
    return tuple(found)


def _from_table(a: str, b: str, table: DependenceTable, year: int | None, source: str) -> list[Component]:
    found = []
    for kind in table.kinds:
        years = {*table.years(a, kind), *table.years(b, kind)}
        when = year if year is not None else max(years, default=None)
        if when is None:
            continue
        pair = table.pair(a, b, kind, when)
        for actor, recipient, side in ((a, b, pair.b_on_a), (b, a, pair.a_on_b)):
            who, whom = country_name(actor), country_name(recipient)
            if side.share is None:
                words = f"The table has no {kind} of {whom} with {who} in {when}."
            else:
                words = f"{who} had {100 * side.share:.1f}% of {whom}'s {kind} in {when}"
                if side.next_partner is not None and side.next_share is not None:
                    words += (
                        f"; the largest other partner, {country_name(side.next_partner)}, {100 * side.next_share:.1f}%"
                    )
                words += "."
            place = f"{source}: {recipient}, {actor}, {kind}, {when}"
            details = {k: v for k, v in side.__dict__.items() if k not in ("state", "partner")}
            details["asymmetry"] = None if pair.asymmetry is None else (-1 if actor == a else 1) * pair.asymmetry
            found.append(
                Component("dependence", actor, recipient, kind, when, side.share, "share", words, place, details)
            )
        found.append(_channel(a, b, kind, when, pair.volume, source))
    return found


def _channel(a: str, b: str, kind: str, year: int, volume: float | None, source: str) -> Component:
    names = f"{country_name(a)} and {country_name(b)}"
    if volume is None:
        words = f"Whether {kind} ran between {names} in {year} is not known."
    else:
        words = f"{kind.capitalize()} between {names} in {year}: {volume:g}."
    place = f"{source}: {a}, {b}, {kind}, {year}"
    return Component("bandwidth", a, b, kind, year, volume, "value in the table", words, place, {})


def _of_country(network: Network, code: str) -> list[str]:
    return [o.name for o in network.owners if o.owner is None and o.country == code]


def _from_corridor(a: str, b: str, network: Network) -> list[Component]:
    ours, theirs = _of_country(network, a), _of_country(network, b)
    if not ours or not theirs:
        return []
    solved = solve(network)
    unit = f"{network.money} a year"
    found = []
    for player in (*ours, *theirs):
        other = b if player in ours else a
        share = solved.share(player)
        words = f"In {network.title}, {share.name} holds {share.percent or 0:.1f}% of what all gain together."
        found.append(
            Component("corridor", share.country or player, other, network.title, None, share.shapley, unit, words,
                      f"{network.title}: Shapley value", dict(share.__dict__))
        )  # fmt: skip
    for need in solved.needs:
        if (need.player in ours and need.without in theirs) or (need.player in theirs and need.without in ours):
            loser, absent = solved.share(need.player), solved.share(need.without)
            part = "nothing to lose" if need.percent is None else f"{need.percent:.1f}% of its share"
            words = f"Without {absent.name}, {loser.name} would lose {part}."
            found.append(
                Component("need", absent.country or need.without, loser.country or need.player, network.title, None,
                          need.loses, unit, words, f"{network.title}: without {need.without}", dict(need.__dict__))
            )  # fmt: skip
    base = {s.player: s.shapley for s in solved.shares}
    for variant in network.variants:
        after = shares(apply(network, variant))
        for player in (*ours, *theirs):
            change = after[player] - base[player]
            share = solved.share(player)
            part = f" ({100 * change / base[player]:+.0f}%)" if base[player] > 0 else ""
            moves = f"changes by {change:+,.0f} {unit}{part}"
            if abs(change) < 1e-6 * max(1.0, solved.total):
                change, moves = 0.0, "stays as it is"
            words = f"{variant.name.capitalize()}: {share.name}'s share {moves}."
            details = {"before": base[player], "after": after[player], "note": variant.note}
            found.append(
                Component("what-if", share.country or player, b if player in ours else a, variant.name, None, change,
                          unit, words, f"{network.title}: variant {variant.name}", details)
            )  # fmt: skip
    return found
