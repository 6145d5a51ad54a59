"""Units of quantity and money in corridor files: checked, so that a flow times a price is money a year."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TypeVar

import pycountry

from detente.errors import nearest

__all__ = ["Money", "PerYear", "Price", "Unit", "UnitError", "money", "per_year", "price"]

# Scale to the first unit of each kind. Volume, energy and mass are not turned into one another: that takes a heating
# value or a density, which is the analyst's to state.
_KINDS: dict[str, dict[str, float]] = {
    "volume": {"m3": 1.0, "mcm": 1e6, "bcm": 1e9},
    "energy": {"MWh": 1.0, "kWh": 1e-3, "GWh": 1e3, "TWh": 1e6, "GJ": 1 / 3.6, "PJ": 1e6 / 3.6, "MMBtu": 0.29307107},
    "mass": {"t": 1.0, "kt": 1e3, "Mt": 1e6},
    "barrels": {"bbl": 1.0, "kbbl": 1e3},
    "containers": {"TEU": 1.0, "kTEU": 1e3},
    "passengers": {"passengers": 1.0},
}
_UNITS = {unit: (kind, scale) for kind, units in _KINDS.items() for unit, scale in units.items()}
_TIMES = {"a": 1.0, "year": 1.0, "month": 12.0, "day": 365.0}
_MANY = {"1000": 1e3, "thousand": 1e3, "million": 1e6, "billion": 1e9}
_AMOUNT = re.compile(r"(?:(1000|thousand|million|billion) ?)?([A-Za-z]\w*)")


Unit = TypeVar("Unit", "Money", "PerYear", "Price")


class UnitError(ValueError):
    """A unit that cannot be read; the message says what was expected."""


@dataclass(frozen=True)
class Money:
    """An amount of money: ``scale`` units of ``currency``."""

    currency: str
    scale: float


@dataclass(frozen=True)
class PerYear:
    """A flow: ``scale`` base units of its ``kind`` a year."""

    kind: str
    scale: float


@dataclass(frozen=True)
class Price:
    """A price: ``money`` for ``scale`` base units of ``kind``."""

    money: Money
    kind: str
    scale: float


def money(text: str) -> Money:
    """An amount such as ``million USD``; UnitError for anything else."""
    found = _AMOUNT.fullmatch(text.strip())
    if not found or pycountry.currencies.get(alpha_3=found[2]) is None:
        raise UnitError(f"money unit {text!r} is not an amount of a currency; expected for example 'million USD'")
    return Money(found[2], _MANY.get(found[1] or "", 1.0))


def _amount(text: str, whole: str) -> tuple[str, float]:
    found = _AMOUNT.fullmatch(text.strip())
    if not found or found[2] not in _UNITS:
        close = nearest(found[2] if found else text, list(_UNITS)) or list(_UNITS)
        raise UnitError(f"unit {whole!r} has no known quantity {text.strip()!r}; expected one of: {', '.join(close)}")
    kind, scale = _UNITS[found[2]]
    return kind, scale * _MANY.get(found[1] or "", 1.0)


def per_year(text: str) -> PerYear:
    """A flow such as ``bcm/a`` or ``thousand TEU/year``; UnitError for anything else."""
    amount, slash, time = text.rpartition("/")
    if not slash or time.strip() not in _TIMES:
        raise UnitError(f"unit {text!r} is not a quantity over time; expected for example 'bcm/a' or 'Mt/month'")
    kind, scale = _amount(amount, text)
    return PerYear(kind, scale * _TIMES[time.strip()])


def price(text: str) -> Price:
    """A price such as ``USD/1000 m3``; UnitError for anything else."""
    amount, slash, quantity = text.partition("/")
    if not slash:
        raise UnitError(f"unit {text!r} is not money for a quantity; expected for example 'USD/1000 m3'")
    kind, scale = _amount(quantity, text)
    return Price(money(amount), kind, scale)
