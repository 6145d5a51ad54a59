"""Sentences: the ends that newswire sets traps for, exact spans, bounded length and time."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detente.documents import MAX_SENTENCE, split


def texts(text: str) -> list[str]:
    return [s.text for s in split(text)]


@pytest.mark.parametrize(
    "pieces",
    [
        ["Gen. Park of the U.S. Army met Sen. J. Smith at 5 p.m. Tuesday.", "He left at 6 p.m.", "The talks went on."],
        ["They said no.", "Then they cited Article No. 5.", "No.", "They left."],
        ['"We will go," he said.', '"It is done."', "Moscow paid $3.5 billion."],
        ["Really?", "Yes!", "(It was.)", "So Acme Inc. said it was...", "Nobody knew."],
        ["“Why?” he asked.", "The U.N. agreed.", "He left the U.S.", "The others stayed in Washington, D.C."],
        ["SEOUL (Desk) -", "Russia spoke.", "al-Shabaab attacked."],
        ["WASHINGTON, D.C. (AP) —", "The House voted on Nov. 5 vs. the plan."],
        ["UNITED NATIONS, Nov. 13 (Desk) --", "The Council met."],
        ["NATO - the alliance - met.", "NATO-led troops left."],
        ["Mr. Kim met Mrs. Park.", "He was ill.", "Putin was not."],
    ],
)
def test_newswire(pieces: list[str]) -> None:
    assert texts(" ".join(pieces)) == pieces


def test_lines_of_their_own() -> None:
    pieces = ["A headline without a stop", "1. The parties agree.", "2. The parties meet.", "The second paragraph"]
    assert texts("\n\n".join(pieces)) == texts("\n".join(pieces)) == pieces


def test_wrapped_lines_are_joined_and_paragraph_lines_are_not() -> None:
    wrapped = (
        "The president of South Korea said on Wednesday that she would meet the\n"
        "Russian leader. He will travel to Busan in the second half of the year\n"
        "and Seoul. Pyongyang has not replied to the invitation that was made in\nJuly.\n\nNext paragraph here."
    )
    assert [t.replace("\n", " ") for t in texts(wrapped)] == [
        "The president of South Korea said on Wednesday that she would meet the Russian leader.",
        "He will travel to Busan in the second half of the year and Seoul.",
        "Pyongyang has not replied to the invitation that was made in July.",
        "Next paragraph here.",
    ]
    assert texts("Russia and Korea sign a gas deal\nMoscow said so on Monday") == [
        "Russia and Korea sign a gas deal",
        "Moscow said so on Monday",
    ]


def test_bullets_headings_and_front_matter_are_outside() -> None:
    text = "---\ntitle: x\n---\n# Heading\n\n- one item\n* another item\n> quoted"
    assert texts(text) == ["Heading", "one item", "another item", "quoted"]


def test_endless_sentences_are_cut_at_a_space() -> None:
    found = split("word " * 2000)
    assert all(len(s.text) <= MAX_SENTENCE and s.text.endswith("word") for s in found)
    assert sum(s.text.count("word") for s in found) == 2000


@given(st.text(alphabet=st.one_of(st.characters(), st.sampled_from(" .\n\"'()A a!?-1\u2028")), max_size=300))
def test_spans_are_exact_ordered_and_lose_no_word(text: str) -> None:
    found = split(text)
    end = 0
    for no, sentence in enumerate(found):
        assert sentence.no == no
        assert sentence.start >= end
        assert text[sentence.start : sentence.end] == sentence.text == sentence.text.strip()
        assert sentence.text
        end = sentence.end
    if not text.startswith("---"):
        inside = set().union(*(range(s.start, s.end) for s in found))
        assert not [c for i, c in enumerate(text) if i not in inside and c.isalnum()]


@pytest.mark.parametrize(
    "unit", [".", ". ", "\n", "A. ", '."', "- ", "SEOUL, ", "(", ". (", "- x\n", " ", "a" * 50 + "\n"]
)
def test_time_is_linear(unit: str) -> None:
    def seconds(size: int) -> float:
        text = unit * (size // len(unit))
        started = time.process_time()
        split(text)
        return time.process_time() - started

    assert seconds(400_000) < 5 + 40 * seconds(40_000)
