from __future__ import annotations

import hashlib
import io
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path

import pypdf
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from detente.brief import FORMATS, LIKELIHOODS, Brief, Line, likelihood, render, to_html, to_markdown, tone_word
from detente.brief.text import ranges, weblink
from detente.errors import BadOption
from detente.records import Event, Party
from tests.brief.conftest import events_of_years, full_brief, make_event

Build = Callable[..., Brief]
GOLDEN = Path(__file__).parent / "brief.md"
ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def full() -> Brief:
    return full_brief(events_of_years())


def test_markdown_is_as_agreed(full: Brief) -> None:
    """``python -m tests.brief.golden`` writes the file anew; read what changed before you commit it."""
    assert to_markdown(full) == GOLDEN.read_text(encoding="utf-8")


def lines_of(brief: Brief) -> list[Line]:
    return [
        line
        for section in brief.sections
        for line in (*section.lines, *(cell for row in section.rows for cell in row.cells))
    ]


def test_every_line_cites_a_note_that_exists_and_every_note_is_cited(full: Brief) -> None:
    assert {n for line in lines_of(full) for n in line.notes} == {note.number for note in full.notes}
    for line in lines_of(full):
        assert line.notes or line.text in ("–", "=") or "no event" in line.text, line.text
    assert [note.number for note in full.notes] == list(range(1, len(full.notes) + 1))


def test_every_source_is_listed_with_its_notes(full: Brief) -> None:
    assert sorted(n for source in full.sources for n in source.notes) == [note.number for note in full.notes]
    assert {"Moscow desk", "ties.csv", "A line through the North"} <= {source.name for source in full.sources}


def test_what_a_line_counts_and_does_not_show_is_said(brief_of: Build) -> None:
    days = [f"2012-{month:02}-{day:02}" for month in range(1, 9) for day in (3, 17)]
    brief = brief_of([make_event(i, "CONSULT", "RUS>PRK", day, f"Talks {i}.") for i, day in enumerate(days)])
    line = next(line for line in lines_of(brief) if "16 events" in line.text)
    assert len(line.events) == 16
    assert len(line.notes) + line.more == 16
    assert brief.left_out == 16 - sum(len(note.event_ids) for note in brief.notes)


def test_it_leads_with_the_bottom_line_and_holds_every_part(full: Brief) -> None:
    headings = [section.heading for section in full.sections]
    assert headings == [
        "Bottom line",
        "What changed",
        "Words and deeds",
        "Commitments",
        "Leverage",
        "Key events",
        "What is unclear or contradicted",
    ]
    text = to_markdown(full)
    assert "The one commitment that binds both is stalled." in text
    assert "Reports on “gas pipeline” contradict each other: that it moved forward (22 September 2013)" in text
    assert "Russia had 1.2% of North Korea's trade in 2013; the largest other partner, China, 77.2%." in text
    assert "Other reports differ: Russia cooperated with North Korea" in text


def test_a_year_of_silence_leads(events: list[Event]) -> None:
    """Where the reporting goes on and says nothing of the two, that is the first thing to say."""
    china = Party(text="China", name="China", country="CHN")
    elsewhere = make_event(9, "CONSULT", "RUS>PRK", "2015-06-01", "Talks.", recipient=china)
    text = to_markdown(full_brief([*events, elsewhere]))
    assert re.search(
        r"In the twelve months to \w+ 2015 nothing between Russia and North Korea is on record; before, the tone was "
        r"[a-z ]+ \(.+\), from 6 events: 4 of cooperation, 2 of conflict\.",
        text,
    )


def test_parts_without_material_are_left_out(brief_of: Build, events: list[Event]) -> None:
    headings = {section.heading for section in brief_of(events).sections}
    assert not headings & {"Commitments", "Leverage", "Outlook"}


def test_a_promise_is_no_deed_and_a_denial_no_event(brief_of: Build, events: list[Event]) -> None:
    text = to_markdown(brief_of(events))
    assert "holds 6 events" in text  # of eight: one denied, one that did not happen
    assert "Russia toward North Korea: 3 of cooperation, 2 of conflict; 2 deeds" in text  # wheat is only announced
    assert "It was denied that North Korea used force against Russia" in text
    assert "Russia did not cooperate with North Korea" in text
    assert "Russia announced that it would give aid to North Korea" in text


@given(st.floats(0, 1))
def test_words_of_probability_agree_with_their_figures(probability: float) -> None:
    word, figure = re.fullmatch(r"([a-z ]+) \((?:under |over )?(\d+) %\)", likelihood(probability)).groups()  # type: ignore[union-attr]
    word = {"almost ruled out": "almost no chance", "about as likely as not": "roughly even chance"}.get(word, word)
    tops = [0.0, *(top for top, _ in LIKELIHOODS)]
    place = [name for _, name in LIKELIHOODS].index(word)
    assert 100 * tops[place] - 1 <= int(figure) <= 100 * tops[place + 1] + 1e-9
    assert abs(int(figure) / 100 - probability) < 0.011


def test_the_appendix_states_every_word_that_is_used(full: Brief) -> None:
    text = to_markdown(full)
    for _, word in LIKELIHOODS:
        assert f"| {word} |" in text
    used = re.findall(r"is (almost ruled out|about as likely as not|[a-z]+ ?[a-z]*) \(\d+ %\)", text)
    assert used
    known = {word for _, word in LIKELIHOODS} | {"almost ruled out", "about as likely as not"}
    assert set(used) <= known


def test_the_guide_states_the_same_tables(full: Brief) -> None:
    guide = (ROOT / "docs" / "brief.md").read_text(encoding="utf-8")
    for section in full.appendix[1:]:
        for row in section.rows:
            assert f"| {row.label} | {row.cells[0].text} |" in guide
    for section in full.sections:
        assert f"| {section.heading} |" in guide


@pytest.mark.parametrize(
    ("level", "word"),
    [(0.0, "neutral"), (-0.09, "neutral"), (0.1, "mildly friendly"), (-0.35, "hostile"), (0.6, "very friendly"),
     (-1.0, "very hostile")],
)  # fmt: skip
def test_words_for_tone(level: float, word: str) -> None:
    assert tone_word(level) == word


def test_the_same_brief_is_the_same_bytes_in_another_process(full: Brief) -> None:
    """Whatever the order of events, the process and its hashing."""
    script = (
        "import hashlib; from detente.brief import FORMATS, render; "
        "from tests.brief.conftest import events_of_years, full_brief; "
        "brief = full_brief(events_of_years()[::-1]); "
        "print(*(hashlib.sha256(render(brief, ending)).hexdigest() for ending in FORMATS))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        env=os.environ | {"PYTHONHASHSEED": "7", "TZ": "Asia/Seoul", "LC_ALL": "C"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.split() == [hashlib.sha256(render(full, ending)).hexdigest() for ending in FORMATS]


def test_a_long_story_still_fits_three_pages() -> None:
    """Every section bounds what it tells, so that a dyad of a thousand events makes no book."""
    kinds = ("CONSULT", "AGREE", "ACCUSE", "AID", "THREATEN", "COOPERATE", "SANCTION", "REQUEST")
    text = (
        "The foreign ministers of the two states met in the capital on Tuesday for the {}th time to speak about the "
        "railway to the port and about the debt that was left over from the time of the Union, an official said."
    )
    events = [
        make_event(
            i, kinds[i % 8], ("RUS>PRK", "PRK>RUS")[i % 2], f"{2001 + i // 80}-{1 + i % 12:02}-{1 + i % 28:02}",
            text.format(i), status="denied" if i % 50 == 7 else "happened",
        )
        for i in range(1000)
    ]  # fmt: skip
    pages = pypdf.PdfReader(io.BytesIO(render(full_brief(events), ".pdf"))).pages
    assert 2 <= len(pages) <= 3


def test_pdf_is_short_and_its_charts_are_drawn(full: Brief) -> None:
    pages = pypdf.PdfReader(io.BytesIO(render(full, ".pdf"))).pages
    text = [page.extract_text() for page in pages]
    assert len(text) <= 3
    assert "share of what all gain" in "".join(text)  # an axis of a chart, as text
    assert not any(image for page in pages for image in page.images)


def test_pdf_holds_the_text_and_the_chart(brief_of: Build, events: list[Event]) -> None:
    pdf = pypdf.PdfReader(io.BytesIO(render(brief_of(events), ".pdf")))
    text = "\n".join(page.extract_text() for page in pdf.pages)
    assert "Russia and North Korea" in text
    assert "Medvedev met Kim near Ulan-Ude." in text
    assert "verbal cooperation" in text  # the chart's legend, as text


def test_json_has_the_same_lines(brief_of: Build, events: list[Event]) -> None:
    brief = brief_of(events)
    data = json.loads(render(brief, ".json"))
    assert data["sections"][1]["figure"]["spec"]["$schema"].startswith("https://vega.github.io/schema/vega-lite/")
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
    named = "".join(c for c in text if c.isprintable() and c not in ".\u202e\u200b\ufeff")[:80].strip()
    brief = full_brief([event], hostile=named, title=text, source=text, url="javascript:alert(1)")
    page = _Tags()
    page.feed(to_html(brief))
    # Our own charts and tables are there, and nothing that the text would have made.
    assert not {"script", "img", "iframe", "form", "object", "embed"} & set(page.tags)
    assert not [name for name, _ in page.attributes if name.startswith("on")]
    links = [value or "" for name, value in page.attributes if name in ("href", "xlink:href")]
    assert all(link.startswith("#") for link in links)
    visible = "".join(c for c in text if c.isprintable() and c not in "\u202e\u200b\ufeff")
    if "\n" not in text:
        assert visible.replace(" ", "") in "".join(c for c in page.words if c.isprintable()).replace(" ", "")
    lines = to_markdown(brief).splitlines()
    # Sections, sources, three parts of the appendix, notes and the title: no heading besides.
    assert len([line for line in lines if line.startswith("#")]) == len(brief.sections) + 6
    assert "<" not in re.sub(r"<https?://[^>]*>", "", to_markdown(brief))
    assert pypdf.PdfReader(io.BytesIO(render(brief, ".pdf"))).pages
    notes = json.loads(render(brief, ".json"))["notes"]
    assert any(note["sentence"] == text for note in notes)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
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
