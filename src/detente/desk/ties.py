"""What leverage is computed from: a corridor file and a table of ties, read once when the desk starts."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from detente.errors import BadInput

if TYPE_CHECKING:
    from detente.leverage import Component, DependenceTable, Network

__all__ = ["Ties"]


@dataclass(frozen=True, slots=True)
class Ties:
    """The corridor or network and the table of ties that the analyst gave, as far as given."""

    corridor: Network | None = None
    dependence: DependenceTable | None = None
    source: str = "table of ties"

    @classmethod
    def read(cls, corridor: Path | None, dependence: Path | None) -> Ties:
        """From their files; NotFound or BadInput as their readers have it, BadInput for a game without links."""
        if corridor is None and dependence is None:
            return cls()
        from detente.leverage import Network, read, read_dependence  # noqa: PLC0415 - loads the solvers

        network = None if corridor is None else read(corridor)
        if network is not None and not isinstance(network, Network):
            raise BadInput("holds a game without a network; give a corridor or network file", str(corridor))
        return cls(
            corridor=network,
            dependence=None if dependence is None else read_dependence(dependence),
            source=dependence.name if dependence else "table of ties",
        )

    def between(self, a: str, b: str) -> tuple[Component, ...]:
        """All that can be said of leverage between two states; empty where nothing is known of the pair."""
        if self.corridor is None and self.dependence is None:
            return ()
        from detente.leverage import for_dyad  # noqa: PLC0415

        return for_dyad(a, b, dependence=self.dependence, corridor=self.corridor, source=self.source)
