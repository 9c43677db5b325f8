r"""Cohesion of an office and the office that two claim.

Cohesion is :math:`L = \mathrm{logistic}(l)` with

.. math::

   dl = [-l/\tau - c_\Lambda\,(\Lambda/\Lambda_0)(1+Z) - \textstyle\sum_k c_k m_k]\,dt
        - c_R\,\frac{dR}{1000}\,(q + (1-q)\,s) + \sigma\,dB,

where :math:`Z` marks an office claimed twice, :math:`m_k` are those killed per day on target :math:`k`, :math:`dR` are
captives freed by its holder and :math:`s` is the violence of their claimant. The linear part is stepped by its exact
solution. A dual office ends at a constant hazard, faster while its holder offers the rival a share; the end lifts
:math:`l` once.
"""

from __future__ import annotations

from math import sqrt
from typing import TYPE_CHECKING

from sim.compiled import compiled
from sim.elementary import exp
from sim.model.hazards import RESOLVE_HAZARD, integrate_hazard
from sim.model.lanes import some, where
from sim.model.log import Log, record_event
from sim.model.logistic import logistic
from sim.model.record import Integers, Numbers, Part, f8, i8
from sim.model.steps import LENGTHS
from sim.model.switches import ON_COHESION, ON_DUAL_OFFICE
from sim.random.causes import COHESION_NOISE
from sim.random.normal import normal
from sim.random.stream import uniform
from sim.scenario.catalogue import MAX_ACTORS, MAX_MOVES, MAX_OFFICES, MAX_STREAMS
from sim.scenario.events import OFFICE_RESOLVED

if TYPE_CHECKING:
    from sim.model.layout import Params, State


class OfficeState(Part):
    """How far each office holds together, and whether two claim it."""

    cohesion_logit: Numbers = f8(MAX_OFFICES, unit="log-odds")
    dual: Numbers = f8(MAX_OFFICES)  # 0 or 1; its probability on a mean path


class OfficeParams(Part):
    """Cohesion, dual claims, and what moves say of a rival claimant."""

    single_team: Integers = i8(MAX_ACTORS, MAX_MOVES)
    offer: Integers = i8(MAX_ACTORS, MAX_MOVES)
    office_actor: Integers = i8(MAX_OFFICES)
    cohesion_start: Numbers = f8(MAX_OFFICES, unit="log-odds")
    cohesion_revert: Numbers = f8(MAX_OFFICES, unit="per day")
    cohesion_attacks: Numbers = f8(MAX_OFFICES, unit="log-odds per day")
    cohesion_deaths: Numbers = f8(MAX_OFFICES, MAX_STREAMS, unit="log-odds per death")
    cohesion_minds_deaths: Integers = i8(MAX_OFFICES)  # 1 if any death counts
    cohesion_freed: Numbers = f8(MAX_OFFICES, unit="log-odds per thousand")
    cohesion_quiet_share: Numbers = f8(MAX_OFFICES)
    cohesion_noise: Numbers = f8(MAX_OFFICES, unit="log-odds per root day")
    dual_rate: Numbers = f8(MAX_OFFICES, unit="per day")
    dual_resolved: Numbers = f8(MAX_OFFICES, unit="log-odds")
    dual_offer: Numbers = f8(MAX_OFFICES)
    dual_single_team: Numbers = f8(MAX_OFFICES)
    kept_cohesion: Numbers = f8(LENGTHS, MAX_OFFICES)


@compiled
def office_is_split(state: State, params: Params, actor: int) -> bool:
    """Return whether an office of an actor has two claimants."""
    for office in range(params.offices):
        if params.office_actor[office] == actor and state.dual[office] > 0.0:
            return True
    return False


@compiled
def single_team(state: State, params: Params, office: int) -> bool:
    """Return whether the holder of an office sends a single team to the talks."""
    actor = params.office_actor[office]
    return bool(params.single_team[actor, state.standing[actor]] != 0)


@compiled
def offers(state: State, params: Params, office: int) -> bool:
    """Return whether the holder of an office offers its rival a share."""
    actor = params.office_actor[office]
    return bool(params.offer[actor, state.standing[actor]] != 0)


@compiled
def begin_offices(state: State, params: Params) -> None:
    """Set cohesion to its start."""
    for office in range(params.offices):
        state.cohesion_logit[office] = params.cohesion_start[office]


@compiled
def drift_cohesion(state: State, params: Params, length: int) -> None:
    """Step the cohesion of every office along its mean, over a step of the length in this row."""
    if params.on[ON_COHESION] == 0:
        return
    for office in range(params.offices):
        rate = params.cohesion_revert[office]
        push = -params.cohesion_attacks[office] * state.violence * (1.0 + state.dual[office])
        if params.cohesion_minds_deaths[office] != 0:
            for stream in range(params.streams):
                push -= params.cohesion_deaths[office, stream] * state.killed[stream]
        if rate > 0.0:
            rest = push / rate
            logit = state.cohesion_logit[office]
            state.cohesion_logit[office] = rest + (logit - rest) * params.kept_cohesion[length, office]
        else:
            state.cohesion_logit[office] += push * params.length_days[length]


@compiled
def perturb_cohesion(state: State, params: Params, office: int, days: float, shock: float) -> None:
    """Add the luck of a step: a standard normal `shock`."""
    state.cohesion_logit[office] += params.cohesion_noise[office] * sqrt(days) * shock


@compiled
def draw_cohesion_noise(state: State, params: Params) -> None:
    """Perturb cohesion by the luck of a step."""
    if params.on[ON_COHESION] == 0:
        return
    for office in range(params.offices):
        if params.cohesion_noise[office] > 0.0:
            luck = uniform(state.seed, state.replication, COHESION_NOISE, office, state.tick + 1, 0)
            perturb_cohesion(state, params, office, params.dt, normal(luck))


@compiled
def divide_by_release(state: State, params: Params, group: int, persons: float) -> None:
    """Lower the cohesion of the holder's offices when it frees captives, less so when their claimant is quiet."""
    if params.on[ON_COHESION] == 0:
        return
    for office in range(params.offices):
        if params.office_actor[office] == params.holder[group]:
            quiet = params.cohesion_quiet_share[office]
            violence = state.violence_of[params.claimant[group]]
            state.cohesion_logit[office] -= (
                params.cohesion_freed[office] * persons / 1000.0 * (quiet + (1.0 - quiet) * violence)
            )


@compiled
def resolution_rate(state: State, params: Params, office: int) -> float:
    """Return the hazard per day that a dual office is resolved."""
    rate = params.dual_rate[office]
    return where(offers(state, params, office), rate * params.dual_offer[office], rate)


@compiled
def resolve(state: State, params: Params, office: int, share: float) -> None:
    """Resolve a dual office: all of it (`share` 1), or its probability on a mean path."""
    if params.on[ON_COHESION] != 0:
        state.cohesion_logit[office] += params.dual_resolved[office] * state.dual[office] * share
    state.dual[office] *= 1.0 - share


@compiled
def expected_resolutions(state: State, params: Params, days: float) -> None:
    """Resolve dual offices by their probability over a step of the mean path."""
    if params.on[ON_DUAL_OFFICE] == 0:
        return
    for office in range(params.offices):
        if some(state.dual[office] > 0.0):
            resolve(state, params, office, 1.0 - exp(-resolution_rate(state, params, office) * days))


@compiled
def integrate_resolutions(state: State, params: Params, days: float) -> None:
    """Integrate the hazards that dual offices are resolved in the step that starts now."""
    for office in range(params.offices):
        rate = resolution_rate(state, params, office)
        integrate_hazard(state, RESOLVE_HAZARD + office, state.dual[office] > 0.0, rate, days)


@compiled
def resolve_offices(state: State, params: Params, log: Log) -> None:
    """Let resolutions that fired take effect."""
    for office in range(params.offices):
        if state.hazard_fired[RESOLVE_HAZARD + office] != 0:
            resolve(state, params, office, 1.0)
            record_event(log, state.tick, OFFICE_RESOLVED, office, params.office_actor[office], 0.0)


@compiled
def office_harm(state: State, params: Params) -> float:
    """Return how far dual offices weaken the talks: the largest of them, halved, say, by a single team."""
    harm = 0.0
    if params.on[ON_DUAL_OFFICE] == 0:
        return harm
    for office in range(params.offices):
        weight = where(single_team(state, params, office), params.dual_single_team[office], 1.0)
        harm = max(harm, state.dual[office] * weight)
    return harm


@compiled
def lowest_cohesion(state: State, params: Params) -> float:
    """Return the lowest cohesion among offices, in [0, 1]; 1 when there is no office."""
    lowest = 1.0
    for office in range(params.offices):
        lowest = min(lowest, logistic(state.cohesion_logit[office]))
    return lowest
