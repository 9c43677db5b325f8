"""Coin-flip play: every legal move is equally likely, whatever it is worth (a logit response with precision 0)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.model.columns import ILLEGAL
from sim.model.layout import Params, State, Tables


def uniform(
    values: NDArray[np.float64],
    state: State,  # noqa: ARG001 - the signature is fixed
    params: Params,
    tables: Tables,  # noqa: ARG001
    actor: int,
    probabilities: NDArray[np.float64],
) -> None:
    """Fill ``probabilities[move]`` with one over the number of legal moves."""
    legal = 0
    for move in range(params.moves[actor]):
        if values[move] != ILLEGAL:
            legal += 1
    for move in range(params.moves[actor]):
        probabilities[move] = 1.0 / legal if values[move] != ILLEGAL else 0.0
