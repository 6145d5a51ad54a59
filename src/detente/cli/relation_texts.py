"""What ``detente relation``, ``shifts`` and ``stance`` print: tables and charts in plain characters."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from detente.relations import Baseline, GroupView, Level, Relation, Shift, Sighting, Stance

__all__ = ["group_text", "relation_text", "shifts_text", "sightings_text", "stance_text"]

SHOWN_EVENTS = 8
CHART_WIDTH = 100


def _table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Columns aligned by width, figures to the right."""
    cells = [list(header), *map(list, rows)]
    widths = [max(len(row[i]) for row in cells) for i in range(len(header))]
    right = [bool(rows) and all(row[i][:1] in "+-0123456789.–" for row in rows) for i in range(len(header))]
    lines = [
        "  ".join(c.rjust(w) if r else c.ljust(w) for c, w, r in zip(row, widths, right, strict=True)).rstrip()
        for row in cells
    ]
    return "\n".join(lines)


def shifts_text(found: Sequence[Shift]) -> str:
    """A row a shift, with a bar for how unnoticed it is."""
    from detente.charts import bar  # noqa: PLC0415 - loads what draws charts

    if not found:
        return "no shifts"
    header = ("date", "dyad", "direction", "from", "to", "probability", "attention", "unnoticed", "evidence", "")
    most = max(x.unnoticed for x in found)
    rows = [
        (
            x.date.isoformat(),
            f"{x.a}–{x.b}",
            x.direction,
            f"{x.before:+.2f}",
            f"{x.after:+.2f}",
            f"{x.probability:.2f}",
            f"{x.attention:.2f}",
            f"{x.unnoticed:.3f}",
            f"{x.evidence[0]}, {x.evidence[1]}",
            bar(x.unnoticed, most),
        )
        for x in found
    ]
    return _table(header, rows)


def sightings_text(seen: Sequence[Sighting]) -> str:
    """A row a shift, in the order in which they came to be known."""
    if not seen:
        return "no shifts"
    header = ("known", "date", "days after", "dyad", "direction", "from", "to", "probability", "now", "attention")
    rows = [
        (
            x.known.isoformat(),
            x.shift.date.isoformat(),
            str(x.delay),
            f"{x.shift.a}–{x.shift.b}",
            x.shift.direction,
            f"{x.shift.before:+.2f}",
            f"{x.shift.after:+.2f}",
            f"{x.shift.probability:.2f}",
            "–" if x.probability_now is None else f"{x.probability_now:.2f}",
            f"{x.shift.attention:.2f}",
        )
        for x in seen
    ]
    return _table(header, rows)


def group_text(view: GroupView) -> str:
    """The matrix of all pairs, triads, who moves first, and shifts."""
    title = f"{', '.join(view.members)}: tone in the {view.months} months to {view.until}, and its change"
    cells = {frozenset((p.a, p.b)): p for p in view.pairs}
    rows = []
    for a in view.members:
        row = [a]
        for b in view.members:
            pair = cells.get(frozenset((a, b)))
            if a == b or pair is None or not pair.now.evidence:
                row.append("–" if a != b else "")
            elif view.members.index(a) < view.members.index(b):
                row.append(f"{pair.now.tone:+.2f}")
            else:
                row.append("–" if pair.change is None else f"{pair.change:+.2f}")
        rows.append(row)
    parts = [title, _table(("", *view.members), rows), "above the diagonal: tone now; below: change from before"]
    surest = sorted(view.triads, key=lambda t: (-abs(t.balanced - 0.5), t.a, t.b, t.c))[:6]
    parts.append(
        _table(
            ("triad", "signs", "balanced"),
            [
                (f"{t.a} {t.b} {t.c}", " ".join({1: "+", -1: "-", 0: "0"}[s] for s in t.signs), f"{t.balanced:.2f}")
                for t in surest
            ],
        )
    )
    leads = [x for x in view.leads if x.first]
    parts.append(
        "\n".join(f"{x.first} moves first between {x.a} and {x.b} (p = {x.p:.3f})" for x in leads)
        or "no pair in which one side can be seen to move first"
    )
    parts.append("shifts\n" + shifts_text(view.shifts) if view.shifts else "no shifts")
    return "\n\n".join(parts)


def stance_text(found: Stance) -> str:
    """Words and deeds side by side, and the latest sentences."""
    from detente.actors import country_name  # noqa: PLC0415
    from detente.charts import levels, year_ruler  # noqa: PLC0415

    def cell(level: Level | None) -> str:
        return "–" if level is None else f"{level.level:+.2f} ({level.n})"

    title = f"{country_name(found.a)} ({found.a}) toward {country_name(found.b)} ({found.b}), by {found.by}"
    rows = [(p.start.isoformat(), cell(p.words), cell(p.deeds), p.part or "") for p in found.series]
    rows = [row for row in rows if row[1] != "–" or row[2] != "–"]
    if not rows:
        return f"{title}\n\nnothing on record in this span"
    rows.append(("all", cell(found.words), cell(found.deeds), ""))
    points = found.series[-CHART_WIDTH:]
    drawn = [
        f"words {levels([p.words.level if p.words else None for p in points])}",
        f"deeds {levels([p.deeds.level if p.deeds else None for p in points])}",
        f"      {year_ruler([p.start.year for p in points])}".rstrip(),
    ]
    lines = [
        title,
        "",
        *drawn,
        "",
        _table(("", "words (documents)", "deeds (documents)", "where they part"), rows),
        "",
        "latest",
    ]
    for item in found.evidence[:SHOWN_EVENTS]:
        hedge = f", hedged: {item.hedge}" if item.hedge else ""
        lines.append(f"{item.date}  {item.kind} {item.value:+.2f}{hedge}")
        if item.sentence:
            lines.append(f"    {' '.join(item.sentence.split())}")
    return "\n".join(lines)


def relation_text(found: Relation) -> str:
    """Chart, totals, attention, how it stands, shifts and the latest events."""
    from detente.actors import country_name  # noqa: PLC0415

    title = f"{country_name(found.a)} ({found.a}) and {country_name(found.b)} ({found.b}), by {found.by}"
    both = found.both
    if not both:
        return f"{title}\n\nno events between them in this span"
    parts = [title, _chart(found), _totals(found), _attention(found)]
    if found.baseline is not None:
        parts.append(_standing(found.baseline))
    parts.append("shifts\n" + shifts_text(found.shifts) if found.shifts else "no shifts")
    lines = []
    for event in found.events[:SHOWN_EVENTS]:
        parties = f"{_who(event.actor)} → {_who(event.recipient)}"
        lines.append(f"{event.date}  {event.event.lower()} ({event.status})  {parties}")
        if event.sentence:
            lines.append(f"    {' '.join(event.sentence.split())}")
    parts.append("\n".join(["latest events", *lines]))
    return "\n\n".join(parts)


def _who(party: Any) -> str:
    return "–" if party is None else party.name


def _chart(found: Relation) -> str:
    from detente.charts import updown, year_ruler  # noqa: PLC0415

    points = found.both[-CHART_WIDTH:]
    above, below = updown([p.cooperation for p in points], [p.conflict for p in points])
    lines = [
        f"cooperation {above}",
        f"conflict    {below}",
        f"            {year_ruler([p.start.year for p in points])}",
    ]
    return "\n".join(line.rstrip() for line in lines)


def _totals(found: Relation) -> str:
    header = ("", "events", "cooperation", "conflict", "words", "deeds", "balance")
    rows = []
    for direction in (f"{found.a}→{found.b}", f"{found.b}→{found.a}", "both"):
        points = [p for p in found.series if p.direction == direction]
        n, good, bad = (sum(getattr(p, k) for p in points) for k in ("events", "cooperation", "conflict"))
        deeds = sum(p.material_cooperation + p.material_conflict for p in points)
        balance = f"{(good - bad) / n:+.2f}" if n else "–"
        rows.append((direction, str(n), str(good), str(bad), str(n - deeds), str(deeds), balance))
    return _table(header, rows)


def _attention(found: Relation) -> str:
    """How much of what is written about each side is about the two, over all periods shown."""
    both, of_a, of_b = (sum(getattr(p, name) for p in found.attention) for name in ("documents", "of_a", "of_b"))
    shares = [f"{both / n:.0%} of the {n:,} on {who}" for who, n in ((found.a, of_a), (found.b, of_b)) if n]
    return f"attention: {both:,} documents on both, " + ", ".join(shares) if shares else "attention: no documents"


def _standing(base: Baseline) -> str:
    rows = [("last 12 months", base.now)] + ([("before", base.before)] if base.before else [])
    table = _table(
        ("", "tone", "90 % between", "documents a month"),
        [(name, f"{s.tone:+.2f}", f"{s.low:+.2f} and {s.high:+.2f}", f"{s.per_month:.1f}") for name, s in rows],
    )
    world = ", ".join(
        f"{value:+.2f} {when}"
        for when, value in (("in the last 12 months", base.world_now), ("before", base.world_before))
        if value is not None
    )
    return f"{table}\nmean tone of all events in the ledger: {world}"
