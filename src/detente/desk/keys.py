"""The keyboard: one list for the page's overlay, its script and the guide."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["KEYS", "Key"]


@dataclass(frozen=True, slots=True)
class Key:
    """Keys pressed one after another, what they do, and where they work."""

    keys: str
    does: str
    where: str = "everywhere"


KEYS: tuple[Key, ...] = (
    Key("?", "show or hide this list"),
    Key("/", "go to the search box: two states open their relation, other words search"),
    Key("g w", "World"),
    Key("g g", "Groups"),
    Key("g r", "Relations"),
    Key("g c", "Commitments"),
    Key("g s", "Search"),
    Key("g l", "Watch list"),
    Key("g a", "Add"),
    Key("j", "next item of the list: event, shift, pair, commitment"),
    Key("k", "the item before"),
    Key("Enter", "open the item"),
    Key("t", "light, dark, or as the system has it"),
    Key("f", "go to the filters"),
    Key("Esc", "close what is open; leave the search box"),
    Key("n", "what nobody noticed, or by size", "World"),
    Key("m", "the next matrix: now, then, the change", "Groups"),
    Key("[", "half a span earlier", "Relation"),
    Key("]", "half a span later", "Relation"),
    Key("-", "twice the span", "Relation"),
    Key("+", "half the span", "Relation"),
    Key("0", "the whole span", "Relation"),
    Key("b", "the brief on the two", "Relation"),
    Key("w", "watch it, or no longer", "Relation"),
    Key("c", "correct the event at hand", "Document"),
    Key("p", "print", "Brief"),
)
