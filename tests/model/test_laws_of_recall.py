"""Recall: who is taken back into custody, and what that leaves of the counted, the returning and the returned."""

from __future__ import annotations

from math import ceil, exp

import numpy as np
import pytest
from hypothesis import strategies as st
from interpreted import interpreted
from toy_world import FIGHTERS, PRISONERS, SOLDIERS, THE_STATE, World, buffers, given, logged, toy

from sim.scenario.events import RECALL

with interpreted():
    from sim.model.recall import caught_share, draw_recalls, expected_recall, recall, recalls, revoke


def taking() -> World:
    """Return a world whose state recalls eight a day, and catches 5 % a day of those who fight again."""
    world = toy()
    world.play(THE_STATE, "take")
    state = world.state
    state.freed[PRISONERS], state.counted[PRISONERS] = 600.0, 500.0
    state.pending[PRISONERS], state.returned[PRISONERS] = 90.0, 40.0
    state.strength[FIGHTERS] = 10.04
    return world


def test_only_the_group_that_the_move_names_is_recalled() -> None:
    """The state takes prisoners back, and nobody while it waits."""
    world = taking()
    assert recalls(world.state, world.params, PRISONERS)
    assert not recalls(world.state, world.params, SOLDIERS)
    world.play(THE_STATE, "wait")
    assert not recalls(world.state, world.params, PRISONERS)


@given(st.floats(0.0, 600.0), st.floats(0.0, 1.0))
def test_recall_books_everybody_once(persons: float, share: float) -> None:
    """The freed shrink and the recalled grow by the same number; nobody is counted who is not free."""
    world = taking()
    recall(world.state, PRISONERS, persons, share * 90.0)
    assert world.state.freed[PRISONERS] == 600.0 - persons
    assert world.state.recalled[PRISONERS] == persons
    assert world.state.pending[PRISONERS] == 90.0 - share * 90.0
    assert world.state.counted[PRISONERS] == min(500.0, 600.0 - persons)
    assert world.state.returned[PRISONERS] == 40.0


@given(st.floats(0.0, 40.0))
def test_a_revoked_licence_takes_a_fighter_from_its_force(persons: float) -> None:
    """A thousandth of a thousand for each; those on their way are not touched."""
    world = taking()
    revoke(world.state, world.params, PRISONERS, persons)
    assert world.state.returned[PRISONERS] == 40.0 - persons
    assert world.state.strength[FIGHTERS] == pytest.approx(10.04 - persons / 1_000.0, rel=1e-12)
    assert world.state.pending[PRISONERS] == 90.0
    assert world.state.freed[PRISONERS] == 600.0 - persons
    assert world.state.recalled[PRISONERS] == persons
    world.state.strength[FIGHTERS] = 0.0001
    revoke(world.state, world.params, PRISONERS, 10.0)
    assert world.state.strength[FIGHTERS] == 0.0


@given(st.floats(0.0, 60.0))
def test_a_licence_is_revoked_at_a_constant_hazard(days: float) -> None:
    """1 - exp(-0.05 days)."""
    world = taking()
    assert caught_share(world.state, world.params, PRISONERS, days) == pytest.approx(1.0 - exp(-0.05 * days), abs=1e-15)


@given(st.floats(0.1, 20.0))
def test_an_expected_recall_takes_anybody_and_then_the_returned(days: float) -> None:
    """Eight a day, of whom as large a part was on its way as of all the freed, and then the caught."""
    world = taking()
    expected_recall(world.state, world.params, PRISONERS, days)
    taken, caught = 8.0 * days, 40.0 * (1.0 - exp(-0.05 * days))
    assert world.state.freed[PRISONERS] == pytest.approx(600.0 - taken - caught, rel=1e-12)
    assert world.state.recalled[PRISONERS] == pytest.approx(taken + caught, rel=1e-12)
    assert world.state.pending[PRISONERS] == pytest.approx(90.0 * (1.0 - taken / 600.0), rel=1e-12)
    assert world.state.returned[PRISONERS] == pytest.approx(40.0 - caught, rel=1e-12)
    assert world.state.strength[FIGHTERS] == pytest.approx(10.04 - caught / 1_000.0, rel=1e-12)


def test_nobody_is_recalled_who_is_not_free() -> None:
    """At most all the freed; none of a group that nobody recalls, or of which nobody is free."""
    world = taking()
    world.state.returned[PRISONERS] = 0.0
    expected_recall(world.state, world.params, PRISONERS, 1_000.0)
    assert world.state.freed[PRISONERS] == world.state.pending[PRISONERS] == world.state.counted[PRISONERS] == 0.0
    assert world.state.recalled[PRISONERS] == 600.0
    expected_recall(world.state, world.params, PRISONERS, 1.0)
    assert world.state.recalled[PRISONERS] == 600.0
    waiting = taking()
    waiting.play(THE_STATE, "wait")
    before = waiting.state.copy()
    expected_recall(waiting.state, waiting.params, PRISONERS, 5.0)
    assert waiting.state.differs(before) == set()


def test_a_single_captive_can_be_recalled_and_a_single_returner_caught() -> None:
    """Small numbers are numbers."""
    world = taking()
    state = world.state
    state.freed[PRISONERS] = state.counted[PRISONERS] = 0.5
    state.pending[PRISONERS], state.returned[PRISONERS] = 0.25, 0.2
    expected_recall(state, world.params, PRISONERS, 0.01)
    assert state.recalled[PRISONERS] == pytest.approx(0.08 + 0.2 * (1.0 - exp(-0.0005)), rel=1e-12)


def test_who_returns_nowhere_is_not_caught() -> None:
    """Without a force that they join nobody leaves one."""
    world = taking()
    world.params.returns_to[PRISONERS] = -1
    expected_recall(world.state, world.params, PRISONERS, 1.0)
    assert world.state.returned[PRISONERS] == 40.0
    assert world.state.recalled[PRISONERS] == 8.0


def drawn(world: World, seed: int) -> tuple[World, list[tuple[int, int, float]]]:
    """Return a copy of a world after one sampled recall, and what it logged."""
    other = world.copy()
    other.state.seed = seed
    log, _, _ = buffers()
    draw_recalls(other.state, other.params, PRISONERS, log)
    return other, logged(log)


@given(st.integers(0, 10_000))
def test_a_sampled_recall_keeps_the_books(seed: int) -> None:
    """Whole persons; what left the freed was recalled, what left the returned left the force."""
    after, events = drawn(taking(), seed)
    state = after.state
    taken, caught = state.recalled[PRISONERS], 40.0 - state.returned[PRISONERS]
    assert taken % 1.0 == caught % 1.0 == 0.0
    assert state.freed[PRISONERS] == 600.0 - taken
    assert state.strength[FIGHTERS] == pytest.approx(10.04 - caught / 1_000.0)
    assert state.pending[PRISONERS] == 90.0 - ceil(90.0 * (taken - caught) / 600.0)
    assert events == ([(RECALL, PRISONERS, taken)] if taken > 0.0 else [])


def test_a_sampled_recall_has_the_mean_of_the_expected_one() -> None:
    """Eight taken and 5 % of forty caught, over 400 worlds, within four standard errors."""
    ends = [drawn(taking(), seed)[0].state for seed in range(400)]
    caught = np.array([40.0 - end.returned[PRISONERS] for end in ends])
    taken = np.array([end.recalled[PRISONERS] for end in ends]) - caught
    for values, mean in ((caught, 40.0 * (1.0 - exp(-0.05))), (taken, 8.0)):
        assert abs(values.mean() - mean) < 4.0 * values.std(ddof=1) / 20.0


def test_a_sampled_recall_stops_at_the_last_captive() -> None:
    """Three free: no more than three are taken, and none twice."""
    world = taking()
    world.state.freed[PRISONERS] = 3.0
    world.params.recall_returned[:] = 50.0
    for seed in range(20):
        after, _ = drawn(world, seed)
        assert after.state.freed[PRISONERS] == 0.0
        assert after.state.recalled[PRISONERS] == 3.0


def test_only_the_freed_of_a_recalling_holder_are_drawn() -> None:
    """While the move stands and somebody is free."""
    after, _ = drawn(taking(), 3)
    assert after.state.recalled[PRISONERS] > 0.0
    nobody = taking()
    nobody.state.freed[PRISONERS] = nobody.state.counted[PRISONERS] = 0.0
    waiting = taking()
    waiting.play(THE_STATE, "wait")
    for world in (nobody, waiting):
        after, events = drawn(world, 3)
        assert after.state.recalled[PRISONERS] == 0.0
        assert events == []
