"""What addresses may carry, read once: days, small numbers, choices. An empty field of a form is no value."""

from __future__ import annotations

import datetime
from typing import Annotated, Any

from fastapi import Query
from pydantic import BeforeValidator, Field

from detente.records import parse_date

__all__ = ["Day", "Text", "Texts", "choice", "number"]


def _day(value: Any) -> Any:
    return None if value in (None, "") else parse_date(value)


def _text(value: Any) -> Any:
    return None if value in (None, "") else value


def _texts(value: Any) -> Any:
    return [v for v in value if v != ""] if isinstance(value, list) else value


Day = Annotated[datetime.date | None, BeforeValidator(_day), Query()]
Text = Annotated[Annotated[str, Field(max_length=4000)] | None, BeforeValidator(_text), Query()]
Texts = Annotated[list[Annotated[str, Field(max_length=300)]], BeforeValidator(_texts), Query(max_length=50)]


def number(text: str | None, default: float, low: float, high: float) -> float:
    """A number of the address within bounds; the default where it is none."""
    try:
        return min(max(float(text or default), low), high)
    except ValueError:
        return default


def choice(text: str | None, choices: tuple[str, ...]) -> str:
    """One of the choices; the first where the address names none of them."""
    return text if text in choices else choices[0]
