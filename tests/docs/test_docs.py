"""What the docs claim is what the program does: pages generated anew, examples run."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import typer

from detente.cli import app
from scripts import generate_docs

ROOT = Path(__file__).parent.parent.parent
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
PROGRAMS = str(Path(sys.executable).parent)


def blocks(page: Path, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", page.read_text(encoding="utf-8"), flags=re.M | re.S)


def test_generated_pages_are_fresh() -> None:
    for name, make in generate_docs.PAGES.items():
        assert (ROOT / "docs" / name).read_text(encoding="utf-8") == make(), f"{name} is stale: run make docs"


@pytest.mark.parametrize("page", [p for p in PAGES if blocks(p, "python")], ids=lambda p: p.name)
def test_python_examples_run(page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    names: dict[str, object] = {}
    for block in blocks(page, "python"):
        exec(compile(block, f"{page.name}", "exec"), names)  # noqa: S102 - our own docs


def test_the_readmes_commands_run(tmp_path: Path) -> None:
    news = tmp_path / "news"
    news.mkdir()
    text = "Russia condemned North Korea's rocket launch on Friday, the Foreign Ministry in Moscow said.\n"
    (news / "launch.txt").write_text(text, encoding="utf-8")
    lines = [
        line[2:]
        for block in blocks(ROOT / "README.md", "console")
        for line in block.splitlines()
        if line.startswith("$ ") and not line.startswith("$ make")
    ]
    assert len(lines) >= 4
    environment = os.environ | {"PATH": PROGRAMS + os.pathsep + os.environ["PATH"]}
    for line in lines:
        done = subprocess.run(
            ["bash", "-c", line],
            cwd=tmp_path,
            env=environment,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert done.returncode == 0, f"{line}\n{done.stderr}"
    assert (tmp_path / "brief.pdf").stat().st_size > 1000


def test_every_command_shows_an_example() -> None:
    group = typer.main.get_command(app)
    for name, command in group.commands.items():  # type: ignore[attr-defined]
        assert f"Example: detente {name}" in (command.help or "") or "| detente" in (command.help or ""), name


def test_the_readme_names_no_command_that_does_not_exist() -> None:
    known = set(typer.main.get_command(app).commands)  # type: ignore[attr-defined]
    for page in PAGES:
        text = "\n".join(re.findall(r"`(detente [^`]+)`", page.read_text(encoding="utf-8")))
        for name in re.findall(r"^detente ([a-z-]+)", text, flags=re.M):
            assert name in known, f"{page.name}: detente {name}"
