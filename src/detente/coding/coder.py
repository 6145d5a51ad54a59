"""The coder: documents in, events and statements out, in order and in bounded memory."""

from __future__ import annotations

import bisect
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from itertools import groupby, islice

from detente.actors import Gazetteer, Reading
from detente.coding.assembly import Explanation, assemble
from detente.coding.corrections import Correction, apply_corrections, read_corrections
from detente.coding.decode import Given, SentenceReading, classify_batch, read_batch
from detente.coding.filter import hopeless
from detente.coding.model import FAST, FULL, NONE, Model, padded_length
from detente.coding.options import CodingOptions
from detente.coding.tokens import Tokens, known_spans, mark
from detente.documents import split
from detente.errors import BadInput
from detente.ontology import quad
from detente.records import Document, Event, Sentence, Statement

__all__ = ["Classified", "Coded", "Coder"]

CHUNK = 1024
"""Sentences that are coded together; bounds memory and lets sentences of one length share a batch."""

Span = tuple[int, int]


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


@dataclass(frozen=True, slots=True)
class _Work:
    """A sentence on its way through the model."""

    document: int
    sentence: Sentence
    tokens: Tokens
    known: list[tuple[int, int, str]]


@dataclass(slots=True)
class _Begun:
    """A chunk of documents on its way; ``work`` is the slice of its sentences that is with the pool."""

    chunk: Sequence[tuple[Document, list[Sentence]]]
    readings: list[Reading]
    counts: list[Counter[str]]
    found: list[list[tuple[Sentence, SentenceReading]]]
    """What was read in the sentences of each document."""
    work: Sequence[_Work] = ()
    batches: Sequence[tuple[list[int], Future[list[SentenceReading]]]] = ()

    def collect(self) -> None:
        """Wait for the slice that is with the pool, and put its readings in order."""
        readings = {i: one for batch, future in self.batches for i, one in zip(batch, future.result(), strict=True)}
        for i, item in enumerate(self.work):
            self.counts[item.document]["sentences truncated"] += item.tokens.truncated
            self.counts[item.document]["mentions beyond the limit"] += readings[i].dropped_mentions
            self.found[item.document].append((item.sentence, readings[i]))
        self.work = self.batches = ()


class Coder:
    """Codes documents; make one with :meth:`load` and keep it, loading takes most of a second."""

    def __init__(self, options: CodingOptions) -> None:
        self.options = options
        self._model = Model(options.model)
        self._reading = FAST if options.fast else FULL
        numbers = self._model.load(self._reading)
        if options.threshold is not None:
            numbers = replace(numbers, threshold=options.threshold)
        self._numbers = numbers
        self._gazetteer = Gazetteer(extra=options.gazetteer) if options.gazetteer else Gazetteer.default()
        self._corrections: tuple[Correction, ...] = read_corrections(options.corrections) if options.corrections else ()
        labels = self._model.labels
        self.name = f"{labels.name} {labels.version}" + (" fast" if options.fast else "")
        """Name and version, as it stands on each event."""

    @classmethod
    def load(cls, options: CodingOptions | None = None) -> Coder:
        """A coder with the package's model, or as the options say."""
        return cls(options or CodingOptions())

    def code(self, documents: Iterable[Document]) -> Iterator[Coded]:
        """What each document says, in the documents' order; reads on only as far as it has to.

        While one chunk of sentences goes through the model, the next one is made ready.
        """
        with ThreadPoolExecutor(self.options.workers) as pool:
            chunks = _chunks(documents)
            begun: _Begun | None = None
            while True:
                try:
                    chunk = next(chunks, None)
                except Exception:
                    if begun is not None:
                        yield from self._end(begun)  # what was read before the input failed is not lost
                    raise
                following = self._begin(chunk, pool) if chunk is not None else None
                if begun is not None:
                    yield from self._end(begun)
                if following is None:
                    return
                begun = following

    def _begin(self, chunk: Sequence[tuple[Document, list[Sentence]]], pool: ThreadPoolExecutor) -> _Begun:
        """Read the known actors of a chunk and hand its sentences to the pool."""
        readings = [self._gazetteer.read(document.text, document.published) for document, _ in chunk]
        starts = [[mention.start for mention in reading.mentions] for reading in readings]
        begun = _Begun(chunk, readings, [Counter() for _ in chunk], [[] for _ in chunk])
        wanted: list[tuple[int, Sentence]] = []
        for number, (_, sentences) in enumerate(chunk):
            for sentence in sentences:
                reason = hopeless(sentence.text)
                if reason is None:
                    wanted.append((number, sentence))
                else:
                    begun.counts[number][f"sentences skipped: {reason}"] += 1
        # in slices: a single document may be as long as a book
        for i in range(0, len(wanted), CHUNK):
            work = self._prepare(wanted[i : i + CHUNK], readings, starts)
            begun.collect()
            begun.work, begun.batches = work, self._submit(work, pool)
        return begun

    def _end(self, begun: _Begun) -> Iterator[Coded]:
        begun.collect()
        for number, (document, sentences) in enumerate(begun.chunk):
            yield self._finish(document, sentences, begun.readings[number], begun.found[number], begun.counts[number])

    def _prepare(
        self, wanted: Sequence[tuple[int, Sentence]], readings: Sequence[Reading], starts: Sequence[Sequence[int]]
    ) -> list[_Work]:
        """Tokens of the sentences, with the known actors that the gazetteer found in them."""
        work = []
        all_tokens = self._model.tokenizing([sentence.text for _, sentence in wanted])
        for (number, sentence), tokens in zip(wanted, all_tokens, strict=True):
            first, last = (bisect.bisect_left(starts[number], x) for x in (sentence.start, sentence.end))
            known = known_spans(readings[number].mentions[first:last], sentence.start, sentence.end)
            work.append(_Work(number, sentence, mark(tokens, known), known))
        return work

    def _submit(
        self, work: Sequence[_Work], pool: ThreadPoolExecutor
    ) -> list[tuple[list[int], Future[list[SentenceReading]]]]:
        """Put sentences through the model, in batches of one padded length, given as numbers in ``work``."""

        def run(batch: Sequence[int]) -> list[SentenceReading]:
            tokens, known = [work[i].tokens for i in batch], [work[i].known for i in batch]
            return read_batch(self._model, tokens, known, self._reading, self._numbers)

        batches = _batches([len(item.tokens) for item in work], self.options.batch)
        return [(batch, pool.submit(run, batch)) for batch in batches]

    def _finish(
        self,
        document: Document,
        sentences: Sequence[Sentence],
        reading: Reading,
        found: Sequence[tuple[Sentence, SentenceReading]],
        counts: Counter[str],
    ) -> Coded:
        events, statements, explanations = assemble(document, reading, found, self.name)
        if self._corrections:
            events, corrected = apply_corrections(events, self._corrections)
            counts.update({f"events {what} by correction": n for what, n in corrected.items()})
        return Coded(
            document,
            tuple(sentences),
            events,
            statements,
            explanations if self.options.explain else {},
            {reason: n for reason, n in sorted(counts.items()) if n},
        )

    def classify(self, text: str, actor: Span | None, recipient: Span | None) -> Classified:
        """The event between two mentions of a text, given as character spans; None where there is none."""
        return next(self.classify_many([(text, actor, recipient)]))

    def classify_many(self, items: Iterable[tuple[str, Span | None, Span | None]]) -> Iterator[Classified]:
        """:meth:`classify` for many, in order; BadInput where a span does not lie within its text."""
        with ThreadPoolExecutor(self.options.workers) as pool:
            stream = iter(items)
            while chunk := list(islice(stream, CHUNK)):
                yield from self._classify_chunk(chunk, pool)

    def _classify_chunk(
        self, chunk: Sequence[tuple[str, Span | None, Span | None]], pool: ThreadPoolExecutor
    ) -> list[Classified]:
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
        order = list(_batches([len(own) for own, _ in tokens], self.options.batch))

        def run(batch: Sequence[int]) -> list[Given]:
            pairs = [(windows[i][1], windows[i][2]) for i in batch]
            return classify_batch(self._model, [tokens[i] for i in batch], pairs, self._reading, self._numbers)

        results: list[Classified | None] = [None] * len(chunk)
        for batch, given in zip(order, pool.map(run, order), strict=True):
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
        return [result for result in results if result is not None]


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


def _chunks(documents: Iterable[Document]) -> Iterator[list[tuple[Document, list[Sentence]]]]:
    """Documents with their sentences, gathered until there are CHUNK sentences."""
    chunk: list[tuple[Document, list[Sentence]]] = []
    size = 0
    for document in documents:
        sentences = split(document.text)
        chunk.append((document, sentences))
        size += len(sentences)
        if size >= CHUNK:
            yield chunk
            chunk, size = [], 0
    if chunk:
        yield chunk


def _batches(lengths: Sequence[int], budget: int) -> Iterator[list[int]]:
    """Numbers of sentences of one padded length together, with at most ``budget`` word pieces, by their length."""
    order = sorted(range(len(lengths)), key=lambda i: -lengths[i])
    for width, some in groupby(order, key=lambda i: padded_length(lengths[i])):
        batch = list(some)
        size = max(1, budget // width)
        for i in range(0, len(batch), size):
            yield batch[i : i + size]
