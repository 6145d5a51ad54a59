"""Commitments found against the gold set: detection, provisions, conditions, status, with bootstrap intervals."""

from __future__ import annotations

import datetime
import json
import random
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from detente.actors import Gazetteer
from detente.commitments import Commitment, Provision, find
from detente.commitments.words import content, topic
from detente.errors import BadInput
from detente.records import Document, parse_date

__all__ = ["alike", "measure", "names_of"]

DAYS = 31
RESAMPLES = 1000
INTERVAL = 0.9


@dataclass
class _Tally:
    """Counts of one case; sums of them give the figures."""

    counts: dict[str, int] = field(default_factory=dict)

    def add(self, name: str, number: int = 1) -> None:
        self.counts[name] = self.counts.get(name, 0) + number


def measure(path: str | Path, *, resamples: int = RESAMPLES, seed: int = 0) -> dict[str, Any]:
    """Score :func:`detente.commitments.find` on a gold file; every figure with its bootstrap interval over cases.

    Pairing of commitments and the meaning of each label are laid down in the gold set's README. A provision counts as
    found where its subjects share a content word, or half of the content words of its text are the same; a condition
    where half of its words are. Status, levels and dates are counted over the commitments found; ``status_all``
    counts the missed ones as wrong.
    """
    cases = _read(Path(path))
    gazetteer = Gazetteer.default()
    tallies = [_case(case, gazetteer) for case in cases]
    generator = random.Random(seed)  # noqa: S311 - resampling, no secret
    draws = [[generator.randrange(len(tallies)) for _ in tallies] for _ in range(resamples)]
    out: dict[str, Any] = {"file": Path(path).name, "cases": len(cases), "interval": INTERVAL, "resamples": resamples}
    for name, figure in _FIGURES.items():
        samples = sorted(value for draw in draws if (value := figure(_total([tallies[i] for i in draw]))) is not None)
        value = figure(_total(tallies))
        low, high = (
            (
                samples[int(len(samples) * (1 - INTERVAL) / 2)],
                samples[min(len(samples) - 1, int(len(samples) * (1 + INTERVAL) / 2))],
            )
            if samples
            else (None, None)
        )
        out[name] = {"value": _round(value), "low": _round(low), "high": _round(high)}
    out["counts"] = dict(sorted(_total(tallies).items()))
    return out


def _read(path: Path) -> list[dict[str, Any]]:
    cases = []
    with path.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines, 1):
            if not line.strip():
                continue
            try:
                case = json.loads(line)
                case["documents"], case["commitments"], case["as_of"]
            except (ValueError, KeyError, TypeError) as error:
                raise BadInput(f"{path}:{number}: not a case of the commitments gold set: {error}") from None
            cases.append(case)
    if not cases:
        raise BadInput(f"{path}: holds no cases")
    return cases


def predict(case: Mapping[str, Any], gazetteer: Gazetteer) -> tuple[Commitment, ...]:
    """The commitments found in the documents and the background of a case, as of its day."""
    documents = [
        Document(
            document_id=d["id"],
            text=d["text"],
            published=parse_date(d["date"]),
            title=d.get("title"),
            source=d.get("source"),
        )
        for d in [*case["documents"], *case.get("background", [])]
    ]
    return find(documents, until=parse_date(case["as_of"]), gazetteer=gazetteer)


def pair(
    gold: Sequence[Mapping[str, Any]], found: Sequence[Commitment], gazetteer: Gazetteer
) -> list[tuple[Mapping[str, Any], Commitment]]:
    """Gold and found commitments that are the same, the best matching first, each once."""
    options = []
    for i, g in enumerate(gold):
        theirs = names_of(g["parties"], gazetteer)
        for j, f in enumerate(found):
            ours = names_of(f.parties, gazetteer)
            both = sum(any(alike(a, b) for b in ours) for a in theirs)
            union = len(theirs) + len(ours) - both
            share = both / union if union else 0.0
            gap = abs((f.made - parse_date(g["made"])).days)
            evidence = {e.document_id for e in f.evidence} & set(g["evidence"])
            if share >= 0.5 and (gap <= DAYS or evidence):
                options.append((-(gap <= DAYS), -share, gap, i, j))
    pairs, used_gold, used_found = [], set(), set()
    for _, _, _, i, j in sorted(options):
        if i not in used_gold and j not in used_found:
            used_gold.add(i)
            used_found.add(j)
            pairs.append((gold[i], found[j]))
    return pairs


def names_of(parties: Sequence[str], gazetteer: Gazetteer) -> set[str]:
    """Names to compare by: a state's code, else the gazetteer's name, without case and article."""
    names = set()
    for party in parties:
        known = gazetteer.resolve_name(party, datetime.date(2010, 1, 1))
        if known is not None and known.country and (known.kind in ("country", "government") or known.sector == "GOV"):
            names.add(known.country.casefold())
        elif re.fullmatch(r"[A-Z]{3}", party) and (known is None or known.kind not in ("organisation", "armed group")):
            names.add(party.casefold())
        else:
            names.add(re.sub(r"^the ", "", (known.name if known else party).casefold()))
    return names


def alike(one: str, other: str) -> bool:
    """The same name, one a word of the other, or its initials."""
    short, long = sorted((one, other), key=len)
    if short == long or (len(short) > 3 and re.search(rf"\b{re.escape(short)}\b", long)):
        return True
    return len(short) > 2 and short == "".join(word[0] for word in re.findall(r"\w+", long))


def _case(case: Mapping[str, Any], gazetteer: Gazetteer) -> _Tally:
    tally = _Tally()
    found = predict(case, gazetteer)
    gold = case["commitments"]
    pairs = pair(gold, found, gazetteer)
    tally.add("commitments_gold", len(gold))
    tally.add("commitments_found", len(found))
    tally.add("commitments_right", len(pairs))
    tally.add("provisions_gold", sum(len(g["provisions"]) for g in gold))
    tally.add("provisions_found", sum(len(f.provisions) for f in found))
    theirs = [p["condition"] for g in gold for p in g["provisions"] if p["condition"]]
    ours = [p.condition for f in found for p in f.provisions if p.condition]
    tally.add("conditions_gold", len(theirs))
    tally.add("conditions_found", len(ours))
    tally.add("conditions_right", len(_match(theirs, ours, _same_words)))
    for g, f in pairs:
        matched = _match(g["provisions"], f.provisions, same_provision)
        tally.add("provisions_right", len(matched))
        tally.add("levels", len(matched))
        tally.add("levels_right", sum(a["level"] == b.level for a, b in matched))
        tally.add("due_right", sum(a["due"] == (b.due.isoformat() if b.due else None) for a, b in matched))
        tally.add("status_right", g["status"] == f.status)
        last = f.last_follow_through.isoformat() if f.last_follow_through else None
        tally.add("last_right", g["last_follow_through"] == last)
        tally.add("firmness_right", g["firmness"] == f.firmness)
        if g["status"] != "stalled":
            tally.add("unstalled")
            tally.add("falsely_stalled", f.status == "stalled")
    return tally


def same_provision(gold: Mapping[str, Any], found: Provision) -> bool:
    """Whether a found provision is the gold one: a subject word shared, or half of the content words of the text."""
    if set(topic(gold["subject"])) & set(topic(found.subject)):
        return True
    return _overlap(gold["text"], found.words) >= 0.5


def _overlap(one: str, other: str) -> float:
    a, b = set(topic(one)) or set(content(one)), set(topic(other)) or set(content(other))
    return len(a & b) / len(a | b) if a | b else 0.0


def _same_words(one: str, other: str) -> bool:
    a, b = (set(re.findall(r"\w+", text.lower())) for text in (one, other))
    return 2 * len(a & b) >= (len(a) + len(b)) * 0.5


def _match(gold: Sequence[Any], found: Sequence[Any], same: Callable[[Any, Any], bool]) -> list[tuple[Any, Any]]:
    """A largest one-to-one matching, by augmenting paths; the same whatever the order of ties."""
    owner: dict[int, int] = {}

    def place(i: int, tried: set[int]) -> bool:
        for j in range(len(found)):
            if j not in tried and same(gold[i], found[j]):
                tried.add(j)
                if j not in owner or place(owner[j], tried):
                    owner[j] = i
                    return True
        return False

    for i in range(len(gold)):
        place(i, set())
    return [(gold[i], found[j]) for j, i in sorted(owner.items(), key=lambda item: item[1])]


def _total(tallies: Sequence[_Tally]) -> dict[str, int]:
    total: dict[str, int] = {}
    for tally in tallies:
        for name, number in tally.counts.items():
            total[name] = total.get(name, 0) + number
    return total


def _f1(what: str) -> Callable[[Mapping[str, int]], float | None]:
    def figure(total: Mapping[str, int]) -> float | None:
        both = total.get(f"{what}_gold", 0) + total.get(f"{what}_found", 0)
        return 2 * total.get(f"{what}_right", 0) / both if both else None

    return figure


def _share(right: str, of: str) -> Callable[[Mapping[str, int]], float | None]:
    def figure(total: Mapping[str, int]) -> float | None:
        return total.get(right, 0) / total[of] if total.get(of) else None

    return figure


_FIGURES: dict[str, Callable[[Mapping[str, int]], float | None]] = {
    "detection_f1": _f1("commitments"),
    "detection_precision": _share("commitments_right", "commitments_found"),
    "detection_recall": _share("commitments_right", "commitments_gold"),
    "provision_f1": _f1("provisions"),
    "condition_f1": _f1("conditions"),
    "status_accuracy": _share("status_right", "commitments_right"),
    "status_all": _share("status_right", "commitments_gold"),
    "false_stalled": _share("falsely_stalled", "unstalled"),
    "level_accuracy": _share("levels_right", "levels"),
    "due_accuracy": _share("due_right", "levels"),
    "last_follow_through_accuracy": _share("last_right", "commitments_right"),
    "firmness_accuracy": _share("firmness_right", "commitments_right"),
}


def _round(value: float | None) -> float | None:
    return None if value is None else round(value, 4)
