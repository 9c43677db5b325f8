r"""Phase and outcomes: what opens and breaks talks, and what ends the run.

Hazards per day, each with its own numbers in the scenario (:math:`Z` dual office, :math:`b` trust as a probability,
:math:`q` talks, :math:`[x]` one if x):

.. math::

   \text{talks open} &= \lambda_t\,[\text{condition}]\,[\text{no challenger surges}]\,[\text{no incumbent attacks}]\,
       (1 - \text{dispute})\,(1 - c Z)\,\textstyle\prod_{\text{parties}} \text{participation}\,(1-q) \\
   \text{breakdown} &= q\,(\lambda_b\,\Lambda/\Lambda_0 + \lambda_r\,[\text{a party refuses}]) \\
   \text{settlement} &= \lambda_s\,[\text{condition}]\,q\,(f + (1-f) b)(w + (1-w) W/W_0)(1 - c_s Z)
       (o - v\,\Lambda/\Lambda_0)^+ \\
   \text{deal void} &= \lambda_v\,(2.5\text{ if surge, else }0.5)(2\text{ if paused})(1 - r q)(o_v - b)
       \text{ up to a date} \\
   \text{civil war} &= \lambda_c\,Z\,\mathrm{logistic}((L_0 - L)/w_c) \\
   \text{collapse} &= \lambda_k\,\mathrm{logistic}((p - p_0)/w_k)\,[W < w_0 W_0]

They compete. All are linear in the flags, so the same function serves a sampled world (flags 0 or 1) and a mean path
(flags are probabilities).
"""

from __future__ import annotations

from sim.compiled import compiled
from sim.model.cohesion import any_dual, logistic, lowest_cohesion, office_harm
from sim.model.conditions import holds
from sim.model.layout import (
    ON_DISPUTES,
    ON_PROFITEERS,
    ON_TRIGGERS,
    Params,
    State,
    Tables,
)
from sim.model.levers import any_guarantor_pausing


@compiled
def trust_of_challengers(state: State, params: Params, guarantors: bool) -> float:
    """Return the probability that challengers keep their pledges, mean over incumbents' or over guarantors' eyes.

    Without guarantors the incumbents' eyes count for both; even odds where there is nobody to look.
    """
    total = 0.0
    number = 0
    for observer in range(params.actors):
        looks = params.guarantor[observer] if guarantors else params.incumbent[observer]
        if looks == 0:
            continue
        for actor in range(params.actors):
            if params.challenger[actor] != 0 and actor != observer:
                total += logistic(state.trust[observer, actor])
                number += 1
    return total / number if number > 0 else 0.5


@compiled
def dispute_free(state: State, params: Params) -> float:
    """Return 1 while no dispute over captives is open (on a mean path: its probability)."""
    if params.on[ON_DISPUTES] == 0:
        return 1.0
    free = 1.0
    for group in range(params.groups):
        free *= 1.0 - state.dispute[group]
    return free


@compiled
def talks_rate(state: State, params: Params, tables: Tables) -> float:
    """Return the hazard per day that talks open, while they are closed."""
    if params.talks_rate == 0.0 or state.surge > 0.0 or state.offence > 0.0 or state.sitting == 0.0:
        return 0.0
    if not holds(state, params, tables, params.opens_when):
        return 0.0
    return (
        params.talks_rate
        * dispute_free(state, params)
        * (1.0 - params.talks_dual * office_harm(state, params))
        * state.sitting
    )


@compiled
def breakdown_rate(state: State, params: Params) -> float:
    """Return the hazard per day that talks break down, while they are open."""
    factor = params.profiteers if params.on[ON_PROFITEERS] != 0 else 1.0
    rate = params.breakdown_rate * factor * state.violence
    return rate + params.breakdown_refused if state.sitting == 0.0 else rate


@compiled
def shock_rate(state: State, params: Params) -> float:
    """Return the hazard per day that a mass-casualty attack breaks open talks; a sampled world draws such attacks."""
    rate = 0.0
    if params.breakdown_shock > 0.0 and params.on[ON_TRIGGERS] != 0:
        for force in range(params.forces):
            rate += params.breakdown_shock * state.intensity[force] * params.mass_probability[force]
    return rate


@compiled
def settlement_rate(state: State, params: Params, tables: Tables) -> float:
    """Return the hazard per day of a settlement, while talks are open."""
    quiet = params.settlement_offset - params.settlement_slope * state.violence
    if quiet <= 0.0 or params.settlement_rate == 0.0:
        return 0.0
    if not holds(state, params, tables, params.settlement_when):
        return 0.0
    trust = trust_of_challengers(state, params, False)
    return (
        params.settlement_rate
        * (params.settlement_trust + (1.0 - params.settlement_trust) * trust)
        * (params.settlement_troops + (1.0 - params.settlement_troops) * state.troop_share)
        * (1.0 - params.settlement_dual * office_harm(state, params))
        * quiet
    )


@compiled
def void_rate(state: State, params: Params) -> float:
    """Return the hazard per day that the deal is declared void."""
    if state.tick > params.void_until or params.void_rate == 0.0:
        return 0.0
    factor = params.void_surge if state.surge > 0.0 else params.void_otherwise
    if any_guarantor_pausing(state, params) > 0.0:
        factor *= params.void_paused
    trust = trust_of_challengers(state, params, params.guarantors > 0)
    return params.void_rate * factor * (1.0 - params.void_relief * state.talks) * max(params.void_offset - trust, 0.0)


@compiled
def civil_war_rate(state: State, params: Params) -> float:
    """Return the hazard per day that the incumbents' side splits and fights itself."""
    dual = any_dual(state, params)
    if dual == 0.0 or params.civil_rate == 0.0:
        return 0.0
    weakness = (params.civil_midpoint - lowest_cohesion(state, params)) / params.civil_width
    return params.civil_rate * dual * logistic(weakness)


@compiled
def collapse_rate(state: State, params: Params) -> float:
    """Return the hazard per day that the incumbents' forces give way."""
    if state.troop_share >= params.collapse_troops or params.collapse_rate == 0.0:
        return 0.0
    return params.collapse_rate * logistic((state.force_balance - params.collapse_midpoint) / params.collapse_width)
