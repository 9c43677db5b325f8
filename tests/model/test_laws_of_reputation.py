"""Reputation: the evidence of a review, what is forgotten, who is blamed, what events do."""

from __future__ import annotations

from math import exp, log

import numpy as np
import pytest
from hypothesis import strategies as st
from interpreted import interpreted
from toy_world import ARMY, BANDITS, FIGHTERS, PATRON, REBELS, THE_STATE, World, buffers, given, logged, off, toy

from sim.scenario.events import REPUTATION

with interpreted():
    from sim.model.clocks import REPUTATION_CLOCK
    from sim.model.reputation import evidence, expected_reviews, move_opinion, review_reputation, review_reputations
    from sim.model.steps import REVIEW_LENGTH, TICK_LENGTH
    from sim.model.switches import ON_MISATTRIBUTION, ON_REPUTATION

attacks = st.integers(0, 600).map(float)


def likelihood_ratio(attacks: float, expected: float) -> float:
    """Return the log-likelihood ratio of 40 % of the expected attacks against all of them, at a log scatter of 0.6."""
    z = log((attacks + 1.0) / expected)
    return (z**2 - (z - log(0.4)) ** 2) / (2.0 * 0.6**2)


@given(attacks, st.floats(1.0, 90.0), st.floats(1.0, 60.0))
def test_evidence_is_a_damped_and_clipped_likelihood_ratio(number: float, reference: float, days: float) -> None:
    """A quarter of the ratio, at most 1 a week either way."""
    found = evidence(toy().params, number, reference, days)
    ratio = min(max(0.25 * likelihood_ratio(number, reference * days), -1.0), 1.0)
    assert found == pytest.approx(ratio * days / 7.0, rel=1e-9, abs=1e-12)


def test_the_evidence_of_a_week_at_the_reference_and_at_the_pledge() -> None:
    """89 attacks a day: 622 attacks say "not", 248 say "kept" just as much; half-way in logs nothing is said."""
    params = toy().params
    z, step = log(623.0 / 623.0), log(0.4)
    assert evidence(params, 622.0, 89.0, 7.0) == pytest.approx(0.25 * (z**2 - (z - step) ** 2) / 0.72, rel=1e-12)
    assert evidence(params, 0.4 * 623.0 - 1.0, 89.0, 7.0) == pytest.approx(0.25 * step**2 / 0.72, rel=1e-12)
    assert evidence(params, 623.0 * 0.4**0.5 - 1.0, 89.0, 7.0) == pytest.approx(0.0, abs=1e-12)


@given(attacks)
def test_more_attacks_are_never_evidence_of_a_kept_pledge(number: float) -> None:
    """The evidence falls with attacks."""
    params = toy().params
    assert evidence(params, number + 1.0, 20.0, 7.0) <= evidence(params, number, 20.0, 7.0)


def review(world: World, actor: int, number: float, length: int) -> None:
    """Review what all others think of an actor to which so many attacks are attributed."""
    world.state.attributed[:] = 0.0
    world.state.attributed[FIGHTERS] = number
    assert review_reputation(world.state, world.params, actor, length) == number


@given(attacks, st.floats(-3.0, 3.0))
def test_a_review_forgets_and_learns(number: float, before: float) -> None:
    """B' = b0 + exp(-7 / 60) (b - b0) + evidence, in the eyes of all others and of nobody else."""
    world = toy()
    world.state.trust[:] = before
    review(world, REBELS, number, REVIEW_LENGTH)
    expected = np.full_like(world.state.trust, before)
    moved = 0.1 + exp(-7.0 / 60.0) * (before - 0.1) + evidence(world.params, number, 20.0, 7.0)
    expected[[THE_STATE, PATRON], REBELS] = moved
    np.testing.assert_allclose(world.state.trust, expected, rtol=1e-12)


def test_who_has_no_insurgents_is_not_reviewed() -> None:
    """Nor is anybody while the mechanism is off."""
    world = toy()
    world.state.attributed[FIGHTERS] = 10.0
    before = world.state.copy()
    review_reputation(world.state, world.params, THE_STATE, REVIEW_LENGTH)
    assert world.state.differs(before) == set()
    review_reputation(off(world, ON_REPUTATION).state, world.params, REBELS, REVIEW_LENGTH)
    expected_reviews(world.state, world.params, REVIEW_LENGTH)
    move_opinion(world.state, world.params, REBELS, 1.0)
    assert world.state.differs(before) == set()


@given(st.floats(0.0, 40.0), st.floats(0.0, 10.0), st.sampled_from([TICK_LENGTH, REVIEW_LENGTH]))
def test_an_expected_review_takes_expected_attacks(fighters: float, bandits: float, length: int) -> None:
    """Three quarters of the rebels' own and 0.3 of the bandits' attacks are laid at their door."""
    world, other = toy(), toy()
    days = {TICK_LENGTH: 1.0, REVIEW_LENGTH: 7.0}[length]
    world.state.intensity[FIGHTERS], world.state.intensity[BANDITS] = fighters, bandits
    expected_reviews(world.state, world.params, length)
    review(other, REBELS, (0.75 * fighters + 0.3 * bandits) * days, length)
    np.testing.assert_allclose(world.state.trust, other.state.trust, rtol=1e-12)


@given(st.floats(-2.0, 2.0))
def test_an_event_moves_what_all_others_think(change: float) -> None:
    """And nothing that the actor thinks."""
    world = toy()
    before = world.state.trust.copy()
    move_opinion(world.state, world.params, PATRON, change)
    before[[THE_STATE, REBELS], PATRON] += change
    np.testing.assert_allclose(world.state.trust, before, rtol=1e-12)


# --- the sampled review ----------------------------------------------------------------------------------------------
def reviewed(world: World, seed: int) -> tuple[World, list[tuple[int, int, float]]]:
    """Return a copy of a world after a sampled review, and what it logged."""
    other = world.copy()
    other.state.seed = seed
    log, _, _ = buffers()
    review_reputations(other.state, other.params, log)
    return other, logged(log)


def busy() -> World:
    """Return a world with a window of attacks and deaths behind it."""
    world = toy()
    world.state.tick = 21
    world.state.window_attacks[FIGHTERS], world.state.window_attacks[BANDITS] = 100.0, 40.0
    world.state.window_deaths[FIGHTERS], world.state.window_deaths[ARMY] = 60.0, 0.0
    return world


@given(st.integers(0, 10_000))
def test_a_sampled_review_thins_attributes_and_clears_the_window(seed: int) -> None:
    """The log says how many attacks were attributed; the reputation moved by just these."""
    after, events = reviewed(busy(), seed)
    assert [event[:2] for event in events] == [(REPUTATION, REBELS)]
    attributed = events[0][2]
    assert 0.0 <= attributed <= 140.0
    other = busy()
    review(other, REBELS, attributed, REVIEW_LENGTH)
    np.testing.assert_array_equal(after.state.trust, other.state.trust)
    assert not after.state.window_attacks.any()
    assert not after.state.window_deaths.any()
    assert after.state.clock[REPUTATION_CLOCK] == 28
    assert 0.0 <= after.state.civilian_total[FIGHTERS] <= 60.0


def test_attribution_and_civilian_deaths_have_their_means() -> None:
    """0.75 of a hundred and 0.3 of forty; 0.2 / 0.5 of sixty dead are civilians; within four standard errors."""
    results = [reviewed(busy(), seed) for seed in range(400)]
    attributed = np.array([events[0][2] for _, events in results])
    civilian = np.array([after.state.civilian_total[FIGHTERS] for after, _ in results])
    for values, mean, variance in ((attributed, 87.0, 18.75 + 8.4), (civilian, 24.0, 14.4)):
        assert abs(values.mean() - mean) < 4.0 * np.sqrt(variance / 400)
        assert 0.75 * variance < values.var(ddof=1) < 1.3 * variance


def test_without_misattribution_each_answers_for_its_own() -> None:
    """All of its attacks and none of the bandits'."""
    from toy_world import content

    from sim.scenario.scenario import Scenario

    with interpreted():
        from sim.encode.encoded import encode
    params = encode(Scenario.from_dict(content() | {"mechanisms": {"misattribution": False}})).params[0]
    assert params.on[ON_MISATTRIBUTION] == 0
    assert params.attribution[REBELS, :3].tolist() == [1.0, 0.0, 0.0]


def test_a_single_death_is_looked_at() -> None:
    """One dead, who was a civilian for sure."""
    world = busy()
    world.params.civilian_mean[FIGHTERS], world.state.window_deaths[FIGHTERS] = 0.5, 1.0
    assert reviewed(world, 1)[0].state.civilian_total[FIGHTERS] == 1.0


def test_no_more_civilians_die_than_people() -> None:
    """A mean of civilians above that of deaths makes all of them civilians; a force that kills nobody has none."""
    world = busy()
    world.params.civilian_mean[FIGHTERS] = 2.0
    after, _ = reviewed(world, 1)
    assert after.state.civilian_total[FIGHTERS] == 60.0
    assert after.state.civilian_total[ARMY] == 0.0
    world.params.deaths_mean[FIGHTERS] = 0.0
    assert reviewed(world, 1)[0].state.civilian_total[FIGHTERS] == 0.0
