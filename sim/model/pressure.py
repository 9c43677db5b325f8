"""Threats of an aid cut: they stand until met, withdrawn or executed.

A move with *pressure* threatens a target: while its condition (``until:``) does not hold, the threat stands and is
executed at a constant hazard; each execution cuts the flow once, up to a number of cuts. Whoever threatens values that
move as if the target answered with the move that the scenario declares (``expects:``).
"""

from __future__ import annotations

from sim.compiled import compiled
from sim.model.conditions import holds
from sim.model.layout import NEVER, ON_AID, Params, State, Tables
from sim.model.reputation import move_opinion


@compiled
def pressure_flow(state: State, params: Params, actor: int) -> int:
    """Return the flow that an actor's standing move threatens to cut, or -1."""
    if params.on[ON_AID] == 0:
        return -1
    return params.pressure_flow[actor, state.standing[actor]]


@compiled
def threat_open(state: State, params: Params, tables: Tables, actor: int) -> bool:
    """Return whether an actor's standing move threatens, its demand is not met, and there is something left to cut."""
    flow = pressure_flow(state, params, actor)
    if flow < 0 or state.cuts[flow] >= params.max_cuts[flow]:
        return False
    return not holds(state, params, tables, params.pressure_until[actor, state.standing[actor]])


@compiled
def update_threat(state: State, params: Params, tables: Tables, actor: int) -> None:
    """Start or end an actor's threat as its move and its demand now stand."""
    if threat_open(state, params, tables, actor):
        if state.threat_from[actor] == NEVER:
            state.threat_from[actor] = state.tick
    else:
        state.threat_from[actor] = NEVER


@compiled
def execution_rate(state: State, params: Params, actor: int) -> float:
    """Return the hazard per day that an actor's threat is executed."""
    flow = pressure_flow(state, params, actor)
    if flow < 0 or state.threat_from[actor] == NEVER:
        return 0.0
    return params.execute_rate[flow]


@compiled
def execute(state: State, params: Params, actor: int, share: float) -> None:
    """Execute an actor's threat: cut the flow once (`share` 1), or its expectation on a mean path."""
    flow = pressure_flow(state, params, actor)
    state.aid[flow] = max(state.aid[flow] - share * params.aid_cut[flow], 0.0)
    state.cuts[flow] += share
    move_opinion(state, params, actor, params.executed_threat * share)
