"""The stable surface: names, keys and exit codes that other programs rely on."""

from __future__ import annotations

import gzip
import io
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import detente as dt
from detente.cli.main import run
from detente.records import STATUSES

TEXT = (
    "North Korea on Tuesday rejected a South Korean proposal for talks, the Foreign Ministry in Pyongyang said.\n\n"
    "Russia will send 50,000 tons of wheat to North Korea, Foreign Minister Sergei Lavrov told reporters."
)
EVENT_KEYS = {
    "event_id", "document_id", "sentence_no", "sentence", "start", "end", "event", "mode", "contexts", "cameo", "quad",
    "intensity", "actor", "recipient", "status", "date", "date_precision", "published", "said_by", "confidence",
    "coder", "dataset", "batch_id",
}  # fmt: skip
PARTY_KEYS = {"text", "name", "country", "sector", "start", "end"}


class Terminal:
    """Runs the program in this process and keeps what it printed."""

    def __init__(self, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
        self._capsys = capsys
        self._monkeypatch = monkeypatch

    def __call__(self, *arguments: object, stdin: bytes | str = b"") -> tuple[int, str, str]:
        raw = stdin.encode() if isinstance(stdin, str) else stdin
        self._monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BufferedReader(io.BytesIO(raw))))  # type: ignore[arg-type]
        code = run([str(a) for a in arguments])
        out = self._capsys.readouterr()
        return code, out.out, out.err

    def records(self, *arguments: object, stdin: bytes | str = b"") -> list[dict[str, Any]]:
        code, out, err = self(*arguments, stdin=stdin)
        assert code == 0, err
        return [json.loads(line) for line in out.splitlines()]


@pytest.fixture
def detente(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Terminal:
    return Terminal(capsys, monkeypatch)


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("ledger")
    (folder / "a.txt").write_text(TEXT, encoding="utf-8")
    path = folder / "a.ledger"
    assert run(["read", str(folder / "a.txt"), "--ledger", str(path), "--date", "2012-03-01"]) == 0
    return path


def test_code_gives_events_with_all_keys_and_true_offsets(detente: Terminal) -> None:
    events = detente.records("code", "-", "--date", "2012-03-01", stdin=TEXT)
    assert events
    for event in events:
        assert set(event) >= EVENT_KEYS
        assert TEXT[event["start"] : event["end"]]
        assert event["sentence"] in TEXT
        assert event["quad"] in (1, 2, 3, 4)
        assert -10 <= event["intensity"] <= 10
        assert event["status"] in STATUSES
        for role in ("actor", "recipient"):
            party = event[role]
            if party is not None:
                assert set(party) == PARTY_KEYS
                assert TEXT[party["start"] : party["end"]] == party["text"]


def test_code_reads_json_lines_and_keeps_ids_and_order(detente: Terminal) -> None:
    lines = "\n".join(json.dumps({"id": f"doc-{n}", "text": TEXT, "date": "2012-03-01"}) for n in (3, 1, 2))
    events = detente.records("code", "-", "--jsonl", stdin=lines)
    order = list(dict.fromkeys(e["document_id"] for e in events))
    assert order == ["doc-3", "doc-1", "doc-2"]


def test_code_names_the_file_as_document(detente: Terminal, tmp_path: Path) -> None:
    path = tmp_path / "dispatch.txt"
    path.write_text(TEXT, encoding="utf-8")
    events = detente.records("code", path, "--date", "2012-03-01")
    assert {e["document_id"] for e in events} == {"dispatch.txt"}


def test_an_undated_text_is_rejected_with_a_reason_and_the_rest_goes_on(detente: Terminal) -> None:
    lines = json.dumps({"id": "x", "text": TEXT}) + "\n" + json.dumps({"id": "y", "text": TEXT, "date": "2012-03-01"})
    code, out, err = detente("code", "-", "--jsonl", stdin=lines)
    assert code == 0
    assert {json.loads(line)["document_id"] for line in out.splitlines()} == {"y"}
    assert "no-date" in err
    code, _, err = detente("code", "-", "--jsonl", "--strict", stdin=lines)
    assert code == 2


def test_classify_gives_a_line_a_pair(detente: Terminal) -> None:
    text = "Iran condemned Iraq on Monday."
    pairs = [
        {"text": text, "actor": [0, 4], "recipient": [15, 19]},
        {"text": text, "actor": [15, 19], "recipient": [0, 4], "id": "back"},
    ]
    results = detente.records("classify", stdin="\n".join(map(json.dumps, pairs)))
    assert len(results) == 2
    assert results[1]["id"] == "back"
    for result in results:
        assert {"event", "quad", "status", "confidence", "scores"} <= set(result)
        assert "NONE" in result["scores"]
        assert len(result["scores"]) == 17
        assert sum(result["scores"].values()) == pytest.approx(1, abs=1e-4)


@pytest.mark.parametrize(
    "line",
    ["not json", "[]", '{"text": "a b"}', '{"text": "a b", "actor": [0, 9]}', '{"text": "a b", "actor": [1, 1]}',
     '{"text": "a b", "actor": ["0", 1]}', '{"text": 3, "actor": [0, 1]}'],
)  # fmt: skip
def test_classify_skips_a_bad_line_with_its_number(detente: Terminal, line: str) -> None:
    good = json.dumps({"text": "Iran condemned Iraq.", "actor": [0, 4], "recipient": [15, 19]})
    code, out, err = detente("classify", stdin=f"{line}\n{good}\n")
    assert code == 0
    assert len(out.splitlines()) == 1
    assert "stdin, line 1" in err
    assert detente("classify", "--strict", stdin=f"{line}\n{good}\n")[0] == 2


def test_reading_twice_changes_nothing(detente: Terminal, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(TEXT, encoding="utf-8")
    arguments = ("read", tmp_path / "a.txt", "--ledger", tmp_path / "a.ledger", "--date", "2012-03-01", "--json")
    first = json.loads(detente(*arguments)[1])
    second = json.loads(detente(*arguments)[1])
    assert (first["new"], first["unchanged"]) == (1, 0)
    assert (second["new"], second["unchanged"], second["events"]) == (0, 1, 0)


def test_files_of_one_name_do_not_replace_each_other(detente: Terminal, tmp_path: Path) -> None:
    ledger = tmp_path / "a.ledger"
    texts = {
        "monday": TEXT,
        "tuesday": "Japan and China held talks in Tokyo about fishing rights in the East China Sea.",
    }
    for folder, text in texts.items():
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "report.txt").write_text(text, encoding="utf-8")
    for _ in range(2):
        for folder in texts:
            arguments = ("read", tmp_path / folder / "report.txt", "--ledger", ledger, "--date", "2012-03-01", "--json")
            assert detente(*arguments)[0] == 0
    assert dt.open(ledger).counts()["documents"] == 2


def test_relation_has_series_events_and_sentences(detente: Terminal, ledger: Path) -> None:
    code, out, err = detente("relation", "Russia", "North Korea", "--ledger", ledger, "--json")
    assert code == 0, err
    found = json.loads(out)
    assert {"a", "b", "by", "series", "shifts", "events", "commitments"} <= set(found)
    assert (found["a"], found["b"]) == ("RUS", "PRK")
    assert {"start", "actor", "recipient", "events", "cooperation", "conflict", "balance"} <= set(found["series"][0])
    assert any("wheat" in event["sentence"] for event in found["events"])
    assert detente("relation", "RUS", "PRK", "--ledger", ledger)[0] == 0


@pytest.mark.parametrize("ending", ["html", "pdf", "md", "json"])
def test_brief_writes_each_format(detente: Terminal, ledger: Path, tmp_path: Path, ending: str) -> None:
    out = tmp_path / f"brief.{ending}"
    assert detente("brief", "RUS", "PRK", "--ledger", ledger, "-o", out)[0] == 0
    assert out.stat().st_size > 500


@pytest.mark.slow
def test_the_demo_writes_a_brief_with_its_leverage(detente: Terminal, tmp_path: Path) -> None:
    (tmp_path / "korea-trade.csv").write_text("state,partner,kind,year,value\nPRK,RUS,aid,2012,1\nPRK,CHN,aid,2012,3\n")
    code, out, err = detente("demo", "--out", tmp_path)
    assert code == 0, err
    page = (tmp_path / "brief-RUS-PRK.html").read_text(encoding="utf-8")
    assert "Trans-Korean gas and rail: its share of the gains" in page
    assert "25.0%" in page  # of the table that was there: a copy that somebody changed is not written over
    assert (tmp_path / "brief-RUS-PRK.pdf").read_bytes().startswith(b"%PDF")
    for name in ("brief-RUS-PRK.html", "korea.yaml", "korea-trade.csv", "korea.ledger"):
        assert str(tmp_path / name) in out


WRONG = {
    "unknown command": ["frobnicate"],
    "unknown option": ["code", "--frobnicate"],
    "missing file": ["code", "no-such-file.txt", "--date", "2012-03-01"],
    "bad date": ["code", "-", "--date", "2012-02-30"],
    "bad threshold": ["code", "-", "--date", "2012-03-01", "--threshold", "7"],
    "no ledger": ["relation", "RUS", "PRK", "--ledger", "no-such.ledger"],
    "unknown state": ["relation", "Russland-Nord", "PRK", "--ledger", "LEDGER"],
    "ambiguous state": ["relation", "Korea", "RUS", "--ledger", "LEDGER"],
    "same state": ["relation", "RUS", "Russia", "--ledger", "LEDGER"],
    "bad period": ["relation", "RUS", "PRK", "--ledger", "LEDGER", "--by", "fortnight"],
    "span upside down": ["relation", "RUS", "PRK", "-l", "LEDGER", "--since", "2013-01-01", "--until", "2012-01-01"],
    "bad ending": ["brief", "RUS", "PRK", "--ledger", "LEDGER", "-o", "brief.docx"],
    "brief of a span upside down": [
        "brief", "RUS", "PRK", "-l", "LEDGER", "-o", "brief.html", "--since", "2013-01-01", "--until", "2012-01-01"],
    "brief on one state": ["brief", "RUS", "Russia", "-l", "LEDGER", "-o", "brief.html"],
    "brief with no corridor": ["brief", "RUS", "PRK", "-l", "LEDGER", "-o", "brief.html", "--leverage", "none.yaml"],
    "no folder": ["brief", "RUS", "PRK", "--ledger", "LEDGER", "-o", "no/such/folder/brief.html"],
    "unknown code": ["explain", "CONCEED"],
    "unknown benchmark": ["bench", "frobnicate"],
    "ledger is a folder": ["relation", "RUS", "PRK", "--ledger", "."],
    "desk without a ledger": ["desk", "--read-only", "--ledger", "no-such.ledger", "--port", "0"],
    "desk on no address": ["desk", "--ledger", "LEDGER", "--host", "no.such.host.invalid"],
    "missing argument": ["brief", "RUS"],
}  # fmt: skip


@pytest.mark.parametrize("case", WRONG)
def test_wrong_use_ends_with_2_and_one_line(detente: Terminal, ledger: Path, case: str) -> None:
    arguments = [str(ledger) if a == "LEDGER" else a for a in WRONG[case]]
    code, out, err = detente(*arguments)
    assert code == 2, err
    assert out == ""
    assert err.startswith("detente: ")
    assert len(err.strip().splitlines()) == 1
    assert "Traceback" not in err


def test_errors_name_the_choices(detente: Terminal, ledger: Path) -> None:
    assert "CONCEDE" in detente("explain", "CONCEED")[2]
    assert "North Korea" in detente("relation", "Nort Korea", "RUS", "--ledger", ledger)[2]
    ambiguous = detente("relation", "Korea", "RUS", "--ledger", ledger)[2]
    assert "North Korea" in ambiguous
    assert "South Korea" in ambiguous


@pytest.mark.parametrize("code", ["0841", "CONCEDE", "GOV", "PRK", "ASSAULT:aerial", "08", "terrorism", "North Korea"])
def test_explain(detente: Terminal, code: str) -> None:
    status, out, err = detente("explain", code)
    assert status == 0, err
    assert len(out) > 20
    assert json.loads(detente("explain", code, "--json")[1])["text"]


HOSTILE = {
    "empty": b"",
    "blank": b" \n\n ",
    "binary": bytes(range(256)) * 50,
    "truncated gzip": gzip.compress(TEXT.encode() * 100)[:60],
    "not json lines": b'{"text": \n[1,2\n"x',
    "deep json": b"[" * 100_000,
    "utf-16": TEXT.encode("utf-16"),
    "cp1252": "Le Pr\u00e9sident a condamn\u00e9 \u2013 \u201ctout\u201d.".encode("cp1252"),
    "one line": b"Russia and China met " * 2_000,
    "no spaces": b"x" * 1_000_000,
}


@pytest.mark.parametrize("case", HOSTILE)
def test_hostile_files_end_in_a_clear_message_and_an_intact_ledger(
    detente: Terminal, tmp_path: Path, case: str
) -> None:
    endings = ("txt", "html", "jsonl", "txt.gz", "xml", "md")
    for ending in endings:
        (tmp_path / f"bad.{ending}").write_bytes(HOSTILE[case])
    (tmp_path / "good.txt").write_text(TEXT, encoding="utf-8")
    ledger = tmp_path / "a.ledger"
    code, out, err = detente("read", tmp_path, "--ledger", ledger, "--date", "2012-03-01", "--json")
    assert code == 0, err
    assert "Traceback" not in err
    report = json.loads(out)
    assert report["new"] >= 1
    assert report["documents"] + len(report["skipped"]) >= len(endings) + 1
    for item in report["skipped"]:
        assert item["reason"]
    assert detente("relation", "RUS", "PRK", "--ledger", ledger, "--json")[0] == 0


def test_the_installed_program_runs_and_survives_a_closed_pipe() -> None:
    program = Path(sys.executable).parent / "detente"
    line = json.dumps({"text": "Iran condemned Iraq.", "date": "2012-03-01"})
    pipe = f"yes '{line}' | head -2000 | {program} code - --jsonl | head -1"
    done = subprocess.run(["bash", "-c", pipe], capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0
    assert "Traceback" not in done.stderr


def test_importing_the_package_loads_nothing_heavy() -> None:
    names = "ibis numpy pyarrow onnxruntime altair scipy trafilatura typst pandas torch pyspark duckdb"
    heavy = set(names.split())
    done = subprocess.run(
        [sys.executable, "-c", f"import sys, detente; print(sorted({heavy} & set(sys.modules)))"],
        capture_output=True, text=True, timeout=60, check=True,
    )  # fmt: skip
    assert done.stdout.strip() == "[]"
