"""Jobs: what a user added, and how far the reading of it is."""

from __future__ import annotations

import datetime
import hashlib
import json
import secrets
import shutil
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO, Literal

from detente.api.fetch import check_address
from detente.api.state import State, now
from detente.errors import BadInput, NotFound
from detente.records import parse_date, stable_id

__all__ = [
    "MOST_FILES",
    "MOST_FILE_BYTES",
    "MOST_TEXT",
    "Job",
    "Upload",
    "add_feed",
    "add_files",
    "add_text",
    "inbox",
    "job_list",
    "one_job",
    "stop_job",
]

MOST_FILES = 200
MOST_FILE_BYTES = 64 * 1024 * 1024
MOST_TEXT = 1_000_000
_MOST_WAITING = 50
_LISTED = 100

JobState = Literal["waiting", "reading", "done", "failed", "stopped"]


def _doc(text: str) -> Any:
    return field(metadata={"doc": text})


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """Something that was added, and what has become of it so far."""

    job_id: str = _doc("its id")
    kind: Literal["files", "text", "feed"] = _doc("files, text or feed")
    name: str = _doc("what was added: file names, a title, an address")
    state: JobState = _doc("waiting, reading, done, failed or stopped")
    who: str = _doc("who added it")
    made: str = _doc("when it was added, UTC")
    started: str | None = _doc("when its reading began, UTC; again after a restart of the server")
    finished: str | None = _doc("when it ended, UTC")
    error: str | None = _doc("what ended it before its time, or what it waits for")
    batch_id: str | None = _doc("batch of the ledger that holds what it brought, and what was skipped and why")
    inputs: int = _doc("number of files to read")
    inputs_done: int = _doc("files read so far")
    documents: int = _doc("documents read so far")
    new: int = _doc("of these, new ones")
    replaced: int = _doc("of these, ones that replace an older version")
    copies: int = _doc("of these, near-copies of others: linked, not coded")
    unchanged: int = _doc("of these, ones that were there already")
    sentences: int = _doc("sentences coded")
    events: int = _doc("events found")
    statements: int = _doc("statements found")
    skipped: int = _doc("inputs and records skipped")
    reasons: dict[str, int] = _doc("how many were skipped, by reason")


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as a user gives it: its name, which never becomes a path, and its content."""

    name: str
    content: BinaryIO


COUNTS = (
    *("inputs_done", "documents", "new", "replaced", "copies", "unchanged", "sentences", "events", "statements"),
    "skipped",
)


def inbox(state: State) -> Path:
    """The folder beside the ledger where added files wait; their names there are ours."""
    return state.path.with_name(state.path.name + ".inbox")


def add_files(state: State, uploads: Sequence[Upload], who: str, date: datetime.date | None = None) -> Job:
    """Files to read; ``date`` is that of documents which carry none. BadInput for too many or too large ones."""
    if not 0 < len(uploads) <= MOST_FILES:
        raise BadInput(f"1 to {MOST_FILES} files at a time, not {len(uploads)}")
    names = [_plain_name(upload.name) for upload in uploads]
    shown = names[0] if len(names) == 1 else f"{names[0]} and {len(names) - 1} more"
    parts = ((name, _copied(upload)) for name, upload in zip(names, uploads, strict=True))
    return _add(state, "files", shown, who, parts, {"date": None if date is None else date.isoformat()})


def add_text(
    state: State,
    text: str,
    date: datetime.date | str,
    who: str,
    *,
    title: str | None = None,
    source: str | None = None,
    url: str | None = None,
) -> Job:
    """A pasted text to read; its id is a hash of its words, so that the same text again changes nothing."""
    if not text.strip():
        raise BadInput("there is no text in it")
    if len(text) > MOST_TEXT:
        raise BadInput(f"the text has more than {MOST_TEXT:,} characters")
    day = parse_date(date)
    record = {
        "id": f"pasted-{stable_id(text)}",
        "text": text,
        "date": day.isoformat(),
        "title": title or None,
        "source": source or None,
        "url": url or None,
    }
    line = json.dumps(record, ensure_ascii=True).encode()
    return _add(state, "text", title or " ".join(text.split())[:80], who, [("pasted.jsonl", [line])], {"kind": "jsonl"})


def add_feed(state: State, address: str, who: str, date: datetime.date | None = None) -> Job:
    """The address of a feed or page to read; it is fetched by the job. BadInput for one that is no public address."""
    check_address(address)
    options = {"address": address.strip(), "date": None if date is None else date.isoformat()}
    return _add(state, "feed", address.strip(), who, [], options)


def _plain_name(name: str) -> str:
    """The last part of a file's name, printable and short."""
    last = name.replace("\\", "/").rpartition("/")[2]
    plain = "".join(c for c in last if c.isprintable() and c not in '<>:"|?*').strip(" .")
    return plain[-120:] or "unnamed"


def _copied(upload: Upload) -> Iterable[bytes]:
    size = 0
    while piece := upload.content.read(1024 * 1024):
        size += len(piece)
        if size > MOST_FILE_BYTES:
            raise BadInput(f"more than {MOST_FILE_BYTES:,} bytes", _plain_name(upload.name))
        yield piece


def _add(
    state: State,
    kind: str,
    name: str,
    who: str,
    parts: Iterable[tuple[str, Iterable[bytes]]],
    options: dict[str, Any],
) -> Job:
    job_id = secrets.token_hex(8)
    waiting = state.rows("SELECT count(*) AS n FROM jobs WHERE state IN ('waiting', 'reading')")
    if waiting and waiting[0]["n"] >= _MOST_WAITING:
        raise BadInput(f"{_MOST_WAITING} jobs are waiting already; wait for some to end")
    folder = inbox(state) / job_id
    inputs = []
    with state.change() as connection:  # nothing is put on the disk where changes are refused
        try:
            folder.mkdir(parents=True)
            for number, (part, pieces) in enumerate(parts):
                inputs.append(_spooled(folder / f"{number:04}", part, pieces))
            _tell_apart(inputs)
            connection.execute(
                "INSERT INTO jobs (job_id, kind, name, options, state, who, made, inputs, progress) "
                "VALUES (?, ?, ?, ?, 'waiting', ?, ?, ?, '{}')",
                (job_id, kind, name, json.dumps(options), who, now(), json.dumps(inputs)),
            )
        except OSError as error:
            shutil.rmtree(folder, ignore_errors=True)
            raise BadInput(f"cannot be stored: {error.strerror}") from None
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise
    return one_job(state, job_id)


def _spooled(path: Path, name: str, pieces: Iterable[bytes]) -> dict[str, str]:
    """Write an input to the inbox; its place, ``HASH/NAME``, is the same for the same content."""
    digest = hashlib.blake2b(digest_size=6)
    with path.open("xb") as file:
        for piece in pieces:
            digest.update(piece)
            file.write(piece)
    return {"file": path.name, "file_id": name, "where": f"{digest.hexdigest()}/{name}"}


def _tell_apart(inputs: list[dict[str, str]]) -> None:
    """Files of one name and different content are told apart by their places."""
    seen: dict[str, str] = {}
    for item in inputs:
        if seen.setdefault(item["file_id"], item["where"]) != item["where"]:
            item["file_id"] = item["where"]


def job_list(state: State) -> tuple[Job, ...]:
    """The latest hundred jobs, the latest first."""
    rows = state.rows(f"SELECT * FROM jobs ORDER BY made DESC, job_id LIMIT {_LISTED}")
    return tuple(_job(row) for row in rows)


def one_job(state: State, job_id: str) -> Job:
    """The job of that id; NotFound where there is none."""
    rows = state.rows("SELECT * FROM jobs WHERE job_id = ?", (job_id,))
    if not rows:
        raise NotFound("job", job_id)
    return _job(rows[0])


def stop_job(state: State, job_id: str) -> Job:
    """Ask a job to stop; what it has stored stays. One that has ended is left as it is."""
    one_job(state, job_id)
    with state.change() as connection:
        connection.execute(
            "UPDATE jobs SET state = 'stopped', finished = ? WHERE job_id = ? AND state IN ('waiting', 'reading')",
            (now(), job_id),
        )
    return one_job(state, job_id)


def _job(row: dict[str, Any]) -> Job:
    progress = json.loads(row["progress"])
    kept = ("job_id", "kind", "name", "state", "who", "made", "started", "finished", "error", "batch_id")
    return Job(
        **{name: row[name] for name in kept},
        inputs=len(json.loads(row["inputs"])),
        reasons=progress.get("reasons", {}),
        **{name: progress.get(name, 0) for name in COUNTS},
    )
