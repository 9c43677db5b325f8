r"""Linear payoff: each term is its weight times its feature, :math:`w_f x_f`."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def linear(
    features: NDArray[np.float64],
    weights: NDArray[np.float64],
    parameters: NDArray[np.float64],  # noqa: ARG001 - the signature is fixed
    count: int,
    terms: NDArray[np.float64],
) -> None:
    """Fill ``terms[:count]`` (util per day) with weight times feature.

    Parameters
    ----------
    features, weights : ndarray, shape (MAX_TERMS,)
        Values of the actor's features and their weights (util per day and unit); read up to `count`.
    parameters : ndarray, shape (8,)
        Unused: a linear payoff has no parameters.
    count : int
        Number of terms.
    terms : ndarray, shape (MAX_TERMS,)
        Filled.

    Examples
    --------
    >>> terms = np.zeros(2)
    >>> linear(np.array([2.0, 1.0]), np.array([0.5, -1.0]), np.zeros(8), 2, terms)
    >>> terms.tolist()
    [1.0, -1.0]
    """
    for term in range(count):
        terms[term] = weights[term] * features[term]
