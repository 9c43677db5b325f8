"""Gamma numbers by inversion: the x with P(a, x / scale) = u, where scale = mean / a.

Solved for t = log x, which serves shapes far below 1 as well as large ones, by Newton's method

    t <- t - (F(t) - u) / F'(t),    F'(t) = a w(a, x),    w = x^a e^-x / Gamma(a + 1)

inside a bracket that every evaluation narrows; a step that leaves the bracket is replaced by halving it. Where u > 1/2
the upper tail is solved for, so that no digits are lost. Meant for draws made once a run: 0.6 microseconds at shape 4.
"""

from __future__ import annotations

import math

from sim.compiled import compiled
from sim.elementary import exp, log
from sim.random.incomplete_gamma import gamma_weight, incomplete_gamma
from sim.random.log_gamma import log_gamma
from sim.random.normal import normal

MIN_SHAPE = 1e-3
MAX_SHAPE = 1e9
MAX_STEPS = 200
SMALLEST_LOG = -690.0
CLOSE = 1e-15


@compiled
def gamma(u: float, mean: float, shape: float) -> float:
    """Return the gamma number at luck `u`.

    Parameters
    ----------
    u : float
        Luck, in the open interval (0, 1).
    mean : float
        Finite, in the unit of the result; 0 or less gives 0.
    shape : float
        In [1e-3, 1e9]; the coefficient of variation is 1 / sqrt(shape).

    Returns
    -------
    float
        Rising in `u` and in `mean`; NaN if `u` is outside (0, 1), `mean` is NaN or infinite, or `shape` is out
        of range. Multiples of mean / shape below 1e-299 come out as 1e-299.

    Examples
    --------
    >>> round(gamma(0.5, 18.0, 4.0), 9)  # a set-up lag of mean 18 days and shape 4
    16.52427337
    """
    if not (0.0 < u < 1.0 and abs(mean) < math.inf and MIN_SHAPE <= shape <= MAX_SHAPE):
        return math.nan
    if mean <= 0.0:
        return 0.0
    u = float(u)
    a = float(shape)
    low = SMALLEST_LOG
    high = log(a + 40.0 * math.sqrt(a) + 800.0)
    t = min(max(_start(u, a), low), high)
    for _ in range(MAX_STEPS):
        x = exp(t)
        lower, upper = incomplete_gamma(a, x)
        excess = lower - u if u <= 0.5 else (1.0 - u) - upper
        if excess >= 0.0:
            high = t
        if excess <= 0.0:
            low = t
        slope = a * gamma_weight(a, x)
        step = excess / slope if slope > 0.0 else math.inf
        following = t - step
        if not low <= following <= high:
            following = 0.5 * (low + high)
        if abs(following - t) <= CLOSE * max(1.0, abs(t)):
            t = following
            break
        t = following
    return exp(t) * (float(mean) / a)


@compiled
def _start(u: float, a: float) -> float:
    """Guess log x: the power law of the lower tail, or Wilson and Hilferty's cube where that is above it."""
    t = (log(u) + log_gamma(a + 1.0)) / a
    cube = 1.0 - 1.0 / (9.0 * a) + normal(u) / (3.0 * math.sqrt(a))
    if cube > 0.0:
        t = max(t, log(a) + 3.0 * log(cube))
    return t
