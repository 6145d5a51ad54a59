"""Words and deeds: the attitude of each state toward the other, what it says beside what it does."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from detente.brief.likelihood import tone_word
from detente.brief.model import Figure, Line, Section
from detente.brief.notes import LINE_NOTES, Cited, Notes
from detente.brief.phrases import capital, count, state
from detente.charts import stance_chart
from detente.records import Event
from detente.relations import Level, Stance, parting
from detente.relations.counting import DELIVERED

__all__ = ["attitudes"]

CAPTION = "{} toward {}: words and deeds by quarter, -1 hostile to +1 friendly, each with its 90 percent interval."


def attitudes(a: str, b: str, counted: Sequence[Event], stances: Sequence[Stance], notes: Notes) -> Section:
    """The section: a line a direction of how many words and deeds, and of how they compare."""
    lines = []
    found = {(s.a, s.b): s for s in stances}
    for actor, recipient in ((a, b), (b, a)):
        one_way = [e for e in counted if e.actor and e.actor.country == actor]
        if one_way:
            line = _counts(actor, recipient, one_way, notes)
            stance = found.get((actor, recipient))
            lines.append(line if stance is None else _with_levels(line, stance, notes))
    return Section("Words and deeds", "text", tuple(lines), figure=_figure(stances))


def _counts(actor: str, recipient: str, events: Sequence[Event], notes: Notes) -> Line:
    good = sum(e.quad <= 2 for e in events)
    deeds = sum(e.quad in (2, 4) and e.status in DELIVERED for e in events)
    rest = "words and promises only"
    if deeds:
        rest = "deeds only" if deeds == len(events) else f"{count(deeds, 'deed')}, the rest words or promises"
    return notes.line(
        f"{capital(state(actor))} toward {state(recipient)}: {good} of cooperation, {len(events) - good} of conflict; "
        f"{rest}.",
        events,
    )


def _with_levels(line: Line, stance: Stance, notes: Notes) -> Line:
    """The line with how friendly the words and the deeds are, and which of them are kinder."""
    parts = [
        f"its {name} are {_level(level)}"
        for name, level in (("words", stance.words), ("deeds", stance.deeds))
        if level is not None
    ]
    if not parts:
        return line
    text = f"{line.text} {capital('; '.join(parts))}."
    part = parting(stance.words, stance.deeds)
    if part is not None:
        text += f" The {part.replace('kinder ', '')} are kinder, beyond the uncertainty of both."
    elif stance.words and stance.deeds:
        text += " Whether words and deeds differ is within the uncertainty."
    weighty = sorted(stance.evidence, key=lambda e: (-abs(e.value) * e.weight, e.date, e.id))
    chosen = sorted([e for e in weighty if e.sentence][:LINE_NOTES], key=lambda e: (e.date, e.id))
    cited = notes.cite(
        [
            Cited(e.document_id, e.sentence or "", e.date, event_id=None if e.kind == "statement" else e.id)
            for e in chosen
        ],
        text,
    )
    numbers = tuple(sorted({*line.notes, *cited.notes}))
    return replace(line, text=text, notes=numbers, more=notes.unseen(line.events, numbers))


def _level(level: Level) -> str:
    return (
        f"{tone_word(level.level)} ({level.level:+.2f}, interval {level.low:+.2f} to {level.high:+.2f}, "
        f"from {count(level.n, 'document')})"
    )


def _figure(stances: Sequence[Stance]) -> Figure | None:
    """The direction with more evidence, as a chart."""
    drawn = [s for s in stances if any(p.words or p.deeds for p in s.series)]
    if not drawn:
        return None
    stance = max(drawn, key=lambda s: (len(s.evidence), s.a))
    years: dict[int, dict[str, list[Level]]] = {}
    for point in stance.series:
        for kind, level in (("words", point.words), ("deeds", point.deeds)):
            if level is not None:
                years.setdefault(point.start.year, {}).setdefault(kind, []).append(level)
    rows = []
    for year, kinds in sorted(years.items()):
        cells = []
        for kind in ("words", "deeds"):
            levels = kinds.get(kind, [])
            n = sum(level.n for level in levels)
            cells += [f"{sum(x.level * x.n for x in levels) / n:+.2f}" if n else "none", str(n)]
        rows.append((str(year), *cells))
    return Figure(
        name="words-and-deeds",
        caption=CAPTION.format(capital(state(stance.a)), state(stance.b)),
        spec=stance_chart(stance, "").to_dict(),
        head=("year", "words", "documents", "deeds", "documents"),
        rows=tuple(rows),
    )
