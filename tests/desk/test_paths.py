"""What analysts do, in a real browser: from adding documents to the printed brief, by mouse and by keyboard alone."""

from __future__ import annotations

import io
import json
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


def test_reading_goes_on_behind_a_usable_page_and_survives_a_kill(
    new_page: Callable[..., Page], tmp_path: Path
) -> None:
    server = Server(tmp_path / "long.ledger")
    page = new_page()
    page.goto(f"{server.address}/add")
    page.get_by_label("Files to add").set_input_files(dt.dossier("korea-2010-2014"))
    page.get_by_role("button", name="Add files").click()
    until(page, "/reading: [1-9]/.test(document.querySelector('[data-reading]').textContent)")
    # While it reads, other views answer and show what is stored so far, and how far it is.
    other = new_page()
    other.goto(f"{server.address}/search?what=documents")
    assert other.locator(".events > li").count() > 0
    assert other.locator("[data-reading]").is_visible()
    other.close()

    committed = httpx.get(f"{server.address}/api/v1/ledger", timeout=60).json()["documents"]
    server.kill()
    until(page, "document.querySelector('[data-reading]').textContent.includes('does not answer')")
    again = Server(tmp_path / "long.ledger", port=server.port)
    try:
        assert httpx.get(f"{again.address}/api/v1/ledger", timeout=60).json()["documents"] >= committed > 0
        jobs_done(page, 1)
        assert page.locator("[data-job]").get_by_text("94 documents").is_visible()
        assert httpx.get(f"{again.address}/api/v1/ledger", timeout=60).json()["documents"] == 94
    finally:
        again.stop()
        # The browser reports the requests that met no server.
        page.troubles[:] = [t for t in page.troubles if "ERR_CONNECTION" not in t]  # type: ignore[attr-defined]
