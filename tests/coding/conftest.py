"""One coder for all tests of the room: loading it takes a second."""

from __future__ import annotations

import datetime
from collections.abc import Callable

import pytest

from detente.coding import Coded, Coder, CodingOptions
from detente.records import Document

PUBLISHED = datetime.date(2013, 11, 13)


@pytest.fixture(scope="session")
def coder() -> Coder:
    return Coder.load(CodingOptions(threads=2, explain=True))


@pytest.fixture(scope="session")
def code(coder: Coder) -> Callable[[str], Coded]:
    def code_text(text: str) -> Coded:
        (coded,) = coder.code([Document(document_id="d", text=text, published=PUBLISHED)])
        return coded

    return code_text
