"""Event data sets in their own forms, read into one common shape."""

from detente.datasets.format import FIELDS, Deed, DeedKey, Format, Layout, PartyKey, ResolvedParty
from detente.datasets.inputs import Piece, Source, ahead, find_files, pieces, sources
from detente.datasets.registry import FORMATS, open_format
from detente.datasets.stage import STAGED, Staged, drop_staged, stage
from detente.datasets.table import MAPPED, table_format

__all__ = [
    "FIELDS",
    "FORMATS",
    "MAPPED",
    "STAGED",
    "Deed",
    "DeedKey",
    "Format",
    "Layout",
    "PartyKey",
    "Piece",
    "ResolvedParty",
    "Source",
    "Staged",
    "ahead",
    "drop_staged",
    "find_files",
    "open_format",
    "pieces",
    "sources",
    "stage",
    "table_format",
]
