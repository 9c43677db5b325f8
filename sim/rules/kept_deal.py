"""The move that keeps the deal now: one for good, or the next of several, each until a condition holds."""

from __future__ import annotations

from sim.compiled import compiled
from sim.model.conditions import holds
from sim.model.layout import Params, State, Tables


@compiled
def keeping_move(state: State, params: Params, tables: Tables, actor: int) -> int:
    """Return the move that keeps the deal now: the first whose ``until`` does not hold, else the last; -1 for none."""
    steps = params.deal_steps[actor]
    for step in range(steps):
        until = params.deal_until[actor, step]
        if until < 0 or step == steps - 1 or not holds(state, params, tables, until):
            return int(params.deal_move[actor, step])
    return -1
