"""Leverage beside the rest: each component on its own, from the tables and corridors that the user gives."""

from __future__ import annotations

from collections.abc import Sequence

from detente.actors import country_name
from detente.brief.model import Figure, Line, Row, Section
from detente.brief.notes import Notes
from detente.brief.phrases import capital
from detente.charts.leverage import shares_chart
from detente.leverage import Component, Outcome, amount_text, share_text

__all__ = ["section", "summary"]

CAPTION = "What each party holds of what all gain together, as it is and in these what-ifs, percent."
BOTH = ("bandwidth", "links")  # components that are of both together, and stand once
WHAT_IFS = 4  # told; a file may hold many more than a page has room for
_ABOUT = "Corridor file: shares are Shapley values in money a year; what-ifs are its variants"


def _cite(component: Component, text: str, notes: Notes) -> Line:
    """A line with the place that a component comes from: a row of the table, or the corridor file as a whole."""
    file, _, place = component.source.rpartition(": ")
    if component.component in ("dependence", "bandwidth"):
        return notes.figure(text, place, file, "table of ties")
    return notes.figure(text, _ABOUT, file, "corridor")


def summary(components: Sequence[Component], notes: Notes) -> list[Line]:
    """Each side's strongest tie, and the what-if that moves most between the two, for the bottom line."""
    lines = []
    known = [c for c in components if c.component == "dependence" and c.value is not None]
    for actor in dict.fromkeys(c.actor for c in components):
        mine = [c for c in known if c.actor == actor]
        if mine:
            strongest = max(mine, key=lambda c: (c.value or 0.0, c.subject))
            lines.append(_cite(strongest, strongest.sentence, notes))
    moves = _what_ifs(components)
    if moves and _between(moves[0]):
        subject, found = moves[0][0].subject, moves[0]
        note = next((c.details["note"] for c in found if c.details.get("note")), None)
        told = "; ".join(f"{country_name(c.actor)}'s share {_change(c)}" for c in found)
        what = f"“{subject}”" + (f" ({note})" if note else "")
        lines.append(_cite(found[0], f"The what-if that moves most between them is {what}: {told}.", notes))
    return lines


def _what_ifs(components: Sequence[Component]) -> list[list[Component]]:
    """The what-ifs, those in which one of the two gains what the other loses first, then by how much they move."""
    moves: dict[str, list[Component]] = {}
    for c in components:
        if c.component == "what-if":
            moves.setdefault(c.subject, []).append(c)
    size = {name: sum(abs(c.value or 0.0) for c in found) for name, found in moves.items()}
    return sorted(moves.values(), key=lambda found: (not _between(found), -size[found[0].subject], found[0].subject))


def _between(found: Sequence[Component]) -> bool:
    """Whether one of the two gains what the other loses."""
    values = [c.value or 0.0 for c in found]
    return min(values) < 0 < max(values)


def section(
    a: str, b: str, components: Sequence[Component] | None, outcomes: Sequence[Outcome], notes: Notes
) -> Section:
    """A table of the components: what A can do to B beside what B can do to A, a row a tie, corridor or what-if."""
    if components is None:
        return Section("Leverage", "table", ())
    if not components:
        return Section("Leverage", "table", (Line("The tables and corridors given say nothing of these two."),))
    ranked = [found[0].subject for found in _what_ifs(components)]
    shown = set(ranked[:WHAT_IFS])
    rows: dict[tuple[str, str], dict[str, Line]] = {}
    for c in components:
        if c.component == "what-if" and c.subject not in shown:
            continue
        # A lever stands in the column of who holds it, a what-if in that of the party whose share it moves, and what
        # runs between the two once.
        cell = rows.setdefault((_label(c), c.component), {})
        text = _cell(c)
        if c.actor in cell:
            text = f"{cell[c.actor].text}; {text}"
        cell[c.actor] = _cite(c, text, notes)
    table = tuple(
        Row(label, (cells.get(a, Line("–")), cells.get(b, Line("=" if kind in BOTH else "–"))))
        for (label, kind), cells in rows.items()
    )
    lines: tuple[Line, ...] = ()
    if len(ranked) > WHAT_IFS:
        rest = next(c for c in components if c.component == "what-if" and c.subject not in shown)
        told = f"The {WHAT_IFS} what-ifs that move most between the two are shown, of {len(ranked)} in the file."
        lines = (_cite(rest, told, notes),)
    return Section(
        "Leverage",
        "table",
        lines,
        head=("", country_name(a), country_name(b)),
        rows=table,
        figure=_figure([o for o in outcomes if o.variant in shown]),
    )


def _label(c: Component) -> str:
    year = "" if c.year is None else f", {c.year}"
    note = f" ({c.details['note']})" if c.details.get("note") else ""
    return {
        "dependence": f"{capital(c.subject)}: its part in all that the other has{year}",
        "bandwidth": f"{capital(c.subject)}: what runs between them{year}",
        "links": f"{c.subject}: links in which both have a hand",
        "corridor": f"{c.subject}: its share of the gains",
        "need": f"{c.subject}: what the other loses if it stays away",
        "what-if": f"What if “{c.subject}”{note}: change of its share",
    }.get(c.component, f"{c.component}: {c.subject}")


def _cell(c: Component) -> str:
    """A component in as few words as its row's label leaves to say."""
    if c.value is None:
        return "not known"
    d = c.details
    if c.component == "dependence":
        text = share_text(c.value)
        if d.get("next_partner") and d.get("next_share") is not None:
            text += f"; largest other partner: {country_name(d['next_partner'])}, {share_text(d['next_share'])}"
        return text
    if c.component == "links":
        return str(d["words"])
    if c.component == "bandwidth":
        return amount_text(c.value, c.unit)
    if c.component == "what-if":
        return _change(c)
    money = f"{c.value:,.0f} {c.unit}"
    if "p5" in d:
        # A share without its range says more than the figures of the file do.
        money += f"; over the ranges of the file {d['p5']:,.0f} to {d['p95']:,.0f} in 90 % of {d['draws']} draws"
    percent = d.get("percent")
    if c.component == "need" and c.value < 0:
        return f"nothing: it gains {-c.value:,.0f} {c.unit}"
    of = " of its share" if c.component == "need" else ""
    return money if percent is None else f"{percent:.1f}%{of} ({money})"


def _change(c: Component) -> str:
    if not c.value:
        return "stays as it is"
    before = c.details.get("before") or 0.0
    part = f" ({100 * c.value / before:+.0f}%)" if before > 0 else ""
    return f"{c.value:+,.0f} {c.unit}{part}"


def _figure(outcomes: Sequence[Outcome]) -> Figure | None:
    if not outcomes:
        return None
    players = list(dict.fromkeys(o.player for o in outcomes))
    cases: dict[str, dict[str, float | None]] = {"as it is": {o.player: o.percent_before for o in outcomes}}
    for o in outcomes:
        cases.setdefault(o.variant, {})[o.player] = o.percent_after
    shown = tuple(
        (case, *("–" if (v := found[p]) is None else f"{v:.1f}" for p in players)) for case, found in cases.items()
    )
    return Figure("shares", CAPTION, shares_chart(outcomes, "").to_dict(), ("case", *players), shown)
