"""What the docs claim is what the program does: pages generated anew, examples run."""

from __future__ import annotations

import gzip
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import typer

import detente as dt
import detente.leverage
from detente.cli import app
from scripts import generate_docs

ROOT = Path(__file__).parent.parent.parent
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
PROGRAMS = str(Path(sys.executable).parent)

pytestmark = pytest.mark.slow


def blocks(page: Path, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", page.read_text(encoding="utf-8"), flags=re.M | re.S)


def test_generated_pages_are_fresh() -> None:
    for name, make in generate_docs.PAGES.items():
        assert (ROOT / "docs" / name).read_text(encoding="utf-8") == make(), f"{name} is stale: run make docs"


@pytest.fixture(scope="module")
def inputs(dossier_ledger: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the files that the examples name."""
    folder = tmp_path_factory.mktemp("inputs")
    lines = dt.dossier("korea-2010-2014").read_text(encoding="utf-8").splitlines(keepends=True)
    (folder / "wire.jsonl.gz").write_bytes(gzip.compress("".join(lines[:12]).encode()))
    (folder / "articles").mkdir()
    (folder / "articles" / "launch.txt").write_text("Russia condemned the launch.\n", encoding="utf-8")
    (folder / "feed.xml").write_text(
        "<rss version='2.0'><channel><title>Desk</title><item><title>Launch</title><guid>1</guid>"
        "<pubDate>Thu, 14 Nov 2013 09:00:00 GMT</pubDate><description>Russia condemned the launch.</description>"
        "</item></channel></rss>",
        encoding="utf-8",
    )
    (folder / "ties.csv").write_text(
        "state,partner,kind,year,value\nPRK,CHN,trade,2013,6.5\nPRK,RUS,trade,2013,0.1\nCHN,PRK,trade,2013,6.5\n"
        "CHN,USA,trade,2013,520\nRUS,PRK,trade,2013,0.1\nRUS,CHN,trade,2013,89\n",
        encoding="utf-8",
    )
    example = Path(detente.leverage.__file__).parent / "examples" / "korea.yaml"
    (folder / "corridor.yaml").write_bytes(example.read_bytes())
    shutil.copy(dossier_ledger, folder / "my.ledger")
    return folder


@pytest.mark.parametrize("page", [p for p in PAGES if blocks(p, "python")], ids=lambda p: p.name)
def test_python_examples_run(page: Path, inputs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree(inputs, tmp_path, dirs_exist_ok=True)
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
