"""Waypoints: conditions of a scenario whose first day is noted."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sim.compiled import compiled
from sim.model.conditions import holds
from sim.model.log import Log, record_event
from sim.model.record import Integers, Part, i4, i8
from sim.model.world import NEVER
from sim.scenario.catalogue import MAX_WAYPOINTS
from sim.scenario.events import WAYPOINT

if TYPE_CHECKING:
    from sim.model.layout import Params, State, Tables


class WaypointState(Part):
    """When each was reached."""

    waypoint: NDArray[np.int32] = i4(MAX_WAYPOINTS, unit="ticks")  # NEVER until then


class WaypointParams(Part):
    """What is to be reached."""

    waypoints: int = i8()
    waypoint_when: Integers = i8(MAX_WAYPOINTS)  # Tables: program


@compiled
def note_waypoints(state: State, params: Params, tables: Tables, log: Log) -> None:
    """Note waypoints that are reached."""
    for waypoint in range(params.waypoints):
        if state.waypoint[waypoint] == NEVER and holds(state, params, tables, params.waypoint_when[waypoint]):
            state.waypoint[waypoint] = state.tick
            record_event(log, state.tick, WAYPOINT, waypoint, -1, 0.0)
