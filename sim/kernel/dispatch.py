"""Act on one clock: the day, a shock, a dated move, a reputation review, or an epoch."""

from __future__ import annotations

from typing import Any

from sim.compiled import compiled
from sim.kernel.clock_times import (
    advance_deadline,
    advance_schedule,
    advance_shock,
)
from sim.kernel.day import step_day
from sim.kernel.decision import adopt, decide
from sim.kernel.log import OFFICE_CLAIMED_TWICE, OFFICE_RESOLVED, REPUTATION, SHOCK, record_event
from sim.kernel.observe import observe
from sim.model.cohesion import resolve
from sim.model.layout import (
    DAY_CLOCK,
    DEADLINE_CLOCK,
    DEADLINE_WIDTH,
    NEVER,
    REGULAR,
    REPUTATION_CLOCK,
    REVIEW_CLOCK,
    REVIEW_LENGTH,
    SCHEDULE_CLOCK,
    SCHEDULE_WIDTH,
    SHOCK_AID,
    SHOCK_CLOCK,
    SHOCK_COHESION,
    SHOCK_DUAL,
    SHOCK_PACE,
    SHOCK_STRENGTH,
    SHOCK_TROOPS,
    SHOCK_WIDTH,
    TRIGGER_CLOCK,
    Params,
    State,
    Tables,
)
from sim.model.reading import read_world
from sim.model.reputation import review_reputation
from sim.random.binomial import binomial
from sim.random.causes import ATTRIBUTION, CIVILIAN_DEATHS
from sim.random.stream import uniform
from sim.scenario.catalogue import MAX_ACTORS, MAX_FORCES


@compiled
def apply_shock(state: State, params: Params, tables: Tables, log: Any) -> None:
    """Apply the next dated shock."""
    at = params.shock_at + state.shock_next * SHOCK_WIDTH
    kind = int(tables[at + 1])
    entity = int(tables[at + 2])
    value = tables[at + 3]
    if kind == SHOCK_AID:
        state.aid[entity] = value
    elif kind == SHOCK_DUAL:
        if value > 0.0:
            state.dual[entity] = 1.0
            record_event(log, state.tick, OFFICE_CLAIMED_TWICE, entity, params.office_actor[entity], 0.0)
        elif state.dual[entity] > 0.0:
            resolve(state, params, entity, 1.0)
            record_event(log, state.tick, OFFICE_RESOLVED, entity, params.office_actor[entity], 0.0)
    elif kind == SHOCK_COHESION:
        state.cohesion_logit[entity] = value
    elif kind == SHOCK_STRENGTH:
        scale = params.strength_start[entity] if params.kind[entity] == REGULAR else 1.0
        state.strength[entity] = value / scale
    elif kind == SHOCK_TROOPS:
        state.troops[entity] = value
    elif kind == SHOCK_PACE:
        state.pace_factor[entity] = value
    else:
        state.attack_factor[entity] = value / params.attack_reference[entity]
    if kind != SHOCK_DUAL:
        record_event(log, state.tick, SHOCK, kind, entity, value)
    state.shock_next += 1
    advance_shock(state, params, tables)
    read_world(state, params)


@compiled
def review_reputations(state: State, params: Params, log: Any) -> None:
    """Attribute the attacks since the last review, and move reputations and civilian deaths by them."""
    seed, replication = state.seed, state.replication
    for actor in range(params.actors):
        first = params.attributed_force[actor]
        if first < 0:
            continue
        attributed = 0.0
        for force in range(params.forces):
            share = params.attribution[actor, force]
            if share > 0.0:
                luck = uniform(seed, replication, ATTRIBUTION, first * MAX_FORCES + force, state.tick, 0)
                attributed += binomial(luck, int(state.window_attacks[force]), share)
        review_reputation(state, params, actor, attributed, REVIEW_LENGTH)
        record_event(log, state.tick, REPUTATION, actor, -1, attributed)
    for force in range(params.forces):
        if state.window_deaths[force] > 0.0 and params.deaths_mean[force] > 0.0:
            luck = uniform(seed, replication, CIVILIAN_DEATHS, force, state.tick, 0)
            share = min(params.civilian_mean[force] / params.deaths_mean[force], 1.0)
            state.civilian_total[force] += binomial(luck, int(state.window_deaths[force]), share)
        state.window_attacks[force] = 0.0
        state.window_deaths[force] = 0.0
    state.clock[REPUTATION_CLOCK] = state.tick + params.reputation_every


def dispatch(
    state: State,
    params: Params,
    tables: Tables,
    clock: int,
    decision: Any,
    work: Any,
    log: Any,
    series: Any,
    ledger: Any,
) -> None:
    """Act on one clock at its tick; engines call it by its address (`sim.kernel.entry`).

    Parameters
    ----------
    state, params, tables : State, Params, Tables
        The world; changed. The clock that acted is set to its next tick.
    clock : int
        Number in `sim.model.layout`.
    decision : record of DECISION_RECORD
        Filled at an epoch.
    work : ndarray, shape (3, MAX_TERMS)
        Scratch.
    log : ndarray of LOG
        Buffer for events; the caller empties it.
    series : ndarray, shape (days + 1, series) or (0, series)
        Daily values are written to the row of the day.
    ledger : ndarray, shape (actors, COLUMNS) or (0, 0)
        What payoffs are made of (`sim.kernel.ledger`).
    """
    if clock == DAY_CLOCK:
        step_day(state, params, tables, work, log, ledger)
        observe(state, params, series)
    elif clock == SHOCK_CLOCK:
        apply_shock(state, params, tables, log)
    elif clock < SCHEDULE_CLOCK + MAX_ACTORS:
        actor = clock - SCHEDULE_CLOCK
        row = params.schedule_at[actor] + state.schedule_next[actor] * SCHEDULE_WIDTH
        state.schedule_next[actor] += 1
        advance_schedule(state, params, tables, actor)
        adopt(state, params, tables, actor, int(tables[row + 1]), decision, log, ledger)
    elif clock == REPUTATION_CLOCK:
        review_reputations(state, params, log)
    elif clock == DEADLINE_CLOCK:
        actor = int(tables[params.deadline_at + state.deadline_next * DEADLINE_WIDTH + 1])
        state.deadline_next += 1
        advance_deadline(state, params, tables)
        decide(state, params, tables, actor, clock, decision, log, ledger)
    elif clock < REVIEW_CLOCK:
        actor = clock - TRIGGER_CLOCK
        state.clock[clock] = NEVER
        decide(state, params, tables, actor, clock, decision, log, ledger)
    else:
        actor = clock - REVIEW_CLOCK
        state.clock[clock] = state.tick + params.review_every[actor]
        decide(state, params, tables, actor, clock, decision, log, ledger)
