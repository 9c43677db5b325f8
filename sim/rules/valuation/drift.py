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
from sim.model.window import WINDOW_WORK, begin_window, turn_on_the_way, walk_window


@compiled
def set_out(
    state: State,
    params: Params,
    tables: Tables,
    actor: int,
    move: int,
    gives_in: bool,
    worlds: NDArray[np.void],
    works: NDArray[np.void],
    parts: NDArray[np.float64],
    place: int,
) -> None:
    """Let an actor make a move in a copy of the world and walk to where it expects to reconsider.

    Parameters
    ----------
    state, params, tables : State, Params, Tables
        The world at the epoch; not changed.
    actor, move : int
        Who makes which move.
    gives_in : bool
        Whether the target of a threat gives in.
    worlds, works : ndarray, shape (places,)
        Of STATE and WINDOW_WORK; entry `place` is filled.
    parts : ndarray, shape (places, COLUMNS)
        Row `place`, of zeros, gets the terms so far (util).
    place : int
        See `worlds`.
    """
    worlds[place] = state
    world, work = worlds[place], works[place]
    forget_draws(world, params)
    parts[place, AT_ONCE] = -enter_move(world, params, tables, actor, move, True)
    expect_answers(world, params, tables, actor, gives_in)
    begin_window(world, params, tables, actor, actor + 1, work)
    hold = params.hold_step[profile_of(state, actor)]
    walk_window(world, params, tables, actor, actor, actor + 1, 0, hold, work, parts, place)


@compiled
def arrive(
    params: Params,
    tables: Tables,
    actor: int,
    worlds: NDArray[np.void],
    works: NDArray[np.void],
    parts: NDArray[np.float64],
    place: int,
) -> None:
    """Walk on from where the actor reconsiders to the end of its window, and add what stands there."""
    world, work = worlds[place], works[place]
    profile = profile_of(world, actor)
    hold, end = params.hold_step[profile], params.path_steps[profile]
    survival = walk_window(world, params, tables, actor, actor, actor + 1, hold, end, work, parts, place)
    parts[place, BEYOND_WINDOW] = survival * params.path_discount[profile, end] * beyond_value(world, params, actor)


@compiled
def take(terms: NDArray[np.float64], move: int, parts: NDArray[np.float64], place: int, share: float) -> None:
    """Move the terms of a move by a share towards those of a walk."""
    for column in range(COLUMNS):
        if share == 1.0:
            terms[move, column] = parts[place, column]
        else:
            terms[move, column] += share * (parts[place, column] - terms[move, column])


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
    count = params.moves[actor]
    worlds = np.empty(2 * count + 1, STATE)  # by move: its target gives in, or withstands; and one to go on in
    works = np.empty(2 * count + 1, WINDOW_WORK)
    parts = np.zeros((2 * count + 1, COLUMNS))
    profile = profile_of(state, actor)
    hold = params.hold_step[profile]
    then = params.then_move[actor] if hold > 0 else -1
    known = then >= 0
    best = -inf
    for move in range(count):
        if values[move] == ILLEGAL:
            continue
        doubt = 1.0 - params.pressure_gives_in[actor, move]
        set_out(state, params, tables, actor, move, True, worlds, works, parts, move)
        if doubt > 0.0:
            set_out(state, params, tables, actor, move, False, worlds, works, parts, count + move)
        if known and move != then:
            continue
        for place in range(move, 2 * count, count):  # it goes on holding the move
            if place == move or doubt > 0.0:
                here = place
                if hold > 0 and not known:  # the walk so far is needed again
                    here = 2 * count
                    worlds[here] = worlds[place]
                    works[here] = works[place]
                    for column in range(COLUMNS):
                        parts[here, column] = parts[place, column]
                arrive(params, tables, actor, worlds, works, parts, here)
                take(terms, move, parts, here, 1.0 if place == move else doubt)
        total = 0.0
        for column in range(COLUMNS):
            total += terms[move, column]
        values[move] = total
        if not known and total > best:
            best = total
            then = move
    for move in range(count):
        if values[move] == ILLEGAL:
            continue
        if hold > 0 and then >= 0 and move != then:  # it goes on with what is best
            doubt = 1.0 - params.pressure_gives_in[actor, move]
            for place in range(move, 2 * count, count):
                if place == move or doubt > 0.0:
                    turn_on_the_way(worlds[place], params, tables, actor, then, hold, works[place], parts, place)
                    arrive(params, tables, actor, worlds, works, parts, place)
                    take(terms, move, parts, place, 1.0 if place == move else doubt)
        if move == state.standing[actor]:
            terms[move, INERTIA] = params.inertia[profile]
        total = 0.0
        for column in range(COLUMNS):
            total += terms[move, column]
        values[move] = total
