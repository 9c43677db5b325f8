r"""Aid that flows from a donor to a recipient.

What is paid of a flow is :math:`s\,(F - E\,(1 - x))^+`, with :math:`F` what cuts have left of it, :math:`s` the share
that the donor's standing move pays, :math:`E` a part held in *escrow* and :math:`x` in [0, 1] the feature with which
the escrow is paid out (say, captives counted over those promised).
"""

from __future__ import annotations

from sim.compiled import compiled
from sim.function_pointer import call_for_number
from sim.model.layout import ON_AID, Params, State


@compiled
def aid_paid(state: State, params: Params, flow: int) -> float:
    """Return what is paid of a flow now, in billion USD a year."""
    aid = state.aid[flow]
    if params.escrow[flow] > 0.0:
        code, a, b = params.escrow_code[flow], params.escrow_a[flow], params.escrow_b[flow]
        earned = min(max(call_for_number(params.feature_address, state, params, code, a, b), 0.0), 1.0)
        aid = max(aid - params.escrow[flow] * (1.0 - earned), 0.0)
    if params.on[ON_AID] == 0:
        return aid
    donor = params.donor[flow]
    return aid * params.aid_paid[donor, state.standing[donor]]
