r"""The ranked probability score of a forecast over ordered classes: :math:`\sum_k (P_k - 1\{y \le k\})^2`.

:math:`P_k` is the cumulative probability of the classes up to :math:`k`; a forecast one class away is punished less
than one that is three away.

References
----------
Epstein, E. S. (1969). A scoring system for probability forecasts of ranked categories. J. Appl. Meteorology 8, 985-987.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from sim.scoring.forecast import Floats, probabilities_and_class


def ranked_probability_score(probabilities: npt.ArrayLike, observed: npt.ArrayLike) -> Floats:
    """Return the ranked probability score of each case.

    Parameters
    ----------
    probabilities : array_like, shape (..., classes)
        Forecast over classes in their order; the last axis sums to 1.
    observed : array_like of int, shape (...)
        Class that came true, the first is 0.

    Returns
    -------
    ndarray, shape (...)
        Between 0 and classes - 1 (not divided by their number).

    Raises
    ------
    UsageError
        If a forecast is no distribution or a class is out of range.

    Examples
    --------
    >>> round(float(ranked_probability_score([0.1, 0.2, 0.3, 0.4], 2)), 10)
    0.26
    """
    chances, classes = probabilities_and_class(probabilities, observed)
    steps = np.arange(chances.shape[-1] - 1) >= classes[..., np.newaxis]
    below = np.cumsum(chances, axis=-1)[..., :-1]
    return np.asarray(((below - steps) ** 2).sum(axis=-1))
