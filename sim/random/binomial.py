"""Binomial counts by inversion: how many of n captives return, how many of n attacks are attributed.

The smallest k with F(k) >= u, where F is the distribution function of n trials of probability p. The rarer of success
and failure is counted; probabilities are added up from 0 while the count is small, and F is evaluated
(:mod:`sim.random.search`) where that would take long or the luck lies far in the upper tail.

Shared luck is monotone: with u held, the count never falls when n or p rises.
"""

from __future__ import annotations

import math

from sim.compiled import compiled
from sim.elementary import exp
from sim.random.log_one_plus import log_one_plus
from sim.random.search import BINOMIAL, guess, smallest_count

SUM_UP_TO = 300.0
TAIL = 1e-6
MAX_TRIALS = 1_000_000_000
TINY_LUCK = 2.0**-53


@compiled
def binomial(u: float, trials: int, probability: float) -> float:
    """Return the binomial count at luck `u`.

    Parameters
    ----------
    u : float
        Luck, in the open interval (0, 1).
    trials : int
        At most 1e9; 0 or less gives 0.
    probability : float
        Of success in one trial; below 0 counts as 0, above 1 as 1.

    Returns
    -------
    float
        The count, a whole number in [0, `trials`], or NaN if `u` is outside (0, 1), `probability` is NaN or infinite,
        or there are too many trials.

    Examples
    --------
    >>> binomial(0.5, 5000, 0.4), binomial(0.01, 10, 0.9), binomial(0.5, 10, 0.0)
    (2000.0, 6.0, 0.0)
    """
    if not (0.0 < u < 1.0 and abs(probability) < math.inf and trials <= MAX_TRIALS):
        return math.nan
    if trials <= 0 or probability <= 0.0:
        return 0.0
    n = int(trials)
    if probability >= 1.0:
        return float(n)
    u = float(u)
    p = float(probability)
    failures = p > 0.5
    # One call, not one for either case: the compiler copies the callee into every place that calls it.
    lower, upper, rare = (1.0 - u, u, 1.0 - p) if failures else (u, 1.0 - u, p)
    count = _rarer(lower, upper, n, rare)
    return float(n - count if failures else count)


@compiled
def _rarer(lower: float, upper: float, trials: int, p: float) -> int:
    """Return the count for p <= 1/2, with luck `lower` = u and `upper` = 1 - u."""
    q = 1.0 - p
    mean = trials * p
    if mean <= SUM_UP_TO and upper > TAIL:
        k = 0
        odds = p / q
        chance = exp(trials * log_one_plus(-p))
        total = chance
        while total < lower:
            chance *= odds * (trials - k) / (k + 1)
            k += 1
            total += chance
        return k
    sd = math.sqrt(mean * q)
    inside = min(max(lower, TINY_LUCK), 1.0 - TINY_LUCK)
    start = min(trials, guess(inside, mean, sd, (q - p) / sd))
    return smallest_count(BINOMIAL, float(trials), p, q, lower, upper, start)
