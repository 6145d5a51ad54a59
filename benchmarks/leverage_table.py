"""Turn public data on ties between states into the long table that ``detente leverage --dependence`` reads.

    python benchmarks/leverage_table.py DATA OUT.csv --first 1990 --last 2014

DATA holds ``leverage/`` and ``actors/cowstates.csv``. What becomes what:

- ``gravity_zeros_2006.csv.gz`` (Yotov and others' gravity data as shipped with pachadotdev/gravity): exports of A to B
  and imports of B from A, million USD, 2006 only. A zero there is a reported zero.
- ``atop_alliance.csv.gz`` (ATOP 5.1, Leeds and others 2002): alliances, the number of obligations (defence, offence,
  neutrality, non-aggression, consultation) that A has toward B. A pair without a row has no alliance on record; it is
  left out, so it stays missing.
- ``cow_igo_ndy.csv.gz`` (Correlates of War IGO 3.0, Pevehouse and others 2020): organisations, shared memberships, both
  ways.

Countries whose names are not known, such as states of the past, are left out and counted.
"""

from __future__ import annotations

import argparse
import csv
import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow.compute as pc
import pyarrow.csv as pa_csv

from detente.actors import country
from detente.errors import UnknownName
from detente.leverage import Tie, write_dependence

_OBLIGATIONS = ("atop_defense", "atop_offense", "atop_neutral", "atop_nonagg", "atop_consul")


def _rows(path: Path, first: int, last: int) -> Iterator[dict[str, Any]]:
    """Rows of the years from ``first`` to ``last``; all of them where the file has no year."""
    table = pa_csv.read_csv(path, convert_options=pa_csv.ConvertOptions(null_values=["", "NA"]))
    if "year" in table.column_names:
        year = table["year"]
        table = table.filter(pc.and_(pc.greater_equal(year, first), pc.less_equal(year, last)))
    yield from table.to_pylist()


def cow_codes(data: Path) -> dict[int, str]:
    """Correlates of War numbers to ISO codes, by the names of states that still exist."""
    codes: dict[int, str] = {}
    with (data / "actors" / "cowstates.csv").open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            try:
                codes[int(row["cowcode"])] = country(row["country_name"])
            except UnknownName:
                continue
    return codes


def ties(data: Path, first: int, last: int, counts: Counter[str]) -> Iterator[Tie]:
    """All ties of the years from ``first`` to ``last``, counted by kind and by reason for leaving out."""
    folder, cow = data / "leverage", cow_codes(data)
    known: dict[str, str | None] = {}

    def iso(code: str) -> str | None:
        if code not in known:
            try:
                known[code] = country(code)
            except UnknownName:
                known[code] = None
        return known[code]

    seen: set[tuple[str, str, str, int]] = set()

    def tie(state: str | None, partner: str | None, kind: str, year: int, value: float) -> Iterator[Tie]:
        if state is None or partner is None:
            counts[f"left out: {kind} of a state not known"] += 1
        elif state == partner or (state, partner, kind, year) in seen:
            counts[f"left out: {kind} given twice after codes are joined"] += 1
        else:
            seen.add((state, partner, kind, year))
            counts[kind] += 1
            yield Tie(state, partner, kind, year, value)

    if first <= 2006 <= last:
        for row in _rows(folder / "gravity_zeros_2006.csv.gz", first, last):
            a, b, flow = iso(row["iso_o"]), iso(row["iso_d"]), float(row["flow"])
            yield from tie(a, b, "exports", 2006, flow)
            yield from tie(b, a, "imports", 2006, flow)
    for row in _rows(folder / "atop_alliance.csv.gz", first, last):
        total = sum(float(row[name] or 0) for name in _OBLIGATIONS)
        yield from tie(cow.get(row["ccode1"]), cow.get(row["ccode2"]), "alliances", row["year"], total)
    for row in _rows(folder / "cow_igo_ndy.csv.gz", first, last):
        if row["dyadigos"] is None:
            counts["left out: organisations not counted"] += 1
            continue
        a, b = cow.get(row["ccode1"]), cow.get(row["ccode2"])
        yield from tie(a, b, "organisations", row["year"], float(row["dyadigos"]))
        yield from tie(b, a, "organisations", row["year"], float(row["dyadigos"]))


def build(data: Path, out: Path, first: int, last: int) -> dict[str, int]:
    """Write the table; rows by kind, and what was left out by reason."""
    counts: Counter[str] = Counter()
    write_dependence(ties(data, first, last, counts), out)
    return dict(sorted(counts.items()))


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("data", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--first", type=int, default=1990)
    parser.add_argument("--last", type=int, default=2018)
    given = parser.parse_args()
    print(json.dumps(build(given.data, given.out, given.first, given.last)))


if __name__ == "__main__":
    main()
