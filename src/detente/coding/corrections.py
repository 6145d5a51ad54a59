"""Corrections by users: wrong codings deleted, kept or changed, applied each time a document is coded.

A file of JSON Lines; each line has ``event_id``, or ``document_id`` with optional ``sentence_no``, which say what it
is about, and an ``action``: ``delete``, ``keep`` (states that the coding is right; training can use it) or ``change``
with ``fields``: new values of ``event``, ``mode``, ``status``, ``date``, ``said_by``, ``actor`` or ``recipient``.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, cast, get_args

from detente.errors import BadDate, BadInput
from detente.ontology import TYPES, intensity, quad
from detente.records import Event, Party, Status, parse_date

__all__ = ["Correction", "apply_corrections", "parse_correction", "read_corrections"]

Action = Literal["delete", "keep", "change"]
_FIELDS = ("event", "mode", "status", "date", "said_by", "actor", "recipient")
_PARTY_FIELDS = ("name", "country", "sector")


@dataclass(frozen=True, slots=True)
class Correction:
    """What a user says about coded events."""

    action: Action
    event_id: str | None = None
    document_id: str | None = None
    sentence_no: int | None = None
    fields: tuple[tuple[str, Any], ...] = ()

    def matches(self, event: Event) -> bool:
        """Whether the correction is about this event."""
        if self.event_id is not None:
            return event.event_id == self.event_id
        return event.document_id == self.document_id and self.sentence_no in (None, event.sentence_no)


def _check_fields(fields: dict[str, Any], where: str | None) -> tuple[tuple[str, Any], ...]:
    for name, value in fields.items():
        if name not in _FIELDS:
            raise BadInput(f"cannot change {name!r}; fields are: {', '.join(_FIELDS)}", where)
        if name == "event" and value not in TYPES:
            raise BadInput(f"unknown event type {value!r}; types are: {', '.join(TYPES)}", where)
        if name == "status" and value not in get_args(Status):
            raise BadInput(f"unknown status {value!r}; one of: {', '.join(get_args(Status))}", where)
        if name == "date":
            try:
                fields = fields | {"date": parse_date(value)}
            except BadDate as error:
                raise BadInput(str(error), where) from None
        if name in ("mode", "said_by") and not isinstance(value, str | None):
            raise BadInput(f"{name} takes a text or null; got {value!r}", where)
        if name in ("actor", "recipient") and value is not None:
            unknown = set(value) - set(_PARTY_FIELDS) if isinstance(value, dict) else {str(value)}
            if unknown:
                raise BadInput(f"{name} takes an object with {', '.join(_PARTY_FIELDS)}; got {sorted(unknown)}", where)
            if not all(isinstance(part, str | None) for part in value.values()):
                raise BadInput(f"the parts of {name} are texts or null", where)
    return tuple(fields.items())


def parse_correction(raw: object, where: str | None = None) -> Correction:
    """The correction that JSON data say; BadInput, with ``where`` it stands, for what is none."""
    if not isinstance(raw, dict) or raw.get("action") not in get_args(Action):
        raise BadInput(f"a correction needs an action: {', '.join(get_args(Action))}", where)
    if raw.get("event_id") is None and raw.get("document_id") is None:
        raise BadInput("a correction needs event_id or document_id", where)
    fields = raw.get("fields") or {}
    if (raw["action"] == "change") != bool(fields) or not isinstance(fields, dict):
        raise BadInput("fields go with the action change, and with no other", where)
    return Correction(
        cast("Action", raw["action"]),
        raw.get("event_id"),
        raw.get("document_id"),
        raw.get("sentence_no"),
        _check_fields(fields, where),
    )


def read_corrections(path: Path) -> tuple[Correction, ...]:
    """The corrections of a file; BadInput names file and line of the first that is wrong."""
    corrections = []
    for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1):
        if not line.strip():
            continue
        where = f"{path}:{number}"
        try:
            raw = json.loads(line)
        except ValueError as error:
            raise BadInput(f"not JSON: {error}", where) from None
        corrections.append(parse_correction(raw, where))
    return tuple(corrections)


def _changed(event: Event, fields: tuple[tuple[str, Any], ...]) -> Event:
    values = dict(fields)
    for side in ("actor", "recipient"):
        if isinstance(values.get(side), dict):
            before = getattr(event, side)
            plain = {f.name: getattr(before, f.name) for f in dataclasses.fields(Party)} if before else {}
            values[side] = Party(**{"text": "", "name": ""} | plain | values[side])
    if "event" in values and "mode" not in values:
        values["mode"] = None
    if "date" in values:
        values["date_precision"] = "day"
    if "event" in values or "mode" in values:
        name, mode = values.get("event", event.event), values.get("mode", event.mode)
        values |= {"quad": quad(name), "intensity": intensity(name, mode), "cameo": None}
    return dataclasses.replace(event, **values | {"confidence": 1.0})


def apply_corrections(
    events: Iterable[Event], corrections: tuple[Correction, ...]
) -> tuple[tuple[Event, ...], dict[str, int]]:
    """The events after correction, and how many were deleted, changed and kept. Later corrections win."""
    counts = {"deleted": 0, "changed": 0, "kept": 0}
    result = []
    for event in events:
        about = [c for c in corrections if c.matches(event)]
        if not about:
            result.append(event)
            continue
        last = about[-1]
        if last.action == "delete":
            counts["deleted"] += 1
        elif last.action == "change":
            counts["changed"] += 1
            result.append(_changed(event, last.fields))
        else:
            counts["kept"] += 1
            result.append(dataclasses.replace(event, confidence=1.0))
    return tuple(result), counts
