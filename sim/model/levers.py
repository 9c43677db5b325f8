"""What the standing moves of the actors mean for the world.

A *move* is a named bundle of lever settings; one stands for each actor until its next epoch. These functions read the
settings of the moves that stand: how violent a force is, whether an actor attacks, releases, pauses or threatens. What
several rules need on every step lies in State, set by `read_moves` whenever a move changes.
"""

from __future__ import annotations

from sim.compiled import compiled
from sim.model.layout import INSURGENT, NEVER, Params, State


@compiled
def read_moves(state: State, params: Params) -> None:
    """Set `posture`, `violence_of`, `surge`, `offence` and `sitting` from the moves that stand.

    They stay as they are along a mean path, so they are read once a move and not once a step.
    """
    for actor in range(params.actors):
        state.violence_of[actor] = 0.0
    for force in range(params.forces):
        owner = params.owner[force]
        posture = 1.0
        if owner >= 0:
            posture = params.violence_level[owner, state.standing[owner], force]
            if params.kind[force] == INSURGENT and posture > state.violence_of[owner]:
                state.violence_of[owner] = posture
        state.posture[force] = posture
    state.surge = 0.0
    state.offence = 0.0
    state.sitting = 1.0
    for actor in range(params.actors):
        if params.challenger[actor] != 0 and surging(state, actor) > 0.0:
            state.surge = 1.0
        if params.incumbent[actor] != 0 and on_offence(state, params, actor) > 0.0:
            state.offence = 1.0
        if params.party[actor] != 0:
            state.sitting *= params.participation[actor, state.standing[actor]]


@compiled
def violence_factor(state: State, force: int) -> float:
    """Return the multiplier on a force's attack rate: its posture, less the arms it has put beyond use."""
    return state.posture[force] * (1.0 - state.disarmed[force])


@compiled
def holding_fire(state: State, params: Params, actor: int) -> float:
    """Return 1 while an actor's violence stands at or under the pledged share of the reference."""
    return 1.0 if state.violence_of[actor] <= params.pledge else 0.0


@compiled
def surging(state: State, actor: int) -> float:
    """Return 1 while an actor's violence stands above its baseline."""
    return 1.0 if state.violence_of[actor] > 1.0 else 0.0


@compiled
def on_offence(state: State, params: Params, actor: int) -> float:
    """Return 1 while an actor's standing move puts its regular forces on offence."""
    return 1.0 if params.offence[actor, state.standing[actor]] != 0 else 0.0


@compiled
def pausing(state: State, params: Params, actor: int) -> float:
    """Return 1 while an actor holds back a withdrawal that is due: its pace is 0 and troops are left."""
    if params.pace[actor, state.standing[actor]] > 0.0:
        return 0.0
    for force in range(params.foreign):
        if params.foreign_owner[force] == actor and state.troops[force] > 0.0 and params.steps[force] > 0:
            return 1.0
    return 0.0


@compiled
def any_guarantor_pausing(state: State, params: Params) -> float:
    """Return 1 while any guarantor pauses."""
    for actor in range(params.actors):
        if params.guarantor[actor] != 0 and pausing(state, params, actor) > 0.0:
            return 1.0
    return 0.0


@compiled
def releasing(state: State, params: Params, group: int) -> float:
    """Return 1 while the standing move of a group's holder frees captives of it."""
    holder = params.holder[group]
    return 1.0 if params.release_group[holder, state.standing[holder]] == group else 0.0


@compiled
def refuses_talks(state: State, params: Params, actor: int) -> bool:
    """Return whether an actor's standing move refuses talks."""
    return params.participation[actor, state.standing[actor]] <= 0.0


@compiled
def single_team(state: State, params: Params, office: int) -> bool:
    """Return whether the holder of an office sends a single team to the talks."""
    actor = params.office_actor[office]
    return params.single_team[actor, state.standing[actor]] != 0


@compiled
def offers(state: State, params: Params, office: int) -> bool:
    """Return whether the holder of an office offers its rival a share."""
    actor = params.office_actor[office]
    return params.offer[actor, state.standing[actor]] != 0


@compiled
def threatens(state: State, actor: int) -> float:
    """Return 1 while a threat by an actor stands."""
    return 1.0 if state.threat_from[actor] != NEVER else 0.0
