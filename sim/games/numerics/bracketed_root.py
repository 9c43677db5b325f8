"""The root of a continuous function inside a bracket, to the last bits of a float (Brent 1973).

References
----------
Brent, R. P. (1973). Algorithms for Minimization without Derivatives, chapter 4. Prentice-Hall.
"""

from __future__ import annotations

from collections.abc import Callable

from scipy.optimize import brentq


def bracketed_root(function: Callable[[float], float], low: float, high: float, absolute: float = 1e-15) -> float:
    """Return where a function changes sign between two points.

    Parameters
    ----------
    function : callable
        Continuous, of opposite signs (or zero) at the two ends.
    low, high : float
        The bracket.
    absolute : float
        Absolute tolerance in the argument; the relative one is four units of the last place.

    Returns
    -------
    float

    Examples
    --------
    >>> round(bracketed_root(lambda x: x * x - 2, 0.0, 2.0), 12)
    1.414213562373
    """
    return float(brentq(lambda x: float(function(float(x))), low, high, xtol=absolute, rtol=8.9e-16, maxiter=5000))
