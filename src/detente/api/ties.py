"""What leverage is computed from: a corridor file and a table of ties, read once when serving starts."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from detente.errors import BadInput

if TYPE_CHECKING:
    from detente.leverage import DependenceTable, DyadMaterial, Network

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

    @property
    def given(self) -> bool:
        """Whether there is anything to compute leverage from."""
        return self.corridor is not None or self.dependence is not None

    def between(self, a: str, b: str, last: int | None = None) -> DyadMaterial:
        """All that can be said of leverage between two states, by no year later than ``last``; empty where nothing."""
        from detente.leverage import DyadMaterial, dyad_material  # noqa: PLC0415

        if not self.given:
            return DyadMaterial((), ())
        return dyad_material(a, b, dependence=self.dependence, corridor=self.corridor, last=last, source=self.source)
