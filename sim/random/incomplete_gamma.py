"""The regularised incomplete gamma function: the distribution function of gamma and Poisson variables.

    P(a, x) = 1/Gamma(a) * integral from 0 to x of t^(a-1) e^-t dt,    Q = 1 - P
    gamma variable of shape a:  Pr(X <= x) = P(a, x);    Poisson of mean m:  Pr(N <= k) = Q(k + 1, m)

The smaller part is computed, the other is its complement: for x < a + 1 by the series
P = w (1 + x/(a+1) + x^2/((a+1)(a+2)) + ...), above by Legendre's continued fraction for Q, with the common factor
w = x^a e^-x / Gamma(a+1) in the form of :mod:`sim.random.log_gamma`. Both take O(sqrt(a)) terms.

Source: NIST Digital Library of Mathematical Functions 8.7.1 and 8.9.2; modified Lentz evaluation, Thompson and Barnett
(1986).
"""

from __future__ import annotations

import math

from sim.compiled import compiled
from sim.elementary import exp
from sim.random.log_gamma import deviance, stirling_error

TWO_PI = 6.283185307179586477
MAX_TERMS = 2_000_000
TINY = 1e-300
EPSILON = 1e-16


@compiled
def gamma_weight(a: float, x: float) -> float:
    """Return w = x^a e^-x / Gamma(a + 1), the probability of a Poisson count of `a` when the mean is `x`.

    Parameters
    ----------
    a : float
        Positive, not necessarily whole.
    x : float
        Positive.

    Returns
    -------
    float
        Possibly 0 by underflow.

    Examples
    --------
    >>> round(gamma_weight(2.0, 1.0), 12)  # 1 / (2 e)
    0.183939720586
    """
    exponent = -stirling_error(a) - deviance(a, x)
    if exponent < -700.0:
        return 0.0
    return exp(exponent) / math.sqrt(TWO_PI * a)


@compiled
def incomplete_gamma(a: float, x: float) -> tuple[float, float]:
    """Return P(a, x) and Q(a, x).

    Parameters
    ----------
    a : float
        Shape, positive and at most 1e9.
    x : float
        At least 0, finite.

    Returns
    -------
    lower, upper : float
        P and Q, in [0, 1].

    Examples
    --------
    >>> lower, upper = incomplete_gamma(1.0, 2.0)  # 1 - e^-2, e^-2
    >>> round(lower, 12), round(upper, 12)
    (0.864664716763, 0.135335283237)
    """
    if x <= 0.0:
        return 0.0, 1.0
    weight = gamma_weight(a, x)
    if x < a + 1.0:
        if weight == 0.0:
            return 0.0, 1.0
        term = 1.0
        total = 1.0
        n = a
        for _ in range(MAX_TERMS):
            n += 1.0
            term *= x / n
            total += term
            if term < EPSILON * total:
                break
        lower = min(1.0, weight * total)
        return lower, 1.0 - lower
    if weight == 0.0:
        return 1.0, 0.0
    b = x + 1.0 - a
    c = 1.0 / TINY
    d = 1.0 / b
    fraction = d
    for i in range(1, MAX_TERMS):
        numerator = i * (a - i)
        b += 2.0
        d = numerator * d + b
        if abs(d) < TINY:
            d = TINY
        c = b + numerator / c
        if abs(c) < TINY:
            c = TINY
        d = 1.0 / d
        change = d * c
        fraction *= change
        if abs(change - 1.0) < 4.0 * EPSILON:
            break
    upper = min(1.0, weight * a * fraction)
    return 1.0 - upper, upper
