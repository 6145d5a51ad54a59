"""Makes the pictures of README and docs from the bundled dossier: ``make picture``. Needs Chromium.

``python -m scripts.pictures NAME…`` makes some of them: ``brief``, or those of ``VIEWS``.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import detente as dt
from detente.api.server import listen, serve
from detente.desk import create_app
from detente.errors import BadOption, NotFound
from detente.leverage import example

if TYPE_CHECKING:
    from playwright.sync_api import Page

IMAGES = Path(__file__).parent.parent / "docs" / "images"
LEVERS = {"corridor": example("korea"), "dependence": example("korea-trade")}
# What is shown, at which address, how wide and high, in which colours.
VIEWS = (
    ("desk-world", "/", (1280, 860), "light"),
    ("desk-group", "/group?name=six-party", (1280, 860), "light"),
    ("desk-relation", "/dyad/RUS/PRK", (1280, 1100), "light"),
    ("desk-relation-dark", "/dyad/RUS/PRK", (1280, 1100), "dark"),
    ("desk-document", "/document?id=kor-2012-06-20-pipeline-tension", (1280, 760), "light"),
    ("desk-commitments", "/commitments", (1280, 900), "light"),
    ("desk-search", "/search?text=railway", (1280, 860), "light"),
    ("desk-phone", "/dyad/RUS/PRK", (360, 780), "light"),
)


@contextmanager
def served(ledger: Path) -> Iterator[str]:
    """The desk on a ledger, in a thread of this process; its address."""
    ready, stop, port = threading.Event(), list[object](), list[int]()

    def tell(taken: int) -> None:
        port.append(taken)
        ready.set()

    with listen("127.0.0.1", 0) as sock:
        app = create_app(ledger, read_only=True, **LEVERS)
        thread = threading.Thread(target=serve, args=(app, sock, tell), kwargs={"stop": stop.append}, daemon=True)
        thread.start()
        if not ready.wait(60):
            raise TimeoutError("the desk did not start")
        yield f"http://127.0.0.1:{port[0]}"
        for end in stop:
            end()  # type: ignore[operator]
        thread.join(20)


def drawn(page: Page) -> None:
    """Wait until the charts of a page are there. Asked from here: the page's own policy forbids it to run strings."""
    page.wait_for_load_state("load")
    while not page.evaluate("[...document.querySelectorAll('figure.chart')].every(f => f.dataset.drawn)"):
        page.wait_for_timeout(50)


def main(names: Sequence[str]) -> int:
    """Read the dossier, write the brief, open the desk, take their pictures (all, or those of some names)."""
    known = ["brief", *(name for name, *_ in VIEWS)]
    for name in names:
        if name not in known:
            raise BadOption("picture", name, known)
    wanted = set(names or known)
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - needed here alone

    chromium = shutil.which("chromium")
    if chromium is None:
        raise NotFound("program (install Chromium)", "chromium")
    IMAGES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        ledger, brief = Path(folder) / "korea.ledger", Path(folder) / "brief.html"
        with dt.open(ledger) as workspace:
            workspace.read(dt.dossier("korea-2010-2014"))
            workspace.brief("RUS", "PRK", brief, **LEVERS)
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        if "brief" in wanted:
            page = browser.new_page(viewport={"width": 900, "height": 1150})
            page.goto(brief.as_uri())
            page.screenshot(path=IMAGES / "brief.png")
            sys.stdout.write(f"wrote {IMAGES / 'brief'}.png\n")
        views = [view for view in VIEWS if view[0] in wanted]
        if not views:
            browser.close()
            return 0
        with served(ledger) as address:
            for name, view, (width, height), colours in views:
                page = browser.new_page(
                    viewport={"width": width, "height": height}, color_scheme="dark" if colours == "dark" else "light"
                )
                page.set_default_timeout(120_000)
                page.goto(address + view)
                drawn(page)
                page.screenshot(path=IMAGES / f"{name}.png")
                page.close()
                sys.stdout.write(f"wrote {IMAGES / name}.png\n")
        browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
