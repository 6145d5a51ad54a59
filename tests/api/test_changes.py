"""Every change that the API makes: what it does, that it is undone, and that it survives a kill."""

from __future__ import annotations

import datetime
import json
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

import detente as dt
from detente.documents import ReadOptions
from tests.api.conftest import free_port, served

PROGRAM = str(Path(sys.executable).parent / "detente")
TEXT = "Russia condemned North Korea's rocket launch on Friday. Iran met Syria in Geneva."


def stories(count: int) -> list[Any]:
    """So many different documents in one file, to upload."""
    lines = []
    for i in range(count):
        text = f"{TEXT} That was story {i * 7919}."
        lines.append(json.dumps({"id": f"d{i}", "text": text, "date": f"20{10 + i % 80}-01-0{1 + i % 9}"}))
    return [("files", ("wire.jsonl", "\n".join(lines).encode()))]


def until(client: httpx.Client, job_id: str, *states: str, seconds: float = 120) -> dict[str, Any]:
    """The job once it is in one of the states."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        found: dict[str, Any] = client.get(f"/jobs/{job_id}").json()
        if found["state"] in (states or ("done", "failed", "stopped")):
            return found
        time.sleep(0.05)
    raise AssertionError(found)


def test_a_correction_changes_what_all_see_and_is_undone(writer: httpx.Client) -> None:
    before = writer.get("/events").json()["items"]
    etag = writer.get("/events").headers["etag"]
    event = before[0]
    wanted = {"event_id": event["event_id"], "action": "change", "fields": {"status": "absent"}, "note": "not so"}
    made = writer.post("/corrections", json=wanted)
    assert made.status_code == 201, made.text
    after = {e["event_id"]: e for e in writer.get("/events", headers={"If-None-Match": etag}).json()["items"]}
    assert after[event["event_id"]]["status"] == "absent"
    listed = writer.get("/corrections", params={"document": event["document_id"]}).json()["items"]
    assert [(c["note"], c["undone"], c["coded"]["status"]) for c in listed] == [("not so", None, event["status"])]
    assert listed[0]["who"]
    undone = writer.delete(f"/corrections/{made.json()['correction_id']}").json()
    assert undone["undone"]
    assert writer.get("/events").json()["items"] == before
    wrong = writer.post("/corrections", json=wanted | {"fields": {"status": "done"}})
    assert (wrong.status_code, wrong.json()["error"]["code"]) == (422, "bad-input")
    assert writer.post("/corrections", json=wanted | {"event_id": "none"}).status_code == 404


def test_a_commitment_is_corrected(writer: httpx.Client) -> None:
    first = writer.get("/commitments").json()["items"][0]
    address = f"/commitments/{first['commitment_id']}/corrections"
    body = {"action": "correct", "fields": {"status": "fulfilled"}}
    assert writer.post(address, json=body).status_code == 201
    assert writer.get(f"/commitments/{first['commitment_id']}").json()["status"] == "fulfilled"
    assert writer.post(address, json={"action": "split", "provisions": [99]}).status_code == 422
    assert writer.post("/commitments/none/corrections", json=body).status_code == 404
    assert writer.post(address, json={"action": "reject"}).json()["items"] == []
    assert writer.get(f"/commitments/{first['commitment_id']}").status_code == 404


def test_searches_are_kept_and_forgotten(writer: httpx.Client) -> None:
    query = 'actor=Russia&text="gas+pipeline"'
    made = writer.post("/searches", json={"name": " Gas ", "query": query}).json()
    kept = writer.get("/searches").json()["items"]
    assert kept == [made]
    assert kept[0]["name"] == "Gas"
    found = writer.get(f"/events?{kept[0]['query']}")
    assert found.json() == writer.get(f"/events?{query}").json()
    assert writer.post("/searches", json={"name": "x", "query": "sql=1"}).status_code == 422
    assert writer.delete(f"/searches/{made['search_id']}").status_code == 204
    assert writer.delete(f"/searches/{made['search_id']}").status_code == 404
    assert writer.get("/searches").json()["items"] == []


def test_the_watch_list_tells_what_is_new_since_the_last_visit(writer: httpx.Client) -> None:
    made = writer.post("/watch", json={"kind": "dyad", "a": "Russia", "b": "North Korea"}).json()
    assert made["new"] == 0
    assert writer.post("/watch", json={"kind": "dyad", "a": "PRK", "b": "RUS"}).json()["watch_id"] == made["watch_id"]
    assert writer.post("/watch", json={"kind": "dyad", "a": "PRK"}).status_code == 404
    writer.post("/watch", json={"kind": "search", "query": "type=AID", "name": "Aid"})
    job = writer.post("/jobs/text", json={"text": TEXT, "date": "2014-12-14"}).json()
    assert until(writer, job["job_id"])["state"] == "done"
    found = {w["name"]: w for w in writer.get("/watch").json()["items"]}
    assert found["PRK–RUS"]["new"] >= 1
    assert found["PRK–RUS"]["total"] == made["total"] + found["PRK–RUS"]["new"]
    assert writer.post(f"/watch/{made['watch_id']}/visit").json()["new"] == 0
    assert writer.delete(f"/watch/{made['watch_id']}").status_code == 204
    assert [w["name"] for w in writer.get("/watch").json()["items"]] == ["Aid"]


def test_files_and_text_are_read_and_what_is_skipped_says_why(writer: httpx.Client) -> None:
    before = writer.get("/ledger").json()
    files = [
        ("files", ("one.txt", TEXT.encode())),
        ("files", ("../../../tmp/two.txt", b"China praised Japan on Tuesday.")),
        ("files", ("archive.zip", b"PK\x03\x04rest")),
        ("files", ("empty.txt", b" \n")),
    ]
    job = writer.post("/jobs/files", files=files, data={"date": "2014-12-14"}).json()
    assert job["state"] in ("waiting", "reading")
    done = until(writer, job["job_id"])
    assert (done["state"], done["documents"], done["new"], done["skipped"]) == ("done", 2, 2, 2)
    assert done["reasons"] == {"binary": 1, "empty": 1}
    assert done["inputs"] == done["inputs_done"] == 4
    assert done["events"] >= 2
    assert done["sentences"] == 3
    skipped = writer.get(f"/batches/{done['batch_id']}/rejections").json()["items"]
    assert {r["where"].rpartition("/")[2] for r in skipped} == {"archive.zip", "empty.txt"}
    assert all(r["reason"] for r in skipped)
    listed = writer.get("/documents", params={"batch": done["batch_id"]}).json()["items"]
    assert {d["document_id"] for d in listed} == {"one.txt", "two.txt"}
    again = until(writer, writer.post("/jobs/files", files=files, data={"date": "2014-12-14"}).json()["job_id"])
    assert (again["new"], again["unchanged"], again["events"]) == (0, 2, 0)
    assert writer.get("/ledger").json()["documents"] == before["documents"] + 2
    other = [("files", ("one.txt", b"Iran condemned Israel on Monday."))]
    until(writer, writer.post("/jobs/files", files=other, data={"date": "2014-12-14"}).json()["job_id"])
    assert writer.get("/ledger").json()["documents"] == before["documents"] + 3


def test_coding_in_the_worker_is_coding_as_everywhere(writer: httpx.Client, tmp_path: Path) -> None:
    (tmp_path / "one.txt").write_text(TEXT, encoding="utf-8")
    options = ReadOptions(date=datetime.date(2014, 12, 14))
    dt.open(tmp_path / "other.ledger").read(tmp_path / "one.txt", options=options)
    with served(tmp_path / "other.ledger", read_only=True) as other:
        expected = other.get("/documents/one.txt").json()
    files = [("files", ("one.txt", TEXT.encode()))]
    until(writer, writer.post("/jobs/files", files=files, data={"date": "2014-12-14"}).json()["job_id"])
    found = writer.get("/documents/one.txt").json()
    for data in (found, expected):
        data["document"].pop("path")
        data.pop("batch_id")
        for item in [*data["events"], *data["statements"]]:
            item.pop("batch_id")
    assert found == expected


def test_a_job_is_stopped_and_what_was_stored_stays(writer: httpx.Client) -> None:
    files = stories(400)
    job = writer.post("/jobs/files", files=files).json()
    stopped = writer.delete(f"/jobs/{job['job_id']}").json()
    assert stopped["state"] == "stopped"
    follow = writer.post("/jobs/text", json={"text": TEXT, "date": "2014-12-14"}).json()
    assert until(writer, follow["job_id"])["state"] == "done"
    assert writer.get(f"/jobs/{job['job_id']}").json()["state"] == "stopped"


@contextmanager
def program(ledger: Path) -> Iterator[tuple[subprocess.Popen[bytes], httpx.Client]]:
    """The real program on a ledger, and a client that may change."""
    port = free_port()
    started = subprocess.Popen([PROGRAM, "desk", "-l", str(ledger), "--port", str(port)], stderr=subprocess.PIPE)
    try:
        assert started.stderr is not None
        assert str(port).encode() in started.stderr.readline()
        with httpx.Client(base_url=f"http://127.0.0.1:{port}/api/v1", timeout=60) as client:
            client.headers["X-Detente-Token"] = client.get("/session").json()["token"]
            yield started, client
    finally:
        started.kill()
        started.wait()


@pytest.mark.slow
def test_a_killed_server_loses_nothing_and_goes_on_after_a_restart(ledger: Path) -> None:
    count = 100
    files = stories(count)
    with program(ledger) as (process, client):
        had = client.get("/ledger").json()["documents"]
        job_id = client.post("/jobs/files", files=files).json()["job_id"]
        while client.get(f"/jobs/{job_id}").json()["documents"] == 0:
            time.sleep(0.02)
        process.send_signal(signal.SIGKILL)
        process.wait()
    committed = dt.open(ledger).counts()["documents"]
    assert committed > had
    with program(ledger) as (_, client):
        assert client.get("/ledger").json()["documents"] >= committed
        done = until(client, job_id)
        assert (done["state"], done["documents"]) == ("done", count)
        assert client.get("/ledger").json()["documents"] == had + count
        assert not list((ledger.parent / f"{ledger.name}.desk.inbox").iterdir())


def test_questions_are_answered_while_documents_are_read(writer: httpx.Client) -> None:
    files = stories(120)
    job_id = writer.post("/jobs/files", files=files).json()["job_id"]
    seen = set()
    event = writer.get("/events").json()["items"][0]
    corrected = False
    while (job := writer.get(f"/jobs/{job_id}").json())["state"] in ("waiting", "reading"):
        seen.add(job["documents"])
        assert writer.get("/events?limit=5").status_code == 200
        if job["documents"] and not corrected:
            body = {"event_id": event["event_id"], "action": "keep"}
            corrected = writer.post("/corrections", json=body).status_code == 201
    assert job["state"] == "done"
    assert len(seen) >= 3
    assert corrected
    assert writer.get(f"/events/{event['event_id']}").json()["confidence"] == 1


def test_read_only_refuses_every_change_and_writes_nothing(made: Path, reader: httpx.Client) -> None:
    schema = reader.get("/openapi.json").json()
    token = {"X-Detente-Token": reader.get("/session").json()["token"]}
    tried = 0
    for path, methods in schema["paths"].items():
        for method in set(methods) - {"get"}:
            address = path.removeprefix("/api/v1").replace("{", "").replace("}", "")
            found = reader.request(method, address, headers=token, json={})
            assert (found.status_code, found.json()["error"]["code"]) == (403, "not-allowed"), (method, path)
            tried += 1
    assert tried >= 10
    assert [p.name for p in made.parent.iterdir() if p.name.startswith("korea.ledger.")] == []
