"""Features: every quantity of the catalogue, read off a world.

One function, one number a feature (`sim.scenario.catalogue`). Payoffs weigh features, conditions compare them, and the
daily series record them. An entity of -1 stands for all entities of the kind, summed or averaged as the catalogue says.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.compiled import compiled
from sim.model.aid import aid_paid
from sim.model.capacity import on_offence
from sim.model.forces import INSURGENT, REGULAR
from sim.model.lanes import where
from sim.model.logistic import logistic
from sim.model.offices import lowest_cohesion, office_harm
from sim.model.quantities import declared_quantity
from sim.model.releases import releasing
from sim.model.reputation import mean_reputation
from sim.model.threats import threatens
from sim.model.violence import holding_fire, operation_deaths, surging
from sim.model.withdrawal import pausing
from sim.model.world import NEVER
from sim.scenario.catalogue import (
    ACCEPTED,
    AID,
    AID_LOST,
    ALL_ATTACKS,
    ALL_DEATHS,
    AMOUNT_ACCEPTED,
    AMOUNT_HANDED_OVER,
    ATTACK_RATE,
    ATTACKS,
    BALANCE_OF_FORCE,
    CAPACITY,
    CAPTIVES_HOME,
    COHESION,
    COMMANDERS,
    COUNTED,
    COUNTED_ATTACKS,
    CUTS,
    DAILY_ATTACKS,
    DAILY_DEATHS,
    DAY,
    DAYS_PAST_DUE,
    DEATHS,
    DISARMED,
    DISPUTE,
    DIVIDED_TEAM,
    DUAL_OFFICE,
    FREED,
    HANDED_OVER,
    HAPPENED,
    HOLDING_FIRE,
    ON_OFFENCE,
    PAUSED,
    PERSONS_COUNTED,
    PERSONS_FREED,
    PERSONS_UNCOUNTED,
    QUANTITY,
    RECALLED,
    RELEASING,
    REPUTATION,
    REPUTATION_INDEX,
    RETURNED,
    SANCTUARY_RISK,
    STRENGTH,
    SURGE,
    TALKS,
    TERRITORY,
    THREAT,
    TROOP_COUNT,
    TROOPS,
    TROOPS_GONE,
    TRUST,
)

if TYPE_CHECKING:
    from sim.model.layout import Params, State


@compiled
def attacks_over_reference(state: State, params: Params, force: int, target: int) -> float:
    """Return attack intensity over its reference: of a force, on one of its targets, or of all insurgents together."""
    if force < 0:
        return state.violence
    rate = 0.0
    reference = 0.0
    for stream in range(params.first_stream[force], params.first_stream[force + 1]):
        if target < 0 or params.stream_target[stream] == target:
            rate += state.intensity[stream]
            reference += params.attack_reference[stream]
    return rate / reference if reference > 0.0 else 0.0


@compiled
def stream_quantity(state: State, params: Params, code: int, stream: int) -> float:
    """Return attacks or deaths of one force on one of its targets."""
    if code == ATTACK_RATE:
        return state.intensity[stream]
    if code == DEATHS:
        return state.intensity[stream] * params.deaths_mean[stream]
    if code == DAILY_ATTACKS:
        return state.attacks_today[stream]
    if code == COUNTED_ATTACKS:
        return state.attacks_today[stream] * state.counter
    if code == DAILY_DEATHS:
        return state.deaths_today[stream]
    if code == ALL_ATTACKS:
        return state.attacks_total[stream]
    if code == ALL_DEATHS:
        return state.deaths_total[stream]
    return state.civilian_total[stream]


@compiled
def violence_sum(state: State, params: Params, code: int, force: int, target: int) -> float:
    """Return attacks or deaths of one force, or of all: on one target, or on all."""
    total = 0.0
    for stream in range(params.streams):
        of = params.stream_force[stream]
        if (force < 0 or of == force) and (target < 0 or params.stream_target[stream] == target):
            total += stream_quantity(state, params, code, stream)
            if code == DEATHS and params.operates[of] != 0:
                total += operation_deaths(state, params, of, False) + operation_deaths(state, params, of, True)
    return total


@compiled
def force_quantity(state: State, params: Params, code: int, force: int) -> float:
    """Return the strength, the capacity or the arms beyond use of one armed force."""
    if code == DISARMED:
        return state.disarmed[force]
    if params.kind[force] == REGULAR:
        capacity = state.strength[force]
        return capacity if code == CAPACITY else capacity * params.strength_start[force]
    if code == CAPACITY:
        start = params.strength_start[force]
        return state.strength[force] / start if start > 0.0 else 0.0
    return state.strength[force]


@compiled
def group_quantity(state: State, params: Params, code: int, group: int) -> float:
    """Return a number of captives of one group, or its dispute or release as a flag."""
    if code == PERSONS_FREED or code == FREED or code == HANDED_OVER or code == AMOUNT_HANDED_OVER:
        return state.freed[group]
    if code == PERSONS_COUNTED or code == COUNTED or code == ACCEPTED or code == AMOUNT_ACCEPTED:
        return state.counted[group]
    if code == PERSONS_UNCOUNTED:
        return state.freed[group] - state.counted[group]
    if code == COMMANDERS:
        return state.commanders[group]
    if code == RETURNED:
        return state.returned[group]
    if code == RECALLED:
        return state.recalled[group]
    if code == DISPUTE:
        return state.dispute[group]
    return releasing(state, params, group)


@compiled
def group_sum(state: State, params: Params, code: int, group: int) -> float:
    """Return a quantity of one group or stock; its sum over the groups of captives; for flags the largest of all."""
    if group >= 0:
        return group_quantity(state, params, code, group)
    total = 0.0
    is_flag = code == DISPUTE or code == RELEASING
    for row in range(params.groups):
        value = group_quantity(state, params, code, row)
        if is_flag:
            total = max(total, value)
        elif row < params.captive_groups:
            total += value
    return total


@compiled
def group_share(state: State, params: Params, code: int, group: int) -> float:
    """Return captives over those promised (commanders: over those held), of one group or of all together."""
    held = code == COMMANDERS
    if group >= 0:
        of = params.commanders_held[group] if held else params.promised[group]
        return group_quantity(state, params, code, group) / of if of > 0.0 else 0.0
    whole = 0.0
    for row in range(params.captive_groups):
        whole += params.commanders_held[row] if held else params.promised[row]
    return group_sum(state, params, code, group) / whole if whole > 0.0 else 0.0


@compiled
def captives_home(state: State, params: Params, actor: int) -> float:
    """Return captives claimed by an actor that are free, over those promised to it."""
    free = 0.0
    promised = 0.0
    for group in range(params.captive_groups):
        if params.claimant[group] == actor:
            free += state.freed[group]
            promised += params.promised[group]
    return free / promised if promised > 0.0 else 0.0


@compiled
def troop_number(state: State, params: Params, force: int) -> float:
    """Return foreign troops of one force, or of all."""
    if force >= 0:
        return state.troops[force]
    total = 0.0
    for row in range(params.foreign):
        total += state.troops[row]
    return total


@compiled
def troop_share(state: State, params: Params, force: int) -> float:
    """Return foreign troops over their number at the start."""
    if force < 0:
        return state.troop_share
    return state.troops[force] / params.troops_start[force] if params.troops_start[force] > 0.0 else 1.0


@compiled
def flow_quantity(state: State, params: Params, code: int, flow: int) -> float:
    """Return aid that flows, cuts executed, or the share lost, of one flow or of all together."""
    flowing = 0.0
    start = 0.0
    cuts = 0.0
    for row in range(params.flows):
        if flow < 0 or row == flow:
            flowing += aid_paid(state, params, row)
            start += params.aid_start[row]
            cuts += state.cuts[row]
    if code == CUTS:
        return cuts
    if code == AID:
        return flowing
    return 1.0 - flowing / start if start > 0.0 else 0.0


@compiled
def office_quantity(state: State, params: Params, code: int, office: int) -> float:
    """Return cohesion (the lowest among all) or the dual claim (the highest among all) of an office."""
    if code == COHESION:
        return logistic(state.cohesion_logit[office]) if office >= 0 else lowest_cohesion(state, params)
    if office >= 0:
        return state.dual[office]
    highest = 0.0
    for row in range(params.offices):
        highest = max(highest, state.dual[row])
    return highest


@compiled
def actor_flag(state: State, params: Params, code: int, actor: int, target: int) -> float:
    """Return a flag of one actor's standing move, of its violence also on one target."""
    if code == HOLDING_FIRE:
        return holding_fire(state, params, actor, target)
    if code == SURGE:
        return surging(state, params, actor, target)
    if code == THREAT:
        return threatens(state, actor)
    if code == PAUSED:
        return pausing(state, params, actor)
    return on_offence(state, params, actor)


@compiled
def actor_quantity(state: State, params: Params, code: int, actor: int, target: int) -> float:
    """Return a quantity of one actor; without actor the highest flag, or holding fire only if all do."""
    if actor >= 0:
        return actor_flag(state, params, code, actor, target)
    if code == HOLDING_FIRE:
        for row in range(params.forces):
            if params.kind[row] == INSURGENT and actor_flag(state, params, code, params.owner[row], -1) == 0.0:
                return 0.0
        return 1.0
    highest = 0.0
    for row in range(params.actors):
        highest = max(highest, actor_flag(state, params, code, row, -1))
    return highest


def read_feature(state: State, params: Params, code: int, a: int, b: int) -> float:
    """Return a feature of the catalogue.

    Parameters
    ----------
    state, params : State, Params
        The world; not changed. What `sim.model.reading.read_world` sets must be current.
    code : int
        Number of the feature in `sim.scenario.catalogue`.
    a, b : int
        Rows of its entities; -1 for all, or where it has none.

    Returns
    -------
    float
        In the unit that the catalogue names.
    """
    if code == ATTACKS:
        return attacks_over_reference(state, params, a, b)
    if code == BALANCE_OF_FORCE:
        return state.force_balance
    if code == TALKS:
        return state.talks
    if code == TERRITORY:
        return state.territory
    if code == FREED or code == COUNTED or code == COMMANDERS or code == HANDED_OVER or code == ACCEPTED:
        return group_share(state, params, code, a)
    if code == TROOPS:
        return troop_share(state, params, a)
    if code == TROOPS_GONE:
        return 1.0 - troop_share(state, params, a)
    if code == AID_LOST or code == AID or code == CUTS:
        return flow_quantity(state, params, code, a)
    if code == COHESION or code == DUAL_OFFICE:
        return office_quantity(state, params, code, a)
    if code == HOLDING_FIRE or code == SURGE or code == THREAT or code == PAUSED or code == ON_OFFENCE:
        return actor_quantity(state, params, code, a, b)
    if code == REPUTATION:
        return mean_reputation(state, params, a)
    if code == TRUST:
        return logistic(state.trust[a, b])
    if code == DIVIDED_TEAM:
        return office_harm(state, params)
    if code == REPUTATION_INDEX:
        return state.trust[a, b]
    if code == CAPTIVES_HOME:
        return captives_home(state, params, a)
    if code == SANCTUARY_RISK:
        return state.force_balance * (1.0 - state.troop_share)
    if code == DAY:
        return state.tick * params.dt
    if code == HAPPENED:
        return float(state.happened[a])
    if code == TROOP_COUNT:
        return troop_number(state, params, a)
    if code == DAYS_PAST_DUE:
        known = state.promise_due[a] < NEVER
        return where(known, (state.tick - state.promise_due[a]) * params.dt, -params.horizon_tick * params.dt)
    if (
        code == PERSONS_FREED
        or code == PERSONS_COUNTED
        or code == PERSONS_UNCOUNTED
        or code == DISPUTE
        or code == RELEASING
        or code == RETURNED
        or code == RECALLED
        or code == AMOUNT_HANDED_OVER
        or code == AMOUNT_ACCEPTED
    ):
        return group_sum(state, params, code, a)
    if code == QUANTITY:
        return declared_quantity(state, params, a)
    if code == STRENGTH or code == CAPACITY or code == DISARMED:
        return force_quantity(state, params, code, a)
    return violence_sum(state, params, code, a, b)
