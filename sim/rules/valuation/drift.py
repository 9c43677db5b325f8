r"""Value of a move along the mean path, the standing moves of the others held.

.. math::

   W_m = \sum_k \Big[\tfrac12 D_k \sum_f w_f \big(S_k\phi_f(x_k) + S_{k+1}\phi_f(x_{k+1})\big)
         + S_k d_k \big(\textstyle\sum_o P_k(o) B(o) - c_k\big)\Big]
         + S_K e^{-\rho t_K} \sum_f v_f x_f + \text{at once} + \text{inertia},

with :math:`S_k` the probability that the run goes on until node :math:`k`, :math:`D_k` the discounted length of the
step that follows it (flows by the trapezoid rule), :math:`d_k` the mean discount factor in it, :math:`P_k(o)` the
probability of outcome :math:`o` in it and :math:`c_k` costs of releases. Beyond the window the value is a weighted sum
of what stands then. An actor assumes the answers to its move that its scenario declares. What was drawn for the run
and nobody knows, the set-up lag of a programme not begun and the probability of return, is expected at its mean.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.model.features import feature
from sim.model.layout import STATE, Params, State, Tables
from sim.model.mean_path import PATH_RATES, begin_path, expected_step
from sim.model.moves import enter_move, expect_answers
from sim.model.payoff import effective_weight, flow_terms, outcome_value
from sim.model.releases import epidemic_now, forget_draws
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
    now = np.empty(MAX_TERMS)
    then = np.empty(MAX_TERMS)
    weights = np.empty(MAX_TERMS)
    rates = np.zeros(PATH_RATES)
    exits = np.zeros(OUTCOME_NUMBER)
    worth = np.empty(OUTCOME_NUMBER)
    costs = np.empty(MAX_ACTORS)
    count = params.terms[actor]
    steps = params.path_steps[actor]
    for outcome in range(OUTCOME_NUMBER):
        worth[outcome] = outcome_value(state, params, actor, outcome)
    for move in range(params.moves[actor]):
        if values[move] == ILLEGAL:
            continue
        copy[0] = state
        world = copy[0]
        forget_draws(world, params)
        terms[move, AT_ONCE] = -enter_move(world, params, tables, actor, move, True)
        expect_answers(world, params, tables, actor)
        begin_path(world, params, tables, rates)
        epidemic = epidemic_now(world, params)
        for term in range(count):
            weights[term] = effective_weight(world, params, actor, term)
        flow_terms(world, params, actor, weights, features, now)
        survival = 1.0
        for step in range(steps):
            ticks = int(params.path_dt[actor, step])
            discount = params.path_discount[actor, step]
            middle = 0.5 * (discount + params.path_discount[actor, step + 1])
            half = 0.5 * discount * params.path_length[actor, step]
            costs[actor] = 0.0
            any_exit = expected_step(world, params, tables, ticks, params.path_row[actor, step], rates, exits, costs)
            if epidemic_now(world, params) != epidemic:
                epidemic = not epidemic
                for term in range(count):
                    weights[term] = effective_weight(world, params, actor, term)
            flow_terms(world, params, actor, weights, features, then)
            going_on = survival * (1.0 - any_exit)
            for term in range(count):
                terms[move, term] += half * (survival * now[term] + going_on * then[term])
                now[term] = then[term]
            terms[move, AT_OUTCOME] += (survival * middle) * (
                exits[SETTLEMENT] * worth[SETTLEMENT]
                + exits[DEAL_VOID] * worth[DEAL_VOID]
                + exits[CIVIL_WAR] * worth[CIVIL_WAR]
                + exits[GOVERNMENT_COLLAPSE] * worth[GOVERNMENT_COLLAPSE]
            )
            terms[move, RELEASE_COST] -= survival * middle * costs[actor]
            survival = going_on
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
