r"""Capacities of armed forces and the balance of force.

Insurgent strength (thousand fighters) and the capacity index of regular forces follow

.. math::

   dI &= [a I_0 - a I k\,(w + (1-w)\,W/W_0)]\,dt + \text{returns}/1000 \\
   dC &= -C\,[d_0 + d_F(1-F/F_0) + d_W(1-W/W_0) + d_\Lambda \Lambda/\Lambda_0 + d_o\,\mathrm{offence}]\,dt
         + \sigma C\,dB

with :math:`k` in defence or on offence, and both are stepped by their exact solutions for constant coefficients, so a
step may be a day or a month. The balance of force is a Tullock (1980) contest success function,

.. math:: p = \frac{I^m}{I^m + (C_0 C\,(1 + \alpha\,\mathrm{air}\,(W/W_0)^a + \varphi F/F_0))^m}.

With :math:`a < 1` a few bases give most of the air support, which then ends with the last of them.
"""

from __future__ import annotations

from math import sqrt
from typing import TYPE_CHECKING

from sim.compiled import compiled
from sim.elementary import exp, power
from sim.model.forces import INSURGENT, REGULAR
from sim.model.lanes import some, where
from sim.model.record import Integers, Numbers, Part, f8, i8
from sim.random.causes import CAPACITY_NOISE
from sim.random.normal import normal
from sim.random.stream import uniform
from sim.scenario.catalogue import MAX_ACTORS, MAX_FORCES, MAX_MOVES

if TYPE_CHECKING:
    from sim.model.layout import Params, State


class CapacityState(Part):
    """Strengths, and what is read off them."""

    strength: Numbers = f8(MAX_FORCES, unit="thousand")  # of a regular force: its capacity index
    offence: float = f8()  # 1 while any incumbent attacks; read off the standing moves
    force_balance: float = f8()  # read off the world after every change


class CapacityParams(Part):
    """Recruitment, attrition, decay and the contest, and what moves say of offence and support."""

    share_at_start: Numbers = f8(MAX_FORCES)
    offence: Integers = i8(MAX_ACTORS, MAX_MOVES)
    support: Numbers = f8(MAX_ACTORS, MAX_MOVES)  # by foreign troops, as a share of full defensive support
    turnover: Numbers = f8(MAX_FORCES, unit="per day")
    attrition_defence: Numbers = f8(MAX_FORCES)
    attrition_offence: Numbers = f8(MAX_FORCES)
    attrition_without_troops: Numbers = f8(MAX_FORCES)
    decay_base: Numbers = f8(MAX_FORCES, unit="per day")
    decay_aid: Numbers = f8(MAX_FORCES, unit="per day")
    decay_troops: Numbers = f8(MAX_FORCES, unit="per day")
    decay_attacks: Numbers = f8(MAX_FORCES, unit="per day")
    decay_offence: Numbers = f8(MAX_FORCES, unit="per day")
    noise: Numbers = f8(MAX_FORCES, unit="per root day")
    contest_exponent: float = f8()
    contest_air: float = f8()
    air_exponent: float = f8()  # how it grows with the share of troops that are there
    contest_aid: float = f8()


@compiled
def on_offence(state: State, params: Params, actor: int) -> float:
    """Return 1 while an actor's standing move puts its regular forces on offence."""
    return where(params.offence[actor, state.standing[actor]] != 0, 1.0, 0.0)


@compiled
def read_offence(state: State, params: Params) -> None:
    """Set `offence` from the moves that stand."""
    state.offence = 0.0
    for actor in range(params.actors):
        if params.incumbent[actor] != 0 and on_offence(state, params, actor) > 0.0:
            state.offence = 1.0


@compiled
def begin_capacity(state: State, params: Params) -> None:
    """Set strengths to what is there of them on day 0; the capacity index of a whole regular force is 1."""
    for force in range(params.forces):
        whole = 1.0 if params.kind[force] == REGULAR else params.strength_start[force]
        state.strength[force] = whole * params.share_at_start[force]


@compiled
def drift_insurgents(state: State, params: Params, days: float) -> None:
    """Step the strength of insurgent forces: recruitment against attrition."""
    for force in range(params.forces):
        rate = params.turnover[force]
        if params.kind[force] != INSURGENT or rate == 0.0:
            continue
        k = where(state.offence > 0.0, params.attrition_offence[force], params.attrition_defence[force])
        floor = params.attrition_without_troops[force]
        loss = rate * k * (floor + (1.0 - floor) * state.troop_share)
        gain = rate * params.strength_start[force]
        if params.contested != 0:
            gain *= max(1.0 + params.land_recruits * (state.territory - params.territory_start), 0.0)
        if some(loss > 0.0):
            rest = gain / where(loss > 0.0, loss, 1.0)
            relaxed = rest + (state.strength[force] - rest) * exp(-loss * days)
            state.strength[force] = where(loss > 0.0, relaxed, state.strength[force] + gain * days)
        else:
            state.strength[force] += gain * days


@compiled
def regular_decay(state: State, params: Params, force: int) -> float:
    """Return the share of a regular force's capacity that is lost per day."""
    owner = params.owner[force]
    return (
        params.decay_base[force]
        + params.decay_aid[force] * (1.0 - state.aid_share[owner])
        + params.decay_troops[force] * (1.0 - state.troop_share)
        + params.decay_attacks[force] * state.violence
        + params.decay_offence[force] * on_offence(state, params, owner)
    )


@compiled
def drift_regulars(state: State, params: Params, days: float) -> None:
    """Step the capacity of regular forces along its mean."""
    for force in range(params.forces):
        if params.kind[force] == REGULAR:
            state.strength[force] *= exp(-regular_decay(state, params, force) * days)


@compiled
def perturb_regular(state: State, params: Params, force: int, days: float, shock: float) -> None:
    """Multiply a regular force's capacity by the luck of a step: a standard normal `shock`, mean factor 1."""
    sd = params.noise[force]
    state.strength[force] *= exp(sd * sqrt(days) * shock - 0.5 * sd * sd * days)


@compiled
def air_support(state: State, params: Params) -> float:
    """Return the support given by foreign troops, as a share of full defensive support at the start."""
    present = 0.0
    start = 0.0
    for force in range(params.foreign):
        owner = params.foreign_owner[force]
        there = state.troops[force]
        if params.air_exponent != 1.0:
            whole = params.troops_start[force]
            there = whole * power(there / whole, params.air_exponent) if whole > 0.0 else 0.0
        present += there * params.support[owner, state.standing[owner]]
        start += params.troops_start[force]
    return present / start if start > 0.0 else 0.0


@compiled
def balance_of_force(state: State, params: Params) -> float:
    """Return the insurgents' share of the contest, in [0, 1]; 0 when there is nobody to fight."""
    air = air_support(state, params)
    insurgent = 0.0
    regular = 0.0
    for force in range(params.forces):
        if params.kind[force] == INSURGENT:
            insurgent += state.strength[force] * (1.0 - state.disarmed[force])
        elif params.kind[force] == REGULAR:
            aid = state.aid_share[params.owner[force]]
            regular += (
                params.strength_start[force]
                * state.strength[force]
                * (1.0 + params.contest_air * air + params.contest_aid * aid)
            )
    if params.contest_exponent != 1.0:
        insurgent = power(insurgent, params.contest_exponent)
        regular = power(regular, params.contest_exponent)
    total = insurgent + regular
    return where(total > 0.0, insurgent / where(total > 0.0, total, 1.0), 0.0)


@compiled
def draw_capacity_noise(state: State, params: Params) -> None:
    """Perturb the capacity of regular forces by the luck of a step."""
    for force in range(params.forces):
        if params.kind[force] == REGULAR and params.noise[force] > 0.0:
            luck = uniform(state.seed, state.replication, CAPACITY_NOISE, force, state.tick + 1, 0)
            perturb_regular(state, params, force, params.dt, normal(luck))
