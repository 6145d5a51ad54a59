"""Relations: dyad series, shifts, attention, groups; analyses written once over any table of events."""

from detente.relations.attention import Attention, Volume, attention
from detente.relations.context import baseline, with_context
from detente.relations.engine import ENGINES, Tables, open_tables
from detente.relations.relation import AttentionPoint, Baseline, Relation, Stand, dyad_events, relation
from detente.relations.series import BY, SeriesPoint, dyad_series, periods_between
from detente.relations.shifts import SORTS, Shift, shifts

__all__ = [
    "BY",
    "ENGINES",
    "SORTS",
    "Attention",
    "AttentionPoint",
    "Baseline",
    "Relation",
    "SeriesPoint",
    "Shift",
    "Stand",
    "Tables",
    "Volume",
    "attention",
    "baseline",
    "dyad_events",
    "dyad_series",
    "open_tables",
    "periods_between",
    "relation",
    "shifts",
    "with_context",
]
