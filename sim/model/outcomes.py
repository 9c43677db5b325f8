r"""Outcomes: what ends a run before its horizon, and what stands there.

Hazards per day, each with its own numbers in the scenario (:math:`Z` dual office, :math:`b` trust as a probability,
:math:`q` talks, :math:`[x]` one if x):

.. math::

   \text{settlement} &= \lambda_s\,[\text{condition}]\,q\,(f + (1-f) b)(w + (1-w) W/W_0)(1 - c_s Z)
       (o - v\,\Lambda/\Lambda_0)^+ \\
   \text{deal void} &= \lambda_v\,(2.5\text{ if surge, else }0.5)(2\text{ if paused})(1 - r q)(o_v - b)
       \text{ up to a date} \\
   \text{civil war} &= \lambda_c\,Z\,\mathrm{logistic}((L_0 - L)/w_c) \\
   \text{collapse} &= \lambda_k\,\mathrm{logistic}((p - p_0)/w_k)\,[W < w_0 W_0]

They compete; two that fire in one step end the run as the first of them in the order of `ENDINGS`. All are linear in
the flags, so the same functions serve a sampled world (flags 0 or 1) and a mean path (flags are probabilities).
"""

from __future__ import annotations

from math import exp
from typing import TYPE_CHECKING, Final

from sim.compiled import compiled
from sim.model.columns import AT_OUTCOME
from sim.model.conditions import holds
from sim.model.hazards import ENDING_HAZARD, integrate_hazard
from sim.model.lanes import some, where
from sim.model.ledger import pay
from sim.model.log import Log, record_event
from sim.model.logistic import logistic
from sim.model.offices import any_dual, lowest_cohesion, office_harm
from sim.model.payoffs import discount_factor, outcome_value
from sim.model.record import Numbers, Part, f8, i4, i8
from sim.model.withdrawal import any_guarantor_pausing
from sim.model.world import ENDED
from sim.scenario.catalogue import (
    ALL_OUTCOMES,
    CIVIL_WAR,
    DEAL_VOID,
    RUNNING,
    SETTLEMENT,
    STALEMATE,
    TALKS_OPEN,
)
from sim.scenario.events import OUTCOME

if TYPE_CHECKING:
    from sim.model.layout import Params, State, Tables

ENDINGS: Final = tuple(outcome.number for outcome in ALL_OUTCOMES if outcome.ends)
"""Outcomes that end a run by a hazard; the hazard of ``ENDINGS[k]`` is ``ENDING_HAZARD + k``."""


class OutcomeState(Part):
    """How and when the run ended."""

    outcome: int = i4()  # catalogue.OUTCOMES
    outcome_tick: int = i4(unit="ticks")


class OutcomeParams(Part):
    """The hazards of the outcomes."""

    settlement_when: int = i8()  # Tables: program; -1 none
    settlement_rate: float = f8(unit="per day")
    settlement_trust: float = f8()
    settlement_troops: float = f8()
    settlement_dual: float = f8()
    settlement_offset: float = f8()
    settlement_slope: float = f8()
    void_rate: float = f8(unit="per day")
    void_surge: float = f8()
    void_otherwise: float = f8()
    void_paused: float = f8()
    void_relief: float = f8()
    void_offset: float = f8()
    void_until: int = i8(unit="ticks")
    civil_rate: float = f8(unit="per day")
    civil_midpoint: float = f8()
    civil_width: float = f8()
    collapse_rate: float = f8(unit="per day")
    collapse_midpoint: float = f8()
    collapse_width: float = f8()
    collapse_troops: float = f8()


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
def settlement_rate(state: State, params: Params, tables: Tables) -> float:
    """Return the hazard per day of a settlement, while talks are open."""
    quiet = max(params.settlement_offset - params.settlement_slope * state.violence, 0.0)
    if params.settlement_rate == 0.0 or not some(quiet > 0.0):
        return 0.0
    quiet = where(holds(state, params, tables, params.settlement_when), quiet, 0.0)
    if not some(quiet > 0.0):
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
    factor = where(state.surge > 0.0, params.void_surge, params.void_otherwise)
    factor = where(any_guarantor_pausing(state, params) > 0.0, factor * params.void_paused, factor)
    trust = trust_of_challengers(state, params, params.guarantors > 0)
    return params.void_rate * factor * (1.0 - params.void_relief * state.talks) * max(params.void_offset - trust, 0.0)


@compiled
def civil_war_rate(state: State, params: Params) -> float:
    """Return the hazard per day that the incumbents' side splits and fights itself."""
    if params.civil_rate == 0.0:
        return 0.0
    dual = any_dual(state, params)
    if not some(dual > 0.0):
        return 0.0
    weakness = (params.civil_midpoint - lowest_cohesion(state, params)) / params.civil_width
    return params.civil_rate * dual * logistic(weakness)


@compiled
def collapse_rate(state: State, params: Params) -> float:
    """Return the hazard per day that the incumbents' forces give way."""
    if params.collapse_rate == 0.0 or not some(state.troop_share < params.collapse_troops):
        return 0.0
    rate = params.collapse_rate * logistic((state.force_balance - params.collapse_midpoint) / params.collapse_width)
    return where(state.troop_share < params.collapse_troops, rate, 0.0)


@compiled
def ending_rate(state: State, params: Params, tables: Tables, outcome: int) -> float:
    """Return the hazard per day of an outcome that ends the run; of a settlement while talks are open."""
    if outcome == SETTLEMENT:
        return settlement_rate(state, params, tables)
    if outcome == DEAL_VOID:
        return void_rate(state, params)
    if outcome == CIVIL_WAR:
        return civil_war_rate(state, params)
    return collapse_rate(state, params)


@compiled
def expected_endings(before: Numbers, after: Numbers, days: float, exits: Numbers) -> float:
    """Fill the probability of each outcome in a step of the mean path and return their sum.

    Parameters
    ----------
    before, after : ndarray, shape (len(OUTCOMES),)
        Hazards per day at the ends of the step; `before` may be `exits`.
    days : float
        Length of the step.
    exits : ndarray, shape (len(OUTCOMES),)
        Filled for the outcomes of `ENDINGS`.
    """
    total = 0.0
    for outcome in ENDINGS:
        exits[outcome] = 0.5 * (before[outcome] + after[outcome])
        total += exits[outcome]
    any_exit = 1.0 - exp(-total * days)
    scale = where(total > 0.0, any_exit / where(total > 0.0, total, 1.0), 0.0)
    for outcome in ENDINGS:
        exits[outcome] *= scale
    return any_exit


@compiled
def integrate_endings(state: State, params: Params, tables: Tables, days: float) -> None:
    """Integrate the hazards of all outcomes that may end the run in the step that starts now."""
    for k in range(len(ENDINGS)):
        outcome = ENDINGS[k]
        possible = outcome != SETTLEMENT or state.talks > 0.0
        rate = ending_rate(state, params, tables, outcome) if possible else 0.0
        integrate_hazard(state, ENDING_HAZARD + k, possible, rate, days)


@compiled
def outcome_of_step(state: State, params: Params) -> int:
    """Return the outcome with which the run ends now, by a hazard or at its horizon, or RUNNING."""
    for k in range(len(ENDINGS)):
        if state.hazard_fired[ENDING_HAZARD + k] != 0:
            return ENDINGS[k]
    if state.tick < params.horizon_tick:
        return RUNNING
    return TALKS_OPEN if state.talks > 0.0 else STALEMATE


@compiled
def end_run(state: State, params: Params, outcome: int, log: Log, ledger: Numbers) -> None:
    """End the run with an outcome at the present tick and pay its value."""
    state.status = ENDED
    state.outcome = outcome
    state.outcome_tick = state.tick
    for actor in range(params.actors):
        value = outcome_value(state, params, actor, outcome)
        pay(state, actor, AT_OUTCOME, value * discount_factor(params, actor, state.tick * params.dt), ledger)
    record_event(log, state.tick, OUTCOME, outcome, -1, 0.0)
