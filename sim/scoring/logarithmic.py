r"""The logarithmic score :math:`-\ln p_y`: infinite for a class that was called impossible and came true.

A forecast from a sample calls impossible what no member of it shows. `floored` keeps a hundredth for what it left
out, spread evenly over all K classes, :math:`(1 - e)\,p + e/K` with :math:`e = 0.01`, however large the sample: the
worst score is :math:`\ln(K/e)`, so scores from samples of different sizes can be compared.

References
----------
Good, I. J. (1952). Rational decisions. Journal of the Royal Statistical Society B 14, 107-114.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from sim.scoring.forecast import Floats, probabilities_and_class

FLOOR: Final = 0.01
"""Share of a forecast that is kept for what its sample left out."""


def floored(probability: npt.ArrayLike, classes: int, floor: float = FLOOR) -> Floats:
    """Return probabilities of which a share is spread evenly over all classes.

    Parameters
    ----------
    probability : array_like
        Of one class each, in [0, 1].
    classes : int
        How many classes there are.
    floor : float
        The share.

    Examples
    --------
    >>> floored([0.0, 1.0], 2).tolist()
    [0.005, 0.995]
    """
    return np.asarray((1.0 - floor) * np.asarray(probability, dtype=np.float64) + floor / classes)


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
