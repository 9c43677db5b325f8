r"""Prospect payoff: gains and losses against a reference, losses weighing more.

.. math::

   v(y) = \begin{cases} y^\alpha & y \ge 0 \\ -\lambda\,(-y)^\beta & y < 0 \end{cases}, \qquad
   |w_f|\, v\big(\mathrm{sign}(w_f)\,(x_f - r_f)\big),

so a feature above its reference is a gain if its weight is positive and a loss if it is negative; the size of the
weight is the scale in util. Medians of Tversky and Kahneman: :math:`\alpha = \beta = 0.88`, :math:`\lambda = 2.25`.
The reference ``reference`` holds for all terms, ``reference_<feature>`` for the terms of one feature.

Their weighting of the probability of gains, :math:`w^+(p) = p^\gamma / (p^\gamma + (1-p)^\gamma)^{1/\gamma}` with
:math:`\gamma = 0.61`, is `probability_weight`.

References
----------
Tversky, A. and Kahneman, D. (1992). Advances in prospect theory: cumulative representation of uncertainty. Journal of
Risk and Uncertainty 5, 297-323.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from sim.compiled import compiled
from sim.elementary import power
from sim.errors import UsageError
from sim.model.rule_parameter import Parameter
from sim.scenario.catalogue import MAX_PARAMETERS

ALPHA: Final = 0
BETA: Final = 1
LOSS_AVERSION: Final = 2
PARAMETERS: Final = (
    Parameter("alpha", 0.88, 0.0, 100.0, open_low=True),
    Parameter("beta", 0.88, 0.0, 100.0, open_low=True),
    Parameter("loss_aversion", 2.25, 0.0, 1e6),
    Parameter("reference", 0.0, per_term=True),
)


@compiled
def prospect_value(change: float, alpha: float = 0.88, beta: float = 0.88, loss_aversion: float = 2.25) -> float:
    """Return the value of a gain or a loss.

    Parameters
    ----------
    change : float
        Against the reference; negative for a loss.
    alpha, beta : float
        Exponents of gains and of losses.
    loss_aversion : float
        How much more a loss of 1 weighs than a gain of 1.

    Examples
    --------
    >>> round(prospect_value(100.0), 6), round(prospect_value(-100.0), 6)
    (57.543994, -129.473986)
    """
    if change >= 0.0:
        return power(change, alpha)
    return -loss_aversion * power(-change, beta)


def probability_weight(probability: float, gamma: float = 0.61) -> float:
    """Return the decision weight of the probability of a gain.

    Parameters
    ----------
    probability : float
        In [0, 1].
    gamma : float
        Curvature, in (0, 1]; 1 is no distortion. Tversky and Kahneman's median is 0.61 for gains and 0.69 for losses.

    Returns
    -------
    float
        In [0, 1]: more than the probability if that is small, less if it is large.

    Raises
    ------
    UsageError
        If an argument is out of range.

    Examples
    --------
    >>> round(probability_weight(0.1), 6)
    0.186303
    """
    if not 0.0 <= probability <= 1.0:
        raise UsageError(f"probability: found {probability!r}, expected a number from 0 to 1")
    if not 0.0 < gamma <= 1.0:
        raise UsageError(f"gamma: found {gamma!r}, expected a number over 0 to 1")
    for_it, against = power(probability, gamma), power(1.0 - probability, gamma)
    return for_it / power(for_it + against, 1.0 / gamma)


def prospect(
    features: NDArray[np.float64],
    weights: NDArray[np.float64],
    parameters: NDArray[np.float64],
    count: int,
    terms: NDArray[np.float64],
) -> None:
    """Fill ``terms[:count]`` (util per day) with the values of gains and losses.

    Parameters
    ----------
    features, weights : ndarray, shape (MAX_TERMS,)
        Values of the actor's features and their weights (util per day and unit); read up to `count`.
    parameters : ndarray, shape (MAX_PARAMETERS + MAX_TERMS,)
        Alpha, beta, loss aversion; from place `MAX_PARAMETERS` on the reference of each term.
    count : int
        Number of terms.
    terms : ndarray, shape (MAX_TERMS,)
        Filled.

    Examples
    --------
    >>> parameters = np.zeros(20)
    >>> parameters[:3] = 1.0, 1.0, 2.0
    >>> terms = np.zeros(2)
    >>> prospect(np.array([3.0, 3.0]), np.array([0.5, -0.5]), parameters, 2, terms)
    >>> terms.tolist()
    [1.5, -3.0]
    """
    for term in range(count):
        change = features[term] - parameters[MAX_PARAMETERS + term]
        weight = weights[term]
        gain = change if weight >= 0.0 else -change
        value = prospect_value(gain, parameters[ALPHA], parameters[BETA], parameters[LOSS_AVERSION])
        terms[term] = abs(weight) * value
