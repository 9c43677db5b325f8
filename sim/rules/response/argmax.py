"""Best reply: the legal move of the highest value, ties to the first declared."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.model.columns import ILLEGAL
from sim.model.layout import Params, State, Tables


def argmax(
    values: NDArray[np.float64],
    state: State,  # noqa: ARG001 - the signature is fixed
    params: Params,
    tables: Tables,  # noqa: ARG001 - likewise
    actor: int,
    probabilities: NDArray[np.float64],
) -> None:
    """Give probability 1 to the best legal move."""
    best = -1
    for move in range(params.moves[actor]):
        probabilities[move] = 0.0
        if values[move] != ILLEGAL and (best < 0 or values[move] > values[best]):
            best = move
    if best >= 0:
        probabilities[best] = 1.0
