"""Exponential waiting times by inversion: x = -m log(1 - u).

A unit exponential drawn once for an entry into a state is the integrated hazard at which the event happens; two
scenarios that share the address share the luck, and the higher hazard fires first.
"""

from __future__ import annotations

import math

from sim.compiled import compiled
from sim.random.log_one_plus import log_one_plus


@compiled
def exponential(u: float, mean: float) -> float:
    """Return the exponential time at luck `u`.

    Parameters
    ----------
    u : float
        Luck, in the open interval (0, 1).
    mean : float
        Finite, in the unit of the result; 0 or less gives 0.

    Returns
    -------
    float
        Rising in `u` and in `mean`; NaN if `u` is outside (0, 1) or `mean` is NaN or infinite.

    Examples
    --------
    >>> round(exponential(0.5, 69.0), 9)  # the median is the mean times log 2
    47.827155459
    """
    if not (0.0 < u < 1.0 and abs(mean) < math.inf):
        return math.nan
    if mean <= 0.0:
        return 0.0
    return float(mean) * -log_one_plus(-float(u))
