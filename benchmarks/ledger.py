"""Measures the ledger: ``python benchmarks/ledger.py [--rows N] [--documents N]``. Prints one JSON object."""

from __future__ import annotations

import argparse
import datetime
import json
import resource
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa

from detente.ledger import open_ledger
from detente.records import Document, Event, Party, Sentence, Statement, stable_id

DAY = datetime.date(2013, 11, 13)
SENTENCES, EVENTS = 20, 6  # of a document


@dataclass(frozen=True)
class Coded:
    """A made document with its coding."""

    document: Document
    sentences: tuple[Sentence, ...]
    events: tuple[Event, ...]
    statements: tuple[Statement, ...] = ()


def coded(no: int) -> Coded:
    """A document of 20 sentences with 6 events."""
    words = f"Delegate {no} of the ruling party told reporters in Vladivostok that the railway would open in autumn."
    text = " ".join(f"{words[:-1]} {n}." for n in range(SENTENCES))
    size = len(text) // SENTENCES
    parts = tuple(Sentence(n, n * size, (n + 1) * size, text[n * size : (n + 1) * size]) for n in range(SENTENCES))
    actor = Party(text="Delegate", name="Russia", country="RUS", sector="GOV", start=0, end=8)
    events = tuple(
        Event(
            event_id=stable_id(no, n),
            document_id=str(no),
            sentence_no=n,
            sentence=parts[n].text,
            start=parts[n].start,
            end=parts[n].end,
            event="CONSULT",
            quad=1,
            intensity=1.0,
            actor=actor,
            recipient=actor,
            date=DAY,
            published=DAY,
            coder="made",
        )
        for n in range(EVENTS)
    )
    return Coded(Document(document_id=str(no), text=text, published=DAY), parts, events)


def rows(first: int, count: int) -> pa.RecordBatch:
    """Events as a data set gives them, 20 columns, ids without order."""
    ids = [f"{(n * 0x9E3779B97F4A7C15) % 2**64:016x}" for n in range(first, first + count)]
    same = {"event": "ACCUSE", "coder": "made", "dataset": "made", "actor_name": "Russia", "actor_country": "RUS"}
    same |= {"actor_text": "RUSSIA", "recipient_name": "North Korea", "recipient_country": "PRK", "cameo": "111"}
    same |= {"place": "Moscow, Russia", "place_country": "RUS"}
    columns = {"event_id": ids, "document_id": ids, **{name: [value] * count for name, value in same.items()}}
    columns |= {"url": [f"https://news.example/{n}/a-story-about-something-{n}.html" for n in range(count)]}
    days = (np.arange(first, first + count) // 50_000 + 15_000).astype("datetime64[D]")
    numbers = {"quad": np.full(count, 3, "i1"), "intensity": np.full(count, -2.0), "date": days}
    numbers |= {"num_mentions": np.full(count, 5), "latitude": np.linspace(0, 60, count), "longitude": np.ones(count)}
    return pa.RecordBatch.from_pydict({name: pa.array(values) for name, values in (columns | numbers).items()})


class Clock:
    """Seconds of wall and of processor time since it was made."""

    def __init__(self) -> None:
        self.wall, self.cpu = time.perf_counter(), self._cpu()

    def _cpu(self) -> float:
        used = resource.getrusage(resource.RUSAGE_SELF)
        return used.ru_utime + used.ru_stime

    def rates(self, count: int) -> dict[str, int]:
        """``count`` a second of each."""
        return {
            "a second": round(count / (time.perf_counter() - self.wall)),
            "a processor second": round(count / (self._cpu() - self.cpu)),
        }


def main() -> None:
    """Write documents and import rows into a new ledger."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=2_000_000)
    parser.add_argument("--documents", type=int, default=2_000)
    options = parser.parse_args()
    result: dict[str, object] = {"rows": options.rows, "documents": options.documents}
    documents = [coded(no) for no in range(options.documents)]
    batches = [rows(first, 50_000) for first in range(0, options.rows, 50_000)]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "made.ledger")
        with open_ledger(path, "write") as ledger:
            with ledger.batch("read", coder="made") as batch:
                ledger.write_coded(batch, [coded(-1)])  # loads what is loaded once
                clock = Clock()
                for first in range(0, len(documents), 200):
                    ledger.write_coded(batch, documents[first : first + 200])
                result["documents written"] = clock.rates(len(documents))
                clock = Clock()
                ledger.write_coded(batch, documents)
                result["documents unchanged"] = clock.rates(len(documents))

            def streamed() -> Iterator[pa.RecordBatch]:
                yield from batches

            with ledger.batch("import", dataset="made") as batch:
                clock = Clock()
                assert ledger.add_events(batch, streamed()) == options.rows  # noqa: S101
                result["rows imported"] = clock.rates(options.rows)
                clock = Clock()
                assert ledger.add_events(batch, streamed()) == 0  # noqa: S101
                result["rows already there"] = clock.rates(options.rows)
        result["bytes a row"] = round(path.stat().st_size / options.rows)
    result["peak memory, MB"] = round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
    print(json.dumps(result))


if __name__ == "__main__":
    main()
