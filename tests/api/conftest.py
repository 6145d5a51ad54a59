"""A small ledger out of the bundled dossier, and real servers on it."""

from __future__ import annotations

import shutil
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

import detente as dt
from detente.api import create_app
from detente.api.server import listen, serve

DOCUMENTS = 30


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A ledger of thirty dispatches; not to be changed."""
    folder = tmp_path_factory.mktemp("made")
    lines = dt.dossier("korea-2010-2014").read_text(encoding="utf-8").splitlines(keepends=True)
    (folder / "wire.jsonl").write_text("".join(lines[-DOCUMENTS:]), encoding="utf-8")
    path = folder / "korea.ledger"
    dt.open(path).read(folder / "wire.jsonl")
    return path


@pytest.fixture
def ledger(made: Path, tmp_path: Path) -> Path:
    """A copy of it that a test may change."""
    return Path(shutil.copy(made, tmp_path / "korea.ledger"))


@contextmanager
def served(path: Path, host: str = "127.0.0.1", **options: Any) -> Iterator[httpx.Client]:
    """A server on a ledger in this process, and a client of its API."""
    ready = threading.Event()
    port: list[int] = []
    with listen(host, 0) as sock:
        app = create_app(path, host=host, **options)

        def tell(taken: int) -> None:
            port.append(taken)
            ready.set()

        stop: list[Callable[[], None]] = []
        thread = threading.Thread(target=serve, args=(app, sock, tell), kwargs={"stop": stop.append}, daemon=True)
        thread.start()
        assert ready.wait(20)
        with httpx.Client(base_url=f"http://127.0.0.1:{port[0]}/api/v1", timeout=60) as client:
            yield client
        stop[0]()
        thread.join(20)


@pytest.fixture(scope="session")
def reader(made: Path) -> Iterator[httpx.Client]:
    """A client of a server that refuses changes, for questions."""
    with served(made, read_only=True) as client:
        yield client


@pytest.fixture
def writer(ledger: Path) -> Iterator[httpx.Client]:
    """A client of a server on a ledger of its own, with the token that changes need."""
    with served(ledger) as client:
        client.headers["X-Detente-Token"] = client.get("/session").json()["token"]
        yield client


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port
