"""What is made of the heads' numbers, by itself: which mentions and events stand."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from detente.coding.decode import Found, plausible
from detente.coding.mentions import find_mentions, located, marked
from detente.coding.options import MODEL_FOLDER
from detente.coding.tokens import Tokenizing


def _found(actor: int, recipient: int, event: str = "ASSAULT") -> Found:
    return Found(actor, recipient, event, 0.9, (), "happened", 0.9, None, 0, 0.9, (0, 1), ())


def test_a_phrase_of_place_holds_no_actor() -> None:
    text = "Rebels killed three civilians in the Baghdad area near Kirkuk, and Iraq condemned it."
    spans = [(text.index(word), text.index(word) + len(word)) for word in ("Rebels", "Baghdad", "Kirkuk", "Iraq")]
    assert located(text, spans) == {2, 3}
    assert plausible([_found(1, 0), _found(2, 0)], {2}) == [_found(1, 0)]
    assert plausible([_found(1, 2)], {2}) == [_found(1, 2)], "a place may be what is attacked"


def test_half_a_pair_goes_where_the_same_act_has_both_sides() -> None:
    whole, no_actor, no_recipient = _found(1, 2), _found(0, 2), _found(1, 0)
    assert plausible([no_actor, whole, no_recipient], set()) == [whole]
    assert plausible([no_actor, no_recipient], set()) == [no_actor, no_recipient]
    assert plausible([_found(1, 0, "ACCUSE"), whole], set()) == [_found(1, 0, "ACCUSE"), whole]
    assert plausible([_found(3, 0), whole], set()) == [_found(3, 0), whole], "another's act"


def test_a_description_and_the_name_after_it_are_one_mention() -> None:
    text = "Watchdog Amnesty International accused Cuba."
    tokens = Tokenizing(Path(MODEL_FOLDER) / "tokenizer.json")([text])[0]
    logits = np.zeros((len(tokens), 3), dtype=np.float32)
    logits[:, 0] = 9
    logits[1] = (0, 9, 0)  # the head marks the first word alone
    known = [(text.index("Amnesty"), text.index(" accused"), "igo"), (text.index("Cuba"), len(text) - 1, "state")]
    spans, _ = find_mentions(marked(logits, [tokens])[0], tokens, known)
    said = [text[tokens.start[a] : tokens.end[b]] for a, b in spans]
    assert said == ["Watchdog Amnesty International", "Cuba"]
