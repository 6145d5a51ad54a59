"""Words are cut one by one and remembered: that must give what the vocabulary's own rules give for the whole text."""

from __future__ import annotations

from hypothesis import example, given, settings
from hypothesis import strategies as st
from tokenizers import Tokenizer

from detente.coding.options import MODEL_FOLDER
from detente.coding.tokens import MAX_TOKENS, Tokenizing, mark

PATH = MODEL_FOLDER / "tokenizer.json"
TOKENIZING = Tokenizing(PATH)
WHOLE = Tokenizer.from_file(str(PATH))
WHOLE.no_padding()
WHOLE.no_truncation()
WORDS = [
    "Pyongyang",
    "U.S.",
    "3,000-strong",
    "don't",
    "café",
    "İ",
    "÷",
    "naïve",
    "[SEP]",
    "\u0301",
    "中",
    "“no”",
    "\x01",
    "e\u0301",
]


@settings(max_examples=300, deadline=None)
@given(st.lists(st.one_of(st.sampled_from(WORDS), st.text(max_size=6)), max_size=20).map(" ".join))
@example("A" * 300)
@example("Iran\n\tand\u00a0Iraq…")
def test_words_one_by_one_are_the_text(text: str) -> None:
    (tokens,) = TOKENIZING([text])
    encoding = WHOLE.encode(text.encode("utf-8", "replace").decode("utf-8"))
    kept = slice(0, MAX_TOKENS - 1)
    assert tokens.ids[:-1] == encoding.ids[:-1][kept]
    assert list(zip(tokens.start, tokens.end, strict=True))[:-1] == encoding.offsets[:-1][kept]
    assert tokens.truncated == (len(encoding.ids) > MAX_TOKENS)
    assert len({len(tokens), *(len(x) for x in (tokens.shape, tokens.start, tokens.end, tokens.first))}) == 1


def test_spans_touch_pieces() -> None:
    text = "North Koreans fled."
    (tokens,) = TOKENIZING([text])
    said = [text[tokens.start[i] : tokens.end[i]] for i in range(len(tokens))]
    assert said[1:-1] == ["North", "Koreans", "fled", "."]
    assert tokens.pieces(7, 9) == (2, 2)
    assert tokens.pieces(4, 7) == (1, 2)
    assert tokens.pieces(5, 6) is None
    assert mark(tokens, [(0, 13, "state")]).known == [0, 1, 2, 0, 0, 0]
