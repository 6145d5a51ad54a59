"""Measures the documents room on the development data: ``python benchmarks/documents.py [PART ...] --data FOLDER``.

Parts: pages, feeds, datelines, sentences, speed, copies. Prints one JSON object a part. The figures in
docs/documents.md come from here.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import random
import re
import tarfile
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any

from lxml import etree

from detente.documents import CopyIndex, find_copies, fingerprint, read, split
from detente.documents.dates import date_in_head, parse_loose
from detente.documents.web import read_page
from detente.records import Document, Rejected

DEFAULT_DATA = os.environ.get("DETENTE_DATA", str(Path(__file__).parents[2] / "shared" / "data"))
CLOSING = {",", ".", ":", ";", "?", "!", ")", "]", "%", "n't", "''", "”", "’", "..."}
OPENING = {"(", "[", "$", "``", "“", "£", "€"}
FALLBACK = date(1900, 1, 1)


def share(part: int, whole: int) -> float:
    """The part of the whole, 0 where there is nothing."""
    return round(part / whole, 4) if whole else 0.0


def pages(data: Path) -> dict[str, Any]:
    """Real web pages: body, title and date against the expected metadata."""
    result: dict[str, Any] = {}
    with tempfile.TemporaryDirectory() as folder:
        with tarfile.open(data / "text/readability_test_pages.tar.gz") as archive:
            archive.extractall(folder, filter="data")
        with tarfile.open(data / "text/goose_statichtml_news.tar.gz") as archive:
            archive.extractall(folder, filter="data")
        count: Counter[str] = Counter()
        wrong_dates = []
        started = time.perf_counter()
        for expected_file in sorted(Path(folder).rglob("expected-metadata.json")):
            expected = json.loads(expected_file.read_text("utf-8"))
            wanted = re.sub(r"<[^>]+>", " ", (expected_file.parent / "expected.html").read_text("utf-8"))
            page = read_page((expected_file.parent / "source.html").read_text("utf-8", "replace"))
            count["pages"] += 1
            count["body"] += bool(page.text.strip())
            words, wanted_words = Counter(re.findall(r"\w+", page.text)), Counter(re.findall(r"\w+", wanted))
            both = (words & wanted_words).total()
            count["common"], count["got"], count["wanted"] = (
                count["common"] + both,
                count["got"] + words.total(),
                count["wanted"] + wanted_words.total(),
            )
            count["title"] += page.title is not None
            if expected["title"] and page.title:
                a, b = expected["title"].casefold().strip(), page.title.casefold().strip()
                count["titles compared"] += 1
                count["titles agree"] += a in b or b in a or SequenceMatcher(None, a, b).ratio() > 0.8
            count["date"] += page.published is not None
            if day := parse_loose(expected["publishedTime"]):
                count["dates expected"] += 1
                count["dates found"] += page.published is not None
                near = page.published is not None and abs((page.published - day).days) <= 1
                count["dates right (a day's tolerance)"] += near
                if not near:
                    wrong_dates.append((expected_file.parent.name, str(day), str(page.published)))
        result["readability"] = {
            **{k: count[k] for k in count if k not in ("common", "got", "wanted")},
            "words of expected article found": share(count["common"], count["wanted"]),
            "words found that are expected": share(count["common"], count["got"]),
            "pages a second": round(count["pages"] / (time.perf_counter() - started), 1),
            "dates wrong": wrong_dates,
        }
        goose = [p for p in sorted(Path(folder).rglob("statichtml/*.txt")) if not p.stem.endswith("_result")]
        got = list(read(goose))
        found = [d for d in got if isinstance(d, Document)]
        result["goose news"] = {
            "pages": len(goose),
            "title, body and date": len(found),
            "rejected": Counter(r.code for r in got if isinstance(r, Rejected)),
        }
    return result


def feeds(data: Path) -> dict[str, Any]:
    """Real feeds: how many give entries, and how many entries have text, date, title."""
    with tempfile.TemporaryDirectory() as folder:
        with tarfile.open(data / "text/feedjira_sample_feeds.tar.gz") as archive:
            archive.extractall(folder, filter="data")
        files = [*sorted(Path(folder).rglob("sample_feeds/*")), *sorted((data / "text/feeds_small").iterdir())]
        count: Counter[str] = Counter()
        rejected: Counter[str] = Counter()
        for file in files:
            results = list(read([file]))
            documents = [r for r in results if isinstance(r, Document)]
            count["files"] += 1
            count["files with documents"] += bool(documents)
            count["documents"] += len(documents)
            count["with title"] += sum(d.title is not None for d in documents)
            count["with address"] += sum(d.url is not None for d in documents)
            rejected.update(r.code for r in results if isinstance(r, Rejected))
    return {**count, "rejected": rejected}


def _press(data: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    for line in (data / "text/isaf_press_dev300.jsonl").read_text("utf-8").splitlines():
        turns = json.loads(line)["conversations"]
        yield turns[1]["value"].removeprefix("PRESS RELEASE TEXT: "), json.loads(turns[2]["value"])


def datelines(data: Path) -> dict[str, Any]:
    """Press releases with a dateline: date found, and within days of the hand-coded date of the event."""
    count: Counter[str] = Counter()
    for text, gold in _press(data):
        day, event_day = date_in_head(text), date.fromisoformat(gold["start_date"])
        count["texts"] += 1
        count["with a date in the head"] += day is not None
        count["no more than 7 days after the event"] += day is not None and 0 <= (day - event_day).days <= 7
    return dict(count)


def _rebuilt(tokens: list[tuple[str, int]]) -> tuple[str, set[tuple[int, int]]]:
    """A text from tokens with sentence numbers, and its gold sentence spans; the first two stand on own lines."""
    text, open_quote, before, before_sentence = "", False, "", None
    spans: dict[int, tuple[int, int]] = {}
    for word, sentence in tokens:
        if before_sentence is None:
            gap = ""
        elif sentence != before_sentence:
            gap = "\n" if sentence in (1, 2) else " "
        elif word in CLOSING or before in OPENING or (word.startswith("'") and 1 < len(word) <= 3):
            gap = ""
        else:
            gap = "" if open_quote and '"' in (word, before) else " "
        if word == '"':
            open_quote = not open_quote
        start = len(text) + len(gap)
        text += gap + word
        spans[sentence] = (spans.get(sentence, (start, 0))[0], len(text))
        before, before_sentence = word, sentence
    return text, set(spans.values())


def sentences(data: Path) -> dict[str, Any]:
    """Sentence ends against the gold sentence numbers of MEANTIME."""
    right = extra = missed = exact = total = 0
    for file in sorted((data / "text/meantime").glob("*/*.xml")):
        tokens = [(t.text or "", int(t.get("sentence"))) for t in etree.parse(str(file)).iter("token")]
        text, gold = _rebuilt(tokens)
        got = {(s.start, s.end) for s in split(text)}
        gold_ends, ends = {end for _, end in gold}, {end for _, end in got}
        right, extra, missed = (
            right + len(gold_ends & ends),
            extra + len(ends - gold_ends),
            missed + len(gold_ends - ends),
        )
        exact, total = exact + len(gold & got), total + len(gold)
    return {
        "sentences": total,
        "ends precision": share(right, right + extra),
        "ends recall": share(right, right + missed),
        "whole sentences right": share(exact, total),
    }


def _stories(data: Path) -> list[str]:
    with gzip.open(data / "coding/ngec_synthetic_stories.jsonl.gz", "rt", encoding="utf-8") as lines:
        return [json.loads(line)["text"] for line in lines]


def speed(data: Path) -> dict[str, Any]:
    """Rates on one core: sentences, JSON Lines, fingerprints."""
    texts = [*_stories(data), *(text for text, _ in _press(data))]
    best = 0.0
    for _ in range(5):
        started = time.perf_counter()
        count = sum(len(split(text)) for text in texts)
        best = max(best, count / (time.perf_counter() - started))
    with tempfile.NamedTemporaryFile("w", suffix=".jsonl", encoding="utf-8") as file:
        for no in range(100_000):
            file.write(json.dumps({"id": str(no), "text": texts[no % len(texts)], "date": "2013-11-13"}) + "\n")
        file.flush()
        size = Path(file.name).stat().st_size
        started = time.perf_counter()
        documents = sum(isinstance(r, Document) for r in read([file.name]))
        reading = time.perf_counter() - started
    index = CopyIndex()
    started = time.perf_counter()
    for no, text in enumerate(texts):
        index.add(Document(document_id=str(no), text=text, published=FALLBACK))
    return {
        "sentences a second": round(best),
        "JSON Lines documents a second": round(documents / reading),
        "JSON Lines MB a second": round(size / reading / 1e6, 1),
        "documents a second through the copy index": round(len(texts) / (time.perf_counter() - started)),
    }


def copies(data: Path) -> dict[str, Any]:
    """Made edits of real and synthetic stories found again; different texts taken for copies."""
    rng = random.Random(5)  # noqa: S311
    stories = _stories(data)[:1500]
    press = [text for text, _ in _press(data)]
    pool = [t for t in [*stories, *press] if len(t.split()) >= 80][:800]
    vocabulary = " ".join(stories[:200]).split()

    def replace(rate: float) -> Callable[[str], str]:
        return lambda t: " ".join(rng.choice(vocabulary) if rng.random() < rate else w for w in t.split())

    def keep_first(part: float) -> Callable[[str], str]:
        return lambda t: " ".join(s.text for s in split(t)[: max(1, int(len(split(t)) * part))])

    def add(part: float) -> Callable[[str], str]:
        return lambda t: f"{t} {keep_first(part)(rng.choice(stories))}"

    def drop(part: float) -> Callable[[str], str]:
        return lambda t: " ".join(s.text for s in split(t) if rng.random() >= part) or t

    edits: dict[str, Callable[[str], str]] = {
        "2 % of words replaced": replace(0.02),
        "5 % of words replaced": replace(0.05),
        "10 % of words replaced": replace(0.10),
        "first two thirds": keep_first(0.67),
        "first half": keep_first(0.5),
        "first third": keep_first(0.34),
        "20 % of sentences dropped": drop(0.2),
        "40 % of sentences dropped": drop(0.4),
        "other dateline and credits": lambda t: (
            f"LONDON (Desk) - {t.replace(' said', ' told reporters')} Editing by A. B."
        ),
        "10 % new text added": add(0.1),
        "25 % new text added": add(0.25),
        "50 % new text added": add(0.5),
    }
    index = find_copies(Document(document_id=str(n), text=t, published=FALLBACK) for n, t in enumerate(pool))
    base = len(index)
    prints = {name: [fingerprint(edit(t)) for t in pool] for name, edit in edits.items()}
    found = {}
    for name, edited in prints.items():
        probe = find_copies(Document(document_id=str(n), text=t, published=FALLBACK) for n, t in enumerate(pool))
        hits = sum(probe.add_fingerprint(f"x{n}", FALLBACK, p) == probe.original(str(n)) for n, p in enumerate(edited))
        found[name] = share(hits, len(pool))
    different = find_copies(Document(document_id=str(n), text=t, published=FALLBACK) for n, t in enumerate(press))
    return {"taken for a copy of its original": found, "pool": len(pool), "originals in pool": base,
            "press releases": len(press), "press releases taken for copies": len(different.copies)}  # fmt: skip


PARTS = {f.__name__: f for f in (pages, feeds, datelines, sentences, speed, copies)}


def main() -> None:
    """Run the parts asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("parts", nargs="*", default=list(PARTS), metavar="PART", help=f"of {', '.join(PARTS)}")
    parser.add_argument("--data", type=Path, default=Path(DEFAULT_DATA))
    options = parser.parse_args()
    for part in options.parts:
        print(json.dumps({part: PARTS[part](options.data)}, ensure_ascii=False), flush=True)


if __name__ == "__main__":
    main()
