"""The withdrawal of foreign troops: a schedule of steps, held back, kept to or hurried by the owner's standing move."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sim.compiled import compiled
from sim.model.lanes import where
from sim.model.log import Log, record_event
from sim.model.record import Integers, Numbers, Part, f8, i4, i8
from sim.scenario.catalogue import MAX_ACTORS, MAX_FOREIGN, MAX_MOVES, MAX_STEPS
from sim.scenario.events import WITHDRAWAL_STEP

if TYPE_CHECKING:
    from sim.model.layout import Params, State


class WithdrawalState(Part):
    """Troops in the country."""

    troops: Numbers = f8(MAX_FOREIGN, unit="persons")
    pace_factor: Numbers = f8(MAX_FOREIGN)  # on the scheduled pace; events set it
    steps_met: NDArray[np.int32] = i4(MAX_FOREIGN)  # withdrawal steps met
    troop_share: float = f8()  # of all troops at the start; read off the world after every change


class WithdrawalParams(Part):
    """The schedule, and what moves say of its pace."""

    pace: Numbers = f8(MAX_ACTORS, MAX_MOVES)  # multiple of the scheduled one
    foreign_owner: Integers = i8(MAX_FOREIGN)
    troops_start: Numbers = f8(MAX_FOREIGN, unit="persons")
    steps: Integers = i8(MAX_FOREIGN)
    step_tick: Integers = i8(MAX_FOREIGN, MAX_STEPS, unit="ticks")
    step_left: Numbers = f8(MAX_FOREIGN, MAX_STEPS, unit="persons")
    step_pace: Numbers = f8(MAX_FOREIGN, MAX_STEPS, unit="persons per day")  # until the step's date


@compiled
def troops_present(state: State, params: Params, actor: int) -> bool:
    """Return whether an actor has foreign troops in the country."""
    for force in range(params.foreign):
        if params.foreign_owner[force] == actor and state.troops[force] > 0.0:
            return True
    return False


@compiled
def pausing(state: State, params: Params, actor: int) -> float:
    """Return 1 while an actor holds back a withdrawal that is due: its pace is 0 and troops are left."""
    due = 0.0
    for force in range(params.foreign):
        if params.foreign_owner[force] == actor and params.steps[force] > 0:
            due = where(state.troops[force] > 0.0, 1.0, due)
    return where(params.pace[actor, state.standing[actor]] > 0.0, 0.0, due)


@compiled
def any_guarantor_pausing(state: State, params: Params) -> float:
    """Return 1 while any guarantor pauses."""
    anybody = 0.0
    for actor in range(params.actors):
        if params.guarantor[actor] != 0:
            anybody = max(anybody, pausing(state, params, actor))
    return anybody


@compiled
def present_share(state: State, params: Params) -> float:
    """Return foreign troops over their number at the start; 1 where there never were any."""
    troops = 0.0
    start = 0.0
    for force in range(params.foreign):
        troops += state.troops[force]
        start += params.troops_start[force]
    return troops / start if start > 0.0 else 1.0


@compiled
def begin_withdrawal(state: State, params: Params) -> None:
    """Set troops to their start."""
    for force in range(params.foreign):
        state.troops[force] = params.troops_start[force]
        state.pace_factor[force] = 1.0


@compiled
def withdrawal_pace(state: State, params: Params, force: int) -> float:
    """Return persons per day that leave: the schedule's pace on this date times the owner's standing multiplier."""
    steps = params.steps[force]
    if steps == 0:
        return 0.0
    owner = params.foreign_owner[force]
    row = 0
    while row < steps - 1 and state.tick >= params.step_tick[force, row]:
        row += 1
    return params.step_pace[force, row] * state.pace_factor[force] * params.pace[owner, state.standing[owner]]


@compiled
def withdraw(state: State, params: Params, days: float) -> None:
    """Let foreign troops leave for some days."""
    for force in range(params.foreign):
        left = state.troops[force] - withdrawal_pace(state, params, force) * days
        state.troops[force] = max(left, 0.0)


@compiled
def note_steps(state: State, params: Params, log: Log) -> None:
    """Note withdrawal steps that are met."""
    for force in range(params.foreign):
        row = state.steps_met[force]
        if row < params.steps[force] and state.troops[force] <= params.step_left[force, row] + 1e-6:
            state.steps_met[force] = row + 1
            record_event(log, state.tick, WITHDRAWAL_STEP, force, row, state.troops[force])
