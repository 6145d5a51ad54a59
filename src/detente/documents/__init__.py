"""Documents: text in from files, feeds and archives; sentences; near-copies."""

from detente.documents.copies import WINDOW_DAYS, CopyIndex, Fingerprint, find_copies, fingerprint
from detente.documents.inputs import Input
from detente.documents.options import KINDS, Kind, ReadOptions
from detente.documents.reader import read, read_inputs
from detente.documents.sentences import MAX_SENTENCE, split

__all__ = [
    "KINDS",
    "MAX_SENTENCE",
    "WINDOW_DAYS",
    "CopyIndex",
    "Fingerprint",
    "Input",
    "Kind",
    "ReadOptions",
    "find_copies",
    "fingerprint",
    "read",
    "read_inputs",
    "split",
]
