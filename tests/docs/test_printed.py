"""The worked page prints what its commands print."""

import pytest

from scripts.printed import ICEWS, commands, printed

pytestmark = pytest.mark.slow


def heads(block: str) -> set[str]:
    """The lines of a block that name its columns: they do not change with what is in them."""
    return {
        line.strip() for line in block.splitlines() if line.strip().startswith(("$ ", "date ", "known ", "words ("))
    }


def test_the_worked_page_is_fresh() -> None:
    """Exactly, but for the figures of the dossier: those change with the model that reads it.

    What the page says of the dossier is tested by tests/relations/test_cli.py.
    """
    checked = []
    for old, new in printed():
        (command, *_) = commands(old)
        checked.append(command)
        if "korea.ledger" in command:
            assert heads(new) == heads(old), "stale: run python -m scripts.printed"
        else:
            assert new == old, "stale: run python -m scripts.printed"
    assert any("korea.ledger" in command for command in checked)
    assert any("icews.ledger" in command for command in checked) == ICEWS.exists()
