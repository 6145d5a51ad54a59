"""The program: its commands, and the one place where errors become exit codes."""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Sequence
from functools import cache
from typing import Annotated

import typer

import detente
from detente.cli.output import emit, note
from detente.errors import DetenteError

__all__ = ["app", "main"]

app = typer.Typer(
    name="detente",
    help="Relations between states, read from the news.",
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    add_completion=False,
)


@app.callback(invoke_without_command=True)
def root(
    context: typer.Context,
    version: Annotated[bool, typer.Option("--version", help="Print the version and stop.")] = False,
) -> None:
    """Relations between states, read from the news: events, commitments, shifts and leverage, with the sentences.

    Start with: detente demo
    """
    if version:
        emit(f"detente {detente.__version__}")
    elif context.invoked_subcommand is None:
        emit(context.get_help())


def _register() -> None:
    from detente.cli import (  # noqa: PLC0415 - they need ``app``'s module to be loaded
        coding,
        commitments,
        datasets,
        desk,
        leverage,
        reading,
        reference,
        relations,
        reports,
    )

    for module in (coding, reading, datasets, relations, commitments, leverage, reports, desk, reference):
        for name, function in module.COMMANDS.items():
            app.command(name)(function)


_register()

_command = cache(lambda: typer.main.get_command(app))
"""The commands with their options: built at the first run, for programs that run many."""


def main(argv: Sequence[str] | None = None) -> None:
    """Run the program and leave with its exit code."""
    sys.exit(run(argv))


def run(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code (see CONTRACT: 0 done, 2 bad input or usage, 1 internal)."""
    try:
        result = _command().main(args=None if argv is None else list(argv), prog_name="detente", standalone_mode=False)
    except DetenteError as error:
        note(f"detente: {_one_line(str(error))}")
        return 2
    except typer.TyperException as error:
        note(f"detente: {_one_line(error.format_message())} (see detente --help)")
        return 2
    except typer.Exit as leave:
        return leave.exit_code
    except typer.Abort:
        note("detente: stopped")
        return 2
    except KeyboardInterrupt:
        note("detente: interrupted; what was committed stays")
        return 130
    except BrokenPipeError:
        # The reader of our output has gone (``detente code … | head``): nothing is wrong.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Exception:  # the boundary: everything unforeseen is an internal error
        traceback.print_exc()
        note("detente: internal error; please report the lines above")
        return 1
    return result if isinstance(result, int) else 0


def _one_line(text: str) -> str:
    return " ".join(text.split())
