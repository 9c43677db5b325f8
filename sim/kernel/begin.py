"""The world on day 0 of one run: what the scenario says, and what is drawn once."""

from __future__ import annotations

from sim.compiled import compiled
from sim.kernel.clock_times import advance_deadline, advance_schedule, advance_shock
from sim.model.layout import (
    CLOCKS,
    DAY_CLOCK,
    HAZARDS,
    NEVER,
    ON_TYPES,
    ON_WEIGHT_SPREAD,
    REGULAR,
    REPUTATION_CLOCK,
    REVIEW_CLOCK,
    RUNS,
    Params,
    State,
    Tables,
)
from sim.model.levers import read_moves
from sim.model.moves import update_pledges
from sim.model.pressure import update_threat
from sim.model.reading import read_world
from sim.model.releases import start_release
from sim.random.beta import beta
from sim.random.causes import RETURN_PROBABILITY, SETUP_LAG, TYPE, WEIGHT_SPREAD
from sim.random.gamma import gamma
from sim.random.lognormal import lognormal
from sim.random.stream import uniform
from sim.scenario.catalogue import MAX_ACTORS, MAX_MOVES, MAX_PLEDGES, MAX_TERMS, MAX_WAYPOINTS, RUNNING


def begin(state: State, params: Params, tables: Tables, seed: int, replication: int) -> None:
    """Set a state to the start of one run; engines call it by its address (`sim.kernel.entry`).

    Parameters
    ----------
    state : State
        All zero on entry; set.
    params, tables : Params, Tables
        The scenario.
    seed, replication : int
        Address of the run's luck; the seed as int64.
    """
    state.seed = seed
    state.replication = replication
    state.status = RUNS
    state.outcome = RUNNING
    state.outcome_tick = NEVER
    state.talks_tick = NEVER
    state.failed_actor = -1
    begin_entities(state, params)
    for actor in range(MAX_ACTORS):
        state.threat_from[actor] = NEVER
        for move in range(MAX_MOVES):
            state.left[actor, move] = -NEVER
        for term in range(MAX_TERMS):
            state.spread[actor, term] = 1.0
    for actor in range(params.actors):
        state.standing[actor] = params.opening[actor]
        draw_actor(state, params, actor)
    read_moves(state, params)
    for pledge in range(MAX_PLEDGES):
        state.pledge_broken[pledge] = 0
    for waypoint in range(MAX_WAYPOINTS):
        state.waypoint[waypoint] = NEVER
    for hazard in range(HAZARDS):
        state.hazard_limit[hazard] = 0.0
    read_world(state, params)
    for actor in range(params.actors):
        update_pledges(state, params, tables, actor, False)
        update_threat(state, params, tables, actor)
    for group in range(params.groups):
        start_release(state, params, group)
    begin_clocks(state, params, tables)
    read_world(state, params)


@compiled
def begin_entities(state: State, params: Params) -> None:
    """Set armed forces, captives, troops, aid, offices and reputations to their start."""
    for force in range(params.forces):
        state.strength[force] = 1.0 if params.kind[force] == REGULAR else params.strength_start[force]
        share = params.self_excited[force]
        state.excitation[force] = share * params.attack_base[force] / (1.0 - share)
        state.attack_factor[force] = 1.0
    for group in range(params.groups):
        state.ready_tick[group] = NEVER
        state.tranche_tick[group] = NEVER
        address = uniform(state.seed, state.replication, SETUP_LAG, group, 0, 0)
        state.lag_days[group] = (
            gamma(address, params.lag_mean[group], params.lag_shape[group]) if params.lag_mean[group] > 0.0 else 0.0
        )
        state.return_probability[group] = params.return_mean[group]
        if params.return_alpha[group] > 0.0:
            luck = uniform(state.seed, state.replication, RETURN_PROBABILITY, group, 0, 0)
            state.return_probability[group] = beta(luck, params.return_alpha[group], params.return_beta[group])
    for force in range(params.foreign):
        state.troops[force] = params.troops_start[force]
        state.pace_factor[force] = 1.0
    for flow in range(params.flows):
        state.aid[flow] = params.aid_start[flow]
    for actor in range(MAX_ACTORS):
        state.aid_share[actor] = 1.0
    for office in range(params.offices):
        state.cohesion_logit[office] = params.cohesion_start[office]
    for observer in range(params.actors):
        for actor in range(params.actors):
            if observer != actor:
                state.trust[observer, actor] = params.reputation_start


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
def begin_clocks(state: State, params: Params, tables: Tables) -> None:
    """Set every clock to its first tick."""
    for clock in range(CLOCKS):
        state.clock[clock] = NEVER
    state.clock[DAY_CLOCK] = 1
    if params.reputation_every > 0:
        state.clock[REPUTATION_CLOCK] = params.reputation_every
    for actor in range(params.actors):
        if params.review_every[actor] > 0:
            state.clock[REVIEW_CLOCK + actor] = params.review_offset[actor]
        advance_schedule(state, params, tables, actor)
    advance_deadline(state, params, tables)
    advance_shock(state, params, tables)
