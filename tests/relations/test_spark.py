"""The same numbers from Spark as from DuckDB."""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import ibis
import numpy as np
import pyarrow.parquet as pq
import pytest

import detente as dt
from detente.cli.main import run
from detente.coding.arrow import code_frame
from detente.records import Document, event_from_row, events_to_table
from detente.relations import attention, dyad_series, group_view, open_tables, relation, shifts, stance, with_context
from tests.relations.made import D, event, steady, table, turn

pytestmark = pytest.mark.slow

CHANGE = D(2012, 3, 1)
MADE = [
    *turn("PRK", "RUS", change=CHANGE),
    *turn("CHN", "PRK", change=CHANGE, after="SANCTION"),
    *steady("USA", "KOR", since=D(2011, 1, 1), n=60),
    event(D(2012, 5, 5), "RUS", "PRK", "COOPERATE", status="absent"),
    event(D(2012, 5, 6), "RUS", "PRK", "AID", status="announced"),
]


@pytest.fixture(scope="module")
def both(spark: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Any, Any]]:
    """The same events as DuckDB and as Spark read them."""
    path: Path = tmp_path_factory.mktemp("spark") / "events.parquet"
    pq.write_table(table(MADE, num_articles=[None] * len(MADE), repeat_of=[None] * len(MADE)).to_pyarrow(), path)
    with open_tables(path) as duck, open_tables(path, "spark") as other:
        yield duck, other


@pytest.mark.parametrize(
    "analysis",
    [
        lambda events: dyad_series(events, "RUS", "PRK", by="quarter"),
        shifts,
        attention,
        lambda events: stance(events, "RUS", "PRK"),
        lambda events: group_view(events, ["CHN", "PRK", "RUS"]),
        lambda events: with_context(relation(events, "RUS", "PRK"), events),
    ],
    ids=["series", "shifts", "attention", "stance", "group", "relation"],
)
def test_an_analysis_gives_the_same_on_both_engines(analysis: Any, both: tuple[Any, Any]) -> None:
    duck, spark = both
    found = analysis(duck)
    assert found
    assert analysis(spark) == found


def test_coding_on_spark_gives_the_events_of_this_process(spark: Any, tmp_path: Path) -> None:
    """``mapInArrow`` over two partitions, and the whole way: coded on Spark, written as Parquet, asked on Spark."""
    lines = dt.dossier("korea-2010-2014").read_text(encoding="utf-8").splitlines()[:24]
    documents = [json.loads(line) for line in lines]
    rows = [(d["id"], d["text"], d["date"]) for d in documents] + [("bare", "Russia condemned the launch.", None)]
    found = code_frame(spark.createDataFrame(rows, "id string, text string, date string").repartition(2)).cache()
    (problem,) = found.filter("problem IS NOT NULL").collect()
    assert (problem.document_id, problem.problem, problem.event) == ("bare", "no date", None)
    ours = [
        event
        for d in documents
        for event in dt.code(Document(document_id=d["id"], text=d["text"], published=D.fromisoformat(d["date"])))
    ]
    events = found.filter("problem IS NULL").drop("problem")
    assert {row.event_id for row in events.collect()} == {event.event_id for event in ours}
    one = next(row for row in events.collect() if row.event_id == ours[0].event_id)
    # the tables keep confidence in 32 bits
    assert event_from_row(one.asDict()) == replace(ours[0], confidence=float(np.float32(ours[0].confidence)))
    events.write.parquet(str(tmp_path / "events"))
    with open_tables(tmp_path / "events", "spark") as tables:
        assert shifts(tables, min_probability=0) == shifts(ibis.memtable(events_to_table(ours)), min_probability=0)


def test_the_command_runs_on_spark(spark: Any, both: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    del spark, both  # the session that they started
    path = tmp_path / "events.parquet"
    pq.write_table(events_to_table(MADE), path)
    answers = []
    for engine in ("duckdb", "spark"):
        assert run(["relation", "RUS", "PRK", "--ledger", str(path), "--engine", engine, "--json"]) == 0
        answers.append(json.loads(capsys.readouterr().out))
    assert answers[0] == answers[1]
    assert answers[0]["series"]


def test_the_pages_examples_run(spark: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """ "From laptop to cluster" as it stands there, on a few documents."""
    page = (Path(__file__).parents[2] / "docs" / "cluster.md").read_text(encoding="utf-8")
    (tmp_path / "articles").mkdir()
    lines = dt.dossier("korea-2010-2014").read_text(encoding="utf-8").splitlines(keepends=True)
    (tmp_path / "articles" / "some.jsonl").write_text("".join(lines[:40]), encoding="utf-8")
    # Local paths are taken from where Java was started.
    blocks = [block.replace('"articles', f'"{tmp_path}/articles').replace('"events"', f'"{tmp_path}/events"')
              for block in re.findall(r"^```py\n(.*?)^```", page, flags=re.M | re.S)]  # fmt: skip
    names: dict[str, Any] = {}
    monkeypatch.chdir(tmp_path)
    for block in blocks:
        exec(compile(block, "cluster.md", "exec"), names)  # noqa: S102 - our own docs
    assert names["spark"] is spark or names["spark"].sparkContext is spark.sparkContext
    assert names["dyad"].series
