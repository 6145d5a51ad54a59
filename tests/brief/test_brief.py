from __future__ import annotations

import io
import json
import re
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path

import pypdf
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from detente.brief import FORMATS, Brief, render, to_html, to_markdown
from detente.brief.text import ranges, weblink
from detente.errors import BadOption
from detente.records import Event
from tests.brief.conftest import make_event

Build = Callable[..., Brief]
GOLDEN = Path(__file__).parent / "brief.md"


def test_markdown_is_as_agreed(brief_of: Build, events: list[Event]) -> None:
    assert to_markdown(brief_of(events)) == GOLDEN.read_text(encoding="utf-8")


def test_every_line_cites_a_note_that_exists_and_every_note_is_cited(brief_of: Build, events: list[Event]) -> None:
    brief = brief_of(events)
    numbers = {note.number for note in brief.notes}
    cited = {n for section in brief.sections for line in section.lines for n in line.notes}
    assert cited == numbers
    for section in brief.sections:
        for line in section.lines:
            assert line.notes or "no event" in line.text, line.text


def test_a_promise_is_no_deed_and_a_denial_no_event(brief_of: Build, events: list[Event]) -> None:
    text = to_markdown(brief_of(events))
    assert "holds 5 events" in text  # of seven: one denied, one that did not happen
    assert "4 events" not in text
    assert "Russia toward North Korea: 2 of cooperation, 2 of conflict; 1 deed" in text  # wheat is only announced
    assert "It was denied that North Korea used force against Russia" in text
    assert "Russia did not cooperate with North Korea" in text
    assert "Russia announced that it would give aid to North Korea" in text


def test_the_same_brief_is_the_same_bytes(brief_of: Build, events: list[Event]) -> None:
    for ending in FORMATS:
        first = render(brief_of(events), ending)
        assert first == render(brief_of(list(reversed(events))), ending), ending


def test_pdf_holds_the_text_and_the_chart(brief_of: Build, events: list[Event]) -> None:
    pdf = pypdf.PdfReader(io.BytesIO(render(brief_of(events), ".pdf")))
    text = "\n".join(page.extract_text() for page in pdf.pages)
    assert "Russia and North Korea" in text
    assert "Medvedev met Kim near Ulan-Ude." in text
    assert "verbal cooperation" in text  # the chart's legend, as text


def test_json_has_the_same_lines(brief_of: Build, events: list[Event]) -> None:
    brief = brief_of(events)
    data = json.loads(render(brief, ".json"))
    assert [line["text"] for s in data["sections"] for line in s["lines"]] == [
        line.text for s in brief.sections for line in s.lines
    ]


def test_a_dyad_without_events_says_so(brief_of: Build) -> None:
    brief = brief_of([make_event(1, "CONSULT", "RUS>RUS", "2011-08-24", "Talks in Moscow.")])
    for ending in FORMATS:
        assert render(brief, ending)
    assert "no event between Russia and North Korea" in to_markdown(brief)


def test_a_record_without_a_type_is_called_a_statement(brief_of: Build) -> None:
    bare = make_event(1, "CONSULT", "RUS>PRK", "2012-12-12", "A record.", event=None)
    assert "Russia made a statement about North Korea" in to_markdown(brief_of([bare]))


def test_unknown_ending_names_the_choices(brief_of: Build, events: list[Event]) -> None:
    with pytest.raises(BadOption, match=r"\.docx.*\.html.*\.pdf"):
        render(brief_of(events), ".docx")


class _Tags(HTMLParser):
    """Collects tags, attributes and text as a browser would see them."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.words = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs

    def handle_data(self, data: str) -> None:
        self.words += data


HOSTILE = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "</title><svg onload=alert(1)>",
    "{{ 7*7 }} {% raw %}",
    '#import "/etc/passwd" $x$ @ref <label> *b* _i_ #eval("1")',
    "\u202egnp.exe \u200b\ufeff\x00\x1b[31m",
    "| a | b |\n# heading\n- item [^1]: note",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_stays_text(brief_of: Build, text: str) -> None:
    event = make_event(1, "ACCUSE", "RUS>PRK", "2012-12-12", text, said_by=text)
    brief = brief_of([event], title=text, source=text, url="javascript:alert(1)")
    page = _Tags()
    page.feed(to_html(brief))
    assert "script" not in page.tags
    assert "img" not in page.tags
    assert not [name for name, _ in page.attributes if name.startswith("on")]
    assert not [value for name, value in page.attributes if name == "href" and not (value or "").startswith("#")]
    visible = "".join(c for c in text if c.isprintable() and c not in "\u202e\u200b\ufeff")
    if "\n" not in text:
        assert visible.replace(" ", "") in "".join(c for c in page.words if c.isprintable()).replace(" ", "")
    lines = to_markdown(brief).splitlines()
    assert len([line for line in lines if line.startswith("#")]) == len(brief.sections) + 2
    assert "<" not in re.sub(r"<https?://[^>]*>", "", to_markdown(brief))
    assert pypdf.PdfReader(io.BytesIO(render(brief, ".pdf"))).pages


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(min_size=1, max_size=60))
def test_any_text_gives_a_brief(brief_of: Build, text: str) -> None:
    brief = brief_of([make_event(1, "ACCUSE", "RUS>PRK", "2012-12-12", text)], title=text, source=text, url=text)
    page = _Tags()
    page.feed(to_html(brief))
    assert "script" not in page.tags
    assert json.loads(render(brief, ".json"))["notes"][0]["sentence"] == text.encode("utf-8", "replace").decode()


def test_runs_of_notes() -> None:
    assert ranges([1, 2, 3, 5, 7, 8]) == [(1, 3), (5, 5), (7, 8)]
    assert ranges([]) == []


@pytest.mark.parametrize("url", ["javascript:alert(1)", "https://a b", 'http://x/"onclick=', "file:///etc", None, ""])
def test_only_plain_web_addresses_become_links(url: str | None) -> None:
    assert not weblink(url)
    assert weblink("https://example.org/a?b=1&c=2")
