"""Does following commitments grow with the documents alone, and is a large ledger answered at once?

    python -m benchmarks.commitments_scale [DOCUMENTS] [COMMITMENTS]

Made-up reports (invented accords of real states, each followed by a step and a delivery) are read into a ledger in
four equal parts; the time of each part is printed, and that of one more document. Then the ledger's commitments are
copied, with other parties, until there are COMMITMENTS of them, and questions are timed. The last line is one JSON
object. Coding is left out: only what this room does is timed.
"""

from __future__ import annotations

import datetime
import json
import random
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from detente.commitments import catch_up, from_ledger, one
from detente.documents import split
from detente.ledger import open_ledger
from detente.records import Document, Event, Sentence, Statement

STATES = [
    "Norway",
    "Poland",
    "Chile",
    "Peru",
    "Kenya",
    "Uganda",
    "Japan",
    "Mongolia",
    "Egypt",
    "Sudan",
    "Brazil",
    "Bolivia",
    "Turkey",
    "Georgia",
    "Vietnam",
    "Laos",
    "Spain",
    "Morocco",
    "Greece",
    "Albania",
    "Nepal",
    "India",
    "Ghana",
    "Togo",
    "Cuba",
    "Mexico",
    "Canada",
    "Iceland",
    "Finland",
    "Sweden",
]
DEEDS = (
    (
        "build a gas pipeline to",
        "gas pipeline",
        "laid the first stretch of the gas pipeline",
        "completed the gas pipeline",
    ),
    ("lend 300 million dollars to", "loan", "paid a first instalment of the loan", "paid out the loan in full"),
    ("return the museum bronzes of", "bronzes", "sent a first crate of bronzes", "returned the last of the bronzes"),
    ("open its ferry ports to ships of", "ferry ports", "surveyed the ferry ports", "opened the ferry ports"),
    ("withdraw its troops from", "troops", "pulled back a first battalion of troops", "withdrew the last troops"),
)
START = datetime.date(1980, 1, 1)


@dataclass(frozen=True)
class Coded:
    """A document as coding leaves it, without events."""

    document: Document
    sentences: tuple[Sentence, ...]
    events: tuple[Event, ...] = ()
    statements: tuple[Statement, ...] = ()


def reports(number: int, seed: int = 0) -> Iterator[Document]:
    """So many reports, one a day or more, an accord and its two follow-ups in each three."""
    draw = random.Random(seed)  # noqa: S311 - made-up reports, no secret
    waiting: list[tuple[int, str]] = []
    for at in range(number):
        day = START + datetime.timedelta(days=at // 4)
        if waiting and waiting[0][0] <= at:
            text = waiting.pop(0)[1]
        else:
            a, b = draw.sample(STATES, 2)
            deed, _, step, end = draw.choice(DEEDS)
            place = "".join(draw.choice(letters) for letters in ("BDFGKLMNPRSTV", "aeiou", "lmnrst", "aeiou", "dgkmnt"))
            until = f"near {place} by the end of {day.year + 3}"
            text = f"{a} and {b} signed an agreement on Monday. {a} will {deed} {b} {until}."
            waiting += [(at + 40, f"{a} {step} near {place} on Tuesday, as agreed with {b}.")]
            waiting += [(at + 400, f"{a} {end} near {place} on Friday, officials of {b} said.")]
            waiting.sort()
        yield Document(document_id=f"d{at:07d}", text=text, published=day)


def store(path: Path, documents: list[Document]) -> float:
    """Documents into the ledger and followed up; processor seconds of the latter."""
    with open_ledger(path, "write") as ledger:
        with ledger.batch("read", coder="none") as batch:
            ledger.write_coded(batch, [Coded(d, tuple(split(d.text))) for d in documents])
        began = time.process_time()
        catch_up(ledger)
        return time.process_time() - began


def multiply(path: Path, wanted: int) -> int:
    """Copy the commitments, each copy with keys and ids of its own, until there are so many; how many there are."""
    with open_ledger(path, "write") as ledger, ledger.transaction() as connection:
        row = connection.execute("SELECT count(*) FROM commitments").fetchone()
        have = int(row[0]) if row else 0
        times = max(0, -(-wanted // max(1, have)) - 1)
        for table in ("commitments", "commitment_keys"):
            extra = "commitment_id || '-' || n AS commitment_id, " if table == "commitments" else ""
            connection.execute(
                f"INSERT INTO {table} SELECT * REPLACE ({extra}founded_by || '-' || n AS founded_by) "
                f"FROM {table}, (SELECT unnest(range(1, {times + 1})) AS n)".replace(
                    "SELECT * REPLACE", "SELECT * EXCLUDE (n) REPLACE"
                )
            )
        row = connection.execute("SELECT count(*) FROM commitments").fetchone()
        return int(row[0]) if row else 0


def main(documents: int = 4000, commitments: int = 100_000) -> None:
    """Run both measurements."""
    out: dict[str, object] = {"documents": documents}
    every = list(reports(documents + 1))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "scale.ledger"
        part = documents // 4
        out["parts_s"] = [round(store(path, every[n * part : (n + 1) * part]), 2) for n in range(4)]
        out["one_more_s"] = round(store(path, every[documents:]), 3)
        out["commitments"] = multiply(path, commitments)
        known = from_ledger(path, limit=1).commitments[0].commitment_id
        questions = {
            "board_s": lambda: from_ledger(path, limit=50),
            "party_s": lambda: from_ledger(path, parties=["NOR"], limit=50),
            "two_parties_stalled_s": lambda: from_ledger(path, parties=["NOR", "POL"], status="stalled", limit=50),
            "one_s": lambda: one(path, known),
        }
        for name, ask in questions.items():
            best = min(_timed(ask) for _ in range(3))
            out[name] = round(best, 3)
        text = "Norway and Poland signed an agreement on Monday. Norway will build a bridge to Poland by 2030."
        last = Document(document_id="z", text=text, published=datetime.date(2024, 1, 1))
        out["one_more_in_large_s"] = round(store(path, [last]), 3)
    print(json.dumps(out))


def _timed(ask: Callable[[], object]) -> float:
    began = time.process_time()
    ask()
    return time.process_time() - began


if __name__ == "__main__":
    main(*(int(n) for n in sys.argv[1:3]))
