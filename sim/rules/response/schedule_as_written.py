"""The deal as written: the actor makes the move that its scenario declares to keep the deal, whatever that is worth.

A baseline for every comparison, with no rationality in it. Several such moves are made in turn, each until what it
waits for holds (`sim.rules.kept_deal`). Where ``keeps_deal`` is not legal now (a dispute blocks it, a guard forbids
it), what stands goes on; if that is not legal either, the first legal move is made.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.model.layout import Params, State, Tables
from sim.rules.kept_deal import keeping_move
from sim.rules.legal_moves import legal_or_next


def schedule_as_written(
    values: NDArray[np.float64],
    state: State,
    params: Params,
    tables: Tables,
    actor: int,
    probabilities: NDArray[np.float64],
) -> None:
    """Give probability 1 to the move that keeps the deal."""
    for move in range(params.moves[actor]):
        probabilities[move] = 0.0
    wanted = keeping_move(state, params, tables, actor)
    probabilities[legal_or_next(values, params, actor, wanted, state.standing[actor])] = 1.0
