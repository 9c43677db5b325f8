r"""Profiles: an actor that becomes another, with other weights, another rate of discount or another rule.

An event of the scenario brings the change, a new administration, say (`sim.model.events`). From then on all that reads
a preference or a rule reads another row (`sim.model.actors.profile_of`). Discounting goes on evenly: with the rate
:math:`\rho_1` until :math:`T` and :math:`\rho_2` from then on, what is paid at :math:`t > T` is discounted by

.. math:: e^{-\rho_1 T - \rho_2 (t - T)} = e^{-\rho_2 t - s}, \qquad s = (\rho_1 - \rho_2)\,T.

What the old rule remembered is forgotten where the new one is another function; the move that stood goes on standing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.compiled import compiled
from sim.model.actors import profile_of
from sim.model.log import Log, record_event
from sim.scenario.catalogue import MAX_MOVES
from sim.scenario.events import PROFILE

if TYPE_CHECKING:
    from sim.model.layout import Params, State


@compiled
def become(state: State, params: Params, actor: int, profile: int, log: Log) -> None:
    """Let an actor want and decide by another profile from now on, unless profiles stand (in worlds played ahead)."""
    before = profile_of(state, actor)
    if profile == before or params.profiles_stand != 0:
        return
    record_event(log, state.tick, PROFILE, actor, profile, 0.0)
    state.discount_shift[actor] += (params.discount[before] - params.discount[profile]) * (state.tick * params.dt)
    state.profile[actor] = profile
    if params.response[profile] != params.response[before] or params.valuation[profile] != params.valuation[before]:
        for place in range(MAX_MOVES + 1):
            state.memory[actor, place] = 0.0
