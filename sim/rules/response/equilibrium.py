"""Equilibrium: the actor plays a policy of a solved game, which it drew on day 0 by its part of an equilibrium.

The draw is made before a world begins (`sim.kernel.solution_play`), at an address of its own, and the policy that was
drawn stands in the actor's row of Params in the place of this rule. So engines never ask this function; where a
scenario is turned into numbers without its solution, what stands goes on.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.model.layout import Params, State, Tables


def equilibrium(
    values: NDArray[np.float64],  # noqa: ARG001 - the signature is fixed
    state: State,
    params: Params,
    tables: Tables,  # noqa: ARG001
    actor: int,
    probabilities: NDArray[np.float64],
) -> None:
    """Give probability 1 to the move that stands."""
    for move in range(params.moves[actor]):
        probabilities[move] = 0.0
    probabilities[state.standing[actor]] = 1.0
