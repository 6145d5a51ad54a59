"""PLOVER's event types, modes and contexts, the CAMEO crosswalk, quad classes, intensity, sectors."""

from detente.ontology.crosswalk import Crosswalk, cameo_to_plover, intensity, plover_to_cameo, quad
from detente.ontology.explanations import Explanation, explain, known_codes
from detente.ontology.tables import (
    CAMEO,
    CONTEXTS,
    QUADS,
    SECTORS,
    TYPES,
    CameoCode,
    Context,
    EventType,
    Mode,
    Sector,
)

__all__ = [
    "CAMEO",
    "CONTEXTS",
    "QUADS",
    "SECTORS",
    "TYPES",
    "CameoCode",
    "Context",
    "Crosswalk",
    "EventType",
    "Explanation",
    "Mode",
    "Sector",
    "cameo_to_plover",
    "explain",
    "intensity",
    "known_codes",
    "plover_to_cameo",
    "quad",
]
