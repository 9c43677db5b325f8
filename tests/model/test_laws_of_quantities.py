"""Quantities of a scenario's own: what holds for sums, bounds and products of whatever features they read."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import strategies as st
from interpreted import interpreted
from toy_world import PRISONERS, SOLDIERS, content, given, toy

from sim.scenario.scenario import Scenario

with interpreted():
    from sim.encode.encoded import encode
    from sim.model.features import read_feature
    from sim.model.quantities import QuantityParams
    from sim.model.record import fields_of
from sim.scenario.catalogue import FEATURE_BY_NAME

OURS, THEIRS = "freed(soldiers)", "freed(prisoners)"
persons = st.floats(0.0, 1_000.0)
probabilities = st.floats(0.0, 1.0)


def values(quantities: dict[str, Any], freed: tuple[float, float], talks: float = 1.0) -> dict[str, float]:
    """Return quantities of a world in which so many prisoners and soldiers are free and talks stand so."""
    encoded = encode(Scenario.from_dict(content() | {"quantities": quantities}))
    world = toy()
    for field in fields_of(QuantityParams):
        setattr(world.params, field, encoded.params[field][0])
    world.state.freed[PRISONERS], world.state.freed[SOLDIERS] = freed
    world.state.talks = talks
    code = FEATURE_BY_NAME["quantity"].code
    return {name: read_feature(world.state, world.params, code, row, -1) for row, name in enumerate(quantities)}


def plain(name: str, group: int, freed: tuple[float, float]) -> float:
    """Return a feature of a group itself."""
    world = toy()
    world.state.freed[PRISONERS], world.state.freed[SOLDIERS] = freed
    return float(read_feature(world.state, world.params, FEATURE_BY_NAME[name].code, group, -1))


@given(persons, persons)
def test_a_difference_is_the_other_way_round_its_negative(prisoners: float, soldiers: float) -> None:
    """What one side is ahead the other is behind, to the bit."""
    found = values(
        {"ours": {"of": f"{OURS} - {THEIRS}"}, "theirs": {"of": f"{THEIRS} - {OURS}"}}, (prisoners, soldiers)
    )
    assert found["ours"] == -found["theirs"]


@given(persons, persons)
def test_ahead_and_behind_are_never_both_and_sum_to_the_gap(prisoners: float, soldiers: float) -> None:
    """Cut off at 0, a difference and its negative are its positive and its negative part."""
    ahead, behind = {"of": f"{OURS} - {THEIRS}", "at_least": 0}, {"of": f"{THEIRS} - {OURS}", "at_least": 0}
    found = values({"gap": {"of": f"{OURS} - {THEIRS}"}, "ahead": ahead, "behind": behind}, (prisoners, soldiers))
    assert min(found["ahead"], found["behind"]) == 0.0
    assert found["ahead"] - found["behind"] == found["gap"]


@given(persons, persons)
def test_one_feature_times_a_constant_one_is_the_feature(prisoners: float, soldiers: float) -> None:
    """To the bit, as the sum of one term and as a product."""
    freed = (prisoners, soldiers)
    found = values({"alone": {"of": OURS}, "product": {"of": OURS, "times": "1 + 0 * talks"}}, freed)
    assert found["alone"] == found["product"] == plain("freed", SOLDIERS, freed)


@given(persons, probabilities)
def test_a_product_is_that_of_its_sums(prisoners: float, talks: float) -> None:
    """Whichever stands first, as long as no bound cuts it."""
    one, two = f"2 * {THEIRS} - 0.25", "1 - talks"
    found = values({"one": {"of": one, "times": two}, "two": {"of": two, "times": one}}, (prisoners, 0.0), talks)
    assert found["one"] == found["two"]
    assert found["one"] == pytest.approx((2.0 * prisoners / 1_000.0 - 0.25) * (1.0 - talks))


@given(persons, st.floats(-0.5, 0.5), st.floats(0.01, 0.5))
def test_bounds_cut_the_first_sum_alone(prisoners: float, low: float, width: float) -> None:
    """A value between them stays, one outside counts as the bound, and the other sum multiplies what is left."""
    bounds = {"at_least": low, "at_most": low + width}
    found = values(
        {
            "free": {"of": THEIRS},
            "cut": {"of": THEIRS} | bounds,
            "times": {"of": THEIRS, "times": "3 * talks"} | bounds,
        },
        (prisoners, 0.0),
    )
    assert found["cut"] == min(max(found["free"], low), low + width)
    assert found["times"] == found["cut"] * 3.0
