"""Sentences of a newswire text, by rule: fast, linear in the text's length, with exact offsets.

The rules were written for English newswire and tried on the 60 MEANTIME articles; docs/documents.md has the figures.
"""

from __future__ import annotations

import itertools
import re

from detente.documents.reader import FRONT_MATTER
from detente.records import Sentence

__all__ = ["MAX_SENTENCE", "split"]

# Longest sentence in characters. The longest real one in the samples has 640; lists and tables without a full stop
# run on for thousands. Longer ones are cut at a semicolon or space.
MAX_SENTENCE = 1000

# Where a sentence may end: a closing mark with quotes and brackets after it before white space, or a line's end.
_CANDIDATE = re.compile(r"""[.!?…\n\u2028\u2029](?:(?<=[\n\u2028\u2029])|["'”’»)\]]*(?=\s|\Z))""")
# What follows a possible end: white space, opening marks, then (groups 1 and 2) the next word.
_NEXT = re.compile(r"""\s*["'“‘«(\[¿¡*_—–-]*(\S?)(\S{0,24})""")
_WORD = re.compile(r"[^\W\d_]+")

# Before a name, and written with a capital: never the end.
_TITLES = frozenset(
    """adj adm amb asst atty brig capt cdr cmdr col comdr cpl dr drs fr ft gen gens gov govs hon insp lt ltc maj messrs
    mgr mr mrs ms mt pfc pres prof pvt rep reps rev revs sec sen sens sgt spc ssgt st ste supt""".split()  # noqa: SIM905
)
_NEVER = frozenset({"vs", "viz", "approx", "eg", "ie", "mr", "mrs", "dr"})
# Only before a number: elsewhere it is a word.
_BEFORE_NUMBER = frozenset({"no", "nos", "art", "sec", "fig", "par", "para", "vol", "ch", "p", "pp", "res", "op"})
# May end a sentence or not: the end if the next word is one that begins sentences. With a capital, ...
_EITHER = frozenset(
    """bros dept univ assn bldg ave blvd rd jan feb mar apr jun jul aug sep sept oct nov dec
    ala ariz ark calif colo conn del fla ga ill ind kan ky md mass mich minn miss mo mont neb nev okla ore pa tenn tex
    va vt wash wis wyo""".split()  # noqa: SIM905
)
# ... and however it is written.
_EITHER_LOWER = frozenset({"inc", "corp", "co", "cos", "ltd", "llc", "plc", "jr", "sr", "etc", "esq", "est"})
_STARTERS = frozenset(
    """a an the this that these those it its he she they we i you his her their our my there here in on at by for from
    with without after before during since until while when where as if although though because but and or nor yet so
    however meanwhile moreover nevertheless also according both all some many most several few each no not now then
    today yesterday earlier later last one two three who what why how which under over between among despite
    analysts officials critics observers experts sources""".split()  # noqa: SIM905
)
_AFTER_TIME = re.compile(
    r"(?:Mon|Tues?|Wednes|Thurs|Fri|Satur|Sun)day|[A-Z]{2,4}T?\b|Eastern|Pacific|Central|Greenwich|local", re.ASCII
)
_NUMBERING = re.compile(r"(?:\d{1,3}|[a-zA-Z]|[ivxIVX]{1,4})\Z")
# Marks before the words of a line: bullets, list and heading signs, quotation marks of e-mail.
_BULLET = re.compile(r"(?:[-*•·▪◦‣–—>#|]+[ \t]+|[•▪◦‣]|#{1,6}(?=\s)|\|)+")
# A dateline at the head of a paragraph: a place in capitals, what is said of it, perhaps the desk and day, a dash.
_DATELINE = re.compile(
    r"""(?=[A-Z]{3}|[A-Z][A-Z.]+[ ,])[A-Z][A-Z.'’/-]+(?:[ /][A-Z][A-Z.'’/-]*){0,4}   # SEOUL, UNITED NATIONS
    (?:,[ ][\w .,'’]{2,50}?)?(?:[ ]?[(/][^()\n/]{2,50}[)/])?[ ]?(?:--|[–—-])(?=\s+[^a-z\s])""",
    re.VERBOSE,
)
_CUT = re.compile(r"[;:,]\s|\s")


def split(text: str) -> list[Sentence]:
    """The sentences of a text in order, numbered from 0; spans exclude white space, bullets and front matter.

    A line's end ends a sentence unless the text is wrapped at a width. A dateline (``SEOUL (Desk) -``) is a sentence
    of its own, so that its place is not taken for an actor. A sentence has at most ``MAX_SENTENCE`` characters.
    """
    matter = FRONT_MATTER.match(text) if text.startswith("---") else None
    start = matter.end() if matter else 0
    width = _wrap_width(text)
    spans: list[tuple[int, int]] = []
    fresh = True  # at the head of a line: datelines and bullets are looked for
    size = len(text)
    for found in _CANDIDATE.finditer(text, start):
        at, end = found.span()
        mark = text[at]
        if mark in "\n\u2028\u2029":
            if mark == "\n" and width and _is_wrap(text, at, width):
                continue
            if at > start:
                _add(text, start, at, fresh, spans)
            start, fresh = end, True
            continue
        # The plain case first, for speed: a long word without full stops, one space, a capital.
        near = text[max(0, at - 7) : at]
        plain = (
            len(near) == 7
            and " " not in near
            and "." not in near
            and "\n" not in near
            and text[end + 1 : end + 2].isupper()
        )
        if plain or end >= size or _ends(text, at, end, mark, start):
            if fresh or end - start > MAX_SENTENCE:
                _add(text, start, end, fresh, spans)
            else:
                while text[start].isspace():
                    start += 1
                spans.append((start, end))
            start, fresh = end, False
    _add(text, start, size, fresh, spans)
    return [Sentence(no, a, b, text[a:b]) for no, (a, b) in enumerate(spans)]


def _add(text: str, start: int, end: int, fresh: bool, spans: list[tuple[int, int]]) -> None:
    """Append the span without its white space, in parts where it has a dateline or is too long."""
    raw = text[start:end]
    body = raw.lstrip()
    start += len(raw) - len(body)
    if not body:
        return
    if fresh:
        if bullet := _BULLET.match(body):
            start += bullet.end()
            body = body[bullet.end() :].lstrip()
            start = end - len(body)
        if dateline := _DATELINE.match(body):
            spans.append((start, start + dateline.end()))
            rest = body[dateline.end() :].lstrip()
            start, body = end - len(rest), rest
    body = body.rstrip()
    while len(body) > MAX_SENTENCE:
        cut = _cut(body)
        spans.append((start, start + len(body[:cut].rstrip())))
        rest = body[cut:].lstrip()
        start += len(body) - len(rest)
        body = rest
    if body:
        spans.append((start, start + len(body)))


def _cut(body: str) -> int:
    """Where to cut a sentence that is too long: after the last semicolon, else the last space, before the limit."""
    semicolon = body.rfind("; ", MAX_SENTENCE // 2, MAX_SENTENCE)
    if semicolon > 0:
        return semicolon + 1
    last = 0
    for found in _CUT.finditer(body, MAX_SENTENCE // 2, MAX_SENTENCE):
        last = found.end()
    return last or MAX_SENTENCE


def _ends(text: str, at: int, end: int, mark: str, start: int) -> bool:
    """Whether the mark at ``at`` (with what closes up to ``end``) ends the sentence that began at ``start``."""
    following = _NEXT.match(text, end)
    if following is None or not following[1]:
        return True
    first = following[1]
    if first.islower():
        return following[2][:2] == "l-" and first in "ae"  # al-Shabaab, el-Sissi
    if mark != "." or end > at + 1:
        return True
    # The word before the full stop.
    since = max(start, at - 24)
    space = max(text.rfind(" ", since, at), text.rfind("\n", since, at))
    word = text[(space + 1 if space >= 0 else since) : at].lstrip("(['\"“‘«")
    if not word or word[-1] == ".":
        return True  # an ellipsis
    short = len(word) <= 6
    if not short and "." not in word:
        return True
    if "-" in word:
        word = word.rpartition("-")[2]
    return not word or _abbreviation_ends(word, first, following, text, at, start)


def _abbreviation_ends(word: str, first: str, following: re.Match[str], text: str, at: int, start: int) -> bool:
    """Whether a full stop after a short or dotted word ends the sentence."""
    lowered = word.lower()
    capital = word[0].isupper()
    if lowered in _NEVER or (capital and lowered in _TITLES):
        return False
    if lowered in _BEFORE_NUMBER and first.isdigit():
        return False
    if not text[start : at - len(word)].strip() and _NUMBERING.match(word):
        return False  # "1. The parties ..." at the head of a sentence
    dotted = "." in word
    if dotted and lowered in ("p.m", "a.m"):
        return not (_AFTER_TIME.match(first + following[2]) or first.isdigit())
    if dotted and len(word) > 10:
        return True
    initial = len(word) == 1 and word.isalpha() and word != "I"
    if not (dotted or initial or lowered in _EITHER_LOWER or (capital and lowered in _EITHER)):
        return True
    if first.isdigit():
        return False
    next_word = _WORD.match(first + following[2])
    return next_word is not None and next_word[0].lower() in _STARTERS


def _wrap_width(text: str) -> int:
    """The width at which a text's lines are wrapped, 0 where its lines are paragraphs.

    Wrapped lines are as long as the next word allows. The text counts as wrapped if that holds for most line ends
    inside paragraphs and none is longer than 120 characters.
    """
    if "\n" not in text:
        return 0
    lines = text.split("\n")
    width = max(map(len, lines))
    if not 40 <= width <= 120:
        return 0
    inner = full = 0
    for line, following in itertools.pairwise(lines):
        if line.strip() and (word := following.split(None, 1)):
            inner += 1
            full += len(line) + 1 + len(word[0]) > width
    return width if full >= 2 and full >= 0.5 * inner else 0


def _is_wrap(text: str, at: int, width: int) -> bool:
    """Whether the line end at ``at`` only wraps the line: the next line's first word would not have fitted."""
    before = text.rfind("\n", 0, at) + 1
    after = text.find("\n", at + 1)
    following = text[at + 1 : after if after >= 0 else len(text)]
    words = following.split(None, 1)
    if not words or not text[before:at].strip() or _BULLET.match(following):
        return False
    return at - before + 1 + len(words[0]) > width
