"""What users correct (confirm, reject, merge, split, correct): JSON Lines, put on again after every reading."""

from __future__ import annotations

import dataclasses
import json
import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal, get_args

from detente.commitments.model import FIRMNESS, STATUSES, Commitment, Provision
from detente.commitments.status import overall
from detente.errors import BadInput, BadOption, DetenteError
from detente.records import parse_date, stable_id

__all__ = ["ACTIONS", "FIELDS", "Correction", "add_correction", "apply", "read_corrections"]

Action = Literal["confirm", "reject", "merge", "split", "correct"]
ACTIONS: tuple[Action, ...] = get_args(Action)
FIELDS = ("status", "since", "firmness", "made", "parties", "by", "to")
"""Fields of a commitment that a user may set."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """One correction of one commitment.

    ``others`` are the ids merged into it; ``provisions`` the numbers (from 1) that a split takes out; ``fields`` what
    to set, as text (lists of parties with commas). ``evidence`` names for the commitment and for each of the others a
    document that states it: where an older report has come to light since, which gives a commitment another id, it is
    known again by that.
    """

    action: Action
    commitment_id: str
    others: tuple[str, ...] = ()
    provisions: tuple[int, ...] = ()
    fields: tuple[tuple[str, str], ...] = ()
    evidence: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.action not in ACTIONS:
            raise BadOption("correction", self.action, ACTIONS)
        if not isinstance(self.commitment_id, str) or not self.commitment_id:
            raise BadInput(f"a correction needs the id of a commitment, not {self.commitment_id!r}")
        if self.action == "merge" and not self.others:
            raise BadInput("merge needs the ids of the commitments to merge")
        if self.action == "split" and not self.provisions:
            raise BadInput("split needs the numbers of the provisions to take out, from 1")
        if self.action == "correct" and not self.fields:
            raise BadInput("correct needs a field and its value")
        for name, value in self.fields:
            if name not in FIELDS:
                raise BadOption("field", name, FIELDS)
            if name == "status" and value not in STATUSES:
                raise BadOption("status", value, STATUSES)
            if name == "firmness" and value not in FIRMNESS:
                raise BadOption("firmness", value, FIRMNESS)
            if name in ("since", "made"):
                parse_date(value, name)


def read_corrections(path: Path) -> tuple[Correction, ...]:
    """The corrections of a file in order; none where there is no file; BadInput with the line of a bad one."""
    if not path.exists():
        return ()
    found = []
    with path.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines, 1):
            if not line.strip():
                continue
            try:
                found.append(_parse(json.loads(line)))
            except (DetenteError, ValueError, TypeError, AttributeError) as error:
                raise BadInput(f"not a correction: {error}", f"{path}:{number}") from None
    return tuple(found)


def _parse(data: Mapping[str, Any]) -> Correction:
    known = {f.name for f in dataclasses.fields(Correction)}
    for name in data:
        if name not in known:
            raise BadOption("key", name, sorted(known))
    return Correction(
        action=data.get("action"),  # type: ignore[arg-type]  # checked by the record
        commitment_id=str(data.get("commitment_id") or ""),
        others=tuple(str(item) for item in data.get("others", ())),
        provisions=tuple(int(item) for item in data.get("provisions", ())),
        fields=tuple((str(name), str(value)) for name, value in dict(data.get("fields", {})).items()),
        evidence=tuple(str(item) for item in data.get("evidence", ())),
    )


def add_correction(path: Path, correction: Correction) -> None:
    """Append one correction; on disk when this returns."""
    data: dict[str, Any] = {"action": correction.action, "commitment_id": correction.commitment_id}
    if correction.others:
        data["others"] = list(correction.others)
    if correction.provisions:
        data["provisions"] = list(correction.provisions)
    if correction.fields:
        data["fields"] = dict(correction.fields)
    if correction.evidence:
        data["evidence"] = list(correction.evidence)
    try:
        with path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(data, ensure_ascii=False) + "\n")
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        raise BadInput(f"corrections cannot be written: {error.strerror}", str(path)) from None


def apply(
    commitments: Iterable[Commitment], corrections: Sequence[Correction]
) -> tuple[tuple[Commitment, ...], tuple[Correction, ...]]:
    """The commitments as corrected, and the corrections that meet none of them (an id that is no longer there)."""
    known = {c.commitment_id: c for c in commitments}
    unmet = []
    for correction in corrections:
        meant = _meant(correction, known)
        if meant is None:
            unmet.append(correction)
            continue
        found, *rest = (known[name] for name in meant)
        if correction.action == "confirm":
            known[found.commitment_id] = _marked(found, "confirmed")
        elif correction.action == "reject":
            del known[found.commitment_id]
        elif correction.action == "merge":
            others = [other for other in rest if known.pop(other.commitment_id, None) and other is not found]
            known[found.commitment_id] = _merged(found, others)
        elif correction.action == "split":
            parts = _split(found, correction.provisions)
            if parts is None:
                unmet.append(correction)
                continue
            known.update({part.commitment_id: part for part in parts})
        else:
            known[found.commitment_id] = _set(found, correction.fields)
    return tuple(sorted(known.values(), key=lambda c: (c.made, c.commitment_id))), tuple(unmet)


def _meant(correction: Correction, known: Mapping[str, Commitment]) -> list[str] | None:
    """The ids of the commitments that a correction is about, as they are now; None where one is gone."""
    stated = correction.evidence or ("",) * (1 + len(correction.others))
    found = []
    for name, document_id in zip((correction.commitment_id, *correction.others), stated, strict=False):
        also = (c.commitment_id for c in known.values() if any(e.document_id == document_id for e in c.evidence))
        now = name if name in known else next(also, None)
        if now is None:
            return None
        found.append(now)
    return found if len(found) == 1 + len(correction.others) else None


def _marked(commitment: Commitment, what: str) -> Commitment:
    return replace(commitment, corrected=tuple(dict.fromkeys([*commitment.corrected, what])))


def _restated(commitment: Commitment, provisions: Sequence[Provision]) -> Commitment:
    status, since = overall(provisions, commitment.made)
    steps = [r.date for p in provisions for r in p.follow_through if r.kind in ("advance", "fulfil")]
    return replace(
        commitment,
        provisions=tuple(provisions),
        status=status,
        since=since,
        last_follow_through=max(steps, default=None),
        silence=commitment.silence if status in ("advancing", "stalled") else None,
    )


def _merged(into: Commitment, others: Sequence[Commitment]) -> Commitment:
    every = [into, *others]
    evidence = {(e.document_id, e.sentence_no): e for c in every for e in c.evidence}
    merged = replace(
        into,
        parties=tuple(dict.fromkeys(p for c in every for p in c.parties)),
        by=tuple(dict.fromkeys(p for c in every for p in c.by)),
        to=tuple(dict.fromkeys(p for c in every for p in c.to)),
        made=min(c.made for c in every),
        firmness=min((c.firmness for c in every), key=FIRMNESS.index),
        evidence=tuple(sorted(evidence.values(), key=lambda e: (e.published, e.document_id, e.sentence_no))),
        contradictions=tuple(x for c in every for x in c.contradictions),
        omissions=tuple(x for c in every for x in c.omissions),
    )
    by_hand: dict[str, Any] = {name: getattr(into, name) for name in into.corrected if name in FIELDS}
    return _marked(replace(_restated(merged, [p for c in every for p in c.provisions]), **by_hand), "merged")


def _split(commitment: Commitment, numbers: Sequence[int]) -> tuple[Commitment, Commitment] | None:
    """The commitment without the provisions of these numbers, and one with them; None where one would be empty."""
    chosen = {number - 1 for number in numbers}
    out = [p for n, p in enumerate(commitment.provisions) if n in chosen]
    kept = [p for n, p in enumerate(commitment.provisions) if n not in chosen]
    if not out or not kept or len(out) != len(chosen):
        return None
    other = replace(
        commitment,
        commitment_id=stable_id(commitment.commitment_id, "split", *(p.words for p in out)),
        contradictions=(),
    )
    return _marked(_restated(commitment, kept), "split"), _marked(_restated(other, out), "split")


def _set(commitment: Commitment, fields: Sequence[tuple[str, str]]) -> Commitment:
    values: dict[str, Any] = {}
    for name, value in fields:
        if name in ("since", "made"):
            values[name] = parse_date(value, name)
        elif name in ("parties", "by", "to"):
            values[name] = tuple(part.strip() for part in value.split(",") if part.strip())
        else:
            values[name] = value
    changed = replace(commitment, **values)
    for name, _ in fields:
        changed = _marked(changed, name)
    return changed
