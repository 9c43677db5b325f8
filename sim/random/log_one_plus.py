"""log(1 + x) without loss of digits for small x.

With y the rounded value of 1 + x, log(1 + x) = log(y) x / (y - 1): the rounding of y cancels. The logarithm is that of
`sim.elementary`.

Source: Hewlett-Packard, HP-15C Advanced Functions Handbook (1982), appendix; Goldberg, "What every computer scientist
should know about floating-point arithmetic", ACM Computing Surveys 23 (1991), theorem 4.
"""

from __future__ import annotations

from sim.compiled import compiled
from sim.elementary import log


@compiled
def log_one_plus(x: float) -> float:
    """Return log(1 + x).

    Parameters
    ----------
    x : float
        Above -1.

    Returns
    -------
    float
        With a relative error below 1e-15.

    Examples
    --------
    >>> log_one_plus(1e-20), log_one_plus(0.0)
    (1e-20, 0.0)
    """
    y = 1.0 + x
    if y == 1.0:
        return x
    return log(y) * x / (y - 1.0)
