"""Who: states and their parts, leaders with days of office, organisations, armed groups, companies, peoples, places."""

from detente.actors.countries import GROUPS, country, country_name, find_country, group
from detente.actors.gazetteer import Gazetteer
from detente.actors.model import Actor, Mention, Office, Resolved
from detente.actors.reading import Reading
from detente.actors.tables import COUNTRIES, Country

__all__ = [
    "COUNTRIES",
    "GROUPS",
    "Actor",
    "Country",
    "Gazetteer",
    "Mention",
    "Office",
    "Reading",
    "Resolved",
    "country",
    "country_name",
    "find_country",
    "group",
]
