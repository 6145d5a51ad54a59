"""The written pairs that the reader learns from keep to their guidelines."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest

from training.promises import HERE, written


def test_deeds_stand_in_their_sentence_and_each_has_a_kind() -> None:
    for path in sorted(HERE.glob("*.jsonl")):
        for line in path.read_text("utf-8").splitlines():
            p = json.loads(line)
            deeds = p.get("texts") or [p["text"]]
            assert all(deed in p["sentence"] for deed in deeds), p["id"]
            assert all(len(r.get("kinds") or [r["kind"]]) == len(deeds) for r in p["reports"]), p["id"]
            assert all(r["date"] > p["made"] for r in p["reports"]), p["id"]


def test_every_kind_is_well_represented_and_no_pair_is_there_twice() -> None:
    pairs = written()
    counts = Counter(pair.tells for pair in pairs)
    assert min(counts.values()) >= 500, counts
    assert max(Counter((p.group, p.clause, p.text) for p in pairs).values()) == 1


def test_a_wrong_kind_is_named(tmp_path: Path) -> None:
    first = sorted(HERE.glob("w*.jsonl"))[0].read_text("utf-8").splitlines()[0]
    p = json.loads(first)
    p["reports"][0]["kind"] = "kept"
    (tmp_path / "a.jsonl").write_text(json.dumps(p), "utf-8")
    with pytest.raises(ValueError, match="kept"):
        written(tmp_path)
