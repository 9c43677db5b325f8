"""Stocks: tranches with their paces and conditions, what arms and men do to their force, and who counts."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import strategies as st
from interpreted import interpreted
from toy_world import (
    ARMS,
    ARMY,
    FIGHTERS,
    PATRON,
    PRISONERS,
    REBELS,
    THE_STATE,
    Record,
    World,
    buffers,
    content,
    given,
    logged,
    off,
    toy,
)

from sim.scenario.events import ALL_ACCEPTED, HANDED_OVER
from sim.scenario.scenario import Scenario

with interpreted():
    from sim.encode.encoded import encode
    from sim.kernel.begin import begin
    from sim.model.captives import (
        backlog_share,
        counted_share,
        draw_release,
        expected_release,
        free,
        note_progress,
    )
    from sim.model.layout import STATE
    from sim.model.releases import expected_batch, sampled_batch, vet
    from sim.model.steps import REVIEW_LENGTH, TICK_LENGTH
    from sim.model.switches import ON_NOISE
    from sim.rules.registry import bind

amounts = st.floats(0.0, 900.0)


def world_with(tranches: list[dict[str, Any]], **stock: Any) -> World:
    """Return the toy world with 1,000 weapons of the rebels in place of what it has, laid down by the move cease."""
    changed = content()
    arms = {"holder": "rebels", "claimant": "patron", "arms_of": "fighters", "held": 1_000, "unit": "weapons"}
    changed["deal"]["stocks"] = {"arms": {k: v for k, v in (arms | stock).items() if v is not None}}
    moves = changed["actors"]["rebels"]["moves"]
    moves["cease"] = {"violence": "none", "hand_over": {"arms": {"tranches": tranches}}}
    moves["lock"] = {"violence": "none", "hand_over": {"arms": {"tranches": tranches}}, "admit": False}
    if "claimant" in changed["deal"]["stocks"]["arms"]:
        changed["actors"]["patron"]["moves"]["leave"] = {"verify": False, "support": "defensive"}
    encoded = encode(Scenario.from_dict(changed))
    with interpreted():
        params = bind(encoded.params)
    state = np.zeros(1, STATE)
    begin(state[0], params[0], encoded.tables, 1, 0)
    world = World(Record(state), Record(params), encoded.tables, encoded.names)
    world.play(REBELS, "cease")
    world.state.ready_tick[ARMS] = 0
    return off(world, ON_NOISE)


def laid_down(world: World, steps: int) -> list[float]:
    """Return what goes in each of some steps."""
    batches = []
    for _ in range(steps):
        batches.append(sampled_batch(*world, ARMS))
        world.state.freed[ARMS] += batches[-1]
        world.state.tick += 1
    return batches


THIRDS = [
    {"until_share": 0.3, "over_days": 60},
    {"until_share": 0.6, "over_days": 60, "when": "freed(prisoners) >= 0.5"},
    {"until": 1_000, "over_days": 60, "when": "day >= 120"},
]


def test_thirty_thirty_forty_in_a_hundred_and_eighty_days() -> None:
    """Each tranche has its pace, and waits for its condition without making up for lost days."""
    world = world_with(THIRDS)
    assert sum(laid_down(world, 60)) == 300.0
    assert sum(laid_down(world, 20)) == 0.0
    world.state.freed[PRISONERS] = 500.0
    assert sum(laid_down(world, 60)) == 300.0
    assert sum(laid_down(world, 61)) == 400.0
    assert sum(laid_down(world, 10)) == 0.0


def test_a_tranche_without_a_pace_goes_at_once() -> None:
    """All of it in one step, or what can be processed a day."""
    world = world_with([{"until": 400}, {"until": 1_000}])
    assert laid_down(world, 3) == [400.0, 600.0, 0.0]
    assert laid_down(world_with([{"until": 400}], vetting_per_day=150), 4) == [150.0, 150.0, 100.0, 0.0]


def test_a_share_of_whole_units_is_rounded() -> None:
    """A third of 1,000 weapons is 333, and the next tranche goes on from there."""
    assert laid_down(world_with([{"until_share": 1 / 3}, {"until_share": 1.0}]), 3) == [333.0, 667.0, 0.0]


@given(st.integers(1, 250))
def test_a_mean_path_foresees_the_tranches_that_are_open(days: int) -> None:
    """It lays down what sampled days do, one tranche after the other, as far as conditions hold now."""
    world = world_with([{"until": 300, "per_day": 5}, {"until": 600, "per_day": 10}, {"until": 1_000, "per_day": 4}])
    expected = expected_batch(*world, ARMS, float(days))
    assert expected == pytest.approx(sum(laid_down(world, days)), abs=1e-6)


def test_a_mean_path_stops_at_a_tranche_that_is_closed() -> None:
    """What follows it does not go before it."""
    world = world_with([{"until": 300, "per_day": 5}, {"until": 600, "when": "talks"}, {"until": 1_000, "per_day": 4}])
    assert expected_batch(*world, ARMS, 200.0) == 300.0
    world.state.talks = 1.0
    assert expected_batch(*world, ARMS, 70.0) == pytest.approx(640.0)


@given(amounts, amounts)
def test_arms_take_their_share_out_of_the_force(first: float, second: float) -> None:
    """What is handed over, over what there was; neither opinions nor offices move, and nobody returns."""
    world = world_with(THIRDS)
    before = world.state.copy()
    free(world.state, world.params, ARMS, first, 0.0, 0.0)
    free(world.state, world.params, ARMS, second, 0.0, 0.0)
    assert world.state.disarmed[FIGHTERS] == pytest.approx(min((first + second) / 1_000.0, 1.0), rel=1e-12)
    assert world.state.differs(before) <= {"freed", "disarmed"}


@given(st.floats(0.0, 20_000.0))
def test_men_take_their_number_out_of_the_force(men: float) -> None:
    """In thousands of an insurgent force, which never falls below nobody; of a regular one as part of its capacity."""
    world = world_with(THIRDS, arms_of=None, men_of="fighters")
    free(world.state, world.params, ARMS, men, 0.0, 0.0)
    assert world.state.strength[FIGHTERS] == pytest.approx(max(10.0 - men / 1_000.0, 0.0), rel=1e-12)
    world.params.men_of[ARMS] = ARMY
    free(world.state, world.params, ARMS, men, 0.0, 0.0)
    assert world.state.strength[ARMY] == pytest.approx(max(1.0 - men / 25_000.0, 0.0), rel=1e-12)


def test_who_does_not_verify_or_is_not_admitted_counts_nothing() -> None:
    """Neither at once nor of the backlog, and on mean paths alike; without a claimant all counts."""
    world = world_with(THIRDS, counted_at_once=0.6, verify_backlog_days=20)
    assert counted_share(world.state, world.params, ARMS) == 0.6
    assert backlog_share(world.state, world.params, ARMS, TICK_LENGTH) > 0.0
    for actor, move in ((PATRON, "leave"), (REBELS, "lock")):
        shut = world.copy()
        shut.play(actor, move)
        assert counted_share(shut.state, shut.params, ARMS) == 0.0
        assert backlog_share(shut.state, shut.params, ARMS, TICK_LENGTH) == 0.0
        expected_release(*shut, ARMS, REVIEW_LENGTH)
        assert shut.state.freed[ARMS] > 0.0
        assert shut.state.counted[ARMS] == 0.0
    alone = world_with(THIRDS, claimant=None)
    alone.play(REBELS, "lock")
    assert counted_share(alone.state, alone.params, ARMS) == 1.0


@given(st.floats(0.01, 0.99))
def test_a_slow_vetting_adds_up_over_steps(pace: float) -> None:
    """Less than one a day still lets one go when a whole one is vetted: nothing is lost."""
    world = world_with([{"until": 1_000}], vetting_per_day=pace)
    assert sum(laid_down(world, 400)) == pytest.approx(pace * 400.0, abs=1.0)
    assert vet(world.state, world.params, ARMS) <= 1.0


def test_a_divisible_stock_goes_in_fractions_and_is_logged_once() -> None:
    """Half a year's worth in a year, all of it counted, the first part noted and the last."""
    world = toy()
    world.play(REBELS, "cease")
    world.state.ready_tick[ARMS] = 0
    log, ledger, _ = buffers()
    for _ in range(3):
        draw_release(*world, ARMS, log, ledger)
        world.state.tick += 1
    assert world.state.freed[ARMS] == world.state.counted[ARMS] == pytest.approx(1.5 / 365.25, rel=1e-12)
    assert logged(log) == [(HANDED_OVER, ARMS, 0.5 / 365.25)]
    world.state.freed[ARMS] = world.state.counted[ARMS] = 1.0
    log, _, _ = buffers()
    note_progress(world.state, world.params, log)
    assert logged(log)[-1] == (ALL_ACCEPTED, ARMS, 1.0)
    assert world.state.clock[THE_STATE] == toy().state.clock[THE_STATE]
