"""Moves: what may be chosen, what a change costs at once, what standing moves mean, which pledges they break."""

from __future__ import annotations

from math import exp

import numpy as np
import pytest
from hypothesis import strategies as st
from interpreted import interpreted
from toy_world import (
    BANDITS,
    FIGHTERS,
    PATRON,
    PRISONERS,
    REBELS,
    SOLDIERS,
    THE_STATE,
    World,
    buffers,
    given,
    logged,
    off,
    toy,
)

from sim.scenario.events import PLEDGE_BROKEN

with interpreted():
    from sim.model.capacity import on_offence
    from sim.model.captives import release_before_talks
    from sim.model.clocks import TRIGGER_CLOCK
    from sim.model.moves import (
        COOLING,
        GUARDED,
        IN_DISPUTE,
        LEGAL,
        enter_move,
        expect_answers,
        legality,
    )
    from sim.model.offices import offers, single_team
    from sim.model.pledges import BROKEN, KEPT, UNSEEN, broken_pledges, note_pledges, update_pledges
    from sim.model.releases import releasing
    from sim.model.switches import ON_AUDIENCE_COSTS, ON_REPUTATION, ON_TRIGGERS
    from sim.model.talks import refuses_talks
    from sim.model.violence import holding_fire, surging, violence_factor
    from sim.model.withdrawal import any_guarantor_pausing, pausing
    from sim.model.world import NEVER


# --- what standing moves mean ----------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("move", "posture", "holds", "surges", "sits", "refuses"),
    [
        ("cease", 0.0, 1.0, 0.0, 1.0, False),
        ("quiet", 0.2, 1.0, 0.0, 1.0, False),
        ("edge", 0.4, 1.0, 0.0, 1.0, False),
        ("fight", 1.0, 0.0, 0.0, 0.25, False),
        ("surge", 1.5, 0.0, 1.0, 0.0, True),
    ],
)
def test_a_stance_is_read_off_the_move(
    move: str, posture: float, holds: float, surges: float, sits: float, refuses: bool
) -> None:
    """Posture, holding fire at or under the pledge, surging above the baseline, sitting, refusing."""
    world = toy()
    world.play(REBELS, move)
    state, params = world.state, world.params
    assert state.posture[:3].tolist() == [posture, 1.0, 1.0]
    assert state.violence_of[:3].tolist() == [0.0, posture, 0.0]
    assert holding_fire(state, params, REBELS, -1) == holds
    assert surging(state, params, REBELS, -1) == surges
    assert state.sitting == sits
    assert refuses_talks(state, params, REBELS) == refuses


def test_the_most_violent_force_speaks_for_its_actor() -> None:
    """Two forces of the rebels: the higher posture counts; forces of nobody stand at 1."""
    world = toy()
    world.params.forces, world.params.owner[3] = 4, REBELS
    world.params.violence_total[REBELS, :, 3] = 0.7
    world.play(REBELS, "quiet")
    assert world.state.violence_of[REBELS] == 0.7
    world.play(REBELS, "surge")
    assert world.state.violence_of[REBELS] == 1.5
    assert world.state.posture[BANDITS] == 1.0


def test_only_incumbents_attack() -> None:
    """An offence of rebels is none of the state's."""
    world = toy()
    number = world.play(THE_STATE, "attack")
    assert world.state.offence == on_offence(world.state, world.params, THE_STATE) == 1.0
    world.params.incumbent[THE_STATE] = 0
    world.read()
    assert world.state.offence == 0.0
    assert number == 5
    assert on_offence(world.state, world.params, REBELS) == 0.0


def test_parties_sit_together() -> None:
    """The product over parties; who is none does not count."""
    world = toy()
    world.params.participation[THE_STATE, :], world.params.participation[PATRON, :] = 0.5, 0.0
    world.read()
    assert world.state.sitting == 0.5 * 0.25


@given(st.floats(0.0, 1.0), st.sampled_from([("quiet", 0.2), ("surge", 1.5)]))
def test_arms_beyond_use_do_not_shoot(disarmed: float, stance: tuple[str, float]) -> None:
    """S (1 - share)."""
    world = toy()
    world.play(REBELS, stance[0])
    world.state.disarmed[FIGHTERS] = disarmed
    assert violence_factor(world.state, world.params, FIGHTERS) == pytest.approx(
        stance[1] * (1.0 - disarmed), rel=1e-12
    )


def test_who_holds_back_a_withdrawal_that_is_due_pauses() -> None:
    """A pace of 0 with troops left of one's own schedule; a guarantor's pause is one of the deal's."""
    world = toy()
    state, params = world.state, world.params
    assert pausing(state, params, PATRON) == any_guarantor_pausing(state, params) == 0.0
    world.play(PATRON, "pause")
    assert pausing(state, params, PATRON) == any_guarantor_pausing(state, params) == 1.0
    assert pausing(state, params, THE_STATE) == 0.0
    params.guarantor[PATRON] = 0
    assert any_guarantor_pausing(state, params) == 0.0
    state.troops[0] = 0.0
    assert pausing(state, params, PATRON) == 0.0
    state.troops[0] = 1.0
    assert pausing(state, params, PATRON) == 1.0
    params.steps[0] = 1
    assert pausing(state, params, PATRON) == 1.0
    params.steps[0] = 0
    assert pausing(state, params, PATRON) == 0.0


def test_levers_of_release_and_office() -> None:
    """Whom the move frees; one team; an offer."""
    world = toy()
    for move, frees, team, offer in (
        ("wait", 0.0, False, False),
        ("own", 1.0, True, False),
        ("theirs", 1.0, False, True),
    ):
        world.play(THE_STATE, move)
        assert releasing(world.state, world.params, PRISONERS) == frees
        assert releasing(world.state, world.params, SOLDIERS) == 0.0
        assert single_team(world.state, world.params, 0) == team
        assert offers(world.state, world.params, 0) == offer


# --- what may be chosen ----------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("since", "reason"), [(0, COOLING), (9, COOLING), (10, LEGAL), (11, LEGAL)])
def test_a_cooldown_is_over_on_its_last_day(since: int, reason: int) -> None:
    """Ten days after an offensive was left it may be chosen again; never left, at once; what stands may stand on."""
    world = toy()
    attack = world.move(THE_STATE, "attack")
    assert legality(*world, THE_STATE, attack) == LEGAL
    world.state.tick = 40
    world.state.left[THE_STATE, attack] = 40 - since
    assert legality(*world, THE_STATE, attack) == reason
    world.state.standing[THE_STATE] = attack
    assert legality(*world, THE_STATE, attack) == LEGAL


def test_a_dispute_blocks_the_moves_that_it_is_said_to_block() -> None:
    """The claimant's marked moves, even the one that stands; no others."""
    world = toy()
    quiet, edge = world.move(REBELS, "quiet"), world.move(REBELS, "edge")
    world.state.standing[REBELS] = quiet
    assert legality(*world, REBELS, quiet) == LEGAL
    world.state.dispute[PRISONERS] = 1.0
    assert legality(*world, REBELS, quiet) == IN_DISPUTE
    assert legality(*world, REBELS, edge) == LEGAL


def test_a_guard_must_hold() -> None:
    """A move whose condition is false is illegal, though it stands."""
    world = toy()
    guard = int(world.params.opens_when)
    world.params.guard[THE_STATE, 1] = guard
    world.state.standing[THE_STATE] = 1
    assert legality(*world, THE_STATE, 1) == GUARDED
    world.state.counted[PRISONERS] = 500.0
    assert legality(*world, THE_STATE, 1) == LEGAL


# --- what a change costs at once -------------------------------------------------------------------------------------
def enter(world: World, actor: int, move: str, foresees: bool = False) -> float:
    """Let an actor turn to a move and return what it costs."""
    return float(enter_move(*world, actor, world.move(actor, move), foresees))


def test_a_change_is_dated_and_costs_what_its_file_says() -> None:
    """A quarter of a util for the offensive; nothing for what stands already."""
    world = toy()
    world.state.tick = 12
    assert enter(world, THE_STATE, "wait") == 0.0
    assert world.state.since[THE_STATE] == 0
    assert world.state.left[THE_STATE, 0] == -NEVER
    assert enter(world, THE_STATE, "attack") == 0.25
    assert world.state.since[THE_STATE] == world.state.left[THE_STATE, 0] == 12
    assert world.state.standing[THE_STATE] == world.move(THE_STATE, "attack")
    assert world.state.offence == 1.0
    assert world.state.left[THE_STATE, world.move(THE_STATE, "attack")] == -NEVER


def test_giving_up_a_refusal_costs_support_and_earns_trust_once() -> None:
    """0.02 util and 0.1 of log-odds with the claimant alone, the first time only; the set-up starts."""
    world = toy()
    world.state.tick = 3
    trust = world.state.trust.copy()
    assert enter(world, THE_STATE, "own") == pytest.approx(0.02)
    trust[REBELS, THE_STATE] += 0.1
    np.testing.assert_allclose(world.state.trust, trust, rtol=1e-12)
    assert world.state.refusal_reversed[THE_STATE] == 1
    assert world.state.ready_tick[PRISONERS] == 3 + int(world.state.lag_days[PRISONERS] + 0.5)
    assert enter(world, THE_STATE, "theirs") == 0.0  # from one release to another
    assert enter(world, THE_STATE, "wait") == 0.0
    assert enter(world, THE_STATE, "own") == 0.0
    np.testing.assert_allclose(world.state.trust, trust, rtol=1e-12)
    assert world.state.released_once[THE_STATE] == 0  # only freeing does that, unless it is foreseen


def test_turning_from_one_release_to_another_is_no_climb_down() -> None:
    """Who released already gives up no refusal."""
    world = toy()
    world.play(THE_STATE, "own")
    assert enter(world, THE_STATE, "theirs") == 0.0
    assert world.state.refusal_reversed[THE_STATE] == 0


@given(st.floats(0.0, 1.0))
def test_a_first_release_before_talks_is_foreseen(talks: float) -> None:
    """0.04 util times the odds that talks are closed, once."""
    world = toy()
    world.state.talks = talks
    other = world.copy()
    assert enter(world, THE_STATE, "own", True) == pytest.approx(0.02 + 0.04 * (1.0 - talks), rel=1e-12)
    assert world.state.released_once[THE_STATE] == 1
    assert enter(world, THE_STATE, "own", True) == 0.0
    assert release_before_talks(other.state, other.params, THE_STATE) == pytest.approx(0.04 * (1.0 - talks), rel=1e-12)
    assert other.state.released_once[THE_STATE] == 1
    off(other, ON_AUDIENCE_COSTS)
    assert release_before_talks(other.state, other.params, THE_STATE) == 0.0


def test_audience_costs_and_reputation_can_be_off() -> None:
    """The move's own cost stays; the refusal is noted; trust moves without costs and costs without trust."""
    world = off(toy(), ON_AUDIENCE_COSTS)
    world.params.move_cost[THE_STATE, 1] = 0.5
    trust = world.state.trust[REBELS, THE_STATE]
    assert enter(world, THE_STATE, "own") == 0.5
    assert world.state.trust[REBELS, THE_STATE] == pytest.approx(trust + 0.1)
    other = off(toy(), ON_REPUTATION)
    assert enter(other, THE_STATE, "own") == pytest.approx(0.02)
    assert other.state.trust[REBELS, THE_STATE] == trust


def test_a_change_starts_and_ends_threats_and_is_read_off_at_once() -> None:
    """The patron threatens, the state frees; violence and postures are those of the new move."""
    world = toy()
    world.state.tick = 4
    enter(world, PATRON, "threaten")
    assert world.state.threat_from[PATRON] == 4
    enter(world, THE_STATE, "theirs")
    assert world.state.threat_from[PATRON] == 4  # it demands that a thousand are free
    world.state.freed[PRISONERS] = 1_000.0
    enter(world, THE_STATE, "own")
    assert world.state.threat_from[PATRON] == NEVER
    before = world.state.violence
    enter(world, REBELS, "surge")
    assert world.state.violence == pytest.approx(1.5 * before, rel=1e-12)


def test_answers_are_expected_if_they_are_legal() -> None:
    """The rebels' offer expects a release: it follows if its guard holds, and not otherwise."""
    for counted, follows in ((500.0, True), (0.0, False)):
        world = toy()
        world.params.guard[THE_STATE, world.move(THE_STATE, "theirs")] = world.params.opens_when
        world.state.counted[PRISONERS] = counted
        world.play(REBELS, "offer")
        expect_answers(*world, REBELS, True)
        assert (world.state.standing[THE_STATE] == world.move(THE_STATE, "theirs")) == follows
        assert world.state.released_once[THE_STATE] == int(follows)  # it is foreseen
    world = toy()
    world.play(REBELS, "quiet")
    expect_answers(*world, REBELS, True)
    assert world.state.standing[:3].tolist() == [0, world.move(REBELS, "quiet"), 0]


def test_the_first_move_of_a_file_can_be_an_answer() -> None:
    """Move 0 is a move; -1 is none."""
    world = toy()
    world.play(THE_STATE, "own")
    offer = world.play(REBELS, "offer")
    world.params.expects[REBELS, offer, THE_STATE] = 0
    expect_answers(*world, REBELS, True)
    assert world.state.standing[THE_STATE] == 0


def test_the_target_of_an_open_threat_is_expected_to_give_in() -> None:
    """While the threat stands and names an answer; the answer need not be legal by the target's own guard."""
    world = toy()
    enter(world, PATRON, "threaten")
    expect_answers(*world, PATRON, True)
    assert world.state.standing[THE_STATE] == world.move(THE_STATE, "theirs")
    assert world.state.released_once[THE_STATE] == 1
    for change in ("closed", "silent"):
        other = toy()
        move = other.play(PATRON, "threaten")
        if change == "silent":
            enter(other, PATRON, "threaten")
            other.params.pressure_expects[PATRON, move] = -1
        expect_answers(*other, PATRON, True)
        assert other.state.standing[THE_STATE] == 0
    first = toy()
    move = first.move(PATRON, "threaten")
    first.play(THE_STATE, "attack")
    enter(first, PATRON, "threaten")
    first.params.pressure_expects[PATRON, move] = 0
    expect_answers(*first, PATRON, True)
    assert first.state.standing[THE_STATE] == 0


def test_a_change_of_course_costs_what_it_costs_every_time() -> None:
    """And staying costs nothing, nor any change while audiences are off."""
    world = toy()
    world.params.changes_course[REBELS] = 0.125
    stays = enter(world, REBELS, "fight") if world.names.moves[REBELS][0] == "fight" else 0.0
    assert stays == 0.0
    base = enter(toy(), REBELS, "quiet")
    assert enter(world, REBELS, "quiet") == pytest.approx(base + 0.125)
    other = toy()
    other.params.changes_course[REBELS] = 0.125
    assert enter(off(other, ON_AUDIENCE_COSTS), REBELS, "quiet") == pytest.approx(base)


# --- pledges ---------------------------------------------------------------------------------------------------------
def test_whoever_has_forces_is_seen_as_its_attacks_are() -> None:
    """Three quarters for the rebels' pledge, always for the patron's, who has no insurgents."""
    assert toy().params.pledge_seen[:2].tolist() == [0.75, 1.0]


@pytest.mark.parametrize(
    ("actor", "pledge", "move", "share", "cost"), [(REBELS, 0, "surge", 0.75, 0.1), (PATRON, 1, "pause", 1.0, 0.0)]
)
def test_a_break_is_foreseen_by_the_odds_that_it_is_seen(
    actor: int, pledge: int, move: str, share: float, cost: float
) -> None:
    """It costs opinion (-0.5) and support once; a pledge kept again is whole, and can be broken again."""
    world = toy()
    world.play(actor, move)
    trust = world.state.trust.copy()
    assert update_pledges(*world, actor, True) == pytest.approx(share * cost)
    assert world.state.pledge_broken[:2].tolist() == [BROKEN if row == pledge else KEPT for row in range(2)]
    others = [row for row in range(3) if row != actor]
    trust[others, actor] -= 0.5 * share
    np.testing.assert_allclose(world.state.trust, trust, rtol=1e-12)
    assert broken_pledges(world.state, world.params) == 1
    assert update_pledges(*world, actor, True) == 0.0  # it is broken already
    np.testing.assert_allclose(world.state.trust, trust, rtol=1e-12)
    world.play(actor, {REBELS: "quiet", PATRON: "schedule"}[actor])
    assert update_pledges(*world, actor, True) == 0.0
    assert world.state.pledge_broken[pledge] == KEPT
    assert broken_pledges(world.state, world.params) == 0
    world.play(actor, move)
    assert update_pledges(*off(world, ON_AUDIENCE_COSTS), actor, True) == 0.0
    assert world.state.pledge_broken[pledge] == BROKEN


def test_a_pledge_is_its_givers() -> None:
    """Nobody breaks another's."""
    world = toy()
    world.play(REBELS, "surge")
    assert update_pledges(*world, PATRON, True) == 0.0
    assert world.state.pledge_broken[0] == KEPT


def test_a_turn_that_breaks_a_pledge_is_foreseen_with_the_move() -> None:
    """On a path its cost is part of the change; played, it is noted afterwards."""
    world = toy()
    assert enter(world, REBELS, "surge", True) == pytest.approx(0.075)
    assert world.state.pledge_broken[0] == BROKEN
    played = toy()
    assert enter(played, REBELS, "surge") == 0.0
    assert played.state.pledge_broken[0] == KEPT


def noted(seed: int, *switched_off: int) -> tuple[World, float, list[tuple[int, int, float]], np.ndarray]:
    """Return a world after rebels surged on day 10, the cost, the log, and the ledger."""
    world = off(toy(), *switched_off)
    world.state.seed, world.state.tick = seed, 10
    world.play(REBELS, "surge")
    log, ledger, _ = buffers()
    cost = note_pledges(*world, REBELS, log, ledger)
    return world, float(cost), logged(log), ledger


def test_a_played_break_is_seen_or_not_by_one_draw() -> None:
    """In three quarters of 400 worlds; seen, it costs, moves, calls the others and is logged; unseen, nothing."""
    seen = 0
    for seed in range(400):
        world, cost, events, ledger = noted(seed)
        clocks = world.state.clock[TRIGGER_CLOCK : TRIGGER_CLOCK + 3].tolist()
        if events:
            seen += 1
            assert world.state.pledge_broken[0] == BROKEN
            assert cost == 0.1
            assert events == [(PLEDGE_BROKEN, REBELS, 0.0)]
            assert ledger[REBELS].sum() == pytest.approx(-0.1 * exp(-0.1 / 365.25 * 10.0), rel=1e-12)
            assert world.state.trust[THE_STATE, REBELS] == pytest.approx(0.1 - 0.5)
            assert clocks == [11, NEVER, 11]
        else:
            assert world.state.pledge_broken[0] == UNSEEN
            assert cost == 0.0
            assert not ledger.any()
            assert world.state.trust[THE_STATE, REBELS] == 0.1
            assert clocks == [NEVER] * 3
            assert broken_pledges(world.state, world.params) == 0
    assert abs(seen / 400 - 0.75) < 4.0 * np.sqrt(0.1875 / 400)


def test_triggers_can_be_off() -> None:
    """The break is logged and nobody is called."""
    seed = next(seed for seed in range(20) if noted(seed)[2])
    world, _, events, _ = noted(seed, ON_TRIGGERS)
    assert events
    assert (world.state.clock[TRIGGER_CLOCK : TRIGGER_CLOCK + 3] == NEVER).all()
