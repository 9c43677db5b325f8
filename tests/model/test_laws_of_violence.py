"""Violence: the season, the rate, what attacks excite, whom they kill, what shocks the capital."""

from __future__ import annotations

from math import cos, exp, pi

import numpy as np
import pytest
from hypothesis import strategies as st
from interpreted import interpreted
from toy_world import ARMY, BANDITS, FIGHTERS, PATRON, REBELS, THE_STATE, World, buffers, given, logged, off, toy

from sim.scenario.events import MASS_CASUALTY

with interpreted():
    from sim.model.clocks import TRIGGER_CLOCK
    from sim.model.hazards import BREAKDOWN_HAZARD
    from sim.model.steps import TICK_LENGTH
    from sim.model.switches import ON_SPOILER_RESPONSE, ON_SPOILERS, ON_TRIGGERS
    from sim.model.violence import attack_intensity, draw_attacks, draw_mass_casualty, excite, season, spontaneous_rate
    from sim.model.world import NEVER


def steady(steps_per_day: int = 1) -> World:
    """Return a world without seasons."""
    world = toy(steps_per_day)
    world.params.season_amplitude = 0.0
    world.read()
    return world


@given(st.integers(0, 2_000), st.sampled_from([1, 4]))
def test_the_season_is_a_cosine_about_its_peak(tick: int, steps: int) -> None:
    """1 + 0.2 cos(2 pi (day - 196) / 365.25), from 29 February, the 60th day of its year."""
    world = toy(steps)
    world.state.tick = tick
    day = 60.0 + tick / steps - 196.0
    assert season(world.state, world.params) == pytest.approx(1.0 + 0.2 * cos(2.0 * pi * day / 365.25), rel=1e-12)
    assert season(world.state, steady().params) == 1.0


@given(st.floats(0.1, 30.0), st.sampled_from([0.0, 0.3, 0.5, 1.0, 2.0]), st.floats(0.0, 3.0))
def test_the_spontaneous_rate_is_a_power_of_strength(strength: float, exponent: float, factor: float) -> None:
    """Mu (I / I0)^e with mu = (1 - 0.4) 20, times what an event has set."""
    world = steady()
    world.state.strength[FIGHTERS], world.state.attack_factor[FIGHTERS] = strength, factor
    world.params.capacity_exponent[FIGHTERS] = exponent
    expected = 12.0 * factor * (strength / 10.0) ** exponent
    assert spontaneous_rate(world.state, world.params, FIGHTERS) == pytest.approx(expected, rel=1e-12)


def test_the_spontaneous_rate_has_its_season() -> None:
    """What is excited has none of its own."""
    world = toy()
    world.state.tick = 136
    assert spontaneous_rate(world.state, world.params, FIGHTERS) == pytest.approx(12.0 * 1.2)
    rate = attack_intensity(world.state, world.params, FIGHTERS)
    assert rate == pytest.approx(12.0 * 1.2 + world.state.excitation[FIGHTERS])


@pytest.mark.parametrize(("move", "posture"), [("cease", 0.0), ("quiet", 0.2), ("fight", 1.0), ("surge", 1.5)])
@given(st.floats(0.0, 1.0), st.floats(0.0, 50.0))
def test_a_posture_scales_all_attacks_at_once(move: str, posture: float, disarmed: float, excited: float) -> None:
    """S (mu + e), less the arms put beyond use."""
    world = steady()
    world.state.disarmed[FIGHTERS], world.state.excitation[FIGHTERS] = disarmed, excited
    world.play(REBELS, move)
    expected = posture * (1.0 - disarmed) * (12.0 + excited)
    assert attack_intensity(world.state, world.params, FIGHTERS) == pytest.approx(expected, rel=1e-12, abs=1e-12)


@given(st.floats(0.0, 1.0))
def test_spoilers_answer_to_talks(talks: float) -> None:
    """Bandits attack 1 + 0.5 q times as often; insurgents do not; regular forces attack nobody."""
    world = steady()
    fighters = attack_intensity(world.state, world.params, FIGHTERS)
    world.params.talks_response[FIGHTERS] = 3.0
    world.state.talks = talks
    assert attack_intensity(world.state, world.params, BANDITS) == pytest.approx(2.0 * (1.0 + 0.5 * talks), rel=1e-12)
    assert attack_intensity(world.state, world.params, FIGHTERS) == fighters
    world.params.attack_base[ARMY] = 5.0
    assert attack_intensity(world.state, world.params, ARMY) == 0.0


def test_spoilers_can_be_off() -> None:
    """All their attacks, or only their answer to talks; insurgents attack on."""
    world = steady()
    world.state.talks = 1.0
    off(world, ON_SPOILER_RESPONSE)
    assert attack_intensity(world.state, world.params, BANDITS) == 2.0
    off(world, ON_SPOILERS)
    assert attack_intensity(world.state, world.params, BANDITS) == 0.0
    assert attack_intensity(world.state, world.params, FIGHTERS) == pytest.approx(20.0)


@given(st.integers(0, 200), st.floats(0.0, 40.0), st.sampled_from([("quiet", 0.2), ("fight", 1.0), ("surge", 1.5)]))
def test_attacks_excite_attacks(attacks: int, before: float, stance: tuple[str, float]) -> None:
    """E' = exp(-beta dt) e + n (1 - exp(-beta dt)) N / (s dt), with n = 0.4 and 1 / beta = 10 days."""
    for steps in (1, 4):
        world = steady(steps)
        world.play(REBELS, stance[0])
        world.state.excitation[FIGHTERS] = before
        excite(world.state, world.params, FIGHTERS, float(attacks), TICK_LENGTH)
        kept = exp(-0.1 / steps)
        expected = kept * before + 0.4 * (1.0 - kept) * attacks * steps / stance[1]
        assert world.state.excitation[FIGHTERS] == pytest.approx(expected, rel=1e-12, abs=1e-12)


@given(st.floats(0.0, 40.0))
def test_a_silent_force_relaxes_towards_its_own_mean(before: float) -> None:
    """At posture 0 the mean rate mu + e takes the place of N / (s dt)."""
    world = steady()
    world.play(REBELS, "cease")
    world.state.excitation[FIGHTERS] = before
    excite(world.state, world.params, FIGHTERS, 0.0, TICK_LENGTH)
    kept = exp(-0.1)
    assert world.state.excitation[FIGHTERS] == pytest.approx(
        kept * before + 0.4 * (1 - kept) * (12.0 + before), rel=1e-12
    )


def test_the_stationary_rate_is_the_reference() -> None:
    """At n mu / (1 - n) the expected excitation stays where it is, and the rate is 20 a day: from the start."""
    world = steady()
    assert world.state.excitation[FIGHTERS] == pytest.approx(0.4 * 12.0 / 0.6)
    assert world.state.intensity[FIGHTERS] == pytest.approx(20.0)
    for _ in range(3):
        excite(world.state, world.params, FIGHTERS, 20.0, TICK_LENGTH)
        assert world.state.excitation[FIGHTERS] == pytest.approx(8.0, rel=1e-12)


def test_violence_is_the_insurgents_rate_over_their_reference() -> None:
    """1 at the start, half with another force of as many that is silent; bandits do not count; 0 without insurgents."""
    world = steady()
    assert world.state.violence == pytest.approx(1.0)
    world.params.streams, world.params.stream_force[3] = 4, 3
    world.params.owner[3], world.params.attack_reference[3] = -1, 20.0
    world.state.intensity[BANDITS] = 500.0
    world.read()
    assert world.state.violence == pytest.approx(0.5)
    assert world.state.intensity[:4].tolist() == pytest.approx([20.0, 0.0, 2.0, 0.0])
    world.params.kind[:4] = world.params.kind[BANDITS]
    world.read()
    assert world.state.violence == 0.0


def test_the_first_actor_of_a_file_may_command_insurgents() -> None:
    """Row 0 is an actor; -1 is none."""
    world = steady()
    world.params.owner[FIGHTERS] = THE_STATE
    world.params.violence_level[THE_STATE, :, FIGHTERS] = world.params.violence_total[THE_STATE, :, FIGHTERS] = 0.3
    world.read()
    assert (world.state.posture[FIGHTERS], world.state.violence_of[THE_STATE]) == (0.3, 0.3)


def test_deaths_drawn_one_by_one_start_from_none() -> None:
    """Attacks that kill nobody kill nobody, and the worst of them shocks nobody."""
    world = steady()
    world.params.deaths_mean[BANDITS] = 1e-9
    world.params.mass_deaths[BANDITS] = 1.0
    world.params.mass_per_attack[:] = 0.0
    for seed in range(10):
        after, _, events = drawn(world, seed)
        assert after.state.deaths_total[BANDITS] == 0.0
        assert events == []


def test_a_force_without_excitation_keeps_none() -> None:
    """Bandits' attacks are independent of each other."""
    world = steady()
    world.state.excitation[BANDITS] = 1.0
    excite(world.state, world.params, BANDITS, 5.0, TICK_LENGTH)
    assert world.state.excitation[BANDITS] == 1.0


# --- sampled ---------------------------------------------------------------------------------------------------------
def drawn(world: World, seed: int) -> tuple[World, bool, list[tuple[int, int, float]]]:
    """Return a copy of a world after a step's attacks, whether they break talks, and what was logged."""
    other = world.copy()
    other.state.seed = seed
    log, _, _ = buffers()
    draw_attacks(other.state, other.params, log)
    return other, bool(other.state.hazard_fired[BREAKDOWN_HAZARD]), logged(log)


@given(st.integers(0, 10_000))
def test_attacks_are_booked_today_in_all_and_since_the_review(seed: int) -> None:
    """Whole attacks and deaths, and no death without attack; the excitation follows those of insurgents."""
    world = off(steady(), ON_TRIGGERS)
    world.state.attacks_today[:], world.state.deaths_today[:] = 9.0, 9.0
    world.state.attacks_total[:], world.state.window_attacks[:] = 100.0, 10.0
    world.state.deaths_total[:], world.state.window_deaths[:] = 50.0, 5.0
    after, breaks, events = drawn(world, seed)
    state = after.state
    for force in (FIGHTERS, BANDITS):
        attacks, deaths = state.attacks_today[force], state.deaths_today[force]
        assert attacks % 1.0 == deaths % 1.0 == 0.0
        assert attacks > 0.0 or deaths == 0.0
        assert state.attacks_total[force] == 100.0 + attacks
        assert state.window_attacks[force] == 10.0 + attacks
        assert state.deaths_total[force] == 50.0 + deaths
        assert state.window_deaths[force] == 5.0 + deaths
    assert state.attacks_today[ARMY] == 9.0
    kept = exp(-0.1)
    expected = kept * 8.0 + 0.4 * (1.0 - kept) * state.attacks_today[FIGHTERS]
    assert state.excitation[FIGHTERS] == pytest.approx(expected, rel=1e-12)
    assert not breaks
    assert events == []


def test_a_force_that_does_not_attack_keeps_no_other_from_it() -> None:
    """Without attacks of fighters the bandits, who come later in the file, still attack."""
    world = off(steady(), ON_TRIGGERS)
    world.play(REBELS, "cease")
    after, _, _ = drawn(world, 1)
    assert after.state.attacks_total[FIGHTERS] == 0.0
    assert after.state.attacks_total[BANDITS] > 0.0


def test_a_day_has_four_steps_of_six_hours() -> None:
    """Today's attacks add up over the steps of a day and begin anew with the next."""
    world = off(steady(4), ON_TRIGGERS)
    log, _, _ = buffers()
    today = []
    for tick in range(8):
        world.state.tick = tick
        draw_attacks(world.state, world.params, log)
        today.append(world.state.attacks_today[FIGHTERS])
    assert today[0] < today[1] < today[2] < today[3]
    assert today[4] < today[5] < today[6] < today[7]
    assert today[3] + today[7] == world.state.attacks_total[FIGHTERS]


def test_attacks_and_deaths_have_their_means() -> None:
    """20 and 2 attacks a day, that kill 0.5 and 3 each: over 400 days, within four standard errors."""
    world = off(steady(), ON_TRIGGERS)
    ends = [drawn(world, seed)[0].state for seed in range(400)]
    for name, force, mean in (
        ("attacks_today", FIGHTERS, 20.0),
        ("attacks_today", BANDITS, 2.0),
        ("deaths_today", FIGHTERS, 10.0),
        ("deaths_today", BANDITS, 6.0),
    ):
        values = np.array([getattr(end, name)[force] for end in ends])
        assert abs(values.mean() - mean) < 4.0 * values.std(ddof=1) / 20.0


def test_deaths_of_many_attacks_scatter_as_a_sum() -> None:
    """Negative binomial of mean m N and shape k N: variance N m (1 + m / k), here 20 x 0.5 x 3.5 and that of N."""
    world = off(steady(), ON_TRIGGERS)
    deaths = np.array([drawn(world, seed)[0].state.deaths_today[FIGHTERS] for seed in range(600)])
    expected = 20.0 * 0.5 * (1.0 + 0.5 / 0.2) + 20.0 * 0.25
    assert 0.75 * expected < deaths.var(ddof=1) < 1.3 * expected


def shocked(
    world: World, attacks: float, worst: float, seed: int = 1
) -> tuple[World, bool, list[tuple[int, int, float]]]:
    """Return a copy of a world after the question whether a force of bandits shocked the capital."""
    other = world.copy()
    other.state.seed = seed
    log, _, _ = buffers()
    draw_mass_casualty(other.state, other.params, BANDITS, attacks, worst, log)
    return other, bool(other.state.hazard_fired[BREAKDOWN_HAZARD]), logged(log)


def test_an_attack_with_so_many_deaths_calls_the_incumbents_for_the_next_day() -> None:
    """Eight deaths of bandits' hands and the state reviews, nobody else; seven, and nobody does."""
    world = steady(4)
    world.state.tick = 10
    after, breaks, events = shocked(world, 1.0, 8.0)
    assert events == [(MASS_CASUALTY, BANDITS, 8.0)]
    assert after.state.clock[TRIGGER_CLOCK + THE_STATE] == 11 + 4
    assert after.state.clock[TRIGGER_CLOCK + REBELS] == after.state.clock[TRIGGER_CLOCK + PATRON] == NEVER
    assert not breaks  # talks are closed
    world.params.mass_deaths[BANDITS] = 1.0
    assert shocked(world, 1.0, 1.0)[2] == [(MASS_CASUALTY, BANDITS, 1.0)]
    world.params.mass_deaths[BANDITS] = 8.0
    after, breaks, events = shocked(world, 1.0, 7.0)
    assert (after.state.differs(world.state), breaks, events) == (set(), False, [])


def test_a_force_without_a_threshold_shocks_by_its_own_probability() -> None:
    """1 - exp(-pi N) with pi = 0.01, whatever died."""
    world = steady()
    log, _, _ = buffers()
    shocks = 0
    for seed in range(1_000):
        world.state.seed = seed
        log[0].kind = 0
        draw_mass_casualty(world.state, world.params, FIGHTERS, 50.0, 500.0, log)
        shocks += len(logged(log))
    share = 1.0 - exp(-0.5)
    assert abs(shocks / 1_000 - share) < 4.0 * np.sqrt(share * (1.0 - share) / 1_000)
    world.params.mass_per_attack[FIGHTERS] = 0.0
    log[0].kind = 0
    draw_mass_casualty(world.state, world.params, FIGHTERS, 50.0, 500.0, log)
    assert logged(log) == []


def test_a_shock_breaks_open_talks_with_its_probability() -> None:
    """In 0.4 of the worlds, and in none if the file says so."""
    world = steady()
    world.state.talks = 1.0
    breaks = np.array([shocked(world, 1.0, 20.0, seed)[1] for seed in range(600)])
    assert abs(breaks.mean() - 0.4) < 4.0 * np.sqrt(0.24 / 600)
    world.params.breakdown_shock = 0.0
    assert not any(shocked(world, 1.0, 20.0, seed)[1] for seed in range(20))


def test_a_step_of_attacks_asks_for_shocks() -> None:
    """The worst attack of a step counts, not their sum; and triggers can be off."""
    world = steady()
    world.state.talks = 1.0
    world.params.attack_base[BANDITS], world.params.mass_per_attack[:] = 40.0, 0.0
    world.params.deaths_mean[BANDITS], world.params.deaths_shape[BANDITS] = 1.0, 1e6
    world.read()
    assert not any(drawn(world, seed)[2] for seed in range(10))  # forty attacks that kill one or two each
    world.params.mass_deaths[BANDITS] = 2.0
    results = [drawn(world, seed) for seed in range(40)]
    assert all(events == [(MASS_CASUALTY, BANDITS, events[0][2])] and events[0][2] >= 2.0 for _, _, events in results)
    assert max(events[0][2] for _, _, events in results) < 12.0
    assert 0.1 < np.mean([breaks for _, breaks, _ in results]) < 0.7
    off(world, ON_TRIGGERS)
    assert not any(breaks or events for _, breaks, events in (drawn(world, seed) for seed in range(10)))
