r"""The Wilson interval of a share: wide where no run had the outcome, or all.

With k of n runs and p = k/n, the 95 % interval is

.. math:: \frac{p + z^2/2n \pm z \sqrt{p (1 - p)/n + z^2/4n^2}}{1 + z^2/n}, \qquad z = 1.96.

It covers the true share in about 95 of 100 samples, and where the standard error :math:`\sqrt{p(1-p)/n}` is 0, which
says nothing, it still has a width.

References
----------
Wilson, E. B. (1927). Probable inference, the law of succession, and statistical inference. Journal of the American
Statistical Association 22, 209-212.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Z = 1.959963984540054
"""Quantile of the normal distribution at 0.975."""


def share_error(share: Any, runs: Any) -> NDArray[np.float64]:
    r"""Return the Monte Carlo standard error of shares, :math:`\\sqrt{p (1 - p) / n}`.

    Parameters
    ----------
    share, runs : array_like
        Of how many runs each share is; shapes that fit together.

    Returns
    -------
    ndarray of float64

    Examples
    --------
    >>> float(share_error(0.5, 100))
    0.05
    """
    p = np.asarray(share, dtype=np.float64)
    return np.sqrt(p * (1.0 - p) / np.asarray(runs, dtype=np.float64))


def wilson_interval(count: Any, runs: Any) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the ends of the 95 % interval of shares.

    Parameters
    ----------
    count, runs : array_like
        Runs that had it, and of how many; shapes that fit together. No runs are taken for one.

    Returns
    -------
    low, high : ndarray of float64
        Exactly 0 where none had it, exactly 1 where all had.

    Examples
    --------
    >>> low, high = wilson_interval([0, 100, 200], 200)
    >>> low.round(4).tolist(), high.round(4).tolist()
    ([0.0, 0.4314, 0.9812], [0.0188, 0.5686, 1.0])
    """
    k = np.asarray(count, dtype=np.float64)
    n = np.maximum(np.asarray(runs, dtype=np.float64), 1.0)
    p = k / n
    middle = p + Z * Z / (2.0 * n)
    half = Z * np.sqrt(p * (1.0 - p) / n + Z * Z / (4.0 * n * n))
    scale = 1.0 + Z * Z / n
    low = np.where(k == 0, 0.0, (middle - half) / scale)
    high = np.where(k == n, 1.0, (middle + half) / scale)
    return low, high
