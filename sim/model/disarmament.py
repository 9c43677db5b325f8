"""Arms put beyond use (decommissioning): a force's standing move takes a share of them out of the contest each day."""

from __future__ import annotations

from sim.compiled import compiled
from sim.model.layout import Params, State


@compiled
def disarm(state: State, params: Params, days: float) -> None:
    """Let actors put arms beyond use for some days, as their standing moves say."""
    for actor in range(params.actors):
        force = params.disarm_force[actor, state.standing[actor]]
        if force >= 0:
            more = state.disarmed[force] + params.disarm_per_day[actor, state.standing[actor]] * days
            state.disarmed[force] = min(more, 1.0)
