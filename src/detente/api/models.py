"""Types of the REST replies, made from the records: each field's text is written once, on the record."""

from __future__ import annotations

import dataclasses
import inspect
import types
import typing
from functools import cache
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, create_model

__all__ = ["Failure", "list_of", "model_of"]

# Where ``to_json`` of a record names a field otherwise, or adds one.
_NAMES = {"Shift": {"before": "from", "after": "to"}}
_ADDED: dict[str, dict[str, Any]] = {
    "Commitment": {
        "title": (str, Field(description="parties and subjects on one line")),
        "level": (int, Field(description="how far it is carried out overall: 0 none to 3 full")),
    }
}


class Problem(BaseModel):
    """What is wrong with a request."""

    code: str = Field(description="short stable name of the kind of error, such as unknown-name")
    message: str = Field(description="what is wrong, in a sentence")
    where: str | None = Field(description="what part of the request, or which file and line; null for the whole")
    choices: list[str] = Field(description="values that would do, or the nearest known names; empty where none fit")


class Failure(BaseModel):
    """The reply to every request that failed."""

    error: Problem


@cache
def model_of(record: type) -> type[BaseModel]:
    """A Pydantic model with the fields of a record, their descriptions and the record's own."""
    hints = typing.get_type_hints(record, localns=_records())
    names = _NAMES.get(record.__name__, {})
    fields: dict[str, Any] = {}
    for f in dataclasses.fields(record):
        fields[names.get(f.name, f.name)] = (_typed(hints[f.name], record), Field(description=f.metadata.get("doc")))
    fields |= _ADDED.get(record.__name__, {})
    model: type[BaseModel] = create_model(
        record.__name__,
        __doc__=inspect.cleandoc(record.__doc__ or "").replace("``", "`"),
        __config__=ConfigDict(extra="forbid"),
        **fields,
    )
    return model


def _records() -> dict[str, Any]:
    """Names that records import for type checking only."""
    from detente.relations import Shift  # noqa: PLC0415 - Ibis takes a second to load

    return {"Shift": Shift}


def _typed(hint: Any, within: type) -> Any:
    """A type with the records in it replaced by their models; the record that holds it is named, as in a list of it."""
    if hint is within:
        return typing.ForwardRef(within.__name__)
    if isinstance(hint, type) and dataclasses.is_dataclass(hint):
        return model_of(hint)
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if origin is None or not arguments or origin is typing.Literal:
        return hint
    inner = tuple(a if a is Ellipsis else _typed(a, within) for a in arguments)
    if origin is types.UnionType or origin is typing.Union:
        return typing.Union[inner]  # noqa: UP007 - built at run time
    return origin[inner]


@cache
def list_of(record: type) -> type[BaseModel]:
    """The model of a page of records."""
    items: Any = list[model_of(record)]  # type: ignore[misc]  # built at run time
    model: type[BaseModel] = create_model(
        f"{record.__name__}Page",
        __doc__="A page of a list.",
        __config__=ConfigDict(extra="forbid"),
        items=(items, Field(description="the items, in a stable order")),
        next=(str | None, Field(description="cursor of the next page, null on the last one")),
        total=(int | None, Field(description="length of the whole list, null where it was not counted")),
    )
    return model
