"""Who breaks the deal, read off public state: what reciprocal rules respond to.

Two actors face each other if one is a challenger and the other is not; without declared challengers everybody faces
everybody. In the eyes of those who face it, an actor is *in breach* while one of these holds:

- a pledge of its own stands broken;
- an insurgent force of its own is more violent than the pledge of the scenario's reputation allows, or its regular
  forces are on offence;
- it holds back a withdrawal that is due;
- it freed captives of a group at the observer's last epoch, frees none now, and the promise is not fulfilled yet.

The last needs memory: one number an actor, 1 if it was releasing when last looked at.
"""

from __future__ import annotations

from sim.compiled import compiled
from sim.model.capacity import on_offence
from sim.model.layout import Params, State
from sim.model.pledges import BROKEN
from sim.model.releases import releasing
from sim.model.violence import holding_fire
from sim.model.withdrawal import pausing


@compiled
def opposed(params: Params, one: int, other: int) -> bool:
    """Return whether two actors face each other."""
    challengers = 0
    for actor in range(params.actors):
        challengers += params.challenger[actor]
    if challengers == 0:
        return one != other
    return bool(params.challenger[one] != params.challenger[other])


@compiled
def releases_now(state: State, params: Params, actor: int) -> bool:
    """Return whether an actor's standing move frees captives of any group that it holds."""
    for group in range(params.groups):
        if params.holder[group] == actor and releasing(state, params, group) > 0.0:
            return True
    return False


@compiled
def owes_captives(state: State, params: Params, actor: int) -> bool:
    """Return whether an actor holds a group of which fewer count as freed than it promised."""
    for group in range(params.groups):
        if params.holder[group] == actor and state.counted[group] < params.promised[group]:
            return True
    return False


@compiled
def in_breach(state: State, params: Params, actor: int, was_releasing: bool) -> bool:
    """Return whether an actor breaks the deal now.

    Parameters
    ----------
    state, params : State, Params
        The world; not changed.
    actor : int
        Who is looked at.
    was_releasing : bool
        Whether it freed captives when it was last looked at.
    """
    for pledge in range(params.pledges):
        if params.pledge_by[pledge] == actor and state.pledge_broken[pledge] == BROKEN:
            return True
    if holding_fire(state, params, actor, -1) == 0.0 or on_offence(state, params, actor) > 0.0:
        return True
    if pausing(state, params, actor) > 0.0:
        return True
    return was_releasing and not releases_now(state, params, actor) and owes_captives(state, params, actor)


@compiled
def any_breach(state: State, params: Params, observer: int, first: int) -> bool:
    """Return whether anybody who faces an observer is in breach, and note who releases now in the observer's memory.

    Parameters
    ----------
    state, params : State, Params
        The world; of it only ``memory[observer, first + actor]`` is changed.
    observer : int
        Who looks.
    first : int
        Place in the observer's memory of the note about actor 0.
    """
    breach_found = False
    for actor in range(params.actors):
        if not opposed(params, observer, actor):
            continue
        if in_breach(state, params, actor, state.memory[observer, first + actor] > 0.0):
            breach_found = True
        state.memory[observer, first + actor] = 1.0 if releases_now(state, params, actor) else 0.0
    return breach_found
