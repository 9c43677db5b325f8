"""The world on day 0 of one run: what the scenario says, and what is drawn once."""

from __future__ import annotations

from sim.model.aid import begin_aid
from sim.model.capacity import begin_capacity
from sim.model.captives import begin_captives
from sim.model.clocks import begin_clocks
from sim.model.layout import Params, State, Tables
from sim.model.measures import begin_measures
from sim.model.moves import read_moves
from sim.model.offices import begin_offices
from sim.model.payoffs import draw_actor
from sim.model.pledges import update_pledges
from sim.model.promises import begin_promises
from sim.model.reading import read_world
from sim.model.releases import start_release
from sim.model.reputation import begin_reputation
from sim.model.territory import begin_territory
from sim.model.threats import begin_threat
from sim.model.violence import begin_violence
from sim.model.withdrawal import begin_withdrawal
from sim.model.world import NEVER, RUNS
from sim.scenario.catalogue import MAX_ACTORS, MAX_MILESTONES, MAX_MOVES, MAX_TERMS, RUNNING


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
    begin_capacity(state, params)
    begin_violence(state, params)
    begin_captives(state, params)
    begin_withdrawal(state, params)
    begin_aid(state, params)
    begin_offices(state, params)
    begin_reputation(state, params)
    for actor in range(MAX_ACTORS):
        state.threat_from[actor] = NEVER
        for move in range(MAX_MOVES):
            state.left[actor, move] = -NEVER
        for term in range(MAX_TERMS):
            state.spread[actor, term] = 1.0
    for actor in range(params.actors):
        state.profile[actor] = actor
        state.standing[actor] = params.opening[actor]
        draw_actor(state, params, actor)
    read_moves(state, params)
    for milestone in range(MAX_MILESTONES):
        state.milestone[milestone] = NEVER
    read_world(state, params)
    begin_territory(state, params)
    begin_promises(state, params, tables)
    for actor in range(params.actors):
        update_pledges(state, params, tables, actor, False)
        begin_threat(state, params, tables, actor)
    for group in range(params.groups):
        start_release(state, params, group)
    begin_clocks(state, params, tables)
    read_world(state, params)
    begin_measures(state, params, tables)
