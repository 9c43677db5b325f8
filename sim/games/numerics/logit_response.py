r"""The logit response: better moves are likelier (McFadden 1973; McKelvey and Palfrey 1995).

.. math:: \sigma(a) = \frac{e^{\lambda W(a)}}{\sum_b e^{\lambda W(b)}}

:math:`\lambda = 0` is uniform play; :math:`\lambda = \infty` is the best response, uniform over moves whose values tie
to within `TIE` times their scale. The largest value is subtracted before the exponential, so no value overflows.

References
----------
McKelvey, R. D. and Palfrey, T. R. (1995). Quantal response equilibria for normal form games. Games and Economic
Behavior 10, 6-38.
"""

from __future__ import annotations

import math

import numpy.typing as npt

from sim.compiled import compiled
from sim.games.numerics.arguments import Floats, payoff_array, precisions

TIE = 1e-12
"""Two values tie when they differ by less than this times max(1, size of the best)."""


@compiled
def fill_logit(values: Floats, start: int, stop: int, lam: float, probabilities: Floats) -> None:  # pragma: no cover
    """Write the logit response to ``values[start:stop]`` into the same places of `probabilities`."""
    best = values[start]
    for a in range(start + 1, stop):
        if values[a] > best:
            best = values[a]
    total = 0.0
    if math.isinf(lam):
        slack = TIE * max(1.0, abs(best))
        for a in range(start, stop):
            probabilities[a] = 1.0 if values[a] >= best - slack else 0.0
            total += probabilities[a]
    else:
        for a in range(start, stop):
            probabilities[a] = math.exp(lam * (values[a] - best))
            total += probabilities[a]
    for a in range(start, stop):
        probabilities[a] /= total


def logit_probabilities(values: npt.ArrayLike, lam: float) -> Floats:
    """Return the logit response to the values of some moves.

    Parameters
    ----------
    values : array_like, shape (moves,)
        Value of each move, in the unit whose inverse is `lam`'s.
    lam : float
        Precision, at least 0; infinity for the best response.

    Returns
    -------
    ndarray, shape (moves,)
        Probabilities.

    Raises
    ------
    GameError
        If there is no move, a value is not finite or `lam` is negative.

    Examples
    --------
    >>> logit_probabilities([1.0, 0.0, 1.0], float("inf")).tolist()
    [0.5, 0.0, 0.5]
    """
    numbers = payoff_array("values", values, 1)
    precision = float(precisions(lam, 1)[0])
    probabilities = numbers.copy()
    fill_logit(numbers, 0, numbers.size, precision, probabilities)
    return probabilities
