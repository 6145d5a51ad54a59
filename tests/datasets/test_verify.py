"""A data set beside our own coding of its texts."""

import json
from pathlib import Path

import pytest

from detente.cli.main import run
from detente.ledger.verify import _wilson
from tests.datasets import made

ACCUSED = "Russia accused North Korea of breaking its promise on Wednesday."


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    """Rows of three articles, and the texts of two of them and of another."""
    rows = [
        made.gdelt(1, cameo="112", url="https://www.x.org/accused/"),  # ACCUSE RUS→PRK, as the text says
        made.gdelt(2, cameo="190", url="http://x.org/accused#top"),  # ASSAULT, as it does not
        made.gdelt(3, cameo="112", url="http://x.org/other", actor1_code="FRA", actor1_name="FRANCE"),
        made.gdelt(4, cameo="112", url="http://x.org/unread"),
    ]
    texts = [
        {"id": "a", "text": ACCUSED, "url": "http://x.org/accused"},  # without a date: it is that of its rows
        {"id": "b", "text": ACCUSED, "url": "http://x.org/other", "date": "2013-11-14"},
        {"id": "c", "text": ACCUSED, "url": "http://x.org/of-no-event", "date": "2013-11-14"},
        {"id": "d", "text": ""},
    ]
    path = tmp_path / "texts.jsonl"
    path.write_text("".join(json.dumps(text) + "\n" for text in texts), encoding="utf-8")
    return made.write(tmp_path / "a.tsv", "\n".join(rows) + "\n"), path


def test_agreement_by_type_and_state(
    files: tuple[Path, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows, texts = files
    command = ["import", "gdelt", str(rows), "--ledger", str(tmp_path / "my.ledger"), "--verify", str(texts)]
    assert run([*command, "--json"]) == 0
    shown = capsys.readouterr()
    found = json.loads(shown.out)["verify"]
    assert (found["rows"], found["texts"], found["texts_without"]) == (3, 2, 1)
    assert "skipped 1" in shown.err, "a text without words is told"
    whole = {x["name"]: (x["data_set"], x["found_by_us"]) for x in found["all"]}
    assert whole == {"type": (3, 2), "both states": (3, 2), "type and both states": (3, 1)}
    types = {x["name"]: x for x in found["types"]}
    assert (types["ACCUSE"]["data_set"], types["ACCUSE"]["found_by_us"], types["ACCUSE"]["share"]) == (2, 2, 1.0)
    assert types["ACCUSE"]["low"] < 0.5 < types["ACCUSE"]["high"], "two are not many"
    assert (types["ASSAULT"]["data_set"], types["ASSAULT"]["found_by_us"], types["ASSAULT"]["ours"]) == (1, 0, 0)
    states = {x["name"]: x for x in found["states"]}
    assert (states["FRA"]["data_set"], states["FRA"]["found_by_us"]) == (1, 0)
    assert (states["PRK"]["ours"], states["PRK"]["found_by_it"]) == (2, 2)
    assert {x["event_id"] for x in found["differing"]} == {"gdelt:2", "gdelt:3"}
    assert found["differing"][0]["ours"] == ["ACCUSE RUS→PRK"]
    assert run(command) == 0
    text = capsys.readouterr().out
    assert "3 of its events in 2 texts; 1 texts have no event of it" in text
    assert [line.split()[:3] for line in text.splitlines() if "ASSAULT" in line] == [["ASSAULT", "1", "0"]]


def test_wilsons_interval() -> None:
    low, high = _wilson(8, 10)
    assert (round(low, 3), round(high, 3)) == (0.490, 0.943)  # as in Brown, Cai and DasGupta's formula (4)
    assert _wilson(0, 5)[0] == 0.0
    assert _wilson(5, 5)[1] == 1.0
