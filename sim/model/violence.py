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
independent attacks of mean :math:`m` and shape :math:`k`. A *mass-casualty attack* calls the incumbents to a review and
may break open talks.
"""

from __future__ import annotations

from math import cos, exp, nan, pow, sqrt
from typing import TYPE_CHECKING, Final

from sim.compiled import compiled
from sim.model.clocks import call_review
from sim.model.forces import INSURGENT, OUTSIDE, REGULAR
from sim.model.hazards import BREAKDOWN_HAZARD
from sim.model.lanes import some, where
from sim.model.log import Log, record_event
from sim.model.record import Numbers, Part, f8
from sim.model.steps import LENGTHS, TICK_LENGTH
from sim.model.switches import ON_SPOILER_RESPONSE, ON_SPOILERS, ON_TRIGGERS
from sim.random.causes import ATTACKS, DEATHS
from sim.random.causes import MASS_CASUALTY as MASS_CASUALTY_CAUSE
from sim.random.negative_binomial import negative_binomial
from sim.random.poisson import poisson
from sim.random.stream import uniform
from sim.scenario.catalogue import MAX_ACTORS, MAX_FORCES, MAX_MOVES
from sim.scenario.events import MASS_CASUALTY

if TYPE_CHECKING:
    from sim.model.layout import Params, State

YEAR = 365.25
TWO_PI = 6.283185307179586
MOST_ONE_BY_ONE: Final = 10_000.0
"""Attacks in a step whose deaths are drawn one by one; more would keep a run busy for minutes, so they fail it."""


class ViolenceState(Part):
    """Attacks and deaths, and how violent each force stands."""

    excitation: Numbers = f8(MAX_FORCES, unit="attacks per day")  # excited by earlier ones
    attack_factor: Numbers = f8(MAX_FORCES)  # on the spontaneous attack rate; events set it
    attacks_today: Numbers = f8(MAX_FORCES)
    deaths_today: Numbers = f8(MAX_FORCES)
    attacks_total: Numbers = f8(MAX_FORCES)
    deaths_total: Numbers = f8(MAX_FORCES)
    window_attacks: Numbers = f8(MAX_FORCES)  # since the last reputation review
    window_deaths: Numbers = f8(MAX_FORCES)
    # read off the standing moves whenever one changes
    posture: Numbers = f8(MAX_FORCES)  # multiplier on each force's attack rate; 1 for a force that nobody commands
    violence_of: Numbers = f8(MAX_ACTORS)  # highest posture among an actor's insurgent forces; 0 if it has none
    surge: float = f8()  # 1 while any challenger surges
    # read off the world after every change
    intensity: Numbers = f8(MAX_FORCES, unit="attacks per day")
    violence: float = f8()  # insurgent intensity over its reference


class ViolenceParams(Part):
    """Attack rates, deaths, the season, and what moves say of violence."""

    violence_level: Numbers = f8(MAX_ACTORS, MAX_MOVES, MAX_FORCES)
    attack_reference: Numbers = f8(MAX_FORCES, unit="attacks per day")
    attack_base: Numbers = f8(MAX_FORCES, unit="attacks per day")  # mu
    self_excited: Numbers = f8(MAX_FORCES)  # n
    relax_rate: Numbers = f8(MAX_FORCES, unit="per day")  # beta
    capacity_exponent: Numbers = f8(MAX_FORCES)
    deaths_mean: Numbers = f8(MAX_FORCES, unit="deaths per attack")
    deaths_shape: Numbers = f8(MAX_FORCES)
    mass_per_attack: Numbers = f8(MAX_FORCES)
    mass_deaths: Numbers = f8(MAX_FORCES, unit="deaths")
    mass_probability: Numbers = f8(MAX_FORCES)  # that an attack is a mass-casualty attack
    talks_response: Numbers = f8(MAX_FORCES)  # of outside forces, to open talks
    season_amplitude: float = f8()
    season_peak: float = f8(unit="day of the year")
    kept_excitation: Numbers = f8(LENGTHS, MAX_FORCES)


@compiled
def read_postures(state: State, params: Params) -> None:
    """Set `posture`, `violence_of` and `surge` from the moves that stand."""
    for actor in range(params.actors):
        state.violence_of[actor] = 0.0
    for force in range(params.forces):
        owner = params.owner[force]
        posture = 1.0
        if owner >= 0:
            posture = params.violence_level[owner, state.standing[owner], force]
            if params.kind[force] == INSURGENT and posture > state.violence_of[owner]:
                state.violence_of[owner] = posture
        state.posture[force] = posture
    state.surge = 0.0
    for actor in range(params.actors):
        if params.challenger[actor] != 0 and surging(state, actor) > 0.0:
            state.surge = 1.0


@compiled
def violence_factor(state: State, force: int) -> float:
    """Return the multiplier on a force's attack rate: its posture, less the arms it has put beyond use."""
    return state.posture[force] * (1.0 - state.disarmed[force])


@compiled
def holding_fire(state: State, params: Params, actor: int) -> float:
    """Return 1 while an actor's violence stands at or under the pledged share of the reference."""
    return where(state.violence_of[actor] <= params.pledge, 1.0, 0.0)


@compiled
def surging(state: State, actor: int) -> float:
    """Return 1 while an actor's violence stands above its baseline."""
    return where(state.violence_of[actor] > 1.0, 1.0, 0.0)


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
    if exponent == 0.0 or params.attack_base[force] == 0.0:
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
def read_outside_intensity(state: State, params: Params) -> None:
    """Set the intensity of outside forces anew, which alone answer to the opening of talks."""
    for force in range(params.forces):
        if params.kind[force] == OUTSIDE:
            state.intensity[force] = attack_intensity(state, params, force)


@compiled
def read_intensity(state: State, params: Params) -> None:
    """Set `intensity` and `violence`."""
    intensity = 0.0
    reference = 0.0
    for force in range(params.forces):
        state.intensity[force] = attack_intensity(state, params, force)
        if params.kind[force] == INSURGENT:
            intensity += state.intensity[force]
            reference += params.attack_reference[force]
    state.violence = intensity / reference if reference > 0.0 else 0.0


@compiled
def begin_violence(state: State, params: Params) -> None:
    """Set excitation to the mean that the base rate sustains."""
    for force in range(params.forces):
        share = params.self_excited[force]
        state.excitation[force] = share * params.attack_base[force] / (1.0 - share)
        if params.share_at_start[force] < 1.0:
            state.excitation[force] *= pow(params.share_at_start[force], params.capacity_exponent[force])
        state.attack_factor[force] = 1.0


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
    rate = attacks / (where(factor > 0.0, factor, 1.0) * params.length_days[length])
    if some(factor <= 0.0):
        calm = spontaneous_rate(state, params, force) + state.excitation[force]
        rate = where(factor > 0.0, rate, calm)
    state.excitation[force] = kept * state.excitation[force] + share * (1.0 - kept) * rate


@compiled
def expected_attacks(state: State, params: Params, length: int) -> None:
    """Let the excitation of insurgent forces follow the attacks that are expected in a step of the mean path."""
    days = params.length_days[length]
    for force in range(params.forces):
        if params.kind[force] == INSURGENT:
            excite(state, params, force, state.intensity[force] * days, length)


@compiled
def draw_attacks(state: State, params: Params, log: Log) -> None:
    """Draw attacks and deaths of every force, and let excitation and alarm follow."""
    occasion = state.tick + 1
    day = int(1.0 / params.dt + 0.5)
    new_day = state.tick % day == 0
    for force in range(params.forces):
        if params.kind[force] == REGULAR:
            continue
        if new_day:
            state.attacks_today[force] = 0.0
            state.deaths_today[force] = 0.0
        mean = state.intensity[force] * params.dt
        attacks = 0.0
        if mean != 0.0:  # NaN too, which then ends the run as failed
            attacks = float(poisson(uniform(state.seed, state.replication, ATTACKS, force, occasion, 0), mean))
        if params.kind[force] == INSURGENT:
            excite(state, params, force, attacks, TICK_LENGTH)
        if attacks == 0.0:
            continue
        worst = 0.0
        if params.mass_deaths[force] > 0.0 and not attacks <= MOST_ONE_BY_ONE:
            deaths = nan
        elif params.mass_deaths[force] > 0.0:  # one by one: the deaths of a single attack matter
            deaths = 0.0
            for attack in range(int(attacks)):
                luck = uniform(state.seed, state.replication, DEATHS, force, occasion, attack)
                died = float(negative_binomial(luck, params.deaths_mean[force], params.deaths_shape[force]))
                deaths += died
                worst = max(worst, died)
        else:
            luck = uniform(state.seed, state.replication, DEATHS, force, occasion, 0)
            deaths = float(
                negative_binomial(luck, attacks * params.deaths_mean[force], attacks * params.deaths_shape[force])
            )
        state.attacks_today[force] += attacks
        state.deaths_today[force] += deaths
        state.attacks_total[force] += attacks
        state.deaths_total[force] += deaths
        state.window_attacks[force] += attacks
        state.window_deaths[force] += deaths
        if params.on[ON_TRIGGERS] != 0:
            draw_mass_casualty(state, params, force, attacks, worst, log)


@compiled
def draw_mass_casualty(state: State, params: Params, force: int, attacks: float, worst: float, log: Log) -> None:
    """Let a mass-casualty attack call reviews of the incumbents for the next day, and break open talks by its chance.

    It is one with at least so many deaths, or one that happens by its own probability.
    """
    happened = params.mass_deaths[force] > 0.0 and worst >= params.mass_deaths[force]
    if not happened and params.mass_per_attack[force] > 0.0:
        luck = uniform(state.seed, state.replication, MASS_CASUALTY_CAUSE, force, state.tick + 1, 0)
        happened = luck < 1.0 - exp(-params.mass_per_attack[force] * attacks)
    if not happened:
        return
    record_event(log, state.tick + 1, MASS_CASUALTY, force, -1, worst)
    for actor in range(params.actors):
        if params.incumbent[actor] != 0:
            call_review(state, params, actor, state.tick + 1)
    if params.breakdown_shock == 0.0 or state.talks == 0.0:
        return
    luck = uniform(state.seed, state.replication, MASS_CASUALTY_CAUSE, force, state.tick + 1, 1)
    if luck < params.breakdown_shock:
        state.hazard_fired[BREAKDOWN_HAZARD] = 1
