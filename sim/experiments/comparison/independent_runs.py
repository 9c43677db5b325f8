r"""How many runs independent seeds would have needed to see a difference as surely as shared luck does.

With n pairs (x_k, y_k) on shared luck, the difference of the means has the squared standard error

.. math:: \frac{s_d^2}{n}, \qquad s_d^2 = s_x^2 + s_y^2 - 2 s_{xy}.

With m runs of each scenario under seeds of their own it would be :math:`(s_x^2 + s_y^2)/m`. The two are equal for

.. math:: m = n \, \frac{s_x^2 + s_y^2}{s_d^2},

which for a yes-or-no outcome, with shares p and q of the runs, b runs that gained it and c that lost it, is

.. math:: m = n \, \frac{p(1-p) + q(1-q)}{(b + c)/n - (b - c)^2/n^2}.

m is above n as far as shared luck makes the two alike, infinite where every run has the same difference (no number of
independent runs has a standard error of 0), and unknown (NaN) where neither varies.

References
----------
Glasserman, P. and Yao, D. D. (1992). Some guidelines and guarantees for common random numbers. Management Science 38,
884-908.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.errors import UsageError


def independent_runs(before: NDArray[Any], after: NDArray[Any]) -> float:
    """Return how many runs of each scenario independent seeds would need for the standard error of these pairs.

    Parameters
    ----------
    before, after : ndarray of float64 or bool, shape (runs,)
        Values of run k under the same luck; pairs with a NaN are left out.

    Returns
    -------
    float
        Runs of each scenario; infinite or NaN as said above, NaN with fewer than two pairs.

    Raises
    ------
    UsageError
        If the shapes differ.

    Examples
    --------
    >>> import numpy as np
    >>> x = np.array([0.0, 1.0, 2.0, 3.0])
    >>> round(independent_runs(x, x + np.array([1.0, 1.1, 0.9, 1.0])), 1)
    1964.0
    >>> independent_runs(x, x + 1.0)
    inf
    """
    x, y = np.asarray(before, dtype=np.float64), np.asarray(after, dtype=np.float64)
    if x.shape != y.shape or x.ndim != 1:
        raise UsageError(f"paired values: found shapes {x.shape} and {y.shape}, expected one equal length")
    known = ~(np.isnan(x) | np.isnan(y))
    x, y = x[known], y[known]
    if len(x) < 2:
        return math.nan
    apart = float(x.var(ddof=1) + y.var(ddof=1))
    together = float((y - x).var(ddof=1))
    rounding = 1e-24 * float(max(np.abs(x).max(), np.abs(y).max())) ** 2
    if apart <= rounding:
        return math.nan
    return len(x) * apart / together if together > rounding else math.inf
