"""Makes the pictures of README and docs from the bundled dossier: ``make picture``. Needs Chromium."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import detente as dt
from detente.errors import NotFound

IMAGES = Path(__file__).parent.parent / "docs" / "images"


def screenshot(page: Path, picture: Path, size: tuple[int, int]) -> None:
    """A PNG of a local page as Chromium shows it."""
    browser = shutil.which("chromium")
    if browser is None:
        raise NotFound("program (install Chromium)", "chromium")
    with tempfile.TemporaryDirectory() as profile:
        subprocess.run(  # noqa: S603 - our own arguments
            [
                browser,
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--no-first-run",
                "--disable-background-networking",
                "--hide-scrollbars",
                f"--user-data-dir={profile}",
                f"--window-size={size[0]},{size[1]}",
                f"--screenshot={picture}",
                page.as_uri(),
            ],
            check=True,
            capture_output=True,
            timeout=120,
        )


def main() -> int:
    """Read the dossier, write the brief, take its picture."""
    IMAGES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        page = Path(folder) / "brief.html"
        with dt.open(Path(folder) / "korea.ledger") as ledger:
            ledger.read(dt.dossier("korea-2010-2014"))
            ledger.brief("RUS", "PRK", page)
        screenshot(page, IMAGES / "brief.png", (900, 1150))
    sys.stdout.write(f"wrote {IMAGES / 'brief.png'}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
