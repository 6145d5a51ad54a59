"""Other processes that take a share of the work where there is much of it; each is a coder of its own.

They are started with Python's own command line rather than by ``multiprocessing``, which would run the user's main
script again. A process ends when its input does, so none outlives the one that started it, however that ends.
"""

from __future__ import annotations

import contextlib
import gc
import logging
import os
import pickle
import signal
import subprocess
import sys
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from queue import SimpleQueue
from typing import IO, TYPE_CHECKING, Any, cast

from detente.coding.options import CodingOptions

if TYPE_CHECKING:
    from detente.coding.coder import Coder

__all__ = ["Processes", "main"]

Task = tuple[str, Sequence[Any]]
"""What is to be done, and the chunk to do it with."""
Here = Callable[[Task], Sequence[Any]]
"""Does a task in this process."""

_log = logging.getLogger(__name__)


class Processes:
    """This process and others, as many as the options say; whichever is free does the next task."""

    def __init__(self, options: CodingOptions) -> None:
        self.pid = os.getpid()
        self._count = options.workers
        self._free: SimpleQueue[_Process | None] = SimpleQueue()  # None is this process
        self._free.put(None)
        self._threads = ThreadPoolExecutor(self._count, "coding")
        self._others: list[_Process] = []
        try:
            while len(self._others) < self._count - 1:
                self._others.append(_Process(options))
        except OSError as error:
            _log.warning("no further process for coding could be started: %s", error)
        # a thread that waits for a process to be ready would have no worker to give a task to
        for other in self._others:
            self._threads.submit(self._welcome, other)

    def _welcome(self, other: _Process) -> None:
        if other.ready():
            self._free.put(other)

    def _do(self, task: Task, here: Here) -> Sequence[Any]:
        other = self._free.get()
        try:
            results = other.do(task) if other is not None else None
            # an error of another process comes up here again, as it would without processes
            return here(task) if results is None else results
        finally:
            if other is None or not other.ended:
                self._free.put(other)

    def map(self, what: str, chunks: Iterator[Sequence[Any]], here: Here) -> Iterator[Any]:
        """What is done with all chunks, in order; one chunk for each process is read ahead."""
        waiting: deque[Future[Sequence[Any]]] = deque()
        failed: Exception | None = None
        try:
            while failed is None:
                try:
                    chunk = next(chunks, None)
                except Exception as error:  # raised below: what was read before is not lost
                    failed = error
                    break
                if chunk is None:
                    break
                waiting.append(self._threads.submit(self._do, (what, chunk), here))
                if len(waiting) > self._count:
                    yield from waiting.popleft().result()
            while waiting:
                yield from waiting.popleft().result()
            if failed is not None:
                raise failed
        finally:
            for future in waiting:
                future.cancel()

    def close(self) -> None:
        """End the other processes; what they work on is not waited for."""
        if self.pid == os.getpid():
            for other in self._others:
                other.end()
            self._threads.shutdown(wait=False, cancel_futures=True)


class _Process:
    """A process with a coder of its own."""

    def __init__(self, options: CodingOptions) -> None:
        self.ended = False
        self._options = options
        path = os.pathsep.join(place or os.getcwd() for place in sys.path)  # noqa: PTH109 - text, as the others
        self._process = subprocess.Popen(
            [sys.executable, "-c", "from detente.coding.processes import main; main()"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=os.environ | {"PYTHONPATH": path},
        )
        self._requests = cast("IO[bytes]", self._process.stdin)
        self._answers = cast("IO[bytes]", self._process.stdout)

    def ready(self) -> bool:
        """Wait until its model is loaded; False where that fails."""
        return self._ask(self._options) is not None

    def do(self, task: Task) -> Sequence[Any] | None:
        """The results of a task; None where the process fails at it, or has ended."""
        results: Sequence[Any] | None = self._ask(task)
        return results

    def _ask(self, what: Any) -> Any:
        """The answer to something that is sent; None where the process has ended."""
        try:
            pickle.dump(what, self._requests, pickle.HIGHEST_PROTOCOL)
            self._requests.flush()
            return pickle.load(self._answers)  # noqa: S301 - from a process of our own
        except (OSError, EOFError, ValueError, pickle.PickleError):
            if not self.ended:  # else it was closed on purpose
                _log.warning("a process for coding ended unexpectedly; the others do its work")
                self.end()
            return None

    def end(self) -> None:
        """End it at once."""
        self.ended = True
        self._process.kill()
        self._process.wait()
        for pipe in (self._requests, self._answers):
            with contextlib.suppress(OSError):
                pipe.close()


def main() -> None:
    """Take tasks from standard input until it ends, and give their results to standard output."""
    from detente.coding.coder import Coder  # noqa: PLC0415 - the coder itself starts processes

    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the process that started this one decides what is to end
    requests = sys.stdin.buffer
    with os.fdopen(os.dup(1), "wb") as answers:
        os.dup2(2, 1)  # whatever a library prints is not taken for an answer

        def send(what: Any) -> None:
            pickle.dump(what, answers, pickle.HIGHEST_PROTOCOL)
            answers.flush()

        coder: Coder = Coder(pickle.load(requests))  # noqa: S301 - from the process that started this one
        gc.freeze()  # the tables stay as long as the process
        send(True)
        while True:
            try:
                task: Task = pickle.load(requests)  # noqa: S301
            except EOFError:
                return
            try:
                results: Sequence[Any] | None = coder.do(task)
            except Exception:  # it comes up again where the task was given
                results = None
            send(results)
