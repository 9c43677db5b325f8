r"""Aid that flows from a donor to a recipient.

What is paid of a flow is :math:`s\,(F - E\,(1 - x))^+`, with :math:`F` what cuts have left of it, :math:`s` the share
that the donor's standing move pays, :math:`E` a part held in *escrow* and :math:`x` in [0, 1] the feature with which
the escrow is paid out (say, captives counted over those promised).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.compiled import compiled
from sim.model.feature_call import feature
from sim.model.record import Integers, Numbers, Part, f8, i8
from sim.model.switches import ON_AID
from sim.scenario.catalogue import MAX_ACTORS, MAX_FLOWS, MAX_MOVES

if TYPE_CHECKING:
    from sim.model.layout import Params, State


class AidState(Part):
    """What flows."""

    aid: Numbers = f8(MAX_FLOWS, unit="USD bn per year")  # what cuts have left
    aid_share: Numbers = f8(MAX_ACTORS)  # of what flowed to the actor at the start; read off after every change


class AidParams(Part):
    """The flows, and what share of them moves pay."""

    aid_paid: Numbers = f8(MAX_ACTORS, MAX_MOVES)
    donor: Integers = i8(MAX_FLOWS)
    recipient: Integers = i8(MAX_FLOWS)
    aid_start: Numbers = f8(MAX_FLOWS, unit="USD bn per year")
    escrow: Numbers = f8(MAX_FLOWS, unit="USD bn per year")  # of aid_start, paid with a feature
    escrow_code: Integers = i8(MAX_FLOWS)
    escrow_a: Integers = i8(MAX_FLOWS)
    escrow_b: Integers = i8(MAX_FLOWS)


@compiled
def aid_paid(state: State, params: Params, flow: int) -> float:
    """Return what is paid of a flow now, in billion USD a year."""
    aid = state.aid[flow]
    if params.escrow[flow] > 0.0:
        x = feature(state, params, params.escrow_code[flow], params.escrow_a[flow], params.escrow_b[flow])
        aid = max(aid - params.escrow[flow] * (1.0 - min(max(x, 0.0), 1.0)), 0.0)
    if params.on[ON_AID] == 0:
        return aid
    donor = params.donor[flow]
    return aid * params.aid_paid[donor, state.standing[donor]]


@compiled
def pays_aid(state: State, params: Params, actor: int) -> bool:
    """Return whether an actor is the donor of a flow of which anything is left."""
    for flow in range(params.flows):
        if params.donor[flow] == actor and state.aid[flow] > 0.0:
            return True
    return False


@compiled
def begin_aid(state: State, params: Params) -> None:
    """Set flows to their start."""
    for flow in range(params.flows):
        state.aid[flow] = params.aid_start[flow]
    for actor in range(MAX_ACTORS):
        state.aid_share[actor] = 1.0


@compiled
def read_aid(state: State, params: Params) -> None:
    """Set each actor's share of the aid promised to it at the start; 1 for an actor without donors."""
    if params.flows == 0:
        return
    for actor in range(params.actors):
        flowing = 0.0
        start = 0.0
        for flow in range(params.flows):
            if params.recipient[flow] == actor:
                flowing += aid_paid(state, params, flow)
                start += params.aid_start[flow]
        state.aid_share[actor] = flowing / start if start > 0.0 else 1.0
