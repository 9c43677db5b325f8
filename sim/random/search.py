"""The smallest count whose distribution function reaches the luck, for any of three kinds of counts.

    Poisson(m):                F(k) = Q(k + 1, m)
    binomial(n, p):            F(k) = I_q(n - k, k + 1),   q = 1 - p
    negative binomial(r, p):   F(k) = I_p(r, k + 1)

From a guess (Cornish and Fisher's) the search brackets the count by doubling steps and then halves the bracket, so it
takes O(log) evaluations of F wherever the guess lies. Samplers come here for large means and far tails, where adding up
probabilities from 0 would be slow or would lose digits. Luck is taken from both ends, `lower` = u and `upper` = 1 - u,
and compared with the smaller of F and 1 - F, so that neither tail loses digits.

Source: the equations are NIST DLMF 8.4.10 and 8.17.5; Cornish and Fisher (1938) for the guess.
"""

from __future__ import annotations

from sim.compiled import compiled
from sim.random.incomplete_beta import beta_weight, incomplete_beta
from sim.random.incomplete_gamma import EPSILON, incomplete_gamma
from sim.random.normal import normal

# Floats, because Numba compiles a copy of the search for every whole-number literal it is called with.
POISSON = 0.0
BINOMIAL = 1.0
NEGATIVE_BINOMIAL = 2.0
LARGE_SHAPE = 1e9
MOST = 4_000_000_000_000_000.0


@compiled
def guess(u: float, mean: float, sd: float, skewness: float) -> int:
    """Return about where a count with three given moments stands at luck `u`.

    Parameters
    ----------
    u : float
        Luck, in (0, 1).
    mean, sd, skewness : float
        Of the count; finite.

    Returns
    -------
    int
        At least 0.

    Examples
    --------
    >>> guess(0.5, 100.0, 10.0, 0.1)
    99
    """
    w = normal(u)
    near = mean + sd * (w + skewness * (w * w - 1.0) / 6.0)
    return int(max(0.0, min(near, MOST)))


@compiled
def smallest_count(kind: float, a: float, b: float, c: float, lower: float, upper: float, start: int) -> int:
    """Return the smallest count k >= 0 with F(k) >= u.

    Parameters
    ----------
    kind : float
        ``POISSON``, ``BINOMIAL`` or ``NEGATIVE_BINOMIAL``.
    a, b, c : float
        Poisson: mean, 0, 0. Binomial: n, p, q. Negative binomial: shape, p, q, where the mean is shape q / p.
    lower, upper : float
        Luck u and 1 - u, both in (0, 1).
    start : int
        Where to look first, at least 0.

    Returns
    -------
    int
        The quantile at u.

    Examples
    --------
    >>> smallest_count(POISSON, 100.0, 0.0, 0.0, 0.5, 0.5, 90)
    100
    """
    below = -1
    step = 1
    at = start
    if _reaches(kind, a, b, c, lower, upper, at):
        while at - step >= 0 and _reaches(kind, a, b, c, lower, upper, at - step):
            at -= step
            step *= 2
        below = max(-1, at - step)
    else:
        below = at
        at += step
        while not _reaches(kind, a, b, c, lower, upper, at):
            below = at
            step *= 2
            at += step
    while at - below > 1:
        middle = (at + below) // 2
        if _reaches(kind, a, b, c, lower, upper, middle):
            at = middle
        else:
            below = middle
    return at


@compiled
def _reaches(kind: float, a: float, b: float, c: float, lower: float, upper: float, k: int) -> bool:
    """Tell whether F(k) >= u."""
    if k > MOST:
        return True
    if kind == POISSON:
        above, below = incomplete_gamma(k + 1.0, a)
    elif kind == BINOMIAL:
        if k >= a:
            return True
        below, above = incomplete_beta(a - k, k + 1.0, c, b)
    elif a > LARGE_SHAPE and c * (a + k + 3.0) > k + 2.0:
        below = _sum_from_the_top(a, b, c, k)
        above = 1.0 - below
    else:
        below, above = incomplete_beta(a, k + 1.0, b, c)
    if lower <= 0.5:
        return below >= lower
    return above <= upper


@compiled
def _sum_from_the_top(shape: float, p: float, q: float, k: int) -> float:
    """Return F(k) of a negative binomial below its mean, adding up probabilities from k down.

    The continued fraction loses its digits here for large shapes, where p is next to 1.
    """
    term = beta_weight(shape, k + 1.0, p, q) * shape * (k + 1.0) / (q * (shape + k + 1.0) * (shape + k))
    if term == 0.0:  # by underflow: then so is all below it
        return 0.0
    total = term
    for j in range(k, 0, -1):
        term *= j / (q * (shape + j - 1.0))
        total += term
        if term < EPSILON * total:
            break
    return min(1.0, total)
