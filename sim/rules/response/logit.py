r"""Logit response: :math:`p_m \propto e^{\lambda W_m}` over the legal moves.

The quantal response of McKelvey and Palfrey (1995, 1998) with precision :math:`\lambda` per util: 0 is uniform, and the
response tends to a best reply as it grows. Only precision times the range of payoffs means anything.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.elementary import exp
from sim.model.actors import profile_of
from sim.model.columns import ILLEGAL
from sim.model.layout import Params, State, Tables


def logit(
    values: NDArray[np.float64],
    state: State,
    params: Params,
    tables: Tables,  # noqa: ARG001 - the signature is fixed
    actor: int,
    probabilities: NDArray[np.float64],
) -> None:
    """Fill ``probabilities[move]`` with the logit of the values."""
    precision = params.lam[profile_of(state, actor)]
    highest = ILLEGAL
    for move in range(params.moves[actor]):
        highest = max(highest, values[move])
    total = 0.0
    for move in range(params.moves[actor]):
        weight = 0.0
        if values[move] != ILLEGAL:
            weight = exp(precision * (values[move] - highest))
        probabilities[move] = weight
        total += weight
    for move in range(params.moves[actor]):
        probabilities[move] /= total
