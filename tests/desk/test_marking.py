"""The text of a document in pieces: nothing is lost, nothing is added, and each piece knows why it is marked."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from detente.api.documents import Mark
from detente.desk.marking import rows
from detente.records import Sentence

TEXT = "Moscow met Pyongyang. “We agreed”, Lavrov said.\n\nNothing came of it."
SPANS = st.tuples(st.integers(0, len(TEXT) + 5), st.integers(0, len(TEXT) + 5))
KINDS = st.sampled_from(["actor", "recipient", "speaker", "evidence", "words"])


@settings(max_examples=150, deadline=None)
@given(st.lists(SPANS, max_size=5), st.lists(st.tuples(SPANS, KINDS), max_size=8))
def test_the_pieces_are_the_text_again(
    sentences: list[tuple[int, int]], marks: list[tuple[tuple[int, int], str]]
) -> None:
    made = [Sentence(i, *span, "") for i, span in enumerate(sentences)]
    spans = [Mark(start=s, end=e, kind=kind, of="x", why=f"{kind} {s}") for (s, e), kind in marks]  # type: ignore[arg-type]
    found = rows(TEXT, made, spans, ())
    assert "".join(piece.text for row in found for piece in row.pieces) == TEXT


def test_a_piece_has_the_reasons_of_every_mark_over_it() -> None:
    sentence = Sentence(0, 0, 21, TEXT[:21])
    marks = [
        Mark(start=0, end=20, kind="evidence", of="e", why="CONSULT, happened"),
        Mark(start=0, end=6, kind="actor", of="e", why="Russia: actor"),
    ]
    first, second, *_ = rows(TEXT, [sentence], marks, ())[0].pieces
    assert (first.text, first.party) == ("Moscow", True)
    assert first.why == "Russia: actor\nCONSULT, happened"
    assert (second.text, second.party, second.why) == (" met Pyongyang", False, "CONSULT, happened")
