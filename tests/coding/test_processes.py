"""Other processes that help where there is much to code: same results, and none of them is left or missed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

import detente
from detente.coding import Coded, Coder, CodingOptions
from detente.coding import coder as module
from detente.errors import BadInput
from detente.records import Document
from tests.coding.conftest import PUBLISHED

pytestmark = pytest.mark.slow
TEXTS = [
    f"{a} accused {b} of lying on Monday. {b} denied that it had attacked {c}. Rain fell in {a}."
    for a in ("Iran", "France", "China", "Chad")
    for b in ("Israel", "Spain", "Japan", "Sudan")
    for c in ("Egypt", "Peru", "Nepal")
]
DOCUMENTS = [Document(document_id=str(i), text=text, published=PUBLISHED) for i, text in enumerate(TEXTS)]

SCRIPT = """
import datetime, sys
from detente.coding import Coder, CodingOptions, coder
from detente.records import Document
coder.CHUNK, coder.ALONE = 300, 0
text = "France accused Iran of lying. Iran denied it."
day = datetime.date(2020, 1, 1)
documents = (Document(document_id=str(i), text=text, published=day) for i in range(int(sys.argv[1])))
one = Coder.load(CodingOptions(threads=2))
for n, coded in enumerate(one.code(documents)):
    if n == 20:
        while one._processes._free.qsize() > 2: pass
        print(one._processes._others[0]._process.pid, flush=True)
"""
"""As a user may write it: nothing keeps it from being run again where it is imported."""


@pytest.fixture(autouse=True)
def _small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Processes at once, and chunks of a few sentences."""
    monkeypatch.setattr(module, "CHUNK", 300)
    monkeypatch.setattr(module, "ALONE", 0)


@pytest.fixture(scope="module")
def alone() -> list[Coded]:
    return list(Coder.load(CodingOptions(threads=1)).code(DOCUMENTS))


@pytest.fixture
def helped() -> Iterator[Coder]:
    coder = Coder.load(CodingOptions(threads=2))
    yield coder
    coder.close()


def wait_until_ready(coder: Coder) -> subprocess.Popen[bytes]:
    """The other process of a coder that has begun to code, once its model is loaded."""
    assert coder._processes is not None
    deadline = time.monotonic() + 120
    while coder._processes._free.qsize() < 2:
        assert time.monotonic() < deadline
        time.sleep(0.02)
    return coder._processes._others[0]._process


def test_processes_give_the_same_in_the_same_order(helped: Coder, alone: list[Coded]) -> None:
    assert list(helped.code(DOCUMENTS[:6])) == alone[:6]
    wait_until_ready(helped)
    assert list(helped.code(iter(DOCUMENTS))) == alone
    assert list(helped.code(reversed(DOCUMENTS))) == alone[::-1]


def test_few_documents_start_nothing(helped: Coder, alone: list[Coded]) -> None:
    for document, coded in zip(DOCUMENTS[:5], alone, strict=False):
        assert list(helped.code([document])) == [coded]
    assert helped._processes is None


def test_one_core_starts_nothing(alone: list[Coded]) -> None:
    coder = Coder.load(CodingOptions(threads=1))
    assert list(coder.code(DOCUMENTS)) == alone
    assert coder._processes is None


def test_nothing_is_lost_where_a_process_is_killed(
    helped: Coder, alone: list[Coded], caplog: pytest.LogCaptureFixture
) -> None:
    coded = helped.code(iter(DOCUMENTS))
    first = [next(coded) for _ in range(4)]
    process = wait_until_ready(helped)
    process.kill()
    assert first + list(coded) == alone
    assert "ended unexpectedly" in caplog.text
    assert list(helped.code(DOCUMENTS)) == alone


def test_nothing_is_lost_where_no_process_can_be_started(
    helped: Coder, alone: list[Coded], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "executable", str(Path(sys.executable).parent / "nowhere"))
    assert list(helped.code(DOCUMENTS)) == alone


def test_what_was_read_before_the_input_failed_is_not_lost(helped: Coder, alone: list[Coded]) -> None:
    def failing() -> Iterator[Document]:
        yield from DOCUMENTS[:20]
        raise OSError("disk gone")

    found = []
    with pytest.raises(OSError, match="disk gone"):
        found += [one for one in helped.code(failing()) if found.append(one) is not None]
    assert found == alone[:20]


def test_an_error_comes_up_as_it_would_without_processes(helped: Coder) -> None:
    items: list[tuple[str, tuple[int, int] | None, tuple[int, int] | None]] = [(t, (0, 4), None) for t in TEXTS]
    list(helped.classify_many(items))
    wait_until_ready(helped)
    with pytest.raises(BadInput, match="does not lie within"):
        list(helped.classify_many([*items, ("short", (0, 99), None), *items]))
    assert len(list(helped.classify_many(items))) == len(items)


def test_what_is_not_taken_is_not_waited_for(helped: Coder, alone: list[Coded]) -> None:
    taken: list[str] = []

    def endless() -> Iterator[Document]:
        while True:
            for document in DOCUMENTS:
                taken.append(document.document_id)
                yield document

    assert next(helped.code(endless())) == alone[0]
    assert len(taken) < len(DOCUMENTS)
    assert list(helped.code(DOCUMENTS)) == alone


def test_a_closed_coder_leaves_no_process_and_codes_on(helped: Coder, alone: list[Coded]) -> None:
    list(helped.code(DOCUMENTS))
    process = wait_until_ready(helped)
    helped.close()
    assert process.poll() is not None
    assert list(helped.code(DOCUMENTS)) == alone


def run_script(folder: Path, count: int) -> subprocess.Popen[str]:
    script = folder / "script.py"
    script.write_text(SCRIPT, "utf-8")
    source = str(Path(detente.__file__).parents[1])
    return subprocess.Popen(
        [sys.executable, str(script), str(count)],
        env=os.environ | {"PYTHONPATH": source},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def ended(pid: int) -> bool:
    """Whether a process is gone, or is so within ten seconds."""
    for _ in range(100):
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.1)
    return False


def test_a_script_without_a_main_guard_is_run_once(tmp_path: Path) -> None:
    done = run_script(tmp_path, 40)
    out, err = done.communicate(timeout=120)
    assert (done.returncode, err) == (0, "")
    assert len(out.splitlines()) == 1
    assert ended(int(out))


@pytest.mark.skipif(os.name == "nt", reason="signals")
@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGKILL])
def test_however_a_script_ends_no_process_is_left(tmp_path: Path, how: signal.Signals) -> None:
    running = run_script(tmp_path, 10**9)
    assert running.stdout is not None
    pid = int(running.stdout.readline())
    running.send_signal(how)
    _, err = running.communicate(timeout=60)
    assert running.returncode != 0
    assert err.count("Traceback") <= 1
    assert ended(pid)
