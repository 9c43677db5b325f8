"""The logarithm of the gamma function, and the two pieces of it that make probabilities exact.

    log Gamma(x) = (x - 1/2) log x - x + log(2 pi)/2 + d(x)
    d(x) = 1/(12 x) - 1/(360 x^3) + 1/(1260 x^5) - ...          (Stirling's error)
    D(x, m) = x log(x/m) + m - x                                 (deviance)

A Poisson probability is exp(-d(x) - D(x, m)) / sqrt(2 pi x): no large numbers cancel, as they do when log Gamma of a
million is subtracted from a million times a logarithm. Only arithmetic and ``log`` are used, so that compiled and
interpreted values are equal to the bit.

Source: C. Loader, "Fast and accurate computation of binomial probabilities" (2000); the coefficients of d are
B_2n / (2n (2n - 1)), Abramowitz and Stegun 6.1.40.
"""

from __future__ import annotations

from sim.compiled import compiled
from sim.elementary import log

HALF_LOG_TWO_PI = 0.9189385332046727418
SERIES_FROM = 10.0


@compiled
def stirling_error(x: float) -> float:
    """Return d(x), what Stirling's formula leaves out of log Gamma(x).

    Parameters
    ----------
    x : float
        Positive.

    Returns
    -------
    float
        With an absolute error below 1e-14.

    Examples
    --------
    >>> round(stirling_error(1.0), 12)  # 1 - log(2 pi)/2
    0.081061466795
    """
    if x < SERIES_FROM:
        return log_gamma(x) - (x - 0.5) * log(x) + x - HALF_LOG_TWO_PI
    return _stirling_series(x)


@compiled
def _stirling_series(x: float) -> float:
    """Sum seven terms of the asymptotic series; the eighth is below 3e-17 from 10 on."""
    z = 1.0 / (x * x)
    total = 1.0 / 156.0
    total = -691.0 / 360360.0 + z * total
    total = 1.0 / 1188.0 + z * total
    total = -1.0 / 1680.0 + z * total
    total = 1.0 / 1260.0 + z * total
    total = -1.0 / 360.0 + z * total
    total = 1.0 / 12.0 + z * total
    return total / x


@compiled
def log_gamma(x: float) -> float:
    """Return log Gamma(x).

    Parameters
    ----------
    x : float
        Positive.

    Returns
    -------
    float
        With an error below 1e-14 times max(1, the value).

    Examples
    --------
    >>> round(log_gamma(5.0), 12), round(log_gamma(0.5), 12)  # log 24, log sqrt(pi)
    (3.178053830348, 0.572364942925)
    """
    shift = 1.0
    while x < SERIES_FROM:
        shift *= x
        x += 1.0
    value = (x - 0.5) * log(x) - x + HALF_LOG_TWO_PI + _stirling_series(x)
    if shift != 1.0:
        value -= log(shift)
    return value


@compiled
def deviance(x: float, mean: float) -> float:
    """Return D(x, m) = x log(x/m) + m - x, exact also where x and m nearly agree.

    Parameters
    ----------
    x : float
        Positive.
    mean : float
        Positive.

    Returns
    -------
    float
        At least 0, and 0 only where x = m.

    Examples
    --------
    >>> deviance(100.0, 100.0)
    0.0
    >>> round(deviance(2.0, 1.0), 12)  # 2 log 2 - 1
    0.38629436112
    """
    difference = x - mean
    if abs(difference) >= 0.1 * (x + mean):
        return x * log(x / mean) - difference
    # With v = (x - m) / (x + m): x log(x/m) = 2 x (v + v^3/3 + v^5/5 + ...).
    v = difference / (x + mean)
    total = difference * v
    term = 2.0 * x * v
    square = v * v
    odd = 1.0
    while True:
        term *= square
        odd += 2.0
        longer = total + term / odd
        if longer == total:
            return total
        total = longer
