"""Milestones: conditions of a scenario whose first day is noted."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sim.compiled import compiled
from sim.model.conditions import holds
from sim.model.log import Log, record_event
from sim.model.record import Integers, Part, i4, i8
from sim.model.world import NEVER
from sim.scenario.catalogue import MAX_MILESTONES
from sim.scenario.events import MILESTONE

if TYPE_CHECKING:
    from sim.model.layout import Params, State, Tables


class MilestoneState(Part):
    """When each was reached."""

    milestone: NDArray[np.int32] = i4(MAX_MILESTONES, unit="ticks")  # NEVER until then


class MilestoneParams(Part):
    """What is to be reached."""

    milestones: int = i8()
    milestone_when: Integers = i8(MAX_MILESTONES)  # Tables: program


@compiled
def note_milestones(state: State, params: Params, tables: Tables, log: Log) -> None:
    """Note milestones that are reached."""
    for milestone in range(params.milestones):
        if state.milestone[milestone] == NEVER and holds(state, params, tables, params.milestone_when[milestone]):
            state.milestone[milestone] = state.tick
            record_event(log, state.tick, MILESTONE, milestone, -1, 0.0)
