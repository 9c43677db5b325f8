"""Releases: how many of a group are let go in a step, by the pace and the conditions of the holder's standing move.

A move lets captives or a stock go in *tranches*, each with its own pace and up to its own number, while its condition
holds. The first such move starts a set-up lag; after the last tranche, a *second stage* lets a batch go every so many
days while its condition holds, up to a number of its own. Where a move names no number it stops at what was promised:
going beyond is another move. What may be vetted a day bounds it all, and so does the cap. A group may be let go in
return for another, whatever the move.
"""

from __future__ import annotations

from math import floor
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sim.compiled import compiled
from sim.model.conditions import holds
from sim.model.lanes import some, where
from sim.model.record import Integers, Numbers, Part, f8, i4, i8
from sim.model.switches import ON_RECIPROCITY
from sim.model.world import NEVER
from sim.random.causes import SETUP_LAG
from sim.random.gamma import gamma
from sim.random.stream import uniform
from sim.scenario.catalogue import MAX_GROUPS, MAX_MOVES, MAX_TRANCHES

if TYPE_CHECKING:
    from sim.model.layout import Params, State, Tables


class ReleaseState(Part):
    """Timers of each group, and what is under way."""

    carry: Numbers = f8(MAX_GROUPS, unit="persons")  # due and not freed yet
    vetted: Numbers = f8(MAX_GROUPS, unit="persons")  # fraction of a person vetted and not freed yet
    lag_days: Numbers = f8(MAX_GROUPS, unit="days")  # set-up lag of this run
    ready_tick: NDArray[np.int32] = i4(MAX_GROUPS, unit="ticks")  # releases can start; NEVER before the first decision
    tranche_tick: NDArray[np.int32] = i4(MAX_GROUPS, unit="ticks")  # next tranche; NEVER before the first stage is done


class ReleaseParams(Part):
    """What moves say of releases, and what bounds them."""

    tranches: Integers = i8(MAX_GROUPS, MAX_MOVES)  # of the holder's moves; 0 in those that let nothing go
    tranche_until: Numbers = f8(MAX_GROUPS, MAX_MOVES, MAX_TRANCHES, unit="persons")
    tranche_per_day: Numbers = f8(MAX_GROUPS, MAX_MOVES, MAX_TRANCHES, unit="persons per day")
    tranche_when: Integers = i8(MAX_GROUPS, MAX_MOVES, MAX_TRANCHES)  # Tables: program; -1 none
    then_amount: Numbers = f8(MAX_GROUPS, MAX_MOVES, unit="persons")
    then_until: Numbers = f8(MAX_GROUPS, MAX_MOVES, unit="persons")
    then_every: Integers = i8(MAX_GROUPS, MAX_MOVES, unit="ticks")
    then_when: Integers = i8(MAX_GROUPS, MAX_MOVES)  # Tables: program; -1 none
    cap_freed: Numbers = f8(MAX_GROUPS, unit="persons")
    vetting: Numbers = f8(MAX_GROUPS, unit="persons per day")
    lag_mean: Numbers = f8(MAX_GROUPS, unit="days")
    lag_shape: Numbers = f8(MAX_GROUPS)
    reciprocates: Integers = i8(MAX_GROUPS)
    per_captive: Numbers = f8(MAX_GROUPS)


@compiled
def draw_setup_lag(state: State, params: Params, group: int) -> None:
    """Draw the days from the first decision to release to the first release."""
    if params.lag_mean[group] > 0.0:
        luck = uniform(state.seed, state.replication, SETUP_LAG, group, 0, 0)
        state.lag_days[group] = gamma(luck, params.lag_mean[group], params.lag_shape[group])


@compiled
def left_until(state: State, group: int, until: float) -> float:
    """Return what is left to let go up to a number; who was recalled had been let go."""
    return until - state.freed[group] - state.recalled[group]


@compiled
def release_left(state: State, params: Params, group: int, move: int) -> float:
    """Return how much of a group a move of its holder may still let go, now or later; 0 if it lets none go."""
    stages = params.tranches[group, move]
    until = params.tranche_until[group, move, max(stages - 1, 0)]
    until = max(until, where(params.then_amount[group, move] > 0.0, params.then_until[group, move], until))
    left = min(left_until(state, group, until), params.cap_freed[group] - state.freed[group])
    return where(stages > 0, max(left, 0.0), 0.0)


@compiled
def by_move(state: State, params: Params, group: int) -> float:
    """Return 1 while the standing move of a group's holder says how to let it go, whether or not anything is left."""
    return where(params.tranches[group, state.standing[params.holder[group]]] > 0, 1.0, 0.0)


@compiled
def releasing(state: State, params: Params, group: int) -> float:
    """Return 1 while the standing move of a group's holder lets some of it go, now or later."""
    return where(release_left(state, params, group, state.standing[params.holder[group]]) > 0.0, 1.0, 0.0)


@compiled
def paces_alike(params: Params, group: int, one: int, other: int) -> bool:
    """Return whether two moves of a group's holder let it go at the same pace under the same conditions."""
    if params.tranches[group, one] != params.tranches[group, other]:
        return False
    for tranche in range(params.tranches[group, one]):
        if (
            params.tranche_until[group, one, tranche] != params.tranche_until[group, other, tranche]
            or params.tranche_per_day[group, one, tranche] != params.tranche_per_day[group, other, tranche]
            or params.tranche_when[group, one, tranche] != params.tranche_when[group, other, tranche]
        ):
            return False
    return (
        params.then_amount[group, one] == params.then_amount[group, other]
        and params.then_until[group, one] == params.then_until[group, other]
        and params.then_every[group, one] == params.then_every[group, other]
        and params.then_when[group, one] == params.then_when[group, other]
    )


@compiled
def release_bound(state: State, params: Params, group: int, days: float) -> float:
    """Return how many captives of a group may be freed at most in some days: the vetting's pace, and the cap."""
    return max(min(params.vetting[group] * days, params.cap_freed[group] - state.freed[group]), 0.0)


@compiled
def reciprocal_due(state: State, params: Params, group: int) -> float:
    """Return how many captives its holder owes in return for another group's release."""
    other = params.reciprocates[group]
    if other < 0 or params.on[ON_RECIPROCITY] == 0:
        return 0.0
    due = min(params.promised[group], params.per_captive[group] * state.freed[other]) - state.freed[group]
    return max(due, 0.0)


@compiled
def expected_batch(state: State, params: Params, tables: Tables, group: int, days: float) -> float:
    """Return the captives freed over some days from now on if the standing moves stand.

    A set-up lag that runs still is waited for; an unstarted one is the caller's to start (`start_release`).
    """
    bound = release_bound(state, params, group, days)
    is_releasing = releasing(state, params, group) > 0.0
    in_return = min(reciprocal_due(state, params, group), bound)
    if not some(is_releasing):
        return in_return
    move = state.standing[params.holder[group]]
    spare = days - max(state.ready_tick[group] - state.tick, 0) * params.dt
    batch = 0.0
    for tranche in range(MAX_TRANCHES):
        if some(tranche < params.tranches[group, move]) and some(spare > 0.0):
            pace = params.tranche_per_day[group, move, tranche]
            left = left_until(state, group, params.tranche_until[group, move, tranche]) - batch
            left = where(tranche < params.tranches[group, move], left, 0.0)
            is_open = holds(state, params, tables, params.tranche_when[group, move, tranche])
            spare = where(left > 0.0, where(is_open, spare, 0.0), spare)
            more = where(spare > 0.0, max(min(pace * spare, left), 0.0), 0.0)
            spare -= where(more > 0.0, more / where(pace > 0.0, pace, 1.0), 0.0)
            batch += more
    amount = params.then_amount[group, move]
    if some(spare > 0.0) and some(amount > 0.0):
        more = amount * spare / (max(params.then_every[group, move], 1) * params.dt)
        more = min(more, max(left_until(state, group, params.then_until[group, move]) - batch, 0.0))
        more = where(second_stage_open(state, params, tables, group), more, 0.0)
        batch += where(spare > 0.0, more, 0.0)
    return where(is_releasing, min(batch, bound), in_return)


@compiled
def second_stage_open(state: State, params: Params, tables: Tables, group: int) -> bool:
    """Return whether the condition of the holder's second stage holds now."""
    return holds(state, params, tables, params.then_when[group, state.standing[params.holder[group]]])


@compiled
def tranche_under_way(state: State, params: Params, group: int, move: int) -> int:
    """Return the first tranche of a move that is not out yet, or how many there are."""
    for tranche in range(params.tranches[group, move]):
        if left_until(state, group, params.tranche_until[group, move, tranche]) > 0.0:
            return tranche
    return int(params.tranches[group, move])


@compiled
def whole(params: Params, group: int, amount: float) -> float:
    """Return what can be let go of an amount: whole persons or units, or any fraction of what is divisible."""
    return amount if params.divisible[group] != 0 else floor(amount)


@compiled
def vet(state: State, params: Params, group: int) -> float:
    """Vet for a step and return how many captives of a group may be freed in it: those vetted, up to the cap.

    A pace of less than one a step adds up over steps; what a faster one leaves of a person is lost.
    """
    vetted = params.vetting[group] * params.dt
    if vetted < 1.0 and params.divisible[group] == 0:
        state.vetted[group] = min(state.vetted[group] + vetted, 1.0 + vetted)
        vetted = floor(state.vetted[group] + 1e-9)
    return max(min(vetted, params.cap_freed[group] - state.freed[group]), 0.0)


@compiled
def sampled_batch(state: State, params: Params, tables: Tables, group: int) -> float:
    """Return the whole captives freed in the step that starts now, and move the group's timers on.

    A tranche pays out its pace every step while its condition holds; a second stage pays a whole batch at the end of
    each interval in which its condition holds, the first one interval after the last tranche was out.
    """
    bound = vet(state, params, group)
    if releasing(state, params, group) == 0.0:
        batch = whole(params, group, min(reciprocal_due(state, params, group), bound))
        state.vetted[group] = max(state.vetted[group] - batch, 0.0)
        return batch
    if state.tick < state.ready_tick[group]:
        return 0.0
    move = state.standing[params.holder[group]]
    tranche = tranche_under_way(state, params, group, move)
    if tranche < params.tranches[group, move]:
        if not holds(state, params, tables, params.tranche_when[group, move, tranche]):
            return 0.0
        left = left_until(state, group, params.tranche_until[group, move, tranche])
        pace = params.tranche_per_day[group, move, tranche]
        state.carry[group] = min(state.carry[group] + pace * params.dt, left)
    elif params.then_amount[group, move] > 0.0:
        if state.tranche_tick[group] == NEVER:
            state.tranche_tick[group] = state.tick + params.then_every[group, move]
        # dates that passed while another move stood are gone: batches are not saved up
        while state.tranche_tick[group] <= state.tick:
            state.tranche_tick[group] += params.then_every[group, move]
        if state.tick + 1 == state.tranche_tick[group] and second_stage_open(state, params, tables, group):
            left = left_until(state, group, params.then_until[group, move])
            state.carry[group] = min(state.carry[group] + params.then_amount[group, move], max(left, 0.0))
    # the margin lets a pace such as 30 a day in 24 steps reach whole persons in spite of rounding
    margin = 0.0 if params.divisible[group] != 0 else 1e-9
    batch = whole(params, group, min(state.carry[group] + margin, bound))
    state.carry[group] = max(state.carry[group] - batch, 0.0)
    state.vetted[group] = max(state.vetted[group] - batch, 0.0)
    return batch


@compiled
def start_release(state: State, params: Params, group: int) -> None:
    """Start the set-up lag when the holder first decides to release; later calls change nothing."""
    if state.ready_tick[group] == NEVER and releasing(state, params, group) > 0.0:
        state.ready_tick[group] = state.tick + int(floor(state.lag_days[group] / params.dt + 0.5))
