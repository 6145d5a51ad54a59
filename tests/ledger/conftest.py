"""A fresh ledger for each test that asks for one."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from detente.ledger import Ledger, open_ledger


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with open_ledger(tmp_path / "my.ledger", "write") as opened:
        yield opened
