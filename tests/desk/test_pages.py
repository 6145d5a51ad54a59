"""The pages without a browser: an empty ledger, wrong addresses, nothing inline, the guide as the program has it."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

import detente as dt
from detente.desk import KEYS, create_app
from detente.desk.words import by_sentence, clean_text, link, place, signed
from tests.relations.made import D, event

ADDRESSES = (
    *("/", "/group", "/group?states=RUS,PRK", "/dyad", "/dyad/RUS/PRK", "/commitments", "/search", "/watch", "/add"),
    *("/?since=&until=&sort=&sure=&shown=", "/search?text=&actor=&since=&until=&min_confidence=&quad=&order="),
    *("/dyad/RUS/PRK?since=&until=&by=", "/group?name=&states=&until=&months=", "/commitments?party=&other=&status="),
    *("/search?what=documents&text=x", "/help", "/explain?code=CONSULT", "/brief/RUS/PRK", "/brief/RUS/PRK/brief.html"),
)
WRONG = {
    "/nowhere": 404,
    "/dyad/RUS/XXX": 404,
    "/dyad/RUS/RUS": 422,
    "/document?id=none": 404,
    "/event": 404,
    "/commitment?id=none": 404,
    "/batch/none": 404,
    "/explain?code=NONE": 404,
    "/brief/RUS/PRK/brief.exe": 404,
    "/dyad/RUS/PRK?since=yesterday": 422,
    "/search?cursor=made-up": 200,  # said on the page, with the filters kept
}


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    app = create_app(tmp_path_factory.mktemp("empty") / "new.ledger")
    with TestClient(app, base_url="http://127.0.0.1", headers={"accept": "text/html"}) as found:
        yield found


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_view_of_an_empty_ledger_stands_and_has_nothing_inline(client: TestClient, address: str) -> None:
    reply = client.get(address)
    assert reply.status_code == 200
    if address.endswith(".html"):
        return  # the brief is a document of its own, with its style inside and no script
    policy = reply.headers["content-security-policy"]
    assert "unsafe" not in policy
    assert not re.search(r"<[^>]+\s(style|on\w+)=", reply.text)
    assert not re.search(r"<style|<script(?![^>]*(src=|type=\"application/json\"))", reply.text)


@pytest.mark.parametrize("address", WRONG)
def test_a_wrong_address_gets_a_page_that_says_so(client: TestClient, address: str) -> None:
    reply = client.get(address)
    assert reply.status_code == WRONG[address]
    assert reply.headers["content-type"].startswith("text/html")
    assert "Traceback" not in reply.text


@pytest.mark.parametrize(
    ("words", "leads"),
    [
        ("Russia North Korea", "/dyad/RUS/PRK"),
        ("RUS→PRK", "/dyad/RUS/PRK"),
        ("six-party", "/group?name=six-party"),
        ("Russia", "/search?actor=RUS"),
        ("gas pipeline", "/search?text=gas+pipeline"),
        ("", "/search"),
    ],
)
def test_the_box_on_top_leads_to_states_groups_or_a_search(client: TestClient, words: str, leads: str) -> None:
    assert client.get("/go", params={"q": words}, follow_redirects=False).headers["location"] == leads


def test_files_that_the_browser_keeps_are_marked_by_their_content(client: TestClient) -> None:
    page = client.get("/").text
    for address in re.findall(r'(?:src|href)="(/static/[^"]+)"', page):
        reply = client.get(address)
        assert reply.status_code == 200
        assert re.search(r"\?v=[0-9a-f]{8}$", address)
        assert "immutable" in reply.headers["cache-control"]


def test_the_keyboard_is_in_the_guide() -> None:
    guide = (Path(__file__).parent.parent.parent / "docs" / "desk.md").read_text(encoding="utf-8")
    for key in KEYS:
        assert f"| `{key.keys}` | {key.does} | {key.where} |" in guide


def test_figures_and_addresses_are_written_one_way() -> None:
    assert [signed(x) for x in (0.414, -0.15, -0.001, None)] == ["+0.41", "−0.15", "0.00", "–"]
    assert link("/search", {"text": "a b", "actor": ["RUS", "PRK"], "since": None}, actor="CHN") == (
        "/search?text=a+b&actor=CHN"
    )
    assert clean_text("safe\u202egnp.exe\x07\u200b") == "safe▫gnp.exe▫"


def test_a_sentence_stands_once_with_all_that_was_read_from_it() -> None:
    day = D(2013, 11, 13)
    there, back = (event(day, a, b, document_id="d") for a, b in (("RUS", "PRK"), ("PRK", "RUS")))
    elsewhere = event(day, "RUS", "CHN")
    imported = [event(day, "RUS", "CHN", event_id=i, document_id="d", sentence_no=None) for i in "xy"]
    found = by_sentence([there, elsewhere, back, *imported])
    assert found == [[there, back], [elsewhere], [imported[0]], [imported[1]]]


@pytest.fixture(scope="module")
def crowded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """A ledger of one dispatch a day by forty publishers, and no text."""
    folder = tmp_path_factory.mktemp("crowded")
    rows = [f"2013-01-{1 + i % 28:02},CONSULT,Russia,China,Publisher {i:02},{i % 5}" for i in range(40)]
    (folder / "wire.csv").write_text("\n".join(["day,type,who,whom,by,n", *rows]), encoding="utf-8")
    names = {"date": "day", "event": "type", "actor_country": "who", "recipient_country": "whom", "source": "by"}
    dt.open(folder / "wire.ledger").import_("table", folder / "wire.csv", mapping=names)
    app = create_app(folder / "wire.ledger", read_only=True)
    with TestClient(app, base_url="http://127.0.0.1", headers={"accept": "text/html"}) as found:
        yield found


def test_of_many_publishers_a_few_are_ticked_and_the_others_named(crowded: TestClient) -> None:
    def ticked(page: str) -> list[str]:
        return re.findall(r'type="checkbox" name="source" value="([^"]+)"', page)

    page = crowded.get("/search").text
    listed = ticked(page)
    assert len(listed) == 12
    named = re.findall(r'<option value="(Publisher \d+)">', page)
    assert sorted([*listed, *named]) == [f"Publisher {i:02}" for i in range(40)]
    chosen = crowded.get("/search", params={"source": named[-1]}).text
    assert named[-1] in ticked(chosen)
    assert ">1 event<" in chosen


def test_what_is_listed_can_be_taken_away_whole(crowded: TestClient) -> None:
    page = crowded.get("/search", params={"order": "date", "actor": "RUS"}).text
    address = re.search(r'href="(/api/v1/events[^"]+)">all as CSV', page)
    assert address
    table = crowded.get(html.unescape(address[1])).text.splitlines()
    assert len(table) == 41
    days = [re.search(r"2013-01-\d\d", row)[0] for row in table[1:]]  # type: ignore[index]
    assert days == sorted(days)


def test_a_place_in_the_inbox_is_told_by_the_name_that_its_user_knows() -> None:
    assert place("0123456789ab/wire.jsonl:3") == "wire.jsonl:3"
    assert place("reports/2013/wire.jsonl:3") == "reports/2013/wire.jsonl:3"
