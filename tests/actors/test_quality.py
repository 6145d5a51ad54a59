"""Quality floor for country resolution on the development half of the PLOVER gold standard records."""

import datetime
import json
import os
from pathlib import Path

import pytest

from detente.actors import Gazetteer

DATA = Path(os.environ.get("DETENTE_DATA", Path(__file__).parents[3] / "shared" / "data"))
GOLD = DATA / "coding" / "plover_gsr_dev.jsonl"
WHEN = datetime.date(2003, 6, 1)  # the records carry no date; most of their reports are older than 2005


@pytest.mark.skipif(not GOLD.exists(), reason="needs the PLOVER gold standard records (DETENTE_DATA)")
def test_country_of_gold_mentions() -> None:
    gazetteer = Gazetteer.default()
    right = total = 0
    for line in GOLD.read_text(encoding="utf-8").splitlines():
        record = json.loads(line)
        reading = gazetteer.read(record["text"], WHEN)
        for party in record["actor"] + record["recipient"]:
            start = record["text"].find(party["text"])
            if start < 0:
                found = gazetteer.read(party["text"], WHEN).resolve(0, len(party["text"]))
            else:
                found = reading.resolve(start, start + len(party["text"]))
            total += 1
            right += found.country == party["country_fixed"]
    assert total == 316
    assert right / total >= 0.95
