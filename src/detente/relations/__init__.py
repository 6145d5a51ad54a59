"""Relations: dyad series, shifts, attention, groups; analyses written once over any table of events."""

from detente.relations.attention import Attention, Volume, attention
from detente.relations.context import baseline, with_context, world_months
from detente.relations.engine import ENGINES, LedgerTables, Tables, open_tables
from detente.relations.groups import GroupView, Lead, Pair, Triad, group_view
from detente.relations.kept import keep
from detente.relations.relation import AttentionPoint, Baseline, Relation, Stand, dyad_events, relation
from detente.relations.replay import Sighting, replay
from detente.relations.series import BY, SeriesPoint, dyad_series, periods_between
from detente.relations.shifts import SORTS, Shift, shifts
from detente.relations.stance import Evidence, Level, Stance, StancePoint, parting, stance

__all__ = [
    "BY",
    "ENGINES",
    "SORTS",
    "Attention",
    "AttentionPoint",
    "Baseline",
    "Evidence",
    "GroupView",
    "Lead",
    "LedgerTables",
    "Level",
    "Pair",
    "Relation",
    "SeriesPoint",
    "Shift",
    "Sighting",
    "Stance",
    "StancePoint",
    "Stand",
    "Tables",
    "Triad",
    "Volume",
    "attention",
    "baseline",
    "dyad_events",
    "dyad_series",
    "group_view",
    "keep",
    "open_tables",
    "parting",
    "periods_between",
    "relation",
    "replay",
    "shifts",
    "stance",
    "with_context",
    "world_months",
]
