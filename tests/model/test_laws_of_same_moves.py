"""Moves that do the same: which levers act, which move is chosen for the others, when a threat is legal."""

from __future__ import annotations

import numpy as np
import pytest
from interpreted import interpreted
from toy_world import (
    FIGHTERS,
    PATRON,
    PRISONERS,
    REBELS,
    THE_STATE,
    World,
    toy,
)

with interpreted():
    from sim.model.columns import ILLEGAL
    from sim.model.moves import (
        DEMAND_MET,
        LEGAL,
        do_the_same,
        legality,
        stands_for,
    )


def alike(world: World, actor: int, one: str, other: str) -> bool:
    """Return whether two moves of an actor do the same now, asked both ways."""
    first, second = world.move(actor, one), world.move(actor, other)
    result = do_the_same(*world, actor, first, second)
    assert result == do_the_same(*world, actor, second, first)
    return bool(result)


def test_a_move_does_what_it_does_itself() -> None:
    """Whatever the world."""
    world = toy()
    for actor in (THE_STATE, REBELS, PATRON):
        for name in world.names.moves[actor]:
            assert alike(world, actor, name, name)


def test_releases_do_the_same_once_all_that_was_promised_is_free() -> None:
    """Until then a list, a pace or nothing at all are three courses; then they are one, whatever is asked of nobody."""
    world = toy()
    for other in ("own", "theirs", "leaders", "staged"):
        assert not alike(world, THE_STATE, "wait", other)
    assert not alike(world, THE_STATE, "own", "theirs")
    world.state.freed[PRISONERS] = 1_000.0
    for other in ("own", "theirs", "leaders", "staged"):
        assert alike(world, THE_STATE, "wait", other)
    assert not alike(world, THE_STATE, "wait", "attack")
    world.state.freed[PRISONERS] = 999.0
    assert not alike(world, THE_STATE, "wait", "own")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("tranches", 2),
        ("tranche_until", 700.0),
        ("tranche_per_day", 31.0),
        ("tranche_when", 0),
        ("then_amount", 5.0),
        ("then_until", 900.0),
        ("then_every", 3),
        ("then_when", 0),
    ],
)
def test_each_number_of_a_pace_makes_another_course(field: str, value: float) -> None:
    """Two moves with all settings of a release alike do the same; change one, and they do not."""
    world = toy()
    own, theirs = world.move(THE_STATE, "own"), world.move(THE_STATE, "theirs")
    params = world.params
    for name in ("tranches", "tranche_until", "tranche_per_day", "tranche_when"):
        getattr(params, name)[PRISONERS, theirs] = getattr(params, name)[PRISONERS, own]
    for name in ("then_amount", "then_until", "then_every", "then_when"):
        getattr(params, name)[PRISONERS, theirs] = getattr(params, name)[PRISONERS, own]
    for name in ("release_list", "commander_mode", "guarantee", "offer", "single_team"):
        getattr(params, name)[THE_STATE, theirs] = getattr(params, name)[THE_STATE, own]
    assert alike(world, THE_STATE, "own", "theirs")
    setting = getattr(params, field)[PRISONERS]
    setting[theirs] = value
    assert not alike(world, THE_STATE, "own", "theirs")


@pytest.mark.parametrize("field", ["release_list", "commander_mode", "guarantee"])
def test_how_captives_go_makes_another_course(field: str) -> None:
    """The list, the leaders and the guarantee count while anybody is left to free."""
    world = toy()
    own, leaders = world.move(THE_STATE, "own"), world.move(THE_STATE, "leaders")
    params = world.params
    params.tranche_per_day[PRISONERS, leaders] = params.tranche_per_day[PRISONERS, own]
    for name in ("release_list", "commander_mode", "guarantee", "offer", "single_team"):
        getattr(params, name)[THE_STATE, leaders] = getattr(params, name)[THE_STATE, own]
    assert alike(world, THE_STATE, "own", "leaders")
    getattr(params, field)[THE_STATE, leaders] += 1
    assert not alike(world, THE_STATE, "own", "leaders")
    world.state.freed[PRISONERS] = 1_000.0
    assert alike(world, THE_STATE, "own", "leaders")


def test_a_recall_acts_while_anybody_is_free() -> None:
    """Nobody can be taken back before anybody went."""
    world = toy()
    assert alike(world, THE_STATE, "take", "wait") == (world.state.freed[PRISONERS] == 0.0)
    world.state.freed[PRISONERS] = 10.0
    assert not alike(world, THE_STATE, "take", "wait")
    wait, take = world.move(THE_STATE, "wait"), world.move(THE_STATE, "take")
    for name in ("recall_group", "recall_per_day", "recall_returned"):
        getattr(world.params, name)[THE_STATE, wait] = getattr(world.params, name)[THE_STATE, take]
    assert alike(world, THE_STATE, "take", "wait")
    for name in ("recall_per_day", "recall_returned"):
        getattr(world.params, name)[THE_STATE, wait] += 0.5
        assert not alike(world, THE_STATE, "take", "wait")
        getattr(world.params, name)[THE_STATE, wait] -= 0.5


def test_paces_and_support_are_one_once_the_troops_are_gone() -> None:
    """A pause and a schedule differ while a soldier is left."""
    world = toy()
    world.params.aid_paid[PATRON, :] = 1.0
    assert not alike(world, PATRON, "schedule", "pause")
    world.state.troops[:] = 0.0
    assert alike(world, PATRON, "schedule", "pause")
    world.state.troops[0] = 1.0
    pause, schedule = world.move(PATRON, "pause"), world.move(PATRON, "schedule")
    world.params.pace[PATRON, pause] = world.params.pace[PATRON, schedule]
    world.params.support[PATRON, pause] = world.params.support[PATRON, schedule]
    assert alike(world, PATRON, "schedule", "pause")
    world.params.support[PATRON, pause] += 0.5
    assert not alike(world, PATRON, "schedule", "pause")


def test_aid_that_is_gone_cannot_be_withheld() -> None:
    """Half of nothing is nothing."""
    world = toy()
    world.params.support[PATRON, :] = 1.0
    assert not alike(world, PATRON, "schedule", "half")
    world.state.aid[:] = 0.0
    assert alike(world, PATRON, "schedule", "half")


def test_offers_and_single_teams_act_while_an_office_is_split() -> None:
    """They are settings of the state's releases, which nothing else parts once all are free."""
    world = toy()
    world.state.freed[PRISONERS] = 1_000.0
    world.state.dual[0] = 1.0
    for other in ("own", "theirs"):  # a single team, an offer
        assert not alike(world, THE_STATE, "wait", other)
    world.state.dual[0] = 0.0
    for other in ("own", "theirs"):
        assert alike(world, THE_STATE, "wait", other)


def test_who_has_no_fighters_left_has_no_posture() -> None:
    """Violence parts the rebels' moves while they have a force, sitting at the talks while they are a party."""
    world = toy()
    assert not alike(world, REBELS, "fight", "surge")
    world.params.participation[REBELS, :] = 1.0
    world.state.strength[FIGHTERS] = 0.0
    assert alike(world, REBELS, "fight", "surge")
    world.params.participation[REBELS, world.move(REBELS, "surge")] = 0.0
    assert not alike(world, REBELS, "fight", "surge")
    world.params.party[REBELS] = 0
    assert alike(world, REBELS, "fight", "surge")


def test_counting_acts_while_there_is_anything_to_count() -> None:
    """Who verifies nothing differs from who does, until all that was promised is counted."""
    world = toy()
    fight, surge = world.move(REBELS, "fight"), world.move(REBELS, "surge")
    world.params.violence_level[REBELS, surge] = world.params.violence_level[REBELS, fight]
    world.params.participation[REBELS, :] = 1.0
    world.params.verify[REBELS, surge] = 0.0
    assert not alike(world, REBELS, "fight", "surge")
    for group in range(int(world.params.groups)):
        if world.params.claimant[group] == REBELS:
            world.state.freed[group] = world.state.counted[group] = world.params.promised[group]
    assert alike(world, REBELS, "fight", "surge")
    world.params.verify[REBELS, surge] = 1.0
    world.params.admit[REBELS, surge] = 0.0
    held = [g for g in range(int(world.params.groups)) if world.params.holder[g] == REBELS]
    assert not alike(world, REBELS, "fight", "surge")
    for group in held:
        world.state.freed[group] = world.state.counted[group] = world.params.promised[group]
    assert alike(world, REBELS, "fight", "surge")


def test_a_move_that_expects_an_answer_is_another_course() -> None:
    """An offer is what it does and what it counts on."""
    world = toy()
    fight, surge = world.move(REBELS, "fight"), world.move(REBELS, "surge")
    world.params.violence_level[REBELS, surge] = world.params.violence_level[REBELS, fight]
    world.params.participation[REBELS, surge] = world.params.participation[REBELS, fight]
    assert alike(world, REBELS, "fight", "surge")
    world.params.expects[REBELS, surge, THE_STATE] = 1
    assert not alike(world, REBELS, "fight", "surge")


def test_what_stands_is_chosen_for_all_that_do_the_same() -> None:
    """Else the first in the file; and what cannot be chosen stands for nobody."""
    world = toy()
    world.state.freed[PRISONERS] = 1_000.0
    open_to_all = np.zeros(world.params.guard.shape[1])
    wait, own, theirs, attack = (world.move(THE_STATE, name) for name in ("wait", "own", "theirs", "attack"))
    for standing, chosen in (("wait", wait), ("theirs", theirs), ("attack", wait)):
        world.play(THE_STATE, standing)
        assert stands_for(*world, THE_STATE, own, open_to_all) == chosen
    assert stands_for(*world, THE_STATE, attack, open_to_all) == attack
    world.play(THE_STATE, "theirs")
    closed = open_to_all.copy()
    closed[[wait, theirs]] = ILLEGAL
    assert stands_for(*world, THE_STATE, own, closed) == own
    world.state.freed[PRISONERS] = 0.0
    assert stands_for(*world, THE_STATE, own, open_to_all) == own


def test_a_threat_is_legal_while_its_demand_is_not_met() -> None:
    """A thousand freed, or two cuts made, and it is not; the same for one that stands."""
    world = toy()
    threat = world.move(PATRON, "threaten")
    assert legality(*world, PATRON, threat) == LEGAL
    world.state.freed[PRISONERS] = 1_000.0
    assert legality(*world, PATRON, threat) == DEMAND_MET
    world.play(PATRON, "threaten")
    assert legality(*world, PATRON, threat) == DEMAND_MET
    world.state.freed[PRISONERS], world.state.cuts[0] = 0.0, 2.0
    assert legality(*world, PATRON, threat) == DEMAND_MET
