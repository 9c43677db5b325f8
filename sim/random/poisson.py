"""Poisson counts by inversion, exact and fast enough to be drawn every day of every run.

The smallest k with F(k) >= u. Small means: probabilities are added up from 0. From mean ``EXPAND_FROM`` on, the count
is the whole part of the real x that solves Q(x, m) = u, and for |w| < 3, w the normal quantile of u,

    x = m + sqrt(m) w + 1/3 + w^2/6 - (w + w^3/2)/(36 sqrt(m)) + error,
    |error| < d = (1/40 + w^2/80 + w^4/160) / m

so the whole part of x is certain unless a whole number lies within d of it. Only then, and in the tails, F itself is
evaluated (:mod:`sim.random.search`): once in 250 draws at mean 89.

Shared luck is monotone: with u held, the count never falls when the mean rises.

Source: M. B. Giles, "Algorithm 955: approximation of the inverse Poisson cumulative distribution function", ACM
Transactions on Mathematical Software 42 (2016) 7:1-7:22; the bound d was checked again from mean 10 to 1e6.
"""

from __future__ import annotations

import math

from sim.compiled import compiled
from sim.elementary import exp
from sim.random.normal import normal
from sim.random.search import POISSON, guess, smallest_count

EXPAND_FROM = 12.0
MAX_MEAN = 1e9
TAIL = 1e-6
ROUNDING = 2e-15


@compiled
def poisson(u: float, mean: float) -> float:
    """Return the Poisson count at luck `u`.

    Parameters
    ----------
    u : float
        Luck, in the open interval (0, 1).
    mean : float
        At most 1e9; 0 or less gives 0.

    Returns
    -------
    float
        The count, a whole number, or NaN if `u` is outside (0, 1) or `mean` is NaN or above 1e9.

    Examples
    --------
    >>> poisson(0.5, 89.0), poisson(0.975, 89.0), poisson(0.5, 0.0)
    (89.0, 108.0, 0.0)
    """
    if not (0.0 < u < 1.0 and mean <= MAX_MEAN):
        return math.nan
    if mean <= 0.0:
        return 0.0
    u = float(u)
    mean = float(mean)
    if mean < EXPAND_FROM and u < 1.0 - TAIL:
        k = 0
        probability = exp(-mean)
        total = probability
        while total < u:
            k += 1
            probability *= mean / k
            total += probability
        return float(k)
    root = math.sqrt(mean)
    if mean >= EXPAND_FROM:
        w = normal(u)
        square = w * w
        if square < 9.0:
            x = mean + (root * w + (1.0 / 3.0 + square / 6.0 - (w + 0.5 * square * w) / (36.0 * root)))
            error = (0.025 + square * (0.0125 + square * 0.00625)) / mean + ROUNDING * mean
            k = int(x)
            if k < x - error and x + error < k + 1:
                return float(k)
    return float(smallest_count(POISSON, mean, 0.0, 0.0, u, 1.0 - u, guess(u, mean, root, 1.0 / root)))
