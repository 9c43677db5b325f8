"""Act on one clock: the day, a dated event, a dated move, a reputation review, or an epoch."""

from __future__ import annotations

from sim.kernel.day import step_day
from sim.kernel.decision import DecisionRecord, adopt, decide
from sim.model.clocks import (
    DAY_CLOCK,
    DEADLINE_CLOCK,
    DEADLINE_WIDTH,
    EVENT_CLOCK,
    REPUTATION_CLOCK,
    REVIEW_CLOCK,
    SCHEDULE_CLOCK,
    SCHEDULE_WIDTH,
    TRIGGER_CLOCK,
    advance_deadline,
    advance_review,
    advance_schedule,
)
from sim.model.events import happen_on_date
from sim.model.layout import Params, State, Tables
from sim.model.log import Log
from sim.model.record import Numbers
from sim.model.reputation import review_reputations
from sim.model.series import observe
from sim.model.world import NEVER
from sim.scenario.catalogue import MAX_ACTORS


def dispatch(
    state: State,
    params: Params,
    tables: Tables,
    clock: int,
    decision: DecisionRecord,
    work: Numbers,
    log: Log,
    series: Numbers,
    ledger: Numbers,
) -> None:
    """Act on one clock at its tick; engines call it by its address (`sim.kernel.entry`).

    Parameters
    ----------
    state, params, tables : State, Params, Tables
        The world; changed. The clock that acted is set to its next tick.
    clock : int
        Number in `sim.model.clocks`.
    decision : record of DECISION_RECORD
        Filled at an epoch.
    work : ndarray, shape (3, MAX_TERMS)
        Scratch.
    log : ndarray of LOG
        Buffer for events; the caller empties it.
    series : ndarray, shape (days + 1, series) or (0, series)
        Daily values are written to the row of the day.
    ledger : ndarray, shape (actors, COLUMNS) or (0, 0)
        What payoffs are made of (`sim.model.ledger`).
    """
    if clock == DAY_CLOCK:
        step_day(state, params, tables, work, log, ledger)
        observe(state, params, series)
    elif clock == EVENT_CLOCK:
        happen_on_date(state, params, tables, log)
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
        advance_review(state, params, actor)
        decide(state, params, tables, actor, clock, decision, log, ledger)
