"""Read off the quantities that many rules need, once after every change of the world or of a standing move."""

from __future__ import annotations

from sim.compiled import compiled
from sim.model.aid import aid_paid
from sim.model.capacity import balance_of_force
from sim.model.layout import INSURGENT, OUTSIDE, Params, State
from sim.model.violence import attack_intensity


@compiled
def read_aid(state: State, params: Params) -> None:
    """Set each actor's share of the aid promised to it at the start; 1 for an actor without donors."""
    for actor in range(params.actors):
        flowing = 0.0
        start = 0.0
        for flow in range(params.flows):
            if params.recipient[flow] == actor:
                flowing += aid_paid(state, params, flow)
                start += params.aid_start[flow]
        state.aid_share[actor] = flowing / start if start > 0.0 else 1.0


@compiled
def present_share(state: State, params: Params) -> float:
    """Return foreign troops over their number at the start; 1 where there never were any."""
    troops = 0.0
    start = 0.0
    for force in range(params.foreign):
        troops += state.troops[force]
        start += params.troops_start[force]
    return troops / start if start > 0.0 else 1.0


@compiled
def read_spoilers(state: State, params: Params) -> None:
    """Set the intensity of outside forces anew, which alone answer to the opening of talks."""
    for force in range(params.forces):
        if params.kind[force] == OUTSIDE:
            state.intensity[force] = attack_intensity(state, params, force)


@compiled
def read_world(state: State, params: Params) -> None:
    """Set `troop_share`, `aid_share`, `intensity`, `violence` and `force_balance` from the rest of the state."""
    state.troop_share = present_share(state, params)
    if params.flows > 0:
        read_aid(state, params)
    intensity = 0.0
    reference = 0.0
    for force in range(params.forces):
        state.intensity[force] = attack_intensity(state, params, force)
        if params.kind[force] == INSURGENT:
            intensity += state.intensity[force]
            reference += params.attack_reference[force]
    state.violence = intensity / reference if reference > 0.0 else 0.0
    state.force_balance = balance_of_force(state, params)
