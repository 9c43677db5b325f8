"""Negative binomial counts by inversion: deaths in a day's attacks, few attacks killing many.

    Pr(N = k) = Gamma(k + r) / (k! Gamma(r)) p^r q^k,   p = r / (r + m),  q = m / (r + m)

with mean m and shape r > 0, not necessarily whole; the variance is m + m^2 / r, so a small shape is a long tail. The
sum of n counts of shape s and mean d has shape n s and mean n d, which gives a whole day's deaths in one draw.

The smallest k with F(k) >= u: probabilities are added up from 0, and F is evaluated (:mod:`sim.random.search`) where
that would take long or the luck lies far in the upper tail. Shared luck is monotone: with u held, the count never falls
when the mean rises, nor when the shape rises in proportion with the mean.

Source: Johnson, Kemp and Kotz, Univariate Discrete Distributions (3rd ed. 2005), chapter 5.
"""

from __future__ import annotations

import math

from sim.compiled import compiled
from sim.elementary import exp
from sim.random.log_one_plus import log_one_plus
from sim.random.search import NEGATIVE_BINOMIAL, guess, smallest_count

SUM_UP_TO = 400
SMALLEST_START = -690.0
TAIL = 1e-6
MAX_MEAN = 1e9
MIN_SHAPE = 1e-12
MAX_SHAPE = 1e18


@compiled
def negative_binomial(u: float, mean: float, shape: float) -> float:
    """Return the negative binomial count at luck `u`.

    Parameters
    ----------
    u : float
        Luck, in the open interval (0, 1).
    mean : float
        At most 1e9; 0 or less gives 0.
    shape : float
        At most 1e18, where the count is Poisson; below 1e-12 it is 0, which it then is but for one draw in 1e10.

    Returns
    -------
    float
        The count, a whole number, or NaN if `u` is outside (0, 1), or `mean` or `shape` is NaN or too large.

    Examples
    --------
    >>> negative_binomial(0.5, 33.0, 9.0), negative_binomial(0.975, 33.0, 9.0), negative_binomial(0.5, 0.0, 9.0)
    (32.0, 61.0, 0.0)
    """
    if not (0.0 < u < 1.0 and mean <= MAX_MEAN and shape <= MAX_SHAPE):
        return math.nan
    if mean <= 0.0 or shape < MIN_SHAPE:
        return 0.0
    u = float(u)
    mean = float(mean)
    shape = float(shape)
    p = shape / (shape + mean)
    q = mean / (shape + mean)
    exponent = -shape * log_one_plus(mean / shape)
    if exponent > SMALLEST_START and u < 1.0 - TAIL:
        k = 0
        probability = exp(exponent)
        total = probability
        while total < u and k < SUM_UP_TO:
            probability *= q * (shape + k) / (k + 1)
            k += 1
            total += probability
        if total >= u:
            return float(k)
    sd = math.sqrt(mean / p)
    start = guess(u, mean, sd, (1.0 + q) / (p * sd))
    return float(smallest_count(NEGATIVE_BINOMIAL, shape, p, q, u, 1.0 - u, start))
