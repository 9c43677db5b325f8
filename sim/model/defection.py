r"""Defection: fighters of one force go over to another, at once by a share (a split) or day by day.

Of a force with :math:`I_a` thousand fighters, a rate :math:`\lambda` moves :math:`I_a (1 - e^{-\lambda h})` in
:math:`h` days, while its condition holds. Those who go take the arms of their old force with them, pro rata: with
shares :math:`d` of arms beyond use and :math:`m` who go,

.. math:: d_b' = \frac{d_b I_b + d_a m}{I_b + m},

so that fighters and armed fighters are conserved. The rates are known to all and move the mean path too; a split by an
event (`sim.model.events`) is foreseen by nobody.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sim.compiled import compiled
from sim.elementary import exp
from sim.model.conditions import holds
from sim.model.forces import thousand_each
from sim.model.lanes import some, where
from sim.model.log import Log, record_event
from sim.model.record import Integers, Numbers, Part, f8, i1, i8
from sim.scenario.catalogue import MAX_DEFECTIONS
from sim.scenario.events import DEFECTION, SPLIT

if TYPE_CHECKING:
    from sim.model.layout import Params, State, Tables


class DefectionState(Part):
    """Which flows have begun."""

    defected: NDArray[np.int8] = i1(MAX_DEFECTIONS)  # 1 once the condition held


class DefectionParams(Part):
    """Who goes over to whom."""

    defections: int = i8()
    defects_of: Integers = i8(MAX_DEFECTIONS)  # force
    defects_to: Integers = i8(MAX_DEFECTIONS)  # force
    defection_rate: Numbers = f8(MAX_DEFECTIONS, unit="per day")
    defection_when: Integers = i8(MAX_DEFECTIONS)  # Tables: program; -1 none


@compiled
def go_over(state: State, params: Params, source: int, target: int, share: float) -> None:
    """Let a share of a force go over to another with its arms; the caller reads the world anew."""
    there = state.strength[target] * thousand_each(params, target)
    gone = state.strength[source] * thousand_each(params, source) * share
    whole = there + gone
    mixed = (state.disarmed[target] * there + state.disarmed[source] * gone) / where(whole > 0.0, whole, 1.0)
    state.disarmed[target] = where(gone > 0.0, min(mixed, 1.0), state.disarmed[target])
    state.strength[target] += gone / thousand_each(params, target)
    state.strength[source] *= 1.0 - share


@compiled
def split(state: State, params: Params, source: int, target: int, share: float, log: Log) -> None:
    """Let a share of a force go over to another in the sampled world, and log how many went."""
    before = state.strength[target]
    go_over(state, params, source, target, share)
    went = (state.strength[target] - before) * thousand_each(params, target)
    record_event(log, state.tick, SPLIT, source, target, went)


@compiled
def defect(state: State, params: Params, tables: Tables, days: float) -> None:
    """Let fighters go over for some days, where the condition of a defection holds at their start."""
    for defection in range(params.defections):
        goes_on = holds(state, params, tables, params.defection_when[defection])
        rate = where(goes_on, params.defection_rate[defection], 0.0)
        if some(rate > 0.0):
            share = 1.0 - exp(-rate * days)
            go_over(state, params, params.defects_of[defection], params.defects_to[defection], share)


@compiled
def note_defections(state: State, params: Params, tables: Tables, log: Log) -> None:
    """Note defections that begin: those whose condition holds for the first time."""
    for defection in range(params.defections):
        if state.defected[defection] == 0 and holds(state, params, tables, params.defection_when[defection]):
            state.defected[defection] = 1
            record_event(log, state.tick, DEFECTION, params.defects_of[defection], defection, 0.0)
