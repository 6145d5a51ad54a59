"""Attacks in more than one step: sessions, slow senders, forged lines, names that are paths, cells that run."""

from __future__ import annotations

import csv
import io
import json
import shutil
import socket
import time
from pathlib import Path
from typing import Any

import httpx
import pytest

import detente as dt
from detente.api import fetch as fetching
from detente.api import safety
from detente.errors import BadInput
from tests.api.conftest import served
from tests.api.test_safety import CHANGE, only_first, web

JSON = {"Content-Type": "application/json"}


def exchange(client: httpx.Client, sent: bytes, patience: float = 20) -> bytes:
    """What comes back for these bytes, however malformed they are."""
    with socket.create_connection(("127.0.0.1", client.base_url.port or 80), timeout=patience) as line:
        line.sendall(sent)
        got = b""
        while piece := line.recv(65536):
            got += piece
    return got


# --- who asks


def test_the_token_of_another_session_changes_nothing(ledger: Path, tmp_path: Path) -> None:
    other = Path(shutil.copy(ledger, tmp_path / "other.ledger"))
    with served(ledger) as one, served(other) as two:
        token = {"X-Detente-Token": one.get("/session").json()["token"]}
        assert one.post("/searches", json=CHANGE, headers=token).status_code == 201
        assert two.post("/searches", json=CHANGE, headers=token).status_code == 403
        assert two.get("/searches").json()["items"] == []


def test_a_page_on_another_port_of_this_machine_changes_nothing(writer: httpx.Client) -> None:
    port = writer.base_url.port
    for origin in ("http://127.0.0.1:1", f"http://127.0.0.1:{port}.evil.example", f"http://localhost:{port}"):
        assert writer.post("/searches", json=CHANGE, headers={"Origin": origin}).status_code == 403, origin
    asked = {"Origin": "http://evil.example", "Access-Control-Request-Method": "POST"}
    for found in (writer.options("/searches", headers=asked), writer.get("/ledger", headers=asked)):
        assert not [name for name in found.headers if name.startswith("access-control")]
    assert writer.get("/searches").json()["items"] == []


def test_a_request_for_two_hosts_or_none_gets_nothing(reader: httpx.Client) -> None:
    own = f"Host: 127.0.0.1:{reader.base_url.port}\r\n"
    for hosts in (f"Host: evil.example\r\n{own}", f"{own}Host: evil.example\r\n", "Host: 127.0.0.1@evil.example\r\n"):
        got = exchange(reader, f"GET /api/v1/ledger HTTP/1.1\r\n{hosts}Connection: close\r\n\r\n".encode())
        assert got.split()[1] in (b"400", b"403"), hosts
        assert b"korea" not in got
    assert b" 403 " in exchange(reader, b"GET /api/v1/ledger HTTP/1.0\r\n\r\n")


def test_the_door_opens_for_the_token_alone_and_its_cookie_does_not_tell_it(made: Path) -> None:
    token = 'päss; word="x"'  # noqa: S105
    with served(made, read_only=True, token=token) as client:
        etag = client.get("/ledger", headers={b"Authorization": b"Bearer " + token.encode()}).headers.get(
            "etag", "none"
        )
        assert client.get("/ledger", headers={"If-None-Match": etag}).status_code == 401
        assert client.get("/ledger", headers={"If-None-Match": "*"}).status_code == 401
        assert client.head("/ledger", params={"token": token}).status_code == 401
        entered = client.get("/ledger", params={"token": token})
        assert entered.status_code == 303
        assert "word" not in entered.headers["set-cookie"]
        assert client.get("/ledger").status_code == 200
        for path in ("//evil.example/", "/\\evil.example/", "///evil.example"):
            line = (
                f"GET {path}?token=p%C3%A4ss%3B+word%3D%22x%22 HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n"
            )
            got = exchange(client, line.encode())
            assert b"location: /evil.example" in got.lower(), got


def test_a_sender_that_stalls_is_let_go(writer: httpx.Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(safety, "STALLED", 0.3)
    begun = time.monotonic()
    token = writer.headers["X-Detente-Token"]
    got = exchange(
        writer,
        f"POST /api/v1/jobs/files HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Detente-Token: {token}\r\n"
        "Content-Type: multipart/form-data; boundary=b\r\nContent-Length: 1000\r\n\r\n--b\r\n".encode(),
    )
    assert b" 408 " in got
    assert time.monotonic() - begun < 15
    assert writer.get("/jobs").json()["items"] == []


# --- addresses


@pytest.mark.parametrize(
    "place",
    ["file:///etc/passwd", "gopher://127.0.0.1:1/x", "ftp://example.org/", "http://a:b@example.org/", "http://[::1]:1/",
     "http://[::ffff:127.0.0.1]:1/", "http://2130706433:1/", "//localhost:1/", "http://example.org:0/", "http://x\ty/"],
)  # fmt: skip
def test_no_redirect_leads_out_of_the_public_web(place: str) -> None:
    def answer(handler: Any) -> None:
        handler.send_response(302)
        handler.send_header("Location", place)
        handler.end_headers()

    def first_only(address: str) -> bool:  # the server that redirects; what it names is judged as always
        return len(asked) == 0 and only_first(address)

    with web(answer) as (port, asked), pytest.raises(BadInput):
        fetching.fetch(f"http://127.0.0.1:{port}/", first_only)
    assert asked == ["/"]


def test_a_feed_that_dribbles_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetching, "MOST_SECONDS", 0.5)

    def answer(handler: Any) -> None:
        handler.send_response(200)
        handler.send_header("Content-Type", "text/xml")
        handler.end_headers()
        try:
            for _ in range(300):
                handler.wfile.write(b" ")
                handler.wfile.flush()
                time.sleep(0.1)
        except OSError:
            pass

    begun = time.monotonic()
    with web(answer) as (port, _), pytest.raises(BadInput):
        fetching.fetch(f"http://127.0.0.1:{port}/", only_first)
    assert time.monotonic() - begun < 15


# --- what is sent


BODIES = (
    '{"name": NaN, "query": "actor=RUS"}',
    '{"name": 1' + "0" * 5000 + ', "query": "actor=RUS"}',
    '{"name": "a\\ud800", "query": "actor=RUS"}',
    '{"name": "a", "query": "text=%ED%A0%80&cursor=1"}',
    "[" * 100_000,
    '{"a":' * 20_000,
    "",
    "null",
)
FIELDS = (
    *('{"date": NaN}', '{"date": 1e999}', '{"date": 1' + "0" * 4000 + "}", '{"date": "9999999-01-01"}'),
    *('{"status": "\\ud800"}', '{"said_by": "\\udfff"}', '{"actor": {"country": "RUS", "name": "\\ud800"}}'),
    *('{"said_by": ' + "[" * 500 + "]" * 500 + "}", '{"actor": {"country": "RUS", "name": "' + "x" * 100_000 + '"}}'),
)


def test_what_is_no_json_of_ours_is_refused_in_the_one_shape(writer: httpx.Client) -> None:
    event = writer.get("/events").json()["items"][0]["event_id"]
    sent = [("/searches", body) for body in BODIES]
    sent += [("/corrections", f'{{"event_id": "{event}", "action": "change", "fields": {text}}}') for text in FIELDS]
    for address, body in sent:
        found = writer.post(address, content=body, headers=JSON)
        assert found.status_code in (400, 413, 422), (body[:60], found.text)
        assert set(found.json()["error"]) == {"code", "message", "where", "choices"}
    assert writer.get("/searches").json()["items"] == []
    assert writer.get("/corrections").json()["items"] == []


SQL = ("' OR '1'='1", "' OR 1=1 --", '"; DROP TABLE events; --', "%", "_", "\\", "x' UNION SELECT * FROM batches --")


@pytest.mark.parametrize(
    ("address", "names"),
    [
        ("/events", ["text", "actor", "recipient", "between", "type", "status", "source", "dataset", "document"]),
        ("/events", ["batch"]),
        ("/documents", ["text", "source", "batch"]),
        ("/actors", ["text", "state"]),
        ("/commitments", ["party", "other", "status"]),
    ],
)  # fmt: skip
def test_words_of_a_filter_are_never_part_of_the_question(reader: httpx.Client, address: str, names: list[str]) -> None:
    before = reader.get("/ledger").json()
    for name in names:
        for words in SQL:
            found = reader.get(address, params={name: words, "count": "true"})
            assert found.status_code in (200, 404, 422), (name, words, found.text)
            if found.status_code == 200:
                assert found.json()["items"] == [], (name, words)
    assert reader.get("/ledger").json() == before


def test_a_name_of_a_file_stays_a_name(ledger: Path) -> None:
    names = (
        "/etc/passwd",
        "../../../evil.txt",
        "..\\..\\evil.txt",
        "a\r\nX: y.txt",
        "nul\0.txt",
        ".. .txt",
        "....//evil",
    )
    with served(ledger) as client:
        client.headers["X-Detente-Token"] = client.get("/session").json()["token"]
        for name in names:
            added = client.post("/jobs/files", files=[("files", (name, b""))])
            assert added.status_code == 202, name
            assert not set(added.json()["name"]) & set("/\\\r\n\0")
        inside = [path.name for path in ledger.parent.rglob("*") if path.is_file()]
    assert not [name for name in inside if "evil" in name or "passwd" in name]


# --- what is taken away


def test_no_cell_of_a_table_runs_in_a_spreadsheet(ledger: Path, tmp_path: Path) -> None:
    cells = ['=HYPERLINK("http://evil.example")', "+1+1", "-2+3", "@SUM(1)", "\t=1", "＝1+1"]
    lines = [
        json.dumps(
            {
                "id": cell,
                "title": cell,
                "source": cell,
                "date": "2013-11-14",
                "text": f"Russia condemned North Korea over launch number {i}{i} on Friday.",
            }
        )
        for i, cell in enumerate(cells)
    ]
    (tmp_path / "cells.jsonl").write_text("\n".join(lines), encoding="utf-8")
    dt.open(ledger).read(tmp_path / "cells.jsonl")
    with served(ledger, read_only=True) as client:
        shown = set()
        for address in ("/documents", "/events", "/sources"):
            found = client.get(address, params={"format": "csv", "limit": 500})
            for row in csv.reader(io.StringIO(found.text)):
                for cell in row:
                    assert not cell.startswith(("=", "+", "@", "\t", "\r", "＝")), cell
                    assert not cell.startswith("-") or cell.lstrip("-").replace(".", "").isdigit(), cell
                    shown.add(cell)
        assert "'" + cells[0] in shown
