r"""The value of a zero-sum matrix game (von Neumann 1928), by the simplex method on its linear program.

The row player gets :math:`A[i,j]`. With payoffs shifted above 0 the column player's program
:math:`\max \sum_j q_j,\ A q \le 1,\ q \ge 0` starts feasible; the value is :math:`1/\sum q`, its optimal strategy
:math:`q` times the value and the row player's the dual prices times the value. Bland's rule excludes cycling.

References
----------
Dantzig, G. B. (1951). A proof of the equivalence of the programming problem and the game problem. In Activity Analysis
of Production and Allocation, 330-335.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sim.compiled import compiled
from sim.games.numerics.arguments import Floats, payoff_array
from sim.notebook_table import NotebookTable

_PIVOT = 1e-11


@dataclass(frozen=True, slots=True)
class MatrixGameValue(NotebookTable):
    """The value of a zero-sum game with an optimal strategy of each side.

    Attributes
    ----------
    value : float
        What the row player can guarantee and the column player can hold it to.
    row, column : ndarray
        Optimal strategies.
    regret : float
        Duality gap: the best reply to `column` minus the worst to `row`.
    converged : bool
        Whether the gap is below 1e-9 of the payoffs' range.
    residual : float
        The gap, relative to the payoffs' range.
    proved : str
        What is proved.
    """

    value: float
    row: Floats
    column: Floats
    regret: float
    converged: bool
    residual: float
    proved: str


@compiled
def solve_matrix_game(payoffs: Floats, row: Floats, column: Floats) -> float:  # pragma: no cover
    """Fill `row` and `column` with optimal strategies and return the value."""
    m, n = payoffs.shape
    low, high = payoffs[0, 0], payoffs[0, 0]
    for i in range(m):
        for j in range(n):
            low = min(low, payoffs[i, j])
            high = max(high, payoffs[i, j])
    scale = high - low
    if scale <= 0.0:
        row[:] = 1.0 / m
        column[:] = 1.0 / n
        return float(low)
    # Columns 0..n-1 are q, n..n+m-1 slacks, n+m the right-hand side; the last row holds reduced costs.
    tableau = np.zeros((m + 1, n + m + 1))
    basis = np.empty(m, np.int64)
    for i in range(m):
        for j in range(n):
            tableau[i, j] = (payoffs[i, j] - low) / scale + 1.0
        tableau[i, n + i] = 1.0
        tableau[i, n + m] = 1.0
        basis[i] = n + i
    for j in range(n):
        tableau[m, j] = -1.0
    for _ in range(50 * (m + n) * (m + n)):
        enter = -1
        for j in range(n + m):
            if tableau[m, j] < -_PIVOT:
                enter = j
                break
        if enter < 0:
            break
        leave = -1
        best = 0.0
        for i in range(m):
            if tableau[i, enter] > _PIVOT:
                ratio = tableau[i, n + m] / tableau[i, enter]
                if leave < 0 or ratio < best or (ratio == best and basis[i] < basis[leave]):
                    leave, best = i, ratio
        if leave < 0:
            break
        pivot = tableau[leave, enter]
        for j in range(n + m + 1):
            tableau[leave, j] /= pivot
        for i in range(m + 1):
            factor = tableau[i, enter]
            if i != leave and factor != 0.0:
                for j in range(n + m + 1):
                    tableau[i, j] -= factor * tableau[leave, j]
        basis[leave] = enter
    column[:] = 0.0
    for i in range(m):
        if basis[i] < n:
            column[basis[i]] = max(0.0, tableau[i, n + m])
    total_column, total_row = 0.0, 0.0
    for j in range(n):
        total_column += column[j]
    for i in range(m):
        row[i] = max(0.0, tableau[m, n + i])
        total_row += row[i]
    for j in range(n):
        column[j] /= total_column
    for i in range(m):
        row[i] /= total_row
    value = 0.0
    for i in range(m):
        for j in range(n):
            value += row[i] * payoffs[i, j] * column[j]
    return value


def matrix_game_value(payoffs: npt.ArrayLike) -> MatrixGameValue:
    """Return the value and optimal strategies of a zero-sum matrix game.

    Parameters
    ----------
    payoffs : array_like, shape (moves of row, moves of column)
        Payoff of the row player; the column player gets its negative.

    Returns
    -------
    MatrixGameValue

    Raises
    ------
    GameError
        If the array is empty or not finite.

    Examples
    --------
    >>> game = matrix_game_value([[4, 0], [0, 1]])
    >>> round(game.value, 10), game.row.round(10).tolist()
    (0.8, [0.2, 0.8])
    """
    table = payoff_array("payoffs", payoffs, 2)
    row, column = np.empty(table.shape[0]), np.empty(table.shape[1])
    value = float(solve_matrix_game(table, row, column))
    gap = max(0.0, float((table @ column).max() - (row @ table).min()))
    relative = gap / max(float(table.max() - table.min()), 1e-300) if gap > 0 else 0.0
    proof = "value between the two guarantees, whose distance is the regret; other optimal strategies can exist"
    return MatrixGameValue(value, row, column, gap, relative < 1e-9, relative, proof)
