r"""The mean path: a world moved on by expectations, flags as probabilities, hazards as mixtures.

Decision rules that look ahead value a move on it. One step of :math:`h` days moves every mechanism on by its exact
solution for rates that are held, troops at their mean over the step; hazards are the means of their values at both
ends (trapezoid), so steps may grow from days to weeks with an error of second order in what they drive. The probability
of each outcome in a step is

.. math:: P(k) = \frac{\bar\lambda_k}{\sum_j \bar\lambda_j}\,(1 - e^{-\sum_j \bar\lambda_j\,h}), \qquad
   \bar\lambda_k = \tfrac12\big(\lambda_k(t) + \lambda_k(t+h)\big),

and the probability :math:`q` that talks are open follows the hazards that open and break them, less those open worlds
that have settled.
"""

from __future__ import annotations

from math import exp
from typing import Any, Final

from sim.compiled import compiled
from sim.model.capacity import drift_insurgents, drift_regulars, withdraw
from sim.model.cohesion import drift_cohesion, resolution_rate, resolve
from sim.model.disarmament import disarm
from sim.model.dispute import dispute_rate
from sim.model.layout import (
    INSURGENT,
    NEVER,
    ON_DISPUTES,
    ON_DUAL_OFFICE,
    Params,
    State,
    Tables,
)
from sim.model.outcome import (
    breakdown_rate,
    civil_war_rate,
    collapse_rate,
    settlement_rate,
    shock_rate,
    talks_rate,
    void_rate,
)
from sim.model.pressure import execute, execution_rate, update_threat
from sim.model.reading import present_share, read_spoilers, read_world
from sim.model.releases import expected_recall, expected_release
from sim.model.reputation import expected_reviews
from sim.model.violence import excite
from sim.scenario.catalogue import CIVIL_WAR, DEAL_VOID, GOVERNMENT_COLLAPSE, OUTCOMES, SETTLEMENT

SETTLING: Final = len(OUTCOMES)
BREAKING: Final = len(OUTCOMES) + 1
OPENING: Final = len(OUTCOMES) + 2
PATH_RATES: Final = len(OUTCOMES) + 3
"""Length of the array of hazards that a path carries along: by outcome, then of talks that settle, break and open."""


@compiled
def read_talks_rates(state: State, params: Params, tables: Tables, rates: Any) -> None:
    """Fill the hazards per day of talks that open while closed, and of a settlement and a breakdown while open."""
    rates[OPENING] = talks_rate(state, params, tables) if state.talks < 1.0 else 0.0
    possible = state.talks > 0.0 or rates[OPENING] > 0.0
    rates[SETTLING] = settlement_rate(state, params, tables) if possible else 0.0
    rates[BREAKING] = breakdown_rate(state, params) + shock_rate(state, params)


@compiled
def read_outcome_rates(state: State, params: Params, rates: Any) -> None:
    """Fill the hazards per day of the outcomes that end a run; `read_talks_rates` must be current."""
    rates[SETTLEMENT] = rates[SETTLING] * state.talks
    rates[DEAL_VOID] = void_rate(state, params)
    rates[CIVIL_WAR] = civil_war_rate(state, params)
    rates[GOVERNMENT_COLLAPSE] = collapse_rate(state, params)


@compiled
def expected_talks(talks: float, opening: float, settling: float, breaking: float, days: float) -> float:
    """Return the probability that talks are open after some days, given that the run goes on.

    Parameters
    ----------
    talks : float
        That probability now.
    opening, settling, breaking : float
        Hazards per day.
    days : float
        Length of the step.
    """
    later = talks
    if talks > 0.0:
        settled = talks * (1.0 - exp(-settling * days))
        later = (talks - settled) / (1.0 - settled) if settled < 1.0 else 0.0
        later *= exp(-breaking * days)
    if opening > 0.0:
        later += (1.0 - talks) * (1.0 - exp(-opening * days))
    return min(later, 1.0)


@compiled
def expected_disputes(state: State, params: Params, length: int) -> None:
    """Move the probability of each dispute on."""
    if params.on[ON_DISPUTES] == 0:
        return
    for group in range(params.groups):
        opens = dispute_rate(state, params, group)
        open_now = state.dispute[group]
        if open_now > 0.0 or opens > 0.0:
            kept = open_now * params.kept_dispute[length, group]
            state.dispute[group] = kept + (1.0 - open_now) * (1.0 - exp(-opens * params.length_days[length]))


@compiled
def begin_path(state: State, params: Params, tables: Tables, rates: Any) -> None:
    """Fill the hazards that hold at the start of a path, as `expected_step` leaves them at its end.

    Parameters
    ----------
    state, params, tables : State, Params, Tables
        The world; not changed.
    rates : ndarray, shape (PATH_RATES,)
        Filled, per day.
    """
    read_talks_rates(state, params, tables, rates)
    read_outcome_rates(state, params, rates)


@compiled
def expected_step(
    state: State, params: Params, tables: Tables, ticks: int, length: int, rates: Any, exits: Any, costs: Any
) -> float:
    """Move a world on along its mean path and return the probability that the run ends in the step.

    Parameters
    ----------
    state, params, tables : State, Params, Tables
        The world; changed. `read_world` must be current, and is on return.
    ticks, length : int
        Length of the step, and its row.
    rates : ndarray, shape (PATH_RATES,)
        Hazards at the start of the step (`begin_path`); those at its end on return.
    exits : ndarray, shape (len(OUTCOMES),)
        Filled with the probability of each outcome in the step.
    costs : ndarray, shape (MAX_ACTORS,)
        Costs of releases are added to their holders, in util.

    Returns
    -------
    float
        Probability of any exit, in [0, 1].
    """
    days = params.length_days[length]
    opening, settling, breaking = rates[OPENING], rates[SETTLING], rates[BREAKING]
    settled, void = rates[SETTLEMENT], rates[DEAL_VOID]
    war, collapse = rates[CIVIL_WAR], rates[GOVERNMENT_COLLAPSE]
    expected_reviews(state, params, length)
    withdraw(state, params, days)
    state.troop_share = 0.5 * (state.troop_share + present_share(state, params))
    drift_insurgents(state, params, days)
    drift_regulars(state, params, days)
    drift_cohesion(state, params, length)
    for force in range(params.forces):
        if params.kind[force] == INSURGENT:
            excite(state, params, force, state.intensity[force] * days, length)
    expected_disputes(state, params, length)
    disarm(state, params, days)
    for group in range(params.groups):
        expected_recall(state, params, group, days)
        costs[params.holder[group]] += expected_release(state, params, tables, group, length)
    if params.on[ON_DUAL_OFFICE] != 0:
        for office in range(params.offices):
            if state.dual[office] > 0.0:
                resolve(state, params, office, 1.0 - exp(-resolution_rate(state, params, office) * days))
    for actor in range(params.actors):
        if state.threat_from[actor] != NEVER:
            execute(state, params, actor, 1.0 - exp(-execution_rate(state, params, actor) * days))
            update_threat(state, params, tables, actor)
    state.tick += ticks
    read_world(state, params)
    read_talks_rates(state, params, tables, rates)
    opening, settling = 0.5 * (opening + rates[OPENING]), 0.5 * (settling + rates[SETTLING])
    breaking = 0.5 * (breaking + rates[BREAKING])
    state.talks = expected_talks(state.talks, opening, settling, breaking, days)
    read_spoilers(state, params)
    read_outcome_rates(state, params, rates)
    settled = 0.5 * (settled + rates[SETTLEMENT])
    void = 0.5 * (void + rates[DEAL_VOID])
    war = 0.5 * (war + rates[CIVIL_WAR])
    collapse = 0.5 * (collapse + rates[GOVERNMENT_COLLAPSE])
    total = settled + void + war + collapse
    any_exit = 1.0 - exp(-total * days)
    scale = any_exit / total if total > 0.0 else 0.0
    exits[SETTLEMENT] = settled * scale
    exits[DEAL_VOID] = void * scale
    exits[CIVIL_WAR] = war * scale
    exits[GOVERNMENT_COLLAPSE] = collapse * scale
    return any_exit
