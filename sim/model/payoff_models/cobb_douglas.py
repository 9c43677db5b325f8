r"""Cobb-Douglas payoff: goods complement each other, and without any one of them the rest is worth nothing.

.. math::

   U = W \prod_f z_f^{s_f}, \qquad W = \sum_f |w_f|, \quad s_f = |w_f| / W, \qquad
   z_f = \begin{cases} x_f & w_f > 0 \\ 1 - x_f / \bar x_f & w_f < 0 \end{cases}

with :math:`z_f` held at ``floor`` or above. A feature with a negative weight is a bad: what is left of it until its
``worst`` level :math:`\bar x_f` counts (``worst`` for all, ``worst_<feature>`` for one feature). With all goods at 1
the flow is :math:`W`, as in the linear model.

The product belongs to no single term. It is attributed by Euler's theorem for functions of degree one,
:math:`U = \sum_f z_f\,\partial U/\partial z_f = \sum_f s_f U`: each term is its exponent's share of the product.

References
----------
Cobb, C. W. and Douglas, P. H. (1928). A theory of production. American Economic Review 18 (supplement), 139-165.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from sim.elementary import power
from sim.model.rule_parameter import Parameter
from sim.scenario.catalogue import MAX_PARAMETERS

FLOOR: Final = 0
PARAMETERS: Final = (
    Parameter("floor", 0.0, 0.0, 1.0),
    Parameter("worst", 1.0, 0.0, open_low=True, per_term=True),
)


def cobb_douglas(
    features: NDArray[np.float64],
    weights: NDArray[np.float64],
    parameters: NDArray[np.float64],
    count: int,
    terms: NDArray[np.float64],
) -> None:
    """Fill ``terms[:count]`` (util per day) with each term's share of the product.

    Parameters
    ----------
    features, weights : ndarray, shape (MAX_TERMS,)
        Values of the actor's features and their weights (util per day and unit); read up to `count`.
    parameters : ndarray, shape (MAX_PARAMETERS + MAX_TERMS,)
        The floor; from place `MAX_PARAMETERS` on the worst level of each term that is a bad.
    count : int
        Number of terms.
    terms : ndarray, shape (MAX_TERMS,)
        Filled.

    Examples
    --------
    >>> terms = np.zeros(2)
    >>> parameters = np.concatenate([np.zeros(8), np.ones(12)])
    >>> cobb_douglas(np.array([0.25, 0.75]), np.array([1.0, -1.0]), parameters, 2, terms)
    >>> terms.tolist()
    [0.25, 0.25]
    """
    total = 0.0
    for term in range(count):
        total += abs(weights[term])
    product = 1.0
    for term in range(count):
        weight = weights[term]
        if weight == 0.0:
            continue
        good = features[term] if weight > 0.0 else 1.0 - features[term] / parameters[MAX_PARAMETERS + term]
        product *= power(max(good, parameters[FLOOR]), abs(weight) / total)
    for term in range(count):
        terms[term] = abs(weights[term]) * product
