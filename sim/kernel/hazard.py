"""Competing hazards: one unit exponential for each hazard, entity and entry into the state that it can end.

The event happens in the step in which the integrated hazard crosses the exponential. A hazard that two scenarios share
therefore fires on the same luck, and a changed rate moves its date smoothly (Glasserman and Yao 1992 on why this
coupling is the one that lowers variance).
"""

from __future__ import annotations

from sim.compiled import compiled
from sim.model.layout import State
from sim.random.causes import HAZARD
from sim.random.exponential import exponential
from sim.random.stream import uniform


@compiled
def fires(state: State, hazard: int, at_risk: bool, rate: float, days: float) -> bool:
    """Integrate a hazard over a step and return whether it fires in it.

    Parameters
    ----------
    state : State
        The hazard's exponential is drawn on entry and forgotten when it fires or its state is left.
    hazard : int
        Number in `sim.model.layout`.
    at_risk : bool
        Whether the state that it can end holds.
    rate : float
        Per day.
    days : float
        Length of the step.
    """
    if not at_risk:
        state.hazard_limit[hazard] = 0.0
        return False
    if state.hazard_limit[hazard] == 0.0:
        luck = uniform(state.seed, state.replication, HAZARD, hazard, state.tick, 0)
        state.hazard_limit[hazard] = exponential(luck, 1.0)
        state.hazard_used[hazard] = 0.0
    state.hazard_used[hazard] += rate * days
    if state.hazard_used[hazard] >= state.hazard_limit[hazard]:
        state.hazard_limit[hazard] = 0.0
        return True
    return False
