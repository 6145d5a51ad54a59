"""Quad class and intensity of an event, and the crosswalk between CAMEO and PLOVER.

All look-ups are plain dictionaries, made once: these functions are called for every event of a data set.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from detente.errors import BadOption, UnknownName, nearest
from detente.ontology.tables import CAMEO, CONTEXTS, TYPES


@dataclass(frozen=True, slots=True)
class Crosswalk:
    """A CAMEO code read in PLOVER.

    ``event`` is None where PLOVER has no type for it (most of CAMEO 01). ``lossy`` is true where the way back is not
    unique: another CAMEO code has the same reading, or there is none. ``note`` says where the reading departs from
    the conversion table, and why.
    """

    event: str | None
    mode: str | None
    contexts: tuple[str, ...]
    lossy: bool
    note: str = ""


_Reading = tuple[str, str | None, frozenset[str]]


def _back() -> dict[_Reading, list[str]]:
    readings: dict[_Reading, list[str]] = {}
    for code in CAMEO.values():
        if code.event is not None:
            readings.setdefault((code.event, code.mode, frozenset(code.contexts)), []).append(code.code)
    return readings


def _preference(code: str) -> tuple[bool, int, str]:
    """PLOVER drops 01 and 02, so their codes come last; then the broader code first."""
    return code[:2] in ("01", "02"), len(code), code


_CODES = {reading: tuple(sorted(codes, key=_preference)) for reading, codes in _back().items()}
_FORTH = {
    code.code: Crosswalk(
        event=code.event,
        mode=code.mode,
        contexts=code.contexts,
        lossy=code.event is None or len(_CODES[code.event, code.mode, frozenset(code.contexts)]) > 1,
        note=code.note,
    )
    for code in CAMEO.values()
}
_QUAD = {name: kind.quad for name, kind in TYPES.items()}
_SCORE: dict[tuple[str, str | None], float] = {(name, None): kind.intensity for name, kind in TYPES.items()} | {
    (name, mode.name): mode.intensity for name, kind in TYPES.items() for mode in kind.modes.values()
}
_GOLDSTEIN = {code.code: code.intensity for code in CAMEO.values()}


def _unknown_type(event: str) -> UnknownName:
    return UnknownName("event type", event, nearest(event, list(TYPES)) or list(TYPES))


def _unknown_cameo(code: str) -> UnknownName:
    near = [known for known in CAMEO if known.startswith(code[:-1])][:3] if code.isdigit() and len(code) > 1 else []
    return UnknownName("CAMEO code", code, near or nearest(code, list(CAMEO)))


def quad(event: str) -> int:
    """Quad class of a PLOVER type: 1 verbal cooperation, 2 material cooperation, 3 verbal, 4 material conflict."""
    try:
        return _QUAD[event]
    except KeyError:
        raise _unknown_type(event) from None


def intensity(event: str | None, mode: str | None = None, cameo: str | None = None) -> float:
    """Intensity on the scale -10 to +10: the CAMEO code's Goldstein value if given, else the PLOVER score.

    A mode without a score of its own falls back on its type. ``event`` may be None only where ``cameo`` is given.
    """
    if cameo is not None:
        try:
            return _GOLDSTEIN[cameo]
        except KeyError:
            raise _unknown_cameo(cameo) from None
    if event is None or event not in TYPES:
        raise _unknown_type(str(event))
    try:
        return _SCORE[event, mode]
    except KeyError:
        raise _unknown_mode(event, str(mode)) from None


def _unknown_mode(event: str, mode: str) -> Exception:
    modes = list(TYPES[event].modes)
    return BadOption(f"mode of {event}", mode, modes) if modes else BadOption(f"mode of {event}", mode, ["none"])


def cameo_to_plover(code: str) -> Crosswalk:
    """PLOVER reading of a CAMEO code of two to four digits, leading zeros kept (``"0841"``)."""
    try:
        return _FORTH[code]
    except KeyError:
        raise _unknown_cameo(code) from None


def plover_to_cameo(event: str, mode: str | None = None, contexts: Iterable[str] = ()) -> tuple[str, ...]:
    """CAMEO codes that read as this, broadest first; CAMEO 01 and 02, which PLOVER drops, come last.

    Where no code has exactly these contexts, the codes of the type and mode with the most of them in common are
    given; where none has the mode, the type alone decides. Several codes mean that the way back is not unique.
    """
    return _codes_of(event, mode, frozenset(contexts))


@lru_cache(4096)
def _codes_of(event: str, mode: str | None, wanted: frozenset[str]) -> tuple[str, ...]:
    if event not in TYPES:
        raise _unknown_type(event)
    if mode is not None and mode not in TYPES[event].modes:
        raise _unknown_mode(event, mode)
    for context in sorted(wanted - CONTEXTS.keys()):
        raise UnknownName("context", context, nearest(context, list(CONTEXTS)))
    exact = _CODES.get((event, mode, wanted))
    if exact:
        return exact
    same = [key for key in _CODES if key[:2] == (event, mode)] or [key for key in _CODES if key[0] == event]
    best = max((len(wanted & key[2]), -len(key[2] - wanted)) for key in same)
    found = [code for key in same if (len(wanted & key[2]), -len(key[2] - wanted)) == best for code in _CODES[key]]
    return tuple(sorted(found, key=_preference))
