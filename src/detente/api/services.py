"""What every request has at hand."""

from __future__ import annotations

from dataclasses import dataclass

from detente.api.runner import Runner
from detente.api.state import State
from detente.api.store import Store
from detente.api.ties import Ties

__all__ = ["Services"]


@dataclass(frozen=True, slots=True)
class Services:
    """What requests are answered with: ``app.state.services``.

    ``csrf`` is what a change must carry in its header; ``user`` is who makes changes, by the name of the login;
    ``ties`` is what leverage is computed from.
    """

    store: Store
    state: State
    runner: Runner
    csrf: str
    user: str
    ties: Ties
