"""No valuation: every legal move is worth 0, for responses that do not look at values."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.model.columns import ILLEGAL
from sim.model.layout import Params, State, Tables


def none(
    state: State,  # noqa: ARG001 - the signature is fixed
    params: Params,
    tables: Tables,  # noqa: ARG001
    actor: int,
    values: NDArray[np.float64],
    terms: NDArray[np.float64],  # noqa: ARG001 - already 0
) -> None:
    """Fill ``values[move]`` with 0 for each legal move of an actor."""
    for move in range(params.moves[actor]):
        if values[move] != ILLEGAL:
            values[move] = 0.0
