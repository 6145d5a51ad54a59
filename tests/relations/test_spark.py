"""The same numbers from Spark as from DuckDB."""

import importlib.util
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from detente.relations import attention, dyad_series, group_view, open_tables, relation, shifts, stance, with_context
from tests.relations.made import D, event, steady, table, turn

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(importlib.util.find_spec("pyspark") is None, reason="pyspark is not installed (detente[spark])"),
    pytest.mark.skipif(shutil.which("java") is None, reason="Spark needs Java"),
]

CHANGE = D(2012, 3, 1)
MADE = [
    *turn("PRK", "RUS", change=CHANGE),
    *turn("CHN", "PRK", change=CHANGE, after="SANCTION"),
    *steady("USA", "KOR", since=D(2011, 1, 1), n=60),
    event(D(2012, 5, 5), "RUS", "PRK", "COOPERATE", status="absent"),
    event(D(2012, 5, 6), "RUS", "PRK", "AID", status="announced"),
]


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Any, Any]]:
    """The same events as DuckDB and as Spark read them."""
    from pyspark.sql import SparkSession

    path: Path = tmp_path_factory.mktemp("spark") / "events.parquet"
    pq.write_table(table(MADE, num_articles=[None] * len(MADE), repeat_of=[None] * len(MADE)).to_pyarrow(), path)
    session = (
        SparkSession.builder.master("local[1]")
        .config("spark.ui.enabled", "false")
        .config("spark.sql.shuffle.partitions", "2")
        .getOrCreate()
    )
    try:
        with open_tables(path) as duck, open_tables(path, "spark") as spark:
            yield duck.events, spark.events
    finally:
        session.stop()


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
