"""Leverage in one dyad: its components side by side, for the page and the brief, with nothing mixed into a score."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from detente.actors import country, country_name
from detente.errors import BadInput
from detente.leverage.analysis import solve
from detente.leverage.dependence import WORLD, DependenceTable, read_dependence
from detente.leverage.network import STATUSES, Link, Network
from detente.leverage.parse import read
from detente.leverage.whatif import REPEATED_PLAYERS, Outcome, monte_carlo, variants
from detente.showing import Records

__all__ = ["Component", "DyadMaterial", "amount_text", "dyad_material", "for_dyad", "share_text", "years_text"]

UNTOLD = "value in the table"
"""The unit of a kind for which the table tells none."""

MATTERS = 0.05
"""Least share of a kind of which it is worth saying how long it would take to replace it."""


def _doc(text: str) -> Any:
    return field(metadata={"doc": text})


@dataclass(frozen=True)
class Component:
    """One thing that can be said about who can press whom, with the figures that it rests on."""

    component: str = _doc("dependence, bandwidth, links, corridor, need or what-if")
    actor: str = _doc("who has the lever, ISO 3166-1 alpha-3")
    recipient: str = _doc("on whom it would be used")
    subject: str = _doc("kind of tie, good or variant")
    year: int | None = _doc("year of the data, or null")
    value: float | None = _doc("the figure; null where the data do not say")
    unit: str = _doc("what the figure is in")
    sentence: str = _doc("the component in words")
    source: str = _doc("table or file that it comes from, and the place in it")
    details: dict[str, Any] = _doc("the figures behind it")


@dataclass(frozen=True)
class DyadMaterial:
    """What a page or brief shows of leverage in one dyad: its components, and the corridor's what-ifs for a chart."""

    components: tuple[Component, ...]
    outcomes: tuple[Outcome, ...]


def dyad_material(
    a: str,
    b: str,
    *,
    dependence: str | Path | DependenceTable | None = None,
    corridor: str | Path | Network | None = None,
    year: int | None = None,
    last: int | None = None,
    source: str | None = None,
) -> DyadMaterial:
    """The components of a dyad, A over B first, from files or what was read from them.

    ``year`` is the latest with data for each kind, up to ``last``, unless given; ``source`` names the table where it
    does not come from a file. Empty where nothing is given or nothing concerns the two. UnknownName for a country
    that is not known, BadInput for a file that holds a game without places.
    """
    one, other = country(a), country(b)
    if one == other:
        raise BadInput(f"{a!r} and {b!r} are the same state, {one}")
    a, b = one, other
    table, name = dependence, source or "table of ties"
    if isinstance(table, str | Path):
        name = source or Path(table).name
        table = read_dependence(table)
    network = corridor
    if isinstance(network, str | Path):
        read_from = read(network)
        if not isinstance(read_from, Network):
            raise BadInput("the file gives a game directly; expected a corridor with nodes and links", str(corridor))
        network = read_from
    components = [] if table is None else _from_table(a, b, table, year, last, name)
    outcomes: tuple[Outcome, ...] = ()
    if network is not None:
        more, outcomes = _from_corridor(a, b, network)
        components += more
    return DyadMaterial(Records(components), outcomes)


def for_dyad(
    a: str,
    b: str,
    *,
    dependence: DependenceTable | None = None,
    corridor: Network | None = None,
    year: int | None = None,
    last: int | None = None,
    source: str | None = None,
) -> Records[Component]:
    """All components of leverage between two states: those of :func:`dyad_material`."""
    material = dyad_material(a, b, dependence=dependence, corridor=corridor, year=year, last=last, source=source)
    return Records(material.components)


def amount_text(value: float, unit: str | None) -> str:
    """An amount with its unit, where that is told; large ones without fractions, small ones as they are."""
    told = "" if unit in (None, UNTOLD) else f" {unit}"
    return (f"{value:,.0f}" if abs(value) >= 1000 else f"{value:g}") + told


def years_text(years: float) -> str:
    """A number of years, no finer than it means anything."""
    return "less than a year" if years < 1 else f"{years:.1f} years" if years < 10 else f"{years:.0f} years"


def share_text(share: float) -> str:
    """A share in percent with one digit; what is not quite nothing is not rounded to it."""
    return "under 0.1%" if 0 < share < 0.0005 else f"{100 * share:.1f}%"


def _from_table(
    a: str, b: str, table: DependenceTable, year: int | None, last: int | None, source: str
) -> list[Component]:
    found = []
    for kind in table.kinds:
        years = {y for y in (*table.years(a, kind), *table.years(b, kind)) if last is None or y <= last}
        when = year if year is not None else max(years, default=None)
        if when is None:
            continue
        pair = table.pair(a, b, kind, when)
        for actor, recipient, side in ((a, b, pair.b_on_a), (b, a, pair.a_on_b)):
            who, whom = country_name(actor), country_name(recipient)
            if side.share is None:
                words = f"The table has no {kind} of {whom} with {who} in {when}."
            else:
                words = f"{who} had {share_text(side.share)} of {whom}'s {kind} in {when}"
                if side.total_from != WORLD:
                    words += ", of what the table lists"
                if side.next_partner is not None and side.next_share is not None:
                    words += (
                        f"; the largest other partner, {country_name(side.next_partner)}, {share_text(side.next_share)}"
                    )
                if side.switch_years and side.share >= MATTERS:
                    words += (
                        f". To replace it would take {years_text(side.switch_years)} at the others' best pace so far"
                    )
                words += "."
            place = f"{source}: {recipient}, {actor}, {kind}, {when}"
            details = {k: v for k, v in side.__dict__.items() if k not in ("state", "partner")}
            details["asymmetry"] = None if pair.asymmetry is None else (-1 if actor == a else 1) * pair.asymmetry
            found.append(
                Component("dependence", actor, recipient, kind, when, side.share, "share", words, place, details)
            )
        found.append(_channel(a, b, kind, when, pair.volume, table.units.get(kind), source))
    return found


def _channel(a: str, b: str, kind: str, year: int, volume: float | None, unit: str | None, source: str) -> Component:
    names = f"{country_name(a)} and {country_name(b)}"
    if volume is None:
        words = f"Whether {kind} ran between {names} in {year} is not known."
    else:
        words = f"{kind.capitalize()} between {names} in {year}: {amount_text(volume, unit)}."
    place = f"{source}: {a}, {b}, {kind}, {year}"
    return Component("bandwidth", a, b, kind, year, volume, unit or UNTOLD, words, place, {})


def _of_country(network: Network, code: str) -> list[str]:
    return [o.name for o in network.owners if o.owner is None and o.country == code]


def _from_corridor(a: str, b: str, network: Network) -> tuple[list[Component], tuple[Outcome, ...]]:
    """The components of a corridor in which both have a hand, and its what-ifs."""
    ours, theirs = _of_country(network, a), _of_country(network, b)
    if not ours or not theirs:
        return [], ()
    solved = solve(network)
    exact = solved.method == "exact"
    unit = f"{network.money} a year"
    found = _links(a, b, {*ours}, {*theirs}, network)
    spread = {}
    if exact and len(network.players) <= REPEATED_PLAYERS and any(n.range for n in network.numbers().values()):
        spread = {r.player: {"p5": r.p5, "p95": r.p95, "draws": r.draws} for r in monte_carlo(network)}
    for player in (*ours, *theirs):
        other = b if player in ours else a
        share = solved.share(player)
        words = f"In {network.title}, {share.name} holds {share.percent or 0:.1f}% of what all gain together"
        words += "." if share.error is None else f" (an estimate: {share.shapley:,.0f} ± {share.error:,.0f} {unit})."
        found.append(
            Component("corridor", share.country or player, other, network.title, None, share.shapley, unit, words,
                      f"{network.title}: Shapley value", dict(share.__dict__) | spread.get(player, {}))
        )  # fmt: skip
    for need in solved.needs:
        if (need.player in ours and need.without in theirs) or (need.player in theirs and need.without in ours):
            loser, absent = solved.share(need.player), solved.share(need.without)
            part = "nothing" if need.percent is None else f"{abs(need.percent):.1f}% of its share"
            words = f"Without {absent.name}, {loser.name} would {'gain' if need.loses < 0 else 'lose'} {part}."
            found.append(
                Component("need", absent.country or need.without, loser.country or need.player, network.title, None,
                          need.loses, unit, words, f"{network.title}: without {need.without}", dict(need.__dict__))
            )  # fmt: skip
    # Where the shares are sampled, their errors would drown what a variant changes.
    before = {s.player: s.shapley for s in solved.shares}
    outcomes = variants(network, before=before, left_out=[]) if exact else Records[Outcome]()
    notes = {v.name: v.note for v in network.variants}
    for outcome in outcomes:
        if (player := outcome.player) in (*ours, *theirs):
            share, change = solved.share(player), outcome.change
            part = f" ({100 * change / before[player]:+.0f}%)" if before[player] > 0 else ""
            moves = f"changes by {change:+,.0f} {unit}{part}"
            if abs(change) < 1e-6 * max(1.0, solved.total):
                change, moves = 0.0, "stays as it is"
            words = f"{outcome.variant.capitalize()}: {share.name}'s share {moves}."
            details = {"before": before[player], "after": outcome.after, "note": notes[outcome.variant]}
            found.append(
                Component("what-if", share.country or player, b if player in ours else a, outcome.variant, None, change,
                          unit, words, f"{network.title}: variant {outcome.variant}", details)
            )  # fmt: skip
    return found, outcomes


def _links(a: str, b: str, ours: set[str], theirs: set[str], network: Network) -> list[Component]:
    """What stands of the links in which both have a hand, and what could be built; empty where there are none."""

    def hands(link: Link) -> set[str]:
        owners = (*link.control, network.node(link.start).owner, network.node(link.end).owner)
        return {network.player(owner) for owner in owners}

    shared = [link for link in network.links if hands(link) & ours and hands(link) & theirs]
    if not shared:
        return []
    by_status: dict[str, list[str]] = {
        status: [link.name for link in shared if link.status == status] for status in STATUSES
    }
    stand, told = by_status["built"], (("could be built", "option"), ("only in what-ifs", "absent"))
    words = f"built: {', '.join(stand) or 'none'}"
    words += "".join(f"; {name}: {', '.join(by_status[status])}" for name, status in told if by_status[status])
    sentence = f"Links of {network.title} in which {country_name(a)} and {country_name(b)} both have a hand: {words}."
    details = {"words": words, **by_status}
    place = f"{network.title}: links"
    return [Component("links", a, b, network.title, None, float(len(stand)), "links", sentence, place, details)]
