"""How results show themselves: as HTML in a notebook, and as tables of Arrow, pandas and Polars.

The charts and tables live above the results that they show (``detente.notebook``); a result only asks for them by
name when a notebook asks it, so that no room imports what stands above it.
"""

from __future__ import annotations

import dataclasses
import json
from importlib import import_module
from typing import Any, TypeVar

from detente.errors import BadInput
from detente.records import Event, events_to_table

__all__ = ["Events", "Records", "Shown", "Tabular"]

Record_co = TypeVar("Record_co", covariant=True)


class Shown:
    """A result that a notebook shows as tables and charts."""

    __slots__ = ()

    def _repr_html_(self) -> str:
        """HTML for a notebook; all text from documents is escaped."""
        html: str = import_module("detente.notebook").html(self)
        return html


class Tabular(Shown):
    """A result that is a table too."""

    __slots__ = ()

    def to_arrow(self) -> Any:
        """The result as an Arrow table."""
        raise NotImplementedError

    def to_pandas(self) -> Any:
        """The same as a pandas data frame; BadInput where pandas is not installed."""
        _installed("pandas")
        return self.to_arrow().to_pandas()

    def to_polars(self) -> Any:
        """The same as a Polars data frame; BadInput where Polars is not installed."""
        return _installed("polars").from_arrow(self.to_arrow())


def _installed(package: str) -> Any:
    try:
        return import_module(package)
    except ModuleNotFoundError:
        raise BadInput(f"{package} is not installed; pip install {package}, or use to_arrow()") from None


class Records(tuple[Record_co, ...], Tabular):
    """Records of one kind, in order: a tuple that shows itself, and a table with a column a field."""

    __slots__ = ()

    def to_arrow(self) -> Any:
        """A row a record; parts that are records become structs, mappings JSON text."""
        import pyarrow as pa  # noqa: PLC0415 - loaded when asked for

        return pa.Table.from_pylist([_row(record) for record in self])


class Events(list[Event], Tabular):
    """Events in order: a list that shows itself with its sentences, and a table as a ledger holds them."""

    __slots__ = ()

    def to_arrow(self) -> Any:
        """A row an event, its actor and recipient flat."""
        return events_to_table(self)


def _row(record: Any) -> dict[str, Any]:
    def plain(value: Any) -> Any:
        if dataclasses.is_dataclass(value) and not isinstance(value, type):
            return _row(value)
        if isinstance(value, tuple | list):
            return [plain(item) for item in value]
        # Mappings have other keys in every row: a column of JSON text keeps the table's form the same.
        return json.dumps(value, ensure_ascii=False, default=str) if isinstance(value, dict) else value

    return {f.name: plain(getattr(record, f.name)) for f in dataclasses.fields(record)}
