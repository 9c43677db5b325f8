"""Multinomial thinning: split a count among destinations, each unit going to one of them by chance.

One after another, destination j takes a binomial share of what the ones before it left:

    N_j ~ Binomial(n - N_1 - ... - N_{j-1},  p_j / (1 - p_1 - ... - p_{j-1}))

which together is multinomial. What no destination takes (probability 1 - sum p) is returned. Attribution of attacks and
pending returners are thinned so: as counts, never one unit at a time.

Source: Devroye, Non-Uniform Random Variate Generation (1986), XI.1.4.
"""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from sim.compiled import compiled
from sim.random.binomial import binomial

WHOLE = 1e-12


@compiled
def thin(
    count: int,
    probabilities: npt.NDArray[np.float64],
    luck: npt.NDArray[np.float64],
    parts: npt.NDArray[np.int64],
) -> int:
    """Split `count` into `parts` and return what is left.

    Parameters
    ----------
    count : int
        Units to split, at most 1e9; 0 or less splits nothing.
    probabilities : array of float64, shape (n,)
        That a unit goes to each destination; negative ones count as 0. Where they add up to 1 nothing is left.
    luck : array of float64, shape (n,)
        One number in (0, 1) a destination.
    parts : array of int64, shape (n,)
        Filled with the number that goes to each; the one array that is written.

    Returns
    -------
    int
        What goes to no destination, or -1 as a flag (and `parts` all 0) if a number is NaN or infinite, luck is
        outside (0, 1), the probabilities add up to more than 1 + 1e-12, or there are too many units.

    Examples
    --------
    >>> parts = np.zeros(2, dtype=np.int64)
    >>> thin(89, np.array([0.15, 0.85]), np.array([0.5, 0.5]), parts)
    0
    >>> parts
    array([13, 76])
    """
    n = len(parts)
    total = 0.0
    for j in range(n):
        parts[j] = 0
        total += max(0.0, float(probabilities[j]))
        if not (abs(probabilities[j]) < math.inf and 0.0 < luck[j] < 1.0):
            return -1
    if total > 1.0 + WHOLE:
        return -1
    left = max(0, int(count))
    remaining = 1.0
    for j in range(n):
        if left == 0:
            break
        p = max(0.0, float(probabilities[j]))
        share = 0.0
        if p > 0.0:
            share = 1.0 if p >= remaining - WHOLE else p / remaining
        taken = binomial(luck[j], left, share)
        if taken < 0:
            return -1
        parts[j] = taken
        left -= taken
        remaining -= p
    return left
