"""Dated shocks: quantities of the world that a scenario sets on a date.

One function writes a quantity by its number; shocks use it, and whoever else has to put a world into a given state.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sim.compiled import compiled
from sim.model.clocks import SHOCK_WIDTH, advance_shock
from sim.model.forces import REGULAR
from sim.model.log import Log, record_event
from sim.model.offices import resolve
from sim.model.reading import read_world
from sim.scenario.events import OFFICE_CLAIMED_TWICE, OFFICE_RESOLVED, SHOCK

if TYPE_CHECKING:
    from sim.model.layout import Params, State, Tables

SHOCK_AID: Final = 0
SHOCK_DUAL: Final = 1
SHOCK_COHESION: Final = 2
SHOCK_STRENGTH: Final = 3
SHOCK_TROOPS: Final = 4
SHOCK_PACE: Final = 5
SHOCK_ATTACKS: Final = 6


@compiled
def set_quantity(state: State, params: Params, quantity: int, entity: int, value: float) -> None:
    """Set a quantity of the world; the caller then reads the world anew (`sim.model.reading.read_world`).

    Parameters
    ----------
    state, params : State, Params
        Changed and read.
    quantity, entity : int
        What is set, and the row of whom.
    value : float
        In the unit of scenario files: USD bn a year, log-odds, thousand fighters (of a regular force: its capacity
        times its start), persons, multiple of the pace, attacks per day.
    """
    if quantity == SHOCK_AID:
        state.aid[entity] = value
    elif quantity == SHOCK_DUAL:
        if value > 0.0:
            state.dual[entity] = 1.0
        elif state.dual[entity] > 0.0:
            resolve(state, params, entity, 1.0)
    elif quantity == SHOCK_COHESION:
        state.cohesion_logit[entity] = value
    elif quantity == SHOCK_STRENGTH:
        scale = params.strength_start[entity] if params.kind[entity] == REGULAR else 1.0
        state.strength[entity] = value / scale
    elif quantity == SHOCK_TROOPS:
        state.troops[entity] = value
    elif quantity == SHOCK_PACE:
        state.pace_factor[entity] = value
    else:
        state.attack_factor[entity] = value / params.attack_reference[entity]


@compiled
def apply_shock(state: State, params: Params, tables: Tables, log: Log) -> None:
    """Apply the next dated shock."""
    at = params.shock_at + state.shock_next * SHOCK_WIDTH
    quantity = int(tables[at + 1])
    entity = int(tables[at + 2])
    value = tables[at + 3]
    if quantity != SHOCK_DUAL:
        record_event(log, state.tick, SHOCK, quantity, entity, value)
    elif value > 0.0:
        record_event(log, state.tick, OFFICE_CLAIMED_TWICE, entity, params.office_actor[entity], 0.0)
    elif state.dual[entity] > 0.0:
        record_event(log, state.tick, OFFICE_RESOLVED, entity, params.office_actor[entity], 0.0)
    set_quantity(state, params, quantity, entity, value)
    state.shock_next += 1
    advance_shock(state, params, tables)
    read_world(state, params)
