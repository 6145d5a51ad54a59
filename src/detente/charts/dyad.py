"""Charts of one dyad."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from detente.charts.rows import inline
from detente.charts.theme import COLORS, INK, SOFT, config

if TYPE_CHECKING:
    from detente.relations import Relation

__all__ = ["dyad_chart", "dyad_records", "time_axis"]


def time_axis(field: str = "period", form: str = "%b %Y", *, labels: bool = True, span: Sequence[str] = ()) -> Any:
    """A time axis that shows days as they are, in whatever time zone the chart is drawn.

    ``span`` are its first and last day (ISO), without which it ends where the data do.
    """
    import altair as alt  # noqa: PLC0415 - a large library, loaded when a chart is made

    axis = alt.Axis(
        format=form,
        labelAngle=0,
        tickCount=7,
        grid=False,
        labelOverlap="greedy",
        labelSeparation=12,
        labels=labels,
        ticks=labels,
    )
    scale = alt.Scale(type="utc", domain=list(span)) if span else alt.Scale(type="utc")
    return alt.X(f"{field}:T", title=None, axis=axis, scale=scale)


def dyad_records(relation: Relation) -> list[dict[str, Any]]:
    """The chart's data: a row a period and kind of event, conflict counted downward."""
    rows = []
    for point in relation.both:
        for kind in COLORS:
            count = getattr(point, kind.replace(" ", "_"))
            rows.append(
                {
                    "period": point.start.isoformat(),
                    "kind": kind,
                    "events": count,
                    "signed": -count if kind.endswith("conflict") else count,
                }
            )
    return rows


def dyad_chart(relation: Relation, title: str, *, width: int = 640, marks: Sequence[str] = ()) -> Any:
    """Events of a dyad by period, cooperation up and conflict down, with the smoothed balance below.

    ``marks`` are days (ISO) to rule off, such as shifts. Returns an Altair chart with its data inside.
    """
    import altair as alt  # noqa: PLC0415 - a large library, loaded when a chart is made

    time = time_axis()
    bars = (
        alt.Chart(inline(dyad_records(relation)))
        .mark_bar()
        .encode(
            x=time,
            y=alt.Y("signed:Q", title="events", axis=alt.Axis(format="d", tickMinStep=1)),
            color=alt.Color(
                "kind:N",
                scale=alt.Scale(domain=list(COLORS), range=list(COLORS.values())),
                legend=alt.Legend(title=None, orient="top", columns=4),
            ),
            tooltip=[alt.Tooltip("period:T"), alt.Tooltip("kind:N"), alt.Tooltip("events:Q")],
        )
        .properties(width=width, height=170, title=title)
    )
    levels = [
        {"period": p.start.isoformat(), "balance": round(p.level, 4), "low": round(p.low, 4), "high": round(p.high, 4)}
        for p in relation.both
    ]
    base = alt.Chart(inline(levels)).encode(x=time)
    scale = alt.Scale(domain=[-1, 1])
    band = base.mark_area(opacity=0.2, color=SOFT).encode(y=alt.Y("low:Q", scale=scale, title="balance"), y2="high:Q")
    line = base.mark_line(color=INK).encode(y=alt.Y("balance:Q", scale=scale))
    layers = [band, line]
    if marks:
        rules = alt.Chart(inline([{"period": day} for day in marks]))
        layers.append(rules.mark_rule(strokeDash=[4, 3], color=INK).encode(x=time))
    balance = alt.layer(*layers).properties(width=width, height=90)
    return alt.vconcat(bars, balance, spacing=8).resolve_scale(color="independent").configure(**config())
