"""A made ledger of many events, for the speed of what is asked of it: dyads of unlike size, some of which change."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from detente.actors import COUNTRIES
from detente.ontology import TYPES

__all__ = ["MAPPING", "made_events"]

MAPPING = {
    name: name
    for name in (
        *("id", "date", "event", "actor", "actor_country", "recipient", "recipient_country", "source", "story"),
        "sentence",
    )
}
_STATES, _YEARS = 140, 20
_PLACES = ("Geneva", "Vienna", "Astana", "Doha", "Singapore", "Helsinki", "Panmunjom", "Istanbul", "Yalta", "Oslo")
_MATTERS = (
    *(
        "a gas pipeline",
        "fishing rights",
        "grain exports",
        "a prisoner exchange",
        "border demarcation",
        "missile tests",
    ),
    *("a railway link", "debt relief", "sanctions", "joint exercises", "water sharing", "the return of refugees"),
)
_VERBS = {1: "spoke for", 2: "sent aid to", 3: "condemned", 4: "moved against"}
_BATCH = 100_000


def made_events(path: Path, rows: int) -> None:
    """Write ``rows`` events over twenty years to a Parquet file with the columns of ``MAPPING``; the same every time.

    States take part by Zipf's law; a dyad has a share of cooperation of its own, which in one of five changes for
    good at some time. A report gives three events on average, each with a sentence.
    """
    rng = np.random.default_rng(7)
    states = sorted(code for code, c in COUNTRIES.items() if c.status == "member")[:: 193 // _STATES][:_STATES]
    codes = np.array(rng.permutation(states))
    names = np.array([COUNTRIES[str(code)].name for code in codes])
    weights = 1 / np.arange(1, len(codes) + 1)
    weights /= weights.sum()
    n = len(codes)
    friendly = rng.beta(2, 2, (n, n))
    friendly = (friendly + friendly.T) / 2
    changes = rng.random((n, n)) < 0.2
    turn = rng.random((n, n))
    kinds = {quad: np.array([t.name for t in TYPES.values() if t.quad == quad]) for quad in _VERBS}
    verbs = np.array(["", *(_VERBS[quad] for quad in (1, 2, 3, 4))])
    sources = np.array([f"Wire {i:02}" for i in range(40)])
    start = np.datetime64("2004-01-01")
    writer: pq.ParquetWriter | None = None
    for first in range(0, rows, _BATCH):
        size = min(_BATCH, rows - first)
        a, b = rng.choice(n, size, p=weights), rng.choice(n, size, p=weights)
        b = np.where(a == b, (b + 1 + rng.integers(0, n - 1, size)) % n, b)
        low, high = np.minimum(a, b), np.maximum(a, b)
        at = (first + np.arange(size)) / rows
        share = friendly[low, high]
        share = np.where(changes[low, high] & (at > turn[low, high]), 1 - share, share)
        good = rng.random(size) < share
        deed = rng.random(size) < 0.3
        quad = np.where(good, 1, 3) + deed
        event = np.empty(size, dtype=object)
        for number, choice in kinds.items():
            where = quad == number
            event[where] = rng.choice(choice, int(where.sum()))
        numbers = list(range(first, first + size))
        places, matters = rng.choice(_PLACES, size), rng.choice(_MATTERS, size)
        sentences = [
            f"{names[i]} {verbs[q]} {names[j]} over {matter} in {place}, report {k} said."
            for i, j, q, matter, place, k in zip(
                a.tolist(), b.tolist(), quad.tolist(), matters.tolist(), places.tolist(), numbers, strict=True
            )
        ]
        table = pa.table(
            {
                "id": [f"m{k:09}" for k in numbers],
                "date": pa.array(start + (at * _YEARS * 365).astype(int), pa.date32()),
                "event": pa.array(event, pa.string()),
                "actor": names[a],
                "actor_country": codes[a],
                "recipient": names[b],
                "recipient_country": codes[b],
                "source": rng.choice(sources, size),
                "story": [f"s{k // 3:09}" for k in numbers],
                "sentence": sentences,
            }
        )
        writer = writer or pq.ParquetWriter(path, table.schema)
        writer.write_table(table)
    if writer:
        writer.close()
