"""Releases: the pace of a move, its set-up lag and stages, what bounds a batch, what is owed in return."""

from __future__ import annotations

from math import floor

import pytest
from hypothesis import strategies as st
from interpreted import interpreted
from toy_world import (
    PRISONERS,
    REBELS,
    SOLDIERS,
    THE_STATE,
    World,
    given,
    off,
    ready,
    toy,
)

with interpreted():
    from sim.model.releases import (
        expected_batch,
        reciprocal_due,
        release_bound,
        release_left,
        releasing,
        sampled_batch,
        second_stage_open,
        start_release,
    )
    from sim.model.switches import (
        ON_RECIPROCITY,
    )
    from sim.model.world import NEVER

persons = st.integers(0, 1_200).map(float)
days = st.floats(0.1, 30.0)


@given(persons, days)
def test_no_more_are_freed_than_vetting_and_the_cap_allow(freed: float, length: float) -> None:
    """80 are vetted a day, 1,200 may go free."""
    world = toy()
    world.state.freed[PRISONERS] = freed
    assert release_bound(world.state, world.params, PRISONERS, length) == min(80.0 * length, 1_200.0 - freed)


def test_nobody_is_freed_above_the_cap() -> None:
    """A bound is never negative."""
    world = toy()
    world.state.freed[PRISONERS] = 1_300.0
    assert release_bound(world.state, world.params, PRISONERS, 1.0) == 0.0


@given(persons, st.integers(0, 300).map(float))
def test_a_holder_owes_a_quarter_of_the_freed_up_to_the_promised(freed: float, returned: float) -> None:
    """0.25 soldiers for each prisoner, at most the 200 promised, less those freed already."""
    world = toy()
    world.state.freed[:2] = freed, returned
    due = max(min(200.0, 0.25 * freed) - returned, 0.0)
    assert reciprocal_due(world.state, world.params, SOLDIERS) == due
    assert reciprocal_due(world.state, world.params, PRISONERS) == 0.0
    assert reciprocal_due(off(world, ON_RECIPROCITY).state, world.params, SOLDIERS) == 0.0


@given(st.floats(0.0, 40.0), st.integers(0, 10))
def test_an_expected_batch_waits_for_the_set_up(length: float, lag: int) -> None:
    """Thirty a day once the lag of some days is over."""
    world = ready("own")
    world.state.tick = 3
    world.state.ready_tick[PRISONERS] = 3 + lag
    batch = expected_batch(*world, PRISONERS, length)
    assert batch == pytest.approx(min(30.0 * max(length - lag, 0.0), 1_000.0), rel=1e-12)
    world.state.ready_tick[PRISONERS] = 1  # long over
    assert expected_batch(*world, PRISONERS, length) == pytest.approx(min(30.0 * length, 1_000.0), rel=1e-12)


def test_the_wait_is_in_days_whatever_the_step() -> None:
    """Eight ticks of six hours are two days."""
    world = ready("own", steps_per_day=4)
    world.state.ready_tick[PRISONERS] = 8
    assert expected_batch(*world, PRISONERS, 5.0) == pytest.approx(90.0, rel=1e-12)


@given(st.integers(0, 399).map(float), st.floats(0.5, 12.0))
def test_two_stages_are_expected_one_after_the_other(freed: float, length: float) -> None:
    """A hundred a day up to 400 and then 70 a week, while the rebels hold fire."""
    world = ready("staged")
    world.params.vetting[PRISONERS] = 1e9
    world.state.freed[PRISONERS] = freed
    world.play(REBELS, "quiet")
    first = min(100.0 * length, 400.0 - freed)
    second = 10.0 * (length - first / 100.0)
    assert expected_batch(*world, PRISONERS, length) == pytest.approx(first + second, rel=1e-12, abs=1e-9)
    world.play(REBELS, "fight")
    assert not second_stage_open(*world, PRISONERS)
    assert expected_batch(*world, PRISONERS, length) == pytest.approx(first, rel=1e-12)


def test_recalled_captives_are_of_the_first_stage() -> None:
    """Who was freed and taken back is not freed in the first stage again."""
    world = ready("staged")
    world.params.vetting[PRISONERS] = 1e9
    world.state.freed[PRISONERS], world.state.recalled[PRISONERS] = 200.0, 150.0
    assert expected_batch(*world, PRISONERS, 10.0) == pytest.approx(50.0, rel=1e-12)
    world.state.recalled[PRISONERS] = 300.0
    assert expected_batch(*world, PRISONERS, 10.0) == 0.0
    assert sampled_batch(*world, PRISONERS) == 0.0


def test_a_batch_keeps_to_the_bounds() -> None:
    """Of 50 a day over 30 days only what was promised goes free, or the cap; of what is owed, what was vetted."""
    world = ready("theirs")
    world.state.freed[PRISONERS] = 900.0
    assert expected_batch(*world, PRISONERS, 30.0) == 100.0
    assert release_left(world.state, world.params, PRISONERS, world.state.standing[THE_STATE]) == 100.0
    world.params.tranche_until[PRISONERS, world.state.standing[THE_STATE], 0] = 1_500.0  # beyond, if the move says so
    assert expected_batch(*world, PRISONERS, 30.0) == 300.0
    assert release_left(world.state, world.params, PRISONERS, world.state.standing[THE_STATE]) == 300.0
    world.state.freed[PRISONERS] = 1_200.0
    assert releasing(world.state, world.params, PRISONERS) == 0.0
    world.state.freed[PRISONERS] = 1_000.0
    world.params.vetting[SOLDIERS] = 10.0
    assert expected_batch(*world, SOLDIERS, 2.0) == 20.0
    world.state.freed[PRISONERS] = 20.0
    assert expected_batch(*world, SOLDIERS, 2.0) == 5.0
    assert sampled_batch(*world, SOLDIERS) == 5.0


def test_who_does_not_release_frees_nobody() -> None:
    """Under another move the group stays, and no lag starts."""
    world = toy()
    assert expected_batch(*world, PRISONERS, 10.0) == 0.0
    assert sampled_batch(*world, PRISONERS) == 0.0
    start_release(world.state, world.params, PRISONERS)
    assert world.state.ready_tick[PRISONERS] == NEVER


@given(st.floats(0.0, 20.0), st.sampled_from([1, 4]))
def test_the_set_up_lag_starts_once(lag: float, steps: int) -> None:
    """It is rounded to steps; later calls change nothing."""
    world = toy(steps)
    world.play(THE_STATE, "own")
    world.state.tick, world.state.lag_days[PRISONERS] = 5, lag
    start_release(world.state, world.params, PRISONERS)
    due = 5 + floor(lag * steps + 0.5)
    assert world.state.ready_tick[PRISONERS] == due
    world.state.tick = 9
    start_release(world.state, world.params, PRISONERS)
    assert world.state.ready_tick[PRISONERS] == due


def sampled(world: World, ticks: int) -> list[float]:
    """Return the batches of some steps."""
    batches = []
    for _ in range(ticks):
        batch = sampled_batch(*world, PRISONERS)
        world.state.freed[PRISONERS] += batch
        world.state.tick += 1
        batches.append(batch)
    return batches


def test_batches_are_whole_persons_and_lose_nobody() -> None:
    """Thirty a day in four steps are 7, 8, 7 and 8; what is left of a person is carried on."""
    world = ready("own", steps_per_day=4)
    assert sampled(world, 8) == [7.0, 8.0, 7.0, 8.0, 7.0, 8.0, 7.0, 8.0]
    assert world.state.carry[PRISONERS] == 0.0


def test_thirty_a_day_in_hours_reach_whole_persons() -> None:
    """24 steps of 1.25 lose nothing to rounding."""
    world = ready("own", steps_per_day=24)
    world.params.tranche_per_day[PRISONERS, world.move(THE_STATE, "own"), 0] = 1.7  # 24 times 1.7 / 24 is under 1.7
    assert sum(sampled(world, 240)) == 17.0


def test_a_lag_holds_a_sampled_batch() -> None:
    """Nobody goes free before the step in which the set-up is over."""
    world = ready("own")
    world.state.ready_tick[PRISONERS] = 2
    assert sampled(world, 4) == [0.0, 0.0, 30.0, 30.0]


def test_a_sampled_second_stage_pays_whole_tranches() -> None:
    """The first stage ends at 400 after five days, then 70 go free at the end of each week."""
    world = ready("staged")
    world.params.vetting[PRISONERS] = 90.0
    world.play(REBELS, "quiet")
    assert sampled(world, 5) == [90.0, 90.0, 90.0, 90.0, 40.0]
    assert sampled(world, 14) == [0.0] * 6 + [70.0] + [0.0] * 6 + [70.0]
    world.params.then_amount[PRISONERS, world.move(THE_STATE, "staged")] = 1.0
    assert sampled(world, 7) == [0.0] * 6 + [1.0]


def test_a_tranche_that_nobody_waited_for_is_gone() -> None:
    """While the rebels fight on its day, or another move stands, a tranche is not paid later."""
    world = ready("staged")
    world.state.freed[PRISONERS] = 400.0
    world.play(REBELS, "fight")
    assert sampled(world, 7) == [0.0] * 7
    world.play(REBELS, "quiet")
    assert sampled(world, 7) == [0.0] * 6 + [70.0]
    world.state.tick += 20  # on days 14 to 34 something else stood: dates 21 and 28 are gone
    assert sampled(world, 1) == [70.0]  # the end of day 35
    assert world.state.tick == 35
    world.state.tick += 7  # the date itself, day 42, has passed
    assert sampled(world, 7) == [0.0] * 6 + [70.0]
