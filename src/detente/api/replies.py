"""How answers leave: JSON, CSV or Arrow; with an ETag where they depend on the ledger alone; errors in one shape."""

from __future__ import annotations

import datetime
import io
import json
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Literal, get_args

import pyarrow as pa
import pyarrow.csv as pa_csv
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from starlette.exceptions import HTTPException

from detente.api.answers import keep
from detente.api.paging import Page
from detente.errors import (
    DetenteError,
    LedgerBusy,
    LedgerDamaged,
    MissingExtra,
    NotAllowed,
    NotFound,
    UnknownName,
)
from detente.records import Event, event_row, stable_id, to_json

__all__ = [
    "FORMATS",
    "Format",
    "NotModified",
    "add_error_replies",
    "check_fresh",
    "failure",
    "json_reply",
    "reply",
    "table_of",
]

Format = Literal["json", "csv", "arrow"]
FORMATS: tuple[Format, ...] = get_args(Format)
MEDIA: dict[Format, str] = {
    "json": "application/json",
    "csv": "text/csv; charset=utf-8",
    "arrow": "application/vnd.apache.arrow.stream",
}
_STATUS: dict[type[DetenteError], int] = {
    NotFound: 404,
    UnknownName: 404,
    NotAllowed: 403,
    LedgerBusy: 503,
    LedgerDamaged: 503,
    MissingExtra: 501,
}
_CODES = {401: "not-allowed", 403: "not-allowed", 404: "not-found", 405: "method", 408: "too-slow", 413: "too-large"}
# A cell that a spreadsheet would take for a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


class NotModified(Exception):
    """The client has the answer already, under this ETag."""

    def __init__(self, etag: str) -> None:
        self.etag = etag
        super().__init__(etag)


def chosen_format(request: Request) -> Format:
    """What the address (``?format=``) or else the Accept header asks for; JSON otherwise."""
    asked = request.query_params.get("format")
    for name in FORMATS:
        if asked == name:
            return name
    accept = request.headers.get("accept", "")
    for name in FORMATS:
        if MEDIA[name].partition(";")[0] in accept:
            return name
    return "json"


def etag_of(request: Request) -> str:
    """The ETag of an answer that depends on the ledger and the address alone."""
    store = request.app.state.services.store
    asked = (request.url.path, request.url.query, chosen_format(request))
    return f'"{stable_id(store.version, store.prepared_version, *asked)}"'


def check_fresh(request: Request) -> None:
    """A dependency of such answers: ends the request with 304 where the client has the answer."""
    etag = etag_of(request)
    given = {part.strip().removeprefix("W/") for part in request.headers.get("if-none-match", "").split(",")}
    if etag in given or "*" in given:
        raise NotModified(etag)
    request.state.etag = etag
    keep(request)


def json_reply(data: object, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    """JSON data as a reply; no cache but the client's own, and that only with an ETag."""
    body = json.dumps(data, ensure_ascii=False, allow_nan=False, separators=(",", ":"), default=_plain)
    return Response(body.encode("utf-8", "replace"), status, headers, MEDIA["json"])


def _plain(value: Any) -> Any:
    if isinstance(value, datetime.date):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} is no JSON data")


def data_of(record: Any) -> Any:
    """A record as JSON data, with its own way of writing itself where it has one."""
    own = getattr(record, "to_json", None)
    return own() if own else to_json(record)


def reply(
    request: Request, found: Any, rows: Callable[[], Sequence[Any] | pa.Table] | None = None, *, status: int = 200
) -> Response:
    """A record or a page of records in the format asked for; ``rows`` are those of its table (a page's own are known).

    With the ETag of ``check_fresh`` where the endpoint has that dependency.
    """
    headers = (
        {"ETag": request.state.etag, "Cache-Control": "private, no-cache", "Vary": "Accept"}
        if hasattr(request.state, "etag")
        else {"Cache-Control": "no-store"}
    )
    kind = chosen_format(request)
    page = found if isinstance(found, Page) else None
    if kind == "json" or (rows is None and page is None):
        if page:
            data: Any = {"items": [data_of(x) for x in page.items], "next": page.next, "total": page.total}
        else:
            data = data_of(found)
        return json_reply(data, status, headers)
    if page and page.next:
        headers["Link"] = f'<{request.url.include_query_params(cursor=page.next)}>; rel="next"'
    chosen: Sequence[Any] | pa.Table = rows() if rows else (page.items if page else ())
    table = chosen if isinstance(chosen, pa.Table) else table_of(chosen)
    return Response(as_csv(table) if kind == "csv" else as_arrow(table), 200, headers, MEDIA[kind])


def table_of(records: Iterable[Any]) -> pa.Table:
    """Records as a table, a row each; records inside them as columns with their field's name before, lists as JSON."""
    rows = [event_row(x) if isinstance(x, Event) else _flat(data_of(x)) for x in records]
    names = list(dict.fromkeys(name for row in rows for name in row))
    return pa.table({name: pa.array([row.get(name) for row in rows]) for name in names})


def _flat(data: dict[str, Any], prefix: str = "") -> dict[str, Any]:
    row: dict[str, Any] = {}
    for name, value in data.items():
        if isinstance(value, dict):
            row |= _flat(value, f"{prefix}{name}_")
        elif isinstance(value, list):
            row[prefix + name] = json.dumps(value, ensure_ascii=False)
        else:
            row[prefix + name] = value
    return row


def as_csv(table: pa.Table) -> bytes:
    """A table as CSV; lists as JSON text, and text that a spreadsheet would run as a formula after an apostrophe."""
    columns = []
    for column in table.columns:
        if pa.types.is_list(column.type):
            values = [None if v is None else json.dumps(v, ensure_ascii=False) for v in column.to_pylist()]
            columns.append(pa.array(values, pa.string()))
        elif pa.types.is_string(column.type):
            values = ["'" + v if v and v.startswith(_FORMULA) else v for v in column.to_pylist()]
            columns.append(pa.array(values, pa.string()))
        else:
            columns.append(column)
    out = io.BytesIO()
    pa_csv.write_csv(pa.Table.from_arrays(columns, names=table.column_names), out)
    return out.getvalue()


def as_arrow(table: pa.Table) -> bytes:
    """A table as an Arrow IPC stream."""
    out = io.BytesIO()
    with pa.ipc.new_stream(out, table.schema) as writer:
        writer.write_table(table)
    return out.getvalue()


def failure(status: int, code: str, message: str, where: str | None = None, choices: Sequence[str] = ()) -> Response:
    """The reply to a request that failed, in the one shape that they all have."""
    error = {"code": code, "message": message, "where": where, "choices": list(choices)}
    headers = {"Cache-Control": "no-store"}
    if status == 503:
        headers["Retry-After"] = "2"
    if status in (408, 413):  # what is still to come of the request is not waited for
        headers["Connection"] = "close"
    if status == 401:
        headers["WWW-Authenticate"] = "Bearer"
    return json_reply({"error": error}, status, headers)


def status_of(error: DetenteError) -> int:
    """The HTTP status of an error of ours; 422 for values that cannot be used."""
    return next((status for kind, status in _STATUS.items() if isinstance(error, kind)), 422)


def add_error_replies(app: FastAPI) -> None:
    """Every error as one shape of reply: ours, the framework's and those of wrong parameters."""

    async def ours(_: Request, error: Exception) -> Response:
        assert isinstance(error, DetenteError)  # noqa: S101 - registered for it
        return failure(status_of(error), error.code, str(error), error.where, error.choices)

    async def wrong(_: Request, error: Exception) -> Response:
        assert isinstance(error, RequestValidationError)  # noqa: S101
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        allowed = first.get("ctx", {}).get("expected")
        choices = [part.strip(" '") for part in str(allowed).replace(" or ", ",").split(",")] if allowed else []
        return failure(422, "bad-input", f"{where}: {first['msg']}", where, choices)

    async def http(_: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)  # noqa: S101
        code = _CODES.get(error.status_code, "bad-input")
        return failure(error.status_code, code, str(error.detail))

    async def same(_: Request, error: Exception) -> Response:
        assert isinstance(error, NotModified)  # noqa: S101
        return Response(None, 304, {"ETag": error.etag, "Cache-Control": "private, no-cache", "Vary": "Accept"})

    app.add_exception_handler(DetenteError, ours)
    app.add_exception_handler(RequestValidationError, wrong)
    app.add_exception_handler(HTTPException, http)
    app.add_exception_handler(NotModified, same)
