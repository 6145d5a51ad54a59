"""Leverage: dependence between states, and corridors and networks as cooperative games."""

from detente.leverage.analysis import Fee, LinkWorth, Need, Share, Solution, shares, solve, solve_game
from detente.leverage.corridor import Plan, TooLarge, build_game, plan
from detente.leverage.dependence import (
    WORLD,
    Dependence,
    DependenceTable,
    Holder,
    Pair,
    Tie,
    read_dependence,
    write_dependence,
)
from detente.leverage.dyad import Component, DyadMaterial, dyad_material, for_dyad, share_text
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
from detente.leverage.parse import GivenGame, parse, read, schema
from detente.leverage.solutions import banzhaf, in_core, needs, shapley, shapley_sampled
from detente.leverage.whatif import REPEATED_PLAYERS, Outcome, Range, Swing, apply, monte_carlo, tornado, variants

__all__ = [
    "EXACT_PLAYERS",
    "REPEATED_PLAYERS",
    "WORLD",
    "BigGame",
    "Component",
    "Core",
    "Dependence",
    "DependenceTable",
    "DyadMaterial",
    "Fee",
    "Game",
    "GivenGame",
    "Holder",
    "LinkWorth",
    "Need",
    "Network",
    "Outcome",
    "Pair",
    "Plan",
    "Range",
    "Share",
    "Solution",
    "Swing",
    "Tie",
    "TooLarge",
    "airport_game",
    "apply",
    "assignment_game",
    "bankruptcy_game",
    "banzhaf",
    "build_game",
    "core",
    "dyad_material",
    "for_dyad",
    "glove_game",
    "in_core",
    "monte_carlo",
    "needs",
    "nucleolus",
    "parse",
    "plan",
    "read",
    "read_dependence",
    "schema",
    "shapley",
    "shapley_sampled",
    "share_text",
    "shares",
    "solve",
    "solve_game",
    "table_game",
    "tornado",
    "variants",
    "voting_game",
    "write_dependence",
]
