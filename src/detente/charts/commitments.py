"""Charts of commitments: the life of one, and a board of all by status."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from detente.charts.dyad import time_axis
from detente.charts.rows import inline
from detente.charts.spec import SCHEMA, Spec, as_chart, axis_of_time, field, rows_of, tips
from detente.charts.theme import COLD, COLD_LIGHT, INK, RULE, SAID, SOFT, WARM, config

if TYPE_CHECKING:
    from detente.commitments import Commitment

__all__ = [
    "STATUS_COLORS",
    "board_chart",
    "board_records",
    "commitment_chart",
    "commitment_records",
    "commitment_spec",
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


def commitment_spec(commitment: Commitment, *, width: int = 640) -> Spec:
    """A timeline: a line for each provision, a mark for each report, a bar for silence."""
    kinds = list(KIND_COLORS)
    subjects = list(dict.fromkeys(p.subject for p in commitment.provisions))
    lane = field("provision", "nominal", title=None, sort=subjects)
    rows, silent = commitment_records(commitment), silence_records(commitment)
    colours = {"domain": kinds, "range": list(KIND_COLORS.values())}
    shapes = {"domain": kinds, "range": [_SHAPES[kind] for kind in kinds]}
    bars = {
        "data": rows_of(silent),
        "mark": {"type": "bar", "color": STATUS_COLORS["stalled"], "opacity": 0.25, "height": 14},
        "encoding": {
            "x": axis_of_time("from"),
            "x2": {"field": "to"},
            "y": lane,
            "tooltip": [field("days", "quantitative", title="days silent")],
        },
    }
    lines = {
        "data": rows_of(rows),
        "mark": {"type": "line", "color": RULE},
        "encoding": {
            "x": axis_of_time("date"),
            "y": lane,
            "detail": field("provision", "nominal"),
            "color": {"value": RULE},
        },
    }
    marks = {
        "data": rows_of(rows),
        "mark": {"type": "point", "filled": True, "size": 90, "opacity": 1},
        "encoding": {
            "x": axis_of_time("date"),
            "y": lane,
            "color": field(
                "kind", "nominal", scale=colours, legend={"title": None, "orient": "top", "columns": len(kinds)}
            ),
            "shape": field("kind", "nominal", scale=shapes),
            "tooltip": tips(date="temporal", kind="nominal", words="nominal"),
        },
    }
    return {
        "$schema": SCHEMA,
        "title": f"{' – '.join(commitment.parties)}: {commitment.status} since {commitment.since.isoformat()}",
        "layer": [*([bars] if silent else []), lines, marks],
        "width": width,
        "height": LANE * len(subjects),
        "config": config(),
    }


def commitment_chart(commitment: Commitment, *, width: int = 640) -> Any:
    """The Altair chart of :func:`commitment_spec`."""
    return as_chart(commitment_spec(commitment, width=width))


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
