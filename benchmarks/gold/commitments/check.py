"""Check the commitments gold files against the rules in README.md and print counts."""

import json
import sys
from collections import Counter
from datetime import date
from pathlib import Path

HERE = Path(__file__).parent
STATUS = {"fulfilled", "advancing", "stalled", "breached", "superseded"}
FIRMNESS = {"signed", "agreed", "announced", "offered", "considered", "threatened"}
KIND = {"advance", "fulfil", "breach", "replace", "deny", "absent"}
FEATURES = set(
    "none early two contradiction back_reference added_provision omission bypass late "
    "coverage_ends repeat".split()
)


def check(case, fail):
    docs = case["documents"]
    all_docs = docs + case["background"]
    ids = [d["id"] for d in all_docs]
    if len(set(ids)) != len(ids):
        fail("document ids repeat")
    if not 3 <= len(docs) <= 8 or len(case["background"]) > 3:
        fail(f"{len(docs)} documents, {len(case['background'])} background")
    for group in (docs, case["background"]):
        if [d["date"] for d in group] != sorted(d["date"] for d in group):
            fail("not sorted by date")
    as_of = date.fromisoformat(case["as_of"])
    for d in all_docs:
        if not date(1944, 6, 1) <= date.fromisoformat(d["date"]) <= date(2024, 12, 31):
            fail(f"date {d['date']}")
        words = len(d["text"].split())
        if not 20 <= words <= 80:
            fail(f"{d['id']}: {words} words")
    late = any(date.fromisoformat(d["date"]) > as_of for d in docs)
    if late != ("early" in case["features"]):
        fail("feature early does not fit")
    if set(case["features"]) - FEATURES:
        fail(f"features {case['features']}")
    if ("none" in case["features"]) != (not case["commitments"]):
        fail("feature none does not fit")
    if ("two" in case["features"]) != (len(case["commitments"]) > 1):
        fail("feature two does not fit")
    if not case["check"]:
        fail("no check titles")
    date_of = {d["id"]: d["date"] for d in docs}
    text = [d["text"] for d in docs]
    for c in case["commitments"]:
        if c["status"] not in STATUS or c["firmness"] not in FIRMNESS:
            fail("status or firmness")
        for party in c["by"] + c["to"]:
            if party not in c["parties"]:
                fail(f"{party} is no party")
        if not c["by"]:
            fail("nobody commits")
        for key in ("made", "since", "last_follow_through"):
            if c[key] and date.fromisoformat(c[key]) > as_of:
                fail(f"{key} after as_of")
        if c["since"] and c["since"] < c["made"]:
            fail("since before made")
        if not 1 <= len(c["provisions"]) <= 5:
            fail("number of provisions")
        subjects = [p["subject"] for p in c["provisions"]]
        if len(set(subjects)) != len(subjects):
            fail("subjects repeat")
        for p in c["provisions"]:
            if not 1 <= len(p["subject"].split()) <= 4 or p["level"] not in range(4):
                fail(f"subject or level of {p['subject']}")
            if p["due"]:
                date.fromisoformat(p["due"])
            for key in ("text", "condition"):
                if p[key] and not any(p[key] in t for t in text):
                    fail(f"{key} not in any document: {p[key]!r}")
        for e in c["evidence"]:
            if e not in date_of or date_of[e] > case["as_of"]:
                fail(f"evidence {e}")
        if not c["evidence"]:
            fail("no evidence")
        if not any(p["text"] in d["text"] for p in c["provisions"] for d in docs if d["id"] in c["evidence"]):
            fail("no provision stated in the evidence")
        last, kinds = None, set()
        for f in c["follow_through"]:
            if f["document"] not in date_of or date_of[f["document"]] > case["as_of"]:
                fail(f"follow-through {f}")
                continue
            if f["provision"] not in subjects or f["kind"] not in KIND:
                fail(f"follow-through {f}")
            kinds.add(f["kind"])
            if f["kind"] in ("advance", "fulfil"):
                last = max(last or "", date_of[f["document"]])
        if last != c["last_follow_through"]:
            fail("last_follow_through")
        need = {"fulfilled": "fulfil", "breached": "breach", "superseded": "replace"}.get(c["status"])
        if need and need not in kinds:
            fail(f"{c['status']} without {need}")
        if c["status"] == "fulfilled" and not any(p["level"] == 3 for p in c["provisions"]):
            fail("fulfilled without level 3")
        if case.get("coverage_ends") and c["status"] == "stalled":
            fail("stalled although coverage ends")


def main():
    bad, seen = 0, set()
    total = Counter()
    for name in ("dev_a", "dev_b", "heldout"):
        counts = Counter()
        for line in (HERE / f"{name}.jsonl").read_text(encoding="utf-8").splitlines():
            case = json.loads(line)

            def fail(why):
                nonlocal bad
                bad += 1
                print(f"{name} {case['id']}: {why}")

            if case["id"] in seen:
                fail("id repeats")
            seen.add(case["id"])
            check(case, fail)
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
