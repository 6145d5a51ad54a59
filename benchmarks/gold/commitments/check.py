"""Check the commitments gold files against the rules in README.md and print counts."""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
STATUS = {"fulfilled", "advancing", "stalled", "breached", "superseded"}
FIRMNESS = {"signed", "agreed", "announced", "offered", "considered", "threatened"}
KIND = {"advance", "fulfil", "breach", "replace", "deny", "absent"}
FEATURES = {
    "none", "early", "two", "contradiction", "back_reference", "added_provision", "omission", "bypass", "late",
    "coverage_ends", "repeat",
}  # fmt: skip


def _documents(case: dict[str, Any]) -> Iterator[str]:
    """What is wrong with its documents."""
    docs = case["documents"]
    all_docs = docs + case["background"]
    ids = [d["id"] for d in all_docs]
    if len(set(ids)) != len(ids):
        yield "document ids repeat"
    if not 3 <= len(docs) <= 8 or len(case["background"]) > 3:
        yield f"{len(docs)} documents, {len(case['background'])} background"
    for group in (docs, case["background"]):
        if [d["date"] for d in group] != sorted(d["date"] for d in group):
            yield "not sorted by date"
    for d in all_docs:
        if not date(1944, 6, 1) <= date.fromisoformat(d["date"]) <= date(2024, 12, 31):
            yield f"date {d['date']}"
        words = len(d["text"].split())
        if not 20 <= words <= 80:
            yield f"{d['id']}: {words} words"


def _features(case: dict[str, Any]) -> Iterator[str]:
    """Where its features do not fit the rest."""
    docs, as_of = case["documents"], date.fromisoformat(case["as_of"])
    late = any(date.fromisoformat(d["date"]) > as_of for d in docs)
    if late != ("early" in case["features"]):
        yield "feature early does not fit"
    if set(case["features"]) - FEATURES:
        yield f"features {case['features']}"
    if ("none" in case["features"]) != (not case["commitments"]):
        yield "feature none does not fit"
    if ("two" in case["features"]) != (len(case["commitments"]) > 1):
        yield "feature two does not fit"
    if not case["check"]:
        yield "no check titles"


def _commitment(c: dict[str, Any], case: dict[str, Any]) -> Iterator[str]:
    """What is wrong with a commitment itself."""
    docs, as_of = case["documents"], date.fromisoformat(case["as_of"])
    date_of = {d["id"]: d["date"] for d in docs}
    if c["status"] not in STATUS or c["firmness"] not in FIRMNESS:
        yield "status or firmness"
    for party in c["by"] + c["to"]:
        if party not in c["parties"]:
            yield f"{party} is no party"
    if not c["by"]:
        yield "nobody commits"
    for key in ("made", "since", "last_follow_through"):
        if c[key] and date.fromisoformat(c[key]) > as_of:
            yield f"{key} after as_of"
    if c["since"] and c["since"] < c["made"]:
        yield "since before made"
    if not 1 <= len(c["provisions"]) <= 5:
        yield "number of provisions"
    for e in c["evidence"]:
        if e not in date_of or date_of[e] > case["as_of"]:
            yield f"evidence {e}"
    if not c["evidence"]:
        yield "no evidence"
    if not any(p["text"] in d["text"] for p in c["provisions"] for d in docs if d["id"] in c["evidence"]):
        yield "no provision stated in the evidence"


def _provisions(c: dict[str, Any], case: dict[str, Any]) -> Iterator[str]:
    """What is wrong with its provisions."""
    text = [d["text"] for d in case["documents"]]
    subjects = [p["subject"] for p in c["provisions"]]
    if len(set(subjects)) != len(subjects):
        yield "subjects repeat"
    for p in c["provisions"]:
        if not 1 <= len(p["subject"].split()) <= 4 or p["level"] not in range(4):
            yield f"subject or level of {p['subject']}"
        if p["due"]:
            date.fromisoformat(p["due"])
        for key in ("text", "condition"):
            if p[key] and not any(p[key] in t for t in text):
                yield f"{key} not in any document: {p[key]!r}"


def _follow_through(c: dict[str, Any], case: dict[str, Any]) -> Iterator[str]:
    """What is wrong with its follow-through and its status."""
    date_of = {d["id"]: d["date"] for d in case["documents"]}
    subjects = [p["subject"] for p in c["provisions"]]
    last: str | None = None
    kinds: set[str] = set()
    for f in c["follow_through"]:
        if f["document"] not in date_of or date_of[f["document"]] > case["as_of"]:
            yield f"follow-through {f}"
            continue
        if f["provision"] not in subjects or f["kind"] not in KIND:
            yield f"follow-through {f}"
        kinds.add(f["kind"])
        if f["kind"] in ("advance", "fulfil"):
            last = max(last or "", date_of[f["document"]])
    if last != c["last_follow_through"]:
        yield "last_follow_through"
    need = {"fulfilled": "fulfil", "breached": "breach", "superseded": "replace"}.get(c["status"])
    if need and need not in kinds:
        yield f"{c['status']} without {need}"
    if c["status"] == "fulfilled" and not any(p["level"] == 3 for p in c["provisions"]):
        yield "fulfilled without level 3"
    if case.get("coverage_ends") and c["status"] == "stalled":
        yield "stalled although coverage ends"


def problems(case: dict[str, Any]) -> Iterator[str]:
    """What is wrong with a case, in words."""
    yield from _documents(case)
    yield from _features(case)
    for c in case["commitments"]:
        yield from _commitment(c, case)
        yield from _provisions(c, case)
        yield from _follow_through(c, case)


def main() -> int:
    """Check the files that the README counts and print counts; 1 where anything is wrong."""
    bad = 0
    seen: set[str] = set()
    total: Counter[str] = Counter()
    for name in ("dev_a", "dev_b", "heldout", "dev_d", "new_heldout"):
        counts: Counter[str] = Counter()
        for line in (HERE / f"{name}.jsonl").read_text(encoding="utf-8").splitlines():
            case = json.loads(line)
            wrong = [*problems(case), *(["id repeats"] if case["id"] in seen else [])]
            for why in wrong:
                print(f"{name} {case['id']}: {why}")
            bad += len(wrong)
            seen.add(case["id"])
            counts["cases"] += 1
            counts["documents"] += len(case["documents"])
            counts["commitments"] += len(case["commitments"])
            for f in case["features"]:
                counts["feature " + f] += 1
            for c in case["commitments"]:
                counts["status " + c["status"]] += 1
                counts["firmness " + c["firmness"]] += 1
                counts["provisions"] += len(c["provisions"])
                counts["conditions"] += sum(1 for p in c["provisions"] if p["condition"])
        total += counts
        print(name, dict(sorted(counts.items())))
    print("all", dict(sorted(total.items())))
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
