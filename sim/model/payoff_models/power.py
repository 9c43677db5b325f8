r"""Power payoff: the value of a feature grows with less than, or more than, its size.

.. math:: w_f\,\mathrm{sign}(x_f)\,|x_f|^{\alpha_f}

:math:`\alpha < 1` is satiation (constant relative risk aversion :math:`1 - \alpha` for gains), 1 is the linear model.
The exponent ``alpha`` holds for all terms, ``alpha_<feature>`` for the terms of one feature.

References
----------
Pratt, J. W. (1964). Risk aversion in the small and in the large. Econometrica 32, 122-136.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from sim.elementary import power as raised
from sim.model.rule_parameter import Parameter
from sim.scenario.catalogue import MAX_PARAMETERS

PARAMETERS: Final = (Parameter("alpha", None, 0.0, 100.0, open_low=True, per_term=True),)


def power(
    features: NDArray[np.float64],
    weights: NDArray[np.float64],
    parameters: NDArray[np.float64],
    count: int,
    terms: NDArray[np.float64],
) -> None:
    """Fill ``terms[:count]`` (util per day) with weight times the power of the feature, its sign kept.

    Parameters
    ----------
    features, weights : ndarray, shape (MAX_TERMS,)
        Values of the actor's features and their weights (util per day and unit); read up to `count`.
    parameters : ndarray, shape (MAX_PARAMETERS + MAX_TERMS,)
        From place `MAX_PARAMETERS` on the exponent of each term.
    count : int
        Number of terms.
    terms : ndarray, shape (MAX_TERMS,)
        Filled.

    Examples
    --------
    >>> terms = np.zeros(2)
    >>> power(np.array([4.0, -9.0]), np.array([0.5, 1.0]), np.full(20, 0.5), 2, terms)
    >>> terms.tolist()
    [1.0, -3.0]
    """
    for term in range(count):
        value = features[term]
        size = raised(abs(value), parameters[MAX_PARAMETERS + term])
        terms[term] = weights[term] * (size if value >= 0.0 else -size)
