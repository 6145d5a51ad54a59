"""The formats by name."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from detente.datasets import acled, gdelt, icews, icews_tkg, phoenix, polecat, ucdp_ged
from detente.datasets.format import Format
from detente.errors import BadOption

__all__ = ["FORMATS", "open_format"]

_MODULES = (icews, icews_tkg, gdelt, polecat, phoenix, ucdp_ged, acled)
FORMATS: Mapping[str, Format] = MappingProxyType({module.FORMAT.name: module.FORMAT for module in _MODULES})
"""The formats whose columns are known, by name; ``table`` is made by :func:`table_format`."""


def open_format(name: str) -> Format:
    """The format of that name; BadOption names the others."""
    try:
        return FORMATS[name]
    except KeyError:
        raise BadOption("format", name, (*FORMATS, "table")) from None
