r"""Value of a move along the mean path, the standing moves of the others held.

.. math::

   W_m = \sum_k S_k\Big[D_k \sum_f w_f \phi_f(x_k) + e^{-\rho t_k}\big(\textstyle\sum_o P_k(o) B(o) - c_k\big)\Big]
         + S_K e^{-\rho t_K} \sum_f v_f x_f + \text{at once} + \text{inertia},

with :math:`S_k` the probability that the run goes on until step :math:`k`, :math:`D_k` the step's discounted length,
:math:`P_k(o)` the probability of outcome :math:`o` in it and :math:`c_k` costs of releases. Beyond the window the value
is a weighted sum of what stands then. An actor that threatens assumes the answer that its scenario declares. Before a
release programme has started, its set-up lag is expected at its mean.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.model.features import feature
from sim.model.layout import STATE, Params, State, Tables
from sim.model.mean_path import expected_step
from sim.model.moves import enter_move, expect_answer
from sim.model.payoff import effective_weight, flow_terms, outcome_value
from sim.model.releases import expect_lags
from sim.rules.columns import AT_ONCE, AT_OUTCOME, BEYOND_WINDOW, COLUMNS, ILLEGAL, INERTIA, RELEASE_COST
from sim.scenario.catalogue import (
    CIVIL_WAR,
    DEAL_VOID,
    GOVERNMENT_COLLAPSE,
    MAX_ACTORS,
    MAX_TERMS,
    OUTCOMES,
    SETTLEMENT,
)

OUTCOME_NUMBER = len(OUTCOMES)


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
    features = np.empty(MAX_TERMS)
    flows = np.empty(MAX_TERMS)
    weights = np.empty(MAX_TERMS)
    exits = np.zeros(OUTCOME_NUMBER)
    costs = np.empty(MAX_ACTORS)
    count = params.terms[actor]
    steps = params.path_steps[actor]
    for move in range(params.moves[actor]):
        if values[move] == ILLEGAL:
            continue
        copy[0] = state
        world = copy[0]
        expect_lags(world, params)
        terms[move, AT_ONCE] = -enter_move(world, params, tables, actor, move, True)
        expect_answer(world, params, tables, actor)
        for term in range(count):
            weights[term] = effective_weight(world, params, actor, term)
        survival = 1.0
        for step in range(steps):
            ticks = int(params.path_dt[actor, step])
            discount = survival * params.path_discount[actor, step]
            length = discount * params.path_length[actor, step]
            flow_terms(world, params, actor, weights, features, flows)
            for term in range(count):
                terms[move, term] += length * flows[term]
            costs[actor] = 0.0
            any_exit = expected_step(world, params, tables, ticks, params.path_row[actor, step], exits, costs)
            if any_exit > 0.0:
                ends = (
                    exits[SETTLEMENT] * outcome_value(world, params, actor, SETTLEMENT)
                    + exits[DEAL_VOID] * outcome_value(world, params, actor, DEAL_VOID)
                    + exits[CIVIL_WAR] * outcome_value(world, params, actor, CIVIL_WAR)
                    + exits[GOVERNMENT_COLLAPSE] * outcome_value(world, params, actor, GOVERNMENT_COLLAPSE)
                )
                terms[move, AT_OUTCOME] += discount * ends
            terms[move, RELEASE_COST] -= discount * costs[actor]
            survival *= 1.0 - any_exit
        beyond = 0.0
        for term in range(params.beyond[actor]):
            beyond += params.beyond_weight[actor, term] * feature(
                world,
                params,
                params.beyond_code[actor, term],
                params.beyond_a[actor, term],
                params.beyond_b[actor, term],
            )
        terms[move, BEYOND_WINDOW] = survival * params.path_discount[actor, steps] * beyond
        if move == state.standing[actor]:
            terms[move, INERTIA] = params.inertia[actor]
        total = 0.0
        for column in range(COLUMNS):
            total += terms[move, column]
        values[move] = total
