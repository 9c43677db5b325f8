"""What fires takes effect: on talks, disputes, offices and threats; what is noted once; how an ending is paid."""

from __future__ import annotations

from math import exp
from typing import Any

import pytest
from interpreted import interpreted
from toy_world import (
    PATRON,
    PRISONERS,
    REBELS,
    SETTLEMENT,
    SOLDIERS,
    THE_STATE,
    World,
    buffers,
    logged,
    off,
    toy,
)

from sim.scenario.events import (
    DISPUTE_ENDS,
    DISPUTE_OPENS,
    MILESTONE,
    OFFICE_RESOLVED,
    PREPARATION,
    PROGRAMME_DONE,
    TALKS_BROKE_DOWN,
    TALKS_OPENED,
    THREAT_EXECUTED,
    WITHDRAWAL_STEP,
)

with interpreted():
    from sim.model.captives import note_progress
    from sim.model.clocks import TRIGGER_CLOCK
    from sim.model.disputes import open_and_end_disputes
    from sim.model.hazards import (
        AGREE_HAZARD,
        BREAKDOWN_HAZARD,
        DISPUTE_HAZARD,
        EXECUTE_HAZARD,
        RESOLVE_HAZARD,
        TALKS_HAZARD,
    )
    from sim.model.milestones import note_milestones
    from sim.model.offices import resolve_offices
    from sim.model.outcomes import take_outcome
    from sim.model.switches import ON_TRIGGERS
    from sim.model.talks import break_and_open_talks
    from sim.model.threats import begin_threat, execute_threats, meet_threats
    from sim.model.withdrawal import note_steps
    from sim.model.world import ENDED, NEVER


def take_effect(world: World, log: Any, *fired: int) -> None:
    """Let hazards that fired take effect on talks, disputes, offices and threats."""
    world.state.hazard_fired[:] = 0
    world.state.hazard_fired[list(fired)] = 1
    break_and_open_talks(world.state, log)
    open_and_end_disputes(world.state, world.params, log)
    resolve_offices(world.state, world.params, log)
    execute_threats(world.state, world.params, log)
    meet_threats(*world, log)


def test_flags_take_effect_and_are_logged() -> None:
    """Talks close and open with the date of their first opening; disputes by group."""
    world = toy()
    state = world.state
    log, _, _ = buffers()
    state.tick = 9
    take_effect(world, log, TALKS_HAZARD, DISPUTE_HAZARD + SOLDIERS)
    assert (state.talks, state.talks_tick) == (1.0, 9)
    assert state.dispute[:2].tolist() == [0.0, 1.0]
    state.tick = 12
    take_effect(world, log, BREAKDOWN_HAZARD, DISPUTE_HAZARD + PRISONERS, AGREE_HAZARD + SOLDIERS)
    assert (state.talks, state.talks_tick) == (0.0, 9)
    assert state.dispute[:2].tolist() == [1.0, 0.0]
    state.tick = 15
    take_effect(world, log, TALKS_HAZARD, AGREE_HAZARD + PRISONERS)
    assert (state.talks, state.talks_tick) == (1.0, 9)
    assert not state.dispute.any()
    assert log[0].kind == 7
    assert [(int(row.tick), int(row.kind), int(row.entity), int(row.other)) for row in log[1:8]] == [
        (9, TALKS_OPENED, -1, -1),
        (9, DISPUTE_OPENS, SOLDIERS, THE_STATE),
        (12, TALKS_BROKE_DOWN, -1, -1),
        (12, DISPUTE_OPENS, PRISONERS, REBELS),
        (12, DISPUTE_ENDS, SOLDIERS, THE_STATE),
        (15, TALKS_OPENED, -1, -1),
        (15, DISPUTE_ENDS, PRISONERS, REBELS),
    ]


def test_offices_and_threats_take_effect() -> None:
    """A claim is resolved whole; a cut is executed whole, calls its target, and ends the threat with the last."""
    world = toy()
    world.state.tick, world.state.dual[0] = 20, 1.0
    world.play(PATRON, "threaten")
    begin_threat(*world, PATRON)
    log, _, _ = buffers()
    take_effect(world, log)
    assert logged(log) == []
    take_effect(world, log, RESOLVE_HAZARD, EXECUTE_HAZARD + PATRON)
    assert world.state.dual[0] == 0.0
    assert world.state.cohesion_logit[0] == pytest.approx(1.3)
    assert world.state.aid[0] == 3.0
    assert world.state.clock[TRIGGER_CLOCK + THE_STATE] == 21
    assert world.state.clock[TRIGGER_CLOCK + PATRON] == NEVER
    assert logged(log) == [(OFFICE_RESOLVED, 0, 0.0), (THREAT_EXECUTED, PATRON, 1.0)]
    assert (log[1].other, log[2].other) == (THE_STATE, 0)
    assert world.state.threat_from[PATRON] == 20
    world.params.offices, world.state.dual[:2] = 2, 1.0
    take_effect(world, log, RESOLVE_HAZARD + 1)
    assert world.state.dual[:2].tolist() == [1.0, 0.0]
    world.state.cuts[0] = 1.0
    world.state.clock[TRIGGER_CLOCK + THE_STATE] = NEVER
    take_effect(off(world, ON_TRIGGERS), log, EXECUTE_HAZARD + PATRON)
    assert world.state.cuts[0] == 2.0
    assert world.state.threat_from[PATRON] == NEVER
    assert world.state.clock[TRIGGER_CLOCK + THE_STATE] == NEVER


def noted(world: World) -> list[tuple[int, int, float]]:
    """Note progress and return what was logged."""
    log, _, _ = buffers()
    note_milestones(*world, log)
    note_progress(world.state, world.params, log)
    note_steps(world.state, world.params, log)
    return logged(log)


def test_progress_is_noted_once() -> None:
    """A milestone on its first day; a programme when all promised are counted, which calls its claimant."""
    world = toy()
    state = world.state
    state.tick, state.freed[PRISONERS], state.counted[PRISONERS] = 30, 499.0, 499.0
    assert noted(world) == []
    state.freed[PRISONERS] = 500.0
    assert noted(world) == [(MILESTONE, 0, 0.0)]
    assert state.milestone[0] == 30
    state.tick, state.freed[PRISONERS], state.counted[PRISONERS] = 31, 1_100.0, 999.0
    assert noted(world) == []
    state.counted[PRISONERS] = 1_000.0
    assert noted(world) == [(PROGRAMME_DONE, PRISONERS, 1_100.0)]
    assert state.programme_done[:2].tolist() == [1, 0]
    assert state.clock[TRIGGER_CLOCK : TRIGGER_CLOCK + 3].tolist() == [NEVER, 32, NEVER]
    assert noted(world) == []
    other = off(world.copy(), ON_TRIGGERS)
    other.state.programme_done[PRISONERS], other.state.clock[TRIGGER_CLOCK + REBELS] = 0, NEVER
    assert noted(other) == [(PROGRAMME_DONE, PRISONERS, 1_100.0)]
    assert other.state.clock[TRIGGER_CLOCK + REBELS] == NEVER


def test_preparations_and_withdrawal_steps_are_noted() -> None:
    """On the day on which a set-up ends; when troops are down to a step, one after the other, and no third."""
    world = toy()
    state = world.state
    state.tick, state.ready_tick[SOLDIERS] = 7, 7
    assert noted(world) == [(PREPARATION, SOLDIERS, 0.0)]
    state.tick = 8
    assert noted(world) == []
    state.troops[0] = 2_000.1
    assert noted(world) == []
    state.troops[0] = 2_000.0 + 5e-7  # rounding does not hold a step up
    assert noted(world) == [(WITHDRAWAL_STEP, 0, 2_000.0 + 5e-7)]
    assert state.steps_met[0] == 1
    assert noted(world) == []
    state.troops[0] = 0.0
    assert noted(world) == [(WITHDRAWAL_STEP, 0, 0.0)]
    assert noted(world) == []


def test_an_ending_is_paid_and_dated() -> None:
    """Each actor its value of the outcome, discounted to the day."""
    world = toy()
    world.state.tick = 40
    log, ledger, _ = buffers()
    take_outcome(world.state, world.params, SETTLEMENT, log, ledger)
    state = world.state
    assert (state.status, state.outcome, state.outcome_tick) == (ENDED, SETTLEMENT, 40)
    weary = 0.4 if state.type[PATRON] else 1.0
    values = [0.8 * exp(-0.15 * 40 / 365.25), 0.6 * exp(-0.1 * 40 / 365.25), weary * 0.5 * exp(-0.2 * 40 / 365.25)]
    assert state.payoff[:3].tolist() == pytest.approx(values, rel=1e-12)
