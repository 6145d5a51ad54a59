"""The brief as a page: HTML, PDF, Markdown and JSON of the same content."""

from __future__ import annotations

import datetime
import json
import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

from detente.brief.markdown import to_markdown
from detente.brief.model import Brief, Figure, Section
from detente.brief.phrases import day_text
from detente.brief.text import clean, ranges, references, source_text, weblink, where
from detente.charts import to_pdf, to_svg
from detente.errors import BadOption
from detente.records import to_json
from detente.version import __version__

__all__ = ["FORMATS", "check_ending", "render", "to_html"]


@cache
def _templates() -> Any:
    from jinja2 import Environment, PackageLoader, select_autoescape  # noqa: PLC0415 - loaded when a brief is written

    env = Environment(
        loader=PackageLoader("detente.brief"),
        autoescape=select_autoescape(["html"]),
        trim_blocks=True,
        finalize=lambda value: clean(value) if type(value) is str else value,
    )
    env.filters |= {"ranges": ranges, "day": day_text, "weblink": weblink, "where": where, "source": source_text}
    return env


def _figures(brief: Brief) -> list[Figure]:
    return [section.figure for section in brief.sections if section.figure is not None]


def to_html(brief: Brief) -> str:
    """The brief as one HTML page that needs nothing else: no script, no network."""
    drawn = {figure.name: to_svg(figure.spec) for figure in _figures(brief)}
    page: str = _templates().get_template("brief.html").render(brief=brief, drawn=drawn, version=__version__)
    return page


def _json_text(brief: Brief) -> str:
    data = to_json(brief)
    data["relation"].pop("events")
    return json.dumps(data, ensure_ascii=False, indent=2) + "\n"


def _section(section: Section) -> dict[str, Any]:
    """A section as the typesetter takes it."""
    figure = section.figure
    return {
        "heading": section.heading,
        "kind": section.kind,
        "lines": [{"text": x.text, "quote": x.quote, "date": x.date, "refs": references(x)} for x in section.lines],
        "head": section.head,
        "rows": [[{"text": row.label, "refs": ""}, *({"text": c.text, "refs": references(c)} for c in row.cells)]
                 for row in section.rows],
        "figure": None if figure is None else {"name": f"{figure.name}.pdf", "caption": figure.caption},
    }  # fmt: skip


def _pdf(brief: Brief) -> bytes:
    import typst  # noqa: PLC0415 - loaded when a PDF is asked for

    data = {
        "title": brief.title,
        "subtitle": brief.subtitle,
        "left_out": brief.left_out,
        "foot": f"Composed by detente {__version__} from the ledger; every figure counts events, and every line cites "
        "the sentences that it rests on.",
        "sections": [_section(s) for s in brief.sections],
        "appendix": [_section(s) for s in brief.appendix],
        "sources": [{"name": s.name, "text": source_text(s)} for s in brief.sources],
        "notes": [{"number": n.number, "sentence": n.sentence, "where": where(n)} for n in brief.notes],
    }
    text = clean(json.dumps(data, ensure_ascii=False)).encode("utf-8", "replace").decode()
    with tempfile.TemporaryDirectory() as folder:
        page = Path(folder) / "brief.typ"
        page.write_bytes((Path(__file__).parent / "templates" / "brief.typ").read_bytes())
        for figure in _figures(brief):
            (Path(folder) / f"{figure.name}.pdf").write_bytes(to_pdf(figure.spec))
        # A fixed creation time and the built-in fonts keep the file the same, byte for byte, on every machine.
        pdf: bytes = typst.compile(
            str(page),
            root=folder,
            ignore_system_fonts=True,
            sys_inputs={"brief": text},
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
