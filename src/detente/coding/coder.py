"""The coder: documents in, events and statements out, in order and in bounded memory."""

from __future__ import annotations

import bisect
import contextlib
import gc
import os
import sys
import weakref
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain, groupby
from threading import Lock
from typing import Any

from detente.actors import Gazetteer, Reading
from detente.coding.assembly import Explanation, assemble
from detente.coding.cascade import batches, read_sentences
from detente.coding.corrections import Correction, apply_corrections, read_corrections
from detente.coding.decode import SentenceReading, classify_batch
from detente.coding.filter import hopeless
from detente.coding.model import NONE, Model, Numbers, padded_length
from detente.coding.options import CodingOptions
from detente.coding.processes import Processes, Task
from detente.coding.tokens import Tokens, known_spans, mark
from detente.documents import split
from detente.errors import BadInput
from detente.ontology import quad
from detente.records import Document, Event, Sentence, Statement

__all__ = ["Classified", "Coded", "Coder"]

CHUNK = 40_000
"""Characters of documents that are coded together, some 250 sentences; a chunk is what a process does at a time."""

GROWTH = 4
"""The chunks of a long input grow to so many times ``CHUNK``, by a quarter of it each: the more sentences of one length
there are, the less a sentence takes (9 % less at four times), while few documents are shared evenly."""

SLICE = 1024
"""Sentences that go through the model together; bounds memory where a document is as long as a book."""

ALONE = 2 * CHUNK
"""Characters that are coded before other processes are started: it takes about as long as their start."""

Span = tuple[int, int]
Chunk = Sequence[Any]


@dataclass(frozen=True, slots=True)
class Coded:
    """A document with what was coded from it."""

    document: Document
    sentences: tuple[Sentence, ...]
    events: tuple[Event, ...]
    statements: tuple[Statement, ...]
    explanations: Mapping[str, Explanation] = field(default_factory=dict)
    """By event id; only with the option ``explain``."""
    counts: Mapping[str, int] = field(default_factory=dict)
    """Sentences skipped, truncated and the like, with the reason as key."""


@dataclass(frozen=True, slots=True)
class Classified:
    """The event between two given mentions of a text."""

    event: str
    quad: int | None
    status: str
    mode: str | None
    confidence: float
    scores: Mapping[str, float]
    """Probability of each PLOVER type and NONE; they sum to 1."""
    words: tuple[tuple[int, int, float], ...]


class Coder:
    """Codes documents; make one with :meth:`load` and keep it, loading takes most of a second."""

    def __init__(self, options: CodingOptions) -> None:
        self.options = options
        self._model = Model(options.model)
        self._networks: dict[str, Numbers] = {}
        for name in options.networks:
            numbers = self._model.load(name)
            changed = numbers if options.threshold is None else replace(numbers, threshold=options.threshold)
            self._networks[name] = changed
        self._gazetteer = Gazetteer(extra=options.gazetteer) if options.gazetteer else Gazetteer.default()
        self._corrections: tuple[Correction, ...] = read_corrections(options.corrections) if options.corrections else ()
        labels = self._model.labels
        alone = f" {options.networks[0]}" if len(options.networks) == 1 else ""
        self.name = f"{labels.name} {labels.version}{alone}"
        """Name and version, as it stands on each event."""
        self._done = 0
        self._processes: Processes | None = None
        self._close: Callable[[], Any] | None = None
        self._starting = Lock()

    @classmethod
    def load(cls, options: CodingOptions | None = None) -> Coder:
        """A coder with the package's model, or as the options say."""
        return cls(options or CodingOptions())

    def code(self, documents: Iterable[Document]) -> Iterator[Coded]:
        """What each document says, in the documents' order; reads on only as far as it has to.

        Where there is much to code, other processes help; they are kept until this coder is no longer used.
        """
        return self._shared("code", _chunks(documents, lambda document: len(document.text)))

    def _shared(self, what: str, chunks: Iterator[Chunk]) -> Iterator[Any]:
        """What is done with the items of all chunks, in order: here, or in this and other processes."""
        waiting = next(chunks, None)
        while waiting is not None:
            chunk = waiting
            try:
                waiting = next(chunks, None)
            except Exception:
                yield from self.do((what, chunk))  # what was read before the input failed is not lost
                raise
            if waiting is not None and (processes := self._others()) is not None:
                yield from processes.map(what, chain([chunk, waiting], chunks), self.do)
                return
            yield from self.do((what, chunk))

    def _others(self) -> Processes | None:
        """The processes that help, started where enough has been done without."""
        if self.options.workers == 1 or self._done < ALONE or getattr(sys, "frozen", False):
            return None
        with self._starting:
            if self._processes is None or self._processes.pid != os.getpid():
                self._processes = Processes(self.options)
                self._close = weakref.finalize(self, self._processes.close)
            return self._processes

    def close(self) -> None:
        """End the processes that help now, not only when this coder is no longer used."""
        with self._starting:
            if self._close is not None:
                self._close()
            self._processes = self._close = None

    def do(self, task: Task) -> Sequence[Any]:
        """Do a task in this process."""
        what, chunk = task
        with _uncollected():
            return self._code_chunk(chunk) if what == "code" else self._classify_chunk(chunk)

    def _code_chunk(self, documents: Sequence[Document]) -> list[Coded]:
        """Code documents: their known actors are read, then all their sentences, then events put together."""
        self._done += sum(len(document.text) for document in documents)
        readings = [self._gazetteer.read(document.text, document.published) for document in documents]
        sentences = [split(document.text) for document in documents]
        counts: list[Counter[str]] = [Counter() for _ in documents]
        found: list[list[tuple[Sentence, SentenceReading]]] = [[] for _ in documents]
        wanted: list[tuple[int, Sentence]] = []
        for number, some in enumerate(sentences):
            for sentence in some:
                reason = hopeless(sentence.text)
                if reason is None:
                    wanted.append((number, sentence))
                else:
                    counts[number][f"sentences skipped: {reason}"] += 1
        for i in range(0, len(wanted), SLICE):
            for number, sentence, tokens, read in self._read(wanted[i : i + SLICE], readings):
                counts[number]["sentences truncated"] += tokens.truncated
                counts[number]["mentions beyond the limit"] += read.dropped_mentions
                found[number].append((sentence, read))
        parts = zip(documents, sentences, readings, found, counts, strict=True)
        return [self._finish(*part) for part in parts]

    def _read(
        self, wanted: Sequence[tuple[int, Sentence]], readings: Sequence[Reading]
    ) -> Iterator[tuple[int, Sentence, Tokens, SentenceReading]]:
        """Put sentences, each with the number of its document, through the model."""
        starts = [[mention.start for mention in reading.mentions] for reading in readings]
        known = []
        for number, sentence in wanted:
            first, last = (bisect.bisect_left(starts[number], x) for x in (sentence.start, sentence.end))
            known.append(known_spans(readings[number].mentions[first:last], sentence.start, sentence.end))
        plain = self._model.tokenizing([sentence.text for _, sentence in wanted])
        tokens = [mark(*both) for both in zip(plain, known, strict=True)]
        found = read_sentences(self._model, tokens, known, self._networks, self.options.batch)
        for (number, sentence), own, read in zip(wanted, tokens, found, strict=True):
            yield number, sentence, own, read

    def _finish(
        self,
        document: Document,
        sentences: Sequence[Sentence],
        reading: Reading,
        found: Sequence[tuple[Sentence, SentenceReading]],
        counts: Counter[str],
    ) -> Coded:
        explain = self.options.explain
        events, statements, explanations = assemble(document, reading, found, self.name, explain=explain)
        if self._corrections:
            events, corrected = apply_corrections(events, self._corrections)
            counts.update({f"events {what} by correction": n for what, n in corrected.items()})
        return Coded(
            document,
            tuple(sentences),
            events,
            statements,
            explanations,
            {reason: n for reason, n in sorted(counts.items()) if n},
        )

    def classify(self, text: str, actor: Span | None, recipient: Span | None) -> Classified:
        """The event between two mentions of a text, given as character spans; None where there is none."""
        return next(self.classify_many([(text, actor, recipient)]))

    def classify_many(self, items: Iterable[tuple[str, Span | None, Span | None]]) -> Iterator[Classified]:
        """:meth:`classify` for many, in order; BadInput where a span does not lie within its text."""
        return self._shared("classify", _chunks(items, lambda item: len(item[0])))

    def _classify_chunk(self, chunk: Sequence[tuple[str, Span | None, Span | None]]) -> list[Classified]:
        self._done += sum(len(text) for text, _, _ in chunk)
        for text, actor, recipient in chunk:
            if actor is None and recipient is None:
                raise BadInput("neither actor nor recipient is given")
            for role, span in (("actor", actor), ("recipient", recipient)):
                if span is not None and not 0 <= span[0] < span[1] <= len(text):
                    raise BadInput(f"{role} {list(span)} does not lie within the text of {len(text)} characters")
        windows = [_window(text, actor, recipient) for text, actor, recipient in chunk]
        tokens = [
            (mark(one, (), actor, recipient), one)
            for one, (_, actor, recipient, _) in zip(
                self._model.tokenizing([text for text, _, _, _ in windows]), windows, strict=True
            )
        ]
        network, numbers = list(self._networks.items())[-1]
        results: dict[int, Classified] = {}
        lengths = [len(own) for own, _ in tokens]
        alike = chain.from_iterable(
            (list(some) for _, some in groupby(batch, key=lambda i: padded_length(lengths[i])))
            for batch in batches(lengths, self.options.batch)
        )
        for batch in alike:
            pairs = [(windows[i][1], windows[i][2]) for i in batch]
            given = classify_batch(self._model, [tokens[i] for i in batch], pairs, network, numbers)
            for i, one in zip(batch, given, strict=True):
                event = max(one.scores, key=lambda name: one.scores[name])
                offset = windows[i][3]
                results[i] = Classified(
                    event=event,
                    quad=None if event == NONE else quad(event),
                    status=one.status,
                    mode=None if event == NONE else one.mode,
                    confidence=one.scores[event],
                    scores=one.scores,
                    words=tuple((a + offset, b + offset, share) for a, b, share in one.words),
                )
        return [results[i] for i in range(len(chunk))]


@contextlib.contextmanager
def _uncollected() -> Iterator[None]:
    """Without the search for objects that refer to each other: a chunk makes many, but none that do.

    The search took 0.08 ms a sentence, since it goes through the tables of known actors again and again.
    """
    collects = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collects:
            gc.enable()


def _window(text: str, actor: Span | None, recipient: Span | None) -> tuple[str, Span | None, Span | None, int]:
    """The sentences of a longer text that hold the mentions, with the spans moved, and the offset taken off."""
    given = [span for span in (actor, recipient) if span is not None]
    first, last = min(s for s, _ in given), max(e for _, e in given)
    holding = [s for s in split(text) if s.start < last and s.end > first]
    if not holding:
        return text, actor, recipient, 0
    start, end = min(holding[0].start, first), max(holding[-1].end, last)
    moved = [None if span is None else (span[0] - start, span[1] - start) for span in (actor, recipient)]
    return text[start:end], moved[0], moved[1], start


def _chunks(items: Iterable[Any], size_of: Callable[[Any], int]) -> Iterator[Chunk]:
    """Items gathered until their sizes add up to that of a chunk."""
    chunk: list[Any] = []
    size, most = 0, CHUNK
    try:
        for item in items:
            chunk.append(item)
            size += size_of(item)
            if size >= most:
                yield chunk
                chunk, size = [], 0
                most = min(most + CHUNK // 4, GROWTH * CHUNK)
    except Exception:
        if chunk:
            yield chunk  # what was read before the input failed is not lost
        raise
    if chunk:
        yield chunk
