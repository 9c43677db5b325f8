"""Arms put beyond use (decommissioning): a force's standing move takes a share of them out of the contest each day."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.compiled import compiled
from sim.model.record import Integers, Numbers, Part, f8, i8
from sim.scenario.catalogue import MAX_ACTORS, MAX_FORCES, MAX_MOVES

if TYPE_CHECKING:
    from sim.model.layout import Params, State


class DisarmamentState(Part):
    """Arms beyond use."""

    disarmed: Numbers = f8(MAX_FORCES)  # share of a force's arms


class DisarmamentParams(Part):
    """What moves say of arms."""

    disarm_force: Integers = i8(MAX_ACTORS, MAX_MOVES)
    disarm_per_day: Numbers = f8(MAX_ACTORS, MAX_MOVES, unit="per day")


@compiled
def disarm(state: State, params: Params, days: float) -> None:
    """Let actors put arms beyond use for some days, as their standing moves say."""
    for actor in range(params.actors):
        force = params.disarm_force[actor, state.standing[actor]]
        if force >= 0:
            more = state.disarmed[force] + params.disarm_per_day[actor, state.standing[actor]] * days
            state.disarmed[force] = min(more, 1.0)
