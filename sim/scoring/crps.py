r"""The continuous ranked probability score: :math:`\int (F(x) - 1\{y \le x\})^2 dx = E|X-y| - \tfrac12 E|X-X'|`.

It has the unit of the quantity and is the absolute error of a point forecast. For a normal distribution, with
:math:`z = (y-\mu)/s`,

.. math:: s\left[z(2\Phi(z)-1) + 2\varphi(z) - \pi^{-1/2}\right].

From a sample of :math:`m` members it is computed exactly in one sort; the *fair* version divides the spread term by
:math:`m(m-1)` instead of :math:`m^2`, which makes its expectation that of the distribution sampled (Ferro 2014).

References
----------
Gneiting, T. and Raftery, A. E. (2007). J. American Statistical Association 102, 359-378, equations 20-21.
Ferro, C. A. T. (2014). Fair scores for ensemble forecasts. Q. J. Royal Meteorological Society 140, 1917-1923.
"""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt
from scipy.special import ndtr

from sim.errors import UsageError
from sim.scoring.forecast import Floats, finite_array


def crps_normal(mean: npt.ArrayLike, sd: npt.ArrayLike, observed: npt.ArrayLike) -> Floats:
    """Return the score of normal forecasts.

    Parameters
    ----------
    mean, sd : array_like, shape (...)
        Mean and standard deviation (at least 0; 0 is a point forecast), in the unit of the quantity.
    observed : array_like, shape (...)
        What came true, in the same unit.

    Returns
    -------
    ndarray, shape (...)

    Raises
    ------
    UsageError
        If an entry is not finite or a standard deviation is negative.

    Examples
    --------
    >>> round(float(crps_normal(0.0, 1.0, 0.0)), 10)
    0.2336949773
    """
    centre, spread, happened = (
        finite_array(name, value) for name, value in (("mean", mean), ("sd", sd), ("observed", observed))
    )
    if (spread < 0).any():
        raise UsageError(f"sd: found {spread.min():g}, expected at least 0")
    error = happened - centre
    z = np.divide(error, spread, out=np.zeros(np.broadcast_shapes(error.shape, spread.shape)), where=spread > 0)
    density = np.exp(-0.5 * z * z) / math.sqrt(2.0 * math.pi)
    score = spread * (z * (2.0 * ndtr(z) - 1.0) + 2.0 * density - 1.0 / math.sqrt(math.pi))
    return np.asarray(np.where(spread > 0, score, np.abs(error)))


def crps_weighted(members: npt.ArrayLike, weights: npt.ArrayLike, observed: float) -> float:
    r"""Return the score of one forecast given as a weighted sample.

    With the members in rising order and :math:`W_k = \sum_{j \le k} w_j`, the spread is
    :math:`\tfrac12 E|X-X'| = \sum_k w_k x_k (W_{k-1} + W_k - 1)`.

    Parameters
    ----------
    members, weights : array_like, shape (members,)
        Sample, and weights of at least 0 that are not all 0.
    observed : float
        What came true.

    Returns
    -------
    float

    Raises
    ------
    UsageError
        If an entry is not finite, the shapes differ, or there is no positive weight.

    Examples
    --------
    >>> crps_weighted([0.0, 2.0, 99.0], [1.0, 1.0, 0.0], 1.0)
    0.5
    """
    sample, weight = finite_array("members", members), finite_array("weights", weights)
    if sample.ndim != 1 or sample.shape != weight.shape or (weight < 0).any() or weight.sum() <= 0.0:
        raise UsageError("weights: expected one of at least 0 for each member, not all of them 0")
    order = np.argsort(sample, kind="stable")
    x, w = sample[order], weight[order] / weight.sum()
    to = np.cumsum(w)
    spread = float((w * (x - x[0]) * (2.0 * to - w - 1.0)).sum())
    return float((w * np.abs(x - observed)).sum()) - spread


def crps_ensemble(members: npt.ArrayLike, observed: npt.ArrayLike, fair: bool = False) -> Floats:
    """Return the score of forecasts given as samples.

    Parameters
    ----------
    members : array_like, shape (..., members)
        Sample of each case.
    observed : array_like, shape (...)
        What came true.
    fair : bool
        Whether to correct for the finite size of the sample (needs two members).

    Returns
    -------
    ndarray, shape (...)

    Raises
    ------
    UsageError
        If an entry is not finite or there are too few members.

    Examples
    --------
    >>> float(crps_ensemble([0.0, 2.0], 1.0))
    0.5
    """
    sample = finite_array("members", members)
    happened = finite_array("observed", observed)
    size = sample.shape[-1] if sample.ndim else 0
    if size < (2 if fair else 1):
        raise UsageError(f"members: found {size} on the last axis, expected at least {2 if fair else 1}")
    ordered = np.sort(sample, axis=-1)
    error = np.abs(ordered - happened[..., np.newaxis]).mean(axis=-1)
    # Sum over pairs of |x_i - x_j| = 2 sum_k (2k - m + 1) x_(k); centred so that a large offset cancels no digits.
    centred = ordered - ordered[..., :1]
    pairs = 2.0 * (centred * (2.0 * np.arange(size) - size + 1.0)).sum(axis=-1)
    return np.asarray(error - 0.5 * pairs / (size * (size - 1) if fair else size * size))
