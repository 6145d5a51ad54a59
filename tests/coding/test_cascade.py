"""Which network reads a sentence, and that it follows from the sentence alone."""

from __future__ import annotations

import json
import random
from dataclasses import replace

import pytest

import detente
from detente.coding import Coded, Coder, CodingOptions
from detente.coding.cascade import NEAR, SURE, doubtful
from detente.coding.decode import Found, SentenceReading
from detente.coding.model import FAST, FULL
from detente.documents import split
from detente.errors import BadOption
from detente.records import Document
from tests.coding.conftest import PUBLISHED
from tests.coding.test_coder import SENTENCES

FOUND = Found(1, 2, "ACCUSE", 0.95, (), "happened", 0.99, None, 0, 0.99, (0, 4), ())
THRESHOLD = 0.9


@pytest.mark.parametrize(
    ("reading", "expected"),
    [
        (SentenceReading(FAST), False),
        (SentenceReading(FAST, likeliest=THRESHOLD - NEAR - 0.01), False),
        (SentenceReading(FAST, likeliest=THRESHOLD - NEAR + 0.01), True),
        (SentenceReading(FAST, likeliest=0.99), True),  # what was likely was ruled out
        (SentenceReading(FAST, found=(FOUND,), likeliest=0.95), False),
        (SentenceReading(FAST, found=(FOUND, replace(FOUND, status_probability=SURE - 0.01))), True),
        (SentenceReading(FAST, found=(replace(FOUND, speaker_probability=SURE - 0.01),)), True),
    ],
)
def test_doubt(reading: SentenceReading, expected: bool) -> None:
    assert doubtful(reading, THRESHOLD) is expected


def read(options: CodingOptions, texts: list[str]) -> dict[str, Coded]:
    documents = [Document(document_id=text, text=text, published=PUBLISHED) for text in texts]
    return {coded.document.document_id: coded for coded in Coder.load(options).code(documents)}


def test_each_sentence_is_read_by_one_network_as_that_network_alone_reads_it() -> None:
    dispatches = detente.dossier(detente.dossiers()[0]).read_text("utf-8").splitlines()[:20]
    texts = [sentence.text for line in dispatches for sentence in split(json.loads(line)["text"])]
    both = read(CodingOptions(explain=True), texts)
    alone = {name: read(CodingOptions(fast=name == FAST, full=name == FULL), texts) for name in (FAST, FULL)}
    networks = set()
    for text, coded in both.items():
        plain = {name: [replace(e, coder=None) for e in alone[name][text].events] for name in alone}
        own = [replace(e, coder=None) for e in coded.events]
        assert own in plain.values()
        for explanation in coded.explanations.values():
            name = FAST if "fast" in explanation.fields["network"] else FULL
            networks.add(name)
            assert own == plain[name]
    assert networks == {FAST, FULL}


@pytest.mark.parametrize("given", [{}, {"fast": True}, {"full": True}])
def test_results_do_not_depend_on_order_or_batch(given: dict[str, bool]) -> None:
    texts = [*SENTENCES, *(" ".join(random.Random(i).sample(SENTENCES, 3)) for i in range(6))]
    first = read(CodingOptions(threads=1, batch=1, **given), texts)  # type: ignore[arg-type]
    shuffled = random.Random(5).sample(texts, len(texts))
    assert read(CodingOptions(threads=1, batch=2000, **given), shuffled) == first  # type: ignore[arg-type]


def test_the_coder_says_how_it_reads() -> None:
    names = [Coder.load(CodingOptions(fast=a, full=b)).name for a, b in ((0, 0), (1, 0), (0, 1))]
    assert [name.split(" ", 2)[2:] for name in names] == [[], ["fast"], ["full"]]
    with pytest.raises(BadOption, match="reading"):
        CodingOptions(fast=True, full=True)
