"""An epidemic in the prisons: a dated window in which holding captives weighs otherwise."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.compiled import compiled
from sim.model.record import Part, f8, i8
from sim.model.switches import ON_EPIDEMIC

if TYPE_CHECKING:
    from sim.model.layout import Params, State


class EpidemicParams(Part):
    """The window and what it changes."""

    epidemic_from: int = i8(unit="ticks")
    epidemic_to: int = i8(unit="ticks")
    epidemic_cost: float = f8()  # factor on the cost of a release
    epidemic_weight: float = f8()  # factor on the weight of captives in their claimant's payoff


@compiled
def epidemic_now(state: State, params: Params) -> bool:
    """Return whether the epidemic's window is open."""
    return bool(params.on[ON_EPIDEMIC] != 0 and params.epidemic_from <= state.tick < params.epidemic_to)
