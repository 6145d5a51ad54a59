"""Which meaning of an ambiguous phrase is meant, told from the words around it and the countries in the text."""

from __future__ import annotations

import datetime
from collections.abc import Collection

from detente.actors.lexicon import Entry, country_actor
from detente.actors.scan import Hit, Tokens
from detente.actors.tables import COUNTRIES, word_list

LOCATIVE = word_list("locative")
_TRAVEL = word_list("travel")
_GEORGIA_STATE = word_list("georgia state")
_GEORGIA_COUNTRY = word_list("georgia country")
_NAME_LIKE = frozenset(
    {"jordan", "chad", "georgia", "israel", "kenya", "india", "london", "paris", "sofia", "victoria"}
)
NOT_NAMES = word_list("not first names")


_DOUBTFUL = _NAME_LIKE | {"washington", "korea", "korean", "koreans", "congo", "congolese"}


def extends_right(cut: Tokens, last: int, taken: Collection[int]) -> bool:
    """Whether the token at ``last`` continues a person's name."""
    text, words, folded, starts, ends = cut
    if last >= len(words) or text[ends[last - 1] : starts[last]] not in (" ", "-") or last in taken:
        return False
    after = words[last]
    if not after[0].isupper() or (after.isupper() and len(after) > 1 and not text.isupper()):
        return False
    return folded[last] not in NOT_NAMES


def personal(cut: Tokens, first: int, last: int, taken: Collection[int]) -> bool:
    """Whether tokens ``first`` to ``last`` look like part of a person's name: ``Michael Jordan``, ``Jordan Peele``."""
    text, words, folded, starts, ends = cut
    if last < len(words) and text[ends[last - 1] : starts[last]] == " " and last not in taken:
        after = words[last]
        if after[0].isupper() and not after.isupper() and after[1:].islower() and folded[last] not in NOT_NAMES:
            return True
    if first > 0 and text[ends[first - 1] : starts[first]] == "-" and words[first - 1][0].isupper():
        return True
    if first > 0 and text[ends[first - 1] : starts[first]] == " " and first - 1 not in taken:
        before = words[first - 1]
        plain = before[0].isupper() and before[1:].islower() and folded[first - 1] not in NOT_NAMES
        return plain and len(before) > 2
    return False


def sentence_start(cut: Tokens, token: int) -> bool:
    """Whether a token opens a sentence (or the text)."""
    if token == 0:
        return True
    gap = cut.text[cut.ends[token - 1] : cut.starts[token]]
    return any(mark in gap for mark in '.!?\n:;“"')


def _korea(seen: Collection[str]) -> str | None:
    north, south = "PRK" in seen, "KOR" in seen
    if north and south:
        return None
    return "PRK" if north else "KOR"


ZAIRE_UNTIL = datetime.date(1997, 5, 16)
"""Until that day the larger Congo was Zaire, and "Congo" meant the smaller."""


def _congo(cut: Tokens, when: datetime.date) -> str:
    if when <= ZAIRE_UNTIL:
        return "COG"
    words = set(cut.folded)
    joined = cut.text
    if "brazzaville" in words or (
        "Republic of Congo" in joined.replace("the Congo", "Congo")
        and "Democratic Republic" not in joined
        and not words & {"kinshasa", "kabila", "drc", "tshisekedi", "goma"}
    ):
        return "COG"
    return "COD"


def choose(
    cut: Tokens,
    hit: Hit,
    entries: tuple[Entry, ...],
    seen: Collection[str],
    taken: Collection[int],
    when: datetime.date,
) -> Entry | None:
    """The meaning of a phrase that is no person's name; None where it is not a name here at all."""
    single = hit.last == hit.first + 1
    entry = entries[0] if len(entries) == 1 else _among(entries, seen, when, single)
    word = cut.folded[hit.first]
    if not single:
        return entry
    if word not in _DOUBTFUL:
        return entry
    if word in _NAME_LIKE and personal(cut, hit.first, hit.last, taken):
        return None
    if word == "georgia":
        words = set(cut.folded)
        comma = hit.first > 0 and cut.text[cut.ends[hit.first - 1] : cut.starts[hit.first]] == ", "
        if words & _GEORGIA_STATE and (comma or not words & _GEORGIA_COUNTRY):
            return entry._replace(kind="place", actor=None, name="Georgia (United States)", country="USA", sector=None)
    if word == "washington" and personal(cut, hit.first, hit.last, taken):
        return None
    if word in ("korea", "korean", "koreans"):
        return _of_country(entry, _korea(seen))
    if word in ("congolese", "congo"):
        return _of_country(entry, _congo(cut, when))
    return entry


def _of_country(entry: Entry, code: str | None) -> Entry:
    if code is None:
        return entry._replace(actor=None, country=None, sector=None)
    known = COUNTRIES[code]
    actor = country_actor(known) if entry.kind != "national" else None
    return entry._replace(actor=actor, name=known.name if actor else entry.name, country=code)


def _among(entries: tuple[Entry, ...], seen: Collection[str], when: datetime.date, single: bool) -> Entry:
    """One of several meanings: that of a country already in the text, else the first of the table."""
    in_text = [entry for entry in entries if entry.country in seen]
    former = [e for e in entries if e.actor is not None and e.actor.end is not None and when <= e.actor.end]
    if former and entries[0].kind == "capital":
        return former[0]
    if in_text:
        return in_text[0]
    roles = [e for e in entries if e.kind in ("head", "title")]
    if single and roles and seen and entries[0].kind == "agency":
        return roles[0]
    return entries[0]


def is_place(cut: Tokens, first: int) -> bool:
    """Whether a capital at this token is where something is (``in Moscow``), not a government (``Moscow said``)."""
    if first == 0:
        return False
    before = cut.folded[first - 1]
    gap = cut.text[cut.ends[first - 1] : cut.starts[first]]
    if gap != " ":
        return False
    if before in LOCATIVE:
        return True
    earlier = cut.folded[max(0, first - 4) : first - 1]
    return (before in ("to", "from", "for", "of") and any(word in _TRAVEL for word in earlier)) or before in _TRAVEL


def side(cut: Tokens, hit: Hit, seen: list[str]) -> str | None:
    """Country that "the North" or "the South" means here, from the divided countries named before it."""
    word = cut.folded[hit.first]
    if hit.first == 0 or cut.folded[hit.first - 1] not in ("the", "and", "between"):
        return None
    following = cut.words[hit.last] if hit.last < len(cut.words) else ""
    gap = cut.text[cut.ends[hit.last - 1] : cut.starts[hit.last]] if following else ""
    if gap == " " and following[:1].isupper():
        return None
    pairs = {
        "PRK": ("PRK", "KOR"), "KOR": ("PRK", "KOR"), "SSD": ("SDN", "SSD"), "SDN": ("SDN", "SSD"),
        "RVN": ("VNM", "RVN"), "VNM": ("VNM", "RVN"),
        "YMD": ("YAR", "YMD"), "YAR": ("YAR", "YMD"), "YEM": ("YAR", "YMD"),
    }  # fmt: skip
    for code in reversed(seen):
        if code in pairs:
            return pairs[code][0 if word == "north" else 1]
    return None
