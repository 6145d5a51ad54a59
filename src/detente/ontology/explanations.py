"""What a code means: one answer for help texts, tooltips and the REST interface alike."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from detente.errors import UnknownName, nearest
from detente.ontology.crosswalk import cameo_to_plover, plover_to_cameo
from detente.ontology.tables import CAMEO, CONTEXTS, QUADS, SECTORS, TYPES, CameoCode, EventType, Mode

Kind = Literal["type", "mode", "context", "cameo", "sector"]


@dataclass(frozen=True, slots=True)
class Explanation:
    """A code, what kind of code it is, its meaning in a sentence or two, and facts as (label, value) pairs.

    ``also`` holds further meanings of the same word: ``cyber`` is a mode and a context.
    """

    code: str
    kind: Kind
    name: str
    text: str
    facts: tuple[tuple[str, str], ...] = ()
    also: tuple[Explanation, ...] = ()


def _type(kind: EventType) -> Explanation:
    facts = [
        ("quad class", f"{kind.quad}, {QUADS[kind.quad]}"),
        ("intensity", f"{kind.intensity:+g}"),
        ("recipient", "required" if kind.requires_recipient else "optional"),
        ("modes", ", ".join(kind.modes) or "none"),
        ("CAMEO", ", ".join(sorted({code.root for code in CAMEO.values() if code.event == kind.name}))),
    ]
    return Explanation(kind.name, "type", kind.name, kind.definition, tuple(facts))


def _mode(mode: Mode) -> Explanation:
    facts = (
        ("type", mode.event),
        ("intensity", f"{mode.intensity:+g}"),
        ("CAMEO", ", ".join(plover_to_cameo(mode.event, mode.name))),
    )
    return Explanation(f"{mode.event}:{mode.name}", "mode", mode.name, mode.description, facts)


def _cameo(code: CameoCode) -> Explanation:
    walk = cameo_to_plover(code.code)
    reading = ": ".join(part for part in (walk.event, walk.mode) if part) or "no type"
    facts = [("PLOVER", reading)]
    if walk.contexts:
        facts.append(("contexts", ", ".join(walk.contexts)))
    facts += [
        ("quad class", f"{code.quad}, {QUADS[code.quad]}"),
        ("intensity", f"{code.intensity:+g}"),
        ("way back", "not unique" if walk.lossy else "unique"),
    ]
    if code.parent is not None and code.parent in CAMEO:
        facts.append(("part of", f"{code.parent} {CAMEO[code.parent].name}"))
    if code.note:
        facts.append(("note", code.note))
    return Explanation(code.code, "cameo", code.name, f"CAMEO {code.code}: {code.name}.", tuple(facts))


def _meanings(code: str) -> list[Explanation]:
    plain = code.strip()
    word = re.sub(r"[\s_]+", "-", plain.lower())
    found: list[Explanation] = []
    if plain in CAMEO:
        found.append(_cameo(CAMEO[plain]))
    if plain.upper() in TYPES:
        found.append(_type(TYPES[plain.upper()]))
    if plain.upper() in SECTORS:
        sector = SECTORS[plain.upper()]
        found.append(Explanation(sector.code, "sector", sector.name, sector.definition, (("scheme", sector.scheme),)))
    event, _, mode = re.sub(r"[:/.]\s*|\s+", ":", plain, count=1).partition(":")
    if event.upper() in TYPES and mode:
        known = TYPES[event.upper()].modes.get(re.sub(r"[\s_]+", "-", mode.strip().lower()))
        found += [_mode(known)] if known else []
    found += [_mode(kind.modes[word]) for kind in TYPES.values() if word in kind.modes]
    context = CONTEXTS.get(word.replace("-", "_"))
    if context:
        found.append(Explanation(context.name, "context", context.name.replace("_", " "), context.description))
    return found


def known_codes() -> tuple[str, ...]:
    """Every code and word that :func:`explain` knows, sorted."""
    modes = {mode for kind in TYPES.values() for mode in kind.modes}
    return tuple(sorted({*TYPES, *modes, *CONTEXTS, *CAMEO, *SECTORS}))


def explain(code: str) -> Explanation:
    """Meaning of a type, mode (``visit`` or ``CONSULT:visit``), context, CAMEO code or sector; case does not matter.

    Where a word has several meanings the first is given, the rest stand in ``also``; UnknownName for no meaning.
    """
    found = _meanings(code)
    if not found:
        raise UnknownName("code", code, nearest(code, known_codes()))
    first = found[0]
    return Explanation(first.code, first.kind, first.name, first.text, first.facts, tuple(found[1:]))
