"""Settings: quantities of the world that an event of the scenario sets, each by its number."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sim.compiled import compiled
from sim.model.forces import thousand_each
from sim.model.log import Log, record_event
from sim.model.offices import resolve
from sim.scenario.events import OFFICE_CLAIMED_TWICE, OFFICE_RESOLVED, SETTING

if TYPE_CHECKING:
    from sim.model.layout import Params, State

SET_AID: Final = 0
SET_DUAL: Final = 1
SET_COHESION: Final = 2
SET_STRENGTH: Final = 3
SET_TROOPS: Final = 4
SET_PACE: Final = 5
SET_ATTACKS: Final = 6
SETTINGS: Final = 7
"""Numbers from here on are effects of other kinds (`sim.model.events`)."""


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
    if quantity == SET_AID:
        state.aid[entity] = value
    elif quantity == SET_DUAL:
        if value > 0.0:
            state.dual[entity] = 1.0
        elif state.dual[entity] > 0.0:
            resolve(state, params, entity, 1.0)
    elif quantity == SET_COHESION:
        state.cohesion_logit[entity] = value
    elif quantity == SET_STRENGTH:
        state.strength[entity] = value / thousand_each(params, entity)
    elif quantity == SET_TROOPS:
        state.troops[entity] = value
    elif quantity == SET_PACE:
        state.pace_factor[entity] = value
    else:
        reference = 0.0
        for stream in range(params.first_stream[entity], params.first_stream[entity + 1]):
            reference += params.attack_reference[stream]
        state.attack_factor[entity] = value / reference


@compiled
def set_and_log(state: State, params: Params, quantity: int, entity: int, value: float, log: Log) -> None:
    """Set a quantity and log it: an office that two claim, or that one holds again, as what it is."""
    if quantity != SET_DUAL:
        record_event(log, state.tick, SETTING, quantity, entity, value)
    elif value > 0.0:
        record_event(log, state.tick, OFFICE_CLAIMED_TWICE, entity, params.office_actor[entity], 0.0)
    elif state.dual[entity] > 0.0:
        record_event(log, state.tick, OFFICE_RESOLVED, entity, params.office_actor[entity], 0.0)
    set_quantity(state, params, quantity, entity, value)
