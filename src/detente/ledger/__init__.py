"""The ledger: the store of documents, events and statements in one embedded DuckDB file."""

from detente.ledger.batch import Batch
from detente.ledger.connect import bounded
from detente.ledger.corrections import EventCorrection
from detente.ledger.import_schema import events_among, imported_evidence
from detente.ledger.ledger import Ledger, open_ledger
from detente.ledger.query import EventFilter, StoredDocument
from detente.ledger.reading import ReadReport
from detente.ledger.schema import FORMAT, LEDGER_EVENT_SCHEMA, REQUIRED_EVENT_COLUMNS, TABLES
from detente.ledger.writing import CodedDocument, Written, content_hash

__all__ = [
    "FORMAT",
    "LEDGER_EVENT_SCHEMA",
    "REQUIRED_EVENT_COLUMNS",
    "TABLES",
    "Batch",
    "CodedDocument",
    "EventCorrection",
    "EventFilter",
    "Ledger",
    "ReadReport",
    "StoredDocument",
    "Written",
    "bounded",
    "content_hash",
    "events_among",
    "imported_evidence",
    "open_ledger",
]
