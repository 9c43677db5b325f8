"""Read off the quantities that many rules need, once after every change of the world or of a standing move."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.compiled import compiled
from sim.model.aid import read_aid
from sim.model.capacity import balance_of_force
from sim.model.violence import read_intensity
from sim.model.withdrawal import present_share

if TYPE_CHECKING:
    from sim.model.layout import Params, State


@compiled
def read_world(state: State, params: Params) -> None:
    """Set `troop_share`, `aid_share`, `intensity`, `violence` and `force_balance` from the rest of the state."""
    state.troop_share = present_share(state, params)
    read_aid(state, params)
    read_intensity(state, params)
    state.force_balance = balance_of_force(state, params)
