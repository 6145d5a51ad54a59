"""Who depends on whom, kind by kind, from a table of ties: missing stays missing, and nothing is mixed into one score.

As in the Formal Bilateral Influence Capacity index (Moyer, Sweijs, Burrows and van Manen 2018; Moyer, Meisel,
Matthews, Bohl and Burrows 2021) two things are kept apart: bandwidth, how much runs between two states and over how
many channels, and dependence, how much of what one state has of a kind hangs on the other. Unlike the index, they are
not multiplied: each kind stands on its own.
"""

from __future__ import annotations

import csv
import math
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from detente.actors import country
from detente.errors import BadInput, NotFound, UnknownName
from detente.showing import Records

__all__ = [
    "COLUMNS",
    "WORLD",
    "Dependence",
    "DependenceTable",
    "Holder",
    "Pair",
    "Tie",
    "read_dependence",
    "write_dependence",
]

COLUMNS = ("state", "partner", "kind", "year", "value")
UNIT = "unit"  # a column that may be there: what the values of a kind are in
WORLD = "WORLD"
"""Partner that stands for all partners together: the state's total of a kind in a year."""

_MAX_LINE = 10_000
_LARGEST = 1e18  # beyond any sum of money
_HISTORY = 5  # years of history from which the speed of switching is judged


def _doc(text: str) -> Any:
    return field(metadata={"doc": text})


@dataclass(frozen=True, slots=True)
class Tie:
    """One row of the table: what ``state`` has of a ``kind`` with ``partner`` in a year."""

    state: str
    partner: str
    kind: str
    year: int
    value: float
    unit: str | None = None


@dataclass(frozen=True)
class Dependence:
    """How much one state depends on another in one kind and year; null wherever the table does not say."""

    state: str = _doc("who depends")
    partner: str = _doc("on whom")
    kind: str = _doc("kind of tie: trade, energy, arms, …")
    year: int = _doc("year")
    value: float | None = _doc("what runs between them; null where the table has no row for the pair")
    total: float | None = _doc("the state's total of the kind; null where the table has no row of the state")
    total_from: str | None = _doc("WORLD where the table gives the total, else listed partners")
    share: float | None = _doc("value in parts of the total, 0 to 1")
    concentration: float | None = _doc("Herfindahl index of the state's partners, 0 to 1")
    rank: int | None = _doc("place of the partner among the state's partners, 1 the largest")
    next_partner: str | None = _doc("largest other partner")
    next_share: float | None = _doc("its share")
    gap: float | None = _doc("share less the next partner's: how far the next-best lies behind")
    switch_years: float | None = _doc("years to replace the partner at the best pace that others have grown at")


@dataclass(frozen=True)
class Pair:
    """Both directions of a dyad in one kind and year, with the asymmetry."""

    kind: str = _doc("kind of tie")
    year: int = _doc("year")
    a_on_b: Dependence = _doc("how much A depends on B")
    b_on_a: Dependence = _doc("how much B depends on A")
    asymmetry: float | None = _doc("A's share less B's: above 0, A depends more; null unless both are known")
    volume: float | None = _doc("the larger of the two sides' records of what runs between them")


@dataclass(frozen=True)
class Holder:
    """A state that holds something over another: its shares by kind, with what is unknown named."""

    partner: str = _doc("who holds it")
    lever: str = _doc("kind in which the state depends on the partner most")
    share: float = _doc("share in that kind")
    shares: dict[str, float | None] = _doc("share by kind; null where the table does not say")
    bandwidth: int = _doc("kinds in which something runs between them")
    unknown: tuple[str, ...] = _doc("kinds for which the table has no row of the pair in the year")


class DependenceTable:
    """Ties by state, kind and year, for look-ups in both directions."""

    def __init__(self, ties: Iterable[Tie]) -> None:
        self._ties: dict[tuple[str, str, int], dict[str, float]] = defaultdict(dict)
        self.kinds: tuple[str, ...] = ()
        kinds: dict[str, str | None] = {}
        for tie in ties:
            row = self._ties[tie.state, tie.kind, tie.year]
            if tie.partner in row:
                raise BadInput(
                    f"{tie.state} and {tie.partner} have two values of {tie.kind} in {tie.year}; expected one"
                )
            row[tie.partner] = tie.value
            unit = kinds.setdefault(tie.kind, tie.unit)
            if tie.unit != unit:
                raise BadInput(
                    f"{tie.kind} is in {tie.unit or 'no unit'} and in {unit or 'no unit'}; expected one unit"
                )
        self.kinds = tuple(sorted(kinds))
        self.units = {kind: unit for kind, unit in kinds.items() if unit is not None}

    def years(self, state: str | None = None, kind: str | None = None) -> tuple[int, ...]:
        """Years for which the table has rows, of a state and kind if given."""
        code = None if state is None else country(state)
        found = {y for s, k, y in self._ties if code in (None, s) and kind in (None, k)}
        return tuple(sorted(found))

    def dependence(self, state: str, partner: str, kind: str, year: int) -> Dependence:
        """How much ``state`` depends on ``partner``; UnknownName for a country or kind that is not known."""
        state, partner = country(state), country(partner)
        self._check_kind(kind)
        row = self._ties.get((state, kind, year))
        if row is None:
            return Dependence(state, partner, kind, year, None, None, None, None, None, None, None, None, None, None)
        listed = {p: v for p, v in row.items() if p != WORLD}
        total, total_from = (row[WORLD], WORLD) if WORLD in row else (sum(listed.values()), "listed partners")
        value = listed.get(partner)
        parts = {p: v / total for p, v in listed.items()} if total > 0 else {}
        others = sorted((v, p) for p, v in parts.items() if p != partner)
        following = max(others, key=lambda o: (o[0], o[1])) if others else None
        share = parts.get(partner)
        rank = None if share is None else 1 + sum(v > share for v, _ in others)
        return Dependence(
            state=state,
            partner=partner,
            kind=kind,
            year=year,
            value=value,
            total=total,
            total_from=total_from,
            share=share,
            concentration=sum(v * v for v in parts.values()) if parts else None,
            rank=rank,
            next_partner=following[1] if following else None,
            next_share=following[0] if following else None,
            gap=None if share is None or following is None else share - following[0],
            switch_years=self._switch_years(state, partner, kind, year, value),
        )

    def _switch_years(self, state: str, partner: str, kind: str, year: int, value: float | None) -> float | None:
        """What runs with the partner, over the best yearly gain of all others in the last years; 0 if nothing."""
        if value is None:
            return None
        if value == 0:
            return 0.0
        sums = {}
        for y in range(year - _HISTORY, year + 1):
            row = self._ties.get((state, kind, y))
            if row is not None:
                sums[y] = sum(v for p, v in row.items() if p not in (WORLD, partner))
        gains = [sums[y] - sums[y - 1] for y in sums if y - 1 in sums]
        best = max(gains, default=0.0)
        return value / best if best > 0 else None

    def pair(self, a: str, b: str, kind: str, year: int) -> Pair:
        """Both directions at once."""
        one, two = self.dependence(a, b, kind, year), self.dependence(b, a, kind, year)
        known = [v for v in (one.value, two.value) if v is not None]
        asymmetry = None if one.share is None or two.share is None else one.share - two.share
        return Pair(kind, year, one, two, asymmetry, max(known) if known else None)

    def over_time(self, a: str, b: str, kind: str) -> Records[Pair]:
        """Both directions in every year for which the table has either."""
        a, b = country(a), country(b)
        years = sorted({*self.years(a, kind), *self.years(b, kind)})
        return Records(self.pair(a, b, kind, year) for year in years)

    def bandwidth(self, a: str, b: str, year: int) -> dict[str, float | None]:
        """What runs between two states by kind: the channels; null where neither side has a row for the other."""
        return {kind: self.pair(a, b, kind, year).volume for kind in self.kinds}

    def influence_over(self, state: str, year: int, by: str | None = None) -> Records[Holder]:
        """Who holds most over a state, the strongest first.

        Ordered by the share in one kind (``by``) or else by the largest share in any: a state's strongest lever, not
        a sum of unlike things. Partners without any known share are left out.
        """
        state = country(state)
        if by is not None:
            self._check_kind(by)
        rows = {kind: self._ties.get((state, kind, year), {}) for kind in self.kinds}
        partners = sorted({p for row in rows.values() for p in row if p != WORLD})
        found = []
        for partner in partners:
            parts = {kind: self.dependence(state, partner, kind, year).share for kind in self.kinds}
            looked = {k: v for k, v in parts.items() if v is not None and by in (None, k)}
            if not looked:
                continue
            lever = max(looked, key=lambda k: (looked[k], k))
            open_channels = sum(bool(rows[k].get(partner)) for k in self.kinds)
            unknown = tuple(k for k in self.kinds if partner not in rows[k])
            found.append(Holder(partner, lever, looked[lever], parts, open_channels, unknown))
        return Records(sorted(found, key=lambda h: (-h.share, h.partner)))

    def _check_kind(self, kind: str) -> None:
        if kind not in self.kinds:
            raise UnknownName("kind", kind, self.kinds)


def read_dependence(path: str | Path) -> DependenceTable:
    """A table from CSV with the columns state, partner, kind, year, value, perhaps unit; others are ignored.

    BadInput names file, line and what was expected. An empty value is missing and is not read as zero. The partner
    ``WORLD`` gives the state's total of a kind, which matters where not all partners are listed.
    """
    path = Path(path)
    try:
        with path.open(newline="", encoding="utf-8-sig") as stream:
            return DependenceTable(_rows(stream, str(path)))
    except FileNotFoundError:
        raise NotFound("file", path) from None
    except UnicodeDecodeError:
        raise BadInput("not UTF-8 text", where=str(path)) from None
    except OSError as error:
        raise BadInput(f"cannot be read: {error.strerror}", where=str(path)) from None


def _rows(stream: Iterable[str], name: str) -> Iterator[Tie]:
    reader = csv.DictReader((_bounded(line, i, name) for i, line in enumerate(stream, 1)))
    try:
        missing = [c for c in COLUMNS if c not in (reader.fieldnames or ())]
        if missing:
            raise BadInput(f"no column {missing[0]!r}; expected {', '.join(COLUMNS)}", where=f"{name}:1")
        codes: dict[str, str] = {}
        units: dict[str, str | None] = {}
        seen: set[tuple[str, str, str, int]] = set()
        for row in reader:
            where = f"{name}:{reader.line_num}"
            if any(row[c] is None for c in COLUMNS):
                raise BadInput("the line is too short; expected a value for every column", where=where)
            if not row["value"].strip():
                continue
            tie = _tie(row, codes, where)
            key = (tie.state, tie.partner, tie.kind, tie.year)
            if key in seen:
                raise BadInput(f"a second {tie.kind} of {tie.state} with {tie.partner} in {tie.year}", where=where)
            seen.add(key)
            if tie.unit != units.setdefault(tie.kind, tie.unit):
                told = f"{tie.unit or 'nothing'!r}, above {units[tie.kind] or 'nothing'!r}"
                raise BadInput(f"the unit of {tie.kind} is {told}; expected one unit for a kind", where=where)
            yield tie
    except csv.Error as error:
        raise BadInput(f"not CSV: {error}", where=f"{name}:{reader.line_num}") from None


def _bounded(line: str, number: int, name: str) -> str:
    if len(line) > _MAX_LINE:
        raise BadInput(f"longer than {_MAX_LINE} characters; expected a row of a table", where=f"{name}:{number}")
    return line


def _tie(row: Mapping[str, str], codes: dict[str, str], where: str) -> Tie:
    def code(text: str) -> str:
        if text not in codes:
            try:
                codes[text] = country(text)
            except UnknownName as error:
                raise BadInput(f"{error}; expected a country's name or its code", where=where) from None
        return codes[text]

    kind = row["kind"].strip()
    if not re.fullmatch(r"[A-Za-z][\w -]{0,39}", kind):
        raise BadInput(f"kind {kind[:40]!r} is no word; expected for example trade", where=where)
    if not re.fullmatch(r"\d{4}", row["year"].strip()):
        raise BadInput(f"year {row['year'][:20]!r} is no year; expected four digits", where=where)
    try:
        value = float(row["value"])
    except ValueError:
        value = math.nan
    if not 0 <= value <= _LARGEST:
        raise BadInput(f"value {row['value'][:20]!r} is not usable; expected a number of at least 0", where=where)
    state, partner = code(row["state"].strip()), row["partner"].strip()
    partner = WORLD if partner.upper() == WORLD else code(partner)
    if state == partner:
        raise BadInput(f"{state} is its own partner; expected two states", where=where)
    unit = (row.get(UNIT) or "").strip()
    if len(unit) > 40 or not unit.isprintable():
        raise BadInput(f"unit {unit[:40]!r} is no unit; expected for example million USD", where=where)
    return Tie(state, partner, kind, int(row["year"]), value, unit or None)


def write_dependence(ties: Iterable[Tie], path: str | Path) -> int:
    """Write ties as the CSV that :func:`read_dependence` reads; the number of rows."""
    count = 0
    with Path(path).open("w", newline="", encoding="utf-8") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow((*COLUMNS, UNIT))
        for tie in ties:
            writer.writerow([tie.state, tie.partner, tie.kind, tie.year, f"{tie.value:.10g}", tie.unit or ""])
            count += 1
    return count
