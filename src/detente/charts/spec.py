"""Parts of Vega-Lite specifications, as plain data.

Charts that a page draws for every pair of states are written so: Altair takes a tenth of a second to make one, and what
comes out is the same. ``as_chart`` gives the Altair chart of a specification.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

__all__ = ["SCHEMA", "Spec", "as_chart", "axis_of_time", "field", "rows_of", "tips"]

Spec = dict[str, Any]
SCHEMA = "https://vega.github.io/schema/vega-lite/v6.json"


def field(name: str, kind: str, /, **more: Any) -> Spec:
    """An encoding: a field, its type of measurement, and the rest."""
    return {"field": name, "type": kind, **more}


def tips(**kinds: str) -> list[Spec]:
    """What is said of a mark under the pointer: fields with their types."""
    return [field(name, kind) for name, kind in kinds.items()]


def axis_of_time(of: str = "period", *, labels: bool = True, span: Sequence[str] = ()) -> Spec:
    """An axis of a field that shows days as they are, in whatever time zone the chart is drawn.

    ``span`` are its first and last day (ISO), without which it ends where the data do.
    """
    axis = {
        "format": "%b %Y",
        "grid": False,
        "labelAngle": 0,
        "labelOverlap": "greedy",
        "labelSeparation": 12,
        "labels": labels,
        "tickCount": 7,
        "ticks": labels,
    }
    scale: Spec = {"type": "utc"} | ({"domain": list(span)} if span else {})
    return field(of, "temporal", axis=axis, scale=scale, title=None)


def rows_of(rows: Sequence[Mapping[str, Any]]) -> Spec:
    """Rows as the data of a chart, inside its specification."""
    return {"values": list(rows)}


def as_chart(spec: Spec) -> Any:
    """The Altair chart of a specification."""
    import altair as alt  # noqa: PLC0415 - a large library, loaded when a chart is made

    return alt.Chart.from_dict(spec)
