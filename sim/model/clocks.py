"""When each clock acts next: absolute ticks in State, so that no engine holds hidden time.

Clocks act in the order (tick, number of the clock): two that fall on one tick act in the order in which they stand
here. Dated lists lie in Tables: deadlines as (tick, actor), schedules as (tick, move), events and settings as (tick,
quantity, entity, value).

An actor that nobody calls reconsiders its move by a calendar, or at random opportunities: in each step by the same
probability, so that how often it does depends neither on the step nor on the dates of others (asynchronous moves with
random opportunities: Doraszelski and Judd 2012, Quantitative Economics 3(1); Arcidiacono, Bayer, Blevins and Ellickson
2016, Review of Economic Studies 83(3)). Whether a step is an opportunity hangs on the run's luck alone: two scenarios
with one seed have the same opportunities, and of a rarer kind the fewer ones are among the more.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from sim.compiled import compiled
from sim.model.record import Integers, Numbers, Part, f8, i4, i8
from sim.model.world import NEVER
from sim.random.causes import RECONSIDER
from sim.random.stream import uniform
from sim.scenario.catalogue import MAX_ACTORS

if TYPE_CHECKING:
    from sim.model.layout import Params, State, Tables

DAY_CLOCK: Final = 0
EVENT_CLOCK: Final = 1
SCHEDULE_CLOCK: Final = 2
REPUTATION_CLOCK: Final = SCHEDULE_CLOCK + MAX_ACTORS
DEADLINE_CLOCK: Final = REPUTATION_CLOCK + 1
TRIGGER_CLOCK: Final = DEADLINE_CLOCK + 1
REVIEW_CLOCK: Final = TRIGGER_CLOCK + MAX_ACTORS
CLOCKS: Final = REVIEW_CLOCK + MAX_ACTORS

DEADLINE_WIDTH: Final = 2  # tick, actor
SCHEDULE_WIDTH: Final = 2  # tick, move
EVENT_WIDTH: Final = 4  # tick, quantity, entity, value


class ClockState(Part):
    """Next ticks, and how far each dated list is done."""

    clock: NDArray[np.int32] = i4(CLOCKS, unit="ticks")
    event_next: int = i4()
    deadline_next: int = i4()
    schedule_next: NDArray[np.int32] = i4(MAX_ACTORS)


class ClockParams(Part):
    """Periods, and where the dated lists lie in Tables."""

    review_every: Integers = i8(MAX_ACTORS, unit="ticks")  # by the calendar, or the mean time between opportunities
    review_offset: Integers = i8(MAX_ACTORS, unit="ticks")
    reconsiders: Numbers = f8(MAX_ACTORS)  # probability that a step is an opportunity; 0 by the calendar
    answers: Integers = i8(MAX_ACTORS, MAX_ACTORS)  # 1 if a change of course of the second calls the first to decide
    schedule_at: Integers = i8(MAX_ACTORS)
    schedule_count: Integers = i8(MAX_ACTORS)
    deadline_at: int = i8()
    deadlines: int = i8()
    event_at: int = i8()
    dated_events: int = i8()


@compiled
def begin_clocks(state: State, params: Params, tables: Tables) -> None:
    """Set every clock to its first tick."""
    for clock in range(CLOCKS):
        state.clock[clock] = NEVER
    state.clock[DAY_CLOCK] = 1
    if params.reputation_every > 0:
        state.clock[REPUTATION_CLOCK] = params.reputation_every
    for actor in range(params.actors):
        begin_reviews(state, params, actor)
        advance_schedule(state, params, tables, actor)
    advance_deadline(state, params, tables)
    advance_event(state, params, tables)


@compiled
def begin_reviews(state: State, params: Params, actor: int) -> None:
    """Set an actor's review clock to the first date of its calendar, or to its first opportunity."""
    if params.reconsiders[actor] > 0.0:
        state.clock[REVIEW_CLOCK + actor] = next_opportunity(state, params, actor, 0)
    elif params.review_every[actor] > 0:
        state.clock[REVIEW_CLOCK + actor] = params.review_offset[actor]


@compiled
def next_opportunity(state: State, params: Params, actor: int, after: int) -> int:
    """Return the first tick after another that is an opportunity for an actor, or NEVER if none is left."""
    for tick in range(after + 1, params.horizon_tick + 1):
        if uniform(state.seed, state.replication, RECONSIDER, actor, tick, 0) < params.reconsiders[actor]:
            return tick
    return NEVER


@compiled
def advance_review(state: State, params: Params, actor: int) -> None:
    """Set an actor's review clock to its next date or opportunity."""
    if params.reconsiders[actor] > 0.0:
        state.clock[REVIEW_CLOCK + actor] = next_opportunity(state, params, actor, state.tick)
    else:
        state.clock[REVIEW_CLOCK + actor] = state.tick + params.review_every[actor]


@compiled
def advance_deadline(state: State, params: Params, tables: Tables) -> None:
    """Set the deadline clock to the next row that is not done."""
    row = state.deadline_next
    if row < params.deadlines:
        state.clock[DEADLINE_CLOCK] = int(tables[params.deadline_at + row * DEADLINE_WIDTH])
    else:
        state.clock[DEADLINE_CLOCK] = NEVER


@compiled
def advance_event(state: State, params: Params, tables: Tables) -> None:
    """Set the event clock to the next row that is not done."""
    row = state.event_next
    if row < params.dated_events:
        state.clock[EVENT_CLOCK] = int(tables[params.event_at + row * EVENT_WIDTH])
    else:
        state.clock[EVENT_CLOCK] = NEVER


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
def call_answers(state: State, params: Params, mover: int) -> None:
    """Call those who answer an actor's change of course to decide on the next day."""
    for other in range(params.actors):
        if params.answers[other, mover] != 0:
            call_review(state, params, other, state.tick)


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
