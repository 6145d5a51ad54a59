"""``detente explain``: what a code means."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated, Any

import typer

from detente.cli.output import JsonOption, emit, emit_json
from detente.errors import UnknownName, nearest
from detente.records import to_json

if TYPE_CHECKING:
    from detente.actors import Country

__all__ = ["COMMANDS"]


def explain(
    codes: Annotated[list[str], typer.Argument(metavar="CODE...", help="PLOVER type or mode, CAMEO code, sector, …")],
    as_json: JsonOption = False,
) -> None:
    """What a code means: PLOVER type, mode or context, CAMEO code, sector, or country.

    Example: detente explain 0841 CONCEDE GOV PRK
    """
    found = [_look_up(code) for code in codes]
    if as_json:
        emit_json(found[0] if len(found) == 1 else found)
        return
    emit("\n\n".join(_text(item) for item in found))


def _look_up(code: str) -> dict[str, Any]:
    from detente import actors, ontology  # noqa: PLC0415 - tables are loaded when a code is looked up

    try:
        return to_json(ontology.explain(code))
    except UnknownName as unknown:
        try:
            country = actors.country(code)
        except UnknownName as not_country:
            if not_country.choices:
                raise UnknownName("code", code, [*unknown.choices, *not_country.choices][:5]) from None
            choices = unknown.choices or nearest(code, ontology.known_codes())
            raise UnknownName("code", code, choices) from None
    return _country(actors.COUNTRIES[country])


def _country(country: Country) -> dict[str, Any]:
    """A country in the form of an explanation."""
    years = " to ".join(str(day.year) if day else "today" for day in (country.start, country.end))
    facts = [
        ("ISO alpha-2", country.iso2 or "none"),
        ("standing", country.status),
        ("since", years if country.start else "not given"),
        ("also called", ", ".join(country.aliases) or "nothing else"),
        ("adjective", ", ".join(country.adjectives)),
        ("speaks from", ", ".join(country.capitals)),
    ]
    text = f"ISO 3166-1 alpha-3 code of {country.name}."
    return {"code": country.iso3, "kind": "country", "name": country.name, "text": text, "facts": facts, "also": []}


def _text(item: dict[str, Any], indent: str = "") -> str:
    lines = [f"{item['code']}  {item['name']}  [{item['kind']}]", f"  {item['text']}"]
    width = max((len(label) for label, _ in item["facts"]), default=0)
    lines += [f"  {label:<{width}}  {value}" for label, value in item["facts"]]
    for other in item["also"]:
        lines.append(f"  also: {other['code']} [{other['kind']}] {other['text']}")
    return "\n".join(indent + line for line in lines)


COMMANDS: dict[str, Callable[..., None]] = {"explain": explain}
