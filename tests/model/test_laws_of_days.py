"""A sampled day: which hazard fires, in which order endings are taken, what moves, how a run ends or fails."""

from __future__ import annotations

from math import exp, log, nan
from typing import Any

import numpy as np
import pytest
from hypothesis import strategies as st
from interpreted import interpreted
from toy_world import (
    ARMS,
    ARMY,
    CIVIL_WAR,
    DEAL_VOID,
    FIGHTERS,
    GOVERNMENT_COLLAPSE,
    PATRON,
    PRISONERS,
    REBELS,
    SETTLEMENT,
    SOLDIERS,
    STALEMATE,
    TALKS_OPEN,
    THE_STATE,
    World,
    buffers,
    given,
    logged,
    off,
    toy,
)

from sim.scenario.events import (
    DISPUTE_ENDS,
    DISPUTE_OPENS,
    HANDED_OVER,
    OFFICE_RESOLVED,
    OUTCOME,
    TALKS_BROKE_DOWN,
    TALKS_OPENED,
    THREAT_EXECUTED,
)

with interpreted():
    from sim.kernel.day import failed_payoff, finite_world, integrate_hazards, step_day
    from sim.model.clocks import DAY_CLOCK
    from sim.model.hazards import (
        AGREE_HAZARD,
        BREAKDOWN_HAZARD,
        DISPUTE_HAZARD,
        EXECUTE_HAZARD,
        OUTCOME_HAZARD,
        RESOLVE_HAZARD,
        TALKS_HAZARD,
        integrate_hazard,
    )
    from sim.model.outcomes import integrate_outcomes, outcome_of_step
    from sim.model.switches import ON_NOISE
    from sim.model.threats import begin_threat
    from sim.model.world import ENDED, FAILED, RUNS
from sim.scenario.catalogue import (
    MAX_TERMS,
    RUNNING,
)

# --- hazards ---------------------------------------------------------------------------------------------------------
SETTLING, VOIDING, WARRING, COLLAPSING = (
    OUTCOME_HAZARD + outcome - 1 for outcome in (SETTLEMENT, DEAL_VOID, CIVIL_WAR, GOVERNMENT_COLLAPSE)
)


def fires(state: Any, hazard: int, at_risk: bool, rate: float, days: float) -> bool:
    """Integrate a hazard over a step and return whether it fires in it."""
    integrate_hazard(state, hazard, at_risk, rate, days)
    return bool(state.hazard_fired[hazard])


@given(st.integers(0, 10_000), st.floats(0.001, 0.5), st.sampled_from([1.0, 0.25]))
def test_a_hazard_fires_when_its_integral_reaches_one_exponential(seed: int, rate: float, days: float) -> None:
    """Drawn on entry, kept until it fires, and forgotten then."""
    state = toy().state
    state.seed = seed
    assert fires(state, TALKS_HAZARD, True, 0.0, days) is False
    limit = float(state.hazard_limit[TALKS_HAZARD])
    assert limit > 0.0
    steps = 0
    while not fires(state, TALKS_HAZARD, True, rate, days):
        assert state.hazard_limit[TALKS_HAZARD] == limit
        steps += 1
    assert steps * rate * days < limit <= (steps + 1) * rate * days * (1.0 + 1e-9)
    assert state.hazard_limit[TALKS_HAZARD] == 0.0


def test_a_hazard_fires_on_its_limit_and_is_forgotten_when_its_state_is_left() -> None:
    """At equality; and a new entry starts a new sum."""
    state = toy().state
    state.hazard_limit[VOIDING], state.hazard_used[VOIDING] = 1.0, 0.5
    assert not fires(state, VOIDING, True, 0.25, 1.0)
    assert fires(state, VOIDING, True, 0.25, 1.0)
    state.hazard_limit[VOIDING], state.hazard_used[VOIDING] = 1.0, 0.5
    assert not fires(state, VOIDING, False, 99.0, 1.0)
    assert state.hazard_limit[VOIDING] == 0.0
    fires(state, VOIDING, True, 0.125, 1.0)
    assert state.hazard_used[VOIDING] == 0.125


def test_waits_are_exponential() -> None:
    """A constant rate of 0.1 fires within ten days in 1 - 1 / e of 8,000 worlds."""
    state = toy().state
    fired = 0
    for seed in range(8_000):
        state.seed, state.hazard_limit[TALKS_HAZARD] = seed, 0.0
        fired += fires(state, TALKS_HAZARD, True, 0.1, 10.0)
    share = 1.0 - exp(-1.0)
    assert abs(fired / 8_000 - share) < 4.0 * np.sqrt(share * (1.0 - share) / 8_000)


ORDER = (
    (SETTLING, SETTLEMENT),
    (VOIDING, DEAL_VOID),
    (WARRING, CIVIL_WAR),
    (COLLAPSING, GOVERNMENT_COLLAPSE),
)


def ending() -> World:
    """Return a world in which every ending has a hazard, and none a limit that a day reaches."""
    world = toy()
    state = world.state
    state.counted[PRISONERS] = state.freed[PRISONERS] = 900.0
    state.talks, state.dual[0], state.troops[0] = 1.0, 1.0, 300.0
    world.read()
    for hazard, _ in ORDER:
        state.hazard_limit[hazard] = 1e9
    return world


@given(st.lists(st.booleans(), min_size=4, max_size=4))
def test_of_endings_that_fire_together_the_first_in_order_is_taken(firing: list[bool]) -> None:
    """Settlement, void deal, civil war, collapse; every hazard is integrated whichever fires."""
    world = ending()
    for (hazard, _), fire in zip(ORDER, firing, strict=True):
        if fire:
            world.state.hazard_limit[hazard] = 1e-12
    expected = next((outcome for (_, outcome), fire in zip(ORDER, firing, strict=True) if fire), RUNNING)
    integrate_outcomes(*world, 1.0)
    assert outcome_of_step(*world) == expected
    assert all(world.state.hazard_used[hazard] > 0.0 for hazard, _ in ORDER)


def test_closed_talks_settle_nothing() -> None:
    """And forget what was integrated."""
    world = ending()
    world.state.talks, world.state.hazard_limit[SETTLING] = 0.0, 1e-12
    integrate_outcomes(*world, 1.0)
    assert outcome_of_step(*world) == RUNNING
    assert world.state.hazard_limit[SETTLING] == 0.0


@pytest.mark.parametrize(
    ("field", "place"),
    [
        ("force_balance", None),
        ("violence", None),
        ("strength", FIGHTERS),
        ("excitation", FIGHTERS),
        ("cohesion_logit", 0),
        ("intensity", FIGHTERS),
        ("attacks_total", FIGHTERS),
        ("deaths_total", FIGHTERS),
        ("civilian_total", FIGHTERS),
        ("counted", PRISONERS),
        ("pending", PRISONERS),
        ("returned", PRISONERS),
        ("commanders", PRISONERS),
        ("payoff", REBELS),
    ],
)
def test_a_world_with_a_number_that_is_none_is_not_finite(field: str, place: int | None) -> None:
    """Anywhere in what moves; the actor is named if it is a payoff."""
    world = toy()
    assert finite_world(world.state, world.params)
    assert failed_payoff(world.state, world.params) == -1
    if place is None:
        setattr(world.state, field, nan)
    else:
        getattr(world.state, field)[place] = nan
    assert not finite_world(world.state, world.params)
    assert failed_payoff(world.state, world.params) == (REBELS if field == "payoff" else -1)


# --- the day ---------------------------------------------------------------------------------------------------------
def a_day(world: World) -> tuple[list[tuple[int, int, float]], Any]:
    """Step a world by a day and return what was logged, and its ledger."""
    log, ledger, _ = buffers()
    step_day(*world, np.zeros((3, MAX_TERMS)), log, ledger)
    return logged(log), ledger


def quiet() -> World:
    """Return a world in which no hazard is near to firing and nobody attacks."""
    world = off(toy(), ON_NOISE)
    world.play(REBELS, "cease")
    world.state.ready_tick[ARMS] = 0
    world.params.attack_base[:] = 0.0
    world.state.excitation[:] = 0.0
    world.state.hazard_limit[:] = 1e9
    world.read()
    return world


def test_a_day_moves_what_moves_and_nothing_else() -> None:
    """Troops, forces, arms, cohesion, the clock, the days that moves stood, payoffs; and what is read off them."""
    world = quiet()
    before = world.state.copy()
    events, ledger = a_day(world)
    assert events == [(HANDED_OVER, ARMS, 0.5 / 365.25)]
    state = world.state
    assert state.tick == 1
    assert state.freed[ARMS] == state.counted[ARMS] == 0.5 / 365.25
    assert state.clock[DAY_CLOCK] == 2
    assert state.troops[0] == 2_980.0
    assert state.troop_share == pytest.approx(2_980.0 / 3_000.0)
    assert state.disarmed[FIGHTERS] == pytest.approx(0.5 / 365.25)
    assert state.cohesion_logit[0] == pytest.approx(0.5 * exp(-1.0 / 200.0))
    # rates are those of the start: all troops were there, aid was 3 of 4 billion
    assert state.strength[ARMY] == pytest.approx(exp(-(0.0002 + 0.001 * 0.25)), rel=1e-12)
    rest = 0.02 / (0.002 * 0.8)
    assert state.strength[FIGHTERS] == pytest.approx(rest + (10.0 - rest) * exp(-0.0016), rel=1e-12)
    for actor in range(3):
        assert state.occupancy[actor, state.standing[actor]] == 1.0
    assert state.occupancy.sum() == 3.0
    np.testing.assert_allclose(ledger.sum(axis=1), state.payoff[:3], rtol=1e-12)
    moved = {"tick", "clock", "troops", "troop_share", "cohesion_logit", "strength", "occupancy", "payoff"}
    moved |= {"freed", "counted", "disarmed", "promise_steps", "promise_share"}
    assert state.differs(before) - {"hazard_used", "hazard_limit", "hazard_fired"} == moved | {"force_balance"}


def test_only_what_may_happen_is_integrated() -> None:
    """Closed talks may open, a deal may be void; without talks, claim, dispute or threat nothing else is entered."""
    world = quiet()
    world.state.hazard_limit[:] = 0.0
    a_day(world)
    entered = set(np.flatnonzero(world.state.hazard_limit).tolist())
    assert entered == {TALKS_HAZARD, VOIDING, WARRING, COLLAPSING}
    world = ending()
    world.play(PATRON, "threaten")
    begin_threat(*world, PATRON)
    world.state.freed[PRISONERS], world.state.dispute[SOLDIERS] = 1_000.0, 1.0
    world.state.hazard_limit[:] = 0.0
    world.params.kept_backlog[:] = 1.0
    integrate_hazards(*world)
    entered = set(np.flatnonzero(world.state.hazard_limit).tolist())
    assert entered >= {BREAKDOWN_HAZARD, SETTLING, VOIDING, WARRING, COLLAPSING}
    others = {DISPUTE_HAZARD + PRISONERS, AGREE_HAZARD + SOLDIERS, RESOLVE_HAZARD, EXECUTE_HAZARD + PATRON}
    assert entered - {BREAKDOWN_HAZARD, SETTLING, VOIDING, WARRING, COLLAPSING} == others


def test_what_fires_takes_effect_at_the_end_of_the_day() -> None:
    """Talks open, a dispute opens and another ends, a claim is resolved, a threat executed, and then the run ends."""
    world = quiet()
    state = world.state
    state.freed[:2], state.counted[:2] = (900.0, 200.0), (800.0, 100.0)
    state.dispute[SOLDIERS], state.dual[0] = 0.5, 1.0  # half a dispute lets talks open
    world.play(PATRON, "threaten")
    begin_threat(*world, PATRON)
    state.milestone[0] = 0
    world.params.dispute_ends[SOLDIERS] = 0.1
    world.params.kept_backlog[:] = 1.0
    world.play(REBELS, "quiet")
    state.hazard_limit[:] = 1e-12
    events, _ = a_day(world)
    assert [event[:2] for event in events] == [
        (TALKS_OPENED, -1),
        (DISPUTE_OPENS, PRISONERS),
        (DISPUTE_ENDS, SOLDIERS),
        (OFFICE_RESOLVED, 0),
        (THREAT_EXECUTED, PATRON),
        (OUTCOME, DEAL_VOID),
    ]
    assert (state.status, state.outcome_tick) == (ENDED, 1)
    assert state.talks == 1.0


def test_open_talks_break_down_by_their_hazard() -> None:
    """At the end of the day; closed ones have nothing to break."""
    world = quiet()
    world.play(REBELS, "surge")  # refuses
    world.state.talks = 1.0
    world.set_rate(DEAL_VOID, 0.0)
    world.state.hazard_limit[:] = 0.029
    events, _ = a_day(world)
    assert events[0] == (TALKS_BROKE_DOWN, -1, 0.0)
    assert world.state.talks == 0.0


@pytest.mark.parametrize(("talks", "outcome"), [(0.0, STALEMATE), (1.0, TALKS_OPEN)])
def test_the_horizon_ends_a_run(talks: float, outcome: int) -> None:
    """In talks or in a stalemate, on the last tick and not before it."""
    world = quiet()
    world.state.tick, world.state.talks = 198, talks
    a_day(world)
    assert world.state.status == RUNS
    a_day(world)
    assert (world.state.status, world.state.outcome, world.state.outcome_tick) == (ENDED, outcome, 200)


def test_a_payoff_that_is_no_number_fails_the_run() -> None:
    """With the name of the actor, whatever outcome was drawn."""
    world = quiet()
    world.state.hazard_limit[VOIDING] = 1e-12
    world.state.payoff[REBELS] = nan
    a_day(world)
    assert (world.state.status, world.state.failed_actor) == (FAILED, REBELS)
    assert world.state.outcome == RUNNING


def test_captives_go_free_on_a_day() -> None:
    """The day's step frees every group; the soldiers follow the prisoners in the same step."""
    world = quiet()
    world.play(THE_STATE, "theirs")
    world.state.ready_tick[PRISONERS] = 0
    a_day(world)
    assert world.state.freed[:2].tolist() == [50.0, 12.0]


def test_noise_is_drawn_if_it_is_on() -> None:
    """Capacity and cohesion scatter about the quiet day's."""
    calm, noisy = quiet(), quiet()
    noisy.params.on[ON_NOISE] = 1
    a_day(calm)
    a_day(noisy)
    assert calm.state.strength[ARMY] != noisy.state.strength[ARMY]
    assert calm.state.cohesion_logit[0] != noisy.state.cohesion_logit[0]
    assert calm.state.strength[FIGHTERS] == noisy.state.strength[FIGHTERS]
    assert -log(noisy.state.strength[ARMY]) < 0.1
