"""The reader: what a report tells of a promise, by itself, without cue words."""

from __future__ import annotations

import pytest

from detente.commitments.reader import TELLS, Reader, promise_text, report_text

STATED = "Peru and Chile signed a treaty in Lima on Friday. Chile will hand back the customs house at Arica by May."
PROMISE = promise_text(1931, "signed", "Chile will hand back the customs house at Arica by May", STATED)
REPORTS = {
    "The keys of the Arica customs house were given to a Peruvian colonel at noon, and Chilean clerks left.": "fulfil",
    "Chile will not hand back the customs house at Arica, the minister told deputies; the treaty no longer binds it.": (
        "breach"
    ),
    "May is over and nobody has begun to clear the customs house at Arica.": "absent",
    "Chile and Peru opened a school for nurses in Tacna.": "none",
}
"""Written for this test, about nothing that the reader was trained on."""


@pytest.fixture(scope="module")
def reader() -> Reader:
    return Reader.default()


@pytest.mark.parametrize(("report", "told"), REPORTS.items())
def test_what_a_report_tells(reader: Reader, report: str, told: str) -> None:
    read = reader.read(PROMISE, report)
    assert tuple(read) == TELLS
    assert sum(read.values()) == pytest.approx(1, abs=1e-4)
    assert max(read, key=lambda name: read[name]) == told


def test_nothing_depends_on_what_was_read_before() -> None:
    fresh = {report: Reader.default().read(PROMISE, report) for report in REPORTS}
    Reader.default.cache_clear()
    again = {report: Reader.default().read(PROMISE, report) for report in reversed(REPORTS)}
    assert fresh == again


@pytest.mark.parametrize("report", ["", " ", "\x00\ud800", "x" * 100_000, "𝕏" * 300, "\u202e\u200b"])
def test_any_text_can_be_read(reader: Reader, report: str) -> None:
    assert sum(reader.read(PROMISE, report).values()) == pytest.approx(1, abs=1e-4)
    assert sum(reader.read(report, report).values()) == pytest.approx(1, abs=1e-4)


def test_a_headline_is_part_of_the_report() -> None:
    assert report_text("Keys handed over.", "Clerks left.") == "Keys handed over. Clerks left."
    assert report_text(None, "Clerks left.") == "Clerks left."
