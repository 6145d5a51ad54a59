"""The command line: thin commands over the Python API.

Results go to stdout, progress and logs to stderr. Exit code 0 on success, 2 on wrong usage or bad input (one line
on stderr), 1 on an internal error.
"""

from detente.cli.main import app, main

__all__ = ["app", "main"]
