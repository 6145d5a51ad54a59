"""Bytes to text: which encoding a document is in, and what is not text at all."""

from __future__ import annotations

import codecs
import re

__all__ = ["Undecodable", "clean", "decode", "is_utf16", "looks_binary"]

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_MAGIC = (
    (b"%PDF-", "a PDF file"),
    (b"\x89PNG", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"GIF8", "a GIF image"),
    (b"PK\x03\x04", "a ZIP archive or office document"),
    (b"\xd0\xcf\x11\xe0", "an old office document"),
    (b"BZh", "a bzip2 file"),
    (b"\xfd7zXZ", "an xz file"),
    (b"\x28\xb5\x2f\xfd", "a zstd file"),
    (b"\x7fELF", "a program"),
    (b"SQLite format 3", "an SQLite database"),
)
# What the web calls these encodings is wider than what the name says (WHATWG Encoding Standard, section 4.2).
_AS_ON_THE_WEB = {
    "iso-8859-1": "cp1252",
    "iso8859-1": "cp1252",
    "latin-1": "cp1252",
    "latin1": "cp1252",
    "us-ascii": "cp1252",
    "ascii": "cp1252",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "shift_jis": "cp932",
    "euc-kr": "cp949",
    "iso-8859-9": "cp1254",
    "unicode": "utf-8",
}
_UNWANTED = re.compile("[\x00\ud800-\udfff]")
_CONTROL = bytes(set(range(32)) - set(b"\t\n\r\f\x1b") | {127})
_SAMPLE = 64 * 1024
# Western text has few bytes above 127: curly quotes and the accents of names. Measured on the readability pages in
# their Windows code pages: English (52 pages) at most 1.6 %, German and Spanish 1 %, Portuguese 2.8 %, French 3.6 to
# 4.4 %, Czech 11.5 %. Below this share a guess from statistics is worse than the plain one.
_FEW_HIGH_BYTES = 0.03


class Undecodable(ValueError):
    """The bytes are in no encoding that was tried."""


def clean(text: str) -> str:
    """The text without NUL characters and lone surrogates, which databases and UTF-8 cannot hold."""
    return _UNWANTED.sub("", text) if _UNWANTED.search(text) else text


def is_utf16(head: bytes) -> str | None:
    """``utf-16``, ``utf-16-le`` or ``utf-16-be`` if the bytes begin like it, with or without a byte order mark."""
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) and not head.startswith(codecs.BOM_UTF32_LE):
        return "utf-16"
    sample = head[: len(head[:4096]) // 2 * 2]
    if len(sample) >= 4:
        even, odd, half = sample[::2].count(0), sample[1::2].count(0), len(sample) / 2
        if odd > 0.6 * half and even < 0.05 * half:
            return "utf-16-le"
        if even > 0.6 * half and odd < 0.05 * half:
            return "utf-16-be"
    return None


def looks_binary(head: bytes) -> str | None:
    """What the bytes are if they are no text (``a PDF file``), else None."""
    for magic, name in _MAGIC:
        if head.startswith(magic):
            return name
    if is_utf16(head) or head.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)):
        return None
    sample = head[:8192]
    control = len(sample) - len(sample.translate(None, _CONTROL))
    return "binary data" if control > 0.05 * len(sample) else None


def decode(data: bytes, forced: str | None = None, declared: str | None = None) -> str:
    """The text of ``data``, cleaned; ``declared`` is what the document says of itself, ``forced`` what the user says.

    Tried in order: ``forced`` alone; a byte order mark; UTF-16 by its pattern of NULs; UTF-8; ``declared``;
    Windows-1252 if few bytes are above 127; statistics. Raises Undecodable.
    """
    if forced is not None:
        return clean(_strict(data, forced))
    for bom, name in _BOMS:
        if data.startswith(bom):
            return clean(_strict(data, name))
    candidates = [is_utf16(data) or "utf-8"]
    if declared:
        candidates.append(_AS_ON_THE_WEB.get(declared.strip().lower(), declared.strip()))
    ascii_part = len(data.translate(None, bytes(range(128, 256))))
    if len(data) - ascii_part < _FEW_HIGH_BYTES * len(data):
        candidates.append("cp1252")
    for name in candidates:
        try:
            return clean(_strict(data, name))
        except Undecodable:
            continue
    from charset_normalizer import from_bytes  # noqa: PLC0415 - rarely needed, slow to load

    first_high = re.search(rb"[\x80-\xff]", data)
    start = max(0, (first_high.start() if first_high else 0) - 512)
    best = from_bytes(data[start : start + _SAMPLE]).best()
    return clean(_strict(data, best.encoding if best else "cp1252"))


def _strict(data: bytes, encoding: str) -> str:
    try:
        text = data.decode(encoding)
    except (UnicodeError, LookupError, ValueError) as error:
        raise Undecodable(f"not text in {encoding}: {error}") from None
    if not isinstance(text, str):
        raise Undecodable(f"{encoding} is not a text encoding")
    return text
