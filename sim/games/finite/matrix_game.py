r"""The value of a zero-sum matrix game (von Neumann 1928), from its linear program.

The row player gets :math:`A[i,j]` and can guarantee :math:`\max_x \min_j \sum_i x_i A[i,j]`, which equals what the
column player can hold it to. The program is solved by the simplex method with lexicographic pivoting, which cannot
cycle; the distance of the two guarantees, evaluated on the payoffs, is returned as the certificate.

References
----------
Dantzig, G. B. (1951). A proof of the equivalence of the programming problem and the game problem. In Activity Analysis
of Production and Allocation, 330-335.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sim.games.numerics.arguments import Floats, payoff_array
from sim.games.numerics.pivoting import pivot_matrix_game
from sim.notebook_table import NotebookTable

MOST_PIVOTS = 1_000_000


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


def solve_matrix_game(payoffs: Floats) -> tuple[float, Floats, Floats]:
    """Return the value and an optimal strategy of each side, without certificate.

    Parameters
    ----------
    payoffs : ndarray, shape (m, n)
        Of the row player.

    Returns
    -------
    value : float
    row : ndarray, shape (m,)
    column : ndarray, shape (n,)

    Examples
    --------
    >>> solve_matrix_game(np.array([[3.0, 1.0], [1.0, 0.0]]))
    (1.0, array([1., 0.]), array([0., 1.]))
    """
    low, high = payoffs.min(), payoffs.max()
    if high <= low:
        m, n = payoffs.shape
        return float(low), np.full(m, 1.0 / m), np.full(n, 1.0 / n)
    # Tolerances of the simplex method are absolute, so payoffs are moved to [1, 2].
    m, n = payoffs.shape
    row, column = np.zeros(m), np.zeros(n)
    if pivot_matrix_game((payoffs - low) / (high - low) + 1.0, row, column, MOST_PIVOTS) < 0:
        row, column = np.ones(m), np.ones(n)
    row, column = row / row.sum(), column / column.sum()
    return float(row @ payoffs @ column), row, column


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
    value, row, column = solve_matrix_game(table)
    gap = max(0.0, float((table @ column).max() - (row @ table).min()))
    relative = gap / max(float(table.max() - table.min()), 1e-300) if gap > 0 else 0.0
    proof = "value between the two guarantees, whose distance is the regret; other optimal strategies can exist"
    return MatrixGameValue(value, row, column, gap, relative < 1e-9, relative, proof)
