r"""The logarithmic score :math:`-\ln p_y`: infinite for a class that was called impossible and came true.

References
----------
Good, I. J. (1952). Rational decisions. Journal of the Royal Statistical Society B 14, 107-114.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from sim.scoring.forecast import Floats, probabilities_and_class


def log_score(probabilities: npt.ArrayLike, observed: npt.ArrayLike) -> Floats:
    """Return the logarithmic score of each case, in nats.

    Parameters
    ----------
    probabilities : array_like, shape (..., classes)
        Forecast; the last axis sums to 1.
    observed : array_like of int, shape (...)
        Class that came true, the first is 0.

    Returns
    -------
    ndarray, shape (...)
        Infinite where a probability of 0 came true.

    Raises
    ------
    UsageError
        If a forecast is no distribution or a class is out of range.

    Examples
    --------
    >>> round(float(log_score([0.1, 0.2, 0.3, 0.4], 2)), 10)
    1.2039728043
    """
    chances, classes = probabilities_and_class(probabilities, observed)
    hit = np.take_along_axis(chances, classes[..., np.newaxis], axis=-1)[..., 0]
    with np.errstate(divide="ignore"):
        return np.asarray(-np.log(hit)) + 0.0
