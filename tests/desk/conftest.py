"""The desk as users run it: a real server process on the bundled dossier, and Chromium in front of it."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, ConsoleMessage, Page

CHROMIUM = shutil.which("chromium")


class Server:
    """``detente desk`` in a process of its own; what it says on stderr is kept."""

    all: ClassVar[list[Server]] = []

    def __init__(self, ledger: Path, *options: str, port: int = 0) -> None:
        self.all.append(self)
        self.ledger = ledger
        self.process = subprocess.Popen(
            [
                str(Path(sys.executable).with_name("detente")),
                "desk",
                "--ledger",
                str(ledger),
                "--port",
                str(port),
                *options,
            ],
            stderr=subprocess.PIPE,
            text=True,
            env=os.environ | {"PYTHONUNBUFFERED": "1"},
        )
        self.said: list[str] = []
        assert self.process.stderr is not None
        for line in self.process.stderr:
            self.said.append(line)
            if found := re.search(r"http://\S+?:(\d+)/\S*", line):
                self.address, self.port = found[0].rstrip("/"), int(found[1])
                break
        else:
            raise AssertionError(f"the server did not start: {self.said}")
        threading.Thread(target=self._drain, daemon=True).start()

    def _drain(self) -> None:
        assert self.process.stderr is not None
        self.said.extend(self.process.stderr)

    def kill(self) -> None:
        """As a power cut does it."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(10)

    def stop(self) -> None:
        self.process.send_signal(signal.SIGINT)
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.kill()


@pytest.fixture(scope="session")
def desk(dossier_ledger: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    server = Server(Path(shutil.copy(dossier_ledger, tmp_path_factory.mktemp("desk"))))
    yield server
    server.stop()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    if CHROMIUM is None:
        pytest.skip("Chromium is not installed; make test installs it")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield found
        found.close()


@pytest.fixture
def new_page(browser: Browser) -> Iterator[Callable[..., Page]]:
    """Makes pages that fail the test on a console error or warning, an exception, or a request that leaves us."""
    troubles: list[str] = []
    contexts: list[Any] = []

    def make(width: int = 1280, height: int = 900, **options: Any) -> Page:
        context = browser.new_context(viewport={"width": width, "height": height}, **options)
        context.set_default_timeout(180_000)  # a busy machine is slow, not wrong
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda m: _is_trouble(m) and troubles.append(f"{m.type}: {m.text}, on {page.url}"))
        page.on("pageerror", lambda error: troubles.append(f"exception: {error}"))
        page.on(
            "request",
            lambda r: r.url.startswith(("http://127.0.0.1:", "data:", "blob:")) or troubles.append(f"left: {r.url}"),
        )
        page.on("response", lambda r: r.status >= 500 and troubles.append(f"{r.status}: {r.request.method} {r.url}"))
        page.troubles = troubles  # type: ignore[attr-defined]
        return page

    yield make
    for context in contexts:
        context.close()
    assert not troubles, "\n".join([*troubles, *(line for server in Server.all for line in server.said[-40:])])


def _is_trouble(message: ConsoleMessage) -> bool:
    asked_for = message.location.get("url", "").endswith("/nowhere")  # the browser reports its 404, as it should be
    return message.type in ("error", "warning") and not asked_for


def until(page: Page, condition: str, seconds: float = 180) -> None:
    """Wait until an expression holds in the page. Asked from here: the page's own policy forbids it to run strings."""
    end = time.monotonic() + seconds
    while not page.evaluate(condition):
        assert time.monotonic() < end, f"never came true: {condition}"
        page.wait_for_timeout(50)


def settled(page: Page) -> Page:
    """The page once its charts are drawn."""
    page.wait_for_load_state("load")
    until(page, "[...document.querySelectorAll('figure.chart')].every(f => f.dataset.drawn)")
    return page
