"""The mean path: probabilities of talks, disputes and endings, and each mechanism's step in its place."""

from __future__ import annotations

from math import exp
from typing import Any

import numpy as np
import pytest
from hypothesis import strategies as st
from interpreted import interpreted
from toy_world import (
    ARMS,
    ARMY,
    BANDITS,
    CIVIL_WAR,
    DEAL_VOID,
    FIGHTERS,
    GOVERNMENT_COLLAPSE,
    PATRON,
    PRISONERS,
    REBELS,
    SETTLEMENT,
    THE_STATE,
    World,
    given,
    off,
    toy,
)

with interpreted():
    from sim.model.disputes import expected_disputes
    from sim.model.mean_path import BREAKING, OPENING, PATH_RATES, SETTLING, begin_path, expected_step
    from sim.model.outcomes import outcome_rate
    from sim.model.steps import REVIEW_LENGTH, TICK_LENGTH
    from sim.model.switches import ON_DISPUTES, ON_DUAL_OFFICE
    from sim.model.talks import breakdown_rate, expected_talks, shock_rate, talks_rate
    from sim.model.threats import begin_threat
    from sim.model.world import NEVER
from sim.scenario.catalogue import MAX_ACTORS, OUTCOME_NUMBERS

shares = st.floats(0.0, 1.0)
rates = st.floats(0.0, 0.5)
days = st.floats(0.1, 30.0)


@given(shares, rates, rates, days)
def test_talks_follow_their_hazards(talks: float, opening: float, breaking: float, length: float) -> None:
    """The open stay open with exp(-b t), and the closed open with 1 - exp(-o t)."""
    expected = talks * exp(-breaking * length) + (1.0 - talks) * (1.0 - exp(-opening * length))
    assert expected_talks(talks, opening, 0.0, breaking, length) == pytest.approx(min(expected, 1.0), rel=1e-12)


@given(st.floats(0.01, 0.99), rates, days)
def test_worlds_that_settled_are_taken_out(talks: float, settling: float, length: float) -> None:
    """Given that the run goes on, of the open worlds only those that did not settle count: Bayes' rule."""
    open_still = talks * exp(-settling * length)
    expected = open_still / (open_still + 1.0 - talks)
    assert expected_talks(talks, 0.0, settling, 0.0, length) == pytest.approx(expected, rel=1e-9)


@given(shares, rates, rates, rates, days)
def test_the_probability_of_talks_is_one(
    talks: float, opening: float, settling: float, breaking: float, length: float
) -> None:
    """It stays within [0, 1], and stays where no hazard moves it."""
    assert 0.0 <= expected_talks(talks, opening, settling, breaking, length) <= 1.0
    assert expected_talks(talks, 0.0, 0.0, 0.0, length) == talks
    assert expected_talks(1.0, 0.0, 1e9, 0.0, length) == 0.0
    assert expected_talks(1.0, 0.5, 0.0, 0.0, length) == 1.0


@given(shares, st.sampled_from([(TICK_LENGTH, 1.0), (REVIEW_LENGTH, 7.0)]))
def test_disputes_open_and_end(dispute: float, row: tuple[int, float]) -> None:
    """What is open stays with exp(-t / 14); what is not opens with 1 - exp(-0.05 t) while too many are uncounted."""
    world = toy()
    world.state.dispute[PRISONERS] = dispute
    expected_disputes(world.state, world.params, row[0])
    assert world.state.dispute[PRISONERS] == pytest.approx(dispute * exp(-row[1] / 14.0), rel=1e-12)
    world.state.dispute[PRISONERS], world.state.freed[PRISONERS] = dispute, 100.0
    expected_disputes(world.state, world.params, row[0])
    expected = dispute * exp(-row[1] / 14.0) + (1.0 - dispute) * (1.0 - exp(-0.05 * row[1]))
    assert world.state.dispute[PRISONERS] == pytest.approx(expected, rel=1e-12)
    world.state.dispute[PRISONERS] = dispute
    expected_disputes(off(world, ON_DISPUTES).state, world.params, row[0])
    assert world.state.dispute[PRISONERS] == dispute


def test_a_dispute_that_cannot_open_stays_closed() -> None:
    """Nothing happens without captives uncounted."""
    world = toy()
    expected_disputes(world.state, world.params, TICK_LENGTH)
    assert not world.state.dispute.any()


# --- one step --------------------------------------------------------------------------------------------------------
def talking() -> World:
    """Return a world in which every outcome can happen and every mechanism moves."""
    world = toy()
    state = world.state
    state.freed[PRISONERS], state.counted[PRISONERS], state.pending[PRISONERS] = 900.0, 850.0, 30.0
    state.talks, state.dual[0], state.troops[0] = 0.4, 0.7, 700.0
    state.dispute[PRISONERS] = 0.2
    world.params.civil_midpoint, world.params.collapse_midpoint = 0.6, 0.2
    world.play(PATRON, "threaten")
    world.play(REBELS, "quiet")
    begin_threat(*world, PATRON)
    return world


def step(world: World, ticks: int = 1, length: int = TICK_LENGTH) -> tuple[Any, Any, Any, float, Any]:
    """Step a world along its path; return hazards before and after, exits, the probability of any, and costs."""
    hazards, exits, costs = np.zeros(PATH_RATES), np.zeros(OUTCOME_NUMBERS), np.zeros(MAX_ACTORS)
    begin_path(*world, hazards)
    before = hazards.copy()
    any_exit = expected_step(*world, ticks, length, hazards, exits, costs)
    return before, hazards, exits, any_exit, costs


def test_a_path_begins_with_the_hazards_that_hold() -> None:
    """By outcome, a settlement only in open talks; talks break by violence and by shocks."""
    world = talking()
    hazards = np.zeros(PATH_RATES)
    before = world.state.copy()
    begin_path(*world, hazards)
    assert world.state.differs(before) == set()
    assert hazards[OPENING] == talks_rate(*world)
    assert hazards[SETTLING] == outcome_rate(*world, SETTLEMENT) > 0.0
    both = breakdown_rate(*world) + shock_rate(world.state, world.params)
    assert hazards[BREAKING] == pytest.approx(both, rel=1e-12)
    assert hazards[SETTLEMENT] == pytest.approx(0.4 * hazards[SETTLING], rel=1e-12)
    assert hazards[DEAL_VOID] == outcome_rate(*world, DEAL_VOID)
    assert hazards[CIVIL_WAR] == outcome_rate(*world, CIVIL_WAR) > 0.0
    assert hazards[GOVERNMENT_COLLAPSE] == outcome_rate(*world, GOVERNMENT_COLLAPSE) > 0.0


def test_talks_that_cannot_be_open_cannot_settle() -> None:
    """Closed talks that cannot open have no settlement; open ones do not open."""
    world = talking()
    world.state.talks, world.state.counted[PRISONERS] = 0.0, 850.0
    world.state.sitting = 0.0  # nobody opens them
    hazards = np.zeros(PATH_RATES)
    begin_path(*world, hazards)
    assert hazards[OPENING] == hazards[SETTLING] == 0.0
    world.state.sitting = 1.0
    begin_path(*world, hazards)
    assert hazards[OPENING] > 0.0
    assert hazards[SETTLING] > 0.0
    world.state.talks = 1.0
    begin_path(*world, hazards)
    assert hazards[OPENING] == 0.0
    assert hazards[SETTLING] > 0.0


@given(st.sampled_from([(1, TICK_LENGTH, 1.0), (7, REVIEW_LENGTH, 7.0)]))
def test_exits_compete_by_the_means_of_their_hazards(row: tuple[int, int, float]) -> None:
    """P(k) = l_k / l (1 - exp(-l t)) with l_k the mean of the hazard at both ends; they sum to the whole."""
    world = talking()
    before, after, exits, any_exit, _ = step(world, row[0], row[1])
    means = {k: 0.5 * (before[k] + after[k]) for k in (SETTLEMENT, DEAL_VOID, CIVIL_WAR, GOVERNMENT_COLLAPSE)}
    total = sum(means.values())
    assert any_exit == pytest.approx(1.0 - exp(-total * row[2]), rel=1e-12)
    for outcome, mean in means.items():
        assert mean > 0.0
        assert exits[outcome] == pytest.approx(mean / total * any_exit, rel=1e-12)
    assert exits.sum() == pytest.approx(any_exit, rel=1e-12)
    assert world.state.tick == row[0]


def test_where_nothing_ends_nothing_exits() -> None:
    """A total of nought is no division."""
    world = toy()
    world.set_rate(DEAL_VOID, 0.0)
    _, _, exits, any_exit, _ = step(world)
    assert any_exit == 0.0
    assert not exits.any()


def test_talks_on_a_path_follow_the_means_of_their_hazards() -> None:
    """The probability that they are open is that of the mean rates over the step."""
    world = talking()
    before, after, _, _, _ = step(world, 7, REVIEW_LENGTH)
    opening, settling, breaking = (0.5 * (before[k] + after[k]) for k in (OPENING, SETTLING, BREAKING))
    assert world.state.talks == pytest.approx(expected_talks(0.4, opening, settling, breaking, 7.0), rel=1e-12)
    assert after[SETTLEMENT] == pytest.approx(after[SETTLING] * world.state.talks, rel=1e-12)
    assert after[OPENING] == talks_rate(*world) != before[OPENING]
    assert after[SETTLING] == outcome_rate(*world, SETTLEMENT) != before[SETTLING]


def test_a_step_moves_every_mechanism_once() -> None:
    """A week in which the state releases: each quantity by its own law, from what stood at the start."""
    world = talking()
    world.play(THE_STATE, "theirs")
    world.state.ready_tick[PRISONERS] = 0
    world.state.threat_from[PATRON] = NEVER  # of which the next law is
    start = world.copy()
    with interpreted():
        from sim.model.capacity import drift_insurgents, drift_regulars
        from sim.model.captives import expected_release
        from sim.model.offices import drift_cohesion
        from sim.model.reputation import expected_reviews
        from sim.model.violence import attack_intensity, excite
        from sim.model.withdrawal import present_share, withdraw
    _, _, _, _, costs = step(world, 7, REVIEW_LENGTH)

    other, params = start.state, start.params
    expected_reviews(other, params, REVIEW_LENGTH)
    withdraw(other, params, 7.0)
    assert other.troops[0] == 560.0
    other.troop_share = 0.5 * (700.0 / 3_000.0 + present_share(other, params))
    drift_insurgents(other, params, 7.0)
    drift_regulars(other, params, 7.0)
    drift_cohesion(other, params, REVIEW_LENGTH)
    excite(other, params, FIGHTERS, 7.0 * other.intensity[FIGHTERS], REVIEW_LENGTH)
    expected_disputes(other, params, REVIEW_LENGTH)
    price = expected_release(*start, PRISONERS, REVIEW_LENGTH)
    assert costs.tolist() == [price, 0.0, 0.0, 0.0, 0.0, 0.0]
    assert price > 0.0
    resolved = 1.0 - exp(-2.0 / 40.0 * 7.0)
    state = world.state
    assert state.dual[0] == pytest.approx(0.7 * (1.0 - resolved), rel=1e-12)
    assert state.cohesion_logit[0] == pytest.approx(other.cohesion_logit[0] + 0.8 * 0.7 * resolved, rel=1e-12)
    for name in ("freed", "counted", "pending", "returned", "dispute", "excitation", "strength", "troops", "trust"):
        np.testing.assert_allclose(getattr(state, name)[:1], getattr(other, name)[:1], rtol=1e-12, err_msg=name)
    assert state.strength[ARMY] == pytest.approx(other.strength[ARMY], rel=1e-12)
    assert state.freed[1] == pytest.approx(200.0)  # a quarter of the prisoners, all that were promised
    assert state.troop_share == pytest.approx(560.0 / 3_000.0)
    assert state.intensity[BANDITS] == pytest.approx(attack_intensity(state, params, BANDITS), rel=1e-12)
    assert state.intensity[FIGHTERS] == pytest.approx(attack_intensity(state, params, FIGHTERS), rel=1e-12)


def test_a_threat_is_executed_on_a_path_by_its_probability() -> None:
    """1 - exp(-0.05 t) of a cut, and of what it does to the threatener's name; it ends with the last cut."""
    world = talking()
    trust = world.state.trust[THE_STATE, PATRON]
    step(world, 7, REVIEW_LENGTH)
    share = 1.0 - exp(-0.05 * 7.0)
    assert world.state.aid[0] == pytest.approx(4.0 - share, rel=1e-12)
    assert world.state.cuts[0] == pytest.approx(share, rel=1e-12)
    assert world.state.trust[THE_STATE, PATRON] == pytest.approx(trust + 0.5 * share, rel=1e-12)
    assert world.state.threat_from[PATRON] == 0
    world.state.cuts[0] = 1.9
    step(world, 7, REVIEW_LENGTH)
    assert world.state.threat_from[PATRON] == NEVER


def test_arms_and_recalls_move_on_a_path() -> None:
    """Half a year's arms in a year; eight captives a day."""
    world = talking()
    world.play(REBELS, "cease")
    world.state.ready_tick[ARMS] = 0
    world.play(THE_STATE, "take")
    step(world, 7, REVIEW_LENGTH)
    assert world.state.disarmed[FIGHTERS] == pytest.approx(0.5 / 365.25 * 7.0, rel=1e-12)
    assert world.state.recalled[PRISONERS] >= 56.0


def test_a_dual_claim_that_is_off_is_not_resolved() -> None:
    """And one that nobody makes lifts nothing."""
    world = off(talking(), ON_DUAL_OFFICE)
    step(world)
    assert world.state.dual[0] == 0.7
    other = talking()
    other.state.dual[0] = 0.0
    step(other)
    assert other.state.dual[0] == 0.0


def test_two_half_steps_are_near_one_step() -> None:
    """Steps may grow: seven days in one step or in seven end within a hundredth of each other."""
    one, seven = talking(), talking()
    step(one, 7, REVIEW_LENGTH)
    for _ in range(7):
        step(seven)
    assert one.state.tick == seven.state.tick == 7
    for name in ("freed", "counted", "strength", "excitation", "troops", "cohesion_logit", "dual"):
        np.testing.assert_allclose(getattr(one.state, name), getattr(seven.state, name), rtol=0.01, err_msg=name)
    assert one.state.talks == pytest.approx(seven.state.talks, abs=0.02)
