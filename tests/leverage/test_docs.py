"""What docs/leverage.md prints is what the program prints; ``python -m tests.leverage.test_docs`` writes it anew."""

from __future__ import annotations

import contextlib
import io
import os
import re
import shlex
import tempfile
from pathlib import Path

import jsonschema
import pytest
import yaml

from detente.cli.main import run
from detente.leverage import Network, parse, read_dependence, schema

PAGE = Path(__file__).parents[2] / "docs" / "leverage.md"
LEFT_OUT = "…"


def block(language: str) -> str:
    """The first block of a language on the page."""
    found = re.search(rf"^```{language}\n(.*?)^```", PAGE.read_text(encoding="utf-8"), flags=re.M | re.S)
    assert found is not None
    return found[1]


def printed(command: str) -> list[str]:
    """What a command says, run beside the page's file with a negative capacity."""
    out = io.StringIO()
    here = Path.cwd()
    with tempfile.TemporaryDirectory() as folder, contextlib.redirect_stdout(out), contextlib.redirect_stderr(out):
        (Path(folder) / "file.yaml").write_text(block("yaml").replace("capacity: 90", "capacity: -90", 1))
        os.chdir(folder)
        try:
            run(shlex.split(command)[1:])
        finally:
            os.chdir(here)
    return out.getvalue().splitlines()


def fresh(session: str) -> str:
    """A session of commands with what they print now: after an ellipsis, from the same line on, as many lines."""
    lines: list[str] = []
    for part in re.split(r"^\$ ", session, flags=re.M)[1:]:
        command, *shown = part.rstrip("\n").splitlines()
        said = printed(command)
        lines.append(f"$ {command}")
        pieces = "\n".join(shown).split(f"\n{LEFT_OUT}\n") if any(shown) else []
        last = bool(pieces) and pieces[-1].endswith(f"\n{LEFT_OUT}")
        for i, piece in enumerate(pieces):
            wanted = piece.removesuffix(f"\n{LEFT_OUT}").splitlines()
            start = said.index(wanted[0])
            whole = i == 0 and len(pieces) == 1 and not last
            lines += said[start:] if whole else said[start : start + len(wanted)]
            lines += [LEFT_OUT] if last or i + 1 < len(pieces) else []
        if not pieces:
            lines += said
    return "\n".join(lines) + "\n"


def renewed() -> str:
    """The page with every session run again."""
    text = PAGE.read_text(encoding="utf-8")
    return re.sub(r"(?<=^```console\n)(.*?)(?=^```)", lambda m: fresh(m[1]), text, flags=re.M | re.S)


def test_the_page_prints_what_the_program_prints() -> None:
    assert "…" in block("console")
    assert renewed() == PAGE.read_text(encoding="utf-8")


def test_the_pages_file_is_good_and_the_schema_agrees() -> None:
    assert isinstance(parse(block("yaml")), Network)
    jsonschema.validate(yaml.safe_load(block("yaml")), schema())


def test_the_pages_table_is_good(tmp_path: Path) -> None:
    path = tmp_path / "ties.csv"
    path.write_text(block("csv"))
    found = read_dependence(path).dependence("PRK", "CHN", "trade", 2013)
    assert found.share == pytest.approx(6540 / 8490)


if __name__ == "__main__":
    PAGE.write_text(renewed(), encoding="utf-8")
