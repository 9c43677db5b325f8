"""The regularised incomplete beta function: the distribution function of beta and of two kinds of counts.

    I_x(a, b) = 1/B(a, b) * integral from 0 to x of t^(a-1) (1-t)^(b-1) dt
    beta variable:  Pr(X <= x) = I_x(a, b);     binomial:  Pr(N <= k) = I_{1-p}(n - k, k + 1)
    negative binomial of shape r and success probability p:  Pr(N <= k) = I_p(r, k + 1)

By its continued fraction where x < (a+1)/(a+b+2), else from the other end; O(sqrt(max(a, b))) terms. The factor in
front is a binomial probability in Loader's form (:mod:`sim.random.log_gamma`), so that a + b may be large.

Source: NIST Digital Library of Mathematical Functions 8.17.22; modified Lentz evaluation, Thompson and Barnett (1986).
"""

from __future__ import annotations

import math

from sim.compiled import compiled
from sim.elementary import exp
from sim.random.incomplete_gamma import EPSILON, MAX_TERMS, TINY, TWO_PI
from sim.random.log_gamma import deviance, stirling_error


@compiled
def beta_weight(a: float, b: float, x: float, y: float) -> float:
    """Return x^a y^b Gamma(a+b+1) / (Gamma(a+1) Gamma(b+1)), a binomial probability.

    Parameters
    ----------
    a, b : float
        Positive, not necessarily whole.
    x, y : float
        Positive, with x + y = 1; both are taken so that neither loses digits.

    Returns
    -------
    float
        Possibly 0 by underflow.

    Examples
    --------
    >>> round(beta_weight(2.0, 1.0, 0.5, 0.5), 12)  # two heads of three coins
    0.375
    """
    n = a + b
    mean_a = n * x
    mean_b = n * y
    if mean_a <= 0.0 or mean_b <= 0.0:
        return 0.0
    exponent = stirling_error(n) - stirling_error(a) - stirling_error(b) - deviance(a, mean_a) - deviance(b, mean_b)
    if exponent < -700.0:
        return 0.0
    return exp(exponent) * math.sqrt(n / (TWO_PI * a) / b)


@compiled
def incomplete_beta(a: float, b: float, x: float, y: float) -> tuple[float, float]:
    """Return I_x(a, b) and its complement I_y(b, a).

    Parameters
    ----------
    a, b : float
        Positive, at most 1e9; `a` up to 1e18 where y (a + b + 2) <= b + 1.
    x, y : float
        In [0, 1], with x + y = 1; both are taken so that neither loses digits.

    Returns
    -------
    lower, upper : float
        In [0, 1].

    Examples
    --------
    >>> lower, upper = incomplete_beta(2.0, 3.0, 0.4, 0.6)
    >>> round(lower, 12), round(upper, 12)
    (0.5248, 0.4752)
    """
    if x <= 0.0:
        return 0.0, 1.0
    if y <= 0.0:
        return 1.0, 0.0
    weight = beta_weight(a, b, x, y) / (a + b)
    if x * (a + b + 2.0) < a + 1.0:
        if weight == 0.0:
            return 0.0, 1.0
        lower = min(1.0, weight * b * _fraction(a, b, x))
        return lower, 1.0 - lower
    if weight == 0.0:
        return 1.0, 0.0
    upper = min(1.0, weight * a * _fraction(b, a, y))
    return 1.0 - upper, upper


@compiled
def _fraction(a: float, b: float, x: float) -> float:
    """Evaluate the continued fraction of I_x(a, b) by the modified Lentz method."""
    total = a + b
    c = 1.0
    d = 1.0 - total * x / (a + 1.0)
    if abs(d) < TINY:
        d = TINY
    d = 1.0 / d
    fraction = d
    for m in range(1, MAX_TERMS):
        even = a + 2.0 * m
        numerator = m * (b - m) * x / ((even - 1.0) * even)
        d = 1.0 + numerator * d
        if abs(d) < TINY:
            d = TINY
        c = 1.0 + numerator / c
        if abs(c) < TINY:
            c = TINY
        d = 1.0 / d
        fraction *= d * c
        numerator = -(a + m) * (total + m) * x / (even * (even + 1.0))
        d = 1.0 + numerator * d
        if abs(d) < TINY:
            d = TINY
        c = 1.0 + numerator / c
        if abs(c) < TINY:
            c = TINY
        d = 1.0 / d
        change = d * c
        fraction *= change
        if abs(change - 1.0) < 4.0 * EPSILON:
            break
    return fraction
