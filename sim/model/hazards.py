"""Competing hazards: one unit exponential for each hazard, entity and entry into the state that it can end.

The event happens in the step in which the integrated hazard crosses the exponential. A hazard that two scenarios share
therefore fires on the same luck, and a changed rate moves its date smoothly (Glasserman and Yao 1992 on why this
coupling is the one that lowers variance). All hazards are integrated at the start of a step; what fired is noted, and
takes effect at its end.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from sim.compiled import compiled
from sim.model.record import Numbers, Part, f8, i1
from sim.random.causes import HAZARD
from sim.random.exponential import exponential
from sim.random.stream import uniform
from sim.scenario.catalogue import MAX_ACTORS, MAX_GROUPS, MAX_OFFICES, MAX_OUTCOMES

if TYPE_CHECKING:
    from sim.model.layout import State

# Numbers up to OUTCOME_HAZARD are addresses of luck: they are never given to another hazard. 2 to 5 are gone.
TALKS_HAZARD: Final = 0
BREAKDOWN_HAZARD: Final = 1
DISPUTE_HAZARD: Final = 6
AGREE_HAZARD: Final = DISPUTE_HAZARD + MAX_GROUPS
RESOLVE_HAZARD: Final = AGREE_HAZARD + MAX_GROUPS
EXECUTE_HAZARD: Final = RESOLVE_HAZARD + MAX_OFFICES
OUTCOME_HAZARD: Final = EXECUTE_HAZARD + MAX_ACTORS  # places; the luck of an outcome is addressed by its name
HAZARDS: Final = OUTCOME_HAZARD + MAX_OUTCOMES


class HazardState(Part):
    """How far each hazard is used up."""

    hazard_used: Numbers = f8(HAZARDS)  # integrated since entry
    hazard_limit: Numbers = f8(HAZARDS)  # unit exponential; 0 while not entered
    hazard_fired: NDArray[np.int8] = i1(HAZARDS)  # 1 from the start of the step in which it fires to its end


@compiled
def integrate_hazard(state: State, hazard: int, at_risk: bool, rate: float, days: float) -> None:
    """Integrate a hazard over the step that starts now and note whether it fires in it.

    Parameters
    ----------
    state : State
        The hazard's exponential is drawn on entry and forgotten when it fires or its state is left.
    hazard : int
        Its number, which is the address of its luck.
    at_risk : bool
        Whether the state that it can end holds.
    rate : float
        Per day.
    days : float
        Length of the step.
    """
    integrate_hazard_at(state, hazard, HAZARD, hazard, at_risk, rate, days)


@compiled
def integrate_hazard_at(
    state: State, hazard: int, cause: int, luck_of: int, at_risk: bool, rate: float, days: float
) -> None:
    """Do what `integrate_hazard` does for a hazard whose luck is addressed by a cause and a key of its own."""
    state.hazard_fired[hazard] = 0
    if not at_risk:
        state.hazard_limit[hazard] = 0.0
        return
    if state.hazard_limit[hazard] == 0.0:
        luck = uniform(state.seed, state.replication, cause, luck_of, state.tick, 0)
        state.hazard_limit[hazard] = exponential(luck, 1.0)
        state.hazard_used[hazard] = 0.0
    state.hazard_used[hazard] += rate * days
    if state.hazard_used[hazard] >= state.hazard_limit[hazard]:
        state.hazard_limit[hazard] = 0.0
        state.hazard_fired[hazard] = 1
