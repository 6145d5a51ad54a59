"""The errors that detente raises for wrong input, each naming the bad value and the choices.

Every error carries a stable ``code``; the command line turns them into exit code 2 and the REST API into a
4xx reply with the same code.
"""

from __future__ import annotations

from collections.abc import Sequence
from difflib import get_close_matches

__all__ = [
    "BadDate",
    "BadInput",
    "BadOption",
    "DetenteError",
    "LedgerBusy",
    "LedgerDamaged",
    "MissingExtra",
    "NotAllowed",
    "NotFound",
    "UnknownName",
    "nearest",
]


class DetenteError(Exception):
    """Base of the family: something that the user gave or asked for cannot be used."""

    code = "detente"
    where: str | None = None
    choices: tuple[str, ...] = ()


class BadInput(DetenteError):
    """A file or record cannot be read; ``where`` is the file, with a line or record number if known."""

    code = "bad-input"

    def __init__(self, message: str, where: str | None = None) -> None:
        self.where = where
        super().__init__(f"{where}: {message}" if where else message)


class BadDate(DetenteError):
    """A date that is not of the form YYYY-MM-DD, or not on the calendar."""

    code = "bad-date"

    def __init__(self, value: object, what: str = "date") -> None:
        super().__init__(f"{what} {value!r} is not a date of the form YYYY-MM-DD")


class BadOption(DetenteError):
    """An option has a value outside its choices."""

    code = "bad-option"

    def __init__(self, option: str, value: object, choices: Sequence[str]) -> None:
        self.choices = tuple(choices)
        super().__init__(f"{option} {value!r} is not one of: {', '.join(choices)}")


class UnknownName(DetenteError):
    """A country, code or other name that is unknown or ambiguous; ``choices`` are the nearest known names."""

    code = "unknown-name"

    def __init__(self, kind: str, value: str, choices: Sequence[str], *, ambiguous: bool = False) -> None:
        self.value = value
        self.choices = tuple(choices)
        problem = f"{kind} {value!r} is {'ambiguous' if ambiguous else 'unknown'}"
        hint = f"; did you mean: {', '.join(choices)}?" if choices else ""
        super().__init__(problem + hint)


class NotFound(DetenteError):
    """Something asked for by its id or path is not there."""

    code = "not-found"

    def __init__(self, kind: str, value: object) -> None:
        super().__init__(f"no {kind} {str(value)!r}")


class LedgerBusy(DetenteError):
    """Another process is writing to the ledger."""

    code = "ledger-busy"


class LedgerDamaged(DetenteError):
    """The ledger file is not a ledger, is of a newer format, or cannot be read."""

    code = "ledger-damaged"


class NotAllowed(DetenteError):
    """A change that is refused: the ledger is served to read only, or the request does not prove who sent it."""

    code = "not-allowed"


class MissingExtra(DetenteError):
    """An optional part is not installed; the message names the extra to install."""

    code = "missing-extra"

    def __init__(self, what: str, extra: str) -> None:
        super().__init__(f"{what} needs the optional part '{extra}': install detente[{extra}]")


def nearest(value: str, known: Sequence[str], n: int = 3) -> list[str]:
    """Up to ``n`` known names close to ``value`` in spelling, best first."""
    lowered = {name.lower(): name for name in known}
    return [lowered[m] for m in get_close_matches(value.lower(), list(lowered), n=n, cutoff=0.6)]
