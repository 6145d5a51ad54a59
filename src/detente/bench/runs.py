"""Benchmarks by name."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from detente.bench import gold, ours
from detente.bench.speed import speed
from detente.coding import Coder, CodingOptions
from detente.errors import BadOption, NotFound

__all__ = ["NAMES", "run"]

NAMES = ("plover-gold", "classify", "status", "speakers", "none", "speed", "ledger", "commitments", "desk")
FILES = {"status": "status.txt", "speakers": "speakers.txt", "none": "none.txt"}


def run(name: str, arguments: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """Figures of one benchmark.

    ``file`` in ``arguments`` is the gold file (``plover-gold`` and ``classify`` need one), ``docs`` the documents of
    ``speed``, which also takes ``threads`` and ``limit``; ``fast`` and ``full`` take one of the coder's networks
    alone. ``ledger`` takes a GDELT sample as ``file``, and how many ``rows`` to import and ``events`` to question;
    ``desk`` a ``folder`` for its ledger, and how many megabytes of answers to ``keep``.
    """
    given = dict(arguments or {})
    if name not in NAMES:
        raise BadOption("benchmark", name, NAMES)
    if name == "speed":
        return {"benchmark": name} | speed(_path(given, "docs"), int(given.get("threads") or 2), given.get("limit"))
    if name == "ledger":
        from detente.bench.ledger import bench_ledger  # noqa: PLC0415 - loads DuckDB

        rows, events = int(given.get("rows") or 200_000), int(given.get("events") or 0)
        return {"benchmark": name} | bench_ledger(_path(given, "file"), rows=rows, events=events)
    if name == "desk":
        from detente.bench.desk import bench_desk  # noqa: PLC0415 - needs the load tool

        return {"benchmark": name} | bench_desk(
            events=int(given.get("events") or 1_000_000), folder=given.get("folder"), keep=given.get("keep")
        )
    if name == "commitments":
        from detente.bench.commitments import measure as commitments  # noqa: PLC0415 - needs no coder

        return {"benchmark": name} | commitments(_path(given, "file"))
    path = _path(given, "file") if name not in FILES or given.get("file") else ours.gold_folder() / FILES[name]
    coder = Coder.load(CodingOptions(fast=bool(given.get("fast")), full=bool(given.get("full"))))
    measure = {
        "plover-gold": gold.plover_gold, "classify": gold.classify,
        "status": ours.status, "speakers": ours.speakers, "none": ours.none,
    }[name]  # fmt: skip
    return {"benchmark": name, "file": path.name, "coder": coder.name} | measure(path, coder)


def _path(arguments: Mapping[str, Any], key: str) -> Path:
    value = arguments.get(key)
    if value is None:
        raise BadOption(key, value, ["the path of a file"])
    path = Path(value)
    if not path.is_file():
        raise NotFound("file", path)
    return path
