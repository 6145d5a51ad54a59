"""Leverage: dependence between states, and corridors and networks as cooperative games."""

from detente.leverage.analysis import Fee, LinkWorth, Need, Share, Solution, shares, solve, solve_game
from detente.leverage.corridor import Plan, build_game, plan
from detente.leverage.games import (
    EXACT_PLAYERS,
    BigGame,
    Game,
    airport_game,
    assignment_game,
    bankruptcy_game,
    glove_game,
    table_game,
    voting_game,
)
from detente.leverage.network import Network
from detente.leverage.nucleolus import Core, core, nucleolus
from detente.leverage.parse import GivenGame, parse, read
from detente.leverage.programme import TooLarge
from detente.leverage.solutions import banzhaf, in_core, needs, shapley, shapley_sampled
from detente.leverage.whatif import Outcome, Range, Swing, apply, monte_carlo, tornado, variants

__all__ = [
    "EXACT_PLAYERS",
    "BigGame",
    "Core",
    "Fee",
    "Game",
    "GivenGame",
    "LinkWorth",
    "Need",
    "Network",
    "Outcome",
    "Plan",
    "Range",
    "Share",
    "Solution",
    "Swing",
    "TooLarge",
    "airport_game",
    "apply",
    "assignment_game",
    "bankruptcy_game",
    "banzhaf",
    "build_game",
    "core",
    "glove_game",
    "in_core",
    "monte_carlo",
    "needs",
    "nucleolus",
    "parse",
    "plan",
    "read",
    "shapley",
    "shapley_sampled",
    "shares",
    "solve",
    "solve_game",
    "table_game",
    "tornado",
    "variants",
    "voting_game",
]
