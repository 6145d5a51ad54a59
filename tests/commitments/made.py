"""Short made-up reports for these tests: states, dates and deeds are invented."""

from __future__ import annotations

import datetime

from detente.records import Document


def report(number: int, day: str, text: str, title: str | None = None) -> Document:
    """A document of that day."""
    return Document(document_id=f"r{number}", text=text, published=datetime.date.fromisoformat(day), title=title)


PIPELINE = [
    report(
        1,
        "2001-03-05",
        "Norway and Poland signed an agreement in Oslo on Monday. Norway will build a gas pipeline to Gdansk by the end"
        " of 2004, and Poland will open its ferry ports to Norwegian fish if the pipeline is approved by parliament.",
        "Gas for fish",
    ),
    report(2, "2001-11-20", "Norwegian crews laid the first stretch of the gas pipeline to Poland on Tuesday."),
    report(3, "2002-06-11", "Poland opened its ferry ports to Norwegian fish on Tuesday, as agreed with Norway."),
]
