"""A ledger to import into, and what is in it afterwards."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from detente.datasets import Format, open_format
from detente.ledger import open_ledger
from detente.ledger.imports import ImportReport, import_files

Import = Callable[..., ImportReport]
Query = Callable[[str], list[dict[str, Any]]]


@pytest.fixture
def ledger(tmp_path: Path) -> Path:
    return tmp_path / "my.ledger"


@pytest.fixture
def bring(ledger: Path) -> Import:
    """``bring(format, *files)`` imports into the ledger."""

    def import_(fmt: str | Format, *files: Path, **options: Any) -> ImportReport:
        with open_ledger(ledger, "write") as opened:
            return import_files(opened, open_format(fmt) if isinstance(fmt, str) else fmt, files, **options)

    return import_


@pytest.fixture
def query(ledger: Path) -> Query:
    """``query(sql)``: rows as dictionaries."""

    def rows(sql: str = "SELECT * FROM events ORDER BY event_id") -> list[dict[str, Any]]:
        with open_ledger(ledger) as opened:
            cursor = opened.connection.execute(sql)
            names = [column[0] for column in cursor.description or ()]
            return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

    return rows
