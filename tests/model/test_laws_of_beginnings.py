"""The first day: what the file says, and what is drawn once a run."""

from __future__ import annotations

import numpy as np
import pytest
from interpreted import interpreted
from toy_world import PATRON, PRISONERS, REBELS, SOLDIERS, THE_STATE, Record, World, off, toy

with interpreted():
    from sim.kernel.begin import begin
    from sim.model.layout import STATE
    from sim.model.switches import ON_TYPES, ON_WEIGHT_SPREAD
    from sim.model.world import NEVER

from sim.scenario.catalogue import RUNNING


def begun(replication: int, *switched_off: int) -> World:
    """Return the toy world at the start of a replication of seed 5."""
    world = off(toy(), *switched_off)
    state = np.zeros(1, STATE)
    begin(state[0], world.params, world.tables, 5, replication)
    world.state = Record(state)
    return world


def test_a_world_begins_as_its_file_says() -> None:
    """Forces, their excitation, captives, troops, aid, office, reputations; nothing happened yet."""
    world = begun(3)
    state = world.state
    assert (state.seed, state.replication, state.tick, state.outcome) == (5, 3, 0, RUNNING)
    assert state.strength[:3].tolist() == [10.0, 1.0, 0.0]
    assert state.excitation[:3].tolist() == pytest.approx([0.4 * 12.0 / 0.6, 0.0, 0.0])
    assert state.attack_factor[:3].tolist() == [1.0, 1.0, 1.0]
    assert (state.troops[0], state.pace_factor[0], state.troop_share) == (3_000.0, 1.0, 1.0)
    assert state.aid[0] == 4.0
    assert state.aid_share[:3].tolist() == [0.75, 1.0, 1.0]  # a quarter lies in escrow
    assert state.cohesion_logit[0] == 0.5
    assert state.dual[0] == state.talks == 0.0
    trust = np.full((3, 3), 0.1)
    np.fill_diagonal(trust, 0.0)
    np.testing.assert_array_equal(state.trust[:3, :3], trust)
    for name in ("freed", "counted", "pending", "returned", "recalled", "carry", "disarmed", "cuts", "payoff"):
        assert not getattr(state, name).any(), name
    for name in ("threat_from", "ready_tick", "tranche_tick", "milestone"):
        assert (getattr(state, name)[:2] == NEVER).all(), name
    assert (state.outcome_tick, state.talks_tick) == (NEVER, NEVER)
    assert (state.left[:3] == -NEVER).all()
    assert state.standing[:3].tolist() == [0, 0, 0]


def test_opening_moves_release_and_threaten_from_the_first_day() -> None:
    """The set-up of an opening release runs, an opening threat stands, an opening breach is one."""
    world = toy()
    world.params.opening[THE_STATE] = world.move(THE_STATE, "own")
    world.params.opening[PATRON] = world.move(PATRON, "pause")
    state = np.zeros(1, STATE)
    begin(state[0], world.params, world.tables, 5, 0)
    assert state[0].ready_tick[PRISONERS] == int(state[0].lag_days[PRISONERS] + 0.5)
    assert state[0].ready_tick[SOLDIERS] == NEVER
    assert state[0].pledge_broken[1] == 1
    assert state[0].trust[REBELS, PATRON] == pytest.approx(0.1 - 0.5)
    world.params.opening[THE_STATE], world.params.opening[PATRON] = 0, world.move(PATRON, "threaten")
    begin(state[0], world.params, world.tables, 5, 0)
    assert state[0].threat_from[PATRON] == 0


def test_what_is_drawn_once_a_run_has_its_means() -> None:
    """A lag of 6 days with sd 3, a return probability of 0.4 with sd 0.2, types by halves, spreads of log sd 0.35."""
    states = [begun(replication).state for replication in range(400)]
    lags = np.array([state.lag_days[PRISONERS] for state in states])
    risks = np.array([state.return_probability[PRISONERS] for state in states])
    types = np.array([state.type[PATRON] for state in states])
    spreads = np.log([state.spread[THE_STATE, term] for state in states for term in range(3)])
    for values, mean, sd in ((lags, 6.0, 3.0), (risks, 0.4, 0.2), (types, 0.5, 0.5), (spreads, 0.0, 0.35)):
        assert abs(values.mean() - mean) < 4.0 * sd / np.sqrt(len(values))
        assert 0.8 * sd < values.std(ddof=1) < 1.2 * sd
    assert all(state.lag_days[SOLDIERS] == 0.0 for state in states)
    assert all(state.type[THE_STATE] == 0 for state in states)
    assert all((state.spread[THE_STATE, 3:] == 1.0).all() for state in states)


def test_types_and_spreads_can_be_off() -> None:
    """Nobody is of another type, and weights are those of the file."""
    for replication in range(10):
        state = begun(replication, ON_TYPES, ON_WEIGHT_SPREAD).state
        assert not state.type.any()
        assert (state.spread == 1.0).all()
