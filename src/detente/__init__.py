"""detente: relations between states, read from the news.

``code`` turns text into events, ``open`` opens a ledger with all that can be done to it and asked of it; heavy parts
are loaded when they are used.
"""

from detente.version import __version__
from detente.workspace import Workspace, code, dossier, dossiers
from detente.workspace import open_workspace as open  # noqa: A004 - used as detente.open, as gzip.open is

__all__ = ["Workspace", "__version__", "code", "dossier", "dossiers", "open"]
