"""YAML with positions: every value knows its file, line and place, so that an error can name them.

The files are typed by people and may come from anywhere: size, depth and number of values are bounded, and anchors,
aliases and tags, which serve only to blow a file up or to build objects, are refused.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NoReturn

import yaml

from detente.errors import BadInput, NotFound, nearest

__all__ = ["LARGEST", "MAX_BYTES", "Value", "read_yaml"]

MAX_BYTES = 256 * 1024
LARGEST = 1e18
"""Largest number that is taken: beyond any sum of money, and products of several stay finite."""
_MAX_DEPTH, _MAX_VALUES = 20, 20_000


class _Loader(yaml.SafeLoader):
    """Composes nodes only, within bounds."""

    depth = 0
    count = 0

    def compose_node(self, parent: Any, index: Any) -> Any:
        event: Any = self.peek_event()  # type: ignore[no-untyped-call]
        self.count += 1
        problem = None
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            problem = "anchors and aliases (& and *) are not allowed; expected plain values"
        elif getattr(event, "tag", None):
            problem = f"the tag {event.tag!r} is not allowed; expected plain values"
        elif self.depth >= _MAX_DEPTH or self.count > _MAX_VALUES:
            problem = f"too many values; expected at most {_MAX_VALUES} in {_MAX_DEPTH} levels"
        if problem:
            raise yaml.MarkedYAMLError(problem=problem, problem_mark=event.start_mark)
        self.depth += 1
        node = super().compose_node(parent, index)
        self.depth -= 1
        return node


class Value:
    """A value in a YAML file with its place."""

    def __init__(self, node: yaml.Node, file: str, place: str) -> None:
        self._node, self._file, self.place = node, file, place
        self.line = node.start_mark.line + 1

    def fail(self, problem: str) -> NoReturn:
        """BadInput with file, line, place and what is wrong."""
        place = f"{self.place}: " if self.place else ""
        raise BadInput(place + problem, where=f"{self._file}:{self.line}")

    @property
    def is_mapping(self) -> bool:
        """Whether the value has keys."""
        return isinstance(self._node, yaml.MappingNode)

    @property
    def is_list(self) -> bool:
        """Whether the value is a list."""
        return isinstance(self._node, yaml.SequenceNode)

    def pairs(self) -> dict[str, Value]:
        """The keys and values of a mapping, in order; a key given twice is an error."""
        if not isinstance(self._node, yaml.MappingNode):
            self.fail(f"{self._shown()} is not a mapping; expected keys with values")
        found: dict[str, Value] = {}
        for key_node, value_node in self._node.value:
            key = Value(key_node, self._file, self.place)
            name = key.text()
            if name in found:
                key.fail(f"{name!r} is given twice; expected every name once")
            found[name] = Value(value_node, self._file, f"{self.place}.{name}" if self.place else name)
        return found

    def fields(self, required: tuple[str, ...], optional: tuple[str, ...] = ()) -> dict[str, Value]:
        """A mapping with these keys and no others."""
        found = self.pairs()
        known = (*required, *optional)
        for name, value in found.items():
            if name not in known:
                close = nearest(name, known) or list(known)
                value.fail(f"unknown key {name!r}; expected one of: {', '.join(close)}")
        for name in required:
            if name not in found:
                self.fail(f"{name!r} is missing; expected keys {', '.join(required)}")
        return found

    def entries(self) -> Iterator[Value]:
        """The entries of a list."""
        if not isinstance(self._node, yaml.SequenceNode):
            self.fail(f"{self._shown()} is not a list; expected entries that begin with '-'")
        for i, node in enumerate(self._node.value):
            yield Value(node, self._file, f"{self.place}[{i}]")

    def one_or_more(self) -> list[Value]:
        """The entries of a list, or the single value itself."""
        return list(self.entries()) if self.is_list else [self]

    def text(self) -> str:
        """A word or line of text."""
        node = self._node
        if not isinstance(node, yaml.ScalarNode) or not node.value.strip():
            self.fail(f"{self._shown()} is not text; expected a word or a line")
        if node.tag == "tag:yaml.org,2002:bool":
            self.fail(f"{node.value!r} means yes or no in YAML; expected text, in quotes")
        return " ".join(str(node.value).split())

    def choice(self, known: tuple[str, ...]) -> str:
        """Text that is one of the known ones."""
        found = self.text()
        if found not in known:
            self.fail(f"{found!r} is not one of: {', '.join(known)}")
        return found

    def number(self, *, above: float | None = None, least: float | None = None, most: float | None = None) -> float:
        """A finite number within bounds."""
        expected = "a number"
        expected += f" above {above:g}" if above is not None else ""
        if least is not None and most is not None:
            expected += f" from {least:g} to {most:g}"
        else:
            expected += f" of at least {least:g}" if least is not None else ""
            expected += f" of at most {most:g}" if most is not None else ""
        node = self._node
        try:
            if not isinstance(node, yaml.ScalarNode) or node.style in ("'", '"'):
                raise ValueError
            found = math.nan if node.tag.endswith((":bool", ":null")) else float(node.value.replace(".inf", "inf"))
        except ValueError:
            found = math.nan
        outside = not math.isfinite(found) or (above is not None and found <= above)
        outside = outside or (least is not None and found < least) or (most is not None and found > most)
        if abs(found) > LARGEST:
            outside, expected = True, f"{expected}, no larger than {LARGEST:g}"
        if outside:
            self.fail(f"{self._shown()} is not usable; expected {expected}")
        return found

    def _shown(self) -> str:
        node = self._node
        if isinstance(node, yaml.ScalarNode):
            return repr(str(node.value)[:40]) if node.value else "nothing"
        return "a list" if isinstance(node, yaml.SequenceNode) else "a mapping"


def read_yaml(path: Path) -> Value:
    """The top value of a YAML file; NotFound where there is none, BadInput with file and line if it cannot be read."""
    name = str(path)
    try:
        with path.open("rb") as stream:
            raw = stream.read(MAX_BYTES + 1)
    except FileNotFoundError:
        raise NotFound("file", name) from None
    except OSError as error:
        raise BadInput(f"cannot be read: {error.strerror}", where=name) from None
    if len(raw) > MAX_BYTES:
        raise BadInput(f"larger than {MAX_BYTES // 1024} kB; expected a file typed by hand", where=name)
    return parse_yaml(raw, name)


def parse_yaml(raw: bytes, name: str) -> Value:
    """The top value of YAML given as bytes; ``name`` stands for the file in errors."""
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise BadInput("not UTF-8 text", where=f"{name}:{line}") from None
    try:
        loader = _Loader(text)
        node = loader.get_single_node()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        where = f"{name}:{mark.line + 1}" if mark else name
        raise BadInput(f"not YAML: {error.problem or error.context}", where=where) from None
    except yaml.reader.ReaderError as error:
        line = text[: error.position].count("\n") + 1
        raise BadInput("a character that YAML does not allow", where=f"{name}:{line}") from None
    if node is None:
        raise BadInput("the file is empty; expected a corridor or a game", where=f"{name}:1")
    return Value(node, name, "")
