"""What every format is made of: how its files are cut into rows, and how a row becomes an event.

A format is data: SQL expressions over the columns of its files, one for each field of a :class:`Format`'s ``fields``,
and three functions that are called once for every distinct actor, deed and place, never for every row.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from detente import ontology
from detente.errors import UnknownName

__all__ = ["FIELDS", "Deed", "DeedKey", "Format", "Layout", "PartyKey", "ResolvedParty", "cameo_deed", "plover_deed"]

FIELDS: Mapping[str, str] = {
    "record_no": "BIGINT",
    "record": "VARCHAR",
    "date": "DATE",
    "published": "DATE",
    "actor_text": "VARCHAR",
    "actor_code": "VARCHAR",
    "actor_extra": "VARCHAR",
    "recipient_text": "VARCHAR",
    "recipient_code": "VARCHAR",
    "recipient_extra": "VARCHAR",
    "deed": "VARCHAR",
    "mode": "VARCHAR",
    "contexts": "VARCHAR",
    "intensity": "VARCHAR",
    "date_precision": "VARCHAR",
    "place": "VARCHAR",
    "place_code": "VARCHAR",
    "latitude": "DOUBLE",
    "longitude": "DOUBLE",
    "place_precision": "INTEGER",
    "url": "VARCHAR",
    "source": "VARCHAR",
    "story": "VARCHAR",
    "sentence_no": "INTEGER",
    "sentence": "VARCHAR",
    "mentions": "INTEGER",
    "sources": "INTEGER",
    "articles": "INTEGER",
    "root": "BOOLEAN",
    "trust": "FLOAT",
}
"""What a format says of a row, with its SQL type: the common shape. A field that a format lacks is null.

``record_no`` or ``record`` is the data set's own id. ``*_code`` and ``*_extra`` are what the data set says of a party
beside its name, in its own codes; ``deed``, ``mode``, ``contexts`` and ``intensity`` what happened, ``place_code`` the
country it happened in, the same way. ``place_precision`` is 1 for a country, 2 for a region, 3 for a town or nearer.
"""


class PartyKey(NamedTuple):
    """What a data set says of one actor; ``month`` is its first day, or None where the date makes no difference."""

    text: str | None
    code: str | None
    extra: str | None
    month: datetime.date | None


class ResolvedParty(NamedTuple):
    """Who that is; ``reason`` says what could not be mapped, in a few words, or is None."""

    name: str | None
    country: str | None = None
    sector: str | None = None
    reason: str | None = None


class DeedKey(NamedTuple):
    """What a data set says happened, in its own codes."""

    deed: str | None
    mode: str | None = None
    contexts: str | None = None
    intensity: str | None = None
    date_precision: str | None = None


class Deed(NamedTuple):
    """What that is in PLOVER; ``event`` is None where it has no type for it, ``reason`` says so."""

    event: str | None
    mode: str | None
    contexts: tuple[str, ...]
    cameo: str | None
    quad: int
    intensity: float
    reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """How a file is cut into rows: ``columns`` in order where it has no header line, else its names are in the file.

    ``types`` are the columns that must read as their type where they hold something, ``whole`` those that no whole
    row leaves empty; a row that fails is left out.
    """

    delimiter: str = "\t"
    quote: str = ""
    columns: tuple[str, ...] = ()
    types: Mapping[str, str] = field(default_factory=dict)
    dateformat: str | None = None
    whole: tuple[str, ...] = ()

    @property
    def header(self) -> bool:
        """Whether the first line names the columns."""
        return not self.columns


@dataclass(frozen=True, slots=True, kw_only=True)
class Format:
    """An event data set's form. ``fields`` maps names of ``FIELDS`` to SQL over the layout's columns.

    ``layout`` is chosen from a file's first bytes; BadInput where they are of no layout that the format has.
    ``columns`` are those it reads of a file with a header line, ``needs`` those without which it is another format.
    ``trust`` is SQL (0 to 1) over the fields: how far the record deserves trust by what the data set says of it.
    """

    name: str
    title: str
    coder: str
    layout: Callable[[bytes], Layout]
    fields: Mapping[str, str]
    columns: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    party: Callable[[PartyKey], ResolvedParty]
    deed: Callable[[DeedKey], Deed | None]
    country: Callable[[str], str | None]
    trust: str
    dated_names: bool = False
    repeats: bool = False
    dataset: str = ""

    def __post_init__(self) -> None:
        if not self.dataset:
            object.__setattr__(self, "dataset", self.name)


def cameo_deed(code: str | None) -> Deed | None:
    """The PLOVER reading of a CAMEO code, the code itself kept; None for what is no code, not even in part.

    A code that CAMEO does not have is read as its parent, at last its root; a lost zero in front is put back (``43``).
    """
    if not code:
        return None
    known = f"0{code}" if code not in ontology.CAMEO and f"0{code}" in ontology.CAMEO else code
    while len(known) > 2 and known not in ontology.CAMEO:
        known = known[:-1]
    if known not in ontology.CAMEO:
        return None
    reading, entry = ontology.cameo_to_plover(known), ontology.CAMEO[known]
    return Deed(
        event=reading.event,
        mode=reading.mode,
        contexts=tuple(reading.contexts),
        cameo=known,
        quad=entry.quad,
        intensity=entry.intensity,
        reason=None if reading.event else f"CAMEO {known} has no PLOVER type",
    )


def plover_deed(event: str | None, mode: str | None = None, contexts: tuple[str, ...] = ()) -> Deed | None:
    """A deed given in PLOVER's words; an unknown mode is dropped with a reason, None for an unknown type."""
    name = (event or "").strip().upper()
    if name not in ontology.TYPES:
        return None
    plain = (mode or "").strip().lower().replace(" ", "-").replace("_", "-") or None
    known = plain in ontology.TYPES[name].modes
    try:
        intensity = ontology.intensity(name, plain if known else None)
    except UnknownName:  # a type without a score of its own
        intensity = 0.0
    return Deed(
        event=name,
        mode=plain if known else None,
        contexts=tuple(c for c in contexts if c in ontology.CONTEXTS),
        cameo=None,
        quad=ontology.quad(name),
        intensity=intensity,
        reason=None if known or plain is None else f"{name} has no mode {plain!r}",
    )
