"""One writer, many readers, crashes and damaged files, between real processes."""

import os
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import duckdb
import pytest

from detente.errors import BadInput, BadOption, LedgerBusy, LedgerDamaged, NotFound
from detente.ledger import FORMAT, open_ledger

from .made import CODER, coded

HERE = Path(__file__).parent


def start(code: str, *arguments: str) -> "subprocess.Popen[str]":
    """A Python process that runs ``code`` with this folder importable."""
    path = os.pathsep.join(filter(None, [str(HERE), os.environ.get("PYTHONPATH")]))
    environment = os.environ | {"PYTHONPATH": path}
    return subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(code), *arguments],
        stdout=subprocess.PIPE,
        stdin=subprocess.PIPE,
        text=True,
        env=environment,
    )


def line(process: "subprocess.Popen[str]") -> str:
    assert process.stdout
    return process.stdout.readline().strip()


WRITE = """
    import sys
    from made import coded, CODER
    from detente.ledger import open_ledger
    with open_ledger(sys.argv[1], "write") as ledger, ledger.batch("read", coder=CODER) as batch:
        n = 0
        while True:
            ledger.write_coded(batch, [coded(f"{n}-{i}") for i in range(20)])
            n += 1
            print(n, flush=True)
"""


@pytest.mark.parametrize("delay", [0.0, 0.031])
def test_kill_9_loses_nothing_that_was_written_and_leaves_nothing_half(tmp_path: Path, delay: float) -> None:
    path = tmp_path / "my.ledger"
    process = start(WRITE, str(path))
    written = 0
    for _ in range(3):
        written = int(line(process))
    time.sleep(delay)
    process.send_signal(signal.SIGKILL)
    assert process.stdout
    written = max([written, *(int(n) for n in process.stdout.read().split())])
    process.wait()
    with open_ledger(path) as ledger:
        counts = ledger.counts()
        assert written * 20 <= counts["documents"] <= (written + 1) * 20
        assert counts["documents"] == counts["events"] == counts["sentences"] == counts["statements"]
        assert counts["documents"] % 20 == 0
        assert ledger.batches()[0]["finished"] is None
    with open_ledger(path, "write") as ledger, ledger.batch("read", coder=CODER) as batch:
        again = ledger.write_coded(batch, [coded(f"0-{i}") for i in range(20)] + [coded("new")])
        assert (again.unchanged, again.new) == (20, 1)


BULK = """
    import sys
    from detente.ledger import open_ledger
    with open_ledger(sys.argv[1], "write") as ledger, ledger.batch("import", dataset="made") as batch:
        with ledger.transaction() as connection:
            for n in range(10_000):
                connection.execute(
                    f"INSERT INTO own_events BY NAME SELECT n || '-{n}' AS event_id, 'd' AS document_id, 'X' AS event, "
                    "1 AS quad, 0 AS intensity, DATE '2013-11-13' AS date, 'c' AS coder, 'made' AS dataset "
                    "FROM range(20000) t(n)"
                )
                print(n, flush=True)
"""


def test_kill_9_in_a_bulk_import_leaves_none_of_it(tmp_path: Path) -> None:
    path = tmp_path / "my.ledger"
    process = start(BULK, str(path))
    while (told := line(process)) != "8":
        assert told, "the writer ended early"
    process.kill()
    process.wait()
    with open_ledger(path) as ledger:
        assert ledger.counts()["events"] == 0
        assert len(ledger.batches()) == 1


HOLD = """
    import sys
    from detente.ledger import open_ledger
    ledger = open_ledger(sys.argv[1], sys.argv[2])
    if sys.argv[3] == "hold":
        ledger.connection
    print("ready", flush=True)
    sys.stdin.readline()
    print(sum(ledger.counts().values()), flush=True)
    ledger.close()
"""


def test_a_second_writer_is_told_at_once_who_writes(tmp_path: Path) -> None:
    path = tmp_path / "my.ledger"
    process = start(HOLD, str(path), "write", "")
    assert line(process) == "ready"
    began = time.monotonic()
    with pytest.raises(LedgerBusy, match=rf"my\.ledger: being written to by process {process.pid} "):
        open_ledger(path, "write")
    assert time.monotonic() - began < 1
    process.communicate("\n")
    with open_ledger(path, "write"):
        pass
    assert [p.name for p in tmp_path.iterdir()] == ["my.ledger"]


def test_readers_get_in_between_two_writes(tmp_path: Path) -> None:
    path = tmp_path / "my.ledger"
    with open_ledger(path, "write") as ledger, ledger.batch("read", coder=CODER) as batch:
        for n in range(2):
            ledger.write_coded(batch, [coded(str(n))])
            readers = [start(HOLD, str(path), "read", "") for _ in range(2)]
            assert [line(reader) for reader in readers] == ["ready", "ready"]
            found = {reader.communicate("\n")[0].strip() for reader in readers}
            assert found == {str(4 * (n + 1) + 1)}


def test_readers_of_a_held_ledger_are_told(tmp_path: Path) -> None:
    path = tmp_path / "my.ledger"
    process = start(HOLD, str(path), "write", "hold")
    assert line(process) == "ready"
    for _ in range(2):
        with pytest.raises(LedgerBusy, match=rf"in use by process {process.pid}"):
            open_ledger(path)
    process.communicate("\n")
    with open_ledger(path) as one, open_ledger(path) as two:
        assert one.counts() == two.counts()


def test_a_writer_waits_for_a_reader(tmp_path: Path) -> None:
    path = tmp_path / "my.ledger"
    with open_ledger(path, "write") as ledger, ledger.batch("read", coder=CODER) as batch:
        reader = start(HOLD.replace("sys.stdin.readline()", "import time; time.sleep(1)"), str(path), "read", "")
        assert line(reader) == "ready"
        ledger.write_coded(batch, [coded("a")])
        reader.communicate()
        assert ledger.counts()["documents"] == 1


def test_two_modes_in_one_process(tmp_path: Path) -> None:
    path = tmp_path / "my.ledger"
    with open_ledger(path, "write") as ledger:
        with open_ledger(path) as reader:
            assert reader.counts()["documents"] == 0
        assert ledger.connection
        with pytest.raises(LedgerBusy, match="this process"):
            open_ledger(path)


def test_a_reader_cannot_write(tmp_path: Path) -> None:
    path = tmp_path / "my.ledger"
    open_ledger(path, "write").close()
    with (
        open_ledger(path) as ledger,
        pytest.raises(BadInput, match="mode 'write'"),
        ledger.batch("read", coder=CODER),
    ):
        pass


def test_what_is_no_ledger(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match=r"none\.ledger"):
        open_ledger(tmp_path / "none.ledger")
    with pytest.raises(BadInput, match="folder"):
        open_ledger(tmp_path)
    with pytest.raises(BadInput, match="does not exist"):
        open_ledger(tmp_path / "no" / "x.ledger", "write")
    with pytest.raises(BadOption, match="write"):
        open_ledger(tmp_path / "x", "append")  # type: ignore[arg-type]
    text = tmp_path / "text.ledger"
    text.write_text("These are words and no ledger. " * 500)
    other = tmp_path / "other.ledger"
    duckdb.connect(other).execute("CREATE TABLE t (a INT)").close()
    newer = tmp_path / "newer.ledger"
    open_ledger(newer, "write").close()
    duckdb.connect(newer).execute(f"UPDATE meta SET value = '{FORMAT + 1}'").close()
    for mode in ("read", "write"):
        with pytest.raises(LedgerDamaged, match=r"text\.ledger: not a ledger"):
            open_ledger(text, mode)  # type: ignore[arg-type]
        with pytest.raises(LedgerDamaged, match="not a ledger"):
            open_ledger(other, mode)  # type: ignore[arg-type]
        with pytest.raises(LedgerDamaged, match="update detente"):
            open_ledger(newer, mode)  # type: ignore[arg-type]
    assert text.read_text().startswith("These are words")


@pytest.mark.parametrize("name", ["ties.csv", "wire.jsonl", "TIES.CSV", "events.parquet"])
def test_a_file_of_data_is_no_ledger_and_stays_as_it_is(tmp_path: Path, name: str) -> None:
    """DuckDB would open it from memory, take everything that is written, and forget it."""
    path = tmp_path / name
    path.write_text('{"state": 1}\n')
    for mode in ("read", "write"):
        with pytest.raises(LedgerDamaged, match="not a ledger, but a file of data"):
            open_ledger(path, mode)  # type: ignore[arg-type]
    assert path.read_text() == '{"state": 1}\n'
    fresh = tmp_path / f"new-{name}"
    open_ledger(fresh, "write").close()
    with open_ledger(fresh) as ledger:
        assert ledger.counts()["events"] == 0


def test_damaged_files_are_told(tmp_path: Path) -> None:
    path = tmp_path / "my.ledger"
    with open_ledger(path, "write") as ledger, ledger.batch("read", coder=CODER) as batch:
        ledger.write_coded(batch, [coded(str(n)) for n in range(200)])
    whole = path.read_bytes()
    for name, data in {
        "cut": whole[: len(whole) // 2],
        "head": whole[:5000],
        "hole": whole[:13000] + b"\x55" * 8000,
    }.items():
        damaged = tmp_path / name
        damaged.write_bytes(data)
        with pytest.raises(LedgerDamaged, match=name), open_ledger(damaged) as ledger:
            ledger.document("7")


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="permissions do not bind this user")
def test_permissions(tmp_path: Path) -> None:
    path = tmp_path / "my.ledger"
    open_ledger(path, "write").close()
    path.chmod(0)
    with pytest.raises(BadInput, match="permission"):
        open_ledger(path)
