r"""Payoffs: discounted flows over features, costs at dates, and a value at the outcome.

.. math::

   U_i = \mathbb{E}\Big[\int e^{-\rho_i t} \sum_f w_{if}\,\phi_f(x_t)\,dt - \sum_j \kappa_{ij} e^{-\rho_i t_j}
         + e^{-\rho_i T} B_i(\text{outcome})\Big]

:math:`\phi` is a *payoff model* named in the scenario. Its signature is fixed:
``payoff_model(features, weights, parameters, count, terms)`` fills ``terms[:count]`` (util per day) from the values of
the actor's features and their weights; the flow is the sum of the terms. One file each in `sim.model.payoff_models`;
users register their own.

Weights are those of the scenario times the spread drawn for this run, the scale of the actor's type, and the epidemic's
factor on captives.
"""

from __future__ import annotations

from math import exp, nan
from typing import Any

from sim.compiled import compiled
from sim.function_pointer import call_function
from sim.model.features import feature
from sim.model.layout import ON_TYPES, ON_WEIGHT_SPREAD, Params, State
from sim.model.releases import epidemic_now
from sim.scenario.catalogue import CAPTIVES_HOME, COUNTED


@compiled
def effective_weight(state: State, params: Params, actor: int, term: int) -> float:
    """Return the weight (util per day) of one of an actor's flow terms in this run and on this date."""
    weight = params.weight[actor, term]
    if params.on[ON_WEIGHT_SPREAD] != 0:
        weight *= state.spread[actor, term]
    if params.on[ON_TYPES] != 0 and state.type[actor] != 0:
        weight *= params.type_term[actor, term]
    code = params.term_code[actor, term]
    if (code == COUNTED or code == CAPTIVES_HOME) and params.challenger[actor] != 0 and epidemic_now(state, params):
        weight *= params.epidemic_weight
    return weight


@compiled
def flow_terms(state: State, params: Params, actor: int, weights: Any, features: Any, terms: Any) -> float:
    """Fill an actor's flow terms and return their sum.

    Parameters
    ----------
    state, params : State, Params
        The world; not changed.
    actor : int
        Row of the actor.
    weights, features, terms : ndarray, shape (MAX_TERMS,)
        Weights as `effective_weight` gives them; features and terms (util per day) are filled.

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
    """Return an actor's value of an outcome, in util, on the day it happens."""
    value = params.outcome_util[actor, outcome]
    if params.on[ON_TYPES] != 0 and state.type[actor] != 0:
        value *= params.type_outcome[actor, outcome]
    return value


@compiled
def discount_factor(params: Params, actor: int, days: float) -> float:
    """Return exp(-rho t)."""
    return exp(-params.discount[actor] * days)
