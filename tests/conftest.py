"""What all tests share: the dossier as read, a Spark session, and the order of the files.

Where CI runs, a test that is skipped without a reason that we know fails the run.
"""

import fcntl
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import detente

# What may be absent: data that is not ours to ship, and users whom permissions do not bind.
KNOWN_ABSENT = ("DETENTE_DATA", "no sample", "development data", "permissions do not bind")


def unexpected(reports: list[Any]) -> list[str]:
    """Skipped tests whose reason is none of those."""
    found = []
    for report in reports:
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
        if not any(known in reason for known in KNOWN_ABSENT):
            found.append(f"{report.nodeid}: {reason}")
    return found


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if os.environ.get("CI") != "true" or reporter is None:
        return
    found = unexpected(reporter.stats.get("skipped", []))
    for line in found:
        reporter.write_line(f"skipped, which CI does not allow: {line}", red=True)
    if found and session.exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Files with slow tests come first: several processes share the files, and none is left with a slow one at last."""
    slow = {item.path for item in items if item.get_closest_marker("slow")}
    items.sort(key=lambda item: item.path not in slow)


@pytest.fixture(scope="session")
def dossier_ledger(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The bundled dossier as the coder reads it, read once for all tests and processes; not to be changed."""
    folder = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        folder = folder.parent  # one for all workers
    path = folder / "korea.ledger"
    with (folder / "korea.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not path.exists():
            part = folder / "korea.part"
            detente.open(part).read(detente.dossier("korea-2010-2014"))
            part.rename(path)
    return path


@pytest.fixture(scope="session")
def spark() -> Iterator[Any]:
    """A local Spark session, one for all tests: starting it takes longer than they do."""
    import importlib.util
    import os
    import shutil
    import sys

    if importlib.util.find_spec("pyspark") is None:
        pytest.skip("pyspark is not installed (detente[spark])")
    if shutil.which("java") is None:
        pytest.skip("Spark needs Java; make test installs it")
    from pyspark.sql import SparkSession

    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)  # the workers' Python is else whatever stands first
    session = (
        SparkSession.builder.master("local[1]")
        .config("spark.ui.enabled", "false")
        .config("spark.sql.shuffle.partitions", "2")
        .config("spark.sql.session.timeZone", "America/New_York")  # of no account to what is computed
        .getOrCreate()
    )
    yield session
    session.stop()
