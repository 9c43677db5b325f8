"""Dated settings: each sets its quantity in the unit of the file, is logged, and is read off at once."""

from __future__ import annotations

import numpy as np
import pytest
from interpreted import interpreted
from toy_world import (
    ARMY,
    FIGHTERS,
    World,
    buffers,
    logged,
    toy,
)

from sim.scenario.events import (
    OFFICE_CLAIMED_TWICE,
    OFFICE_RESOLVED,
    SETTING,
)

with interpreted():
    from sim.model.clocks import EVENT_CLOCK
    from sim.model.events import happen_on_date
    from sim.model.setting import (
        SET_AID,
        SET_ATTACKS,
        SET_COHESION,
        SET_DUAL,
        SET_PACE,
        SET_STRENGTH,
        SET_TROOPS,
    )


def shocked(
    kind: int, entity: int, value: float, world: World | None = None
) -> tuple[World, list[tuple[int, int, float]]]:
    """Return a world after one dated setting, and what it logged; another follows on tick 50."""
    world = world or toy()
    world.tables = np.array([0.0, 7.0, kind, entity, value, 50.0, kind, entity, value])
    world.params.event_at, world.params.dated_events, world.state.tick = 1, 2, 7
    log, _, _ = buffers()
    happen_on_date(*world, log)
    assert world.state.event_next == 1
    assert world.state.clock[EVENT_CLOCK] == 50
    return world, logged(log)


@pytest.mark.parametrize(
    ("kind", "entity", "value", "field", "found"),
    [
        (SET_AID, 0, 2.5, "aid", 2.5),
        (SET_COHESION, 0, -1.5, "cohesion_logit", -1.5),
        (SET_STRENGTH, FIGHTERS, 14.0, "strength", 14.0),
        (SET_STRENGTH, ARMY, 20.0, "strength", 0.8),
        (SET_TROOPS, 0, 500.0, "troops", 500.0),
        (SET_PACE, 0, 0.5, "pace_factor", 0.5),
        (SET_ATTACKS, FIGHTERS, 30.0, "attack_factor", 1.5),
    ],
)
def test_a_setting_sets_its_quantity(kind: int, entity: int, value: float, field: str, found: float) -> None:
    """In the unit of the file, is logged, and is read off at once."""
    world, events = shocked(kind, entity, value)
    assert getattr(world.state, field)[entity] == found
    assert events == [(SETTING, kind, value)]
    changed = world.state.differs(toy().state) - {"tick", "event_next", "clock"}
    assert field in changed
    assert changed <= {field, "aid_share", "troop_share", "force_balance", "intensity", "violence"}
    before = world.state.copy()
    world.read()
    assert world.state.differs(before) == set()


def test_a_setting_claims_an_office_twice_or_resolves_the_claim() -> None:
    """With its own words in the log; a claim that nobody makes is not resolved."""
    world, events = shocked(SET_DUAL, 0, 1.0)
    assert world.state.dual[0] == 1.0
    assert events == [(OFFICE_CLAIMED_TWICE, 0, 0.0)]
    world.state.event_next = 0
    world, events = shocked(SET_DUAL, 0, 0.0, world)
    assert world.state.dual[0] == 0.0
    assert world.state.cohesion_logit[0] == pytest.approx(1.3)
    assert events == [(OFFICE_RESOLVED, 0, 0.0)]
    world, events = shocked(SET_DUAL, 0, 0.0)
    assert events == []
    assert world.state.cohesion_logit[0] == 0.5
