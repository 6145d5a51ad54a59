"""The rows of a chart, given to Altair so that it does not copy them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

__all__ = ["inline"]


@cache
def _kept() -> Any:
    """Altair's data set, with copies that are the set itself: nothing changes it.

    Altair copies a chart whenever it is put into another; copying the rows too took half the time of making one.
    """
    import altair as alt  # noqa: PLC0415 - a large library, loaded when a chart is made

    class Kept(alt.InlineDataset):
        def __deepcopy__(self, _: Any = None) -> Any:
            return self

    return Kept


def inline(rows: Sequence[dict[str, Any]]) -> Any:
    """Rows as the data of a chart, inside its specification."""
    import altair as alt  # noqa: PLC0415
    from altair.utils import schemapi  # noqa: PLC0415

    with schemapi.debug_mode(False):  # a specification is checked as a whole, not each part as it is made
        return alt.InlineData(values=_kept()(list(rows)))
