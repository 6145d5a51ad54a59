"""Results as plain text: tables for the terminal, the same on every machine."""

from __future__ import annotations

from collections.abc import Sequence

from detente.leverage.analysis import Solution
from detente.leverage.dependence import DependenceTable, Holder, Pair
from detente.leverage.dyad import amount_text, share_text, years_text
from detente.leverage.whatif import Outcome, Range, Swing

__all__ = ["before_after", "influence", "over_time", "ranges", "solution", "swings", "table"]

_YEARS = 10  # of a pair, shown in the terminal; all of them are in the JSON


def table(head: Sequence[str], rows: Sequence[Sequence[str]], title: str = "") -> str:
    """Rows under a head, columns as wide as they need: the first to the left, numbers to the right."""
    widths = [max(len(str(row[i])) for row in (head, *rows)) for i in range(len(head))]
    numeric = [all(_is_number(row[i]) for row in rows) for i in range(len(head))]

    def line(row: Sequence[str]) -> str:
        cells = (c.rjust(w) if right else c.ljust(w) for c, w, right in zip(row, widths, numeric, strict=True))
        return "  ".join(cells).rstrip()

    lines = [line(head), "  ".join("-" * w for w in widths), *(line(row) for row in rows)]
    return "\n".join([title, *lines] if title else lines)


def _is_number(text: str) -> bool:
    return text in ("", "–") or text.replace("±", "").strip().lstrip("+-−").replace(",", "")[:1].isdigit()


def _money(value: float | None, *, sign: bool = False) -> str:
    """A number with as many digits as help: none above 100, two significant ones below 1."""
    if value is None:
        return "–"
    if abs(value) < 5e-10:
        value = 0.0
    size = abs(value)
    digits = 0 if size >= 100 or value == 0 else 1 if size >= 10 else 2 if size >= 1 else 4
    return f"{value:+,.{digits}f}" if sign else f"{value:,.{digits}f}"


def _percent(value: float | None) -> str:
    return "–" if value is None else f"{value:.1f}%"


def solution(found: Solution) -> str:
    """Shares, core, who can do without whom, links and fees, as far as the game has them."""
    unit = f"{found.money} a year" if found.links else found.money or "share of one vote"
    parts = [f"{found.title}\nAll together: {_money(found.total)} ({unit})"]
    sampled = found.method == "sampled"
    head = ["player", "Shapley", "share"]
    head += ["± error"] if sampled else ["nucleolus", "Banzhaf", "alone", "adds", "core from", "to"]
    rows = []
    for s in found.shares:
        numbers = (s.error,) if sampled else (s.nucleolus, s.banzhaf, s.alone, s.adds, s.core_low, s.core_high)
        rows.append([s.name, _money(s.shapley), _percent(s.percent), *(_money(v) for v in numbers)])
    parts.append(table(head, rows, "Who gets what"))
    if found.core_empty is not None and found.least_core is not None:
        parts.append(
            f"The core is empty: some group always gains by leaving, unless leaving costs {_money(found.least_core)}."
            if found.core_empty
            else "The core is not empty: no group gains by leaving if payoffs lie in it."
        )
    if found.needs:
        parts.append(_needs(found))
    if found.links:
        rows = [
            [
                x.link,
                x.status,
                _money(x.flow),
                _money(x.capacity),
                x.quantity,
                _money(x.worth),
                "yes" if x.built else "no",
            ]
            for x in found.links
        ]
        parts.append(
            table(["link", "status", "flow", "capacity", "unit", "worth to all", "in use or built"], rows, "Links")
        )
    if found.fees:
        rows = [
            [
                f.player,
                f.good,
                _money(f.flow),
                f.quantity,
                _money(f.share),
                _money(f.rent),
                _money(f.fee),
                _money(f.fee_per_100_km),
                f.price,
            ]
            for f in found.fees
        ]
        head = ["player", "good", "flow", "unit", "share", "rent", "fee", "fee/100 km", "price unit"]
        parts.append(table(head, rows, "Transit fees that the shares imply"))
    parts += [f"Note: {note}." for note in found.notes]
    return "\n\n".join(parts)


def _needs(found: Solution) -> str:
    players = [s.player for s in found.shares]
    names = {s.player: s.name for s in found.shares}
    loss = {(n.player, n.without): n for n in found.needs}
    rows = [[names[p], *("" if p == q else _percent(loss[p, q].percent) for q in players)] for p in players]
    return table(["loses, if away:", *(names[p] for p in players)], rows, "Who can do without whom (of its own share)")


def before_after(outcomes: Sequence[Outcome]) -> str:
    """Every variant's shares beside those of the base case."""
    rows = []
    last = None
    for o in outcomes:
        first = o.variant != last
        last = o.variant
        rows.append(
            [
                o.variant if first else "",
                o.player,
                _money(o.before),
                _money(o.after),
                _money(o.change, sign=True),
                _percent(o.percent_before),
                _percent(o.percent_after),
                (", ".join(o.built) or "nothing") if first else "",
            ]
        )
    head = ["variant", "player", "before", "after", "change", "share before", "after", "built"]
    return table(head, rows, "What if")


def swings(found: Sequence[Swing], player: str, top: int = 10) -> str:
    """The numbers that move a player's share most."""
    mine = [s for s in found if s.player == player][:top]
    rows = [[s.number, _money(s.low), _money(s.high), _money(s.at_low), _money(s.at_high)] for s in mine]
    return table(["number", "from", "to", "share at low", "at high"], rows, f"What moves {player}'s share most")


def ranges(found: Sequence[Range]) -> str:
    """Spread of the shares over the ranges of the file."""
    rows = [
        [r.player, _money(r.p5), _money(r.p50), _money(r.p95), _percent(r.percent_p5), _percent(r.percent_p95)]
        for r in found
    ]
    draws = found[0].draws if found else 0
    title = f"Ranges: {draws} draws of every ranged number, seed {found[0].seed if found else 0}"
    return table(["player", "5%", "median", "95%", "share 5%", "95%"], rows, title)


def influence(found: DependenceTable, state: str, year: int, holders: Sequence[Holder], top: int = 20) -> str:
    """Who holds influence over a state, and what stands behind each: the next-best partner, and the pace of change."""
    rows = []
    for h in holders[:top]:
        d = found.dependence(state, h.partner, h.lever, year)
        lead = "–" if d.gap is None else f"{100 * d.gap:+.1f} points"
        switch = "–" if d.switch_years is None else years_text(d.switch_years)
        unknown = ", ".join(h.unknown) or "nothing"
        rows.append([h.partner, h.lever, share_text(h.share), lead, switch, str(h.bandwidth), unknown])
    head = ["partner", "strongest lever", "share", "ahead of next", "to replace", "channels", "not known"]
    parts = [table(head, rows, f"Who holds influence over {state} in {year}")]
    measured = {h.lever: found.dependence(state, h.partner, h.lever, year).concentration for h in holders}
    told = ", ".join(f"{kind} {value:.2f}" for kind, value in sorted(measured.items()) if value is not None)
    parts += [f"Concentration of its partners, 0 to 1 (Herfindahl): {told}."] if told else []
    return "\n".join(parts)


def over_time(pairs: Sequence[Pair], a: str, b: str) -> str:
    """How much each of two states depends on the other, kind by kind, in the latest years of each."""
    rows = []
    for kind in dict.fromkeys(p.kind for p in pairs):
        for p in [p for p in pairs if p.kind == kind][-_YEARS:]:
            shares = ["not known" if s is None else share_text(s) for s in (p.a_on_b.share, p.b_on_a.share)]
            gap = "–" if p.asymmetry is None else f"{100 * p.asymmetry:+.1f} points"
            rows.append(
                [p.kind, str(p.year), *shares, gap, "not known" if p.volume is None else amount_text(p.volume, None)]
            )
    return table(["kind", "year", f"{a} on {b}", f"{b} on {a}", "asymmetry", "between them"], rows, "Over time")
