"""When each clock acts next: absolute ticks in State, so that no engine holds hidden time.

Dated lists lie in Tables: deadlines as (tick, actor), schedules as (tick, move), shocks as (tick, kind, entity, value).
"""

from __future__ import annotations

from sim.compiled import compiled
from sim.model.layout import (
    CLOCKS,
    DEADLINE_CLOCK,
    DEADLINE_WIDTH,
    NEVER,
    SCHEDULE_CLOCK,
    SCHEDULE_WIDTH,
    SHOCK_CLOCK,
    SHOCK_WIDTH,
    TRIGGER_CLOCK,
    Params,
    State,
    Tables,
)


@compiled
def advance_deadline(state: State, params: Params, tables: Tables) -> None:
    """Set the deadline clock to the next row that is not done."""
    row = state.deadline_next
    if row < params.deadlines:
        state.clock[DEADLINE_CLOCK] = int(tables[params.deadline_at + row * DEADLINE_WIDTH])
    else:
        state.clock[DEADLINE_CLOCK] = NEVER


@compiled
def advance_shock(state: State, params: Params, tables: Tables) -> None:
    """Set the shock clock to the next row that is not done."""
    row = state.shock_next
    if row < params.shocks:
        state.clock[SHOCK_CLOCK] = int(tables[params.shock_at + row * SHOCK_WIDTH])
    else:
        state.clock[SHOCK_CLOCK] = NEVER


@compiled
def advance_schedule(state: State, params: Params, tables: Tables, actor: int) -> None:
    """Set an actor's schedule clock to its next dated move that is not done."""
    row = state.schedule_next[actor]
    if row < params.schedule_count[actor]:
        state.clock[SCHEDULE_CLOCK + actor] = int(tables[params.schedule_at[actor] + row * SCHEDULE_WIDTH])
    else:
        state.clock[SCHEDULE_CLOCK + actor] = NEVER


@compiled
def call_review(state: State, params: Params, actor: int, now: int) -> None:
    """Call a review of an actor for the day after tick `now`, unless one is called already."""
    day = int(1.0 / params.dt + 0.5)
    clock = TRIGGER_CLOCK + actor
    state.clock[clock] = min(state.clock[clock], now + day)


@compiled
def next_clock(state: State) -> int:
    """Return the clock that acts next: the earliest tick, ties to the lower number."""
    earliest = NEVER
    for clock in range(CLOCKS):
        earliest = min(earliest, state.clock[clock])
    for clock in range(CLOCKS):
        if state.clock[clock] == earliest and earliest < NEVER:
            return clock
    return -1
