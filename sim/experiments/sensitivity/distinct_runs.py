r"""Products of two noisy outputs, taken over distinct replications only, so that noise adds nothing on average.

Run k of row x gives :math:`y_k(x) = g(x) + e_k(x)` with :math:`E[e_k(x)] = 0`. Luck differs between replications k
and l, so :math:`e_k` and :math:`e_l` are independent, while :math:`e_k(x)` and :math:`e_k(x')` need not be: rows may
share their luck. The product of means of replications has a bias; the mean of the products over distinct replications
has none, whether rows share their luck or not:

.. math:: P(u, v) = \frac{1}{n (n - 1)} \sum_{k \ne l} u_k v_l
                  = \frac{\left(\sum u_k\right) \left(\sum v_k\right) - \sum u_k v_k}{n (n - 1)}, \qquad
          E[P(u, v)] = g(x_u)\, g(x_v).

For u = v this is the square of the mean less s^2 / n, the correction of one-way analysis of variance; for a
difference of two rows it subtracts the variance of the *paired* difference, which is what shared luck makes small.

References
----------
Searle, S. R., Casella, G. and McCulloch, C. E. (1992). Variance Components. Wiley, chapter 3.
Hoeffding, W. (1948). A class of statistics with asymptotically normal distribution. Annals of Mathematical
Statistics 19, 293-325 (U-statistics).
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray


def product(u: NDArray[np.float64], v: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the mean of products over distinct replications.

    Parameters
    ----------
    u, v : ndarray of float64, shape (..., replications)
        Outputs, NaN where a run failed; a replication counts where it is known in both.

    Returns
    -------
    ndarray of float64, shape (...)
        NaN where fewer than two replications count. With a single replication in all, the plain product: nothing can be
        told about noise from it.

    Examples
    --------
    >>> import numpy as np
    >>> product(np.array([1.0, 2.0, 6.0]), np.array([1.0, 2.0, 6.0])).round(3)
    np.float64(6.667)
    >>> mean, variance = 3.0, 7.0
    >>> round(mean**2 - variance / 3, 3)
    6.667
    """
    if u.shape[-1] == 1:
        plain: NDArray[np.float64] = u[..., 0] * v[..., 0]
        return plain
    both = ~(np.isnan(u) | np.isnan(v))
    n = both.sum(axis=-1).astype(np.float64)
    x, y = np.where(both, u, 0.0), np.where(both, v, 0.0)
    pairs = np.where(n >= 2.0, n * (n - 1.0), np.nan)
    mean: NDArray[np.float64] = (x.sum(axis=-1) * y.sum(axis=-1) - (x * y).sum(axis=-1)) / pairs
    return mean


def known(*outputs: NDArray[np.float64]) -> NDArray[np.int64]:
    """Count the replications that are known in every one of several rows.

    Examples
    --------
    >>> import numpy as np
    >>> known(np.array([1.0, np.nan, 2.0]), np.array([1.0, 3.0, np.nan]))
    np.int64(1)
    """
    count: NDArray[Any] = np.logical_and.reduce([~np.isnan(x) for x in outputs]).sum(axis=-1)
    return count
