r"""Linear programs, solved by HiGHS through scipy, with the multipliers that prove the optimum.

.. math:: \max_x c \cdot x \quad \text{subject to} \quad A x \le b, \; E x = e, \; x_k \ge 0 \text{ unless } k
          \text{ is free}.

Any multipliers :math:`y \ge 0` and z prove that no point beats :math:`b \cdot y + e \cdot z` as long as
:math:`A^T y + E^T z \ge c` (equality where x is free); a caller evaluates that on its own numbers and need not trust
the solver.

Source: Huangfu, Q. and Hall, J. (2018), Parallelizing the dual revised simplex method, Mathematical Programming
Computation 10, 119-142 (HiGHS).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from sim.games.numerics.arguments import Floats


@dataclass(frozen=True, slots=True, eq=False)
class LinearOptimum:
    """Where a linear program is largest.

    Attributes
    ----------
    point : ndarray
        The best x.
    value : float
        What it is worth.
    at_most : ndarray
        Multipliers y of the inequalities, at least 0.
    equal : ndarray
        Multipliers z of the equations.
    """

    point: Floats
    value: float
    at_most: Floats
    equal: Floats


def maximise(
    worth: Floats,
    at_most: Any = None,
    limits: Floats | None = None,
    equal: Any = None,
    totals: Floats | None = None,
    free: Sequence[int] = (),
) -> LinearOptimum | None:
    """Return the largest value of a linear function under linear constraints.

    Parameters
    ----------
    worth : ndarray, shape (n,)
        c.
    at_most, equal : matrix, optional
        A and E, dense or scipy.sparse, of n columns.
    limits, totals : ndarray, optional
        b and e.
    free : sequence of int
        Unknowns that may be negative.

    Returns
    -------
    LinearOptimum or None
        None if no point satisfies the constraints, the value has no bound, or the solver gives up.

    Examples
    --------
    >>> best = maximise(np.array([1.0, 1.0]), np.array([[1.0, 2.0], [3.0, 1.0]]), np.array([4.0, 6.0]))
    >>> best.point.round(9).tolist(), best.at_most.round(9).tolist()
    ([1.6, 1.2], [0.4, 0.2])
    """
    from scipy import optimize

    # The published types of linprog know no sparse matrices, which it takes.
    solve: Any = optimize.linprog
    bounds: list[tuple[float | None, None]] = [(0.0, None)] * len(worth)
    for k in free:
        bounds[k] = (None, None)
    answer = solve(-worth, A_ub=at_most, b_ub=limits, A_eq=equal, b_eq=totals, bounds=bounds)
    if answer.status != 0 or answer.x is None:
        return None
    point = np.asarray(answer.x, dtype=np.float64)
    return LinearOptimum(
        point,
        float(worth @ point),
        np.maximum(-np.asarray(answer.ineqlin.marginals, dtype=np.float64), 0.0),
        -np.asarray(answer.eqlin.marginals, dtype=np.float64),
    )
