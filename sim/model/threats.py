"""Threats of an aid cut: they stand until met, withdrawn or executed.

Whoever chooses a move with *pressure* threatens a target: until its condition (``until:``) holds or another move is
made, the threat stands and is executed at a constant hazard; each execution cuts the flow once, up to a number of cuts.
A threat that was met is over, even if what it demanded is undone: it takes another choice to make it again. Whoever
threatens values that move as if the target answered with the move that the scenario declares (``expects:``).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sim.compiled import compiled
from sim.elementary import exp
from sim.model.clocks import call_review
from sim.model.conditions import holds
from sim.model.hazards import EXECUTE_HAZARD, integrate_hazard
from sim.model.log import Log, record_event
from sim.model.record import Integers, Numbers, Part, f8, i4, i8
from sim.model.reputation import move_opinion
from sim.model.switches import ON_AID, ON_TRIGGERS
from sim.model.world import NEVER
from sim.scenario.catalogue import MAX_ACTORS, MAX_FLOWS, MAX_MOVES
from sim.scenario.events import THREAT_EXECUTED, THREAT_MET

if TYPE_CHECKING:
    from sim.model.layout import Params, State, Tables


class ThreatState(Part):
    """Which threats stand, and what came of them."""

    threat_from: NDArray[np.int32] = i4(MAX_ACTORS, unit="ticks")  # since when a threat stands, or NEVER
    cuts: Numbers = f8(MAX_FLOWS)  # executed


class ThreatParams(Part):
    """What moves threaten, and what an execution does."""

    pressure_on: Integers = i8(MAX_ACTORS, MAX_MOVES)
    pressure_flow: Integers = i8(MAX_ACTORS, MAX_MOVES)
    pressure_until: Integers = i8(MAX_ACTORS, MAX_MOVES)  # Tables: program; -1 none
    pressure_expects: Integers = i8(MAX_ACTORS, MAX_MOVES)
    pressure_gives_in: Numbers = f8(MAX_ACTORS, MAX_MOVES)  # probability, in the eyes of whoever threatens
    aid_cut: Numbers = f8(MAX_FLOWS, unit="USD bn per year")
    max_cuts: Numbers = f8(MAX_FLOWS)
    execute_rate: Numbers = f8(MAX_FLOWS, unit="per day")


@compiled
def threatens(state: State, actor: int) -> float:
    """Return 1 while a threat by an actor stands."""
    return 1.0 if state.threat_from[actor] != NEVER else 0.0


@compiled
def threat_acts(state: State, params: Params, tables: Tables, actor: int, move: int) -> bool:
    """Return whether a move threatens: its demand is not met, and there is something left to cut."""
    flow = params.pressure_flow[actor, move]
    if flow < 0 or params.on[ON_AID] == 0 or state.cuts[flow] >= params.max_cuts[flow]:
        return False
    return not holds(state, params, tables, params.pressure_until[actor, move])


@compiled
def threatens_alike(state: State, params: Params, tables: Tables, actor: int, one: int, other: int) -> bool:
    """Return whether two moves of an actor threaten alike, or not at all."""
    acts = threat_acts(state, params, tables, actor, one)
    if acts != threat_acts(state, params, tables, actor, other):
        return False
    return not acts or (
        params.pressure_on[actor, one] == params.pressure_on[actor, other]
        and params.pressure_flow[actor, one] == params.pressure_flow[actor, other]
        and params.pressure_until[actor, one] == params.pressure_until[actor, other]
    )


@compiled
def begin_threat(state: State, params: Params, tables: Tables, actor: int) -> None:
    """Let an actor that has just chosen a move threaten if that move does; one that threatens already goes on."""
    if state.threat_from[actor] == NEVER and threat_acts(state, params, tables, actor, state.standing[actor]):
        state.threat_from[actor] = state.tick


@compiled
def end_threats(state: State, params: Params, tables: Tables) -> None:
    """End the threats that are met, withdrawn, or have nothing left to cut."""
    for actor in range(params.actors):
        if state.threat_from[actor] != NEVER:
            if not threat_acts(state, params, tables, actor, state.standing[actor]):
                state.threat_from[actor] = NEVER


@compiled
def execution_rate(state: State, params: Params, actor: int) -> float:
    """Return the hazard per day that an actor's threat is executed."""
    if state.threat_from[actor] == NEVER:
        return 0.0
    return float(params.execute_rate[params.pressure_flow[actor, state.standing[actor]]])


@compiled
def execute(state: State, params: Params, actor: int, share: float) -> None:
    """Execute an actor's threat: cut the flow once (`share` 1), or its expectation on a mean path."""
    flow = params.pressure_flow[actor, state.standing[actor]]
    state.aid[flow] = max(state.aid[flow] - share * params.aid_cut[flow], 0.0)
    state.cuts[flow] += share
    move_opinion(state, params, actor, params.executed_threat * share)


@compiled
def expected_threats(state: State, params: Params, tables: Tables, days: float) -> None:
    """Execute the threats that stand by their probability over a step of the mean path."""
    for actor in range(params.actors):
        if state.threat_from[actor] != NEVER:
            execute(state, params, actor, 1.0 - exp(-execution_rate(state, params, actor) * days))
    end_threats(state, params, tables)


@compiled
def integrate_threats(state: State, params: Params, days: float) -> None:
    """Integrate the hazards that threats are executed in the step that starts now."""
    for actor in range(params.actors):
        rate = execution_rate(state, params, actor)
        integrate_hazard(state, EXECUTE_HAZARD + actor, state.threat_from[actor] != NEVER, rate, days)


@compiled
def execute_threats(state: State, params: Params, log: Log) -> None:
    """Let threats that fired take effect, which calls the threatened to decide."""
    for actor in range(params.actors):
        if state.hazard_fired[EXECUTE_HAZARD + actor] != 0:
            target = params.pressure_on[actor, state.standing[actor]]
            flow = params.pressure_flow[actor, state.standing[actor]]
            execute(state, params, actor, 1.0)
            record_event(log, state.tick, THREAT_EXECUTED, actor, flow, params.aid_cut[flow])
            if params.on[ON_TRIGGERS] != 0 and target >= 0:
                call_review(state, params, target, state.tick)


@compiled
def meet_threats(state: State, params: Params, tables: Tables, log: Log) -> None:
    """End the threats that a step has met, which calls whoever made them, or that have nothing left to cut."""
    for actor in range(params.actors):
        standing = state.standing[actor]
        if state.threat_from[actor] == NEVER or threat_acts(state, params, tables, actor, standing):
            continue
        state.threat_from[actor] = NEVER
        if holds(state, params, tables, params.pressure_until[actor, standing]):
            record_event(log, state.tick, THREAT_MET, actor, params.pressure_flow[actor, standing], 0.0)
            if params.on[ON_TRIGGERS] != 0:
                call_review(state, params, actor, state.tick)
