"""The writer's claim on a ledger: one process at a time, told at once to the next, gone when its process is."""

from __future__ import annotations

import contextlib
import datetime
import json
import os
import socket
import sys
from pathlib import Path

from detente.errors import BadInput, LedgerBusy

__all__ = ["WriterLock"]


def _try_lock(fd: int) -> bool:
    try:
        if sys.platform == "win32":
            import msvcrt  # noqa: PLC0415

            msvcrt.locking(fd, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl  # noqa: PLC0415

            fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


class WriterLock:
    """A locked file beside the ledger that names the process which writes; LedgerBusy if another holds it.

    The operating system drops the lock when the process ends, however it ends.
    """

    def __init__(self, ledger: Path) -> None:
        self._path = ledger.with_name(ledger.name + ".lock")
        while True:
            try:
                self._fd = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o644)
            except OSError as error:
                raise BadInput(f"cannot be opened for writing: {error.strerror}", str(ledger)) from None
            if not _try_lock(self._fd):
                holder = self._holder()
                os.close(self._fd)
                raise LedgerBusy(f"{ledger}: being written to by {holder}")
            if self._still_named():
                break
            os.close(self._fd)  # the previous holder removed the file after we had opened it
        who = {
            "pid": os.getpid(),
            "host": socket.gethostname(),
            "since": f"{datetime.datetime.now(datetime.UTC):%F %T}",
        }
        os.ftruncate(self._fd, 0)
        os.write(self._fd, json.dumps(who).encode())

    def _still_named(self) -> bool:
        try:
            return os.path.samestat(os.fstat(self._fd), self._path.stat())
        except OSError:
            return False

    def _holder(self) -> str:
        try:
            who = json.loads(self._path.read_text("utf-8"))
            return f"process {who['pid']} on {who['host']} since {who['since']} UTC"
        except (OSError, ValueError, KeyError, TypeError):
            return "another process"

    def release(self) -> None:
        """Give the claim up."""
        with contextlib.suppress(OSError):
            self._path.unlink()
        os.close(self._fd)
