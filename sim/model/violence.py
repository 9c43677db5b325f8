r"""Violence as self-exciting counts: attacks make attacks, whatever the step.

.. math::

   \Lambda = s\,(\mu\,(I/I_0)^{\varepsilon}\,\mathrm{season} + e), \qquad N \sim \mathrm{Poisson}(\Lambda\,dt)

   e' = e^{-\beta dt} e + n\,(1 - e^{-\beta dt})\,\frac{N}{s\,dt}, \qquad e(0) = \frac{n\mu}{1-n}

with posture multiplier :math:`s`, self-excited share :math:`n` and relaxation rate :math:`\beta`. For :math:`s = 0` the
excitation relaxes towards its own mean :math:`\mu (I/I_0)^\varepsilon\,\mathrm{season} + e` in place of
:math:`N/(s\,dt)`. The mean is :math:`\mu s/(1-n)` at :math:`I = I_0` and season 1 for any step :math:`dt` (only the
mean does not depend on the step), and a change of posture acts at once.

The discrete-time form of Hawkes' process (Hawkes 1971, Biometrika 58(1)); the share and the decay follow Lewis, Mohler,
Brantingham and Bertozzi (2012), Security Journal 25(3). Outside forces are the same process with :math:`n = 0`.

Deaths in :math:`N` attacks are negative binomial with mean :math:`mN` and shape :math:`kN`: a sum of :math:`N`
independent attacks of mean :math:`m` and shape :math:`k`.
"""

from __future__ import annotations

from math import cos, pow, sqrt

from sim.compiled import compiled
from sim.model.layout import ON_SPOILER_RESPONSE, ON_SPOILERS, OUTSIDE, REGULAR, Params, State
from sim.model.levers import violence_factor

YEAR = 365.25
TWO_PI = 6.283185307179586


@compiled
def season(state: State, params: Params) -> float:
    """Return the factor of the season, 1 plus a cosine that peaks on the scenario's day of the year."""
    if params.season_amplitude == 0.0:
        return 1.0
    day = params.start_day_of_year + state.tick * params.dt - params.season_peak
    return 1.0 + params.season_amplitude * cos(TWO_PI * day / YEAR)


@compiled
def spontaneous_rate(state: State, params: Params, force: int) -> float:
    """Return attacks per day at posture 1 that no earlier attack excited."""
    exponent = params.capacity_exponent[force]
    base = params.attack_base[force] * state.attack_factor[force] * season(state, params)
    if exponent == 0.0 or base == 0.0:
        return base
    ratio = state.strength[force] / params.strength_start[force]
    if exponent == 0.5:
        return base * sqrt(ratio)
    if exponent == 1.0:
        return base * ratio
    return base * pow(ratio, exponent)


@compiled
def attack_intensity(state: State, params: Params, force: int) -> float:
    """Return attacks per day of a force under its standing posture."""
    kind = params.kind[force]
    if kind == REGULAR or (kind == OUTSIDE and params.on[ON_SPOILERS] == 0):
        return 0.0
    rate = violence_factor(state, force) * (spontaneous_rate(state, params, force) + state.excitation[force])
    if kind == OUTSIDE and params.on[ON_SPOILER_RESPONSE] != 0:
        rate *= 1.0 + params.talks_response[force] * state.talks
    return rate


@compiled
def excite(state: State, params: Params, force: int, attacks: float, length: int) -> None:
    """Let a force's excitation relax over a step and rise with the attacks in it.

    Parameters
    ----------
    state, params : State, Params
        `state.intensity` must be that of the start of the step.
    force : int
        Row of the force.
    attacks : float
        Attacks in the step; its expectation on a mean path.
    length : int
        Row of the step's length.
    """
    share = params.self_excited[force]
    if share == 0.0:
        return
    kept = params.kept_excitation[length, force]
    factor = violence_factor(state, force)
    if factor > 0.0:
        rate = attacks / (factor * params.length_days[length])
    else:
        rate = spontaneous_rate(state, params, force) + state.excitation[force]
    state.excitation[force] = kept * state.excitation[force] + share * (1.0 - kept) * rate
