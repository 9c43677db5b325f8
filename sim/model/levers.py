"""What the standing moves of the actors mean for the world.

A *move* is a named bundle of lever settings; one stands for each actor until its next epoch. These functions read the
settings of the moves that stand: how violent a force is, whether an actor attacks, releases, pauses or threatens.
"""

from __future__ import annotations

from sim.compiled import compiled
from sim.model.layout import INSURGENT, NEVER, Params, State


@compiled
def violence_factor(state: State, params: Params, force: int) -> float:
    """Return the multiplier on a force's attack rate: its posture, less the arms it has put beyond use."""
    owner = params.owner[force]
    if owner < 0:
        return 1.0
    return params.violence_level[owner, state.standing[owner], force] * (1.0 - state.disarmed[force])


@compiled
def actor_violence(state: State, params: Params, actor: int) -> float:
    """Return the highest posture multiplier among an actor's insurgent forces; 0 if it has none."""
    highest = 0.0
    for force in range(params.forces):
        if params.kind[force] == INSURGENT and params.owner[force] == actor:
            highest = max(highest, params.violence_level[actor, state.standing[actor], force])
    return highest


@compiled
def holding_fire(state: State, params: Params, actor: int) -> float:
    """Return 1 while an actor's violence stands at or under the pledged share of the reference."""
    return 1.0 if actor_violence(state, params, actor) <= params.pledge else 0.0


@compiled
def surging(state: State, params: Params, actor: int) -> float:
    """Return 1 while an actor's violence stands above its baseline."""
    return 1.0 if actor_violence(state, params, actor) > 1.0 else 0.0


@compiled
def on_offence(state: State, params: Params, actor: int) -> float:
    """Return 1 while an actor's standing move puts its regular forces on offence."""
    return 1.0 if params.offence[actor, state.standing[actor]] != 0 else 0.0


@compiled
def any_incumbent_on_offence(state: State, params: Params) -> float:
    """Return 1 while any incumbent attacks."""
    for actor in range(params.actors):
        if params.incumbent[actor] != 0 and on_offence(state, params, actor) > 0.0:
            return 1.0
    return 0.0


@compiled
def any_challenger_surging(state: State, params: Params) -> float:
    """Return 1 while any challenger surges."""
    for actor in range(params.actors):
        if params.challenger[actor] != 0 and surging(state, params, actor) > 0.0:
            return 1.0
    return 0.0


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
def releases(params: Params, actor: int, move: int) -> int:
    """Return the group that a move of an actor frees captives of, or -1."""
    return params.release_group[actor, move]


@compiled
def releasing(state: State, params: Params, group: int) -> float:
    """Return 1 while the standing move of a group's holder frees captives of it."""
    holder = params.holder[group]
    return 1.0 if params.release_group[holder, state.standing[holder]] == group else 0.0


@compiled
def participation(state: State, params: Params) -> float:
    """Return the product over the parties of refuse 0, technical contacts, sit 1."""
    product = 1.0
    for actor in range(params.actors):
        if params.party[actor] != 0:
            product *= params.participation[actor, state.standing[actor]]
    return product


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
