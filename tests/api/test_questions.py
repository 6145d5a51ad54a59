"""Every question that the API answers: of its promised type, in each format, with an ETag, errors in one shape."""

from __future__ import annotations

import csv
import io
import subprocess
import sys
from pathlib import Path
from typing import Any

import httpx
import jsonschema
import pyarrow as pa
import pytest

import detente as dt
from detente.api.models import Failure
from detente.brief import render
from detente.leverage import example
from tests.api.conftest import free_port, served

PROGRAM = str(Path(sys.executable).parent / "detente")
# A request for each endpoint that asks; a new endpoint fails ``test_every_question_is_asked`` until it stands here.
ASKED = {
    "/ledger": "/ledger",
    "/batches": "/batches",
    "/batches/{batch_id}/rejections": "/batches/read-000001/rejections",
    "/shifts": "/shifts?sort=size&limit=3",
    "/attention": "/attention?limit=3",
    "/groups": "/groups",
    "/groups/{members}": "/groups/six-party",
    "/relations/{a}/{b}": "/relations/RUS/North%20Korea?by=quarter",
    "/stances/{a}/{b}": "/stances/RUS/PRK",
    "/commitments": "/commitments?limit=2",
    "/commitments/{commitment_id}": "/commitments/COMMITMENT",
    "/events": "/events?between=RUS&between=PRK&count=true&limit=2",
    "/events/{event_id}": "/events/EVENT",
    "/documents": "/documents?limit=2",
    "/documents/{document_id}": "/documents/DOCUMENT",
    "/countries": "/countries",
    "/actors": "/actors?text=kim",
    "/sources": "/sources",
    "/explain/{code}": "/explain/CONCEDE",
}
TABLES = {path for path in ASKED if path != "/explain/{code}"}
WRONG = {
    "/batches/none/rejections": (404, "not-found"),
    "/relations/Korea/RUS": (404, "unknown-name"),
    "/relations/RUS/Russia": (422, "bad-input"),
    "/relations/RUS/PRK?by=fortnight": (422, "bad-input"),
    "/relations/RUS/PRK?since=2013-02-30": (422, "bad-input"),
    "/relations/RUS/PRK?since=2014-01-01&until=2013-01-01": (422, "bad-input"),
    "/groups/nobody": (404, "unknown-name"),
    "/stances/RUS/Nowhere": (404, "unknown-name"),
    "/commitments?status=lost": (422, "bad-option"),
    "/commitments/none": (404, "not-found"),
    "/events?limit=0": (422, "bad-input"),
    "/events?limit=501": (422, "bad-input"),
    "/events?cursor=x": (422, "bad-input"),
    "/events?type=HUG": (422, "bad-option"),
    "/events?quad=5": (422, "bad-option"),
    "/events?format=xml": (422, "bad-input"),
    "/events/none": (404, "not-found"),
    "/documents?cursor=%00": (422, "bad-input"),
    "/documents/none": (404, "not-found"),
    "/documents/..%2f..%2fetc%2fpasswd": (404, "not-found"),
    "/explain/CONCEED": (404, "unknown-name"),
    "/nothing": (404, "not-found"),
}


@pytest.fixture(scope="module")
def addresses(reader: httpx.Client) -> dict[str, str]:
    """The addresses with real ids in them."""
    ids = {
        "COMMITMENT": reader.get("/commitments").json()["items"][0]["commitment_id"],
        "EVENT": reader.get("/events").json()["items"][0]["event_id"],
        "DOCUMENT": reader.get("/events").json()["items"][0]["document_id"],
    }
    return {path: next((a.replace(k, v) for k, v in ids.items() if k in a), a) for path, a in ASKED.items()}


def questions(reader: httpx.Client) -> dict[str, Any]:
    schema = reader.get("/openapi.json").json()
    prefix = "/api/v1"
    return {path.removeprefix(prefix): item["get"] for path, item in schema["paths"].items() if "get" in item}


def test_every_question_is_asked(reader: httpx.Client) -> None:
    with_etag = {path for path, item in questions(reader).items() if "304" in item["responses"]}
    assert with_etag == {*ASKED, "/briefs/{a}/{b}"}


@pytest.mark.parametrize("path", ASKED)
def test_answers_are_of_the_promised_type(reader: httpx.Client, addresses: dict[str, str], path: str) -> None:
    found = reader.get(addresses[path])
    assert found.status_code == 200, found.text
    schema = reader.get("/openapi.json").json()
    promised = questions(reader)[path]["responses"]["200"]["content"]["application/json"]["schema"]
    jsonschema.validate(found.json(), promised | {"components": schema["components"]})
    assert reader.get(addresses[path]).content == found.content


@pytest.mark.parametrize("path", ASKED)
def test_an_unchanged_answer_is_not_sent_again(reader: httpx.Client, addresses: dict[str, str], path: str) -> None:
    etag = reader.get(addresses[path]).headers["etag"]
    found = reader.get(addresses[path], headers={"If-None-Match": f'"other", {etag}'})
    assert (found.status_code, found.content) == (304, b"")
    assert reader.get(addresses[path], headers={"If-None-Match": '"other"'}).status_code == 200
    assert reader.get(addresses[path], headers={"Accept": "text/csv"}).headers["etag"] != etag


@pytest.mark.parametrize("path", sorted(TABLES))
def test_tables_come_as_csv_and_arrow_with_the_same_rows(
    reader: httpx.Client, addresses: dict[str, str], path: str
) -> None:
    text = reader.get(addresses[path], headers={"Accept": "text/csv"})
    assert text.headers["content-type"].startswith("text/csv")
    address = addresses[path]
    arrow = reader.get(address + ("&" if "?" in address else "?") + "format=arrow")
    assert arrow.headers["content-type"] == "application/vnd.apache.arrow.stream"
    table = pa.ipc.open_stream(arrow.content).read_all()
    rows = list(csv.DictReader(io.StringIO(text.text)))
    assert len(rows) == table.num_rows
    if rows:
        assert list(rows[0]) == table.column_names


@pytest.mark.parametrize("address", WRONG)
def test_errors_have_one_shape(reader: httpx.Client, address: str) -> None:
    found = reader.get(address)
    status, code = WRONG[address]
    assert found.status_code == status, found.text
    error = Failure.model_validate_json(found.content, strict=True).error
    assert set(found.json()["error"]) == {"code", "message", "where", "choices"}
    assert error.code == code
    assert error.message
    assert "Traceback" not in error.message


def test_the_brief_is_that_of_the_command_byte_for_byte(ledger: Path) -> None:
    """With words and deeds, commitments and leverage, from the same ledger and files."""
    files = {"corridor": example("korea"), "dependence": example("korea-trade")}
    with served(ledger, **files) as client:
        for span in ({}, {"until": "2013-12-31"}):
            composed = dt.open(ledger).compose_brief("RUS", "PRK", **files, **span)
            headings = [section.heading for section in composed.sections]
            assert {"Words and deeds", "Commitments", "Leverage"} <= set(headings)
            for form in ("md", "html"):
                asked = {"format": form, **span}
                assert client.get("/briefs/RUS/PRK", params=asked).content == render(composed, f".{form}")


@pytest.mark.parametrize("form", ["html", "md", "pdf", "json"])
def test_the_brief_comes_in_each_format(reader: httpx.Client, form: str) -> None:
    found = reader.get(f"/briefs/RUS/PRK?format={form}")
    assert found.status_code == 200, found.text
    assert len(found.content) > 500
    assert (
        reader.get(f"/briefs/RUS/PRK?format={form}", headers={"If-None-Match": found.headers["etag"]}).status_code
        == 304
    )
    if form == "html":
        assert "script-src" not in found.headers["content-security-policy"]
        assert "sandbox" in found.headers["content-security-policy"]


def test_errors_name_the_choices(reader: httpx.Client) -> None:
    assert "North Korea" in reader.get("/relations/Nort%20Korea/RUS").json()["error"]["choices"]
    assert reader.get("/relations/RUS/PRK?by=x").json()["error"]["choices"] == [
        "day",
        "week",
        "month",
        "quarter",
        "year",
    ]
    assert reader.get("/events?status=done").json()["error"]["where"] == "query.status.0"


def test_pages_together_are_the_whole_list_without_repeats(reader: httpx.Client) -> None:
    for path, key in (("/events", "event_id"), ("/documents", "document_id"), ("/shifts?min_probability=0", None)):
        whole = reader.get(path + ("&" if "?" in path else "?") + "limit=500").json()["items"]
        seen: list[Any] = []
        cursor = None
        while True:
            found = reader.get(path, params={"limit": 7} | ({"cursor": cursor} if cursor else {})).json()
            seen += found["items"]
            cursor = found["next"]
            if cursor is None:
                break
        assert seen == whole if key is None else [x[key] for x in seen] == [x[key] for x in whole]


def test_events_are_filtered(reader: httpx.Client) -> None:
    def get(**query: Any) -> list[Any]:
        found = reader.get("/events", params=query | {"limit": 500})
        assert found.status_code == 200, found.text
        items: list[Any] = found.json()["items"]
        return items

    every = get()
    assert get(actor="Russia") == [e for e in every if e["actor"] and e["actor"]["country"] == "RUS"]
    assert get(status=["denied", "absent"]) == [e for e in every if e["status"] in ("denied", "absent")]
    assert get(quad=[3, 4]) == [e for e in every if e["quad"] >= 3]
    day = every[len(every) // 2]["date"]
    assert get(since=day, until=day) == [e for e in every if e["date"] == day]
    source = every[0]["source"]
    assert get(source=source) == [e for e in every if e["source"] == source]
    both = get(between=["RUS", "KOR"])
    assert both
    assert {e["actor"]["country"] for e in both} | {e["recipient"]["country"] for e in both} == {"RUS", "KOR"}
    assert get(text='"gas pipeline"') == [e for e in every if "gas pipeline" in (e["sentence"] or "").lower()]
    assert get(type=every[0]["event"], actor="no such actor") == []
    assert list(reversed(get(order="date"))) != every or len(every) < 2
    assert [e["date"] for e in get(order="date")] == sorted(e["date"] for e in every)


def test_marks_lie_in_the_text(reader: httpx.Client, addresses: dict[str, str]) -> None:
    found = reader.get(addresses["/documents/{document_id}"]).json()
    text = found["document"]["text"]
    assert found["marks"]
    known = {e["event_id"]: e for e in found["events"]} | {s["statement_id"]: s for s in found["statements"]}
    for mark in found["marks"]:
        assert 0 <= mark["start"] < mark["end"] <= len(text)
        if mark["kind"] in ("actor", "recipient", "speaker"):
            assert known[mark["of"]][mark["kind"]]["text"] == text[mark["start"] : mark["end"]]


def test_csv_runs_no_formula() -> None:
    from detente.api.replies import as_csv

    table = pa.table({"title": ["=HYPERLINK(1)", "@x", "plain", None], "n": [-1, 2, 3, 4]})
    assert as_csv(table).decode().splitlines()[1:] == ['"\'=HYPERLINK(1)",-1', '"\'@x",2', '"plain",3', ",4"]


def test_a_busy_port_is_one_clear_line(made: Path) -> None:
    with served(made, read_only=True) as client:
        program = [
            PROGRAM,
            "desk",
            "--ledger",
            str(made),
            "--port",
            str(client.base_url.port),
        ]
        done = subprocess.run(program, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.startswith("detente: port ")
    assert len(done.stderr.strip().splitlines()) == 1


def test_no_ledger_to_read_is_one_clear_line(tmp_path: Path) -> None:
    program = [PROGRAM, "desk", "--ledger", str(tmp_path / "none.ledger"), "--read-only"]
    done = subprocess.run(
        [*program, "--port", str(free_port())], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 2
    assert "none.ledger" in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
