"""Small dense linear algebra in one thread: elimination with partial pivoting and least squares by Gram-Schmidt.

A threaded LAPACK pays more for waking its threads than a system of a few hundred unknowns costs (measured: 11 ms
instead of 0.4 ms for 100 unknowns while another process holds a core), and the stationary solver asks for hundreds of
these. Results do not depend on the number of threads.

References
----------
Golub, G. H. and Van Loan, C. F. (2013). Matrix Computations, sections 3.4 and 5.2. Johns Hopkins University Press.
"""

from __future__ import annotations

import numpy as np

from sim.compiled import compiled
from sim.games.numerics.arguments import Floats


@compiled
def solve_in_place(matrix: Floats, right: Floats) -> float:  # pragma: no cover
    """Replace `right` (n, k) by the solution of ``matrix @ x = right``; `matrix` is destroyed.

    Return the sign of the determinant. At 0.0 a pivot was 0 (or no number), and `right` is no solution.
    """
    n, k = right.shape
    sign = 1.0
    for c in range(n):
        pivot = c
        for r in range(c + 1, n):
            if abs(matrix[r, c]) > abs(matrix[pivot, c]):
                pivot = r
        if not abs(matrix[pivot, c]) > 0.0:
            return 0.0
        if (matrix[pivot, c] < 0.0) != (pivot != c):
            sign = -sign
        if pivot != c:
            for j in range(c, n):
                matrix[c, j], matrix[pivot, j] = matrix[pivot, j], matrix[c, j]
            for j in range(k):
                right[c, j], right[pivot, j] = right[pivot, j], right[c, j]
        for r in range(c + 1, n):
            factor = matrix[r, c] / matrix[c, c]
            if factor != 0.0:
                for j in range(c + 1, n):
                    matrix[r, j] -= factor * matrix[c, j]
                for j in range(k):
                    right[r, j] -= factor * right[c, j]
    for c in range(n - 1, -1, -1):
        for j in range(k):
            total = right[c, j]
            for i in range(c + 1, n):
                total -= matrix[c, i] * right[i, j]
            right[c, j] = total / matrix[c, c]
    return sign


@compiled
def fit_rows(rows: Floats, target: Floats, floor: float) -> Floats:  # pragma: no cover
    """Return the weights of `rows` (k, n) whose sum is nearest to `target` (n,).

    Rows are made orthogonal from the last to the first; one whose remainder is below `floor` of its length says nothing
    new and gets the weight 0.
    """
    k, n = rows.shape
    basis = rows.copy()
    mixed = np.zeros((k, k))
    lengths = np.zeros(k)
    rest = target.copy()
    along = np.zeros(k)
    for a in range(k - 1, -1, -1):
        original = 0.0
        for j in range(n):
            original += basis[a, j] * basis[a, j]
        for b in range(k - 1, a, -1):
            if lengths[b] > 0.0:
                product = 0.0
                for j in range(n):
                    product += basis[a, j] * basis[b, j]
                mixed[a, b] = product / lengths[b]
                for j in range(n):
                    basis[a, j] -= mixed[a, b] * basis[b, j]
        left = 0.0
        for j in range(n):
            left += basis[a, j] * basis[a, j]
        if left > floor * floor * original:
            lengths[a] = left
            product = 0.0
            for j in range(n):
                product += rest[j] * basis[a, j]
            along[a] = product / left
            for j in range(n):
                rest[j] -= along[a] * basis[a, j]
    weights = np.zeros(k)
    for a in range(k):
        if lengths[a] > 0.0:
            weights[a] = along[a]
            for b in range(a):
                weights[a] -= mixed[b, a] * weights[b]
    return weights
