"""Runs the commands of the worked page docs/noticed.md and puts what they print below them.

Blocks are run in their order in one folder. A ``sh`` block is run; a ``console`` block begins with commands after
``$ ``, and the rest of it is what they print. ``--check`` only tells whether the page is stale. Blocks that name the
ICEWS sample, which is not ours to ship, are left as they are where it is not at hand (``DETENTE_DATA``).
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs" / "noticed.md"
ICEWS = Path(os.environ.get("DETENTE_DATA", ROOT.parent / "shared" / "data")) / "events" / "icews_tkg_2011_2013.tsv.gz"
_BLOCK = re.compile(r"^```(sh|console)\n(.*?)^```$", flags=re.M | re.S)


def commands(block: str) -> list[str]:
    """The commands of a console block."""
    return [line[2:] for line in block.splitlines() if line.startswith("$ ")]


def printed() -> Iterator[tuple[str, str]]:
    """Each console block of the page whose data is at hand, and the block as its commands print it now."""
    environment = os.environ | {"PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "src").symlink_to(ROOT / "src")
        if ICEWS.exists():
            (Path(folder) / ICEWS.name).symlink_to(ICEWS)

        def run(command: str) -> str:
            shell = ["bash", "-c", command]  # the page is ours
            done = subprocess.run(shell, cwd=folder, env=environment, check=True, stdout=subprocess.PIPE, text=True)  # noqa: S603
            return done.stdout

        for kind, block in _BLOCK.findall(PAGE.read_text(encoding="utf-8")):
            if "icews" in block and not ICEWS.exists():
                continue
            if kind == "sh":
                run(block)
            else:
                yield block, "".join(f"$ {c}\n" for c in commands(block)) + "".join(map(run, commands(block)))


def main(check: bool) -> int:
    """Write the page; with ``check``, return 1 where it differs from what would be written."""
    text = before = PAGE.read_text(encoding="utf-8")
    for old, new in printed():
        text = text.replace(old, new)
    if text == before:
        return 0
    if not check:
        PAGE.write_text(text, encoding="utf-8")
    sys.stderr.write(f"{'stale' if check else 'wrote'}: {PAGE.name}\n")
    return int(check)


if __name__ == "__main__":
    sys.exit(main("--check" in sys.argv[1:]))
