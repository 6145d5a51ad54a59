"""Whole answers kept in memory: the same bytes for the same question, until anything changes."""

import asyncio
import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest
from starlette.requests import Request
from starlette.responses import Response

from detente.api.answers import Answers, keep
from detente.api.state import State
from detente.api.store import Store
from detente.desk import create_app


class Program:
    """An application that counts how often it is asked, and answers with that number and the address."""

    def __init__(self) -> None:
        self.asked = 0

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        self.asked += 1
        number, path = self.asked, scope["path"]
        if "kept" in path:
            keep(Request(scope))
        await asyncio.sleep(0.01)
        await Response(f"{number} {path} ".ljust(1000, "."), 404 if "wrong" in path else 200)(scope, receive, send)


@pytest.fixture
def own(ledger: Path) -> Iterator[tuple[Store, State]]:
    store = Store(ledger)
    yield store, State(ledger)
    store.close()


def asking(app: Any, *addresses: str, **headers: str) -> list[httpx.Response]:
    """Answers to questions that are asked together."""

    async def ask() -> list[httpx.Response]:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://127.0.0.1") as client:
            return list(await asyncio.gather(*(client.get(address, headers=headers) for address in addresses)))

    with ThreadPoolExecutor(1) as apart:  # a browser of another test may leave a loop running in this thread
        return apart.submit(asyncio.run, ask()).result()


def test_the_same_question_is_passed_on_once(own: tuple[Store, State]) -> None:
    program = Program()
    app = Answers(program, *own, most_bytes=100_000)
    first = asking(app, "/kept", "/kept", "/kept")
    again = asking(app, "/kept")
    assert program.asked == 1
    assert len({reply.content for reply in first + again}) == 1
    assert len({tuple(reply.headers.raw) for reply in first + again}) == 1
    asking(app, "/kept?a=1", "/kept?a=2")
    asking(app, "/kept", accept="text/csv")
    assert program.asked == 4


@pytest.mark.parametrize("address", ["/other", "/kept-wrong"])
def test_answers_that_may_change_and_failures_are_not_kept(address: str, own: tuple[Store, State]) -> None:
    program = Program()
    app = Answers(program, *own, most_bytes=100_000)
    replies = asking(app, address, address, address) + asking(app, address)
    assert program.asked == 4
    assert len({reply.content for reply in replies}) == 4


def test_nothing_is_kept_where_that_is_wanted_or_for_those_who_hold_the_answer(own: tuple[Store, State]) -> None:
    program = Program()
    for _ in range(2):
        asking(Answers(program, *own, most_bytes=0), "/kept")
    app = Answers(program, *own, most_bytes=100_000)
    for _ in range(2):
        asking(app, "/kept", **{"if-none-match": '"x"'})
    assert program.asked == 4


def test_the_longest_unused_are_let_go(own: tuple[Store, State]) -> None:
    program = Program()
    app = Answers(program, *own, most_bytes=30_000)
    for i in range(30):
        asking(app, f"/kept/{i}")
        asking(app, "/kept/0")
    assert app.size <= 30_000
    assert program.asked == 30
    asking(app, "/kept/29")
    assert program.asked == 30
    asking(app, "/kept/1")
    assert program.asked == 31


def test_a_change_of_the_ledger_or_of_what_the_desk_remembers_is_seen(own: tuple[Store, State]) -> None:
    store, state = own
    program = Program()
    app = Answers(program, *own, most_bytes=100_000)

    def asked() -> int:
        before = program.asked
        assert asking(app, "/kept")[0].status_code == 200
        return program.asked - before

    assert (asked(), asked()) == (1, 0)
    with state.change() as change:
        change.execute("INSERT INTO searches VALUES ('s', 'mine', '', 'me', '')")
    assert (asked(), asked()) == (1, 0)
    with state.change() as change:
        change.execute("UPDATE searches SET name = 'ours'")
    assert (asked(), asked()) == (1, 0)
    with store.writing() as ledger:
        ledger.connection.execute("UPDATE documents SET title = 'another' WHERE rowid = 0")
        assert (asked(), asked()) == (1, 1)  # in the midst of a change nothing is kept
    assert (asked(), asked()) == (1, 0)


def test_a_page_shows_what_was_just_saved(ledger: Path) -> None:
    app = create_app(ledger)
    own = app.state.services
    address = "/search?text=pipeline"
    before = asking(app, address)[0]
    assert asking(app, address)[0].content == before.content
    with own.state.change() as change:
        change.execute("INSERT INTO searches VALUES ('s', 'Gas through Korea', 'text=gas', 'me', '2026-01-01')")
    assert "Gas through Korea" not in before.text
    assert "Gas through Korea" in asking(app, address)[0].text
    own.store.close()


def test_a_kept_answer_is_for_those_who_may_enter(made: Path, tmp_path: Path) -> None:
    path = Path(shutil.copy(made, tmp_path / "korea.ledger"))
    app = create_app(path, read_only=True, host="0.0.0.0", token="open")  # noqa: S104, S106
    address = "/api/v1/events?limit=2"
    assert [asking(app, address, authorization="Bearer open")[0].status_code for _ in range(2)] == [200, 200]
    assert asking(app, address)[0].status_code == 401
    app.state.services.store.close()


def test_pages_and_answers_are_the_same_with_and_without(made: Path, tmp_path: Path) -> None:
    path = Path(shutil.copy(made, tmp_path / "korea.ledger"))
    keeping, plain = (create_app(path, read_only=True, keep_bytes=size) for size in (1_000_000, 0))
    for address in (
        "/",
        "/dyad",
        "/dyad/RUS/PRK",
        "/group",
        "/search?text=gas",
        "/commitments",
        "/api/v1/events?limit=3",
    ):
        one, other = (asking(app, address, address)[1] for app in (keeping, plain))
        token = [app.state.services.csrf for app in (keeping, plain)]
        assert one.status_code == 200
        assert one.text.replace(token[0], "") == other.text.replace(token[1], "")
    for app in (keeping, plain):
        app.state.services.store.close()
