"""Lognormal numbers by inversion: x = median * exp(sd * w), with w the standard normal quantile of u.

`sd` is the standard deviation of log x; the median, unlike the mean, does not move with it.
"""

from __future__ import annotations

import math

from sim.compiled import compiled
from sim.elementary import exp
from sim.random.normal import normal

LARGEST_EXPONENT = 700.0


@compiled
def lognormal(u: float, median: float, sd: float) -> float:
    """Return the lognormal number at luck `u`.

    Parameters
    ----------
    u : float
        Luck, in the open interval (0, 1).
    median : float
        Finite, in the unit of the result; 0 or less gives 0.
    sd : float
        Standard deviation of the logarithm; 0 or less gives the median.

    Returns
    -------
    float
        Rising in `u` and in `median`; NaN if `u` is outside (0, 1), a parameter is NaN or infinite, or the
        result would be too large for a float.

    Examples
    --------
    >>> lognormal(0.5, 1.0, 0.35), round(lognormal(0.975, 1.0, 0.35), 12)
    (1.0, 1.985731568469)
    """
    if not (0.0 < u < 1.0 and abs(median) < math.inf and abs(sd) < math.inf):
        return math.nan
    if median <= 0.0:
        return 0.0
    exponent = max(0.0, float(sd)) * normal(float(u))
    if exponent > LARGEST_EXPONENT:
        return math.nan
    value = float(median) * exp(exponent)
    return value if value < math.inf else math.nan
