"""The records at detente's edge: typed, frozen, each field described once, on the field.

The descriptions become the data dictionary, the API schema and the page's tooltips (``describe``). In tables
(Arrow, SQL, CSV) an :class:`Event` is one flat row: the fields of its actor and recipient carry the prefix
``actor_`` and ``recipient_``. In JSON they are nested objects.
"""

from __future__ import annotations

import dataclasses
import datetime
import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any, Literal, cast, get_args

from detente.errors import BadDate, BadInput

if TYPE_CHECKING:
    import pyarrow as pa

    EVENT_SCHEMA: pa.Schema
    STATEMENT_SCHEMA: pa.Schema

__all__ = [
    "DATE_PRECISIONS",
    "EVENT_SCHEMA",
    "STATEMENT_SCHEMA",
    "STATUSES",
    "DatePrecision",
    "Document",
    "Event",
    "Party",
    "Rejected",
    "Sentence",
    "Statement",
    "Status",
    "describe",
    "event_from_row",
    "event_row",
    "events_to_table",
    "parse_date",
    "stable_id",
    "statement_from_row",
    "statement_row",
    "statements_to_table",
    "to_json",
]

Status = Literal["happened", "ongoing", "announced", "conditional", "denied", "absent"]
DatePrecision = Literal["day", "month", "year", "published"]
STATUSES: tuple[Status, ...] = get_args(Status)
DATE_PRECISIONS: tuple[DatePrecision, ...] = get_args(DatePrecision)


def _doc(text: str, **default: Any) -> Any:
    return field(metadata={"doc": text}, **default)


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """Who acts in an event or is acted on: a mention in the text, resolved to an actor as far as possible."""

    text: str = _doc("the words of the mention, as written")
    name: str = _doc("canonical name of the resolved actor; the mention's words where it is not known")
    country: str | None = _doc("ISO 3166-1 alpha-3 code of the state it belongs to, or null", default=None)
    sector: str | None = _doc("what part of society it is: a PLOVER sector code such as GOV, MIL, REB", default=None)
    start: int | None = _doc("offset of the mention's first character in the document's text", default=None)
    end: int | None = _doc("offset after the mention's last character in the document's text", default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A text with its date: what events are read from."""

    document_id: str = _doc("the input's id, else the file's name")
    text: str = _doc("the body, exactly as offsets count it")
    published: datetime.date = _doc("day of publication; relative dates are resolved against it")
    title: str | None = _doc("headline, where known", default=None)
    source: str | None = _doc("who published it", default=None)
    url: str | None = _doc("address, where known", default=None)
    path: str | None = _doc("file that it was read from", default=None)
    date_from: str = _doc("where the date was found: metadata, text, option", default="metadata")


@dataclass(frozen=True, slots=True, kw_only=True)
class Rejected:
    """An input that could not become a document, with the reason; counted and reported, never lost in silence."""

    where: str = _doc("file, with line or record number where known")
    code: str = _doc("short stable name of the reason, such as no-date")
    reason: str = _doc("what is wrong, in a sentence")


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of a document; ``document.text[start:end] == text``."""

    no: int = _doc("number in the document, from 0")
    start: int = _doc("offset of its first character")
    end: int = _doc("offset after its last character")
    text: str = _doc("its words, exactly as in the document")


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Who did or said what to whom, with the sentence that says so."""

    event_id: str = _doc("stable hash of document, sentence, type, actor, recipient and evidence")
    document_id: str = _doc("document it was read from, or the data set's own record id")
    sentence_no: int | None = _doc("number of the sentence in the document, from 0", default=None)
    sentence: str | None = _doc("the sentence, word for word", default=None)
    start: int | None = _doc("offset of the evidence in the document's text", default=None)
    end: int | None = _doc("offset after the evidence in the document's text", default=None)
    event: str = _doc("PLOVER event type")
    mode: str | None = _doc("PLOVER mode, where the type has one", default=None)
    contexts: tuple[str, ...] = _doc("PLOVER contexts", default=())
    cameo: str | None = _doc("CAMEO code, where known", default=None)
    quad: int = _doc("1 verbal cooperation, 2 material cooperation, 3 verbal conflict, 4 material conflict")
    intensity: float = _doc("Goldstein-style scale, -10 (most conflictual) to +10 (most cooperative)")
    actor: Party | None = _doc("who acts; null where the text does not say", default=None)
    recipient: Party | None = _doc("whom it is done or said to; null where there is none", default=None)
    status: Status = _doc("happened, ongoing, announced, conditional, denied or absent", default="happened")
    date: datetime.date = _doc("when it took or takes place, as precisely as the text says")
    date_precision: DatePrecision = _doc(
        "day, month, year; published where only the day of publication is known", default="published"
    )
    published: datetime.date = _doc("day of publication")
    said_by: str | None = _doc("who is quoted for it, or null where the reporter says it", default=None)
    confidence: float = _doc("calibrated probability that the coding is right, 0 to 1", default=1.0)
    reliability: float = _doc("how far the record itself deserves trust, 0 to 1; 1 for text we coded", default=1.0)
    place: str | None = _doc("where it took place, as named", default=None)
    url: str | None = _doc("address of the report", default=None)
    source: str | None = _doc("who published the report", default=None)
    coder: str = _doc("name and version of the coder")
    dataset: str = _doc("data set it comes from; reading for text we coded", default="reading")
    batch_id: str | None = _doc("batch that brought it into the ledger", default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """Who said what about whom."""

    statement_id: str = _doc("stable hash of document, sentence, speaker and words")
    document_id: str = _doc("document it was read from")
    sentence_no: int = _doc("number of the sentence in the document, from 0")
    sentence: str = _doc("the sentence, word for word")
    start: int = _doc("offset of the words in the document's text")
    end: int = _doc("offset after the words in the document's text")
    speaker: Party = _doc("who speaks")
    recipients: tuple[Party, ...] = _doc("whom the words are about", default=())
    words: str = _doc("what is said, word for word")
    stance: float = _doc("attitude of the speaker toward the recipients, -1 hostile to +1 friendly")
    hedge: str | None = _doc("the word that weakens it (may, reportedly, ready to consider), if any", default=None)
    published: datetime.date = _doc("day of publication")
    coder: str = _doc("name and version of the coder")
    batch_id: str | None = _doc("batch that brought it into the ledger", default=None)


def describe(record: type) -> dict[str, str]:
    """Field name to description, in order, for one of the record classes."""
    return {f.name: f.metadata["doc"] for f in dataclasses.fields(record)}


def stable_id(*parts: object) -> str:
    """16 hex digits that depend on the parts alone (BLAKE2b); the same on every machine and run."""
    raw = "\x1f".join("" if part is None else str(part) for part in parts)
    return hashlib.blake2b(raw.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()


def parse_date(value: object, what: str = "date") -> datetime.date:
    """A day from ``YYYY-MM-DD`` (a longer ISO time is cut); BadDate for anything else."""
    if isinstance(value, datetime.date):
        return datetime.date(value.year, value.month, value.day)
    if isinstance(value, str):
        text = value.strip()
        if len(text) == 10 or (len(text) > 10 and text[10] in "T "):
            try:
                return datetime.date.fromisoformat(text[:10])
            except ValueError:
                pass
    raise BadDate(value, what)


def to_json(record: Any) -> dict[str, Any]:
    """A record as plain JSON data: dates as ISO text, tuples as lists, parties nested."""

    def plain(value: Any) -> Any:
        if dataclasses.is_dataclass(value) and not isinstance(value, type):
            return {f.name: plain(getattr(value, f.name)) for f in dataclasses.fields(value)}
        if isinstance(value, datetime.date):
            return value.isoformat()
        if isinstance(value, tuple | list):
            return [plain(item) for item in value]
        if isinstance(value, float):
            return round(value, 6)
        return value

    return cast("dict[str, Any]", plain(record))


@cache
def _arrow_types() -> dict[str, pa.DataType]:
    """Types of the columns that are not text."""
    import pyarrow as pa  # noqa: PLC0415 - coding a text needs no tables, and Arrow takes time to load

    return {
        "sentence_no": pa.int32(),
        "start": pa.int64(),
        "end": pa.int64(),
        "contexts": pa.list_(pa.string()),
        "quad": pa.int8(),
        "intensity": pa.float32(),
        "date": pa.date32(),
        "published": pa.date32(),
        "confidence": pa.float32(),
        "reliability": pa.float32(),
        "stance": pa.float32(),
    }


@cache
def _schema(record: type, flat: tuple[str, ...]) -> pa.Schema:
    """Arrow schema of a record; the fields named in ``flat`` are parties, spread over columns of their own."""
    import pyarrow as pa  # noqa: PLC0415

    types = _arrow_types()
    columns: list[pa.Field] = []
    for f in dataclasses.fields(record):
        parts = [(f"{f.name}_{p.name}", p) for p in dataclasses.fields(Party)] if f.name in flat else [(f.name, f)]
        for name, part in parts:
            kind = types.get(part.name, pa.string())
            columns.append(pa.field(name, kind, metadata={"doc": part.metadata["doc"]}))
    return pa.schema(columns)


def __getattr__(name: str) -> Any:
    """``EVENT_SCHEMA`` and ``STATEMENT_SCHEMA``, made when they are first asked for."""
    if name == "EVENT_SCHEMA":
        return _schema(Event, ("actor", "recipient"))
    if name == "STATEMENT_SCHEMA":
        return _schema(Statement, ("speaker",))
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


_PARTY_FIELDS = tuple(f.name for f in dataclasses.fields(Party))


def _flatten(record: Event | Statement, flat: tuple[str, ...]) -> dict[str, Any]:
    row: dict[str, Any] = {}
    for f in dataclasses.fields(record):
        value = getattr(record, f.name)
        if f.name in flat:
            for name in _PARTY_FIELDS:
                row[f"{f.name}_{name}"] = None if value is None else getattr(value, name)
        elif isinstance(value, tuple):
            row[f.name] = list(value)
        else:
            row[f.name] = value
    return row


def event_row(event: Event) -> dict[str, Any]:
    """An event as one flat row with the columns of ``EVENT_SCHEMA``."""
    return _flatten(event, ("actor", "recipient"))


def statement_row(statement: Statement) -> dict[str, Any]:
    """A statement as one flat row with the columns of ``STATEMENT_SCHEMA``; recipients as JSON text."""
    row = _flatten(statement, ("speaker",))
    row["recipients"] = json.dumps([to_json(p) for p in statement.recipients], ensure_ascii=False)
    return row


def events_to_table(events: Iterable[Event]) -> pa.Table:
    """Events as an Arrow table of ``EVENT_SCHEMA``."""
    import pyarrow as pa  # noqa: PLC0415

    return pa.Table.from_pylist([event_row(e) for e in events], schema=_schema(Event, ("actor", "recipient")))


def statements_to_table(statements: Iterable[Statement]) -> pa.Table:
    """Statements as an Arrow table of ``STATEMENT_SCHEMA``."""
    import pyarrow as pa  # noqa: PLC0415

    return pa.Table.from_pylist([statement_row(s) for s in statements], schema=_schema(Statement, ("speaker",)))


def _party(row: Mapping[str, Any], prefix: str) -> Party | None:
    values: dict[str, Any] = {name: row.get(f"{prefix}_{name}") for name in _PARTY_FIELDS}
    name = values["name"] or values["text"]
    if name is None:
        return None
    return Party(**values | {"name": name, "text": values["text"] or name})


def event_from_row(row: Mapping[str, Any]) -> Event:
    """The inverse of :func:`event_row`; unknown columns are ignored, BadInput where a required one is missing."""
    values: dict[str, Any] = {}
    for f in dataclasses.fields(Event):
        if f.name in ("actor", "recipient"):
            values[f.name] = _party(row, f.name)
        elif f.name in row:
            values[f.name] = row[f.name]
    values["contexts"] = tuple(values.get("contexts") or ())
    try:
        return Event(**values)
    except TypeError as error:
        raise BadInput(f"not an event: {error}") from None


def statement_from_row(row: Mapping[str, Any]) -> Statement:
    """The inverse of :func:`statement_row`; unknown columns are ignored."""
    values: dict[str, Any] = {f.name: row.get(f.name) for f in dataclasses.fields(Statement)}
    values["speaker"] = Party(**{name: row[f"speaker_{name}"] for name in _PARTY_FIELDS})
    values["recipients"] = tuple(Party(**party) for party in json.loads(row["recipients"] or "[]"))
    return Statement(**values)
