"""The desk: the analyst's web page on a ledger, served beside the REST API."""

from detente.desk.app import create_app
from detente.desk.keys import KEYS, Key

__all__ = ["KEYS", "Key", "create_app"]
