"""Promises: what was undertaken, when it falls due, and how much of it is done by then.

A promise is a quantity that is to reach a number, or a condition that is to be kept. It changes nothing by itself; one
that others watch is a pledge too (`sim.model.pledges`), and whoever is seen to break it pays.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from sim.compiled import compiled
from sim.model.conditions import holds, sum_value
from sim.model.record import Integers, Numbers, Part, f8, i4, i8
from sim.model.world import NEVER
from sim.scenario.catalogue import MAX_PROMISES

if TYPE_CHECKING:
    from sim.model.layout import Params, State, Tables

AFTER_START: Final = -1
AFTER_TALKS: Final = -2


class PromiseState(Part):
    """How each promise stands."""

    promise_due: NDArray[np.int32] = i4(MAX_PROMISES, unit="ticks")  # NEVER while nobody knows when
    promise_tick: NDArray[np.int32] = i4(MAX_PROMISES, unit="ticks")  # when it was first reached, or first not kept
    promise_start: Numbers = f8(MAX_PROMISES)  # the quantity when the promise began to count
    promise_share: Numbers = f8(MAX_PROMISES)  # share done, until it is due; or steps on which it was kept
    promise_steps: NDArray[np.int32] = i4(MAX_PROMISES, unit="ticks")  # on which it was looked at


class PromiseParams(Part):
    """Who promised what until when."""

    promises: int = i8()
    promise_when: Integers = i8(MAX_PROMISES)  # Tables: program of what is to be kept; unused where a sum is to reach
    promise_of: Integers = i8(MAX_PROMISES)  # Tables: program of the sum that is to reach a number; -1 for one to keep
    promise_target: Numbers = f8(MAX_PROMISES)
    promise_falls: Integers = i8(MAX_PROMISES)  # 1 if the sum is to come down to the number, 0 if it is to rise to it
    promise_since: Integers = i8(MAX_PROMISES, unit="ticks")
    promise_after: Integers = i8(MAX_PROMISES)  # milestone that it falls due after, AFTER_START or AFTER_TALKS
    promise_days: Integers = i8(MAX_PROMISES, unit="ticks")  # how long after


@compiled
def begin_promises(state: State, params: Params, tables: Tables) -> None:
    """Look at promises on day 0."""
    for promise in range(params.promises):
        state.promise_due[promise] = NEVER
        state.promise_tick[promise] = NEVER
        if params.promise_after[promise] == AFTER_START:
            state.promise_due[promise] = params.promise_days[promise]
        if params.promise_since[promise] == 0:
            begin_promise(state, params, tables, promise)


@compiled
def begin_promise(state: State, params: Params, tables: Tables, promise: int) -> None:
    """Note from where a promise starts; one that is reached already is done."""
    if params.promise_of[promise] >= 0:
        state.promise_start[promise] = sum_value(state, params, tables, params.promise_of[promise])
        note_reached(state, params, tables, promise)


@compiled
def due_tick(state: State, params: Params, promise: int) -> int:
    """Return when a promise falls due: NEVER while that hangs on something that has not happened yet."""
    after = params.promise_after[promise]
    if after == AFTER_START:
        return int(params.promise_days[promise])
    begins = state.talks_tick if after == AFTER_TALKS else state.milestone[after]
    return begins + params.promise_days[promise] if begins < NEVER else NEVER


@compiled
def note_promises(state: State, params: Params, tables: Tables) -> None:
    """Note what of each promise is done or kept at the end of a step."""
    for promise in range(params.promises):
        state.promise_due[promise] = due_tick(state, params, promise)
        if state.tick < params.promise_since[promise]:
            continue
        if state.tick == params.promise_since[promise]:
            begin_promise(state, params, tables, promise)
        elif params.promise_of[promise] >= 0:
            note_reached(state, params, tables, promise)
        elif state.tick <= state.promise_due[promise]:
            state.promise_steps[promise] += 1
            if holds(state, params, tables, params.promise_when[promise]):
                state.promise_share[promise] += 1.0
            elif state.promise_tick[promise] == NEVER:
                state.promise_tick[promise] = state.tick


@compiled
def note_reached(state: State, params: Params, tables: Tables, promise: int) -> None:
    """Note whether a quantity has reached its number, and until it is due what share of the way it has gone."""
    if state.promise_tick[promise] < NEVER:
        return
    in_time = state.tick <= state.promise_due[promise]
    value, target = sum_value(state, params, tables, params.promise_of[promise]), params.promise_target[promise]
    if value <= target if params.promise_falls[promise] != 0 else value >= target:
        state.promise_tick[promise] = state.tick
        if in_time:
            state.promise_share[promise] = 1.0
        return
    if not in_time:
        return
    start = state.promise_start[promise]
    state.promise_share[promise] = min(max((value - start) / (target - start), 0.0), 1.0)


@compiled
def promise_kept(state: State, params: Params, promise: int) -> bool:
    """Return whether a promise was reached by the time it was due, or never broken."""
    if params.promise_of[promise] >= 0:
        return state.promise_tick[promise] < NEVER and state.promise_tick[promise] <= state.promise_due[promise]
    return state.promise_tick[promise] == NEVER


@compiled
def promise_done(state: State, params: Params, promise: int) -> float:
    """Return the share of a promise that was done when it fell due or the run ended, or of its time that was kept."""
    if params.promise_of[promise] >= 0:
        return state.promise_share[promise]
    steps = state.promise_steps[promise]
    return state.promise_share[promise] / steps if steps > 0 else 1.0
