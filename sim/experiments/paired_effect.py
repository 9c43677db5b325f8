r"""The effect of a change on runs that share their luck, with its 95 % interval.

With paired values x_k (before) and y_k (after) and differences d_k = y_k - x_k, the effect is their mean with standard
error :math:`s_d / \sqrt n`. Shared luck makes x and y alike, so s_d is small.

For yes-or-no outcomes with b runs that gained and c that lost the outcome, half a run is added to each of the four
cells of the table of pairs (Agresti and Min), so that an effect of which no run shows a trace still has an interval:

.. math:: \hat d = \frac{b - c}{n + 2}, \qquad s = \frac{\sqrt{(b + c + 1) - (b - c)^2 / (n + 2)}}{n + 2}.

References
----------
Agresti, A. and Min, Y. (2005). Simple improved confidence intervals for comparing matched proportions. Statistics in
Medicine 24, 729-740.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.engine.wilson_interval import Z
from sim.errors import UsageError


@dataclass(frozen=True, slots=True)
class PairedEffect:
    """What a change did to one measure.

    Attributes
    ----------
    before, after : float
        Means of the pairs that are known on both sides.
    difference : float
        Mean of after - before.
    standard_error : float
        Of the difference; NaN with fewer than two pairs.
    low, high : float
        Ends of the 95 % interval.
    pairs : int
        Runs in which the measure is known before and after.
    """

    before: float
    after: float
    difference: float
    standard_error: float
    low: float
    high: float
    pairs: int

    @property
    def sign(self) -> int:
        """1 or -1 if the interval lies on one side of 0, else 0."""
        return int(self.low > 0.0) - int(self.high < 0.0)


def paired_effect(before: NDArray[Any], after: NDArray[Any]) -> PairedEffect:
    """Compare a measure in runs that share their luck.

    Parameters
    ----------
    before, after : ndarray of float64 or bool, shape (runs,)
        Values of run k under the same luck; NaN where a run has none. Both bool for a yes-or-no outcome.

    Returns
    -------
    PairedEffect

    Raises
    ------
    UsageError
        If the shapes differ or there is no pair.

    Examples
    --------
    >>> import numpy as np
    >>> effect = paired_effect(np.array([1.0, 2.0, 3.0]), np.array([2.0, 3.5, 4.0]))
    >>> round(effect.difference, 3), round(effect.standard_error, 3), effect.sign
    (1.167, 0.167, 1)
    >>> none = paired_effect(np.zeros(100, bool), np.zeros(100, bool))
    >>> none.difference, round(none.high, 3)
    (0.0, 0.019)
    """
    x, y = np.asarray(before), np.asarray(after)
    if x.shape != y.shape or x.ndim != 1:
        raise UsageError(f"paired values: found shapes {x.shape} and {y.shape}, expected one equal length")
    if x.dtype == bool and y.dtype == bool:
        return _of_outcomes(x, y)
    u, v = x.astype(np.float64), y.astype(np.float64)
    both = ~(np.isnan(u) | np.isnan(v))
    u, v = u[both], v[both]
    if not len(u):
        raise UsageError("paired values: found no run that has both, expected at least one")
    d = v - u
    mean = float(d.mean())
    error = float(d.std(ddof=1)) / math.sqrt(len(d)) if len(d) > 1 else math.nan
    return PairedEffect(float(u.mean()), float(v.mean()), mean, error, mean - Z * error, mean + Z * error, len(d))


def _of_outcomes(x: NDArray[np.bool_], y: NDArray[np.bool_]) -> PairedEffect:
    n = len(x)
    if not n:
        raise UsageError("paired values: found no run, expected at least one")
    gained, lost = int((y & ~x).sum()), int((x & ~y).sum())
    middle = (gained - lost) / (n + 2)
    error = math.sqrt(gained + lost + 1 - (gained - lost) ** 2 / (n + 2)) / (n + 2)
    low, high = max(middle - Z * error, -1.0), min(middle + Z * error, 1.0)
    return PairedEffect(float(x.mean()), float(y.mean()), (gained - lost) / n, error, low, high, n)
