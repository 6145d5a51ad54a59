"""The one thread that reads what was added: a job at a time, coded in a process of its own, stored as it goes.

Each chunk is committed before the next is coded. After a kill the server finds its unfinished jobs and reads them
again; what is there already is told by its content and passed over.
"""

from __future__ import annotations

import contextlib
import json
import logging
import os
import queue
import shutil
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from detente.api.fetch import fetch
from detente.api.jobs import COUNTS, inbox
from detente.api.state import State, now
from detente.api.store import Store
from detente.api.worker import coded_from, document_from, rejected_from
from detente.commitments import catch_up, pending
from detente.errors import DetenteError, LedgerBusy
from detente.ledger import Batch, ReadReport
from detente.ledger.reading import Sifted, sift, store_sifted
from detente.records import Document, Rejected, stable_id

__all__ = ["Runner"]

_log = logging.getLogger(__name__)
MOST_BYTES = 16 * 1024 * 1024
"""Bytes of one document, uncompressed."""
PATIENCE = 120.0
"""Seconds that one chunk of an input may take to be read or coded; the input is given up after that."""
_BUSY_WAIT = 5.0
# Seconds without a job after which the worker is ended; with its model it takes about 400 MB.
_IDLE = 300.0


class _Ended(Exception):
    """The worker is gone, or was ended because it took too long."""

    def __init__(self, code: str, reason: str) -> None:
        self.code = code
        super().__init__(reason)


class _Stopped(Exception):
    """The user, or the end of the server, stops the job."""


class _Worker:
    """The process that reads and codes, and what it says."""

    def __init__(self, stopping: threading.Event) -> None:
        self._stopping = stopping
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-m", "detente.api.worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=os.environ | {"OMP_NUM_THREADS": "1", "PYTHONHASHSEED": "0"},
        )
        self._said: queue.Queue[bytes | None] = queue.Queue(maxsize=4)
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        out = self._process.stdout
        while out is not None and (line := out.readline()):
            self._said.put(line)
        self._said.put(None)

    def tell(self, message: dict[str, Any]) -> None:
        """Send a line."""
        try:
            if self._process.stdin is not None:
                self._process.stdin.write(json.dumps(message).encode() + b"\n")
                self._process.stdin.flush()
        except OSError:
            raise _Ended("crashed", "the reading of it ended unexpectedly") from None

    def hear(self) -> dict[str, Any]:
        """The next line; _Ended after ``PATIENCE`` seconds or where the process has ended."""
        deadline = time.monotonic() + PATIENCE
        while True:
            try:
                line = self._said.get(timeout=0.2)
                break
            except queue.Empty:
                if self._stopping.is_set():
                    raise _Stopped from None
                if time.monotonic() > deadline:
                    raise _Ended("too-slow", f"a part of it took longer than {PATIENCE:g} seconds") from None
        if line is None:
            raise _Ended("crashed", "the reading of it ended unexpectedly: out of memory, or a fault in a library")
        found: dict[str, Any] = json.loads(line)
        return found

    def end(self) -> None:
        """End the process."""
        self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                with contextlib.suppress(OSError):
                    pipe.close()


class Runner:
    """Reads the jobs of a desk in the order in which they were added; ``start`` it, and ``close`` it at the end."""

    def __init__(self, store: Store, state: State) -> None:
        self._store = store
        self._state = state
        self._wake = threading.Event()
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None
        self._worker: _Worker | None = None  # kept from job to job: loading the coder takes seconds

    def start(self) -> None:
        """Begin; jobs that a killed server left behind are taken up again."""
        if self._state.read_only:
            return
        if self._state.path.exists():
            with self._state.change() as connection:
                connection.execute("UPDATE jobs SET state = 'waiting' WHERE state = 'reading'")
        self._thread = threading.Thread(target=self._run, name="detente-jobs", daemon=True)
        self._thread.start()

    def wake(self) -> None:
        """Look for jobs now."""
        self._wake.set()

    def close(self) -> None:
        """End after the transaction under way; what is left is read after the next start."""
        self._stopping.set()
        self._wake.set()
        if self._thread:
            self._thread.join(30)
        self._end_worker()

    def _end_worker(self) -> None:
        worker, self._worker = self._worker, None
        if worker:
            worker.end()

    def _follow_up(self) -> None:
        """Search for commitments what was read without it."""
        with self._store.ledger() as ledger:
            left = pending(ledger.connection)
        if left:
            with self._store.writing() as ledger:
                catch_up(ledger)

    def _run(self) -> None:
        with contextlib.suppress(DetenteError):
            self._follow_up()
        while not self._stopping.is_set():
            rows = self._state.rows("SELECT * FROM jobs WHERE state = 'waiting' ORDER BY made, job_id LIMIT 1")
            if not rows:
                if not self._wake.wait(_IDLE):
                    self._end_worker()
                self._wake.clear()
                continue
            try:
                self._one(rows[0])
            except LedgerBusy as error:
                self._note(rows[0]["job_id"], state="waiting", error=f"waits: {error}")
                self._stopping.wait(_BUSY_WAIT)
            except Exception:
                # The boundary: a fault of ours ends one job, not the server.
                _log.exception("job %s", rows[0]["job_id"])
                self._end(rows[0]["job_id"], "failed", "internal error")

    def _note(self, job_id: str, **values: Any) -> None:
        """Store what is new of a job, unless the user has stopped it."""
        names = ", ".join(f"{name} = ?" for name in values)
        with self._state.change() as connection:
            connection.execute(
                f"UPDATE jobs SET {names} WHERE job_id = ? AND state IN ('waiting', 'reading')",
                (*values.values(), job_id),
            )

    def _end(self, job_id: str, state: str, error: str | None) -> None:
        self._note(job_id, state=state, error=error, finished=now())
        shutil.rmtree(inbox(self._state) / job_id, ignore_errors=True)

    def _one(self, row: dict[str, Any]) -> None:
        job_id, options, inputs = row["job_id"], json.loads(row["options"]), json.loads(row["inputs"])
        self._note(job_id, state="reading", started=now(), error=None)
        folder = inbox(self._state) / job_id
        try:
            if row["kind"] == "feed" and not inputs:
                inputs = [_fetched(options["address"], folder)]
                self._note(job_id, inputs=json.dumps(inputs))
            self._read(job_id, options, inputs, folder)
        except _Stopped:
            if not self._stopping.is_set():
                shutil.rmtree(folder, ignore_errors=True)
        except LedgerBusy:
            raise
        except DetenteError as error:
            self._end(job_id, "failed", str(error))
        else:
            self._follow_up()
            self._end(job_id, "done", None)

    def _read(self, job_id: str, options: dict[str, Any], inputs: Sequence[dict[str, str]], folder: Path) -> None:
        report = ReadReport()
        with self._store.kept_writable(), contextlib.ExitStack() as stack:
            batch: Batch | None = None
            first = 0
            try:
                while first < len(inputs):
                    at = first
                    worker, self._worker = self._worker or _Worker(self._stopping), None
                    try:
                        worker.tell(_task(options, inputs[first:], folder))
                        coder = worker.hear()["coder"]
                        if batch is None:
                            with self._store.writing() as ledger:
                                names = [item["where"] for item in inputs]
                                opened = ledger.batch("read", inputs=names, coder=coder)
                                batch = stack.enter_context(opened)
                            self._note(job_id, batch_id=batch.batch_id)
                        while "done" not in (said := worker.hear()):
                            if "input" in said:
                                at = first + said["input"]
                                self._progress(job_id, report, at)
                            else:
                                self._chunk(worker, said["items"], batch, coder, report)
                                self._progress(job_id, report, at)
                        first, self._worker = len(inputs), worker
                    except _Ended as ended:
                        _log.warning("job %s: input %s: %s", job_id, at, ended)
                        if batch is None:
                            raise LedgerBusy(f"the coder could not be started: {ended}") from None
                        gone = Rejected(where=inputs[at]["where"], code=ended.code, reason=str(ended))
                        with self._store.writing() as ledger:
                            store_sifted(ledger, batch, Sifted((), (), 0, (gone,)), (), report)
                        first = at + 1
                    finally:
                        if self._worker is not worker:
                            worker.end()
                self._progress(job_id, report, len(inputs))
            finally:
                if batch is not None:
                    with self._store.writing():
                        stack.close()

    def _chunk(
        self, worker: _Worker, items: Sequence[dict[str, Any]], batch: Batch, coder: str, report: ReadReport
    ) -> None:
        """Sift a chunk, have it coded, store it; the ledger is free while it is coded."""
        chunk: list[Document | Rejected] = [
            document_from(item["document"]) if "document" in item else rejected_from(item["rejected"]) for item in items
        ]
        places = {d.document_id: i for i, d in enumerate(chunk) if isinstance(d, Document)}
        by_path = {d.path: i for i, d in enumerate(chunk) if isinstance(d, Document)}
        with self._store.writing() as ledger:
            sifted = sift(ledger, coder, chunk)
        wanted = [[places.get(d.document_id, by_path.get(d.path, 0)), d.document_id] for d in sifted.originals]
        worker.tell({"code": wanted})
        coded = coded_from(sifted.originals, worker.hear()["coded"])
        with self._store.writing() as ledger:
            store_sifted(ledger, batch, sifted, coded, report)

    def _progress(self, job_id: str, report: ReadReport, done: int) -> None:
        """Store how far the job is; _Stopped where the user has stopped it."""
        counts = {name: getattr(report, name) for name in COUNTS if hasattr(report, name)}
        reasons = Counter(item.code for item in report.rejected)
        progress = counts | {
            "inputs_done": done,
            "skipped": len(report.rejected),
            "reasons": dict(sorted(reasons.items())),
        }
        self._note(job_id, progress=json.dumps(progress))
        rows = self._state.rows("SELECT state FROM jobs WHERE job_id = ?", (job_id,))
        if self._stopping.is_set() or not rows or rows[0]["state"] == "stopped":
            raise _Stopped


def _task(options: dict[str, Any], inputs: Sequence[dict[str, str]], folder: Path) -> dict[str, Any]:
    return {
        "threads": max(1, (os.cpu_count() or 2) - 1),
        "date": options.get("date"),
        "kind": options.get("kind", "auto"),
        "max_bytes": MOST_BYTES,
        "inputs": [
            {"path": str(folder / item["file"]), "file_id": item["file_id"], "where": item["where"]} for item in inputs
        ],
    }


def _fetched(address: str, folder: Path) -> dict[str, str]:
    """A feed or page, fetched into the inbox. Its place is the address; a page of another day replaces it."""
    found = fetch(address)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "0000").write_bytes(found.data)
    ending = ".html" if "html" in found.content_type else ""
    return {"file": "0000", "file_id": f"feed-{stable_id(found.url)}{ending}", "where": found.url}
