"""The benchmark on a few rows: it runs, and what it makes is imported whole."""

from pathlib import Path

from detente.bench.ledger import bench_ledger
from tests.datasets import made


def test_the_benchmark_imports_every_row_that_it_makes(tmp_path: Path) -> None:
    sample = made.write(tmp_path / "s.tsv", "".join(made.gdelt(n, wide=True) + "\n" for n in range(7)))
    found = bench_ledger(sample, rows=500, events=1200, folder=tmp_path)
    assert (found["rows"], found["new"], found["events"]) == (500, 500, 1200)
    assert next(iter(found)) == "import_to_duckdb_storing_the_same_columns", "ratios come first"
    assert [p.name for p in tmp_path.iterdir()] == ["s.tsv"], "what it made is removed"
