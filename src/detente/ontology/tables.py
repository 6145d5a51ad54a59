"""The tables of PLOVER and CAMEO, read once from the CSV files beside this module."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

_DATA = Path(__file__).parent / "data"

QUADS: Mapping[int, str] = MappingProxyType(
    {1: "verbal cooperation", 2: "material cooperation", 3: "verbal conflict", 4: "material conflict"}
)
"""Number of the quad class to its name."""


@dataclass(frozen=True, slots=True)
class Mode:
    """How an event of a type was done; ``intensity`` is its PLOVER score."""

    event: str
    name: str
    intensity: float
    description: str


@dataclass(frozen=True, slots=True)
class EventType:
    """One of PLOVER's 16 event types; ``intensity`` is its PLOVER score, -10 to +10."""

    name: str
    definition: str
    quad: int
    intensity: float
    requires_recipient: bool
    modes: Mapping[str, Mode]


@dataclass(frozen=True, slots=True)
class Context:
    """What an event was about; applies to any type."""

    name: str
    description: str


@dataclass(frozen=True, slots=True)
class Sector:
    """A part of society that an actor belongs to; ``scheme`` is PLOVER, or CAMEO for codes that PLOVER dropped."""

    code: str
    name: str
    definition: str
    scheme: str


@dataclass(frozen=True, slots=True)
class CameoCode:
    """A CAMEO code: ``intensity`` is its Goldstein value, ``quad`` its quad class, ``note`` what the crosswalk does."""

    code: str
    name: str
    intensity: float
    quad: int
    root: str
    parent: str | None
    event: str | None
    mode: str | None
    contexts: tuple[str, ...]
    note: str


def _rows(name: str) -> Iterator[dict[str, str]]:
    with (_DATA / name).open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def _load_types() -> Mapping[str, EventType]:
    modes: dict[str, dict[str, Mode]] = {}
    for row in _rows("modes.csv"):
        mode = Mode(row["event"], row["name"], float(row["intensity"]), row["description"])
        modes.setdefault(mode.event, {})[mode.name] = mode
    return MappingProxyType(
        {
            row["name"]: EventType(
                name=row["name"],
                definition=row["definition"],
                quad=int(row["quad"]),
                intensity=float(row["intensity"]),
                requires_recipient=row["requires_recipient"] == "true",
                modes=MappingProxyType(modes.get(row["name"], {})),
            )
            for row in _rows("types.csv")
        }
    )


def _cameo_quad(root: str) -> int:
    """Quad class by root as GDELT and ICEWS users count it: 01-05, 06-08, 09-13, 14-20."""
    number = int(root)
    return 1 if number <= 5 else 2 if number <= 8 else 3 if number <= 13 else 4


def _load_cameo() -> Mapping[str, CameoCode]:
    codes: dict[str, CameoCode] = {}
    for row in _rows("cameo.csv"):
        code = row["code"]
        codes[code] = CameoCode(
            code=code,
            name=row["name"],
            intensity=float(row["goldstein"]),
            quad=_cameo_quad(code[:2]),
            root=code[:2],
            parent=code[:-1] if len(code) > 2 else None,
            event=row["event"] or None,
            mode=row["mode"] or None,
            contexts=tuple(row["contexts"].split()),
            note=row["note"],
        )
    return MappingProxyType(codes)


TYPES: Mapping[str, EventType] = _load_types()
"""PLOVER's event types by name, in the codebook's order of the quad classes."""

CONTEXTS: Mapping[str, Context] = MappingProxyType(
    {row["name"]: Context(row["name"], row["description"]) for row in _rows("contexts.csv")}
)
"""PLOVER's contexts by name (words joined by underscores)."""

SECTORS: Mapping[str, Sector] = MappingProxyType(
    {row["code"]: Sector(row["code"], row["name"], row["definition"], row["scheme"]) for row in _rows("sectors.csv")}
)
"""Sector codes, PLOVER's first."""

CAMEO: Mapping[str, CameoCode] = _load_cameo()
"""CAMEO codes of two to four digits, leading zeros kept."""
