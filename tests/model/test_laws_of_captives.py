"""Captives: who counts the freed, what they cost, who of them fights again, and the two steps of it all."""

from __future__ import annotations

from math import exp, floor

import numpy as np
import pytest
from hypothesis import strategies as st
from interpreted import interpreted
from toy_world import (
    ARMY,
    FIGHTERS,
    PRISONERS,
    REBELS,
    SOLDIERS,
    THE_STATE,
    World,
    buffers,
    given,
    logged,
    off,
    ready,
    toy,
)

from sim.scenario.events import COMMANDERS_FREED, RELEASE

with interpreted():
    from sim.model.captives import (
        CLAIMANT_LIST,
        OWN_LIST,
        arrival_share,
        backlog_share,
        cost_factor,
        cost_of_batch,
        count,
        counted_share,
        draw_counts,
        draw_release,
        draw_returners,
        expected_release,
        forget_draws,
        free,
        free_commanders,
        list_of,
        rejoin,
        return_share,
    )
    from sim.model.epidemic import epidemic_now
    from sim.model.releases import (
        expected_batch,
    )
    from sim.model.steps import TICK_LENGTH
    from sim.model.switches import (
        ON_COHESION,
        ON_COMMANDERS,
        ON_EPIDEMIC,
        ON_GUARANTEE,
        ON_REPUTATION,
        ON_RETURNS,
    )

persons = st.integers(0, 1_200).map(float)
days = st.floats(0.1, 30.0)


def test_draws_that_nobody_knows_are_replaced_by_their_means() -> None:
    """On a path the lag is 6 days and the probability of return 2 / (2 + 3)."""
    world = toy()
    forget_draws(world.state, world.params)
    assert world.state.lag_days[PRISONERS] == 6.0
    assert world.state.return_probability[PRISONERS] == pytest.approx(0.4)
    assert world.state.return_probability[SOLDIERS] == 0.0


# --- counting --------------------------------------------------------------------------------------------------------
def test_the_list_decides_what_is_counted_at_once() -> None:
    """0.6 of the holder's own picks and 0.9 of the claimant's list; a release in return follows the claimant's list."""
    own, theirs = ready("own"), ready("theirs")
    assert list_of(own.state, own.params, PRISONERS) == OWN_LIST
    assert list_of(theirs.state, theirs.params, PRISONERS) == CLAIMANT_LIST
    assert list_of(own.state, own.params, SOLDIERS) == CLAIMANT_LIST
    assert counted_share(own.state, own.params, PRISONERS) == 0.6
    assert counted_share(theirs.state, theirs.params, PRISONERS) == 0.9


def test_the_backlog_is_counted_with_its_mean_delay_unless_talks_are_refused() -> None:
    """A share 1 - exp(-1 / 20) a day."""
    world = toy()
    assert backlog_share(world.state, world.params, PRISONERS, TICK_LENGTH) == pytest.approx(1.0 - exp(-1.0 / 20.0))
    world.play(REBELS, "surge")
    assert backlog_share(world.state, world.params, PRISONERS, TICK_LENGTH) == 0.0


@given(persons, st.floats(-2.0, 2.0))
def test_counting_moves_the_holders_reputation_with_the_claimant_only(number: float, before: float) -> None:
    """0.02 for each hundred, unless they were owed in return."""
    world = toy()
    world.state.trust[:] = before
    world.state.counted[PRISONERS] = 7.0
    count(world.state, world.params, PRISONERS, number)
    assert world.state.counted[PRISONERS] == 7.0 + number
    expected = np.full_like(world.state.trust, before)
    expected[REBELS, THE_STATE] += 0.02 * number / 100.0
    np.testing.assert_allclose(world.state.trust, expected, rtol=1e-12)
    after = world.state.trust.copy()
    count(world.state, world.params, SOLDIERS, number)
    assert world.state.counted[SOLDIERS] == number
    count(off(world, ON_REPUTATION).state, world.params, PRISONERS, number)
    np.testing.assert_array_equal(world.state.trust, after)


# --- cost ------------------------------------------------------------------------------------------------------------
@given(st.floats(0.0, 1_000.0), st.floats(0.1, 200.0))
def test_a_batch_costs_the_integral_of_the_price_of_each(freed: float, batch: float) -> None:
    """The price is c (1 + h (R / promised)^m) per thousand, hard cases last: here by quadrature."""
    world = ready("own")
    world.params.cost_quiet[PRISONERS] = world.params.cost_not_quiet[PRISONERS] = 1.0
    world.state.freed[PRISONERS] = freed
    nodes, weights = np.polynomial.legendre.leggauss(8)
    at = freed + 0.5 * batch * (nodes + 1.0)
    price = 0.2 * (1.0 + 3.0 * (at / 1_000.0) ** 4) / 1_000.0
    assert cost_of_batch(world.state, world.params, PRISONERS, batch) == pytest.approx(
        0.5 * batch * float(weights @ price), rel=1e-9
    )


@given(st.floats(0.0, 900.0), st.floats(1.0, 100.0), st.floats(1.0, 100.0))
def test_costs_of_batches_add_up(freed: float, first: float, second: float) -> None:
    """Two batches cost what one of both costs."""
    world = ready("own")
    world.state.freed[PRISONERS] = freed
    both = cost_of_batch(world.state, world.params, PRISONERS, first + second)
    one = cost_of_batch(world.state, world.params, PRISONERS, first)
    world.state.freed[PRISONERS] = freed + first
    assert one + cost_of_batch(world.state, world.params, PRISONERS, second) == pytest.approx(both, rel=1e-9)


def test_the_price_of_an_easy_case_is_the_product_of_what_stands() -> None:
    """Base 0.2; the claimant's list 1.2; 0.6 if it is quiet, else 1.1; half while talks are open; epidemic 0.8."""
    world = ready("own")
    assert cost_factor(world.state, world.params, PRISONERS) == pytest.approx(0.2 * 1.1)
    world.play(REBELS, "edge")  # at the pledge itself
    assert cost_factor(world.state, world.params, PRISONERS) == pytest.approx(0.2 * 0.6)
    world.play(THE_STATE, "theirs")
    assert cost_factor(world.state, world.params, PRISONERS) == pytest.approx(0.2 * 1.2 * 0.6)
    world.state.talks = 0.25
    assert cost_factor(world.state, world.params, PRISONERS) == pytest.approx(0.2 * 1.2 * 0.6 * 0.875)
    world.state.tick = 20
    assert cost_factor(world.state, world.params, PRISONERS) == pytest.approx(0.2 * 1.2 * 0.6 * 0.875 * 0.8)


def test_the_epidemic_lasts_from_its_first_day_to_before_its_last() -> None:
    """From day 20 up to, not including, day 60."""
    world = toy()
    for day, now in ((19, False), (20, True), (59, True), (60, False)):
        world.state.tick = day
        assert epidemic_now(world.state, world.params) == now
    world.state.tick = 30
    assert not epidemic_now(off(world, ON_EPIDEMIC).state, world.params)


# --- returns and commanders ------------------------------------------------------------------------------------------
@given(persons, st.floats(0.0, 1.0))
def test_the_risk_of_return_rises_with_the_freed_and_falls_with_guarantees(freed: float, luck: float) -> None:
    """It is r (0.5 + R / promised) g, at most 1, with g = 0.85 written and 0.6 with biometric data."""
    for move, guarantee in (("theirs", 1.0), ("own", 0.85), ("staged", 0.6), ("wait", 1.0)):
        world = ready(move)
        world.state.freed[PRISONERS], world.state.return_probability[PRISONERS] = freed, luck
        risk = min(luck * (0.5 + freed / 1_000.0) * guarantee, 1.0)
        assert return_share(world.state, world.params, PRISONERS) == pytest.approx(risk, rel=1e-12)
    assert return_share(world.state, world.params, SOLDIERS) == 0.0


def test_guarantees_and_returns_can_be_off() -> None:
    """Without guarantees the risk is whole, without returns nobody goes back."""
    world = ready("own")
    world.state.return_probability[PRISONERS] = 0.4
    assert return_share(world.state, world.params, PRISONERS) == pytest.approx(0.4 * 0.5 * 0.85)
    assert return_share(off(world, ON_GUARANTEE).state, world.params, PRISONERS) == pytest.approx(0.4 * 0.5)
    assert return_share(off(world, ON_RETURNS).state, world.params, PRISONERS) == 0.0
    waiting = toy()
    waiting.params.guarantee[THE_STATE, 0] = 2  # asked for by a move that frees nobody
    waiting.state.return_probability[PRISONERS] = 0.4
    assert return_share(waiting.state, waiting.params, PRISONERS) == pytest.approx(0.4 * 0.5)
    soldiers = ready("own")
    soldiers.state.return_probability[SOLDIERS] = 0.4
    soldiers.params.risk_at_first[SOLDIERS] = 1.0
    assert return_share(soldiers.state, soldiers.params, SOLDIERS) == 0.0


def test_a_negative_risk_is_none() -> None:
    """A risk that falls with the freed never turns into less than nothing."""
    world = ready("own")
    world.params.risk_per_share[PRISONERS], world.state.freed[PRISONERS] = -2.0, 900.0
    assert return_share(world.state, world.params, PRISONERS) == 0.0


def test_returners_arrive_with_their_mean_delay() -> None:
    """A share 1 - exp(-1 / 30) a day, each a fighter more."""
    world = toy()
    assert arrival_share(world.params, PRISONERS, TICK_LENGTH) == pytest.approx(1.0 - exp(-1.0 / 30.0))
    world.state.pending[PRISONERS] = 50.0
    rejoin(world.state, world.params, PRISONERS, 20.0)
    assert world.state.pending[PRISONERS] == 30.0
    assert world.state.returned[PRISONERS] == 20.0
    assert world.state.strength[FIGHTERS] == pytest.approx(10.02)
    assert world.state.strength[ARMY] == 1.0


@pytest.mark.parametrize(
    ("move", "listed", "out"),
    [
        ("theirs", 0.0, 0.0),
        ("theirs", 499.0, 5.0),
        ("theirs", 500.0, 6.0),
        ("theirs", 1_100.0, 12.0),
        ("leaders", 0.0, 12.0),
        ("own", 900.0, 0.0),
        ("wait", 900.0, 0.0),
    ],
)
def test_commanders_come_with_the_list(move: str, listed: float, out: float) -> None:
    """Whole ones of the 12 in proportion to the listed, or all first, or none; each is worth 25 fighters."""
    world = ready(move)
    world.state.listed[PRISONERS] = listed
    for _ in range(2):  # a second look frees no other
        free_commanders(world.state, world.params, PRISONERS)
        assert world.state.commanders[PRISONERS] == out
        assert world.state.strength[FIGHTERS] == pytest.approx(10.0 + out * 25.0 / 1_000.0)
    assert world.state.commanders[SOLDIERS] == 0.0


def test_commanders_who_are_out_stay_out() -> None:
    """Fewer due than out frees nobody and takes nobody; a group without a force adds to none; off, none leave."""
    world = ready("theirs")
    world.state.listed[PRISONERS], world.state.commanders[PRISONERS] = 250.0, 5.0
    free_commanders(world.state, world.params, PRISONERS)
    assert world.state.commanders[PRISONERS] == 5.0
    world.state.listed[PRISONERS] = 1_000.0
    world.params.returns_to[PRISONERS] = -1
    strength = world.state.strength.copy()
    free_commanders(off(world.copy(), ON_COMMANDERS).state, off(world.copy(), ON_COMMANDERS).params, PRISONERS)
    free_commanders(world.state, world.params, PRISONERS)
    assert world.state.commanders[PRISONERS] == 12.0
    np.testing.assert_array_equal(world.state.strength, strength)
    other = off(ready("leaders"), ON_COMMANDERS)
    free_commanders(other.state, other.params, PRISONERS)
    assert other.state.commanders[PRISONERS] == 0.0


@given(persons, st.floats(0.0, 1.0), st.floats(0.0, 1.0))
def test_freeing_books_everybody_once(number: float, counted: float, returning: float) -> None:
    """Freed, counted, on their way, and listed if the claimant named them; the office feels it."""
    for move, listed in (("own", 0.0), ("theirs", number)):
        world = ready(move)
        before = world.state.cohesion_logit[0]
        free(world.state, world.params, PRISONERS, number, number * counted, number * returning)
        assert world.state.freed[PRISONERS] == number
        assert world.state.counted[PRISONERS] == number * counted
        assert world.state.pending[PRISONERS] == number * returning
        assert world.state.listed[PRISONERS] == listed
        assert world.state.commanders[PRISONERS] == floor(12 * min(listed / 1_000.0, 1.0) + 1e-9)
        assert world.state.cohesion_logit[0] == pytest.approx(before - 0.25 * number / 1_000.0, rel=1e-12)


# --- the two steps ---------------------------------------------------------------------------------------------------
def through(days: float, delay: float) -> float:
    """Return the share of an even inflow that has gone through after some days: 1 - (1 - exp(-x)) / x."""
    x = days / delay
    return 1.0 - (1.0 - exp(-x)) / x


def test_an_expected_step_follows_every_captive() -> None:
    """One day of the mean path: arrivals, the backlog, the batch, its risk at the middle, what is counted late."""
    world = off(ready("own"), ON_REPUTATION, ON_COHESION)
    forget_draws(world.state, world.params)
    state = world.state
    state.freed[PRISONERS], state.counted[PRISONERS], state.pending[PRISONERS] = 200.0, 150.0, 40.0
    price = cost_of_batch(state, world.params, PRISONERS, 30.0)
    cost = expected_release(*world, PRISONERS, TICK_LENGTH)
    risk = 0.4 * (0.5 + 215.0 / 1_000.0) * 0.85
    arrived = 40.0 * (1.0 - exp(-1.0 / 30.0)) + 30.0 * risk * through(1.0, 30.0)
    counted = 150.0 + 50.0 * (1.0 - exp(-1.0 / 20.0)) + 18.0 + 12.0 * through(1.0, 20.0)
    assert cost == pytest.approx(price, rel=1e-12)
    assert state.freed[PRISONERS] == 230.0
    assert state.counted[PRISONERS] == pytest.approx(counted, rel=1e-9)
    assert state.returned[PRISONERS] == pytest.approx(arrived, rel=1e-9)
    assert state.pending[PRISONERS] == pytest.approx(40.0 + 30.0 * risk - arrived, rel=1e-9)
    assert state.strength[FIGHTERS] == pytest.approx(10.0 + arrived / 1_000.0, rel=1e-12)


def test_who_refuses_talks_counts_only_at_once() -> None:
    """Neither the backlog nor the rest of the batch is counted."""
    world = ready("own")
    world.play(REBELS, "surge")
    world.state.freed[PRISONERS], world.state.counted[PRISONERS] = 200.0, 150.0
    expected_release(*world, PRISONERS, TICK_LENGTH)
    assert world.state.counted[PRISONERS] == pytest.approx(150.0 + 18.0)


def test_a_single_captive_is_counted_late() -> None:
    """Of half a captive in the backlog its share; of none nobody."""
    world = toy()
    world.state.freed[PRISONERS] = 0.5
    expected_release(*world, PRISONERS, TICK_LENGTH)
    assert world.state.counted[PRISONERS] == pytest.approx(0.5 * (1.0 - exp(-1.0 / 20.0)), rel=1e-12)
    other = toy()
    expected_release(*other, PRISONERS, TICK_LENGTH)
    assert other.state.counted[PRISONERS] == 0.0


def test_a_tranche_a_day_is_expected_every_day() -> None:
    """Intervals may be as short as a step."""
    world = ready("staged")
    world.params.then_every[THE_STATE, world.move(THE_STATE, "staged")] = 1
    world.state.freed[PRISONERS] = 400.0
    world.play(REBELS, "quiet")
    assert expected_batch(*world, PRISONERS, 3.0) == pytest.approx(210.0, rel=1e-12)


def test_a_step_without_a_batch_costs_nothing() -> None:
    """While the state waits those on their way still arrive and the backlog is counted."""
    world = toy()
    world.state.freed[PRISONERS], world.state.pending[PRISONERS] = 100.0, 10.0
    assert expected_release(*world, PRISONERS, TICK_LENGTH) == 0.0
    assert world.state.freed[PRISONERS] == 100.0
    assert world.state.counted[PRISONERS] == pytest.approx(100.0 * (1.0 - exp(-1.0 / 20.0)))
    assert world.state.returned[PRISONERS] == pytest.approx(10.0 * (1.0 - exp(-1.0 / 30.0)))


def drawn(world: World, seed: int) -> tuple[World, list[tuple[int, int, float]], np.ndarray]:
    """Return a copy of a world after one sampled step of its prisoners, what it logged, and its ledger."""
    other = world.copy()
    other.state.seed = seed
    log, ledger, _ = buffers()
    draw_returners(other.state, other.params, PRISONERS)
    draw_counts(other.state, other.params, PRISONERS)
    draw_release(*other, PRISONERS, log, ledger)
    return other, logged(log), ledger


@given(st.integers(0, 10_000))
def test_a_sampled_step_keeps_the_books(seed: int) -> None:
    """Whole persons; nobody is counted or returns who is not free; the price of the batch is paid, discounted."""
    world = ready("own")
    state = world.state
    state.freed[PRISONERS], state.counted[PRISONERS], state.pending[PRISONERS] = 200.0, 150.0, 40.0
    state.return_probability[PRISONERS], state.tick = 0.5, 10
    price = cost_of_batch(state, world.params, PRISONERS, 30.0)
    after, events, ledger = drawn(world, seed)
    assert after.state.freed[PRISONERS] == 230.0
    assert 168.0 - 18.0 <= after.state.counted[PRISONERS] <= 230.0
    assert after.state.counted[PRISONERS] % 1.0 == 0.0
    back = after.state.returned[PRISONERS]
    assert 0.0 <= back <= 40.0
    assert 40.0 <= after.state.pending[PRISONERS] + back <= 70.0
    assert after.state.strength[FIGHTERS] == pytest.approx(10.0 + back / 1_000.0)
    assert events == [(RELEASE, PRISONERS, 30.0)]
    discount = exp(-0.15 / 365.25 * 10.0)
    assert ledger[THE_STATE].sum() == pytest.approx(-(price + 0.04) * discount, rel=1e-12)
    assert after.state.payoff[THE_STATE] == pytest.approx(-(price + 0.04) * discount, rel=1e-12)
    again, _, _ = drawn(after, seed)
    assert again.state.released_once[THE_STATE] == 1


def test_a_sampled_step_has_the_means_of_the_expected_one() -> None:
    """Arrivals, counts and new returners over 600 worlds, within four standard errors."""
    world = ready("own")
    state = world.state
    state.freed[PRISONERS], state.counted[PRISONERS], state.pending[PRISONERS] = 200.0, 150.0, 40.0
    state.return_probability[PRISONERS] = 0.5
    ends = [drawn(world, seed)[0].state for seed in range(600)]
    for found, mean in (
        ([end.returned[PRISONERS] for end in ends], 40.0 * (1.0 - exp(-1.0 / 30.0))),
        ([end.counted[PRISONERS] for end in ends], 150.0 + 50.0 * (1.0 - exp(-1.0 / 20.0)) + 18.0),
        ([end.pending[PRISONERS] + end.returned[PRISONERS] for end in ends], 40.0 + 30.0 * 0.5 * 0.7 * 0.85),
    ):
        values = np.array(found)
        assert abs(values.mean() - mean) < 4.0 * values.std(ddof=1) / np.sqrt(len(values))


def test_a_sampled_step_tells_of_commanders() -> None:
    """Twelve leave with the first batch, and the log says so."""
    after, events, _ = drawn(ready("leaders"), 1)
    assert events == [(RELEASE, PRISONERS, 10.0), (COMMANDERS_FREED, PRISONERS, 12.0)]
    assert after.state.commanders[PRISONERS] == 12.0


def test_a_sampled_step_without_a_batch_still_moves_those_on_their_way() -> None:
    """Arrivals and counts are drawn while the state waits; nothing is paid or logged."""
    world = toy()
    world.state.freed[PRISONERS], world.state.pending[PRISONERS] = 400.0, 300.0
    after, events, ledger = drawn(world, 1)
    assert events == []
    assert not ledger.any()
    assert after.state.returned[PRISONERS] > 0.0
    assert after.state.counted[PRISONERS] > 0.0
    assert after.state.freed[PRISONERS] == 400.0
