r"""Value of a move along the mean path, the standing moves of the others held.

An actor that expects to reconsider (`holds_days`) values a move for as long as it will stand, and from then on what is
best if it is held for the whole window: one deviation from its own later play. Otherwise the move stands throughout.

.. math::

   W_m = F_m + S_K e^{-\rho t_K} \sum_f v_f x_f + \text{at once} + \text{inertia},

with :math:`F_m` what the actor gets over its window (`sim.model.window`) and :math:`S_K` the probability that the run
goes on beyond it, where the value is a weighted sum of what stands then. An actor assumes the answers to its move that
its scenario declares. What was drawn for the run and nobody knows, the set-up lag of a programme not begun and the
probability of return, is expected at its mean.
"""

from __future__ import annotations

from math import inf

import numpy as np
from numpy.typing import NDArray

from sim.model.actors import profile_of
from sim.model.captives import forget_draws
from sim.model.columns import AT_ONCE, BEYOND_WINDOW, COLUMNS, ILLEGAL, INERTIA
from sim.model.layout import STATE, Params, State, Tables
from sim.model.moves import enter_move, expect_answers
from sim.model.payoffs import beyond_value
from sim.model.window import WINDOW_WORK, window_flow


def drift(
    state: State,
    params: Params,
    tables: Tables,
    actor: int,
    values: NDArray[np.float64],
    terms: NDArray[np.float64],
) -> None:
    """Fill the value of each legal move and its terms.

    Parameters
    ----------
    state, params, tables : State, Params, Tables
        The world at the epoch; not changed.
    actor : int
        Row of the mover.
    values : ndarray, shape (MAX_MOVES,)
        Minus infinity for illegal moves, which stay; filled for the others (util).
    terms : ndarray, shape (MAX_MOVES, COLUMNS)
        Zero on entry; filled so that each row sums to the move's value.
    """
    copy = np.empty(1, STATE)
    work = np.empty(1, WINDOW_WORK)
    profile = profile_of(state, actor)
    end = params.path_steps[profile]
    then = params.then_move[actor] if params.hold_step[profile] > 0 else -1
    best = -inf
    for round_of in range(2):
        if round_of == 1 and (params.hold_step[profile] == 0 or params.then_move[actor] >= 0):
            break  # what is held for the whole window, or what comes after it is known, takes one round
        later = then
        for move in range(params.moves[actor]):
            if values[move] == ILLEGAL or (round_of == 1 and move == later):
                continue
            copy[0] = state
            world, scratch = copy[0], work[0]
            for column in range(COLUMNS):
                terms[move, column] = 0.0
            forget_draws(world, params)
            terms[move, AT_ONCE] = -enter_move(world, params, tables, actor, move, True)
            expect_answers(world, params, tables, actor)
            survival = window_flow(world, params, tables, actor, actor, actor + 1, scratch, terms, move, later)
            beyond = beyond_value(world, params, actor)
            terms[move, BEYOND_WINDOW] = survival * params.path_discount[profile, end] * beyond
            total = 0.0
            for column in range(COLUMNS):
                total += terms[move, column]
            if round_of == 0 and total > best:
                best = total
                then = move
            if move == state.standing[actor]:
                terms[move, INERTIA] = params.inertia[profile]
                total += terms[move, INERTIA]
            values[move] = total
