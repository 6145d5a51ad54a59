"""Documents: text in from files, feeds and archives; sentences; near-copies."""

from detente.documents.copies import WINDOW_DAYS, CopyIndex, Fingerprint, find_copies, fingerprint
from detente.documents.options import KINDS, Kind, ReadOptions
from detente.documents.reader import read
from detente.documents.sentences import MAX_SENTENCE, split

__all__ = [
    "KINDS",
    "MAX_SENTENCE",
    "WINDOW_DAYS",
    "CopyIndex",
    "Fingerprint",
    "Kind",
    "ReadOptions",
    "find_copies",
    "fingerprint",
    "read",
    "split",
]
