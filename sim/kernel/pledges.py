"""Pledges that are broken: who sees it, what it costs, and whom it calls to review."""

from __future__ import annotations

from typing import Any

from sim.compiled import compiled
from sim.kernel.clock_times import call_review
from sim.kernel.ledger import pay
from sim.kernel.log import PLEDGE_BROKEN, record_event
from sim.model.layout import ON_TRIGGERS, Params, State, Tables
from sim.model.moves import broken_pledges, update_pledges
from sim.model.payoff import discount_factor
from sim.rules.columns import AT_ONCE


@compiled
def note_pledges(state: State, params: Params, tables: Tables, actor: int, log: Any, ledger: Any) -> float:
    """Note which pledges an actor breaks now and let what follows follow; return the cost, not discounted, in util."""
    before = broken_pledges(state, params)
    cost = update_pledges(state, params, tables, actor, False)
    if broken_pledges(state, params) > before:
        pay(state, actor, AT_ONCE, -cost * discount_factor(params, actor, state.tick * params.dt), ledger)
        record_event(log, state.tick, PLEDGE_BROKEN, actor, state.standing[actor], 0.0)
        if params.on[ON_TRIGGERS] != 0:
            for other in range(params.actors):
                if other != actor:
                    call_review(state, params, other, state.tick)
    return cost
