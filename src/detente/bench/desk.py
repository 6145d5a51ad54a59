"""``detente bench desk``: twenty users click on a real server over a made ledger of a million events."""

from __future__ import annotations

import contextlib
import csv
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path
from typing import Any

import detente
from detente.api.prepared import cache_path
from detente.api.preparing import prepare
from detente.bench.made import MAPPING, made_events
from detente.errors import BadInput, MissingExtra

__all__ = ["bench_desk"]

USERS = 20
QUICK = 200.0
"""Milliseconds under which a click is quick."""


def bench_desk(
    *,
    events: int = 1_000_000,
    seconds: int = 60,
    users: int = USERS,
    folder: Path | None = None,
    keep: int | None = None,
) -> dict[str, Any]:
    """Time to the first view, and the share of requests under 200 ms, with ``users`` clicking for ``seconds``.

    ``folder`` keeps the ledger from run to run; ``keep`` is the megabytes of answers that the server may keep, by
    default as many as it does. MissingExtra without Locust.
    """
    try:
        import locust  # noqa: F401, PLC0415 - the load tool, in the extra
    except ImportError:
        raise MissingExtra("bench desk", "bench") from None
    with contextlib.ExitStack() as stack:
        if folder is not None:
            folder.mkdir(parents=True, exist_ok=True)
        place = folder or Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="detente-desk-")))
        ledger = place / f"made-{events}.ledger"
        if not ledger.exists():
            made = place / "made.parquet"
            made_events(made, events)
            workspace = detente.open(ledger)
            workspace.import_("table", made, mapping=MAPPING, dataset="made")
            made.unlink()
            workspace.read(detente.dossier("korea-2010-2014"))
        os.environ.setdefault("XDG_CACHE_HOME", str(place / "cache"))
        began = time.monotonic()
        if not cache_path(ledger).exists():
            prepare(ledger)
        prepared = time.monotonic() - began
        port = _free_port()
        started = time.monotonic()
        program = [sys.executable, "-c", "import sys; from detente.cli import main; main(sys.argv[1:])"]
        kept = () if keep is None else ("--keep", str(keep))
        server = subprocess.Popen(  # noqa: S603 - our own program
            [*program, "desk", "-l", str(ledger), "--port", str(port), "--read-only", *kept], stderr=subprocess.PIPE
        )
        stack.callback(server.wait)
        stack.callback(server.send_signal, signal.SIGINT)
        if server.stderr is None or str(port).encode() not in server.stderr.readline():
            raise BadInput("the server did not start")
        ready = time.monotonic() - started
        address = f"http://127.0.0.1:{port}"
        first = _timed(f"{address}/api/v1/shifts?limit=50")
        page = _timed(f"{address}/")
        rows = _clicks(address, users, seconds, place, _states(ledger))
        processor = _processor_seconds(server.pid)
    total = next(row for row in rows if row["Name"] == "Aggregated")
    quick = sum(row["quick"] for row in rows if row is not total)
    asked = sum(row["asked"] for row in rows if row is not total)
    return {
        "first_view_ms": round(first, 1),
        "first_page_ms": round(page, 1),
        "requests_under_200_ms": round(quick / asked, 4) if asked else None,
        "requests": asked,
        "failures": int(total["Failure Count"]),
        "median_ms": float(total["50%"]),
        "p95_ms": float(total["95%"]),
        "p99_ms": float(total["99%"]),
        "by_request": {
            row["Name"]: {"requests": row["asked"], "median_ms": float(row["50%"]), "p95_ms": float(row["95%"])}
            for row in rows
            if row is not total
        },
        "megabytes_kept": keep,
        "users": users,
        "seconds": seconds,
        "events": events,
        "server_processor_ms_per_request": round(1000 * processor / asked, 1) if asked and processor else None,
        "server_start_seconds": round(ready, 2),
        "prepare_seconds": round(prepared, 1),
        "load_average": os.getloadavg()[0],
    }


def _states(ledger: Path) -> str:
    from detente.ledger import open_ledger  # noqa: PLC0415

    with open_ledger(ledger) as found:
        rows = found.connection.execute(
            "SELECT actor_country FROM events WHERE actor_country IS NOT NULL "
            "GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 60"
        ).fetchall()
    return ",".join(row[0] for row in rows)


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


def _timed(address: str) -> float:
    began = time.monotonic()
    with contextlib.suppress(OSError), urllib.request.urlopen(address, timeout=60) as reply:  # noqa: S310 - loopback
        reply.read()
    return 1000 * (time.monotonic() - began)


def _clicks(address: str, users: int, seconds: int, place: Path, states: str) -> list[dict[str, Any]]:
    """Locust's figures, a row a kind of request and one of all, with the number asked and the number quick."""
    with tempfile.TemporaryDirectory(dir=place) as folder:
        log = Path(folder) / "log.jsonl"
        done = subprocess.run(  # noqa: S603
            [
                *(
                    sys.executable,
                    "-m",
                    "locust",
                    "-f",
                    str(Path(__file__).with_name("desk_users.py")),
                    "--headless",
                    "--only-summary",
                ),
                *("-u", str(users), "-r", str(users), "-t", f"{seconds}s", "-H", address, "--csv", f"{folder}/out"),
            ],
            env=os.environ | {"DETENTE_BENCH_STATES": states, "DETENTE_BENCH_LOG": str(log)},
            capture_output=True,
            text=True,
            check=False,
        )
        path = Path(folder) / "out_stats.csv"
        if not path.exists():
            raise BadInput(f"the load tool failed: {done.stderr.strip()[-400:]}")
        with path.open(newline="", encoding="utf-8") as file:
            rows: list[dict[str, Any]] = list(csv.DictReader(file))
        taken: dict[str, list[float]] = {}
        with log.open(encoding="utf-8") as lines:
            for line in lines:
                name, milliseconds = json.loads(line)
                taken.setdefault(name, []).append(milliseconds)
    for row in rows:
        times = taken.get(row["Name"], [])
        row["asked"], row["quick"] = len(times), sum(t < QUICK for t in times)
    return rows


def _processor_seconds(pid: int) -> float | None:
    """Processor time that a process has used, where the system tells."""
    try:
        parts = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    except OSError:
        return None
    return (int(parts[11]) + int(parts[12])) / os.sysconf("SC_CLK_TCK")
