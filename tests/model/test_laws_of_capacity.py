"""Capacities, withdrawal, arms put beyond use, and the balance of force."""

from __future__ import annotations

from math import exp, sqrt

import numpy as np
import pytest
from hypothesis import strategies as st
from interpreted import interpreted
from toy_world import ARMY, BANDITS, FIGHTERS, PATRON, THE_STATE, given, off, toy

with interpreted():
    from sim.model.capacity import (
        air_support,
        balance_of_force,
        draw_capacity_noise,
        drift_insurgents,
        drift_regulars,
        perturb_regular,
        regular_decay,
    )
    from sim.model.offices import draw_cohesion_noise
    from sim.model.switches import ON_COHESION
    from sim.model.withdrawal import present_share, withdraw, withdrawal_pace

shares = st.floats(0.0, 1.0)
days = st.floats(0.1, 60.0)


def test_troops_leave_by_the_slope_of_their_schedule() -> None:
    """20 a day up to day 50, then 20 as well, and on after the last step; the owner's pace multiplies it."""
    world = toy()
    world.params.step_pace[0, 1] = 7.0
    for day, slope in ((0, 20.0), (49, 20.0), (50, 7.0), (149, 7.0), (150, 7.0), (180, 7.0)):
        world.state.tick = day
        for move, factor in (("schedule", 1.0), ("fast", 1.6), ("pause", 0.0), ("half", 1.0)):
            world.play(PATRON, move)
            assert withdrawal_pace(world.state, world.params, 0) == pytest.approx(slope * factor, rel=1e-12)
    world.play(PATRON, "fast")
    world.state.pace_factor[0] = 0.5
    assert withdrawal_pace(world.state, world.params, 0) == pytest.approx(7.0 * 0.8, rel=1e-12)
    world.params.steps[0] = 0
    assert withdrawal_pace(world.state, world.params, 0) == 0.0


@given(st.floats(0.0, 3_000.0), days)
def test_troops_leave_until_none_are_left(troops: float, length: float) -> None:
    """20 a day over some days, and never less than none."""
    world = toy()
    world.state.troops[0] = troops
    withdraw(world.state, world.params, length)
    assert world.state.troops[0] == pytest.approx(max(troops - 20.0 * length, 0.0), rel=1e-12, abs=1e-9)
    assert present_share(world.state, world.params) == world.state.troops[0] / 3_000.0


def test_where_no_troops_ever_were_all_are_present() -> None:
    """Their share is 1, and they support nobody."""
    world = toy()
    world.params.foreign = 0
    assert present_share(world.state, world.params) == 1.0
    assert air_support(world.state, world.params) == 0.0


@given(st.floats(1.0, 30.0), shares, days, st.sampled_from([("wait", 0.8), ("attack", 1.6)]))
def test_insurgents_recruit_against_attrition(
    start: float, present: float, length: float, stance: tuple[str, float]
) -> None:
    """I' = a I0 - a k I (w + (1 - w) W / W0): here by many small steps of Euler's."""
    world = toy()
    world.play(THE_STATE, stance[0])
    world.state.strength[FIGHTERS], world.state.troop_share = start, present
    loss = 0.002 * stance[1] * (0.6 + 0.4 * present)
    rest = 0.02 / loss
    expected = rest + (start - rest) * exp(-loss * length)
    drift_insurgents(world.state, world.params, length)
    assert world.state.strength[FIGHTERS] == pytest.approx(expected, rel=1e-12)
    steps = 200
    euler = start
    for _ in range(steps):
        euler += length / steps * (0.002 * 10.0 - 0.002 * stance[1] * euler * (0.6 + 0.4 * present))
    assert world.state.strength[FIGHTERS] == pytest.approx(euler, rel=1e-3)


def test_without_losses_insurgents_grow_evenly() -> None:
    """And a force without turnover, or of another kind, stays."""
    world = toy()
    world.params.attrition_defence[FIGHTERS] = 0.0
    before = world.state.strength.copy()
    world.params.turnover[ARMY] = world.params.turnover[BANDITS] = 0.5
    drift_insurgents(world.state, world.params, 5.0)
    assert world.state.strength[FIGHTERS] == pytest.approx(10.1)
    assert world.state.strength[ARMY] == before[ARMY]
    assert world.state.strength[BANDITS] == before[BANDITS]
    world.params.turnover[FIGHTERS] = 0.0
    drift_insurgents(world.state, world.params, 5.0)
    assert world.state.strength[FIGHTERS] == pytest.approx(10.1)


@given(shares, shares, st.floats(0.0, 3.0), days)
def test_regular_forces_decay_by_the_sum_of_five_rates(
    aid: float, present: float, violence: float, length: float
) -> None:
    """Base, aid lost, troops gone, attacks, offence; stepped by the exact exponential."""
    for move, offence in (("wait", 0.0), ("attack", 1.0)):
        world = toy()
        world.play(THE_STATE, move)
        world.state.aid_share[THE_STATE], world.state.troop_share, world.state.violence = aid, present, violence
        rate = 0.0002 + 0.001 * (1 - aid) + 0.0027 * (1 - present) + 0.0004 * violence + 0.0005 * offence
        assert regular_decay(world.state, world.params, ARMY) == pytest.approx(rate, rel=1e-12)
        world.state.strength[ARMY] = 0.9
        others = world.state.strength[[FIGHTERS, BANDITS]].copy()
        drift_regulars(world.state, world.params, length)
        assert world.state.strength[ARMY] == pytest.approx(0.9 * exp(-rate * length), rel=1e-12)
        np.testing.assert_array_equal(world.state.strength[[FIGHTERS, BANDITS]], others)


@given(days, st.floats(-3.0, 3.0))
def test_the_luck_of_the_campaign_is_lognormal_with_mean_one(length: float, shock: float) -> None:
    """exp(sd sqrt(t) z - sd^2 t / 2)."""
    world = toy()
    perturb_regular(world.state, world.params, ARMY, length, shock)
    expected = exp(0.012 * sqrt(length) * shock - 0.5 * 0.012**2 * length)
    assert world.state.strength[ARMY] == pytest.approx(expected, rel=1e-12)


def test_noise_falls_on_regular_forces_and_offices_with_its_variance() -> None:
    """Over 400 worlds: log capacity scatters by 0.012, cohesion by 0.03; nothing else moves."""
    world = toy()
    ends = []
    for seed in range(2, 402):
        other = world.copy()
        other.state.seed = seed
        draw_capacity_noise(other.state, other.params)
        draw_cohesion_noise(other.state, other.params)
        ends.append(other.state)
        assert other.state.differs(world.state) == {"seed", "strength", "cohesion_logit"}
        assert other.state.strength[FIGHTERS] == 10.0
    capacity = np.log([end.strength[ARMY] for end in ends])
    cohesion = np.array([end.cohesion_logit[0] - 0.5 for end in ends])
    for values, sd in ((capacity, 0.012), (cohesion, 0.03)):
        assert abs(values.mean()) < 4.0 * sd / 20.0
        assert 0.87 * sd < values.std(ddof=1) < 1.14 * sd
    assert abs(np.corrcoef(capacity, cohesion)[0, 1]) < 0.2


def test_noise_that_is_off_moves_nothing() -> None:
    """No scatter, no draw; without cohesion the office stays and the forces do not."""
    world = toy()
    quiet = world.copy()
    quiet.params.noise[:], quiet.params.cohesion_noise[:] = 0.0, 0.0
    draw_capacity_noise(quiet.state, quiet.params)
    draw_cohesion_noise(quiet.state, quiet.params)
    assert quiet.state.differs(world.state) == set()
    other = off(world.copy(), ON_COHESION)
    draw_capacity_noise(other.state, other.params)
    draw_cohesion_noise(other.state, other.params)
    assert other.state.differs(world.state) == {"strength"}


# --- balance of force ------------------------------------------------------------------------------------------------
@given(st.floats(0.0, 4_000.0), st.sampled_from([("schedule", 1.0), ("fast", 1.5), ("pause", 0.0)]))
def test_air_support_is_that_of_the_troops_present(troops: float, stance: tuple[str, float]) -> None:
    """Full defensive support at the start is 1."""
    world = toy()
    world.play(PATRON, stance[0])
    world.state.troops[0] = troops
    assert air_support(world.state, world.params) == pytest.approx(stance[1] * troops / 3_000.0, rel=1e-12)


@given(st.floats(0.1, 60.0), st.floats(0.1, 2.0), shares, shares, shares, st.sampled_from([1.0, 1.5, 2.0]))
def test_the_balance_is_a_contest_of_forces(
    insurgent: float, capacity: float, aid: float, present: float, disarmed: float, exponent: float
) -> None:
    """I^m / (I^m + (C0 C (1 + 0.8 A W / W0 + 0.5 F / F0))^m), arms beyond use taken off I."""
    world = toy()
    state = world.state
    world.params.contest_exponent = exponent
    state.strength[FIGHTERS], state.strength[ARMY], state.disarmed[FIGHTERS] = insurgent, capacity, disarmed
    state.aid_share[THE_STATE], state.troops[0] = aid, 3_000.0 * present
    one = (insurgent * (1.0 - disarmed)) ** exponent
    other = (25.0 * capacity * (1.0 + 0.8 * present + 0.5 * aid)) ** exponent
    assert balance_of_force(state, world.params) == pytest.approx(one / (one + other), rel=1e-12)


def test_doubling_all_forces_leaves_the_balance() -> None:
    """A contest is of degree zero; without anybody it is 0; bandits fight nobody's war."""
    world = toy()
    before = balance_of_force(world.state, world.params)
    world.state.strength[[FIGHTERS, ARMY]] *= 2.0
    assert balance_of_force(world.state, world.params) == pytest.approx(before, rel=1e-12)
    world.state.strength[BANDITS] = 500.0
    assert balance_of_force(world.state, world.params) == pytest.approx(before, rel=1e-12)
    world.state.strength[[FIGHTERS, ARMY]] = 0.0
    assert balance_of_force(world.state, world.params) == 0.0
