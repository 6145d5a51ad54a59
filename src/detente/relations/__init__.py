"""Relations: dyad series, shifts, attention, groups; analyses written once over any table of events."""

from detente.relations.relation import Relation, dyad_events, relation
from detente.relations.series import BY, SeriesPoint, dyad_series, periods_between

__all__ = ["BY", "Relation", "SeriesPoint", "dyad_events", "dyad_series", "periods_between", "relation"]
