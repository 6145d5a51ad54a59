"""Values of very many coalitions from one linear programme whose bounds alone differ.

Each coalition may use some columns of a flow programme and not others, so all coalitions share the matrix and the
prices; only upper bounds differ. An optimal basis for one coalition stays optimal for every coalition for which its
flows stay within bounds (multi-parametric linear programming, Gal and Nedoma 1972), and its value is then a plain sum.
So HiGHS solves one coalition, and one matrix product settles all others that share its basis.
"""

from __future__ import annotations

from dataclasses import dataclass

import highspy
import numpy as np
import numpy.typing as npt

from detente.errors import BadInput
from detente.leverage.games import Array

__all__ = ["MAX_PROGRAMMES", "FlowProgramme", "TooLarge"]

MAX_PROGRAMMES = 40_000
"""Linear programmes solved for one game before giving up: about 10 s at 250 µs each."""

_CHUNK = 1 << 11  # coalitions looked at together
_BASES = 2048  # bases kept: beyond it comparing with all of them costs more than solving
_WORTHWHILE = 2  # coalitions that a new basis must settle on average for learning to go on; one costs about two solves
_TOLERANCE = 1e-8  # on capacities and prices scaled to at most 1

Bools = npt.NDArray[np.bool_]


class TooLarge(BadInput):
    """A game that cannot be worked out exactly within its limits; the message says which."""

    code = "too-large"


@dataclass(frozen=True)
class _Basis:
    """An optimal basis as sums over what is open: its value, and the flows and bounds of its basic columns."""

    value: Array  # (groups,)
    flow: Array  # (groups, rows)
    room: Array  # (groups, rows): upper bounds of the basic columns


class FlowProgramme:
    """``max price . x`` with ``matrix x = 0`` and ``0 <= x <= upper``, where a column counts only if its group is open.

    ``matrix`` is (rows, columns); ``group[j]`` is the group of column ``j``: from 0, in order,
    none left out.
    """

    def __init__(self, matrix: Array, price: Array, upper: Array, group: npt.NDArray[np.intp]) -> None:
        self.rows, self.columns = matrix.shape
        self.groups = int(group.max()) + 1 if len(group) else 0
        self.matrix, self.group = matrix, group
        # Scaled to at most 1, so that one tolerance serves tonnes and containers alike.
        self.price_unit = float(np.abs(price).max(initial=0.0)) or 1.0
        self.flow_unit = float(upper.max(initial=0.0)) or 1.0
        self.price, self.upper = price / self.price_unit, upper / self.flow_unit
        self.solved = 0
        self._learning = True
        self._bases: list[_Basis] = []
        self._solver = self._model()
        self._starts = np.flatnonzero(np.diff(group, prepend=-1))
        self._index = np.arange(self.columns, dtype=np.int32)
        self._zeros = np.zeros(self.columns)

    def _model(self) -> highspy.Highs:
        h = highspy.Highs()  # type: ignore[no-untyped-call]
        for name, value in (("output_flag", False), ("threads", 1), ("presolve", "off"), ("solver", "simplex")):
            h.setOptionValue(name, value)
        for name in ("primal_feasibility_tolerance", "dual_feasibility_tolerance"):
            h.setOptionValue(name, 1e-9)
        lp = highspy.HighsLp()
        lp.num_col_, lp.num_row_ = self.columns, self.rows
        lp.col_cost_, lp.col_lower_, lp.col_upper_ = -self.price, np.zeros(self.columns), self.upper
        lp.row_lower_ = lp.row_upper_ = np.zeros(self.rows)
        columns, rows = np.nonzero(self.matrix.T)
        lp.a_matrix_.format_ = highspy.MatrixFormat.kColwise
        lp.a_matrix_.start_ = np.concatenate([[0], np.bincount(columns, minlength=self.columns).cumsum()])
        lp.a_matrix_.index_, lp.a_matrix_.value_ = rows, self.matrix.T[columns, rows]
        h.passModel(lp)
        return h

    def _solve(self, open_groups: Bools) -> None:
        if self.solved >= MAX_PROGRAMMES:
            raise TooLarge(f"the network has more than {MAX_PROGRAMMES} coalitions that differ in kind")
        self.solved += 1
        self._solver.changeColsBounds(self.columns, self._index, self._zeros, self.upper * open_groups[self.group])
        self._solver.run()
        if self._solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            raise ArithmeticError(f"flow programme not solved: {self._solver.getModelStatus()}")

    def flows(self, open_groups: Bools) -> Array:
        """Optimal amounts in every column when the given groups are open."""
        self._solve(open_groups)
        return np.array(self._solver.getSolution().col_value) * self.flow_unit

    def values(self, open_groups: Bools) -> Array:
        """Optimal value for every row of ``open_groups``, shape ``(coalitions, groups)``; TooLarge over the limit."""
        found = np.full(len(open_groups), np.nan)
        # A random block finds first the bases that serve most; the rest keeps its order, so that the solver's warm
        # start begins near the answer.
        first = np.sort(np.random.default_rng(0).permutation(len(found))[:_CHUNK])
        order = np.concatenate([first, np.setdiff1d(np.arange(len(found)), first, assume_unique=True)])
        learn = self._learning
        for start in range(0, len(order), _CHUNK):
            some = order[start : start + _CHUNK]
            before, solved = len(self._bases), self.solved
            found[some] = self._chunk(open_groups[some], learn=learn and before < _BASES)
            new = len(self._bases) - before
            learn = learn and len(some) - (self.solved - solved) >= _WORTHWHILE * new
        self._learning = learn
        found *= self.price_unit * self.flow_unit
        found[np.abs(found) < _TOLERANCE * self.price_unit * self.flow_unit] = 0.0
        return found

    def _chunk(self, open_groups: Bools, *, learn: bool) -> Array:
        """Values of a block of coalitions: by the bases known so far, then by solving those that none of them fits."""
        rows = open_groups.astype(np.float64)
        values = np.full(len(rows), np.nan)
        # Every basis bounds every coalition from above, and its own basis attains the bound: look there first.
        lowest = np.full(len(rows), np.inf)
        if self._bases:
            bounds = rows @ np.array([basis.value for basis in self._bases]).T
            lowest = bounds.min(axis=1)
            self._settle_by(bounds.argmin(axis=1), rows, values)
            ties = np.flatnonzero(np.isnan(values))
            near = bounds[ties] <= lowest[ties, None] + _TOLERANCE
            for b in np.flatnonzero(near.any(axis=0)):
                self._apply(int(b), rows, ties[near[:, b] & np.isnan(values[ties])], values)
        for i in np.flatnonzero(np.isnan(values)):
            if not np.isnan(values[i]):
                continue
            self._solve(open_groups[i])
            values[i] = -self._solver.getInfo().objective_function_value
            if learn:
                self._bases.append(self._basis())
                left = np.flatnonzero(np.isnan(values))
                bound = rows[left] @ self._bases[-1].value
                self._apply(len(self._bases) - 1, rows, left[bound <= lowest[left] + _TOLERANCE], values)
                lowest[left] = np.minimum(lowest[left], bound)
        return values

    def _settle_by(self, best: npt.NDArray[np.intp], rows: Array, values: Array) -> None:
        """Try for every row the basis that bounds it lowest."""
        order = np.argsort(best, kind="stable")
        starts = np.flatnonzero(np.diff(best[order], prepend=-1))
        for start, end in zip(starts, np.append(starts[1:], len(order)), strict=True):
            self._apply(int(best[order[start]]), rows, order[start:end], values)

    def _apply(self, b: int, rows: Array, some: npt.NDArray[np.intp], values: Array) -> None:
        """Write the values of those rows among ``some`` for which basis ``b`` is optimal."""
        basis, chosen = self._bases[b], rows[some]
        flow = chosen @ basis.flow
        fits = ((flow >= -_TOLERANCE) & (flow <= chosen @ basis.room + _TOLERANCE)).all(axis=1)
        values[some[fits]] = chosen[fits] @ basis.value

    def _basis(self) -> _Basis:
        """The solver's basis, with every column that it leaves out at the bound that its reduced price calls for."""
        basis = self._solver.getBasis()
        basic, upper = highspy.HighsBasisStatus.kBasic, highspy.HighsBasisStatus.kUpper
        is_basic = np.array([status == basic for status in basis.col_status])
        free_rows = np.flatnonzero([status == basic for status in basis.row_status])
        slack = np.zeros((self.rows, len(free_rows)))
        slack[free_rows, np.arange(len(free_rows))] = 1.0
        inverse = np.linalg.inv(np.hstack([self.matrix[:, is_basic], slack]))
        basic_price = np.concatenate([self.price[is_basic], np.zeros(len(free_rows))])
        reduced = self.price - (basic_price @ inverse) @ self.matrix
        at_upper = (
            np.where(np.abs(reduced) > _TOLERANCE, reduced > 0, [status == upper for status in basis.col_status])
            & ~is_basic
        )
        # Flows of the basic columns make up for what the columns at their upper bounds put into each row.
        per_column = np.where(at_upper, self.upper, 0.0)
        flow = -(inverse @ (self.matrix * per_column)).T
        value = self.price * per_column + flow @ basic_price
        room = np.zeros((self.columns, self.rows))
        basic_columns = np.flatnonzero(is_basic)
        room[basic_columns, np.arange(len(basic_columns))] = self.upper[basic_columns]
        return _Basis(self._by_group(value), self._by_group(flow), self._by_group(room))

    def _by_group(self, per_column: Array) -> Array:
        found: Array = np.add.reduceat(per_column, self._starts, axis=0)
        return found
