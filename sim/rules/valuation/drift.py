r"""Value of a move along the mean path, the standing moves of the others held.

An actor that expects to reconsider (`holds_days`) values a move for as long as it will stand, and from then on what is
best if it is held for the whole window: one deviation from its own later play. Otherwise the move stands throughout.

.. math::

   W_m = F_m + S_K e^{-\rho t_K} \sum_f v_f x_f + \text{at once} + \text{inertia},

with :math:`F_m` what the actor gets over its window (`sim.model.window`) and :math:`S_K` the probability that the run
goes on beyond it, where the value is a weighted sum of what stands then. An actor assumes the answers to its move that
its scenario declares; of a threat that its target may withstand, the value is the mean of giving in and not. What was
drawn for the run and nobody knows, the set-up lag of a programme not begun and the probability of return, is expected
at its mean.
"""

from __future__ import annotations

from math import inf

import numpy as np
from numpy.typing import NDArray

from sim.compiled import compiled
from sim.model.actors import profile_of
from sim.model.captives import forget_draws
from sim.model.columns import AT_ONCE, BEYOND_WINDOW, COLUMNS, ILLEGAL, INERTIA
from sim.model.layout import STATE, Params, State, Tables
from sim.model.moves import enter_move, expect_answers
from sim.model.payoffs import beyond_value
from sim.model.window import WINDOW_WORK, window_flow


@compiled
def walk(
    state: State,
    params: Params,
    tables: Tables,
    actor: int,
    move: int,
    later: int,
    gives_in: bool,
    copy: NDArray[np.void],
    work: NDArray[np.void],
    terms: NDArray[np.float64],
    row: int,
) -> None:
    """Fill a row of terms with what a move brings on its mean path.

    Parameters
    ----------
    state, params, tables : State, Params, Tables
        The world at the epoch; not changed.
    actor, move : int
        Who makes which move.
    later : int
        What it expects to make when it reconsiders; -1 if it holds the move.
    gives_in : bool
        Whether the target of a threat gives in.
    copy, work : ndarray, shape (1,)
        Scratch, of STATE and WINDOW_WORK.
    terms : ndarray, shape (rows, COLUMNS)
        Row `row` is filled (util).
    row : int
        See `terms`.
    """
    copy[0] = state
    world, scratch = copy[0], work[0]
    profile = profile_of(state, actor)
    for column in range(COLUMNS):
        terms[row, column] = 0.0
    forget_draws(world, params)
    terms[row, AT_ONCE] = -enter_move(world, params, tables, actor, move, True)
    expect_answers(world, params, tables, actor, gives_in)
    survival = window_flow(world, params, tables, actor, actor, actor + 1, scratch, terms, row, later)
    discount = params.path_discount[profile, params.path_steps[profile]]
    terms[row, BEYOND_WINDOW] = survival * discount * beyond_value(world, params, actor)


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
    withstood = np.zeros((1, COLUMNS))
    profile = profile_of(state, actor)
    then = params.then_move[actor] if params.hold_step[profile] > 0 else -1
    best = -inf
    for round_of in range(2):
        if round_of == 1 and (params.hold_step[profile] == 0 or params.then_move[actor] >= 0):
            break  # what is held for the whole window, or what comes after it is known, takes one round
        later = then
        for move in range(params.moves[actor]):
            if values[move] == ILLEGAL or (round_of == 1 and move == later):
                continue
            walk(state, params, tables, actor, move, later, True, copy, work, terms, move)
            doubt = 1.0 - params.pressure_gives_in[actor, move]
            if doubt > 0.0:
                walk(state, params, tables, actor, move, later, False, copy, work, withstood, 0)
            total = 0.0
            for column in range(COLUMNS):
                if doubt > 0.0:
                    terms[move, column] += doubt * (withstood[0, column] - terms[move, column])
                total += terms[move, column]
            if round_of == 0 and total > best:
                best = total
                then = move
            if move == state.standing[actor]:
                terms[move, INERTIA] = params.inertia[profile]
                total += terms[move, INERTIA]
            values[move] = total
