"""``detente desk``: the analyst's page and the REST API on a ledger."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from detente.cli.output import LedgerOption, note

__all__ = ["COMMANDS"]

PORT = 8470


def desk(
    ledger: LedgerOption,
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port to listen on; 0 takes a free one.")] = PORT,
    host: Annotated[
        str, typer.Option(help="Address to listen on; one that others reach needs a token, which is printed.")
    ] = "127.0.0.1",
    read_only: Annotated[bool, typer.Option("--read-only", help="Refuse every change.")] = False,
    corridor: Annotated[
        Path | None,
        typer.Option(help="Corridor or network file: shows leverage on the pages of relations and in briefs."),
    ] = None,
    dependence: Annotated[
        Path | None, typer.Option(help="Table of ties (CSV): shows dependence on the pages of relations and in briefs.")
    ] = None,
    keep: Annotated[
        int, typer.Option(min=0, help="Megabytes of answers to keep in memory for whoever asks again; 0 keeps none.")
    ] = 64,
    token: Annotated[
        str | None, typer.Option(envvar="DETENTE_TOKEN", help="Token that is asked for; made up where one is needed.")
    ] = None,
) -> None:
    """The ledger in the browser, and as a REST API under /api/v1; stop it with Ctrl-C.

    Example: detente desk --ledger my.ledger
    """
    from detente.api.server import is_loopback, listen, serve  # noqa: PLC0415
    from detente.desk import create_app  # noqa: PLC0415 - loads the analyses

    if token is None and not is_loopback(host):
        token = secrets.token_urlsafe(24)
    with listen(host, port) as sock:
        app = create_app(
            ledger,
            corridor=corridor,
            dependence=dependence,
            read_only=read_only,
            host=host,
            token=token,
            keep_bytes=keep * 1024 * 1024,
        )

        def ready(taken: int) -> None:
            shown = f"[{host}]" if ":" in host else host
            address = f"http://{shown}:{taken}/"
            if token is None:
                note(f"detente: {ledger} at {address} (this machine only; Ctrl-C stops it)")
            else:
                note(f"detente: {ledger} at {address}?token={token} (whoever has this address can read and change it)")

        serve(app, sock, ready)


COMMANDS: dict[str, Callable[..., None]] = {"desk": desk}
