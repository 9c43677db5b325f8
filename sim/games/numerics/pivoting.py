r"""Complementary and simplex pivoting on small dense tableaux, with the lexicographic rule that cannot cycle.

A tableau holds equations whose basic variables stand alone, one a row, and the right sides in its last column. To bring
a variable in, the row with the smallest ratio of right side to its coefficient is found; ties are broken by the columns
of the first basis, which amounts to perturbing the right sides by :math:`(\epsilon, \epsilon^2, \dots)`, so no basis
comes back.

Sources: Dantzig, G. B. (1951), A proof of the equivalence of the programming problem and the game problem; Lemke, C. E.
and Howson, J. T. (1964), Equilibrium points of bimatrix games, SIAM Journal 12, 413-423; von Stengel, B. (2002),
Computing equilibria for two-person games, Handbook of Game Theory 3, chapter 45.
"""

from __future__ import annotations

import numpy as np

from sim.compiled import compiled
from sim.games.numerics.arguments import Floats, Integers

SMALLEST_PIVOT = 1e-10


@compiled
def _leaving(tableau: Floats, rows: int, column: int, first_basis: int) -> int:  # pragma: no cover
    """Return the row whose variable leaves when a column enters, -1 if none does."""
    best = -1
    for r in range(rows):
        if tableau[r, column] <= SMALLEST_PIVOT:
            continue
        if best < 0:
            best = r
            continue
        # The right side is compared first, then the columns of the first basis.
        for k in range(rows + 1):
            place = tableau.shape[1] - 1 if k == 0 else first_basis + k - 1
            gap = tableau[r, place] / tableau[r, column] - tableau[best, place] / tableau[best, column]
            if gap < -1e-13:
                best = r
                break
            if gap > 1e-13:
                break
    return best


@compiled
def _pivot(tableau: Floats, row: int, column: int) -> None:  # pragma: no cover
    """Make a column a unit vector with its 1 in a row."""
    factor = 1.0 / tableau[row, column]
    for k in range(tableau.shape[1]):
        tableau[row, k] *= factor
    for r in range(tableau.shape[0]):
        share = tableau[r, column]
        if r != row and share != 0.0:
            for k in range(tableau.shape[1]):
                tableau[r, k] -= share * tableau[row, k]


@compiled
def pivot_matrix_game(  # pragma: no cover
    payoffs: Floats, row_strategy: Floats, column_strategy: Floats, most: int
) -> int:
    """Fill optimal strategies of a zero-sum game with positive payoffs; return the pivots, or -1 without success.

    The column player's program is to maximise the sum of y >= 0 with payoffs @ y <= 1; its multipliers are x.
    """
    m, n = payoffs.shape
    tableau = np.zeros((m + 1, n + m + 1))
    basis = np.empty(m, np.int64)
    for i in range(m):
        for j in range(n):
            tableau[i, j] = payoffs[i, j]
        tableau[i, n + i] = 1.0
        tableau[i, n + m] = 1.0
        basis[i] = n + i
    for j in range(n):
        tableau[m, j] = -1.0
    for count in range(most):
        entering = 0
        for k in range(n + m):
            if tableau[m, k] < tableau[m, entering]:
                entering = k
        if tableau[m, entering] >= -1e-12:
            for j in range(n):
                column_strategy[j] = 0.0
            for i in range(m):
                if basis[i] < n:
                    column_strategy[basis[i]] = max(0.0, tableau[i, n + m])
                row_strategy[i] = max(0.0, tableau[m, n + i])
            return count
        row = _leaving(tableau, m, entering, n)
        if row < 0:
            return -1
        _pivot(tableau, row, entering)
        basis[row] = entering
    return -1


@compiled
def lemke_howson(  # pragma: no cover
    row: Floats, column: Floats, dropped: int, first: Floats, second: Floats, most: int
) -> int:
    """Fill the equilibrium at the end of the path that drops a label; return the pivots, or -1 without success.

    Payoffs (m, n) of both players must be positive. Labels 0 .. m-1 are strategies of the row player, the rest those of
    the column player; the strategies come back not normalised.
    """
    m, n = row.shape
    # One tableau holds x and the slacks of column.T @ x <= 1, the other y and those of row @ y <= 1, both by label.
    by_x = np.zeros((n, m + n + 1))
    by_y = np.zeros((m, m + n + 1))
    x_basis, y_basis = np.empty(n, np.int64), np.empty(m, np.int64)
    for j in range(n):
        for i in range(m):
            by_x[j, i] = column[i, j]
        by_x[j, m + j] = 1.0
        by_x[j, m + n] = 1.0
        x_basis[j] = m + j
    for i in range(m):
        for j in range(n):
            by_y[i, m + j] = row[i, j]
        by_y[i, i] = 1.0
        by_y[i, m + n] = 1.0
        y_basis[i] = i
    entering = dropped
    in_x = dropped < m
    for count in range(most):
        if in_x:
            place = _leaving(by_x, n, entering, m)
            if place < 0:
                return -1
            _pivot(by_x, place, entering)
            leaving, x_basis[place] = x_basis[place], entering
        else:
            place = _leaving(by_y, m, entering, 0)
            if place < 0:
                return -1
            _pivot(by_y, place, entering)
            leaving, y_basis[place] = y_basis[place], entering
        if leaving == dropped:
            _read(by_x, x_basis, 0, first)
            _read(by_y, y_basis, m, second)
            return count + 1
        entering = leaving
        in_x = not in_x
    return -1


@compiled
def _read(tableau: Floats, basis: Integers, offset: int, strategy: Floats) -> None:  # pragma: no cover
    """Fill the values of the variables from a label on."""
    for k in range(len(strategy)):
        strategy[k] = 0.0
    for r in range(len(basis)):
        place = basis[r] - offset
        if 0 <= place < len(strategy):
            strategy[place] = max(0.0, tableau[r, tableau.shape[1] - 1])


@compiled
def lemke(matrix: Floats, offset: Floats, solution: Floats, most: int) -> int:  # pragma: no cover
    """Fill z >= 0 with w = matrix @ z + offset >= 0 and z @ w = 0; return the pivots, or -1 without success.

    Lemke's method adds a variable that makes all of w non-negative, and drops it by complementary pivots.
    """
    n = len(offset)
    # Columns are w, z, the added variable and the right side; the first basis is w.
    tableau = np.zeros((n, 2 * n + 2))
    basis = np.empty(n, np.int64)
    for r in range(n):
        for c in range(n):
            tableau[r, n + c] = -matrix[r, c]
        tableau[r, r] = 1.0
        tableau[r, 2 * n] = -1.0
        tableau[r, 2 * n + 1] = offset[r]
        basis[r] = r
    # Lexicographically smallest right side leaves first: the last of the rows that tie.
    row = 0
    for r in range(1, n):
        if offset[r] <= offset[row]:
            row = r
    if offset[row] >= 0.0:
        for c in range(n):
            solution[c] = 0.0
        return 0
    entering = 2 * n
    for count in range(most):
        if count > 0:
            row = _leaving(tableau, n, entering, 0)
            if row < 0:
                return -1
            # The added variable leaves as soon as it can.
            for r in range(n):
                if basis[r] == 2 * n and tableau[r, entering] > SMALLEST_PIVOT:
                    gap = tableau[r, 2 * n + 1] / tableau[r, entering]
                    if gap <= tableau[row, 2 * n + 1] / tableau[row, entering] + 1e-13:
                        row = r
        leaving = basis[row]
        _pivot(tableau, row, entering)
        basis[row] = entering
        if leaving == 2 * n:
            for c in range(n):
                solution[c] = 0.0
            for r in range(n):
                if n <= basis[r] < 2 * n:
                    solution[basis[r] - n] = max(0.0, tableau[r, 2 * n + 1])
            return count + 1
        entering = leaving + n if leaving < n else leaving - n
    return -1
