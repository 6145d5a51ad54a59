"""How far a record of a data set deserves trust, 0 to 1: one rule for all, over what each data set says of itself.

1. Each format's own ``trust``, from what it says of a row: whether the event is what its report leads with, how many
   articles and sources have it, how near the place is known, whether there is an address.
2. Who: 0.10 more where both parties belong to a state, a fifth less where neither has a country nor a part of society.
3. One article that explodes: of an article with more than three rows, each counts by the square root of 3 / rows.
4. The same row sent again within a day of the first counts for three tenths.

The weights of GDELT's ``trust`` are set so that a lone mention by one article that is no root event stays below 0.4,
and a root event of twenty articles by five publishers reaches 0.9; ``docs/datasets.md`` shows what follows from it.
"""

from __future__ import annotations

__all__ = ["STORY_ROWS", "reliability"]

STORY_ROWS = 3
"""Rows that one article may give before each counts for less. Of the 372 articles of a real GDELT file, 192 give three
or fewer, and those that give more than ten were found to be lists, forums and long reviews."""
_BOTH_STATES = 0.10
_NOBODY = 0.80
_REPEAT = 0.30


def reliability(trust: str, *, many: str = "NULL", repeat: str = "NULL") -> str:
    """SQL for the reliability of a row, rounded to a hundredth.

    ``trust`` is the format's rule, ``many`` the rows of its article where they are more than ``STORY_ROWS``, else null,
    ``repeat`` the original's id or null. The parties are ``a`` and ``r`` with ``country`` and ``sector``.
    """
    # Not ``round(…, 2)``, which takes ten to the power of two for every row.
    return (
        f"(round(100 * least(1.0, greatest(0.0, (coalesce({trust}, 0.2) "
        f"+ CASE WHEN a.country IS NOT NULL AND r.country IS NOT NULL THEN {_BOTH_STATES} ELSE 0 END) "
        f"* CASE WHEN coalesce(a.country, a.sector, r.country, r.sector) IS NULL THEN {_NOBODY} ELSE 1 END "
        f"* CASE WHEN {many} IS NULL THEN 1 ELSE sqrt({STORY_ROWS}.0 / {many}) END "
        f"* CASE WHEN {repeat} IS NULL THEN 1 ELSE {_REPEAT} END))) / 100)::FLOAT"
    )
