"""The order of the day: how a sampled world moves from one tick to the next.

1. Payoffs of the coming step accrue, and all hazards are integrated, both at what holds at its start.
2. Attacks are drawn; capacities, cohesion and troops move on; captives arrive, are counted, recalled and freed, stocks
   handed over. Luck is drawn at addresses that hold the step's end as their occasion.
3. Time moves on. What fired takes effect: talks break and open, disputes open and end, offices are resolved, threats
   are executed.
4. The world is read anew. Threats whose demand is met are over. Events happen whose hazard fired or whose condition
   holds for the first time; broken pledges, milestones, promises, measures and progress are noted.
5. The run fails if the world is not finite. It has an outcome if the hazard of one fired or its condition holds, and
   ends with that or at its horizon.
"""

from __future__ import annotations

from math import isfinite

from sim.compiled import compiled
from sim.model.capacity import draw_capacity_noise, drift_insurgents, drift_regulars
from sim.model.captives import (
    draw_counts,
    draw_release,
    draw_returners,
    note_progress,
    stocks_first,
)
from sim.model.clocks import DAY_CLOCK
from sim.model.defection import defect, note_defections
from sim.model.disputes import integrate_disputes, open_and_end_disputes
from sim.model.events import happen_in_step, integrate_events
from sim.model.layout import Params, State, Tables
from sim.model.log import Log
from sim.model.measures import note_measures
from sim.model.milestones import note_milestones
from sim.model.offices import draw_cohesion_noise, drift_cohesion, integrate_resolutions, resolve_offices
from sim.model.outcomes import end_step, integrate_outcomes
from sim.model.payoffs import accrue_payoffs
from sim.model.pledges import note_pledges
from sim.model.promises import note_promises
from sim.model.reading import read_world
from sim.model.recall import draw_recalls
from sim.model.record import Numbers
from sim.model.steps import TICK_LENGTH
from sim.model.switches import ON_NOISE
from sim.model.talks import break_and_open_talks, integrate_talks
from sim.model.territory import drift_territory
from sim.model.threats import execute_threats, integrate_threats, meet_threats
from sim.model.violence import draw_attacks, kill_rivals
from sim.model.withdrawal import note_steps, withdraw
from sim.model.world import FAILED


@compiled
def integrate_hazards(state: State, params: Params, tables: Tables) -> None:
    """Integrate every hazard over the step that starts now and note what fires in it."""
    days = params.dt
    integrate_outcomes(state, params, tables, days)
    integrate_talks(state, params, tables, days)
    integrate_disputes(state, params, days)
    integrate_resolutions(state, params, days)
    integrate_threats(state, params, days)
    integrate_events(state, params, tables, days)


@compiled
def step_day(state: State, params: Params, tables: Tables, work: Numbers, log: Log, ledger: Numbers) -> None:
    """Move a sampled world from one tick to the next.

    Parameters
    ----------
    state, params, tables : State, Params, Tables
        The world; changed.
    work : ndarray, shape (3, MAX_TERMS)
        Scratch.
    log : ndarray of LOG
        Buffer for events.
    ledger : ndarray, shape (actors, COLUMNS) or (0, 0)
        What payoffs are made of (`sim.model.ledger`).
    """
    days = params.dt
    accrue_payoffs(state, params, work, ledger)
    integrate_hazards(state, params, tables)

    for actor in range(params.actors):
        state.occupancy[actor, state.standing[actor]] += days
    draw_attacks(state, params, log)
    drift_insurgents(state, params, days)
    drift_regulars(state, params, days)
    kill_rivals(state, params, days)
    drift_territory(state, params, TICK_LENGTH)
    drift_cohesion(state, params, TICK_LENGTH)
    defect(state, params, tables, days)
    withdraw(state, params, days)
    if params.on[ON_NOISE] != 0:
        draw_capacity_noise(state, params)
        draw_cohesion_noise(state, params)
    for row in range(params.groups):
        group = stocks_first(params, row)
        draw_returners(state, params, group)
        draw_counts(state, params, group)
        draw_recalls(state, params, group, log)
        draw_release(state, params, tables, group, log, ledger)

    state.tick += 1
    state.clock[DAY_CLOCK] = state.tick + 1
    break_and_open_talks(state, log)
    open_and_end_disputes(state, params, log)
    resolve_offices(state, params, log)
    execute_threats(state, params, log)

    read_world(state, params)
    meet_threats(state, params, tables, log)
    happen_in_step(state, params, tables, log)
    for actor in range(params.actors):
        note_pledges(state, params, tables, actor, log, ledger)
    note_defections(state, params, tables, log)
    note_milestones(state, params, tables, log)
    note_promises(state, params, tables)
    note_measures(state, params, tables)
    note_progress(state, params, log)
    note_steps(state, params, log)

    if not finite_world(state, params):
        state.status = FAILED
        state.failed_actor = failed_payoff(state, params)
        return
    end_step(state, params, tables, log, ledger)


@compiled
def finite_world(state: State, params: Params) -> bool:
    """Return whether every moving quantity of the world is finite."""
    total = state.force_balance + state.violence
    for force in range(params.forces):
        total += state.strength[force]
    for stream in range(params.streams):
        total += state.excitation[stream] + state.intensity[stream]
        total += state.attacks_total[stream] + state.deaths_total[stream] + state.civilian_total[stream]
    for group in range(params.groups):
        total += state.counted[group] + state.pending[group] + state.returned[group] + state.commanders[group]
    for office in range(params.offices):
        total += state.cohesion_logit[office]
    for actor in range(params.actors):
        total += state.payoff[actor]
    return isfinite(total)


@compiled
def failed_payoff(state: State, params: Params) -> int:
    """Return the first actor whose payoff is not finite, or -1."""
    for actor in range(params.actors):
        if not isfinite(state.payoff[actor]):
            return actor
    return -1
