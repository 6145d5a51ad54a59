"""Near-copies: the same wire story run by many papers, so that it is coded once and counts as attention.

Candidates come from a hash of the normalised words (the same text) and from MinHash LSH over word shingles (nearly
the same); each is then verified by the true share of common shingles. How the thresholds were chosen:
docs/documents.md.
"""

from __future__ import annotations

import datetime
import hashlib
import re
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from detente.records import Document

if TYPE_CHECKING:
    from datasketch import MinHash, MinHashLSH

__all__ = ["WINDOW_DAYS", "CopyIndex", "Fingerprint", "find_copies", "fingerprint"]

# Papers run a wire story within days; the same words weeks later (a yearly statement, a form letter) report anew.
WINDOW_DAYS = 7
_SHINGLE_WORDS = 3
# Below this many shingles one changed word may change the fact: only the same words make a copy.
_MIN_SHINGLES = 40
# A copy shares this part of all shingles of the two texts, ...
_MIN_JACCARD = 0.7
# ... or is itself found to this part in the original (a shortened version).
_MIN_CONTAINED = 0.78
_PERMUTATIONS = 128
# 42 bands of 3: pairs with a Jaccard of 0.35 (a text cut to a third) are looked at with 84 % probability, of 0.5 with
# 99.6 %, of 0.7 always.
_BANDS, _ROWS = 42, 3
_SEED = 1
_WORD = re.compile(r"\w+")
_MULTIPLIERS = np.array([0x9E3779B1, 0x85EBCA77, 0xC2B2AE3D], dtype=np.uint64)


@dataclass(frozen=True, slots=True, eq=False)
class Fingerprint:
    """What is compared of a text: a hash of all its words, and its shingles as sorted 32-bit hashes."""

    words: bytes
    shingles: npt.NDArray[np.uint32]

    def to_bytes(self) -> bytes:
        """The fingerprint as bytes, the same on every machine."""
        return self.words + self.shingles.astype("<u4").tobytes()

    @classmethod
    def from_bytes(cls, data: bytes) -> Fingerprint:
        """The inverse of :meth:`to_bytes`."""
        return cls(data[:8], np.frombuffer(data, dtype="<u4", offset=8).astype(np.uint32))


def fingerprint(text: str) -> Fingerprint:
    """The fingerprint of a text; case, punctuation and spacing do not count."""
    words = _WORD.findall(text.casefold())
    whole = hashlib.blake2b(" ".join(words).encode("utf-8", "replace"), digest_size=8).digest()
    hashes = np.fromiter((zlib.crc32(word.encode("utf-8", "replace")) for word in words), np.uint64, len(words))
    count = max(0, len(words) - _SHINGLE_WORDS + 1)
    mixed = np.zeros(count, dtype=np.uint64)
    for place, multiplier in enumerate(_MULTIPLIERS):
        mixed = (mixed ^ hashes[place : place + count]) * multiplier
        mixed ^= mixed >> np.uint64(29)
    return Fingerprint(whole, np.unique((mixed >> np.uint64(16)).astype(np.uint32)))


class CopyIndex:
    """Originals by their texts; tells of each new document which original it is a copy of.

    The document added first is the original. Only originals are compared with, so there are no chains of copies.
    """

    def __init__(self) -> None:
        self._copies: dict[str, str] = {}
        self._originals: dict[str, tuple[datetime.date, Fingerprint]] = {}
        self._by_words: dict[bytes, list[str]] = {}

    @cached_property
    def _sketches(self) -> tuple[MinHash, MinHashLSH]:
        """An empty MinHash to copy, and the LSH index of the originals."""
        import datasketch  # noqa: PLC0415 - it loads much of scipy, which takes a second

        empty = datasketch.MinHash(num_perm=_PERMUTATIONS, seed=_SEED, hashfunc=int)
        return empty, datasketch.MinHashLSH(num_perm=_PERMUTATIONS, params=(_BANDS, _ROWS))

    @property
    def copies(self) -> Mapping[str, str]:
        """Document id of each copy to that of its original, in the order of adding."""
        return MappingProxyType(self._copies)

    def __len__(self) -> int:
        """Number of originals."""
        return len(self._originals)

    def original(self, document_id: str) -> str:
        """The id of the document's original; its own id if it is no copy."""
        return self._copies.get(document_id, document_id)

    def add(self, document: Document) -> str | None:
        """Enter a document: the id of its original if it is a copy, else None."""
        return self.add_fingerprint(document.document_id, document.published, fingerprint(document.text))

    def add_fingerprint(self, document_id: str, published: datetime.date, prints: Fingerprint) -> str | None:
        """Like :meth:`add`, for a document whose fingerprint is already known."""
        if document_id in self._originals:
            return None
        sketch = self._sketch(prints)
        if (original := self._find(published, prints, sketch)) is not None:
            self._copies[document_id] = original
            return original
        self._enter(document_id, published, prints, sketch)
        return None

    def add_original(self, document_id: str, published: datetime.date, prints: Fingerprint) -> None:
        """Enter a document that is known to be an original; nothing happens if it is entered already."""
        if document_id not in self._originals:
            self._enter(document_id, published, prints, self._sketch(prints))

    def _enter(self, document_id: str, published: datetime.date, prints: Fingerprint, sketch: MinHash | None) -> None:
        self._originals[document_id] = (published, prints)
        self._by_words.setdefault(prints.words, []).append(document_id)
        if sketch is not None:
            self._sketches[1].insert(document_id, sketch)

    def _sketch(self, prints: Fingerprint) -> MinHash | None:
        if len(prints.shingles) < _MIN_SHINGLES:
            return None
        sketch = self._sketches[0].copy()
        sketch.update_batch(prints.shingles.tolist())
        return sketch

    def _find(self, published: datetime.date, prints: Fingerprint, sketch: MinHash | None) -> str | None:
        """The best original: the same words first, then the one with most in common, then the earliest, then by id."""
        near = [name for name in self._by_words.get(prints.words, ()) if self._near(published, name)]
        found = [(-2.0, self._originals[name][0], name) for name in near]
        if not found and sketch is not None:
            for document_id in self._sketches[1].query(sketch):
                if self._near(published, document_id):
                    day, other = self._originals[document_id]
                    if common := _in_common(prints, other):
                        found.append((-common, day, document_id))
        return min(found)[2] if found else None

    def _near(self, published: datetime.date, document_id: str) -> bool:
        return abs((published - self._originals[document_id][0]).days) <= WINDOW_DAYS


def _in_common(copy: Fingerprint, original: Fingerprint) -> float:
    """How much the texts have in common if that makes the first a copy of the second, else 0."""
    both = len(np.intersect1d(copy.shingles, original.shingles, assume_unique=True))
    jaccard = both / (len(copy.shingles) + len(original.shingles) - both)
    contained = both / len(copy.shingles)
    return max(jaccard, contained) if jaccard >= _MIN_JACCARD or contained >= _MIN_CONTAINED else 0.0


def find_copies(documents: Iterable[Document]) -> CopyIndex:
    """Near-copies among documents; the original of each group is the earliest, on one day the first by id."""
    index = CopyIndex()
    for document in sorted(documents, key=lambda d: (d.published, d.document_id)):
        index.add(document)
    return index
