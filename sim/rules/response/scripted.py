"""Scripted play: what stands goes on until the script's next date, which is a clock of its own."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.model.layout import Params, State, Tables


def scripted(
    values: NDArray[np.float64],  # noqa: ARG001 - the signature is fixed
    state: State,
    params: Params,
    tables: Tables,  # noqa: ARG001
    actor: int,
    probabilities: NDArray[np.float64],
) -> None:
    """Give probability 1 to the move that stands."""
    for move in range(params.moves[actor]):
        probabilities[move] = 1.0 if move == state.standing[actor] else 0.0
