"""The API as an attacker meets it: other sites, other names, other machines' addresses, hostile documents, nonsense."""

from __future__ import annotations

import contextlib
import gzip
import http.server
import io
import json
import random
import socket
import string
import threading
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from detente.api import create_app
from detente.api.fetch import MOST_BYTES, check_address, fetch, is_public
from detente.errors import BadInput
from tests.api.conftest import served
from tests.api.test_changes import until

TEXT = "Russia condemned North Korea's rocket launch on Friday."
CHANGE = {"name": "x", "query": "actor=RUS"}


# --- who may ask, and from where


@pytest.mark.parametrize(
    "headers",
    [
        {"X-Detente-Token": ""},
        {"X-Detente-Token": "guess"},
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
def test_another_sites_page_changes_nothing(writer: httpx.Client, headers: dict[str, str]) -> None:
    found = writer.post("/searches", json=CHANGE, headers=headers)
    assert (found.status_code, found.json()["error"]["code"]) == (403, "not-allowed")
    assert writer.get("/searches").json()["items"] == []


def test_a_form_without_script_changes_nothing(writer: httpx.Client) -> None:
    del writer.headers["X-Detente-Token"]
    for kind in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"):
        found = writer.post("/searches", content=json.dumps(CHANGE), headers={"Content-Type": kind})
        assert found.status_code == 403
    assert writer.get("/searches").json()["items"] == []


@pytest.mark.parametrize(
    "host",
    ["evil.example", "evil.example:80", "localhost.evil.example", "127.0.0.1.evil.example", "", "[::2]"],
)
def test_a_name_that_was_pointed_here_gets_nothing(reader: httpx.Client, host: str) -> None:
    found = reader.get("/ledger", headers={"Host": host})
    assert found.status_code in (400, 403)
    assert "korea" not in found.text


def test_every_reply_binds_the_browser(reader: httpx.Client) -> None:
    for address in ("/ledger", "/nothing", "/events?limit=0", "/session"):
        headers = reader.get(address).headers
        policy = headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["x-frame-options"] == "DENY"


def test_other_addresses_need_a_token(made: Path) -> None:
    with pytest.raises(BadInput, match="token"):
        create_app(made, read_only=True, host="0.0.0.0")  # noqa: S104
    with served(made, host="127.0.0.1", read_only=True, token="secret") as client:  # noqa: S106
        assert client.get("/ledger").status_code == 401
        assert client.get("/ledger", headers={"Authorization": "Bearer guess"}).status_code == 401
        assert client.get("/ledger?token=guess").status_code == 401
        assert client.get("/ledger", headers={"Cookie": "detente_session=guess"}).status_code == 401
        assert client.get("/ledger", headers={"Authorization": "Bearer secret"}).status_code == 200
        entered = client.get("/ledger?token=secret&x=1")
        assert (entered.status_code, entered.headers["location"]) == (303, "/api/v1/ledger?x=1")
        assert "HttpOnly; SameSite=Strict" in entered.headers["set-cookie"]
        assert client.get("/ledger").status_code == 200


def test_more_than_may_be_sent_is_refused_early(writer: httpx.Client) -> None:
    assert writer.post("/searches", content=b"x" * (5 * 1024 * 1024)).status_code == 413

    def endless() -> Iterator[bytes]:
        for _ in range(80):
            yield b"x" * 65536

    with contextlib.suppress(httpx.TransportError):  # cut off while it was still sending: as good
        assert writer.post("/searches", content=endless()).status_code == 413
    long = writer.post("/jobs/text", json={"text": "x" * 1_000_001, "date": "2013-01-01"})
    assert long.status_code == 422
    many = [("files", (f"{i}.txt", b"x")) for i in range(201)]
    assert writer.post("/jobs/files", files=many).status_code == 422
    assert writer.get("/jobs").json()["items"] == []


@pytest.mark.parametrize(
    "path",
    ["../../etc/passwd", "..%2f..%2fetc%2fpasswd", "%2e%2e/%2e%2e/etc/passwd", "/etc/passwd", "C:%5CWindows", "a%00b"],
)
def test_no_path_reaches_the_file_system(reader: httpx.Client, path: str) -> None:
    for address in ("/documents/", "/events/", "/jobs/", "/batches/", "/explain/"):
        found = reader.get(address + path)
        assert found.status_code in (404, 422), (address, found.text)
        assert "root:" not in found.text


# --- addresses that a user gives


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "127.9.9.9", "10.0.0.1", "172.16.5.4", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0",  # noqa: S104
     "224.0.0.1", "255.255.255.255", "::1", "::", "fe80::1", "fe80::1%eth0", "fc00::1", "fec0::1", "ff02::1",
     "::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::", "2001:db8::1"],
)  # fmt: skip
def test_private_addresses_are_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "93.184.216.34", "2606:2800:220:1::1", "::ffff:8.8.8.8"])
def test_public_addresses_are(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    "url",
    ["file:///etc/passwd", "ftp://example.org/", "gopher://x/", "http://", "//example.org", "http://a:b@example.org/",
     "http://example.org@127.0.0.1/", "http://example.org\\@127.0.0.1/", "http:///etc/passwd", "data:text/xml,<rss/>",
     "javascript:alert(1)", "http://exa mple.org/", "http://example.org:99999/", "http://example.org:0/", "http://[::1"],
)  # fmt: skip
def test_what_is_no_web_address_is_refused_at_once(writer: httpx.Client, url: str) -> None:
    with pytest.raises(BadInput):
        check_address(url)
    assert writer.post("/jobs/feed", json={"address": url}).status_code == 422


@pytest.mark.parametrize(
    "host",
    ["localhost", "localhost.", "127.0.0.1", "127.1", "0177.0.0.1", "2130706433", "0x7f.1", "0x7f000001", "①②⑦.0.0.1",
     "[::1]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]"],
)  # fmt: skip
def test_loopback_under_any_name_is_not_fetched(host: str) -> None:
    with web(lambda handler: handler.send_error(500)) as (port, asked):
        with pytest.raises(BadInput):
            fetch(f"http://{host}:{port}/")
        assert asked == []


@contextmanager
def web(answer: Callable[[Any], None]) -> Iterator[tuple[int, list[str]]]:
    """A web server on loopback, and the paths that were asked for."""
    asked: list[str] = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            answer(self)

        def log_message(self, *_: Any) -> None:
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield server.server_address[1], asked
    finally:
        server.shutdown()
        server.server_close()


def reply(kind: str, body: bytes, **headers: str) -> Callable[[Any], None]:
    def answer(handler: Any) -> None:
        handler.send_response(200)
        for name, value in ({"Content-Type": kind} | headers).items():
            handler.send_header(name.replace("_", "-"), value)
        handler.end_headers()
        with contextlib.suppress(OSError):
            handler.wfile.write(body)

    return answer


def only_first(address: str) -> bool:
    """Stands for the public internet in these tests: this one loopback address."""
    return address == "127.0.0.1"


def test_a_redirect_into_the_private_net_is_not_followed() -> None:
    def answer(handler: Any) -> None:
        handler.send_response(302)
        handler.send_header("Location", "http://127.0.0.2:1/secret")
        handler.end_headers()

    with web(answer) as (port, asked), pytest.raises(BadInput, match="public internet"):
        fetch(f"http://127.0.0.1:{port}/", only_first)
    assert asked == ["/"]


def test_redirects_end() -> None:
    def answer(handler: Any) -> None:
        handler.send_response(302)
        handler.send_header("Location", "/again")
        handler.end_headers()

    with web(answer) as (port, asked), pytest.raises(BadInput, match="redirects"):
        fetch(f"http://127.0.0.1:{port}/", only_first)
    assert len(asked) == 6


def test_a_name_that_answers_otherwise_the_second_time_gains_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    answers = iter(["127.0.0.1", "127.0.0.2", "127.0.0.2"])
    real = socket.getaddrinfo

    def rebound(host: Any, *rest: Any, **named: Any) -> Any:
        return real(next(answers) if host == "feed.example" else host, *rest, **named)

    monkeypatch.setattr(socket, "getaddrinfo", rebound)
    with web(reply("text/xml", b"<rss/>")) as (port, asked):
        assert fetch(f"http://feed.example:{port}/feed?x=1", only_first).data == b"<rss/>"
    assert asked == ["/feed?x=1"]


def test_fetches_are_bounded_in_type_and_size() -> None:
    cases = {
        "type": reply("application/pdf", b"%PDF"),
        "bytes": reply("text/xml", b" " * (MOST_BYTES + 1)),
        "MORE": reply("text/xml", gzip.compress(b" " * (20 * MOST_BYTES)), Content_Encoding="gzip"),
        "cannot be read": reply("text/xml", zlib.compress(b"x"), Content_Encoding="gzip"),
    }
    for words, answer in cases.items():
        with web(answer) as (port, _), pytest.raises(BadInput, match="(?i)" + words.replace("MORE", "more than")):
            fetch(f"http://127.0.0.1:{port}/", only_first)


# --- hostile documents


SCRIPT = "<script>alert(1)</script><img src=x onerror=alert(2)>"
BIDI = "\u202e\u2066evil\u2069\u200b\u200d\ufeff"
TENFOLD = "".join(f'<!ENTITY {y} "{f"&{x};" * 10}">' for x, y in zip("abcdefgh", "bcdefghi", strict=True))
ENTITIES = f"""<?xml version="1.0"?>
<!DOCTYPE rss [<!ENTITY a "aaaaaaaaaa">{TENFOLD}<!ENTITY file SYSTEM "file:///etc/passwd">]>
<rss version="2.0"><channel><title>&i;</title><item><guid>bomb</guid><title>&file;</title>
<pubDate>Thu, 14 Nov 2013 09:00:00 GMT</pubDate><description>{TEXT} &i; &file;</description></item></channel></rss>"""


def zipped(content: bytes) -> bytes:
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("good.txt", content)
    return whole.getvalue()


def hostile() -> dict[str, bytes]:
    record = {"id": SCRIPT, "text": f"{TEXT} {SCRIPT} {BIDI}", "title": SCRIPT + BIDI, "source": SCRIPT,
              "url": "javascript:alert(3)", "date": "2013-11-14"}  # fmt: skip
    return {
        f"{SCRIPT}.jsonl": json.dumps(record).encode(),
        "bidi\u202egpj.txt": (TEXT + BIDI).encode(),
        "entities.xml": ENTITIES.encode(),
        "bomb.txt.gz": gzip.compress(b"x" * 100_000_000),
        "twice.txt.gz": gzip.compress(gzip.compress(b"x" * 100_000_000)),
        "bomb.zip": zipped(b"\0" * 100_000_000),
        "line.jsonl": b'{"id": "long", "date": "2013-11-14", "text": "' + b"x" * 50_000_000 + b'"}',
        "deep.jsonl": b"[" * 200_000,
        "deep.html": b"<html><body>" + b"<div>" * 20_000 + TEXT.encode(),
        "nul.txt": b"\0" * 10_000,
        "control.txt": b"\x01\x02\x03" * 1000 + TEXT.encode(),
        "surrogate.jsonl": b'{"id": "s", "date": "2013-11-14", "text": "' + TEXT.encode() + b' \\ud800"}',
        "good.txt": TEXT.encode(),
    }


@pytest.mark.slow
def test_hostile_documents_are_read_or_refused_and_come_back_as_text(writer: httpx.Client) -> None:
    files = [("files", item) for item in hostile().items()]
    added = writer.post("/jobs/files", files=files, data={"date": "2013-11-14"})
    assert added.status_code == 202, added.text
    done = until(writer, added.json()["job_id"], seconds=300)
    assert done["state"] == "done", done
    assert done["inputs_done"] == len(files)
    rejected = writer.get(f"/batches/{done['batch_id']}/rejections").json()["items"]
    skipped = {r["where"].rpartition("/")[2].partition(":")[0]: r for r in rejected}
    assert {"bomb.txt.gz", "twice.txt.gz", "bomb.zip", "line.jsonl", "deep.jsonl", "nul.txt"} <= set(skipped)
    assert all(r["reason"] for r in skipped.values())
    listed = writer.get("/documents", params={"batch": done["batch_id"], "limit": 500})
    ids = {d["document_id"] for d in listed.json()["items"]}
    assert {SCRIPT, "good.txt"} <= ids
    for document_id in ids:
        address = "/documents/" + httpx.URL("http://x/").copy_with(path="/" + document_id).raw_path.decode()[1:]
        found = writer.get(address.replace("#", "%23").replace("?", "%3F"))
        assert found.status_code == 200, document_id
        assert found.headers["content-type"].startswith("application/json")
        assert found.headers["x-content-type-options"] == "nosniff"
        text = found.json()["document"]["text"]
        assert "root:" not in found.text
        assert len(text) < 1_000_000
        assert all(0 <= m["start"] < m["end"] <= len(text) for m in found.json()["marks"])
    for address in ("/events?limit=500", "/shifts", "/commitments", "/actors", "/relations/RUS/PRK", "/attention"):
        for form in ("json", "csv", "arrow"):
            found = writer.get(address, params={"format": form})
            assert found.status_code == 200, (address, form, found.text)
    page = writer.get("/briefs/RUS/PRK?format=html").text
    assert "<script" not in page
    assert "onerror=alert" not in page.replace("onerror=alert(2)&gt;", "")
    assert "javascript:" not in page


# --- nonsense


def nonsense(draw: random.Random) -> str:
    choices: list[Callable[[], str]] = [
        lambda: "",
        lambda: str(draw.randint(-(10**20), 10**20)),
        lambda: draw.choice(
            ["RUS", "PRK", "six-party", "month", "2013-02-30", "9999-12-31", "0001-01-01", "true", "NaN"]
        ),
        lambda: "".join(draw.choice(string.printable) for _ in range(draw.randint(1, 40))),
        lambda: "".join(chr(draw.choice([0, 0x202E, 0x1F600, 0xFFFF, draw.randint(1, 0xD7FF)])) for _ in range(8)),
        lambda: draw.choice(
            ["' OR 1=1 --", '"; DROP TABLE events; --', "../../etc/passwd", "%00", "${7*7}", "a" * 5000]
        ),
    ]
    return draw.choice(choices)()


def body(draw: random.Random, schema: dict[str, Any], schemas: dict[str, Any]) -> Any:
    """Something that may fit a schema, or not."""
    if "$ref" in schema:
        schema = schemas[schema["$ref"].rpartition("/")[2]]
    if draw.random() < 0.1:
        return draw.choice([None, [], {}, 3, "x", {"a": {"b": []}}, [[[[]]]]])
    if "anyOf" in schema:
        return body(draw, draw.choice(schema["anyOf"]), schemas)
    if "enum" in schema and draw.random() < 0.8:
        return draw.choice(schema["enum"])
    kind = schema.get("type")
    if kind == "object" or "properties" in schema:
        fields = schema.get("properties", {"status": {}, "actor": {}, "event": {}})
        return {name: body(draw, inner, schemas) for name, inner in fields.items() if draw.random() < 0.9}
    if kind == "array":
        return [body(draw, schema.get("items", {}), schemas) for _ in range(draw.randint(0, 3))]
    if kind == "integer":
        return draw.choice([0, 1, -1, 10**30])
    if kind == "boolean":
        return draw.choice([True, False])
    return None if kind == "null" else nonsense(draw)


@pytest.mark.slow
def test_no_request_made_from_the_schema_ends_in_an_error_of_ours(writer: httpx.Client) -> None:
    """Every endpoint, twelve times with values that may fit or not; the same every run."""
    schema = writer.get("/openapi.json").json()
    schemas = schema["components"]["schemas"]
    draw = random.Random(20)
    event = writer.get("/events").json()["items"][0]["event_id"]
    tried = 0
    for path, methods in schema["paths"].items():
        for method, operation in methods.items():
            for _ in range(12):
                address, query = path.removeprefix("/api/v1"), []
                for parameter in operation.get("parameters", ()):
                    value = event if parameter["name"] == "event_id" and draw.random() < 0.3 else nonsense(draw)
                    if parameter["in"] == "path":
                        safe = "".join(f"%{b:02X}" for b in value.encode("utf-8", "surrogatepass"))
                        address = address.replace("{" + parameter["name"] + "}", safe or "x")
                    elif draw.random() < 0.4:
                        query.append((parameter["name"], value))
                content = operation.get("requestBody", {}).get("content", {})
                given: dict[str, Any] = {}
                if "application/json" in content:
                    wanted = body(draw, content["application/json"]["schema"], schemas)
                    if isinstance(wanted, dict) and "event_id" in wanted and draw.random() < 0.7:
                        wanted["event_id"] = event
                    given["content"] = json.dumps(wanted)
                    given["headers"] = {"Content-Type": "application/json"}
                elif content:
                    given["files"] = [("files", (nonsense(draw)[:50] or "x", b""))]
                    given["data"] = {"date": nonsense(draw)}
                found = writer.request(method, address, params=query, **given)
                assert found.status_code < 500, (method, address, query, given, found.text)
                if found.status_code >= 400:
                    assert set(found.json()["error"]) == {"code", "message", "where", "choices"}
                tried += 1
    assert tried > 300
