r"""Public reputation indices: log-odds that an actor keeps its pledges, moved by a fixed rule.

For an actor with armed forces, a review of length :math:`\tau` days with :math:`y` attacks attributed to it gives
:math:`z = \ln((y+1)/(\Lambda_0 \tau))` and

.. math::

   b' = b_0 + e^{-\tau/\phi}(b - b_0)
        + \mathrm{clip}\Big(g\,\frac{z^2 - (z - \ln s_p)^2}{2\sigma^2}, -c, c\Big)\frac{\tau}{7},

a damped log-likelihood ratio of keeping the pledge (attacks at :math:`s_p` of the reference) against not. A raw Poisson
likelihood would move it by hundreds a week. It is an index that all can see, not a private posterior: the exact
two-type signalling game is in `sim.games`. Indices of actors without forces move only with events: a pledge broken, a
threat executed, releases counted, a refusal reversed.
"""

from __future__ import annotations

from math import log

from sim.compiled import compiled
from sim.model.layout import ON_REPUTATION, Params, State


@compiled
def evidence(params: Params, attacks: float, reference: float, days: float) -> float:
    """Return the damped, clipped log-likelihood ratio of a review in which some attacks were attributed."""
    z = log((attacks + 1.0) / (reference * days))
    distance = z - params.log_pledge
    sd = params.reputation_sd
    ratio = params.reputation_gain * (z * z - distance * distance) / (2.0 * sd * sd)
    return max(min(ratio, params.reputation_clip), -params.reputation_clip) * days / 7.0


@compiled
def review_reputation(state: State, params: Params, actor: int, attacks: float, length: int) -> None:
    """Move what all others think of an actor by the attacks attributed to it over a step of the length in this row."""
    reference = params.attacks_expected[actor]
    if params.on[ON_REPUTATION] == 0 or reference <= 0.0:
        return
    kept = params.kept_trust[length]
    gain = evidence(params, attacks, reference, params.length_days[length])
    start = params.reputation_start
    for other in range(params.actors):
        if other != actor:
            state.trust[other, actor] = start + kept * (state.trust[other, actor] - start) + gain


@compiled
def expected_reviews(state: State, params: Params, length: int) -> None:
    """Move all reputations along the mean path, with expected attacks at the intensity that holds now."""
    if params.on[ON_REPUTATION] == 0:
        return
    days = params.length_days[length]
    for actor in range(params.actors):
        if params.attributed_force[actor] < 0:
            continue
        attacks = 0.0
        for force in range(params.forces):
            attacks += state.intensity[force] * days * params.attribution[actor, force]
        review_reputation(state, params, actor, attacks, length)


@compiled
def move_opinion(state: State, params: Params, actor: int, change: float) -> None:
    """Change what all others think of an actor by an event."""
    if params.on[ON_REPUTATION] == 0:
        return
    for other in range(params.actors):
        if other != actor:
            state.trust[other, actor] += change
