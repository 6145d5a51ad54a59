"""Every view in a real browser: light and dark, WCAG 2.2 AA, 360 px to 2,560 px, no error, nothing from elsewhere."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from tests.desk.conftest import Server, settled

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.slow
VIEWS = {
    "world": "/",
    "world by size": "/?sort=size&sure=0.1",
    "group": "/group?name=six-party",
    "group of many": "/group?name=eu",
    "relations": "/dyad",
    "relation": "/dyad/RUS/PRK",
    "relation in a span": "/dyad/PRK/RUS?since=2011-06-01&until=2012-06-30&by=quarter",
    "relation without events": "/dyad/BRA/NZL",
    "document": "/document?id={document}",
    "event": "/event?id={event}",
    "commitments": "/commitments",
    "commitment": "/commitment?id={commitment}",
    "search": "/search?text=pipeline",
    "search documents": "/search?what=documents&text=railway",
    "nothing found": "/search?text=zzzz&status=denied",
    "watch": "/watch",
    "add": "/add",
    "batch": "/batch/read-000001",
    "brief": "/brief/RUS/PRK",
    "help": "/help",
    "explain": "/explain?code=CONSULT",
    "no such page": "/nowhere",
}
# In dark only colours differ; everything else is checked once, in light.
RULES: dict[str, dict[str, Any]] = {
    "light": {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]},
    "dark": {"runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}},
}


@pytest.fixture(scope="module")
def ids(desk: Server) -> dict[str, str]:
    with httpx.Client(base_url=f"{desk.address}/api/v1", timeout=60) as api:
        found = api.get("/events", params={"text": "pipeline", "limit": 1}).json()["items"][0]
        commitments = api.get("/commitments").json()["items"]
    stalled = next(c for c in commitments if c["status"] == "stalled")
    return {
        "document": found["document_id"],
        "event": found["event_id"],
        "commitment": stalled["commitment_id"],
    }


def open_view(page: Page, desk: Server, address: str, ids: dict[str, str]) -> Page:
    page.goto(desk.address + address.format(**ids))
    return settled(page)


def complaints(page: Page, colours: str) -> list[str]:
    from axe_playwright_python.sync_playwright import Axe

    found: dict[str, Any] = Axe().run(page, options=RULES[colours]).response
    return [f"{v['id']}: {n['target']} {n['failureSummary']}" for v in found["violations"] for n in v["nodes"]]


@pytest.mark.parametrize("colours", ["light", "dark"])
def test_every_view_is_accessible_and_without_errors(
    desk: Server, ids: dict[str, str], new_page: Callable[..., Page], colours: str
) -> None:
    page = new_page(color_scheme=colours)
    found = {}
    for name, address in VIEWS.items():
        open_view(page, desk, address, ids)
        if problems := complaints(page, colours):
            found[name] = problems
    assert not found


@pytest.mark.parametrize("width", [360, 2560])
def test_every_view_fits_its_window(
    desk: Server, ids: dict[str, str], new_page: Callable[..., Page], width: int
) -> None:
    page = new_page(width, 800)
    wide = {}
    for name, address in VIEWS.items():
        open_view(page, desk, address, ids)
        if (over := page.evaluate("document.documentElement.scrollWidth - innerWidth")) > 0:
            wide[name] = over
    assert not wide
