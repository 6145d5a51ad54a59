"""The REST API under ``/api/v1``, and the read layer that it shares with the desk's pages.

The read layer (``store`` and the modules named after what they read) needs no web framework; ``create_app`` does.
"""

from detente.api.app import PREFIX, create_app
from detente.api.paging import Page
from detente.api.services import Services
from detente.api.store import Store

__all__ = ["PREFIX", "Page", "Services", "Store", "create_app"]
