r"""Fictitious play over the standing moves of the others: best against how often each of their moves has stood.

The actor believes that the other :math:`j` plays its move :math:`k` with probability

.. math:: \beta_j(k) = \frac{d_{jk} + \nu / M_j}{\sum_l d_{jl} + \nu},

:math:`d_{jk}` the days that the move has stood, :math:`\nu` the days of a uniform prior (``prior_days``, 0 by default;
before the first day, without a prior, what stands is believed). A move's value is the expectation of its drift value
over these beliefs, the others taken one at a time and independently:

.. math:: V(m) = V_0(m) + \sum_j \sum_k \beta_j(k)\,[V(m \mid j \text{ plays } k) - V_0(m)],

with :math:`V_0` the drift value against what stands. With one other actor this is the expectation itself; with
several it leaves out how their deviations work together, so that work grows with the sum of their moves and not with
the product. Chosen by ``argmax`` it is fictitious play (Brown 1951), by ``logit`` its smooth form (Fudenberg and
Kreps 1993).

References
----------
Brown, G. W. (1951). Iterative solution of games by fictitious play. In Activity Analysis of Production, 374-376.
Fudenberg, D. and Kreps, D. M. (1993). Learning mixed equilibria. Games and Economic Behavior 5, 320-367.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from sim.compiled import compiled
from sim.function_pointer import call_function
from sim.model.actors import profile_of
from sim.model.captives import forget_draws
from sim.model.columns import COLUMNS, ILLEGAL
from sim.model.layout import STATE, Params, State, Tables
from sim.model.moves import enter_move
from sim.model.rule_parameter import Parameter
from sim.scenario.catalogue import MAX_MOVES

PRIOR_DAYS: Final = 0
PARAMETERS: Final = (Parameter("prior_days", 0.0, 0.0, 1e6),)


@compiled
def weigh_moves(counts: Any, number: int, prior: float, standing: int, weights: Any) -> float:
    """Fill how much each move of another counts in what is believed of it, and return the sum.

    Parameters
    ----------
    counts : ndarray, shape (moves,)
        How often, or for how many days, each was played.
    number : int
        Number of moves.
    prior : float
        Plays, or days, of a uniform prior.
    standing : int
        The move believed for sure where nothing else is known.
    weights : ndarray, shape (moves,)
        Filled up to `number`; over the sum they are probabilities.
    """
    total = 0.0
    for move in range(number):
        weights[move] = float(counts[move]) + prior / number
        total += weights[move]
    if total <= 0.0:
        weights[standing] = 1.0
        total = 1.0
    return total


@compiled
def add_weighted(weight: float, values: Any, terms: Any, sums: Any, term_sums: Any) -> None:
    """Add a multiple of the values of legal moves and of their terms to sums of them."""
    for move in range(values.shape[0]):
        if values[move] == ILLEGAL:
            continue
        sums[move] += weight * values[move]
        for column in range(terms.shape[1]):
            term_sums[move, column] += weight * terms[move, column]


@compiled
def value_against(
    copy: Any,
    state: State,
    params: Params,
    tables: Tables,
    actor: int,
    other: int,
    answer: int,
    values: Any,
    terms: Any,
) -> None:
    """Fill the drift values of an actor's legal moves as if a move of another actor stood now.

    The copy is an array of one State that the caller keeps: compiled code would free one of its own as soon as only a
    record of it is used.
    """
    copy[0] = state
    world = copy[0]
    forget_draws(world, params)
    enter_move(world, params, tables, other, answer, True)
    for move in range(MAX_MOVES):
        for column in range(COLUMNS):
            terms[move, column] = 0.0
    call_function(params.drift_address, world, params, tables, actor, values, terms)


def fictitious_play(
    state: State,
    params: Params,
    tables: Tables,
    actor: int,
    values: NDArray[np.float64],
    terms: NDArray[np.float64],
) -> None:
    """Fill the expected drift value of each legal move over what is believed of the others.

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
    call_function(params.drift_address, state, params, tables, actor, values, terms)
    copy = np.empty(1, STATE)
    against = values.copy()
    against_terms = np.zeros((MAX_MOVES, COLUMNS))
    sums = np.zeros(MAX_MOVES)
    term_sums = np.zeros((MAX_MOVES, COLUMNS))
    weights = np.empty(MAX_MOVES)
    prior = params.valuation_parameters[profile_of(state, actor), PRIOR_DAYS]
    add_weighted(2.0 - params.actors, values, terms, sums, term_sums)
    for other in range(params.actors):
        if other == actor:
            continue
        standing = state.standing[other]
        total = weigh_moves(state.occupancy[other], params.moves[other], prior, standing, weights)
        add_weighted(weights[standing] / total, values, terms, sums, term_sums)
        for answer in range(params.moves[other]):
            if answer != standing and weights[answer] > 0.0:
                value_against(copy, state, params, tables, actor, other, answer, against, against_terms)
                add_weighted(weights[answer] / total, against, against_terms, sums, term_sums)
    for move in range(MAX_MOVES):
        if values[move] == ILLEGAL:
            continue
        values[move] = sums[move]
        for column in range(COLUMNS):
            terms[move, column] = term_sums[move, column]
