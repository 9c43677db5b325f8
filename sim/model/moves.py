"""What happens at once when an actor's standing move changes.

The same function serves the world that is played and the mean paths on which moves are valued, so an actor foresees
exactly the one-off costs and opinions that a change brings.
"""

from __future__ import annotations

from typing import Final

from sim.compiled import compiled
from sim.model.conditions import holds
from sim.model.dispute import disputed_by
from sim.model.layout import BROKEN, KEPT, NEVER, ON_AUDIENCE_COSTS, ON_REPUTATION, UNSEEN, Params, State, Tables
from sim.model.levers import read_moves
from sim.model.pressure import update_threat
from sim.model.reading import read_world
from sim.model.releases import start_release
from sim.model.reputation import move_opinion
from sim.random.causes import PLEDGE
from sim.random.stream import uniform

LEGAL: Final = 0
GUARDED: Final = 1  # what the move's condition needs does not hold
IN_DISPUTE: Final = 2  # the actor disputes who was freed, which blocks the move
COOLING: Final = 3  # the actor left the move too recently


@compiled
def legality(state: State, params: Params, tables: Tables, actor: int, move: int) -> int:
    """Return whether an actor may choose a move at an epoch now: `LEGAL`, or the first reason why not."""
    if not holds(state, params, tables, params.guard[actor, move]):
        return GUARDED
    if params.blocked_by_dispute[actor, move] != 0 and disputed_by(state, params, actor):
        return IN_DISPUTE
    waited = state.tick - state.left[actor, move]
    if move != state.standing[actor] and waited < params.cooldown[actor, move]:
        return COOLING
    return LEGAL


@compiled
def enter_move(state: State, params: Params, tables: Tables, actor: int, move: int, foresees: bool) -> float:
    """Let a move stand from now on and return what the change costs the actor at once, in util.

    Parameters
    ----------
    state, params, tables : State, Params, Tables
        The world; changed.
    actor, move : int
        Who changes, to what. The move that stands already costs nothing.
    foresees : bool
        Whether costs of what follows are taken now (on a mean path), or when it happens: of releasing before talks with
        the first release, of a broken pledge when it is seen.

    Returns
    -------
    float
        Sum of the move's own cost and of audience costs; at least 0 for the costs of the shipped scenarios.
    """
    before = state.standing[actor]
    cost = 0.0
    audience = params.on[ON_AUDIENCE_COSTS] != 0
    group = params.release_group[actor, move]
    if move != before:
        cost += params.move_cost[actor, move]
        state.left[actor, before] = state.tick
        state.since[actor] = state.tick
        state.standing[actor] = move
        read_moves(state, params)
        if group >= 0 and params.release_group[actor, before] < 0 and state.refusal_reversed[actor] == 0:
            state.refusal_reversed[actor] = 1
            if audience:
                cost += params.reverses_refusal[actor]
            if params.on[ON_REPUTATION] != 0:
                state.trust[params.claimant[group], actor] += params.reversed_refusal
        if foresees:
            cost += update_pledges(state, params, tables, actor, True)
    if group >= 0:
        start_release(state, params, group)
        if foresees and state.released_once[actor] == 0:
            cost += release_before_talks(state, params, actor)
    for other in range(params.actors):
        update_threat(state, params, tables, other)
    read_world(state, params)
    return cost


@compiled
def release_before_talks(state: State, params: Params, actor: int) -> float:
    """Note an actor's first release and return what it costs while talks are closed."""
    state.released_once[actor] = 1
    if params.on[ON_AUDIENCE_COSTS] == 0:
        return 0.0
    return params.releases_before_talks[actor] * (1.0 - state.talks)


@compiled
def seen_share(params: Params, actor: int) -> float:
    """Return the probability that what an actor does is laid at its door: that of its attacks, 1 without any force."""
    first = params.attributed_force[actor]
    return params.attribution[actor, first] if first >= 0 else 1.0


@compiled
def update_pledges(state: State, params: Params, tables: Tables, actor: int, foresees: bool) -> float:
    """Note which of an actor's pledges are broken; one newly broken and seen costs opinion and support.

    Parameters
    ----------
    state, params, tables : State, Params, Tables
        The world; changed.
    actor : int
        Who gave the pledges.
    foresees : bool
        Whether the break counts by the probability that it is seen (on a mean path), or that is drawn.

    Returns
    -------
    float
        Cost to the actor, in util.
    """
    cost = 0.0
    for pledge in range(params.pledges):
        if params.pledge_by[pledge] != actor:
            continue
        if holds(state, params, tables, params.pledge_while[pledge]):
            state.pledge_broken[pledge] = KEPT
        elif state.pledge_broken[pledge] == KEPT:
            share = seen_share(params, actor)
            if not foresees:
                luck = uniform(state.seed, state.replication, PLEDGE, pledge, state.tick, 0)
                share = 1.0 if luck < share else 0.0
            state.pledge_broken[pledge] = BROKEN if share > 0.0 else UNSEEN
            move_opinion(state, params, actor, params.broken_pledge * share)
            if params.on[ON_AUDIENCE_COSTS] != 0:
                cost += params.breaks_pledge[actor] * share
    return cost


@compiled
def broken_pledges(state: State, params: Params) -> int:
    """Return how many pledges stand broken for all to see."""
    broken = 0
    for pledge in range(params.pledges):
        broken += 1 if state.pledge_broken[pledge] == BROKEN else 0
    return broken


@compiled
def expect_answers(state: State, params: Params, tables: Tables, actor: int) -> None:
    """Let the others answer an actor's standing move as the scenario says the actor assumes.

    The target of an open threat gives in as the threat ``expects``; who a move ``expects`` to answer does so if its own
    move is legal then.
    """
    move = state.standing[actor]
    target = params.pressure_on[actor, move]
    if target >= 0 and state.threat_from[actor] != NEVER and params.pressure_expects[actor, move] >= 0:
        enter_move(state, params, tables, target, params.pressure_expects[actor, move], True)
    for other in range(params.actors):
        answer = params.expects[actor, move, other]
        if answer >= 0 and legality(state, params, tables, other, answer) == LEGAL:
            enter_move(state, params, tables, other, answer, True)
