"""A ledger's quick answers, from what is kept and from SQL compiled ahead, are those of the expressions."""

import datetime
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pytest

from detente.datasets import open_format
from detente.errors import LedgerDamaged
from detente.ledger import open_ledger
from detente.ledger.imports import import_files
from detente.relations import (
    Tables,
    Volume,
    group_view,
    keep,
    open_tables,
    relation,
    shifts,
    stance,
    with_context,
)
from detente.relations.compiled import FILE, compile_all
from detente.relations.kept import kept
from tests.datasets import made
from tests.relations.imported import imports_and_texts, rows

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two imports, the second with months of the first, and two texts."""
    return imports_and_texts(tmp_path_factory.mktemp("kept"))


ANALYSES: dict[str, Callable[[Any], Any]] = {
    "relation": lambda t: with_context(relation(t, "RUS", "PRK"), t),
    "by week": lambda t: with_context(relation(t, "PRK", "RUS", by="week", latest=None), t),
    "by year": lambda t: with_context(relation(t, "RUS", "USA", by="year", since=datetime.date(2012, 5, 5)), t),
    "as of": lambda t: with_context(relation(t, "RUS", "PRK", until=datetime.date(2013, 6, 15)), t),
    "the last three": lambda t: relation(t, "RUS", "PRK", until=datetime.date(2013, 6, 15), latest=3),
    "shifts": shifts,
    "shifts as of": lambda t: shifts(t, until=datetime.date(2013, 9, 30)),
    "group": lambda t: group_view(t, ["RUS", "PRK", "CHN"]),
    "stance": lambda t: stance(t, "RUS", "PRK"),
    "nobody": lambda t: with_context(relation(t, "FJI", "VUT"), t),
}


@pytest.mark.parametrize("name", ANALYSES)
@pytest.mark.parametrize("least", [None, 0.5])
def test_a_ledger_answers_as_its_tables_do(name: str, least: float | None, ledger: Path) -> None:
    with open_tables(ledger) as tables:
        plain = Tables(tables.events, tables.documents, tables.statements).reliable(least)
        found = ANALYSES[name](tables.reliable(least))
        assert found == ANALYSES[name](plain)
        assert found


def test_it_is_what_is_kept_that_answers(ledger: Path) -> None:
    with open_ledger(ledger) as opened:
        for name in ("cells", "volume", "world"):
            table = kept(opened.connection, name)
            assert table is not None
            assert len(table)


def test_what_is_behind_the_imports_is_not_used(ledger: Path, tmp_path: Path) -> None:
    path = tmp_path / "copy.ledger"
    path.write_bytes(ledger.read_bytes())
    more = made.write(tmp_path / "more.tsv", rows(2000, 2100, (2013, 2013)))
    with open_ledger(path, "write") as opened:
        import_files(opened, open_format("gdelt"), [more])
        opened.release()
        with open_tables(path) as tables:
            assert tables.kept("cells") is None
            loud = Volume.of(tables)
        keep(opened)
        opened.release()
        with open_tables(path) as tables:
            assert tables.kept("cells") is not None
            assert Volume.of(tables).level(("PRK", "RUS"), 2013 * 12) == loud.level(("PRK", "RUS"), 2013 * 12)


def test_the_compiled_questions_are_fresh() -> None:
    assert json.loads(FILE.read_text(encoding="utf-8")) == compile_all(), "stale: run make docs"


def test_a_state_may_be_named_like_sql(ledger: Path) -> None:
    with open_tables(ledger) as tables:
        assert relation(tables, "R'S", "PRK; --").events == ()


def test_a_ledger_of_the_format_before_is_brought_up_to_date_by_the_next_writer(ledger: Path, tmp_path: Path) -> None:
    path = tmp_path / "old.ledger"
    path.write_bytes(ledger.read_bytes())
    with open_tables(path) as tables:
        before = with_context(relation(tables, "RUS", "PRK"), tables)
    with duckdb.connect(path) as connection:
        connection.execute("ALTER TABLE imported DROP COLUMN dyad")
        connection.execute("UPDATE meta SET value = '1' WHERE key = 'format'")
    with pytest.raises(LedgerDamaged, match="brings it up to date"):
        open_ledger(path)
    with open_ledger(path, "write"):
        pass
    with open_tables(path) as tables:
        assert with_context(relation(tables, "RUS", "PRK"), tables) == before
