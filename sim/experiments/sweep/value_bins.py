r"""Bins of numbers whose edges are fixed before the first run, so that counts of any parts add up.

Days from the start have equal bins of whole days, at most 128 up to the horizon. Other numbers have bins whose width
grows with their size, eight from a power of two to the next, mirrored at 0:

.. math:: 2^e \left(1 + \tfrac{j}{8}\right) \le |x| < 2^e \left(1 + \tfrac{j + 1}{8}\right), \qquad j = 0 \ldots 7,

so that a bin is at most an eighth of its lower edge wide, and whole numbers below 16 have one each. What is smaller
than 2^-20 counts as 0. Such histograms answer for quantiles with a known error (Masson, Rim and Lee 2019 bound it
alike).

References
----------
Masson, C., Rim, J. E. and Lee, H. K. (2019). DDSketch: a fast and fully-mergeable quantile sketch with relative-error
guarantees. Proceedings of the VLDB Endowment 12, 2195-2205.
"""

from __future__ import annotations

import math
from typing import Final

import numpy as np
from numpy.typing import NDArray

MOST_DAY_BINS: Final = 128
_SMALLEST: Final = -20
_EACH: Final = 8
LARGEST_BIN: Final = _EACH * (1024 - _SMALLEST + 1)


def day_width(horizon: float) -> float:
    """Return how many days a bin of days has.

    Examples
    --------
    >>> day_width(30), day_width(1000)
    (1.0, 8.0)
    """
    return float(max(math.ceil(horizon / MOST_DAY_BINS), 1))


def bins_of(values: NDArray[np.float64], width: float) -> NDArray[np.int64]:
    """Return the number of the bin of each value.

    Parameters
    ----------
    values : ndarray of float64, shape (n,)
        Finite.
    width : float
        Of bins of days; 0 for bins that grow.

    Returns
    -------
    ndarray of int64, shape (n,)

    Examples
    --------
    >>> bins_of(np.array([0.0, 7.5, 8.0]), 8.0).tolist()
    [0, 0, 1]
    >>> [edges_of(int(k), 0.0) for k in bins_of(np.array([0.0, 9.0, -1.1]), 0.0)]
    [(0.0, 0.0), (9.0, 10.0), (-1.125, -1.0)]
    """
    if width > 0.0:
        bins: NDArray[np.int64] = np.floor(values / width).clip(-LARGEST_BIN, LARGEST_BIN).astype(np.int64)
        return bins
    fraction, exponent = np.frexp(np.abs(values))
    eighth = np.floor(2 * _EACH * fraction).astype(np.int64) - _EACH
    size = _EACH * (exponent.astype(np.int64) - 1 - _SMALLEST) + eighth + 1
    return np.where(size > 0, np.sign(values).astype(np.int64) * size, 0)


def edges_of(number: int, width: float) -> tuple[float, float]:
    """Return the lower and the upper edge of a bin; of the bin of 0 both are 0."""
    if width > 0.0:
        return number * width, (number + 1) * width
    if number == 0:
        return 0.0, 0.0
    octave, eighth = divmod(abs(number) - 1, _EACH)
    scale = 2.0 ** (octave + _SMALLEST)
    low, high = scale * (1.0 + eighth / _EACH), scale * (1.0 + (eighth + 1) / _EACH)
    return (low, high) if number > 0 else (-high, -low)
