"""Promises and reports: written pairs (``training/promises``) and the development part of the gold set."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from detente.commitments.reader import TELLS, promise_text, report_text

__all__ = ["Pair", "accords", "dossiers", "epoch_pairs", "written"]

HERE = Path(__file__).parent / "promises"
NOT_ABOUT = 0.45
"""Share of an accord's pairs of which nothing is told that an epoch sees; else two of three pairs would be such."""
STRANGERS = 0.12
"""Pairs with the promise of another group, in shares of all."""
BARE = 0.2
"""Share of the reports that are shown without their title."""
CLAUSE = 0.2
"""Share of the promises that are shown without the sentence around them."""


@dataclass(frozen=True, slots=True)
class Pair:
    """A promise and a report, and what the report tells of it."""

    group: str
    """Promises of one group belong together."""
    year: int
    firmness: str
    clause: str
    sentence: str
    title: str
    text: str
    tells: str

    @property
    def shown(self) -> tuple[str, str]:
        """Promise and report as the reader takes them."""
        return promise_text(self.year, self.firmness, self.clause, self.sentence), report_text(self.title, self.text)


def written(folder: Path = HERE) -> list[Pair]:
    """The written pairs: every report with every deed of its promise or accord."""
    pairs = []
    for path in sorted(folder.glob("*.jsonl")):
        for line in path.read_text("utf-8").splitlines():
            p = json.loads(line)
            for deed, clause in enumerate(p.get("texts") or [p["text"]]):
                for r in p["reports"]:
                    tells = r["kinds"][deed] if "kinds" in r else r["kind"]
                    if tells not in TELLS:
                        raise ValueError(f"{path.name}: {p['id']}: no such kind: {tells}")
                    year = int(p["made"][:4])
                    pairs.append(
                        Pair(p["id"], year, p["firmness"], clause, p["sentence"], r["title"], r["text"], tells)
                    )
    return pairs


def dossiers(path: Path) -> list[Pair]:
    """Of a file of the gold set, every document after the making with every provision."""
    pairs = []
    for line in path.read_text("utf-8").splitlines():
        case = json.loads(line)
        documents = sorted([*case["documents"], *case.get("background", [])], key=lambda d: d["date"])
        for g in case["commitments"]:
            told = {(f["document"], f["provision"]): f["kind"] for f in g["follow_through"]}
            first = min((d["date"] for d in documents if d["id"] in g["evidence"]), default=g["made"])
            for p in g["provisions"]:
                stating = next((d for d in documents if p["text"] in d["text"]), None)
                if stating is None:
                    continue
                cut = re.split(r"(?<=[.!?]) +", stating["text"])
                sentence = next((s for s in cut if p["text"] in s), p["text"])
                for d in documents:
                    if d["id"] == stating["id"] or not first <= d["date"] <= case["as_of"]:
                        continue
                    tells = told.get((d["id"], p["subject"])) or ("restate" if d["id"] in g["evidence"] else "none")
                    year = int(g["made"][:4])
                    pairs.append(
                        Pair(case["id"], year, g["firmness"], p["text"], sentence, d["title"], d["text"], tells)
                    )
    return pairs


def accords(pair: Pair) -> bool:
    """Whether a pair is one of an accord of several deeds."""
    return pair.group.startswith("x")


def epoch_pairs(pairs: Sequence[Pair], rng: random.Random) -> list[Pair]:
    """What an epoch sees: fewer pairs of which nothing is told, some strangers, some titles and sentences left out."""
    seen = [p for p in pairs if p.tells != "none" or not accords(p) or rng.random() < NOT_ABOUT]
    for pair in rng.sample(seen, int(len(seen) * STRANGERS)):
        other = rng.choice(seen)
        if other.group != pair.group and pair.tells != "none":
            seen.append(replace(other, title=pair.title, text=pair.text, tells="none"))
    return [
        replace(
            p,
            title="" if rng.random() < BARE else p.title,
            sentence=p.clause if rng.random() < CLAUSE else p.sentence,
        )
        for p in seen
    ]
