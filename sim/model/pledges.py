"""Pledges: conditions that an actor promised to keep; who sees one broken, what it costs, whom it calls to review."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from sim.compiled import compiled
from sim.model.actors import profile_of
from sim.model.clocks import call_review
from sim.model.columns import AT_ONCE
from sim.model.conditions import holds
from sim.model.ledger import pay
from sim.model.log import Log, record_event
from sim.model.payoffs import discount_factor
from sim.model.record import Integers, Numbers, Part, f8, i1, i8
from sim.model.reputation import move_opinion
from sim.model.switches import ON_AUDIENCE_COSTS, ON_TRIGGERS
from sim.random.causes import PLEDGE
from sim.random.stream import uniform
from sim.scenario.catalogue import MAX_PROFILES, MAX_PROMISES, MAX_STREAMS
from sim.scenario.events import PLEDGE_BROKEN

if TYPE_CHECKING:
    from sim.model.layout import Params, State, Tables

KEPT: Final = 0
BROKEN: Final = 1
UNSEEN: Final = 2  # broken, and nobody can pin it on the giver


class PledgeState(Part):
    """How each pledge stands."""

    pledge_broken: NDArray[np.int8] = i1(MAX_PROMISES)  # KEPT, BROKEN or UNSEEN


class PledgeParams(Part):
    """Who promised what."""

    pledges: int = i8()
    pledge_by: Integers = i8(MAX_PROMISES)
    pledge_while: Integers = i8(MAX_PROMISES)  # Tables: program
    breaks_pledge: Numbers = f8(MAX_PROFILES, unit="util")
    pledge_names: Integers = i8(MAX_PROMISES, MAX_STREAMS)  # 1 for the streams whose target it names
    pledge_seen: Numbers = f8(MAX_PROMISES)  # probability that a break is laid at the giver's door


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
            share = params.pledge_seen[pledge]
            if not foresees:
                luck = uniform(state.seed, state.replication, PLEDGE, pledge, state.tick, 0)
                share = 1.0 if luck < share else 0.0
            state.pledge_broken[pledge] = BROKEN if share > 0.0 else UNSEEN
            move_opinion(state, params, actor, params.broken_pledge * share)
            if params.on[ON_AUDIENCE_COSTS] != 0:
                cost += params.breaks_pledge[profile_of(state, actor)] * share
    return cost


@compiled
def broken_pledges(state: State, params: Params) -> int:
    """Return how many pledges stand broken for all to see."""
    broken = 0
    for pledge in range(params.pledges):
        broken += 1 if state.pledge_broken[pledge] == BROKEN else 0
    return broken


@compiled
def note_pledges(state: State, params: Params, tables: Tables, actor: int, log: Log, ledger: Numbers) -> float:
    """Note which pledges an actor breaks now and let what follows follow; return the cost, not discounted, in util."""
    before = broken_pledges(state, params)
    cost = update_pledges(state, params, tables, actor, False)
    if broken_pledges(state, params) > before:
        pay(state, actor, AT_ONCE, -cost * discount_factor(state, params, actor), ledger)
        record_event(log, state.tick, PLEDGE_BROKEN, actor, state.standing[actor], 0.0)
        if params.on[ON_TRIGGERS] != 0:
            for other in range(params.actors):
                if other != actor:
                    call_review(state, params, other, state.tick)
    return cost
