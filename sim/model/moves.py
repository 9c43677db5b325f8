"""Moves: which may be chosen, which do the same, and what happens at once when the one that stands changes.

A *move* is a named bundle of lever settings; one stands for each actor until its next epoch. The same function lets a
move stand in the world that is played and on the mean paths on which moves are valued, so an actor foresees exactly the
one-off costs and opinions that a change brings.

A lever acts while there is something for it to act on. Moves that differ only in levers that do not act do the same,
and are one choice: two names for one course of action would double its probability (Debreu 1960; McFadden 1974). What
stands is chosen for all that do the same as it, else the first in the file. A threat can be made only while its demand
is not met.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from sim.compiled import compiled
from sim.model.actors import profile_of
from sim.model.aid import pays_aid
from sim.model.capacity import read_offence
from sim.model.captives import release_before_talks, releases_alike
from sim.model.columns import ILLEGAL
from sim.model.conditions import holds
from sim.model.disputes import disputed_by
from sim.model.forces import REGULAR
from sim.model.offices import office_is_split
from sim.model.pledges import update_pledges
from sim.model.reading import read_world
from sim.model.record import Integers, Numbers, Part, f8, i1, i4, i8
from sim.model.releases import start_release
from sim.model.stocks import counts_alike
from sim.model.switches import ON_AUDIENCE_COSTS, ON_REPUTATION
from sim.model.talks import read_sitting
from sim.model.threats import begin_threat, end_threats, threat_acts, threatens_alike
from sim.model.violence import read_postures
from sim.model.withdrawal import troops_present
from sim.model.world import NEVER
from sim.scenario.catalogue import MAX_ACTORS, MAX_MOVES, MAX_PROFILES

if TYPE_CHECKING:
    from sim.model.layout import Params, State, Tables


class MoveState(Part):
    """What was done before."""

    left: NDArray[np.int32] = i4(MAX_ACTORS, MAX_MOVES, unit="ticks")  # when each move was last left, for cooldowns
    refusal_reversed: NDArray[np.int8] = i1(MAX_ACTORS)  # 1 once a refusal to release was given up


class MoveParams(Part):
    """When moves are legal, what changing to them costs, and what is expected in answer."""

    guard: Integers = i8(MAX_ACTORS, MAX_MOVES)  # Tables: program; -1 none
    cooldown: Integers = i8(MAX_ACTORS, MAX_MOVES, unit="ticks")
    move_cost: Numbers = f8(MAX_ACTORS, MAX_MOVES, unit="util")
    move_key: Integers = i8(MAX_ACTORS, MAX_MOVES)  # address of the move's luck, whatever its place
    changes_course: Numbers = f8(MAX_PROFILES, unit="util")
    expects: Integers = i8(MAX_ACTORS, MAX_MOVES, MAX_ACTORS)  # the move each other is expected to answer with; -1 none
    reverses_refusal: Numbers = f8(MAX_PROFILES, unit="util")


@compiled
def read_moves(state: State, params: Params) -> None:
    """Set what mechanisms read off the moves that stand.

    It stays as it is along a mean path, so it is read once a move and not once a step.
    """
    read_postures(state, params)
    read_offence(state, params)
    read_sitting(state, params)


LEGAL: Final = 0
GUARDED: Final = 1  # what the move's condition needs does not hold
IN_DISPUTE: Final = 2  # the actor disputes who was freed, which blocks the move
COOLING: Final = 3  # the actor left the move too recently
DEMAND_MET: Final = 4  # its threat has nothing to demand, or nothing left to cut


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
    if params.pressure_flow[actor, move] >= 0 and not threat_acts(state, params, tables, actor, move):
        return DEMAND_MET
    return LEGAL


@compiled
def do_the_same(state: State, params: Params, tables: Tables, actor: int, one: int, other: int) -> bool:
    """Return whether two moves of an actor differ in no lever that acts now, and expect the same answers."""
    for answerer in range(params.actors):
        if params.expects[actor, one, answerer] != params.expects[actor, other, answerer]:
            return False
    for group in range(params.groups):
        if params.holder[group] == actor and not releases_alike(state, params, actor, group, one, other):
            return False
    if not counts_alike(state, params, actor, one, other):
        return False
    for force in range(params.forces):
        if params.owner[force] == actor and state.strength[force] > 0.0:
            for stream in range(params.first_stream[force], params.first_stream[force + 1]):
                if params.violence_level[actor, one, stream] != params.violence_level[actor, other, stream]:
                    return False
            if params.kind[force] == REGULAR and params.offence[actor, one] != params.offence[actor, other]:
                return False
    if params.party[actor] != 0 and params.participation[actor, one] != params.participation[actor, other]:
        return False
    if troops_present(state, params, actor):
        if params.pace[actor, one] != params.pace[actor, other]:
            return False
        if params.support[actor, one] != params.support[actor, other]:
            return False
    if params.aid_paid[actor, one] != params.aid_paid[actor, other] and pays_aid(state, params, actor):
        return False
    if office_is_split(state, params, actor) and (
        params.offer[actor, one] != params.offer[actor, other]
        or params.single_team[actor, one] != params.single_team[actor, other]
    ):
        return False
    return threatens_alike(state, params, tables, actor, one, other)


@compiled
def stands_for(state: State, params: Params, tables: Tables, actor: int, move: int, values: Numbers) -> int:
    """Return the move that is chosen for a legal one: what stands if it does the same, else the first that does.

    Parameters
    ----------
    state, params, tables : State, Params, Tables
        The world; not changed.
    actor, move : int
        Rows.
    values : ndarray, shape (MAX_MOVES,)
        `ILLEGAL` for moves that cannot be chosen.
    """
    standing = state.standing[actor]
    if move == standing:
        return move
    for place in range(-1, move):
        other = standing if place < 0 else place
        if values[other] != ILLEGAL and do_the_same(state, params, tables, actor, other, move):
            return other
    return move


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
        if audience:
            cost += params.changes_course[profile_of(state, actor)]
        state.left[actor, before] = state.tick
        state.since[actor] = state.tick
        state.standing[actor] = move
        read_moves(state, params)
        if group >= 0 and params.release_group[actor, before] < 0 and state.refusal_reversed[actor] == 0:
            state.refusal_reversed[actor] = 1
            if audience:
                cost += params.reverses_refusal[profile_of(state, actor)]
            if params.on[ON_REPUTATION] != 0:
                state.trust[params.claimant[group], actor] += params.reversed_refusal
        if foresees:
            cost += update_pledges(state, params, tables, actor, True)
    for programme in range(params.groups):
        if params.holder[programme] == actor:
            start_release(state, params, programme)
    if group >= 0 and foresees and state.released_once[actor] == 0:
        cost += release_before_talks(state, params, actor)
    begin_threat(state, params, tables, actor)
    end_threats(state, params, tables)
    read_world(state, params)
    return cost


@compiled
def expect_answers(state: State, params: Params, tables: Tables, actor: int, gives_in: bool) -> None:
    """Let the others answer an actor's standing move as the scenario says the actor assumes.

    The target of an open threat gives in as the threat ``expects``, if `gives_in`; who a move ``expects`` to answer
    does so if its own move is legal then.
    """
    move = state.standing[actor]
    target = params.pressure_on[actor, move]
    if gives_in and target >= 0 and state.threat_from[actor] != NEVER and params.pressure_expects[actor, move] >= 0:
        enter_move(state, params, tables, target, params.pressure_expects[actor, move], True)
    for other in range(params.actors):
        answer = params.expects[actor, move, other]
        if answer >= 0 and legality(state, params, tables, other, answer) == LEGAL:
            enter_move(state, params, tables, other, answer, True)
