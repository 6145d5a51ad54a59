"""The brief as a page: HTML, PDF, Markdown and JSON of the same content."""

from __future__ import annotations

import datetime
import json
import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

from detente.brief.content import Brief
from detente.brief.markdown import to_markdown
from detente.brief.phrases import day_text
from detente.brief.text import clean, ranges, references, weblink
from detente.charts import dyad_chart, to_pdf, to_svg
from detente.errors import BadOption
from detente.records import to_json
from detente.version import __version__

__all__ = ["FORMATS", "check_ending", "render", "to_html"]

CAPTION = (
    "Events both ways by period, cooperation up and conflict down; below, the balance between the two, smoothed, "
    "with the range that holds it with 90 percent probability."
)


@cache
def _templates() -> Any:
    from jinja2 import Environment, PackageLoader, select_autoescape  # noqa: PLC0415 - loaded when a brief is written

    env = Environment(
        loader=PackageLoader("detente.brief"),
        autoescape=select_autoescape(["html"]),
        trim_blocks=True,
        finalize=lambda value: clean(value) if type(value) is str else value,
    )
    env.filters |= {"ranges": ranges, "day": day_text, "weblink": weblink}
    return env


def _has_chart(brief: Brief) -> bool:
    return any(point.events for point in brief.relation.both)


def to_html(brief: Brief) -> str:
    """The brief as one HTML page that needs nothing else: no script, no network."""
    chart = to_svg(dyad_chart(brief.relation, "")) if _has_chart(brief) else None
    page: str = (
        _templates().get_template("brief.html").render(brief=brief, chart=chart, caption=CAPTION, version=__version__)
    )
    return page


def _json_text(brief: Brief) -> str:
    data = to_json(brief)
    data["relation"].pop("events")
    return json.dumps(data, ensure_ascii=False, indent=2) + "\n"


def _pdf(brief: Brief) -> bytes:
    import typst  # noqa: PLC0415 - loaded when a PDF is asked for

    where = [
        f"{n.source}, {n.title}, {day_text(n.published)}"
        + ("" if n.sentence_no is None else f", sentence {n.sentence_no + 1}")
        for n in brief.notes
    ]
    data = {
        "title": brief.title,
        "subtitle": brief.subtitle,
        "caption": CAPTION,
        "left_out": brief.left_out,
        "foot": f"Composed by detente {__version__} from the ledger; "
        "every figure counts the events of the notes that it cites.",
        "sections": [
            {
                "heading": s.heading,
                "kind": s.kind,
                "lines": [
                    {"text": x.text, "quote": x.quote, "date": x.date, "refs": references(x.notes)} for x in s.lines
                ],
            }
            for s in brief.sections
        ],
        "notes": [
            {"number": n.number, "sentence": n.sentence, "where": w} for n, w in zip(brief.notes, where, strict=True)
        ],
    }
    text = clean(json.dumps(data, ensure_ascii=False)).encode("utf-8", "replace").decode()
    with tempfile.TemporaryDirectory() as folder:
        page = Path(folder) / "brief.typ"
        page.write_bytes((Path(__file__).parent / "templates" / "brief.typ").read_bytes())
        if chart := _has_chart(brief):
            (Path(folder) / "chart.pdf").write_bytes(to_pdf(dyad_chart(brief.relation, "")))
        # A fixed creation time and the built-in fonts keep the file the same, byte for byte, on every machine.
        pdf: bytes = typst.compile(
            str(page),
            root=folder,
            ignore_system_fonts=True,
            sys_inputs={"brief": text, "chart": "yes" if chart else "no"},
            timestamp=datetime.datetime(2000, 1, 1, tzinfo=datetime.UTC),
        )
    return pdf


FORMATS: dict[str, Callable[[Brief], bytes]] = {
    ".html": lambda brief: to_html(brief).encode("utf-8", "replace"),
    ".md": lambda brief: to_markdown(brief).encode("utf-8", "replace"),
    ".pdf": _pdf,
    ".json": lambda brief: _json_text(brief).encode("utf-8", "replace"),
}


def check_ending(ending: str) -> str:
    """A file ending as ``FORMATS`` has it; BadOption for one that names no format."""
    if ending.lower() not in FORMATS:
        raise BadOption("the brief's file ending", ending or "(none)", list(FORMATS))
    return ending.lower()


def render(brief: Brief, ending: str) -> bytes:
    """The brief in the format that a file ending names; BadOption for an ending that names none."""
    return FORMATS[check_ending(ending)](brief)
