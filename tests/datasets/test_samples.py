"""Counts on real samples, where they are at hand (DETENTE_DATA, or shared/data beside the repository)."""

import os
from pathlib import Path

import pytest

from tests.datasets.conftest import Import, Query

DATA = Path(os.environ.get("DETENTE_DATA", Path(__file__).parents[3] / "shared" / "data")) / "events"
SAMPLES = (
    ("gdelt", "20180101000000.export.CSV", 2414, 223),
    ("gdelt", "reed_gdelt1_events_710.tsv", 710, 2),
    ("gdelt", "sparkgdelt_events1.tsv", 100, None),
    ("icews", "icews_raw_20180601.tab", 2359, 0),
    ("icews-tkg", "icews_tkg_2011_2013.tsv.gz", 80380, 0),
)


@pytest.mark.parametrize(("fmt", "name", "rows", "repeats"), SAMPLES)
def test_every_row_of_a_real_file_becomes_an_event(
    fmt: str, name: str, rows: int, repeats: int | None, bring: Import, query: Query
) -> None:
    if not (DATA / name).exists():
        pytest.skip(f"no sample {DATA / name}")
    report = bring(fmt, DATA / name)
    assert (report.rows, report.new, dict(report.skipped)) == (rows, rows, {})
    assert repeats is None or report.repeats == repeats
    (found,) = query(
        "SELECT count(*) AS n, avg((actor_country IS NOT NULL OR actor_sector IS NOT NULL)::INTEGER) AS actors, "
        "count(DISTINCT event_id) AS ids, min(reliability) AS low, max(reliability) AS high FROM events"
    )
    assert found["n"] == found["ids"] == rows
    assert found["low"] >= 0
    assert found["high"] <= 1
    if fmt.startswith("icews"):
        assert found["actors"] > 0.85


def test_filtering_drops_what_one_article_made_of_itself(bring: Import, query: Query) -> None:
    path = DATA / "20180101000000.export.CSV"
    if not path.exists():
        pytest.skip(f"no sample {path}")
    bring("gdelt", path)
    dyad = (
        "actor_country IN ('AZE', 'IRN') AND recipient_country IN ('AZE', 'IRN') AND actor_country <> recipient_country"
    )
    (found,) = query(
        f"SELECT count(*) AS n, count(DISTINCT story_id) AS s, max(reliability) AS r FROM events WHERE {dyad}"
    )
    assert (found["n"], found["s"]) == (20, 1)
    assert found["r"] < 0.3
