"""Disputes over who was freed: they open while many releases are uncounted, and end after a while.

An open dispute blocks talks, and moves that a scenario marks ``blocked_by_dispute``.
"""

from __future__ import annotations

from sim.compiled import compiled
from sim.model.layout import ON_DISPUTES, Params, State


@compiled
def dispute_rate(state: State, params: Params, group: int) -> float:
    """Return the hazard per day that a dispute opens, while none is open."""
    if params.on[ON_DISPUTES] == 0 or state.freed[group] - state.counted[group] <= params.dispute_over[group]:
        return 0.0
    return params.dispute_opens[group]


@compiled
def agreement_rate(params: Params, group: int) -> float:
    """Return the hazard per day that an open dispute ends."""
    return params.dispute_ends[group]


@compiled
def disputed_by(state: State, params: Params, actor: int) -> bool:
    """Return whether an actor disputes a release of captives it claims."""
    if params.on[ON_DISPUTES] == 0:
        return False
    for group in range(params.groups):
        if params.claimant[group] == actor and state.dispute[group] >= 0.5:
            return True
    return False
