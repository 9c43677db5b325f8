"""Beta numbers by inversion: the x with I_x(a, b) = u.

Solved for the log-odds t = log(x / (1 - x)), which loses no digits at either end, by Newton's method

    t <- t - (F(t) - u) / F'(t),    F'(t) = x^a (1-x)^b / B(a, b)

inside a bracket that every evaluation narrows; a step that leaves the bracket is replaced by halving it. Where u > 1/2
the upper tail is solved for. Meant for draws made once a run: 1.2 microseconds at shapes 2, 3.
"""

from __future__ import annotations

import math

from sim.compiled import compiled
from sim.elementary import exp, log
from sim.random.incomplete_beta import beta_weight, incomplete_beta
from sim.random.normal import normal

MIN_SHAPE = 1e-3
MAX_SHAPE = 1e9
MAX_STEPS = 200
WIDEST = 700.0
CLOSE = 1e-15


@compiled
def beta(u: float, a: float, b: float) -> float:
    """Return the beta number at luck `u`.

    Parameters
    ----------
    u : float
        Luck, in the open interval (0, 1).
    a, b : float
        Shapes, in [1e-3, 1e9]; the mean is a / (a + b).

    Returns
    -------
    float
        In [0, 1], rising in `u` and in `a`, falling in `b`; NaN if `u` is outside (0, 1) or a shape is out of
        range.

    Examples
    --------
    >>> round(beta(0.5, 2.0, 3.0), 9)  # the share of freed captives who fight again
    0.385727568
    """
    if not (0.0 < u < 1.0 and MIN_SHAPE <= a <= MAX_SHAPE and MIN_SHAPE <= b <= MAX_SHAPE):
        return math.nan
    u = float(u)
    a = float(a)
    b = float(b)
    low = -WIDEST
    high = WIDEST
    t = min(max(log(a / b) + normal(u) * math.sqrt(1.0 / a + 1.0 / b), low), high)
    for _ in range(MAX_STEPS):
        x = 1.0 / (1.0 + exp(-t))
        y = 1.0 / (1.0 + exp(t))
        lower, upper = incomplete_beta(a, b, x, y)
        excess = lower - u if u <= 0.5 else (1.0 - u) - upper
        if excess >= 0.0:
            high = t
        if excess <= 0.0:
            low = t
        slope = beta_weight(a, b, x, y) * a * b / (a + b)
        step = excess / slope if slope > 0.0 else math.inf
        following = t - step
        if not low <= following <= high:
            following = 0.5 * (low + high)
        if abs(following - t) <= CLOSE * max(1.0, abs(t)):
            t = following
            break
        t = following
    return 1.0 / (1.0 + exp(-t))
