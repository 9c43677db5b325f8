r"""Payoffs: discounted flows over features, costs at dates, and a value at the outcome.

.. math::

   U_i = \mathbb{E}\Big[\int e^{-\rho_i t} \sum_f w_{if}\,\phi_f(x_t)\,dt - \sum_j \kappa_{ij} e^{-\rho_i t_j}
         + e^{-\rho_i T} B_i(\text{outcome})\Big]

The value of an outcome may hang on the state in which it comes: :math:`B_i = B_{i0} + \sum_f \tau_{if}\,x_f(T)`, the
terms that a balance of force, land or time dictate (Wagner 2000; Slantchev 2003; Powell 2004).

:math:`\phi` is a *payoff model* named in the scenario. Its signature is fixed:
``payoff_model(features, weights, parameters, count, terms)`` fills ``terms[:count]`` (util per day) from the values of
the actor's features and their weights; the flow is the sum of the terms. One file each in `sim.model.payoff_models`;
users register their own.

Weights are those of the scenario times the spread drawn for this run, the scale of the actor's type, and the epidemic's
factor on captives. Weights, values of outcomes and the discount rate are those of the actor's present profile
(`sim.model.actors`).
"""

from __future__ import annotations

from math import nan
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sim.compiled import compiled
from sim.elementary import exp
from sim.function_pointer import call_function
from sim.model.actors import profile_of
from sim.model.epidemic import epidemic_now
from sim.model.feature_call import feature
from sim.model.record import Integers, Numbers, Part, f8, i1, i8
from sim.model.switches import ON_TYPES, ON_WEIGHT_SPREAD
from sim.random.causes import TYPE, WEIGHT_SPREAD
from sim.random.lognormal import lognormal
from sim.random.stream import uniform
from sim.scenario.catalogue import (
    CAPTIVES_HOME,
    COUNTED,
    MAX_ACTORS,
    MAX_BEYOND,
    MAX_OUTCOME_TERMS,
    MAX_PARAMETERS,
    MAX_PROFILES,
    MAX_TERMS,
    OUTCOME_NUMBERS,
)

if TYPE_CHECKING:
    from sim.model.layout import Params, State


class PayoffState(Part):
    """What actors have got so far, and what was drawn of what they want."""

    payoff: Numbers = f8(MAX_ACTORS, unit="util")  # discounted, so far
    type: NDArray[np.int8] = i1(MAX_ACTORS)  # 1 if the alternative type was drawn
    spread: Numbers = f8(MAX_ACTORS, MAX_TERMS)  # factor on each flow weight
    discount_shift: Numbers = f8(MAX_ACTORS)  # added to rho t, which goes on evenly when rho changes


class PayoffParams(Part):
    """What actors want."""

    discount: Numbers = f8(MAX_PROFILES, unit="per day")
    payoff_model: Integers = i8(MAX_ACTORS)  # number in the registry
    payoff_address: Integers = i8(MAX_ACTORS)
    terms: Integers = i8(MAX_ACTORS)
    term_code: Integers = i8(MAX_ACTORS, MAX_TERMS)
    term_a: Integers = i8(MAX_ACTORS, MAX_TERMS)
    term_b: Integers = i8(MAX_ACTORS, MAX_TERMS)
    term_key: Integers = i8(MAX_ACTORS, MAX_TERMS)  # address of the term's spread, whatever its place
    weight: Numbers = f8(MAX_PROFILES, MAX_TERMS, unit="util per day")
    payoff_parameters: Numbers = f8(MAX_ACTORS, MAX_PARAMETERS + MAX_TERMS)  # then those of each term
    outcome_util: Numbers = f8(MAX_PROFILES, OUTCOME_NUMBERS, unit="util")
    beyond: Integers = i8(MAX_ACTORS)
    beyond_code: Integers = i8(MAX_ACTORS, MAX_BEYOND)
    beyond_a: Integers = i8(MAX_ACTORS, MAX_BEYOND)
    beyond_b: Integers = i8(MAX_ACTORS, MAX_BEYOND)
    beyond_weight: Numbers = f8(MAX_PROFILES, MAX_BEYOND, unit="util")
    outcome_terms: Integers = i8(MAX_ACTORS)
    outcome_term_of: Integers = i8(MAX_ACTORS, MAX_OUTCOME_TERMS)  # number of the outcome
    outcome_term_code: Integers = i8(MAX_ACTORS, MAX_OUTCOME_TERMS)
    outcome_term_a: Integers = i8(MAX_ACTORS, MAX_OUTCOME_TERMS)
    outcome_term_b: Integers = i8(MAX_ACTORS, MAX_OUTCOME_TERMS)
    outcome_term_weight: Numbers = f8(MAX_PROFILES, MAX_OUTCOME_TERMS, unit="util")
    type_probability: Numbers = f8(MAX_ACTORS)
    type_outcome: Numbers = f8(MAX_ACTORS, OUTCOME_NUMBERS)
    type_term: Numbers = f8(MAX_ACTORS, MAX_TERMS)
    spread_sd: float = f8()
    day_length: Numbers = f8(MAX_PROFILES, unit="days")  # of one tick, discounted to its start


@compiled
def draw_actor(state: State, params: Params, actor: int) -> None:
    """Draw an actor's type and the spread of its weights; always the same addresses, used or not."""
    if params.on[ON_TYPES] != 0 and params.type_probability[actor] > 0.0:
        luck = uniform(state.seed, state.replication, TYPE, actor, 0, 0)
        state.type[actor] = 1 if luck < params.type_probability[actor] else 0
    if params.on[ON_WEIGHT_SPREAD] != 0 and params.spread_sd > 0.0:
        for term in range(params.terms[actor]):
            luck = uniform(state.seed, state.replication, WEIGHT_SPREAD, actor, params.term_key[actor, term], 0)
            state.spread[actor, term] = lognormal(luck, 1.0, params.spread_sd)


@compiled
def effective_weights(state: State, params: Params, actor: int, weights: Numbers) -> None:
    """Fill the weights (util per day) of an actor's flow terms in this run and on this date.

    Parameters
    ----------
    state, params : State, Params
        The world; not changed.
    actor : int
        Row of the actor.
    weights : ndarray, shape (MAX_TERMS,)
        Filled.
    """
    profile = profile_of(state, actor)
    spreads = params.on[ON_WEIGHT_SPREAD] != 0
    scales = params.on[ON_TYPES] != 0 and state.type[actor] != 0
    fears = params.challenger[actor] != 0 and epidemic_now(state, params)
    for term in range(params.terms[actor]):
        weight = params.weight[profile, term]
        if spreads:
            weight *= state.spread[actor, term]
        if scales:
            weight *= params.type_term[actor, term]
        if fears:
            code = params.term_code[actor, term]
            if code == COUNTED or code == CAPTIVES_HOME:
                weight *= params.epidemic_weight
        weights[term] = weight


@compiled
def flow_terms(state: State, params: Params, actor: int, weights: Numbers, features: Numbers, terms: Numbers) -> float:
    """Fill an actor's flow terms and return their sum.

    Parameters
    ----------
    state, params : State, Params
        The world; not changed.
    actor : int
        Row of the actor.
    weights, features, terms : ndarray, shape (MAX_TERMS,)
        Weights as `effective_weights` gives them; features and terms (util per day) are filled.

    Returns
    -------
    float
        Util per day.
    """
    count = params.terms[actor]
    for term in range(count):
        features[term] = feature(
            state, params, params.term_code[actor, term], params.term_a[actor, term], params.term_b[actor, term]
        )
        terms[term] = nan  # a payoff model that fails leaves it
    call_function(params.payoff_address[actor], features, weights, params.payoff_parameters[actor], count, terms)
    total = 0.0
    for term in range(count):
        total += terms[term]
    return total


@compiled
def outcome_value(state: State, params: Params, actor: int, outcome: int) -> float:
    """Return an actor's value of an outcome that comes now, in util: by itself, and by the terms that it comes on."""
    profile = profile_of(state, actor)
    value = params.outcome_util[profile, outcome]
    for term in range(params.outcome_terms[actor]):
        if params.outcome_term_of[actor, term] == outcome:
            code = params.outcome_term_code[actor, term]
            a, b = params.outcome_term_a[actor, term], params.outcome_term_b[actor, term]
            value += params.outcome_term_weight[profile, term] * feature(state, params, code, a, b)
    if params.on[ON_TYPES] != 0 and state.type[actor] != 0:
        value *= params.type_outcome[actor, outcome]
    return value


@compiled
def discount_ahead(state: State, params: Params, actor: int, days: float) -> float:
    """Return exp(-rho t) over some days from now on, at the rate that the actor has now."""
    return exp(-params.discount[profile_of(state, actor)] * days)


@compiled
def discount_at_tick(state: State, params: Params, actor: int, tick: int) -> float:
    """Return exp(-rho t) of an actor at a tick since which its rate of discount is what it is now."""
    rate = params.discount[profile_of(state, actor)]
    return exp(-rate * (tick * params.dt) - state.discount_shift[actor])


@compiled
def discount_factor(state: State, params: Params, actor: int) -> float:
    """Return exp(-rho t) of an actor from day 0 to now; where rho changed on the way, its integral takes its place."""
    return discount_at_tick(state, params, actor, state.tick)


@compiled
def beyond_value(state: State, params: Params, actor: int) -> float:
    """Return an actor's value, in util, of what stands beyond its window: a weighted sum of features."""
    value = 0.0
    profile = profile_of(state, actor)
    for term in range(params.beyond[actor]):
        value += params.beyond_weight[profile, term] * feature(
            state, params, params.beyond_code[actor, term], params.beyond_a[actor, term], params.beyond_b[actor, term]
        )
    return value


@compiled
def accrue_payoffs(state: State, params: Params, work: Numbers, ledger: Numbers) -> None:
    """Add the flow of the coming step to every actor's payoff."""
    for actor in range(params.actors):
        effective_weights(state, params, actor, work[0])
        flow = flow_terms(state, params, actor, work[0], work[1], work[2])
        length = discount_factor(state, params, actor) * params.day_length[profile_of(state, actor)]
        state.payoff[actor] += flow * length
        if ledger.shape[0] > 0:
            for term in range(params.terms[actor]):
                ledger[actor, term] += work[2, term] * length
