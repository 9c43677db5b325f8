r"""Cohesion of an office and the dual presidency.

Cohesion is :math:`L = \mathrm{logistic}(l)` with

.. math::

   dl = [-l/\tau - c_\Lambda\,(\Lambda/\Lambda_0)(1+Z)]\,dt
        - c_R\,\frac{dR}{1000}\,(q + (1-q)\,s) + \sigma\,dB,

where :math:`Z` marks an office claimed twice, :math:`dR` are captives freed by its holder and :math:`s` is the violence
of their claimant. The linear part is stepped by its exact solution. A dual office ends at a constant hazard, faster
while its holder offers the rival a share; the end lifts :math:`l` once.
"""

from __future__ import annotations

from math import exp, sqrt

from sim.compiled import compiled
from sim.model.layout import ON_COHESION, ON_DUAL_OFFICE, Params, State
from sim.model.levers import offers, single_team


@compiled
def logistic(x: float) -> float:
    """Return 1 / (1 + exp(-x)) without overflow."""
    if x >= 0.0:
        return 1.0 / (1.0 + exp(-x))
    e = exp(x)
    return e / (1.0 + e)


@compiled
def drift_cohesion(state: State, params: Params, length: int) -> None:
    """Step the cohesion of every office along its mean, over a step of the length in this row."""
    if params.on[ON_COHESION] == 0:
        return
    for office in range(params.offices):
        rate = params.cohesion_revert[office]
        push = -params.cohesion_attacks[office] * state.violence * (1.0 + state.dual[office])
        if rate > 0.0:
            rest = push / rate
            logit = state.cohesion_logit[office]
            state.cohesion_logit[office] = rest + (logit - rest) * params.kept_cohesion[length, office]
        else:
            state.cohesion_logit[office] += push * params.length_days[length]


@compiled
def perturb_cohesion(state: State, params: Params, office: int, days: float, shock: float) -> None:
    """Add the luck of a step: a standard normal `shock`."""
    state.cohesion_logit[office] += params.cohesion_noise[office] * sqrt(days) * shock


@compiled
def divide_by_release(state: State, params: Params, group: int, persons: float) -> None:
    """Lower the cohesion of the holder's offices when it frees captives, less so when their claimant is quiet."""
    if params.on[ON_COHESION] == 0:
        return
    for office in range(params.offices):
        if params.office_actor[office] == params.holder[group]:
            quiet = params.cohesion_quiet_share[office]
            violence = state.violence_of[params.claimant[group]]
            state.cohesion_logit[office] -= (
                params.cohesion_freed[office] * persons / 1000.0 * (quiet + (1.0 - quiet) * violence)
            )


@compiled
def resolution_rate(state: State, params: Params, office: int) -> float:
    """Return the hazard per day that a dual office is resolved."""
    rate = params.dual_rate[office]
    return rate * params.dual_offer[office] if offers(state, params, office) else rate


@compiled
def resolve(state: State, params: Params, office: int, share: float) -> None:
    """Resolve a dual office: all of it (`share` 1), or its probability on a mean path."""
    if params.on[ON_COHESION] != 0:
        state.cohesion_logit[office] += params.dual_resolved[office] * state.dual[office] * share
    state.dual[office] *= 1.0 - share


@compiled
def office_harm(state: State, params: Params) -> float:
    """Return how far dual offices weaken the talks: the largest of them, halved, say, by a single team."""
    harm = 0.0
    if params.on[ON_DUAL_OFFICE] == 0:
        return harm
    for office in range(params.offices):
        weight = params.dual_single_team[office] if single_team(state, params, office) else 1.0
        harm = max(harm, state.dual[office] * weight)
    return harm


@compiled
def lowest_cohesion(state: State, params: Params) -> float:
    """Return the lowest cohesion among offices, in [0, 1]; 1 when there is no office."""
    lowest = 1.0
    for office in range(params.offices):
        lowest = min(lowest, logistic(state.cohesion_logit[office]))
    return lowest


@compiled
def any_dual(state: State, params: Params) -> float:
    """Return 1 (on a mean path: the largest probability) while an office is claimed twice."""
    highest = 0.0
    if params.on[ON_DUAL_OFFICE] == 0:
        return highest
    for office in range(params.offices):
        highest = max(highest, state.dual[office])
    return highest
