r"""The Brier score of a forecast over classes: :math:`\sum_k (p_k - 1\{k = y\})^2`, between 0 and 2.

References
----------
Brier, G. W. (1950). Verification of forecasts expressed in terms of probability. Monthly Weather Review 78, 1-3.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from sim.scoring.forecast import Floats, probabilities_and_class


def brier_score(probabilities: npt.ArrayLike, observed: npt.ArrayLike) -> Floats:
    """Return the Brier score of each case.

    Parameters
    ----------
    probabilities : array_like, shape (..., classes)
        Forecast; the last axis sums to 1. A yes/no event has two classes (its score is then twice the half-Brier).
    observed : array_like of int, shape (...)
        Class that came true, the first is 0.

    Returns
    -------
    ndarray, shape (...)

    Raises
    ------
    UsageError
        If a forecast is no distribution or a class is out of range.

    Examples
    --------
    >>> round(float(brier_score([0.1, 0.2, 0.3, 0.4], 2)), 10)
    0.7
    """
    chances, classes = probabilities_and_class(probabilities, observed)
    hit = np.take_along_axis(chances, classes[..., np.newaxis], axis=-1)[..., 0]
    return np.asarray((chances**2).sum(axis=-1) - 2.0 * hit + 1.0)
