"""Land: it follows force where force is used, its loss feeds on itself, and steps of any length agree."""

from __future__ import annotations

from math import exp, log
from typing import Any

import pytest
from hypothesis import strategies as st
from interpreted import interpreted
from toy_world import ARMY, FIGHTERS, REBELS, THE_STATE, World, begun, content, given

from sim.model.steps import PATH_LENGTHS
from sim.scenario.catalogue import FEATURE_BY_NAME
from sim.scenario.scenario import Scenario

with interpreted():
    from sim.model.capacity import air_support, drift_insurgents
    from sim.model.features import read_feature
    from sim.model.territory import drift_territory

LAND = {
    "held_at_start": 0.2,
    "per_day": 0.02,
    "bandwagon": 1.5,
    "garrison": 0.6,
    "offence": 1.5,
    "surrenders": 1.2,
    "recruits": 0.8,
}


def contested(**changes: Any) -> World:
    """Return the toy world with land, on its first day, with everybody at the reference."""
    data = content()
    data["world"]["territory"] = LAND | changes
    world = begun(Scenario.from_dict(data))
    world.play(REBELS, "fight")
    return world


def odds(share: float) -> float:
    """Return log-odds."""
    return log(share / (1.0 - share))


def drift(world: World, days: float) -> float:
    """Move land on and return the share that insurgents hold then."""
    world.params.length_days[PATH_LENGTHS] = days
    world.params.kept_land[PATH_LENGTHS] = exp(-world.params.territory_pace * days)
    drift_territory(world.state, world.params, PATH_LENGTHS)
    return float(world.state.territory)


def test_nothing_moves_while_force_is_what_it_was() -> None:
    """At the balance of the start, the reference of attacks and in defence, land stays, and nobody surrenders."""
    world = contested()
    before = world.state.strength[ARMY]
    assert drift(world, 100.0) == pytest.approx(0.2, rel=1e-12)
    assert world.state.strength[ARMY] == pytest.approx(before, rel=1e-12)


@given(st.floats(0.05, 0.95), st.floats(0.5, 60.0), st.integers(2, 7))
def test_steps_of_any_length_agree(balance: float, days: float, parts: int) -> None:
    """One step of some days does what several shorter ones do, to land and to the army."""
    one, other = contested(), contested()
    for world in (one, other):
        world.state.force_balance = balance
    drift(one, days)
    for _ in range(parts):
        drift(other, days / parts)
    assert one.state.territory == pytest.approx(other.state.territory, rel=1e-9)
    assert one.state.strength[ARMY] == pytest.approx(other.state.strength[ARMY], rel=1e-9)


@given(st.sampled_from(["cease", "quiet", "fight", "surge"]), st.booleans(), st.floats(0.05, 0.95))
def test_land_goes_where_the_formula_says(move: str, offence: bool, balance: float) -> None:
    """By force used on either side, towards its own log-odds, at its pace."""
    world = contested()
    start = odds(float(world.state.force_balance))
    world.play(REBELS, move)
    if offence:
        world.play(THE_STATE, "attack")
    world.state.force_balance = balance
    posture = float(world.params.violence_total[REBELS, world.state.standing[REBELS], FIGHTERS])
    effort = log((0.6 + 0.4 * posture) / (1.5 if offence else 1.0))
    exponent = float(world.params.contest_exponent)
    aim = odds(0.2) + 1.5 * (odds(balance) + exponent * effort - start)
    expected = aim + (odds(0.2) - aim) * exp(-0.02 * 30.0)
    assert odds(drift(world, 30.0)) == pytest.approx(expected, rel=1e-9, abs=1e-9)


def test_whoever_holds_fire_lets_land_go() -> None:
    """Less violence, less land; an offensive of the army takes land back."""
    found = {}
    for move in ("cease", "quiet", "fight", "surge"):
        world = contested()
        world.play(REBELS, move)
        found[move] = drift(world, 60.0)
    assert found["cease"] < found["quiet"] < found["fight"] < found["surge"]
    world = contested()
    world.play(THE_STATE, "attack")
    assert drift(world, 60.0) < found["fight"]


@given(st.floats(0.3, 0.99), st.floats(0.0, 3.0))
def test_who_holds_what_is_lost_surrenders(balance: float, exponent: float) -> None:
    """The army keeps the share that the shrinking of its land says; land won back brings nobody back."""
    world = contested(surrenders=exponent)
    world.state.force_balance = balance
    before = float(world.state.strength[ARMY])
    after = drift(world, 20.0)
    assert after > 0.2
    assert world.state.strength[ARMY] == pytest.approx(before * ((1.0 - after) / 0.8) ** exponent, rel=1e-12)
    left = float(world.state.strength[ARMY])
    world.state.force_balance = 0.01
    assert drift(world, 20.0) < after
    assert world.state.strength[ARMY] == left


def test_land_brings_recruits() -> None:
    """Recruits are multiplied by one plus what is held beyond the start, times the number of the file."""
    gains = []
    for held in (0.2, 0.45):
        world = contested()
        world.params.attrition_defence[FIGHTERS] = world.params.attrition_offence[FIGHTERS] = 0.0
        before = float(world.state.strength[FIGHTERS])
        world.state.territory = held
        drift_insurgents(world.state, world.params, 10.0)
        gains.append(float(world.state.strength[FIGHTERS]) - before)
    assert gains[0] > 0.0
    assert gains[1] / gains[0] == pytest.approx(1.0 + 0.8 * 0.25)


def test_extremes_stay_shares() -> None:
    """With nobody left to fight on either side, land stays between 0 and 1 and everything finite."""
    for balance in (0.0, 1.0):
        world = contested()
        world.state.force_balance = balance
        assert 0.0 < drift(world, 1e4) < 1.0
        assert 0.0 <= world.state.strength[ARMY] < 1e9


def test_without_land_nothing_is_done() -> None:
    """A scenario without territory has none, and its armies are left alone."""
    world = begun(Scenario.from_dict(content()))
    world.state.force_balance = 0.9
    before = float(world.state.strength[ARMY])
    assert drift(world, 30.0) == 0.0
    assert world.state.strength[ARMY] == before


def test_the_feature_is_the_share() -> None:
    """Conditions, payoffs and series read what insurgents hold."""
    world = contested()
    world.state.territory = 0.37
    assert read_feature(world.state, world.params, FEATURE_BY_NAME["territory"].code, -1, -1) == 0.37


@given(st.floats(0.0, 1.0))
def test_a_few_bases_give_most_of_the_air_support(share: float) -> None:
    """Support grows with a power of the share of troops that are there, from none to all."""
    found = []
    for exponent in (1.0, 0.3):
        data = content()
        data["world"]["contest"]["air_exponent"] = exponent
        world = begun(Scenario.from_dict(data))
        whole = float(air_support(world.state, world.params))
        world.state.troops[0] = share * world.params.troops_start[0]
        found.append(float(air_support(world.state, world.params)) / whole)
    assert found == pytest.approx([share, share**0.3])
