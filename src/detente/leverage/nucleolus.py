"""The nucleolus and the core by linear programmes that are given only the coalitions that matter.

The nucleolus (Schmeidler 1969) makes the worst-off coalition as well off as possible, then the next, and so on. Each
stage is a linear programme over all ``2**n`` coalitions; here it starts from a few and is given those that the last
answer wrongs most, until none is left (Nguyen and Thomas 2016). Coalitions that bind in every optimal answer of a
stage, told by a positive dual price, are fixed; those whose payoff is thereby settled leave the problem.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import highspy
import numpy as np
import numpy.typing as npt

from detente.leverage.games import Array, Game, coalition_sums

__all__ = ["Core", "core", "nucleolus"]

_TOLERANCE = 1e-9  # on values scaled to at most 1; HiGHS itself is run at 1e-10
_ROWS_A_ROUND = 3  # rows added a round, times the number of players: from 1 to 6 tried at 20 players, 3 was quickest


@dataclass(frozen=True)
class Core:
    """Whether some division leaves no coalition better off alone, and how far from it the game is.

    ``least`` is the smallest tax on leaving that makes a division stable, in money: at most 0 where the core is not
    empty. ``low`` and ``high`` are the least and the most that each player gets in the core; None where it is empty.
    """

    empty: bool
    least: float
    low: tuple[float, ...] | None
    high: tuple[float, ...] | None


@dataclass
class _Programme:
    """Players' payoffs ``x`` and the largest excess ``t``, with the coalitions known so far as rows."""

    gains: Array
    n: int
    known: dict[int, int] = field(default_factory=dict)  # coalition to row
    solver: highspy.Highs = field(default_factory=highspy.Highs)

    def start(self, lower: Array) -> None:
        """Variables, ``x(all) = v(all)`` as row 0, and the coalitions of one and of all but one."""
        h = self.solver
        for name, value in (("output_flag", False), ("threads", 1), ("presolve", "off"), ("solver", "simplex")):
            h.setOptionValue(name, value)
        for name in ("primal_feasibility_tolerance", "dual_feasibility_tolerance"):
            h.setOptionValue(name, 1e-10)
        for i in range(self.n):
            h.addVar(float(lower[i]), highspy.kHighsInf)
        h.addVar(-highspy.kHighsInf, highspy.kHighsInf)
        worth = float(self.gains[-1])
        h.addRow(worth, worth, self.n, np.arange(self.n, dtype=np.int32), np.ones(self.n))
        everyone = (1 << self.n) - 1
        self.add([1 << i for i in range(self.n)] + [everyone ^ (1 << i) for i in range(self.n)])

    def add(self, coalitions: list[int]) -> None:
        """Rows ``x(S) + t >= v(S)`` for coalitions not yet known."""
        for mask in coalitions:
            if mask in self.known or mask in (0, (1 << self.n) - 1):
                continue
            members = [i for i in range(self.n) if mask >> i & 1]
            self.known[mask] = self.solver.getNumRow()
            index = np.array([*members, self.n], dtype=np.int32)
            self.solver.addRow(float(self.gains[mask]), highspy.kHighsInf, len(index), index, np.ones(len(index)))

    def aim(self, cost: Array) -> None:
        """Set what is minimised: a weight for each payoff, and one for ``t``."""
        self.solver.changeColsCost(self.n + 1, np.arange(self.n + 1, dtype=np.int32), cost)

    def bound_excess(self, low: float, high: float) -> None:
        """Bounds on ``t``."""
        self.solver.changeColBounds(self.n, low, high)

    def fix(self, mask: int, payoff: float) -> None:
        """From now on ``x(S)`` is exactly ``payoff``, whatever ``t``."""
        row = self.known[mask]
        self.solver.changeCoeff(row, self.n, 0.0)
        self.solver.changeRowBounds(row, payoff, payoff)

    def release(self, mask: int) -> None:
        """A coalition whose payoff the fixed ones settle no longer restricts ``t``."""
        self.solver.changeRowBounds(self.known[mask], -highspy.kHighsInf, highspy.kHighsInf)

    def solve(self, free: npt.NDArray[np.bool_] | None) -> tuple[Array, float]:
        """Payoffs and excess at the optimum over all free coalitions (all, where ``free`` is None)."""
        while True:
            self.solver.run()
            if self.solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
                # A warm start can stall on rows that are nearly dependent; begin from scratch once.
                self.solver.clearSolver()
                self.solver.run()
                if self.solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
                    raise ArithmeticError(f"stage not solved: {self.solver.getModelStatus()}")
            column = np.array(self.solver.getSolution().col_value)
            x, t = column[: self.n], float(column[self.n])
            wronged = self.gains - coalition_sums(x) - t
            wronged[0] = wronged[-1] = -np.inf
            if free is not None:
                wronged[~free] = -np.inf
            worst = float(wronged.max())
            if worst <= _TOLERANCE:
                return x, t
            # The worst ones, but not those that are wronged only a little beside them.
            candidates = np.flatnonzero(wronged > max(_TOLERANCE, 0.3 * worst))
            limit = _ROWS_A_ROUND * self.n
            if len(candidates) > limit:
                candidates = candidates[np.argpartition(-wronged[candidates], limit)[:limit]]
            before = len(self.known)
            self.add([int(mask) for mask in candidates])
            if len(self.known) == before:
                return x, t  # what is left is rounding in rows that the programme already holds


def nucleolus(game: Game) -> Array:
    """The nucleolus; where the players cannot all get what they have alone, the prenucleolus.

    Raises ArithmeticError if a stage cannot be solved to 1e-9 of the largest value.
    """
    n = len(game.players)
    scale = float(np.abs(game.gains).max()) or 1.0
    gains = game.gains / scale
    alone = np.array([gains[1 << i] for i in range(n)])
    if n == 1:
        return game.values[1:].copy()
    lower = alone if alone.sum() <= gains[-1] + _TOLERANCE else np.full(n, -highspy.kHighsInf)
    programme = _Programme(gains, n)
    programme.start(lower)
    programme.aim(np.append(np.zeros(n), 1.0))
    fixed, payoffs = [np.ones(n)], [float(gains[-1])]
    free = np.ones(1 << n, dtype=bool)
    settled: set[int] = set()
    while True:
        x, t = programme.solve(free)
        duals = np.array(programme.solver.getSolution().row_dual)
        binding = [mask for mask, row in programme.known.items() if mask not in settled and duals[row] > 1e-7]
        for mask in binding:
            members = np.array([float(mask >> i & 1) for i in range(n)])
            if np.linalg.matrix_rank(np.array([*fixed, members]), tol=1e-9) > len(fixed):
                fixed.append(members)
                payoffs.append(float(gains[mask]) - t)
                programme.fix(mask, payoffs[-1])
                settled.add(mask)
        if len(fixed) >= n or not binding:
            break
        free = ~_settled(np.array(fixed), n)
        if not free[1:-1].any():
            break
        for mask in programme.known:
            if mask not in settled and not free[mask]:
                programme.release(mask)
                settled.add(mask)
    if len(fixed) >= n:
        x = np.linalg.solve(np.array(fixed), np.array(payoffs))
    found: Array = (-x if game.cost else x) * scale
    return found


def _settled(fixed: Array, n: int) -> npt.NDArray[np.bool_]:
    """Coalitions whose payoff follows from the fixed ones: those in the span of their rows.

    A coalition is in the span if it is orthogonal to every direction in which payoffs can still move. Two random
    such directions (with a fixed seed) tell: one outside the span is orthogonal to both with probability zero.
    """
    _, singular, basis = np.linalg.svd(fixed)
    rank = int((singular > 1e-9).sum())
    directions = np.random.default_rng(0).standard_normal((2, n - rank)) @ basis[rank:]
    still = np.abs(coalition_sums(directions[0])) < 1e-9
    still &= np.abs(coalition_sums(directions[1])) < 1e-9
    return still


def core(game: Game) -> Core:
    """Whether the core is empty, the least core's tax, and the range of each player's payoff in the core."""
    n = len(game.players)
    if n == 1:
        only = float(game.values[1])
        return Core(empty=False, least=0.0, low=(only,), high=(only,))
    scale = float(np.abs(game.gains).max()) or 1.0
    programme = _Programme(game.gains / scale, n)
    programme.start(np.full(n, -highspy.kHighsInf))
    programme.aim(np.append(np.zeros(n), 1.0))
    _, least = programme.solve(None)
    if least > 1e-8:
        return Core(empty=True, least=least * scale, low=None, high=None)
    programme.bound_excess(0.0, 0.0)
    low, high = np.empty(n), np.empty(n)
    for i in range(n):
        for bound, sign in ((low, 1.0), (high, -1.0)):
            cost = np.zeros(n + 1)
            cost[i] = sign
            programme.aim(cost)
            bound[i] = programme.solve(None)[0][i]
    if game.cost:
        low, high = -high, -low
    return Core(
        empty=False,
        least=least * scale,
        low=tuple(float(v) * scale for v in low),
        high=tuple(float(v) * scale for v in high),
    )
