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

from math import exp, log

from sim.compiled import compiled
from sim.model.layout import INSURGENT, ON_MISATTRIBUTION, ON_REPUTATION, OUTSIDE, Params, State


@compiled
def attributed_share(params: Params, force: int) -> float:
    """Return the share of a force's attacks that is attributed to it."""
    if params.on[ON_MISATTRIBUTION] == 0:
        return 1.0
    return 1.0 - params.unattributed[force]


@compiled
def blamed_share(params: Params, outside: int, force: int) -> float:
    """Return the share of an outside force's attacks that is blamed on a force."""
    if params.on[ON_MISATTRIBUTION] == 0 or params.kind[outside] != OUTSIDE or params.blamed_on[outside] != force:
        return 0.0
    return params.blamed_share[outside]


@compiled
def attack_owner(params: Params, actor: int) -> bool:
    """Return whether an actor owns a force whose attacks bear on its reputation."""
    for force in range(params.forces):
        if params.kind[force] == INSURGENT and params.owner[force] == actor:
            return True
    return False


@compiled
def reference_rate(params: Params, actor: int) -> float:
    """Return the reference rate of attacks per day of an actor's insurgent forces."""
    total = 0.0
    for force in range(params.forces):
        if params.kind[force] == INSURGENT and params.owner[force] == actor:
            total += params.attack_reference[force]
    return total


@compiled
def evidence(params: Params, attacks: float, reference: float, days: float) -> float:
    """Return the damped, clipped log-likelihood ratio of a review in which some attacks were attributed."""
    z = log((attacks + 1.0) / (reference * days))
    distance = z - log(params.pledge)
    sd = params.reputation_sd
    ratio = params.reputation_gain * (z * z - distance * distance) / (2.0 * sd * sd)
    return max(min(ratio, params.reputation_clip), -params.reputation_clip) * days / 7.0


@compiled
def review_reputation(state: State, params: Params, actor: int, attacks: float, days: float) -> None:
    """Move what all others think of an actor by the attacks attributed to it over some days."""
    if params.on[ON_REPUTATION] == 0:
        return
    reference = reference_rate(params, actor)
    if reference <= 0.0:
        return
    kept = exp(-days / params.reputation_forget)
    gain = evidence(params, attacks, reference, days)
    start = params.reputation_start
    for other in range(params.actors):
        if other != actor:
            state.trust[other, actor] = start + kept * (state.trust[other, actor] - start) + gain


@compiled
def expected_reviews(state: State, params: Params, days: float) -> None:
    """Move all reputations along the mean path, with expected attacks at the intensity that holds now."""
    if params.on[ON_REPUTATION] == 0:
        return
    for actor in range(params.actors):
        if not attack_owner(params, actor):
            continue
        attacks = 0.0
        for force in range(params.forces):
            if params.kind[force] == INSURGENT and params.owner[force] == actor:
                attacks += state.intensity[force] * days * attributed_share(params, force)
                for outside in range(params.forces):
                    attacks += state.intensity[outside] * days * blamed_share(params, outside, force)
        review_reputation(state, params, actor, attacks, days)


@compiled
def move_opinion(state: State, params: Params, actor: int, change: float) -> None:
    """Change what all others think of an actor by an event."""
    if params.on[ON_REPUTATION] == 0:
        return
    for other in range(params.actors):
        if other != actor:
            state.trust[other, actor] += change
