"""Aid and its escrow; threats that stand, end and are executed."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import strategies as st
from interpreted import interpreted
from toy_world import PATRON, PRISONERS, REBELS, THE_STATE, World, given, off, toy

with interpreted():
    from sim.model.aid import aid_paid, read_aid
    from sim.model.switches import ON_AID
    from sim.model.threats import (
        begin_threat,
        end_threats,
        execute,
        execution_rate,
        threat_acts,
        threatens,
        threatens_alike,
    )
    from sim.model.world import NEVER

amounts = st.floats(0.0, 8.0)


@given(amounts, st.floats(0.0, 2_000.0))
def test_escrow_is_paid_out_with_its_feature(aid: float, counted: float) -> None:
    """(F - 1 (1 - y))^+ with y the counted over the thousand promised, at most 1."""
    world = toy()
    world.state.aid[0], world.state.counted[PRISONERS] = aid, counted
    expected = max(aid - (1.0 - min(counted / 1_000.0, 1.0)), 0.0)
    assert aid_paid(world.state, world.params, 0) == pytest.approx(expected, rel=1e-12, abs=1e-12)


@given(amounts)
def test_a_feature_below_zero_pays_nothing_out(aid: float) -> None:
    """What is in escrow is between nothing and all of it."""
    world = toy()
    world.state.aid[0], world.state.counted[PRISONERS] = aid, -500.0
    assert aid_paid(world.state, world.params, 0) == max(aid - 1.0, 0.0)
    world.params.escrow[0] = 0.0
    assert aid_paid(world.state, world.params, 0) == aid


def test_a_small_part_can_lie_in_escrow() -> None:
    """Half a billion is a part like others."""
    world = toy()
    world.params.escrow[0] = 0.5
    assert aid_paid(world.state, world.params, 0) == 3.5


def test_the_donors_move_scales_what_is_paid() -> None:
    """Half while it withholds; all of it again while the mechanism is off."""
    world = toy()
    world.state.counted[PRISONERS] = 400.0
    assert aid_paid(world.state, world.params, 0) == pytest.approx(3.4)
    world.play(PATRON, "half")
    assert aid_paid(world.state, world.params, 0) == pytest.approx(1.7)
    assert aid_paid(off(world, ON_AID).state, world.params, 0) == pytest.approx(3.4)


@given(amounts, st.floats(0.1, 8.0))
def test_the_share_of_aid_is_that_of_the_promised(first: float, second: float) -> None:
    """Flows to one recipient are summed; who has no donor misses nothing."""
    world = toy()
    world.params.escrow[0] = 0.0
    world.params.flows = 2
    world.params.recipient[1], world.params.donor[1], world.params.aid_start[1] = THE_STATE, PATRON, 6.0
    world.state.aid[:2] = first, second
    read_aid(world.state, world.params)
    assert world.state.aid_share[THE_STATE] == pytest.approx((first + second) / 10.0, rel=1e-12)
    assert world.state.aid_share[REBELS] == 1.0
    world.params.recipient[1] = REBELS
    read_aid(world.state, world.params)
    assert world.state.aid_share[[THE_STATE, REBELS]].tolist() == pytest.approx([first / 4.0, second / 6.0])


# --- threats ---------------------------------------------------------------------------------------------------------
def threatening() -> World:
    """Return a world whose patron threatens to cut its aid until the state has freed a thousand."""
    world = toy()
    world.play(PATRON, "threaten")
    world.state.tick = 5
    begin_threat(*world, PATRON)
    return world


def acts(world: World, actor: int, move: str) -> bool:
    """Return whether a move of an actor threatens now."""
    return bool(threat_acts(*world, actor, world.move(actor, move)))


def test_a_threat_stands_from_its_choice_until_its_demand_is_met() -> None:
    """It starts once, keeps its date, and is over once a thousand are free; only another choice makes it again."""
    world = threatening()
    assert world.state.threat_from[PATRON] == 5
    assert threatens(world.state, PATRON) == 1.0
    assert threatens(world.state, REBELS) == 0.0
    world.state.tick = 8
    begin_threat(*world, PATRON)
    world.play(THE_STATE, "own")  # what the state's move is called meets no demand
    end_threats(*world)
    assert world.state.threat_from[PATRON] == 5
    world.state.freed[PRISONERS] = 1_000.0
    assert not acts(world, PATRON, "threaten")
    end_threats(*world)
    assert world.state.threat_from[PATRON] == NEVER
    begin_threat(*world, PATRON)
    assert world.state.threat_from[PATRON] == NEVER
    world.state.freed[PRISONERS] = 999.0
    end_threats(*world)
    assert world.state.threat_from[PATRON] == NEVER
    begin_threat(*world, PATRON)
    assert world.state.threat_from[PATRON] == 8
    world.play(PATRON, "schedule")
    end_threats(*world)
    assert world.state.threat_from[PATRON] == NEVER


def test_who_makes_no_threat_has_none() -> None:
    """Nothing to demand, no hazard; the same for a threat while the mechanism is off."""
    world = threatening()
    assert acts(world, PATRON, "threaten")
    assert not acts(world, PATRON, "schedule")
    assert not threat_acts(*world, THE_STATE, world.state.standing[THE_STATE])
    assert execution_rate(world.state, world.params, THE_STATE) == 0.0
    off(world, ON_AID)
    assert not acts(world, PATRON, "threaten")
    end_threats(*world)
    assert execution_rate(world.state, world.params, PATRON) == 0.0


def test_moves_threaten_alike_or_not_at_all() -> None:
    """A threat is like no other move while it acts, and like any once its demand is met."""
    world = threatening()
    threat, schedule = (world.move(PATRON, name) for name in ("threaten", "schedule"))
    assert threatens_alike(*world, PATRON, threat, threat)
    assert not threatens_alike(*world, PATRON, threat, schedule)
    world.params.pressure_flow[PATRON, schedule] = 0
    world.params.pressure_on[PATRON, schedule] = THE_STATE
    world.params.pressure_until[PATRON, schedule] = world.params.pressure_until[PATRON, threat]
    assert threatens_alike(*world, PATRON, threat, schedule)
    world.params.pressure_on[PATRON, schedule] = REBELS
    assert not threatens_alike(*world, PATRON, threat, schedule)
    world.state.freed[PRISONERS] = 1_000.0
    assert threatens_alike(*world, PATRON, threat, schedule)


def test_a_threat_is_executed_at_its_hazard_while_it_stands() -> None:
    """0.05 a day, and none once it ended."""
    world = threatening()
    assert execution_rate(world.state, world.params, PATRON) == 0.05
    world.state.threat_from[PATRON] = NEVER
    assert execution_rate(world.state, world.params, PATRON) == 0.0


@pytest.mark.parametrize(("cuts", "stands"), [(0.0, True), (1.9, True), (2.0, False), (2.5, False)])
def test_a_threat_needs_a_cut_that_is_left(cuts: float, stands: bool) -> None:
    """Two cuts and no third."""
    world = threatening()
    world.state.cuts[0] = cuts
    assert acts(world, PATRON, "threaten") == stands


@given(amounts, st.floats(0.0, 1.0))
def test_an_execution_cuts_the_flow_and_is_believed(aid: float, share: float) -> None:
    """A billion off, one cut more, and 0.5 in the eyes of all others, each times its probability."""
    world = threatening()
    world.state.aid[0] = aid
    trust = world.state.trust.copy()
    execute(world.state, world.params, PATRON, share)
    assert world.state.aid[0] == max(aid - share, 0.0)
    assert world.state.cuts[0] == share
    trust[[THE_STATE, REBELS], PATRON] += 0.5 * share
    np.testing.assert_allclose(world.state.trust, trust, rtol=1e-12)
