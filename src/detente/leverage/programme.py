"""One coalition's best plan as a linear programme, solved by HiGHS.

The worth of all coalitions comes from :mod:`detente.leverage.flows`; this gives what flows in one, and stands beside
the other in tests.
"""

from __future__ import annotations

from collections.abc import Sequence

import highspy
import numpy as np
import numpy.typing as npt

from detente.leverage.flows import Arc
from detente.leverage.games import Array

__all__ = ["FlowProgramme"]


class FlowProgramme:
    """The most that flows over arcs can earn where goods neither appear nor vanish in the first ``nodes`` nodes."""

    def __init__(self, arcs: Sequence[Arc], nodes: int) -> None:
        parts = [(k, price, arc.capacity / len(arc.prices)) for k, arc in enumerate(arcs) for price in arc.prices]
        self.arc = np.array([k for k, _, _ in parts], dtype=np.intp)
        self.arcs = len(arcs)
        price, upper = np.array([p for _, p, _ in parts]), np.array([q for _, _, q in parts])
        # Scaled to at most 1, so that one tolerance serves tonnes and containers alike.
        self.price_unit = float(np.abs(price).max(initial=0.0)) or 1.0
        self.flow_unit = float(upper.max(initial=0.0)) or 1.0
        self.upper = upper / self.flow_unit
        matrix = np.zeros((nodes + 1, len(parts)))
        matrix[[arcs[k].tail for k in self.arc], np.arange(len(parts))] = -1.0
        matrix[[arcs[k].head for k in self.arc], np.arange(len(parts))] = 1.0
        self._solver = _model(matrix[:nodes], price / self.price_unit, self.upper)

    def best(self, usable: npt.NDArray[np.bool_]) -> tuple[Array, float]:
        """Optimal amounts on every arc where only ``usable`` ones count, and what they earn."""
        n, solver = len(self.arc), self._solver
        solver.changeColsBounds(n, np.arange(n, dtype=np.int32), np.zeros(n), self.upper * usable[self.arc])
        solver.run()
        if solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            raise ArithmeticError(f"flow programme not solved: {solver.getModelStatus()}")
        column = np.array(solver.getSolution().col_value)
        amounts = np.asarray(np.bincount(self.arc, column, self.arcs) * self.flow_unit, dtype=np.float64)
        return amounts, -float(solver.getInfo().objective_function_value) * self.flow_unit * self.price_unit


def _model(matrix: Array, price: Array, upper: Array) -> highspy.Highs:
    """``max price . x`` with ``matrix x = 0`` and ``0 <= x <= upper``."""
    h = highspy.Highs()  # type: ignore[no-untyped-call]
    for name, value in (("output_flag", False), ("threads", 1), ("presolve", "off"), ("solver", "simplex")):
        h.setOptionValue(name, value)
    for name in ("primal_feasibility_tolerance", "dual_feasibility_tolerance"):
        h.setOptionValue(name, 1e-9)
    rows, columns = matrix.shape
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = columns, rows
    lp.col_cost_, lp.col_lower_, lp.col_upper_ = -price, np.zeros(columns), upper
    lp.row_lower_ = lp.row_upper_ = np.zeros(rows)
    column, row = np.nonzero(matrix.T)
    lp.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    lp.a_matrix_.start_ = np.concatenate([[0], np.bincount(column, minlength=columns).cumsum()])
    lp.a_matrix_.index_, lp.a_matrix_.value_ = row, matrix.T[column, row]
    h.passModel(lp)
    return h
