"""Disputes over who was freed: they open while many releases are uncounted, and end after a while.

An open dispute blocks talks, and moves that a scenario marks ``blocked_by_dispute``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.compiled import compiled
from sim.elementary import exp
from sim.model.hazards import AGREE_HAZARD, DISPUTE_HAZARD, integrate_hazard
from sim.model.lanes import some, where
from sim.model.log import Log, record_event
from sim.model.record import Integers, Numbers, Part, f8, i8
from sim.model.steps import LENGTHS
from sim.model.switches import ON_DISPUTES
from sim.scenario.catalogue import MAX_ACTORS, MAX_GROUPS, MAX_MOVES
from sim.scenario.events import DISPUTE_ENDS, DISPUTE_OPENS

if TYPE_CHECKING:
    from sim.model.layout import Params, State


class DisputeState(Part):
    """Open disputes."""

    dispute: Numbers = f8(MAX_GROUPS)  # 0 or 1; its probability on a mean path


class DisputeParams(Part):
    """When disputes open and end, and which moves they block."""

    dispute_opens: Numbers = f8(MAX_GROUPS, unit="per day")
    dispute_over: Numbers = f8(MAX_GROUPS, unit="persons")
    dispute_ends: Numbers = f8(MAX_GROUPS, unit="per day")
    blocked_by_dispute: Integers = i8(MAX_ACTORS, MAX_MOVES)
    kept_dispute: Numbers = f8(LENGTHS, MAX_GROUPS)


@compiled
def dispute_rate(state: State, params: Params, group: int) -> float:
    """Return the hazard per day that a dispute opens, while none is open."""
    if params.on[ON_DISPUTES] == 0:
        return 0.0
    return where(
        state.freed[group] - state.counted[group] > params.dispute_over[group], params.dispute_opens[group], 0.0
    )


@compiled
def agreement_rate(params: Params, group: int) -> float:
    """Return the hazard per day that an open dispute ends."""
    return params.dispute_ends[group]


@compiled
def disputed_by(state: State, params: Params, actor: int) -> bool:
    """Return whether an actor disputes a release of captives it claims."""
    if params.on[ON_DISPUTES] == 0:
        return False
    for group in range(params.groups):
        if params.claimant[group] == actor and state.dispute[group] >= 0.5:
            return True
    return False


@compiled
def dispute_free(state: State, params: Params) -> float:
    """Return 1 while no dispute over captives is open (on a mean path: its probability)."""
    if params.on[ON_DISPUTES] == 0:
        return 1.0
    free = 1.0
    for group in range(params.groups):
        free *= 1.0 - state.dispute[group]
    return free


@compiled
def expected_disputes(state: State, params: Params, length: int) -> None:
    """Move the probability of each dispute on, over a step of the mean path."""
    if params.on[ON_DISPUTES] == 0:
        return
    for group in range(params.groups):
        opens = dispute_rate(state, params, group)
        open_now = state.dispute[group]
        if some(open_now + opens > 0.0):
            kept = open_now * params.kept_dispute[length, group]
            state.dispute[group] = kept + (1.0 - open_now) * (1.0 - exp(-opens * params.length_days[length]))


@compiled
def integrate_disputes(state: State, params: Params, days: float) -> None:
    """Integrate the hazards that disputes open and end in the step that starts now."""
    for group in range(params.groups):
        disputed = state.dispute[group] > 0.0
        rate = dispute_rate(state, params, group)
        integrate_hazard(state, DISPUTE_HAZARD + group, not disputed and rate > 0.0, rate, days)
        integrate_hazard(state, AGREE_HAZARD + group, disputed, agreement_rate(params, group), days)


@compiled
def open_and_end_disputes(state: State, params: Params, log: Log) -> None:
    """Let disputes that fired take effect."""
    for group in range(params.groups):
        if state.hazard_fired[DISPUTE_HAZARD + group] != 0:
            state.dispute[group] = 1.0
            record_event(log, state.tick, DISPUTE_OPENS, group, params.claimant[group], 0.0)
        if state.hazard_fired[AGREE_HAZARD + group] != 0:
            state.dispute[group] = 0.0
            record_event(log, state.tick, DISPUTE_ENDS, group, params.claimant[group], 0.0)
