"""What analysts do, in a real browser: from adding documents to the printed brief, by mouse and by keyboard alone."""

from __future__ import annotations

import io
import json
import random
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
import pypdf
import pytest

import detente as dt
from tests.desk.conftest import Server, settled, until

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def empty_desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    server = Server(tmp_path_factory.mktemp("empty") / "new.ledger")
    yield server
    server.stop()


FILES = {
    "talks.txt": "MOSCOW, 13 November 2013. Russia criticized North Korea over its nuclear test. "
    "President Vladimir Putin met President Park Geun-hye of South Korea in Seoul on Wednesday.",
    "wire.jsonl": json.dumps(
        {
            "id": "wire-1",
            "date": "2013-12-03",
            "title": "Putin signs decree",
            "text": "Russia imposed sanctions on North Korea. Russia condemned North Korea's rocket launch.",
        }
    )
    + '\n{"id": "no-date", "text": "Something happened somewhere."}\n',
}
PASTED = "Russia promised to supply North Korea with 50,000 tons of wheat. Russia thanked North Korea on Tuesday."


def jobs_done(page: Page, number: int) -> None:
    states = "[...document.querySelectorAll('[data-job]')].map(j => j.dataset.state)"
    until(page, f"(all => all.length >= {number} && all.every(s => s === 'done'))({states})", 300)


def test_from_three_documents_to_the_printed_brief(
    empty_desk: Server, new_page: Callable[..., Page], tmp_path: Path
) -> None:
    page = new_page()
    page.goto(empty_desk.address)
    assert page.get_by_text("Nothing in the ledger yet").is_visible()
    page.get_by_role("link", name="Add", exact=True).first.click()

    for name, text in FILES.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    page.get_by_label("Files to add").set_input_files([tmp_path / name for name in FILES])
    page.locator("form[data-add=files] input[name=date]").fill("2013-11-14")
    page.get_by_role("button", name="Add files").click()
    page.get_by_label("text", exact=True).fill(PASTED)
    page.get_by_label("published").fill("2013-08-20")
    page.get_by_label("headline").fill("Wheat for the North")
    page.get_by_role("button", name="Add text").click()
    jobs_done(page, 2)

    page.get_by_label("Two states, a group").fill("Russia North Korea")
    page.keyboard.press("Enter")
    page.wait_for_url("**/dyad/RUS/PRK")
    settled(page)
    assert page.get_by_text("Russia condemned North Korea's rocket launch.").first.is_visible()
    page.get_by_role("link", name="3 Dec 2013").first.click()
    page.wait_for_url("**/document?id=wire-1**")
    assert page.get_by_role("heading", name="Putin signs decree").is_visible()

    # A wrong coding is corrected, seen as corrected, and undone.
    first = page.locator(".codings > li").first
    coded = first.locator(".pill").first.inner_text()
    first.get_by_text("Correct", exact=True).click()
    first.get_by_label("status").select_option("denied")
    first.get_by_label("why").fill("the spokesman took it back")
    first.get_by_role("button", name="Change").click()
    page.get_by_text("the spokesman took it back").wait_for()
    assert page.locator(".codings > li").first.get_by_text("denied", exact=True).first.is_visible()
    page.get_by_role("button", name="Undo").click()
    page.get_by_text("undone by").wait_for()
    assert page.locator(".codings > li").first.locator(".pill").first.inner_text() == coded

    page.goto(f"{empty_desk.address}/dyad/RUS/PRK")
    page.get_by_role("link", name="Brief").click()
    sheet = page.frame_locator("iframe.sheet")
    sheet.get_by_role("heading", name="Notes").wait_for()
    printed = page.context.new_page()
    printed.goto(f"{empty_desk.address}/brief/RUS/PRK/brief.html")
    text = "\n".join(p.extract_text() for p in pypdf.PdfReader(io.BytesIO(printed.pdf())).pages)
    assert "Russia condemned North Korea's rocket launch" in " ".join(text.split())
    with page.expect_download() as download:
        page.get_by_role("link", name="PDF").click()
    assert download.value.path().read_bytes().startswith(b"%PDF")


def drop(page: Page, paths: list[Path], *, place: str = "[data-drop]") -> None:
    """Let go of files from the file manager over a place of the page, as the browser itself hands it on."""
    box = page.locator(place).bounding_box()
    assert box is not None
    client = page.context.new_cdp_session(page)
    data = {"items": [], "files": [str(path) for path in paths], "dragOperationsMask": 1}
    for kind in ("dragEnter", "dragOver", "drop"):
        at = {"x": box["x"] + box["width"] / 2, "y": box["y"] + box["height"] / 2}
        client.send("Input.dispatchDragEvent", {"type": kind, **at, "data": data})


def test_files_are_dropped_and_a_bad_one_among_them_says_why(
    empty_desk: Server, new_page: Callable[..., Page], tmp_path: Path
) -> None:
    (tmp_path / "geneva.txt").write_text("GENEVA, 5 March 2012. Iran met Syria on Monday.", encoding="utf-8")
    (tmp_path / "wire.md").write_text("# Turkey\n\n6 March 2012\n\nTurkey accused Syria of shelling.", encoding="utf-8")
    (tmp_path / "picture.txt").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20)
    page = new_page()
    page.goto(f"{empty_desk.address}/add")
    before = page.locator("[data-job]").count()
    page.locator("form[data-add=files] input[name=date]").fill("2012-03-06")
    drop(page, sorted(tmp_path.iterdir()))
    jobs_done(page, before + 1)
    job = page.locator("[data-job]").first
    assert "3 of 3 files" in job.inner_text()
    assert "2 new" in job.inner_text()
    assert "1 skipped" in job.inner_text()
    job.get_by_role("link", name="what was skipped and why").click()
    page.wait_for_url("**/batch/**")
    row = page.locator("main tbody tr")
    assert "picture.txt" in row.inner_text()
    assert "not text" in row.inner_text()

    # Dropped beside the field, a file is added too; the browser does not leave the page for it. A folder is refused.
    page.goto(f"{empty_desk.address}/add")
    page.locator("form[data-add=files] input[name=date]").fill("2012-03-06")
    drop(page, [tmp_path / "geneva.txt"], place="#batches-title")
    jobs_done(page, before + 2)
    assert "1 known already" in page.locator("[data-job]").first.inner_text()
    drop(page, [tmp_path])
    page.get_by_role("alert").get_by_text("A folder cannot be dropped").wait_for()
    assert page.url == f"{empty_desk.address}/add"


def test_what_is_refused_stays_on_the_page(empty_desk: Server, new_page: Callable[..., Page]) -> None:
    page = new_page()
    page.goto(f"{empty_desk.address}/add")
    page.get_by_label("address", exact=True).fill("http://user@example.org/feed")
    page.get_by_role("button", name="Fetch once").click()
    page.get_by_role("alert").get_by_text("no user name").wait_for()
    page.troubles[:] = [t for t in page.troubles if "422" not in t]  # type: ignore[attr-defined]


def test_a_search_is_kept_and_the_watch_list_tells_what_is_new(
    empty_desk: Server, new_page: Callable[..., Page]
) -> None:
    page = new_page()

    def add(words: str) -> None:
        page.goto(f"{empty_desk.address}/add")
        before = page.locator("[data-job]").count()
        page.get_by_label("text", exact=True).fill(words)
        page.get_by_label("published").fill("2014-05-06")
        page.get_by_role("button", name="Add text").click()
        jobs_done(page, before + 1)

    add("India condemned Pakistan over the shelling on Tuesday.")
    page.goto(f"{empty_desk.address}/search?text=shelling&actor=IND")
    page.get_by_label("Name for this search").fill("Shells in Kashmir")
    page.get_by_role("button", name="Save").click()
    page.get_by_role("status").get_by_text("Saved.").wait_for()
    page.goto(f"{empty_desk.address}/search")
    page.get_by_role("link", name="Shells in Kashmir").click()
    page.wait_for_url("**text=shelling**")
    assert page.locator("#found-title").inner_text() == "1 event"
    assert page.get_by_label("actor").input_value() == "IND"
    page.get_by_label("Name for this search").fill("Shells in Kashmir")
    page.get_by_role("button", name="Watch", exact=True).click()
    page.get_by_role("status").get_by_text("On the watch list.").wait_for()

    page.goto(f"{empty_desk.address}/watch")
    entry = page.locator("section[data-item]", has_text="Shells in Kashmir")
    assert "Nothing new" in entry.inner_text()
    add("India accused Pakistan of shelling three villages on Tuesday.")
    page.goto(f"{empty_desk.address}/watch")
    assert "1 new" in entry.inner_text()
    assert "three villages" in entry.inner_text()
    entry.get_by_role("button", name="Mark as seen").click()
    page.get_by_role("status").get_by_text("Marked as seen").wait_for()
    assert "Nothing new" in entry.inner_text()
    page.reload()
    assert "Nothing new" in entry.inner_text()
    assert "2 events" in entry.inner_text()


def test_the_keyboard_alone(desk: Server, new_page: Callable[..., Page]) -> None:
    page = new_page()
    page.goto(desk.address)
    settled(page)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to content"
    page.keyboard.press("?")
    assert page.get_by_role("dialog").is_visible()
    page.keyboard.press("Escape")
    assert not page.get_by_role("dialog").is_visible()
    page.keyboard.press("n")
    page.wait_for_url("**/?sort=size**")
    settled(page)
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("k")
    assert "/dyad/" in page.evaluate("document.activeElement.href")
    page.keyboard.press("Enter")
    page.wait_for_url("**/dyad/**")
    settled(page)
    before = page.locator("#events-title").locator("xpath=../..").locator("li").count()
    page.keyboard.press("+")
    page.wait_for_url("**since=**until=**")
    until(page, f"document.querySelectorAll('.events > li').length < {before}")
    page.keyboard.press("0")
    until(page, f"document.querySelectorAll('.events > li').length === {before}")
    page.keyboard.press("b")
    page.wait_for_url("**/brief/**")
    page.keyboard.press("g")
    page.keyboard.press("c")
    page.wait_for_url("**/commitments")
    page.keyboard.press("/")
    page.keyboard.type("pipeline railway")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search?text=pipeline+railway")
    page.keyboard.press("t")
    assert page.evaluate("document.documentElement.dataset.theme") == "light"
    page.keyboard.press("t")
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"

    # Single keys can be turned off (WCAG 2.1.4).
    page.keyboard.press("?")
    page.get_by_label("single keys on").uncheck()
    page.keyboard.press("Escape")
    page.keyboard.press("t")
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"


def test_a_span_is_chosen_by_dragging_and_filters_everything(desk: Server, new_page: Callable[..., Page]) -> None:
    page = new_page()
    page.goto(f"{desk.address}/dyad/RUS/PRK")
    settled(page)
    whole = page.locator("#ways-title").locator("xpath=..").inner_text()
    plot = page.locator("#strip .plot").bounding_box()
    assert plot is not None
    page.mouse.move(plot["x"] + plot["width"] * 0.55, plot["y"] + 15)
    page.mouse.down()
    page.mouse.move(plot["x"] + plot["width"] * 0.75, plot["y"] + 15, steps=4)
    page.mouse.up()
    page.wait_for_url("**since=20**until=20**")
    until(page, f"document.getElementById('ways-title').parentElement.innerText !== {json.dumps(whole)}")
    asked = httpx.URL(page.url).params
    days = page.locator(".events time").evaluate_all("all => all.map(t => t.getAttribute('datetime'))")
    assert days
    assert all(asked["since"] <= day <= asked["until"] for day in days)
    # The address alone gives the same view to whoever it is sent to.
    other = new_page()
    other.goto(page.url)
    assert other.locator(".events time").evaluate_all("all => all.map(t => t.getAttribute('datetime'))") == days
    # The filters and the way to the brief say the same span; the way back leads to the whole again.
    assert page.locator("input[name=since]").input_value() == asked["since"]
    assert f"since={asked['since']}" in str(page.get_by_role("link", name="Brief").get_attribute("href"))
    page.go_back()
    until(page, f"document.getElementById('ways-title').parentElement.innerText === {json.dumps(whole)}")
    assert "since" not in page.url
    assert page.locator("input[name=since]").input_value() == ""


def test_every_number_opens_to_its_events_and_each_to_its_sentence(desk: Server, new_page: Callable[..., Page]) -> None:
    page = new_page()
    page.goto(f"{desk.address}/dyad/RUS/PRK")
    settled(page)
    cell = page.locator("table.totals td a").first
    count = int(cell.inner_text())
    cell.click()
    page.wait_for_url("**/search?**")
    assert page.locator("#found-title").inner_text() == f"{count} events"
    assert page.locator(".events .who").count() == count
    sentence = page.locator(".events blockquote").first.inner_text()
    page.locator(".events .meta a").first.click()
    page.wait_for_url("**/document?**#s*")
    shown = page.locator(".text .s:target").inner_text()
    assert " ".join(sentence.split())[:60] in " ".join(shown.split())


HOSTILE = {
    "id": "<script>window.RAN=1</script>",
    "date": "2013-11-14",
    "title": '"><img src=x onerror=window.RAN=2> {{ 7*7 }} \u202egnp.exe',
    "source": "</script><svg onload=window.RAN=3>",
    "url": "javascript:window.RAN=4",
    "text": "Russia condemned North Korea's <img src=x onerror=window.RAN=5> launch on Friday, </script>"
    "<script>window.RAN=6</script> said Sergei Lavrov\u200b\u202e. Russia accused North Korea of "
    '\'"><iframe srcdoc="<script>parent.RAN=7</script>"> aggression.',
}


def test_a_hostile_document_is_shown_as_text(new_page: Callable[..., Page], tmp_path: Path) -> None:
    (tmp_path / "bad.jsonl").write_text(json.dumps(HOSTILE), encoding="utf-8")
    dt.open(tmp_path / "bad.ledger").read(tmp_path / "bad.jsonl")
    server = Server(tmp_path / "bad.ledger")
    try:
        page = new_page()
        for address in ("/", "/dyad/RUS/PRK", "/search", "/search?what=documents", "/brief/RUS/PRK", "/commitments"):
            page.goto(server.address + address)
            settled(page)
            assert page.evaluate("window.RAN") is None
            assert page.locator("main script:not([type='application/json']), main img").count() == 0
        page.goto(f"{server.address}/search?what=documents")
        page.locator(".events a.who").first.click()
        page.wait_for_url("**/document?**")
        assert "<script>window.RAN=6</script>" in page.locator(".text").inner_text()
        assert "{{ 7*7 }}" in page.locator("h1").inner_text()
        assert "\u202e" not in page.content()
        assert page.locator("a[href^='javascript:']").count() == 0
        assert page.evaluate("window.RAN") is None
    finally:
        server.stop()


def wire(count: int) -> str:
    """So many short dispatches, no two alike; every eighth is on two states, as most of a wire is on something else."""
    draw = random.Random(7)
    states = ("Russia", "North Korea", "South Korea", "China", "Japan", "Iran", "Syria", "Turkey", "Egypt", "India")
    deeds = ("condemned", "thanked", "threatened", "imposed sanctions on", "rejected talks with", "sent envoys to")

    def name() -> str:
        return "".join(draw.choice("bcdfglmnprst") + draw.choice("aeiou") for _ in range(4)).capitalize()

    lines = []
    for i in range(count):
        one, other = draw.sample(states, 2)
        text = (
            f"{one} {draw.choice(deeds)} {other} over the {name()} dispute."
            if i % 8 == 0
            else f"The {name()} bakery of {name()} {name()} sold {draw.randint(10, 99)} {name()} cakes."
        )
        lines.append(json.dumps({"id": f"d{i:04}", "text": text, "date": f"{2010 + i % 15}-03-{1 + i % 28:02}"}))
    return "\n".join(lines)


def stored(server: Server) -> int:
    """Documents in the ledger, as the server tells it."""
    found: int = httpx.get(f"{server.address}/api/v1/ledger", timeout=60).json()["documents"]
    return found


def test_a_thousand_documents_are_read_behind_a_usable_page_and_survive_a_kill(
    new_page: Callable[..., Page], tmp_path: Path
) -> None:
    (tmp_path / "wire.jsonl").write_text(wire(1000), encoding="utf-8")
    server = Server(tmp_path / "long.ledger")
    page = new_page()
    page.goto(f"{server.address}/add")
    page.get_by_label("Files to add").set_input_files(tmp_path / "wire.jsonl")
    page.get_by_role("button", name="Add files").click()
    until(page, "/reading: [1-9]/.test(document.querySelector('[data-reading]').textContent)")
    # While it reads, other views answer and show what is stored so far, and how far it is.
    other = new_page()
    other.goto(f"{server.address}/search?what=documents")
    assert other.locator(".events > li").count() > 0
    assert other.locator("[data-reading]").is_visible()
    other.close()

    committed = stored(server)
    server.kill()
    assert 0 < committed < 1000
    until(page, "document.querySelector('[data-reading]').textContent.includes('does not answer')")
    again = Server(tmp_path / "long.ledger", port=server.port)
    try:
        assert stored(again) >= committed
        jobs_done(page, 1)
        assert "1\u202f000 documents" in page.locator("[data-job]").inner_text()
        assert stored(again) == 1000
    finally:
        again.stop()
        # The browser reports the requests that met no server.
        page.troubles[:] = [t for t in page.troubles if "ERR_CONNECTION" not in t]  # type: ignore[attr-defined]
