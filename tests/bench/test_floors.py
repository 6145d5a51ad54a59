"""Floors: the packaged model must not get worse. The data sets are found by DETENTE_DATA or beside the checkout."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from detente.bench import run
from detente.errors import BadOption, NotFound

DATA = Path(os.environ.get("DETENTE_DATA", Path(__file__).parents[3] / "shared" / "data")) / "coding"
GOLD = Path(__file__).parents[2] / "benchmarks" / "gold"


def needs(path: Path) -> Path:
    if not path.is_file():
        pytest.skip(f"{path.name} is not here: set DETENTE_DATA")
    return path


@pytest.mark.slow
def test_text_to_event() -> None:
    result = run("plover-gold", {"file": needs(DATA / "plover_gsr_dev.jsonl")})
    assert result["n"] == 156
    assert result["type"]["f1"] >= 0.80
    assert result["type_and_countries"]["f1"] >= 0.60


@pytest.mark.slow
def test_marked_pairs() -> None:
    result = run("classify", {"file": needs(DATA / "plv_train.tsv")})
    assert result["macro_f1"] >= 0.85


@pytest.mark.slow
def test_sentences_without_event() -> None:
    needs(GOLD / "none.txt")
    assert run("none")["events_per_sentence"] <= 0.08


@pytest.mark.slow
def test_status() -> None:
    needs(GOLD / "status.txt")
    assert run("status")["pair_given"]["macro_f1"] >= 0.82


@pytest.mark.slow
def test_speakers() -> None:
    needs(GOLD / "speakers.txt")
    assert run("speakers")["accuracy"] >= 0.75


def test_speed_gives_its_figures(tmp_path: Path) -> None:
    docs = tmp_path / "docs.jsonl"
    docs.write_text('{"id": "a", "text": "Iran accused Israel of lying. It rained."}\n' * 3, "utf-8")
    # in a process of its own: the peak memory counts the largest child that a process ever had
    command = [sys.executable, "-c", "from detente.cli import main; main()", "bench", "speed", "--docs", str(docs)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    result = json.loads(done.stdout.splitlines()[-1])
    assert result["sentences"] == 6
    assert result["sentences_per_second"] > 0
    assert 0 < result["startup_seconds"] < 60
    assert result["growth"][-1]["peak_mib"] < 1536


def test_unknown_names_and_files_are_refused(tmp_path: Path) -> None:
    with pytest.raises(BadOption, match="plover-gold"):
        run("nonsense")
    with pytest.raises(BadOption, match="file"):
        run("classify")
    with pytest.raises(NotFound, match="gone"):
        run("classify", {"file": tmp_path / "gone.tsv"})
