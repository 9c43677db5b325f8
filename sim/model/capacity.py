r"""Capacities of armed forces, withdrawal of foreign troops, and the balance of force.

Insurgent strength (thousand fighters) and the capacity index of regular forces follow

.. math::

   dI &= [a I_0 - a I k\,(w + (1-w)\,W/W_0)]\,dt + \text{returns}/1000 \\
   dC &= -C\,[d_0 + d_F(1-F/F_0) + d_W(1-W/W_0) + d_\Lambda \Lambda/\Lambda_0 + d_o\,\mathrm{offence}]\,dt
         + \sigma C\,dB

with :math:`k` in defence or on offence, and both are stepped by their exact solutions for constant coefficients, so a
step may be a day or a month. The balance of force is a Tullock (1980) contest success function,

.. math:: p = \frac{I^m}{I^m + (C_0 C\,(1 + \alpha\,\mathrm{air}\,W/W_0 + \varphi F/F_0))^m}.
"""

from __future__ import annotations

from math import exp, pow, sqrt

from sim.compiled import compiled
from sim.model.layout import INSURGENT, REGULAR, Params, State
from sim.model.levers import on_offence


@compiled
def withdrawal_pace(state: State, params: Params, force: int) -> float:
    """Return persons per day that leave: the schedule's pace on this date times the owner's standing multiplier."""
    steps = params.steps[force]
    if steps == 0:
        return 0.0
    owner = params.foreign_owner[force]
    row = 0
    while row < steps - 1 and state.tick >= params.step_tick[force, row]:
        row += 1
    return params.step_pace[force, row] * state.pace_factor[force] * params.pace[owner, state.standing[owner]]


@compiled
def withdraw(state: State, params: Params, days: float) -> None:
    """Let foreign troops leave for some days."""
    for force in range(params.foreign):
        left = state.troops[force] - withdrawal_pace(state, params, force) * days
        state.troops[force] = max(left, 0.0)


@compiled
def drift_insurgents(state: State, params: Params, days: float) -> None:
    """Step the strength of insurgent forces: recruitment against attrition."""
    for force in range(params.forces):
        rate = params.turnover[force]
        if params.kind[force] != INSURGENT or rate == 0.0:
            continue
        k = params.attrition_offence[force] if state.offence > 0.0 else params.attrition_defence[force]
        floor = params.attrition_without_troops[force]
        loss = rate * k * (floor + (1.0 - floor) * state.troop_share)
        gain = rate * params.strength_start[force]
        if loss > 0.0:
            rest = gain / loss
            state.strength[force] = rest + (state.strength[force] - rest) * exp(-loss * days)
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
        present += state.troops[force] * params.support[owner, state.standing[owner]]
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
        insurgent = pow(insurgent, params.contest_exponent)
        regular = pow(regular, params.contest_exponent)
    total = insurgent + regular
    return insurgent / total if total > 0.0 else 0.0
