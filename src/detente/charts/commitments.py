"""Charts of commitments: the life of one, and a board of all by status."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from detente.charts.dyad import time_axis
from detente.charts.rows import inline
from detente.charts.theme import COLD, COLD_LIGHT, INK, RULE, SAID, SOFT, WARM, config

if TYPE_CHECKING:
    from detente.commitments import Commitment

__all__ = [
    "STATUS_COLORS",
    "board_chart",
    "board_records",
    "commitment_chart",
    "commitment_records",
    "silence_records",
]

# Words, shapes and places say again what the colours say.
STATUS_COLORS = {
    "breached": COLD,
    "stalled": "#c08a00",
    "advancing": "#3f7fbf",
    "superseded": SOFT,
    "fulfilled": WARM,
}
KIND_COLORS = {
    "made": INK,
    "due": SAID,
    "advance": "#3f7fbf",
    "fulfil": WARM,
    "absent": "#c08a00",
    "breach": COLD,
    "replace": SOFT,
    "deny": COLD_LIGHT,
}
LANE = 24
"""Height of a provision's line, in pixels."""
_SHAPES = {
    "made": "square", "due": "wedge", "advance": "triangle-up", "fulfil": "circle", "absent": "cross",
    "breach": "triangle-down", "replace": "triangle-right", "deny": "diamond",
}  # fmt: skip


def commitment_records(commitment: Commitment) -> list[dict[str, Any]]:
    """A row for each provision and what happened to it: made, due, and every report with its sentence."""
    rows = []
    for provision in commitment.provisions:
        begun = max(commitment.made, provision.evidence.published)
        rows.append(_row(provision.subject, begun, "made", provision.words))
        if provision.due is not None:
            rows.append(_row(provision.subject, provision.due, "due", f"due {provision.due.isoformat()}"))
        rows += [_row(provision.subject, r.date, r.kind, r.evidence.sentence) for r in provision.follow_through]
    return rows


def silence_records(commitment: Commitment) -> list[dict[str, Any]]:
    """The span of silence for each provision that is still open; empty where the silence does not count."""
    silence = commitment.silence
    if silence is None or not silence.telling:
        return []
    end = silence.last + datetime.timedelta(days=silence.days)
    return [
        {"provision": p.subject, "from": silence.last.isoformat(), "to": end.isoformat(), "days": silence.days}
        for p in commitment.provisions
        if p.status == "stalled"
    ]


def _row(provision: str, day: datetime.date, kind: str, words: str) -> dict[str, Any]:
    return {"provision": provision, "date": day.isoformat(), "kind": kind, "words": " ".join(words.split())}


def commitment_chart(commitment: Commitment, *, width: int = 640) -> Any:
    """A timeline: a line for each provision, a mark for each report, a bar for silence. An Altair chart."""
    import altair as alt  # noqa: PLC0415 - a large library, loaded when a chart is made

    kinds = list(KIND_COLORS)
    lane = alt.Y("provision:N", title=None, sort=[p.subject for p in commitment.provisions])
    time = time_axis("date")
    rows = commitment_records(commitment)
    line = (
        alt.Chart(inline(rows))
        .mark_line(color=RULE)
        .encode(x=time, y=lane, detail="provision:N", color=alt.value(RULE))
    )
    marks = (
        alt.Chart(inline(rows))
        .mark_point(filled=True, size=90, opacity=1)
        .encode(
            x=time,
            y=lane,
            color=alt.Color(
                "kind:N",
                scale=alt.Scale(domain=kinds, range=list(KIND_COLORS.values())),
                legend=alt.Legend(title=None, orient="top", columns=8),
            ),
            shape=alt.Shape("kind:N", scale=alt.Scale(domain=kinds, range=[_SHAPES[kind] for kind in kinds])),
            tooltip=[alt.Tooltip("date:T"), alt.Tooltip("kind:N"), alt.Tooltip("words:N")],
        )
    )
    layers = [line, marks]
    silent = silence_records(commitment)
    if silent:
        layers.insert(
            0,
            alt.Chart(inline(silent))
            .mark_bar(color=STATUS_COLORS["stalled"], opacity=0.25, height=14)
            .encode(x=time_axis("from"), x2="to:T", y=lane, tooltip=[alt.Tooltip("days:Q", title="days silent")]),
        )
    title = f"{' – '.join(commitment.parties)}: {commitment.status} since {commitment.since.isoformat()}"
    height = LANE * len({p.subject for p in commitment.provisions})
    return alt.layer(*layers).properties(width=width, height=height, title=title).configure(**config())


def board_records(commitments: Sequence[Commitment]) -> list[dict[str, Any]]:
    """A row for each commitment: status, parties, what it is about, when made, when last heard of, level."""
    return [
        {
            "commitment_id": c.commitment_id,
            "status": c.status,
            "title": c.title,
            "made": c.made.isoformat(),
            "since": c.since.isoformat(),
            "last": (c.last_follow_through or c.made).isoformat(),
            "level": c.level,
        }
        for c in commitments
    ]


def board_chart(commitments: Sequence[Commitment], *, width: int = 640) -> Any:
    """All commitments, a column for each status: from the making to the last step. An Altair chart."""
    import altair as alt  # noqa: PLC0415 - a large library, loaded when a chart is made

    order = list(STATUS_COLORS)
    base = alt.Chart(inline(board_records(commitments))).encode(
        y=alt.Y("title:N", title=None, sort=alt.SortField("made"), axis=alt.Axis(labelLimit=280)),
        color=alt.Color("status:N", scale=alt.Scale(domain=order, range=list(STATUS_COLORS.values())), legend=None),
        tooltip=["title:N", "status:N", "made:T", "since:T", "last:T", "level:Q"],
    )
    time = time_axis("made", "%Y")
    bars = base.mark_bar(height=6).encode(x=time, x2="last:T")
    starts = base.mark_point(filled=True, size=60, opacity=1).encode(x=time)
    return (
        alt.layer(bars, starts)
        .properties(width=width)
        .facet(row=alt.Row("status:N", sort=order, title=None))
        .resolve_scale(y="independent")
        .configure(**config())
    )
