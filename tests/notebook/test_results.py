"""Results show themselves in a notebook, and become tables; the example notebook runs in a real kernel."""

from __future__ import annotations

import datetime
import importlib.util
import os
import re
from functools import cache
from html.parser import HTMLParser
from importlib.resources import files
from pathlib import Path
from typing import Any

import ibis
import nbformat
import pytest
from nbclient import NotebookClient

from detente import leverage
from detente.commitments import Found
from detente.errors import BadInput
from detente.records import events_to_table
from detente.relations import group_view, relation, shifts, stance, with_context
from detente.showing import Events, Records
from tests.brief.conftest import commitment, events_of_years, full_brief, make_event

ROOT = Path(__file__).parents[2]
HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(1)>\"'&"


@cache
def of_leverage() -> dict[str, Any]:
    """Those of them that hold no words of a report; a corridor takes seconds."""
    korea = leverage.read(str(files("detente.leverage") / "examples" / "korea.yaml"))
    ties = leverage.DependenceTable([leverage.Tie("PRK", "CHN", "trade", 2013, 6545.0)])
    return {
        "solution": leverage.solve(korea),
        "what-ifs": leverage.variants(korea),
        "components": leverage.for_dyad("RUS", "PRK", corridor=korea),
        "holders": ties.influence_over("PRK", 2013),
        "pairs": ties.over_time("PRK", "CHN", "trade"),
    }


def results(sentence: str = "Medvedev met Kim near Ulan-Ude.") -> dict[str, Any]:
    """One result of every kind that the Python API gives."""
    events = [*events_of_years(), make_event(9, "CONSULT", "RUS>PRK", "2012-03-01", sentence, said_by=sentence)]
    table = ibis.memtable(events_to_table(events))
    one = commitment(sentence)
    return {
        "events": Events(events),
        "relation": with_context(relation(table, "RUS", "PRK", latest=None), table),
        "stance": stance(table, "RUS", "PRK"),
        "group": group_view(table, ("RUS", "PRK", "CHN")),
        "shifts": Records(shifts(table)),
        "commitments": Found((one,), {"stalled": 1}),
        "commitment": one,
        "brief": full_brief(events),
    } | of_leverage()


@pytest.fixture(scope="module")
def shown() -> dict[str, Any]:
    return results()


CHARTS = {"relation", "stance", "group", "commitments", "commitment", "what-ifs"}
TABLES = {"events", "relation", "stance", "group", "shifts", "commitments", "solution", "what-ifs", "components",
          "holders", "pairs"}  # fmt: skip


def test_each_result_shows_itself(shown: dict[str, Any]) -> None:
    for name, result in shown.items():
        page = result._repr_html_()
        assert len(page) > 60, name
        assert ("data:image/svg+xml;base64," in page) or name not in CHARTS, name
        assert "<table>" in page or name == "brief", name
    assert "Medvedev met Kim near Ulan-Ude." in shown["events"]._repr_html_()
    assert "Trans-Korean gas and rail: 2,709 (million USD a year)" in shown["solution"]._repr_html_()


@pytest.mark.parametrize("name", sorted(TABLES))
def test_each_result_becomes_a_table(shown: dict[str, Any], name: str) -> None:
    result = shown[name]
    table = result.to_arrow()
    assert table.num_rows
    assert list(result.to_pandas().columns) == table.column_names
    if importlib.util.find_spec("polars"):
        assert result.to_polars().columns == table.column_names
    else:
        with pytest.raises(BadInput, match="polars is not installed"):
            result.to_polars()


def test_tables_hold_the_figures(shown: dict[str, Any]) -> None:
    shares = shown["solution"].to_pandas().set_index("player")
    assert shares.loc["PRK", "shapley"] == pytest.approx(shown["solution"].share("PRK").shapley)
    assert shown["shifts"].to_arrow().column("date").to_pylist() == [s.date for s in shown["shifts"]]
    assert isinstance(shown["events"].to_arrow().column("date")[0].as_py(), datetime.date)
    assert shown["commitments"].to_arrow().column("parties").to_pylist() == [["PRK", "RUS"]]


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.handlers: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.handlers += [name for name, _ in attrs if name.startswith("on")]


def test_hostile_text_stays_text() -> None:
    for name, result in results(HOSTILE).items():
        page = _Tags()
        page.feed(result._repr_html_())
        assert page.tags <= {"table", "caption", "thead", "tbody", "tr", "th", "td", "h4", "p", "img", "iframe"}, name
        assert not page.handlers, name


def test_an_empty_answer_says_so() -> None:
    assert "nothing" in Records()._repr_html_()
    assert "0 events" in Events()._repr_html_()
    assert Records().to_arrow().num_rows == 0


def test_long_tables_are_cut_and_counted() -> None:
    events = Events(make_event(i, "CONSULT", "RUS>PRK", "2012-03-01", f"Talks {i}.") for i in range(50))
    page = events._repr_html_()
    assert page.count("<tr>") == 21
    assert "30 more rows" in page


@pytest.mark.slow
def test_the_example_notebook_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(os.environ, "IPYTHONDIR", str(tmp_path))
    notebook = nbformat.read(ROOT / "examples" / "korea.ipynb", as_version=4)
    nbformat.validate(notebook)
    assert not [cell for cell in notebook.cells if cell.get("outputs")], "outputs are left out of the file"
    NotebookClient(notebook, timeout=300, kernel_name="python3", resources={"metadata": {"path": tmp_path}}).execute()
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", ())]
    assert not [output for output in outputs if output.output_type == "error"]
    pages = [output.data["text/html"] for output in outputs if "text/html" in output.get("data", {})]
    assert len(pages) >= 5
    assert sum("data:image/svg+xml" in page for page in pages) >= 3
    assert re.search(r"<iframe[^>]*sandbox", pages[-1])
