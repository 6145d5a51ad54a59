"""The brief in a real browser: it opens without network, runs nothing that an article brings, and prints."""

from __future__ import annotations

import io
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pypdf
import pytest

from detente.brief import Brief, to_html
from detente.records import Event
from tests.brief.conftest import make_event

BROWSER = shutil.which("chromium")
pytestmark = pytest.mark.skipif(BROWSER is None, reason="Chromium is not installed; make test installs it")

# Each would add a mark to the page if any of it ran.
ATTACKS = [
    "<script>document.body.append('RAN-1')</script>",
    "<img src=x onerror=\"document.body.append('RAN-2')\">",
    "</bdi></li><svg onload=\"document.body.append('RAN-3')\">",
    "<iframe srcdoc=\"<script>parent.document.body.append('RAN-4')</script>\"></iframe>",
]


def browse(page: Path, profile: Path, *arguments: str) -> str:
    done = subprocess.run(
        [
            str(BROWSER),
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--no-first-run",
            "--disable-background-networking",
            "--virtual-time-budget=2000",
            f"--user-data-dir={profile}",
            *arguments,
            page.as_uri(),
        ],
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    return done.stdout


def test_nothing_in_an_article_runs(brief_of: Callable[..., Brief], tmp_path: Path) -> None:
    events = [
        make_event(i, "ACCUSE", "RUS>PRK", f"2012-12-{10 + i}", attack, said_by=attack)
        for i, attack in enumerate(ATTACKS)
    ]
    page = tmp_path / "brief.html"
    page.write_text(to_html(brief_of(events, title=ATTACKS[0], source=ATTACKS[1])), encoding="utf-8")
    seen = browse(page, tmp_path / "profile", "--dump-dom")
    assert "Russia and North Korea" in seen
    body = seen[seen.index("<body") :]
    after = body[body.index("</main>") :]
    assert "RAN-" not in after
    assert "<script" not in seen
    assert "<iframe" not in seen


def test_it_prints(brief_of: Callable[..., Brief], events: list[Event], tmp_path: Path) -> None:
    page, pdf = tmp_path / "brief.html", tmp_path / "brief.pdf"
    page.write_text(to_html(brief_of(events)), encoding="utf-8")
    browse(page, tmp_path / "profile", f"--print-to-pdf={pdf}", "--no-pdf-header-footer")
    text = "\n".join(p.extract_text() for p in pypdf.PdfReader(io.BytesIO(pdf.read_bytes())).pages)
    assert "Bottom line" in text
    assert "Medvedev met Kim near Ulan-Ude." in text
