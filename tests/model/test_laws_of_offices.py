"""Offices: cohesion as a log-odds that violence and releases wear down, and the dual claim."""

from __future__ import annotations

from math import exp, sqrt

import pytest
from hypothesis import strategies as st
from interpreted import interpreted
from toy_world import PRISONERS, REBELS, SOLDIERS, THE_STATE, given, off, toy

with interpreted():
    from sim.model.logistic import logistic
    from sim.model.offices import (
        divide_by_release,
        drift_cohesion,
        lowest_cohesion,
        office_harm,
        perturb_cohesion,
        resolution_rate,
        resolve,
    )
    from sim.model.steps import REVIEW_LENGTH, TICK_LENGTH
    from sim.model.switches import ON_COHESION, ON_DUAL_OFFICE

logits = st.floats(-4.0, 4.0)
shares = st.floats(0.0, 1.0)


@given(st.floats(-800.0, 800.0))
def test_the_logistic_is_a_probability_of_log_odds(x: float) -> None:
    """Symmetric, within [0, 1], without overflow, and undone by the log of the odds."""
    p = logistic(x)
    assert 0.0 <= p <= 1.0
    assert p + logistic(-x) == pytest.approx(1.0, abs=1e-15)
    if abs(x) < 30.0:
        assert p == pytest.approx(1.0 / (1.0 + exp(-x)), rel=1e-12)


@given(logits, st.floats(0.0, 3.0), shares, st.sampled_from([(TICK_LENGTH, 1.0), (REVIEW_LENGTH, 7.0)]))
def test_cohesion_reverts_and_violence_wears_it_down(
    before: float, violence: float, dual: float, row: tuple[int, float]
) -> None:
    """The slope is -l / 200 - 0.0015 x (1 + z), stepped by the exact solution."""
    world = toy()
    world.state.cohesion_logit[0], world.state.violence, world.state.dual[0] = before, violence, dual
    drift_cohesion(world.state, world.params, row[0])
    rest = -0.0015 * violence * (1.0 + dual) * 200.0
    expected = rest + (before - rest) * exp(-row[1] / 200.0)
    assert world.state.cohesion_logit[0] == pytest.approx(expected, rel=1e-12, abs=1e-12)


@given(logits, st.floats(0.0, 3.0))
def test_cohesion_that_does_not_revert_falls_evenly(before: float, violence: float) -> None:
    """The limit of slow reversion."""
    world = toy()
    world.params.cohesion_revert[0] = 0.0
    world.state.cohesion_logit[0], world.state.violence = before, violence
    drift_cohesion(world.state, world.params, REVIEW_LENGTH)
    assert world.state.cohesion_logit[0] == pytest.approx(before - 0.0015 * violence * 7.0, rel=1e-12, abs=1e-12)


@given(st.floats(0.1, 30.0), st.floats(-3.0, 3.0))
def test_the_luck_of_politics_grows_with_the_root_of_time(days: float, shock: float) -> None:
    """0.03 sqrt(t) z."""
    world = toy()
    perturb_cohesion(world.state, world.params, 0, days, shock)
    assert world.state.cohesion_logit[0] == pytest.approx(0.5 + 0.03 * sqrt(days) * shock, rel=1e-12)


@given(st.floats(0.0, 500.0), st.sampled_from([("cease", 0.0), ("quiet", 0.2), ("fight", 1.0), ("surge", 1.5)]))
def test_releases_divide_the_holders_camp(persons: float, stance: tuple[str, float]) -> None:
    """0.25 per thousand times 0.3 + 0.7 s: freeing the men of an enemy who goes on shooting divides more."""
    world = toy()
    world.play(REBELS, stance[0])
    divide_by_release(world.state, world.params, PRISONERS, persons)
    expected = 0.5 - 0.25 * persons / 1_000.0 * (0.3 + 0.7 * stance[1])
    assert world.state.cohesion_logit[0] == pytest.approx(expected, rel=1e-12)
    divide_by_release(world.state, world.params, SOLDIERS, persons)  # the rebels hold no office
    assert world.state.cohesion_logit[0] == pytest.approx(expected, rel=1e-12)


def test_a_dual_claim_ends_at_its_hazard_faster_with_an_offer() -> None:
    """1 / 40 a day, twice that while the holder offers a share."""
    world = toy()
    assert resolution_rate(world.state, world.params, 0) == pytest.approx(1.0 / 40.0)
    world.play(THE_STATE, "theirs")
    assert resolution_rate(world.state, world.params, 0) == pytest.approx(2.0 / 40.0)


@given(shares, shares)
def test_a_resolved_claim_lifts_cohesion_once(dual: float, share: float) -> None:
    """0.8 in proportion to what was claimed and is resolved."""
    world = toy()
    world.state.dual[0] = dual
    resolve(world.state, world.params, 0, share)
    assert world.state.cohesion_logit[0] == pytest.approx(0.5 + 0.8 * dual * share, rel=1e-12)
    assert world.state.dual[0] == pytest.approx(dual * (1.0 - share), rel=1e-12)


@given(shares)
def test_one_team_halves_the_harm_of_two_claimants(dual: float) -> None:
    """z, or half of it while the holder sends a single team; the larger of two offices counts."""
    world = toy()
    world.state.dual[0] = dual
    assert office_harm(world.state, world.params) == dual
    world.play(THE_STATE, "own")
    assert office_harm(world.state, world.params) == 0.5 * dual
    world.params.offices, world.params.office_actor[1] = 2, REBELS
    world.state.dual[1] = 0.6
    assert office_harm(world.state, world.params) == max(0.5 * dual, 0.6)
    off(world, ON_DUAL_OFFICE)
    assert office_harm(world.state, world.params) == 0.0


@given(logits, logits)
def test_the_least_coherent_office_counts(first: float, second: float) -> None:
    """The lowest of two; 1 without any."""
    world = toy()
    world.params.offices = 2
    world.state.cohesion_logit[:2] = first, second
    assert lowest_cohesion(world.state, world.params) == min(logistic(first), logistic(second))
    world.params.offices = 0
    assert lowest_cohesion(world.state, world.params) == 1.0


def test_cohesion_can_be_off() -> None:
    """Neither violence nor releases nor a resolved claim move it; the claim itself is resolved."""
    world = off(toy(), ON_COHESION)
    world.state.dual[0] = 1.0
    drift_cohesion(world.state, world.params, TICK_LENGTH)
    divide_by_release(world.state, world.params, PRISONERS, 500.0)
    resolve(world.state, world.params, 0, 0.75)
    assert world.state.cohesion_logit[0] == 0.5
    assert world.state.dual[0] == 0.25
