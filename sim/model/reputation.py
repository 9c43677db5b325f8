r"""Public reputation indices: log-odds that an actor keeps its pledges, moved by a fixed rule.

For an actor with armed forces, a review of length :math:`\tau` days with :math:`y` attacks attributed to it, of those
on targets that an observer minds (with reference :math:`\Lambda_0`), gives :math:`z = \ln((y+1)/(\Lambda_0 \tau))` and

.. math::

   b' = b_0 + e^{-\tau/\phi}(b - b_0)
        + \mathrm{clip}\Big(g\,\frac{z^2 - (z - \ln s_p)^2}{2\sigma^2}, -c, c\Big)\frac{\tau}{7},

a damped log-likelihood ratio of keeping the pledge (attacks at :math:`s_p` of the reference) against not. A raw Poisson
likelihood would move it by hundreds a week. It is an index that all can see, not a private posterior: the exact
two-type signalling game is in `sim.games`. Indices of actors without forces move only with events: a pledge broken, a
threat executed, releases counted, a refusal reversed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.compiled import compiled
from sim.elementary import log
from sim.model.clocks import REPUTATION_CLOCK
from sim.model.log import Log, record_event
from sim.model.logistic import logistic
from sim.model.record import Integers, Numbers, Part, f8, i8
from sim.model.steps import LENGTHS, REVIEW_LENGTH
from sim.model.switches import ON_REPUTATION
from sim.random.binomial import binomial
from sim.random.causes import ATTRIBUTION, CIVILIAN_DEATHS
from sim.random.stream import uniform
from sim.scenario.catalogue import MAX_ACTORS, MAX_FORCES, MAX_STREAMS
from sim.scenario.events import REPUTATION

if TYPE_CHECKING:
    from sim.model.layout import Params, State


class ReputationState(Part):
    """What each thinks of each, and civilian deaths, which reviews settle."""

    trust: Numbers = f8(MAX_ACTORS, MAX_ACTORS, unit="log-odds")  # that the second keeps its pledges, to the first
    civilian_total: Numbers = f8(MAX_STREAMS, unit="deaths")
    attributed: Numbers = f8(MAX_STREAMS, unit="attacks")  # scratch: of each stream, to the actor under review


class ReputationParams(Part):
    """The review, the events that move opinion, and who answers for whose attacks."""

    reputation_every: int = i8(unit="ticks")
    pledge: float = f8()  # share of the reference attacks to which a quiet actor keeps
    reputation_gain: float = f8()
    reputation_sd: float = f8()
    reputation_clip: float = f8(unit="log-odds per week")
    reputation_forget: float = f8(unit="days")
    reputation_start: float = f8(unit="log-odds")
    broken_pledge: float = f8(unit="log-odds")
    executed_threat: float = f8(unit="log-odds")
    per_100_counted: float = f8(unit="log-odds")
    reversed_refusal: float = f8(unit="log-odds")
    unattributed: Numbers = f8(MAX_STREAMS)
    blamed_on: Integers = i8(MAX_FORCES)
    blamed_share: Numbers = f8(MAX_FORCES)
    civilian_mean: Numbers = f8(MAX_STREAMS, unit="deaths per attack")
    attributed_force: Integers = i8(MAX_ACTORS)  # first of the insurgent forces that an actor answers for; -1 if none
    attribution: Numbers = f8(MAX_ACTORS, MAX_STREAMS)  # share of each stream's attacks laid at an actor's door
    minds: Integers = i8(MAX_ACTORS, MAX_STREAMS)  # 1 for streams that count with an observer
    minds_all: Integers = i8(MAX_ACTORS)  # 1 for an observer with whom all count
    attacks_expected: Numbers = f8(MAX_ACTORS, unit="attacks per day")  # at the reference, of an actor's forces
    attacks_minded: Numbers = f8(MAX_ACTORS, MAX_ACTORS, unit="attacks per day")  # the same by observer
    log_pledge: float = f8()
    kept_trust: Numbers = f8(LENGTHS)


@compiled
def mean_reputation(state: State, params: Params, actor: int) -> float:
    """Return the probability that an actor keeps its pledges, averaged over the others' eyes."""
    total = 0.0
    for other in range(params.actors):
        if other != actor:
            total += logistic(state.trust[other, actor])
    return total / (params.actors - 1) if params.actors > 1 else 0.0


@compiled
def begin_reputation(state: State, params: Params) -> None:
    """Let everybody start with the same opinion of everybody else."""
    for observer in range(params.actors):
        for actor in range(params.actors):
            if observer != actor:
                state.trust[observer, actor] = params.reputation_start


@compiled
def evidence(params: Params, attacks: float, reference: float, days: float) -> float:
    """Return the damped, clipped log-likelihood ratio of a review in which some attacks were attributed."""
    z = log((attacks + 1.0) / (reference * days))
    distance = z - params.log_pledge
    sd = params.reputation_sd
    ratio = params.reputation_gain * (z * z - distance * distance) / (2.0 * sd * sd)
    return max(min(ratio, params.reputation_clip), -params.reputation_clip) * days / 7.0


@compiled
def minded_attacks(state: State, params: Params, observer: int) -> float:
    """Return the attacks attributed to the actor under review that count with an observer."""
    attacks = 0.0
    for stream in range(params.streams):
        if params.minds[observer, stream] != 0:
            attacks += state.attributed[stream]
    return attacks


@compiled
def review_reputation(state: State, params: Params, actor: int, length: int) -> float:
    """Move what all others think of an actor by the attacks attributed to it over a step of the length in this row.

    Parameters
    ----------
    state, params : State, Params
        `state.attributed` must be that of the actor.
    actor, length : int
        Who is reviewed, and the row of the step's length.

    Returns
    -------
    float
        Attacks attributed to it on all targets.
    """
    attacks = 0.0
    for stream in range(params.streams):
        attacks += state.attributed[stream]
    if params.on[ON_REPUTATION] == 0 or params.attacks_expected[actor] <= 0.0:
        return attacks
    kept = params.kept_trust[length]
    days = params.length_days[length]
    of_all = evidence(params, attacks, params.attacks_expected[actor], days)
    start = params.reputation_start
    for other in range(params.actors):
        if other == actor:
            continue
        gain = of_all
        if params.minds_all[other] == 0:
            gain = 0.0
            reference = params.attacks_minded[other, actor]
            if reference > 0.0:
                gain = evidence(params, minded_attacks(state, params, other), reference, days)
        state.trust[other, actor] = start + kept * (state.trust[other, actor] - start) + gain
    return attacks


@compiled
def expected_reviews(state: State, params: Params, length: int) -> None:
    """Move all reputations along the mean path, with expected attacks at the intensity that holds now."""
    if params.on[ON_REPUTATION] == 0:
        return
    days = params.length_days[length]
    for actor in range(params.actors):
        if params.attributed_force[actor] < 0:
            continue
        for stream in range(params.streams):
            state.attributed[stream] = state.intensity[stream] * days * params.attribution[actor, stream]
        review_reputation(state, params, actor, length)


@compiled
def review_reputations(state: State, params: Params, log: Log) -> None:
    """Attribute the attacks since the last review, and move reputations and civilian deaths by them."""
    seed, replication = state.seed, state.replication
    for actor in range(params.actors):
        first = params.attributed_force[actor]
        if first < 0:
            continue
        for stream in range(params.streams):
            share = params.attribution[actor, stream]
            state.attributed[stream] = 0.0
            if share > 0.0:
                force = params.stream_force[stream]
                place = params.stream_luck[stream] // MAX_FORCES
                luck = uniform(seed, replication, ATTRIBUTION, first * MAX_FORCES + force, state.tick, place)
                state.attributed[stream] = binomial(luck, int(state.window_attacks[stream]), share)
        attributed = review_reputation(state, params, actor, REVIEW_LENGTH)
        record_event(log, state.tick, REPUTATION, actor, -1, attributed)
    for stream in range(params.streams):
        if state.window_deaths[stream] > 0.0 and params.deaths_mean[stream] > 0.0:
            luck = uniform(seed, replication, CIVILIAN_DEATHS, params.stream_luck[stream], state.tick, 0)
            share = min(params.civilian_mean[stream] / params.deaths_mean[stream], 1.0)
            state.civilian_total[stream] += binomial(luck, int(state.window_deaths[stream]), share)
        state.window_attacks[stream] = 0.0
        state.window_deaths[stream] = 0.0
    state.clock[REPUTATION_CLOCK] = state.tick + params.reputation_every


@compiled
def move_opinion(state: State, params: Params, actor: int, change: float) -> None:
    """Change what all others think of an actor by an event."""
    if params.on[ON_REPUTATION] == 0:
        return
    for other in range(params.actors):
        if other != actor:
            state.trust[other, actor] += change
