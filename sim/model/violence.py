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

A force attacks *targets*: each is a stream with a share :math:`\mu_k` of the base rate, a posture :math:`s_k` and an
excitation :math:`e_k` of its own, so that a force may fight an army and spare cities. Deaths in :math:`N` attacks are
negative binomial with mean :math:`mN` and shape :math:`kN`: a sum of :math:`N` independent attacks of mean :math:`m`
and shape :math:`k`. A *mass-casualty attack* calls the incumbents to a review and may break open talks. Attacks on a
rival force lower its strength by the dead.

Regular forces kill in *operations*: Poisson numbers of fighters and civilians a day, by posture, in proportion to their
capacity. They are counted; what operations do to the strength of insurgents is in its attrition.
"""

from __future__ import annotations

from math import nan, sqrt
from typing import TYPE_CHECKING, Final

from sim.compiled import compiled
from sim.elementary import cosine_of_turn, exp, power
from sim.model.capacity import on_offence
from sim.model.clocks import call_review
from sim.model.forces import INSURGENT, OUTSIDE, REGULAR
from sim.model.hazards import BREAKDOWN_HAZARD
from sim.model.lanes import some, where
from sim.model.log import Log, record_event
from sim.model.record import Integers, Numbers, Part, f8, i8
from sim.model.steps import LENGTHS, TICK_LENGTH
from sim.model.switches import ON_SPOILER_RESPONSE, ON_SPOILERS, ON_TRIGGERS
from sim.random.causes import ATTACKS, COUNTER, DEATHS, OPERATIONS
from sim.random.causes import MASS_CASUALTY as MASS_CASUALTY_CAUSE
from sim.random.negative_binomial import negative_binomial
from sim.random.normal import normal
from sim.random.poisson import poisson
from sim.random.stream import uniform
from sim.scenario.catalogue import MAX_ACTORS, MAX_FORCES, MAX_MOVES, MAX_STREAMS
from sim.scenario.events import MASS_CASUALTY

if TYPE_CHECKING:
    from sim.model.layout import Params, State

YEAR = 365.25
MOST_ONE_BY_ONE: Final = 10_000.0
"""Attacks in a step whose deaths are drawn one by one; more would keep a run busy for minutes, so they fail it."""


class ViolenceState(Part):
    """Attacks and deaths, and how violent each force stands."""

    excitation: Numbers = f8(MAX_STREAMS, unit="attacks per day")  # excited by earlier ones
    attack_factor: Numbers = f8(MAX_FORCES)  # on the spontaneous attack rate; events set it
    attacks_today: Numbers = f8(MAX_STREAMS)
    deaths_today: Numbers = f8(MAX_STREAMS)
    attacks_total: Numbers = f8(MAX_STREAMS)
    deaths_total: Numbers = f8(MAX_STREAMS)
    window_attacks: Numbers = f8(MAX_STREAMS)  # since the last reputation review
    window_deaths: Numbers = f8(MAX_STREAMS)
    killed: Numbers = f8(MAX_STREAMS, unit="deaths per day")  # by attacks in the step; expected on a mean path
    counter: float = f8()  # attacks that are counted, over those that there are
    # read off the standing moves whenever one changes
    posture: Numbers = f8(MAX_STREAMS)  # multiplier on the attack rate; 1 for a force that nobody commands
    violence_of: Numbers = f8(MAX_ACTORS)  # highest total posture among its insurgent forces; 0 if it has none
    # read off the world after every change
    intensity: Numbers = f8(MAX_STREAMS, unit="attacks per day")
    violence: float = f8()  # insurgent intensity over its reference


class ViolenceParams(Part):
    """Attack rates, deaths, the season, and what moves say of violence."""

    violence_level: Numbers = f8(MAX_ACTORS, MAX_MOVES, MAX_STREAMS)
    violence_total: Numbers = f8(MAX_ACTORS, MAX_MOVES, MAX_FORCES)  # of all targets of a force, by their shares
    violence_at: Numbers = f8(MAX_ACTORS, MAX_MOVES, MAX_STREAMS)  # by target: the highest of the mover's insurgents
    attack_reference: Numbers = f8(MAX_STREAMS, unit="attacks per day")
    attack_base: Numbers = f8(MAX_STREAMS, unit="attacks per day")  # mu
    self_excited: Numbers = f8(MAX_FORCES)  # n
    relax_rate: Numbers = f8(MAX_FORCES, unit="per day")  # beta
    capacity_exponent: Numbers = f8(MAX_FORCES)
    deaths_mean: Numbers = f8(MAX_STREAMS, unit="deaths per attack")
    deaths_shape: Numbers = f8(MAX_STREAMS)
    mass_per_attack: Numbers = f8(MAX_STREAMS)
    mass_deaths: Numbers = f8(MAX_STREAMS, unit="deaths")
    mass_probability: Numbers = f8(MAX_STREAMS)  # that an attack is a mass-casualty attack
    talks_response: Numbers = f8(MAX_FORCES)  # of outside forces, to open talks
    season_amplitude: float = f8()
    season_peak: float = f8(unit="day of the year")
    kept_excitation: Numbers = f8(LENGTHS, MAX_FORCES)
    operates: Integers = i8(MAX_FORCES)  # 1 for a regular force whose operations kill
    operation_fighters: Numbers = f8(2, MAX_FORCES, unit="deaths per day")  # on defence, on offence
    operation_civilians: Numbers = f8(2, MAX_FORCES, unit="deaths per day")
    counter_sd: float = f8()  # of the logarithm of what is counted over what is


@compiled
def read_postures(state: State, params: Params) -> None:
    """Set `posture` and `violence_of` from the moves that stand."""
    for actor in range(params.actors):
        state.violence_of[actor] = 0.0
    for force in range(params.forces):
        owner = params.owner[force]
        commanded = owner >= 0
        if commanded and params.kind[force] == INSURGENT:
            total = params.violence_total[owner, state.standing[owner], force]
            state.violence_of[owner] = max(state.violence_of[owner], total)
        for stream in range(params.first_stream[force], params.first_stream[force + 1]):
            state.posture[stream] = params.violence_level[owner, state.standing[owner], stream] if commanded else 1.0


@compiled
def violence_factor(state: State, params: Params, stream: int) -> float:
    """Return the multiplier on the rate of a stream: its posture, less the arms that its force has put beyond use."""
    return state.posture[stream] * (1.0 - state.disarmed[params.stream_force[stream]])


@compiled
def violence_on(state: State, params: Params, actor: int, target: int) -> float:
    """Return how violent an actor stands on a target: the highest posture of its insurgents; -1 for all targets."""
    if target < 0:
        return state.violence_of[actor]
    return params.violence_at[actor, state.standing[actor], target]


@compiled
def holding_fire(state: State, params: Params, actor: int, target: int) -> float:
    """Return 1 while an actor's violence, on a target or in all, stands at or under the pledged share."""
    return where(violence_on(state, params, actor, target) <= params.pledge, 1.0, 0.0)


@compiled
def surging(state: State, params: Params, actor: int, target: int) -> float:
    """Return 1 while an actor's violence, on a target or in all, stands above its baseline."""
    return where(violence_on(state, params, actor, target) > 1.0, 1.0, 0.0)


@compiled
def season(state: State, params: Params) -> float:
    """Return the factor of the season, 1 plus a cosine that peaks on the scenario's day of the year."""
    if params.season_amplitude == 0.0:
        return 1.0
    day = params.start_day_of_year + state.tick * params.dt - params.season_peak
    return 1.0 + params.season_amplitude * cosine_of_turn(day / YEAR)


@compiled
def spontaneous_rate(state: State, params: Params, stream: int) -> float:
    """Return attacks per day at posture 1 that no earlier attack excited."""
    force = params.stream_force[stream]
    exponent = params.capacity_exponent[force]
    base = params.attack_base[stream] * state.attack_factor[force] * season(state, params)
    if exponent == 0.0 or params.attack_base[stream] == 0.0:
        return base
    ratio = state.strength[force] / params.strength_start[force]
    if exponent == 0.5:
        return base * sqrt(ratio)
    if exponent == 1.0:
        return base * ratio
    return base * power(ratio, exponent)


@compiled
def attack_intensity(state: State, params: Params, stream: int) -> float:
    """Return attacks per day of a stream under its standing posture."""
    force = params.stream_force[stream]
    kind = params.kind[force]
    if kind == REGULAR or (kind == OUTSIDE and params.on[ON_SPOILERS] == 0):
        return 0.0
    rate = violence_factor(state, params, stream) * (spontaneous_rate(state, params, stream) + state.excitation[stream])
    if kind == OUTSIDE and params.on[ON_SPOILER_RESPONSE] != 0:
        rate *= 1.0 + params.talks_response[force] * state.talks
    return rate


@compiled
def read_outside_intensity(state: State, params: Params) -> None:
    """Set the intensity of outside forces anew, which alone answer to the opening of talks."""
    for stream in range(params.streams):
        if params.kind[params.stream_force[stream]] == OUTSIDE:
            state.intensity[stream] = attack_intensity(state, params, stream)


@compiled
def read_intensity(state: State, params: Params) -> None:
    """Set `intensity` and `violence`."""
    intensity = 0.0
    reference = 0.0
    for stream in range(params.streams):
        state.intensity[stream] = attack_intensity(state, params, stream)
        if params.kind[params.stream_force[stream]] == INSURGENT:
            intensity += state.intensity[stream]
            reference += params.attack_reference[stream]
    state.violence = intensity / reference if reference > 0.0 else 0.0


@compiled
def begin_violence(state: State, params: Params) -> None:
    """Set excitation to the mean that the base rate sustains, and draw the error of who counts attacks."""
    for force in range(params.forces):
        share = params.self_excited[force]
        for stream in range(params.first_stream[force], params.first_stream[force + 1]):
            state.excitation[stream] = share * params.attack_base[stream] / (1.0 - share)
            if params.share_at_start[force] < 1.0:
                state.excitation[stream] *= power(params.share_at_start[force], params.capacity_exponent[force])
        state.attack_factor[force] = 1.0
    state.counter = 1.0
    if params.counter_sd > 0.0:
        state.counter = exp(params.counter_sd * normal(uniform(state.seed, state.replication, COUNTER, 0, 0, 0)))


@compiled
def excite(state: State, params: Params, stream: int, attacks: float, length: int) -> None:
    """Let a stream's excitation relax over a step and rise with the attacks in it.

    Parameters
    ----------
    state, params : State, Params
        `state.intensity` must be that of the start of the step.
    stream : int
        Row of the stream.
    attacks : float
        Attacks in the step; its expectation on a mean path.
    length : int
        Row of the step's length.
    """
    force = params.stream_force[stream]
    share = params.self_excited[force]
    if share == 0.0:
        return
    kept = params.kept_excitation[length, force]
    factor = violence_factor(state, params, stream)
    rate = attacks / (where(factor > 0.0, factor, 1.0) * params.length_days[length])
    if some(factor <= 0.0):
        calm = spontaneous_rate(state, params, stream) + state.excitation[stream]
        rate = where(factor > 0.0, rate, calm)
    state.excitation[stream] = kept * state.excitation[stream] + share * (1.0 - kept) * rate


@compiled
def expected_deaths(state: State, params: Params) -> None:
    """Set `killed` to its expectation at the intensity that holds now."""
    for stream in range(params.streams):
        state.killed[stream] = state.intensity[stream] * params.deaths_mean[stream]


@compiled
def kill_rivals(state: State, params: Params, days: float) -> None:
    """Take those killed in a step off the strength of the forces that attacks are aimed at."""
    for stream in range(params.streams):
        rival = params.rival[stream]
        if rival >= 0:
            state.strength[rival] = max(state.strength[rival] - state.killed[stream] * days / 1000.0, 0.0)


@compiled
def expected_attacks(state: State, params: Params, length: int) -> None:
    """Let the excitation of insurgent forces follow the attacks that are expected in a step of the mean path."""
    days = params.length_days[length]
    for stream in range(params.streams):
        if params.kind[params.stream_force[stream]] == INSURGENT:
            excite(state, params, stream, state.intensity[stream] * days, length)


@compiled
def draw_attacks(state: State, params: Params, log: Log) -> None:
    """Draw attacks and deaths of every force, and let excitation and alarm follow."""
    day = int(1.0 / params.dt + 0.5)
    new_day = state.tick % day == 0
    for stream in range(params.streams):
        force = params.stream_force[stream]
        if params.kind[force] == REGULAR and params.operates[force] == 0:
            continue
        if new_day:
            state.attacks_today[stream] = 0.0
            state.deaths_today[stream] = 0.0
        state.killed[stream] = 0.0
        if params.kind[force] == REGULAR:
            draw_operations(state, params, stream)
        else:
            draw_stream(state, params, stream, log)


@compiled
def draw_stream(state: State, params: Params, stream: int, log: Log) -> None:
    """Draw the attacks of a step on one target, their deaths, and whether one of them shocks."""
    occasion, entity = state.tick + 1, params.stream_luck[stream]
    mean = state.intensity[stream] * params.dt
    attacks = 0.0
    if mean != 0.0:  # NaN too, which then ends the run as failed
        attacks = float(poisson(uniform(state.seed, state.replication, ATTACKS, entity, occasion, 0), mean))
    if params.kind[params.stream_force[stream]] == INSURGENT:
        excite(state, params, stream, attacks, TICK_LENGTH)
    if attacks == 0.0:
        return
    worst = 0.0
    if params.mass_deaths[stream] > 0.0 and not attacks <= MOST_ONE_BY_ONE:
        deaths = nan
    elif params.mass_deaths[stream] > 0.0:  # one by one: the deaths of a single attack matter
        deaths = 0.0
        for attack in range(int(attacks)):
            luck = uniform(state.seed, state.replication, DEATHS, entity, occasion, attack)
            died = float(negative_binomial(luck, params.deaths_mean[stream], params.deaths_shape[stream]))
            deaths += died
            worst = max(worst, died)
    else:
        luck = uniform(state.seed, state.replication, DEATHS, entity, occasion, 0)
        mean, shape = attacks * params.deaths_mean[stream], attacks * params.deaths_shape[stream]
        deaths = float(negative_binomial(luck, mean, shape))
    state.attacks_today[stream] += attacks
    state.deaths_today[stream] += deaths
    state.attacks_total[stream] += attacks
    state.deaths_total[stream] += deaths
    state.window_attacks[stream] += attacks
    state.window_deaths[stream] += deaths
    state.killed[stream] = deaths / params.dt
    if params.on[ON_TRIGGERS] != 0:
        draw_mass_casualty(state, params, stream, attacks, worst, log)


@compiled
def operation_deaths(state: State, params: Params, force: int, civilians: bool) -> float:
    """Return the deaths per day that the operations of a regular force are expected to cause."""
    offence = on_offence(state, params, params.owner[force])
    rates = params.operation_civilians if civilians else params.operation_fighters
    return where(offence > 0.0, rates[1, force], rates[0, force]) * state.strength[force]


@compiled
def draw_operations(state: State, params: Params, stream: int) -> None:
    """Draw the fighters and civilians who die in the operations of a regular force in a step."""
    force, occasion = params.stream_force[stream], state.tick + 1
    for civilian in range(2):
        mean = operation_deaths(state, params, force, civilian == 1) * params.dt
        if mean != 0.0:
            luck = uniform(state.seed, state.replication, OPERATIONS, force, occasion, civilian)
            deaths = float(poisson(luck, mean))
            state.deaths_today[stream] += deaths
            state.deaths_total[stream] += deaths
            if civilian == 1:
                state.civilian_total[stream] += deaths


@compiled
def draw_mass_casualty(state: State, params: Params, stream: int, attacks: float, worst: float, log: Log) -> None:
    """Let a mass-casualty attack call reviews of the incumbents for the next day, and break open talks by its chance.

    It is one with at least so many deaths, or one that happens by its own probability.
    """
    entity = params.stream_luck[stream]
    happened = params.mass_deaths[stream] > 0.0 and worst >= params.mass_deaths[stream]
    if not happened and params.mass_per_attack[stream] > 0.0:
        luck = uniform(state.seed, state.replication, MASS_CASUALTY_CAUSE, entity, state.tick + 1, 0)
        happened = luck < 1.0 - exp(-params.mass_per_attack[stream] * attacks)
    if not happened:
        return
    record_event(log, state.tick + 1, MASS_CASUALTY, params.stream_force[stream], params.stream_target[stream], worst)
    for actor in range(params.actors):
        if params.incumbent[actor] != 0:
            call_review(state, params, actor, state.tick + 1)
    if params.breakdown_shock == 0.0 or state.talks == 0.0:
        return
    luck = uniform(state.seed, state.replication, MASS_CASUALTY_CAUSE, entity, state.tick + 1, 1)
    if luck < params.breakdown_shock:
        state.hazard_fired[BREAKDOWN_HAZARD] = 1
