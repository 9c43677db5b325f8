"""Dated shocks set what they name, and an office claimed twice is resolved by one that ends it."""

from __future__ import annotations

from toy_deals import deal, rebels_who_attack

import sim


def test_shocks_set_the_running_world_on_their_day() -> None:
    """Troops, strength and the attack rate are what a shock says from its day on."""
    withdrawal = {"troops": {"owner": "state", "start": 5_000, "steps": []}}
    shocks = [
        {"day": 10, "what": "a surge", "set": {"deal.withdrawal.troops.troops": 9_000}},
        {"day": 20, "what": "defections", "set": {"world.armed_forces.fighters.strength_thousand": 4}},
        {"day": 30, "what": "a calm", "set": {"world.armed_forces.fighters.attacks.per_day": 0}},
    ]
    scenario = deal(world=rebels_who_attack(20.0, 0.0), deal={"withdrawal": withdrawal}, shocks=shocks)
    run = sim.run(scenario, seed=1)
    table = run.series_table
    assert list(table["troop_count(troops)"][[10, 11]]) == [5_000, 9_000]  # a day's values are read before its shocks
    assert list(table["strength(fighters)"][[20, 21]]) == [10, 4]
    assert table["daily_attacks(fighters)"][:31].sum() > 300
    assert table["daily_attacks(fighters)"][31:].sum() == 0
    assert list(run.events[run.events.kind == "shock"].day) == [10, 20, 30]


def test_a_shock_that_ends_a_dual_office_resolves_it() -> None:
    """The historical scenario ends the dual presidency on 17 May 2020, which lifts cohesion at once."""
    run = sim.run(sim.load("doha_2020/historical"), seed=2)
    events = run.events[run.events.entity == "presidency"]
    assert list(events.kind) == ["office_claimed_twice", "office_resolved"]
    resolved = events.iloc[1]
    assert resolved.date <= "2020-05-17"
    cohesion = run.series_table["cohesion(presidency)"]
    assert cohesion[int(resolved.day) + 1] > cohesion[int(resolved.day) - 1] + 0.1
