r"""The mean path: a world moved on by expectations, flags as probabilities, hazards as mixtures.

Decision rules that look ahead value a move on it. One step moves every mechanism on by its exact solution for the rates
that hold at the step's start, so steps may grow from days to weeks. The probability of each outcome in a step is

.. math:: P(k) = \frac{\lambda_k}{\sum_j \lambda_j}\,(1 - e^{-\sum_j \lambda_j\,dt}),

and the probability :math:`q` that talks are open follows the hazards that open and break them, less those open worlds
that have settled.
"""

from __future__ import annotations

from math import exp
from typing import Any

from sim.compiled import compiled
from sim.model.capacity import drift_insurgents, drift_regulars, withdraw
from sim.model.cohesion import drift_cohesion, resolution_rate, resolve
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
from sim.model.outcome import breakdown_rate, civil_war_rate, collapse_rate, settlement_rate, talks_rate, void_rate
from sim.model.pressure import execute, execution_rate, update_threat
from sim.model.reading import read_world
from sim.model.releases import expected_release
from sim.model.reputation import expected_reviews
from sim.model.violence import excite
from sim.scenario.catalogue import CIVIL_WAR, DEAL_VOID, GOVERNMENT_COLLAPSE, SETTLEMENT


@compiled
def expected_exits(state: State, params: Params, settlement: float, days: float, exits: Any) -> float:
    """Fill the probability of each outcome that ends the run within some days and return their sum.

    Parameters
    ----------
    state, params : State, Params
        The world; not changed.
    settlement : float
        Hazard per day of a settlement while talks are open.
    days : float
        Length of the step.
    exits : ndarray, shape (7,)
        By outcome number of the catalogue; the four that end a run are filled.

    Returns
    -------
    float
        Probability of any, in [0, 1].
    """
    settled = settlement * state.talks
    void = void_rate(state, params)
    war = civil_war_rate(state, params)
    collapse = collapse_rate(state, params)
    total = settled + void + war + collapse
    any_exit = 0.0
    scale = 0.0
    if total > 0.0:
        any_exit = 1.0 - exp(-total * days)
        scale = any_exit / total
    exits[SETTLEMENT] = settled * scale
    exits[DEAL_VOID] = void * scale
    exits[CIVIL_WAR] = war * scale
    exits[GOVERNMENT_COLLAPSE] = collapse * scale
    return any_exit


@compiled
def expected_talks(state: State, params: Params, tables: Tables, settlement: float, days: float) -> float:
    """Return the probability that talks are open after some days, given that the run goes on."""
    talks = state.talks
    if talks > 0.0:
        settled = talks * (1.0 - exp(-settlement * days))
        talks = (talks - settled) / (1.0 - settled) if settled < 1.0 else 0.0
        talks *= exp(-breakdown_rate(state, params) * days)
    if state.talks < 1.0:
        rate = talks_rate(state, params, tables)
        if rate > 0.0:
            talks += (1.0 - state.talks) * (1.0 - exp(-rate * days))
    return min(talks, 1.0)


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
def expected_step(
    state: State, params: Params, tables: Tables, ticks: int, length: int, exits: Any, costs: Any
) -> float:
    """Move a world on along its mean path and return the probability that the run ends in the step.

    Parameters
    ----------
    state, params, tables : State, Params, Tables
        The world; changed. `read_world` must be current, and is on return.
    ticks, length : int
        Length of the step, and its row.
    exits : ndarray, shape (7,)
        Filled with the probability of each outcome in the step (`expected_exits`).
    costs : ndarray, shape (MAX_ACTORS,)
        Costs of releases are added to their holders, in util.

    Returns
    -------
    float
        Probability of any exit, in [0, 1].
    """
    days = params.length_days[length]
    settlement = settlement_rate(state, params) if state.talks > 0.0 else 0.0
    any_exit = expected_exits(state, params, settlement, days, exits)
    talks = expected_talks(state, params, tables, settlement, days)
    expected_reviews(state, params, length)
    drift_insurgents(state, params, days)
    drift_regulars(state, params, days)
    drift_cohesion(state, params, length)
    withdraw(state, params, days)
    for force in range(params.forces):
        if params.kind[force] == INSURGENT:
            excite(state, params, force, state.intensity[force] * days, length)
    expected_disputes(state, params, length)
    for group in range(params.groups):
        costs[params.holder[group]] += expected_release(state, params, tables, group, length)
    if params.on[ON_DUAL_OFFICE] != 0:
        for office in range(params.offices):
            if state.dual[office] > 0.0:
                resolve(state, params, office, 1.0 - exp(-resolution_rate(state, params, office) * days))
    for actor in range(params.actors):
        if state.threat_from[actor] != NEVER:
            execute(state, params, actor, 1.0 - exp(-execution_rate(state, params, actor) * days))
            update_threat(state, params, tables, actor)
    state.talks = talks
    state.tick += ticks
    read_world(state, params)
    return any_exit
