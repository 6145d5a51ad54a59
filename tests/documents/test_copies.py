"""Near-copies: wire stories edited by papers are found, other stories are not."""

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detente.documents import CopyIndex, Fingerprint, find_copies, fingerprint
from detente.records import Document

DAY = datetime.date(2013, 11, 13)
STORY = " ".join(
    f"Delegate {name} of the {side} party told reporters in {place} that the {thing} would be finished by {when}."
    for name, side, place, thing, when in [
        ("Ivanov", "northern", "Khasan", "railway", "autumn"),
        ("Petrova", "ruling", "Moscow", "pipeline survey", "the end of the year"),
        ("Kim", "opposition", "Busan", "container terminal", "next March"),
        ("Park", "smaller", "Seoul", "visa agreement", "January"),
        ("Lee", "labour", "Rajin", "third pier", "summer"),
        ("Smirnov", "farmers", "Vladivostok", "grain terminal", "the coming winter"),
    ]
)


def doc(name: str, text: str, day: int = 0) -> Document:
    return Document(document_id=name, text=text, published=DAY + datetime.timedelta(days=day))


def test_edits_by_papers_are_copies() -> None:
    sentences = STORY.split(". ")
    documents = [
        doc("paper-1", "LONDON (Desk) - " + STORY.upper(), 1),
        doc("paper-2", ". ".join(sentences[:4]) + ".", 2),
        doc("paper-3", STORY.replace("told reporters", "said"), 1),
        doc("wire", STORY),
    ]
    index = find_copies(documents)
    assert dict(index.copies) == {"paper-1": "wire", "paper-3": "wire", "paper-2": "wire"}
    assert (index.original("paper-2"), index.original("wire"), len(index)) == ("wire", "wire", 1)


def test_the_earliest_then_the_first_by_id_is_the_original_whatever_the_order() -> None:
    documents = [doc("b", STORY), doc("a", STORY), doc("0", STORY, 1)]
    assert dict(find_copies(documents).copies) == dict(find_copies(reversed(documents)).copies) == {"b": "a", "0": "a"}


def test_what_adds_much_is_no_copy() -> None:
    more = " ".join(
        f"Meanwhile fleet number {n} left harbour {n * 7} bound for island {n * 3} today." for n in range(9)
    )
    assert not find_copies([doc("a", STORY), doc("b", f"{STORY} {more}")]).copies


def test_short_texts_must_have_the_same_words() -> None:
    index = CopyIndex()
    assert index.add(doc("a", "Russia criticised North Korea on Tuesday.")) is None
    assert index.add(doc("b", "Russia criticised South Korea on Tuesday.")) is None
    assert index.add(doc("c", "RUSSIA criticised  North Korea, on Tuesday")) == "a"


def test_the_same_words_weeks_later_are_news() -> None:
    assert not find_copies([doc("a", STORY), doc("b", STORY, 30)]).copies
    assert find_copies([doc("a", STORY), doc("b", STORY, 7)]).copies


def test_the_same_document_again_is_not_its_own_copy() -> None:
    index = CopyIndex()
    assert index.add(doc("a", STORY)) is None
    assert index.add(doc("a", STORY)) is None
    assert len(index) == 1


@pytest.mark.parametrize("text", ["", "one", STORY])
def test_fingerprints_survive_storing(text: str) -> None:
    prints = fingerprint(text)
    again = Fingerprint.from_bytes(prints.to_bytes())
    assert again.words == prints.words
    assert again.shingles.tolist() == prints.shingles.tolist()


def test_fingerprints_are_the_same_on_every_machine() -> None:
    assert fingerprint("Russia criticised North Korea.").to_bytes().hex() == "c6310e7897bb6f64bd7a9e0ba2af4d56"


@given(st.text(max_size=200))
def test_any_text_is_a_copy_of_itself(text: str) -> None:
    index = CopyIndex()
    assert index.add(doc("a", text)) is None
    assert index.add(doc("b", text)) == "a"
