"""Read a feature of the catalogue from anywhere in the model.

Nearly all of the model reads features (`sim.model.features`), and a direct call would compile their forty cases into
every caller anew. So they are compiled once and called by their address; and what a feature reads may read features.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.compiled import compiled
from sim.function_pointer import call_for_number
from sim.model.violence import holding_fire, surging
from sim.scenario.catalogue import ATTACKS, BALANCE_OF_FORCE, HOLDING_FIRE, SURGE, TALKS, TERRITORY, TROOPS

if TYPE_CHECKING:
    from sim.model.layout import Params, State


@compiled
def feature(state: State, params: Params, code: int, a: int, b: int) -> float:
    """Return a feature of the catalogue: `sim.model.features.read_feature`, called by its address.

    Those that decisions read most, fields of State or flags of a standing move, are read without the call.
    """
    if a < 0:
        if code == ATTACKS:
            return state.violence
        if code == TALKS:
            return state.talks
        if code == BALANCE_OF_FORCE:
            return state.force_balance
        if code == TROOPS:
            return state.troop_share
        if code == TERRITORY:
            return state.territory
    elif code == SURGE:
        return surging(state, params, a, b)
    elif code == HOLDING_FIRE:
        return holding_fire(state, params, a, b)
    return call_for_number(params.feature_address, state, params, code, a, b)
