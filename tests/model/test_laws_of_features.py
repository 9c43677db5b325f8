"""Features: each quantity of the catalogue, of one entity and of all, on a world whose numbers are all different."""

from __future__ import annotations

from math import exp
from typing import Any

import pytest
from interpreted import interpreted
from toy_world import ARMS, ARMY, BANDITS, FIGHTERS, PATRON, PRISONERS, REBELS, SOLDIERS, THE_STATE, World, toy

with interpreted():
    from sim.model.conditions import NO_FEATURE
    from sim.model.feature_call import feature
    from sim.model.features import read_feature
from sim.scenario.catalogue import FEATURE_BY_NAME, FEATURES


def rich() -> World:
    """Return a world with a number of its own in every field that a feature reads."""
    world = toy()
    state = world.state
    state.tick, state.territory = 12, 0.23
    state.intensity[:3] = 15.0, 0.5, 3.0
    state.violence, state.force_balance, state.troop_share, state.talks = 0.75, 0.31, 0.6, 0.9
    for place, name in enumerate(
        ("attacks_today", "deaths_today", "attacks_total", "deaths_total", "civilian_total", "disarmed")
    ):
        getattr(state, name)[:3] = 0.1 + place, 0.2 + 10 * place, 0.4 + 100 * place
    state.strength[:3], state.counter = (12.0, 0.8, 4.0), 1.25
    state.freed[:2], state.counted[:2], state.commanders[:2] = (700.0, 90.0), (550.0, 60.0), (3.0, 0.0)
    state.freed[ARMS], state.counted[ARMS], world.params.promised[ARMS] = 0.5, 0.25, 2.0
    state.returned[:2], state.recalled[:2], state.dispute[:2] = (40.0, 5.0), (20.0, 2.0), (0.3, 0.8)
    world.params.commanders_held[SOLDIERS] = 4.0
    state.troops[0] = 1_800.0
    world.params.foreign, world.params.troops_start[1], state.troops[1] = 2, 500.0, 100.0
    state.aid[0], state.cuts[0] = 3.5, 1.0
    world.params.flows, world.params.aid_start[1], state.aid[1], state.cuts[1] = 2, 2.0, 1.2, 0.5
    world.params.donor[1] = PATRON
    world.params.offices, state.cohesion_logit[:2], state.dual[:2] = 2, (0.5, -0.7), (0.2, 0.6)
    params, row = world.params, (0, slice(0, 3))  # 2 freed(prisoners) - 0.5, times talks
    params.quantity_split[0], params.quantity_end[0] = 2, 3
    params.quantity_code[row] = FEATURE_BY_NAME["freed"].code, NO_FEATURE, FEATURE_BY_NAME["talks"].code
    params.quantity_a[row], params.quantity_b[row] = (PRISONERS, -1, -1), -1
    params.quantity_factor[row] = 2.0, -0.5, 1.0
    params.quantity_low[0], params.quantity_high[0] = -1.0, 1.0
    state.trust[:3, :3] = ((0.0, 0.4, 0.9), (-0.3, 0.0, 0.2), (0.7, -1.1, 0.0))
    return world


def sigma(x: float) -> float:
    """Return 1 / (1 + exp(-x))."""
    return 1.0 / (1.0 + exp(-x))


PAID = 3.5 - (1.0 - 0.55)  # a billion in escrow, 550 of a thousand counted
EXPECTED: dict[str, dict[tuple[int, int], float]] = {
    "day": {(-1, -1): 12.0},
    "attacks": {(-1, -1): 0.75, (FIGHTERS, -1): 15.0 / 20.0, (ARMY, -1): 0.0, (BANDITS, -1): 1.5},
    "deaths": {(-1, -1): 16.5, (FIGHTERS, -1): 7.5, (BANDITS, -1): 9.0},
    "aid_lost": {(-1, -1): 1.0 - (PAID + 1.2) / 6.0, (0, -1): 1.0 - PAID / 4.0, (1, -1): 0.4, (2, -1): 0.0},
    "aid": {(-1, -1): PAID + 1.2, (0, -1): PAID, (1, -1): 1.2},
    "cuts": {(-1, -1): 1.5, (0, -1): 1.0, (1, -1): 0.5},
    "balance_of_force": {(-1, -1): 0.31},
    "territory": {(-1, -1): 0.23},
    "cohesion": {(-1, -1): sigma(-0.7), (0, -1): sigma(0.5), (1, -1): sigma(-0.7)},
    "dual_office": {(-1, -1): 0.6, (0, -1): 0.2, (1, -1): 0.6},
    "talks": {(-1, -1): 0.9},
    "freed": {(-1, -1): 790.0 / 1_200.0, (PRISONERS, -1): 0.7, (SOLDIERS, -1): 0.45},
    "counted": {(-1, -1): 610.0 / 1_200.0, (PRISONERS, -1): 0.55, (SOLDIERS, -1): 0.3},
    "commanders": {(-1, -1): 3.0 / 16.0, (PRISONERS, -1): 0.25, (SOLDIERS, -1): 0.0},
    "captives_home": {(REBELS, -1): 0.7, (THE_STATE, -1): 0.45, (PATRON, -1): 0.0},
    "troops": {(-1, -1): 0.6, (0, -1): 0.6, (1, -1): 0.2, (2, -1): 1.0},
    "troops_gone": {(-1, -1): 0.4, (0, -1): 0.4, (1, -1): 0.8},
    "reputation": {
        (THE_STATE, -1): 0.5 * (sigma(-0.3) + sigma(0.7)),
        (REBELS, -1): 0.5 * (sigma(0.4) + sigma(-1.1)),
        (PATRON, -1): 0.5 * (sigma(0.9) + sigma(0.2)),
    },
    "sanctuary_risk": {(-1, -1): 0.31 * 0.4},
    "trust": {(THE_STATE, REBELS): sigma(0.4), (PATRON, REBELS): sigma(-1.1)},
    "divided_team": {(-1, -1): 0.6},
    "reputation_index": {(THE_STATE, REBELS): 0.4, (REBELS, THE_STATE): -0.3, (PATRON, REBELS): -1.1},
    "persons_freed": {(-1, -1): 790.0, (PRISONERS, -1): 700.0, (SOLDIERS, -1): 90.0},
    "persons_counted": {(-1, -1): 610.0, (PRISONERS, -1): 550.0, (SOLDIERS, -1): 60.0},
    "persons_uncounted": {(-1, -1): 180.0, (PRISONERS, -1): 150.0, (SOLDIERS, -1): 30.0},
    "troop_count": {(-1, -1): 1_900.0, (0, -1): 1_800.0, (1, -1): 100.0},
    "attack_rate": {(-1, -1): 18.5, (FIGHTERS, -1): 15.0, (ARMY, -1): 0.5, (BANDITS, -1): 3.0},
    "daily_attacks": {(-1, -1): 0.7, (FIGHTERS, -1): 0.1, (ARMY, -1): 0.2, (BANDITS, -1): 0.4},
    "counted_attacks": {(-1, -1): 0.875, (FIGHTERS, -1): 0.125, (ARMY, -1): 0.25, (BANDITS, -1): 0.5},
    "daily_deaths": {(-1, -1): 111.7, (FIGHTERS, -1): 1.1, (ARMY, -1): 10.2, (BANDITS, -1): 100.4},
    "all_attacks": {(-1, -1): 222.7, (FIGHTERS, -1): 2.1, (ARMY, -1): 20.2, (BANDITS, -1): 200.4},
    "all_deaths": {(-1, -1): 333.7, (FIGHTERS, -1): 3.1, (ARMY, -1): 30.2, (BANDITS, -1): 300.4},
    "civilian_deaths": {(-1, -1): 444.7, (FIGHTERS, -1): 4.1, (ARMY, -1): 40.2, (BANDITS, -1): 400.4},
    "disarmed": {(FIGHTERS, -1): 5.1, (ARMY, -1): 50.2, (BANDITS, -1): 500.4},
    "strength": {(FIGHTERS, -1): 12.0, (ARMY, -1): 20.0, (BANDITS, -1): 4.0},
    "capacity": {(FIGHTERS, -1): 1.2, (ARMY, -1): 0.8, (BANDITS, -1): 0.0},
    "returned": {(-1, -1): 45.0, (PRISONERS, -1): 40.0, (SOLDIERS, -1): 5.0},
    "recalled": {(-1, -1): 22.0, (PRISONERS, -1): 20.0, (SOLDIERS, -1): 2.0},
    "handed_over": {(ARMS, -1): 0.25},
    "accepted": {(ARMS, -1): 0.125},
    "amount_handed_over": {(ARMS, -1): 0.5},
    "amount_accepted": {(ARMS, -1): 0.25},
    "quantity": {(0, -1): (2.0 * 0.7 - 0.5) * 0.9},
    "dispute": {(-1, -1): 0.8, (PRISONERS, -1): 0.3, (SOLDIERS, -1): 0.8},
}
OF_EVENTS_AND_PROMISES = {"happened", "days_past_due"}
"""Held by tests/engine/test_engine_events.py and tests/model/test_model_measures.py."""
FLAGS = {"holding_fire", "surge", "threat", "paused", "on_offence", "releasing"}


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_a_feature_is_its_quantity(name: str) -> None:
    """Of each entity, and of all together as the catalogue says; by its address too."""
    world = rich()
    code = FEATURE_BY_NAME[name].code
    for (a, b), value in EXPECTED[name].items():
        assert read_feature(world.state, world.params, code, a, b) == pytest.approx(value, rel=1e-12), (a, b)
        assert feature(world.state, world.params, code, a, b) == pytest.approx(value, rel=1e-12)


def test_the_attacks_of_the_first_force_are_its_own() -> None:
    """Row 0 is a force like others: not what all insurgents do together."""
    world = rich()
    world.state.intensity[FIGHTERS] = 2.0
    assert value(world, "attacks", FIGHTERS) == 0.1
    assert value(world, "attacks") == 0.75


def test_every_feature_is_tested() -> None:
    """Numbers here, flags below."""
    assert set(EXPECTED) | FLAGS | OF_EVENTS_AND_PROMISES == {entry.name for entry in FEATURES}


def value(world: World, name: str, *entities: int) -> Any:
    """Return a feature by its name."""
    a, b = (*entities, -1, -1)[:2]
    return read_feature(world.state, world.params, FEATURE_BY_NAME[name].code, a, b)


@pytest.mark.parametrize(
    ("name", "actor", "move", "others"),
    [
        ("surge", REBELS, "surge", (THE_STATE, PATRON)),
        ("paused", PATRON, "pause", (THE_STATE, REBELS)),
        ("on_offence", THE_STATE, "attack", (REBELS, PATRON)),
    ],
)
def test_a_flag_is_that_of_an_actor_or_of_any(name: str, actor: int, move: str, others: tuple[int, ...]) -> None:
    """0 before the move, 1 with it, and 0 for the others."""
    world = toy()
    assert value(world, name) == value(world, name, actor) == 0.0
    world.play(actor, move)
    assert value(world, name) == value(world, name, actor) == 1.0
    assert [value(world, name, other) for other in others] == [0.0, 0.0]


def test_a_threat_is_a_flag_of_who_threatens() -> None:
    """From the tick on which it stands."""
    world = toy()
    assert value(world, "threat") == 0.0
    world.state.threat_from[PATRON] = 0
    assert value(world, "threat") == value(world, "threat", PATRON) == 1.0
    assert value(world, "threat", REBELS) == 0.0


def test_fire_is_held_if_all_hold_it() -> None:
    """Every actor with insurgents; those without are not asked."""
    world = toy()
    assert value(world, "holding_fire") == value(world, "holding_fire", REBELS) == 0.0
    assert value(world, "holding_fire", THE_STATE) == 1.0
    world.play(REBELS, "quiet")
    assert value(world, "holding_fire") == value(world, "holding_fire", REBELS) == 1.0
    world.params.forces, world.params.kind[3], world.params.owner[3] = 4, world.params.kind[FIGHTERS], PATRON
    world.state.violence_of[PATRON] = 0.9
    assert value(world, "holding_fire") == 0.0
    world.params.kind[3] = world.params.kind[BANDITS]
    assert value(world, "holding_fire") == 1.0


def test_a_release_is_a_flag_of_the_group() -> None:
    """Of any group without argument."""
    world = toy()
    assert value(world, "releasing") == 0.0
    world.play(THE_STATE, "own")
    assert value(world, "releasing") == value(world, "releasing", PRISONERS) == 1.0
    assert value(world, "releasing", SOLDIERS) == 0.0


def test_shares_of_nothing_are_nothing() -> None:
    """No captives, no aid, no offices, nobody else: 0, 0, full cohesion and no reputation; no division."""
    world = toy()
    world.params.groups = world.params.flows = world.params.offices = 0
    world.params.actors = 1
    assert value(world, "freed") == value(world, "captives_home", 0) == value(world, "aid_lost") == 0.0
    assert value(world, "cohesion") == 1.0
    assert value(world, "dual_office") == value(world, "reputation", 0) == 0.0


def test_small_wholes_are_wholes() -> None:
    """Half a billion, half a thousand, one promised captive: shares of them are shares."""
    world = toy()
    params, state = world.params, world.state
    params.escrow[0], params.aid_start[0], state.aid[0] = 0.0, 0.5, 0.25
    assert value(world, "aid_lost") == 0.5
    params.promised[:2] = 1.0, 0.0
    state.freed[PRISONERS] = 0.5
    assert value(world, "freed") == value(world, "captives_home", REBELS) == 0.5
    params.strength_start[FIGHTERS], state.strength[FIGHTERS] = 0.5, 0.25
    assert value(world, "capacity", FIGHTERS) == 0.5
    params.attack_reference[BANDITS], state.intensity[BANDITS] = 0.5, 0.25
    assert value(world, "attacks", BANDITS) == 0.5
    params.troops_start[0], state.troops[0] = 1.0, 0.5
    assert value(world, "troops", 0) == 0.5
    params.actors = 2
    state.trust[0, 1] = 0.0
    assert value(world, "reputation", 1) == 0.5
