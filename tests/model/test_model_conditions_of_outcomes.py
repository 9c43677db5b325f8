"""What a file may ask of settlements, breakdowns, escrow, recalls and pledges beyond the Doha deal."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from toy_deals import actor, deal, prisoners, rebels_who_attack

import sim
from sim.kernel.bound import bound
from sim.scenario.scenario import Scenario


def talking(
    breaks_down: dict[str, Any] | None = None,
    rebels: dict[str, Any] | None = None,
    outcomes: dict[str, Any] | None = None,
    **sections: Any,
) -> Scenario:
    """Return a toy whose talks open within days and in which nobody decides."""
    actors = {"state": actor({"wait": {}}, "wait"), "rebels": rebels or actor({"wait": {}}, "wait")}
    talks = {"between": ["state", "rebels"], "opens": {"per_day": 5.0}}
    section = {"outcomes": outcomes or {}, "talks": talks | ({"breaks_down": breaks_down} if breaks_down else {})}
    return deal(**({"actors": actors, "deal": section, "world": rebels_who_attack(5.0, 0.0)} | sections))


def test_a_settlement_waits_for_its_condition() -> None:
    """With ``when: day > 100`` nobody settles before day 100, and many do soon after."""
    settles = {"per_day": 0.2, "while_talks_open": True}
    at_any_time = sim.replicate(talking(outcomes={"settlement": settles}), runs=50, seed=1).outcome_table["outcome_day"]
    waits = talking(outcomes={"settlement": settles | {"when": "day > 100"}})
    days = sim.replicate(waits, runs=50, seed=1).outcome_table["outcome_day"]
    assert at_any_time.max() < 100.0
    assert days.min() > 100.0
    assert np.median(days) < 120.0


def test_refusing_talks_breaks_them() -> None:
    """Open talks break down at the end of the step in which a party refuses, and not while it sits."""
    rebels = actor({"sit": {"talks": "sit"}, "refuse": {"talks": "refuse"}}, "sit")
    leaving = rebels | {"scheduled_moves": [{"day": 50, "move": "refuse"}]}
    for who, breaks in ((rebels, 0), (leaving, 1)):
        broke = []
        for seed in range(30):
            events = sim.run(talking({"per_day": 0.0}, who), seed=seed).events
            broke += events[events.kind == "talks_broke_down"].day.tolist()
        assert broke == [51.0] * (30 * breaks)


def test_a_mass_casualty_attack_may_break_talks() -> None:
    """Talks close on the day of such an attack with the stated probability, and never without it."""
    world = rebels_who_attack(5.0, 0.0, mass_casualty_per_attack=0.01)
    shares = {}
    for share in (0.0, 0.5):
        breakdown = {"per_day": 0.0, "after_mass_casualty": share}
        attacks = broke = 0
        for seed in range(60):
            events = sim.run(talking(breakdown, world=world), seed=seed).events
            days = set(events[events.kind == "mass_casualty"].day)
            breaks = set(events[events.kind == "talks_broke_down"].day)
            assert breaks <= days
            attacks += len(days)
            broke += len(breaks)
        shares[share] = broke / attacks
    assert shares[0.0] == 0.0
    assert abs(shares[0.5] - 0.5) < 0.1  # some fall on days on which talks are closed


def test_only_a_single_attack_of_so_many_deaths_shocks() -> None:
    """Days whose deaths reach the threshold together, and no attack alone, call nobody."""
    outside = {"kind": "outside", "attacks": {"per_day": 40.0}, "deaths_per_attack": {"mean": 1.0, "shape": 1e6}}
    world = {"armed_forces": {"others": outside | {"mass_casualty_deaths": 15}}}
    run = sim.run(deal(world=world, horizon_days=60), seed=1)
    assert run.series_table["daily_deaths(others)"][1:].min() >= 15.0
    assert "mass_casualty" not in set(run.events.kind)
    worse = {"armed_forces": {"others": outside | {"mass_casualty_deaths": 4}}}
    assert "mass_casualty" in set(sim.run(deal(world=worse, horizon_days=60), seed=1).events.kind)


def test_the_chance_of_a_mass_casualty_attack_is_that_of_the_negative_binomial() -> None:
    """The path's probability per attack is the tail of the distribution of deaths."""
    from scipy import stats

    outside = {"kind": "outside", "attacks": {"per_day": 1.0}, "deaths_per_attack": {"mean": 4.8, "shape": 0.7}}
    world = {"armed_forces": {"others": outside | {"mass_casualty_deaths": 20}}}
    found = bound(deal(world=world)).params[0].mass_probability[0]
    assert found == pytest.approx(stats.nbinom.sf(19, 0.7, 0.7 / (0.7 + 4.8)), rel=1e-9)


def test_escrow_is_paid_out_with_its_feature() -> None:
    """Of 4 billion with 1 in escrow 3 are paid at first, and all 4 once all promised are counted."""
    free = {"free": {"release": {"per_day": 50, "list": "claimant"}}}
    actors = {
        "state": actor(free, "free"),
        "rebels": actor({"wait": {}}, "wait"),
        "donor": actor({"wait": {}}, "wait"),
    }
    flow = {"donor": "donor", "recipient": "state", "usd_bn_per_year": 4.0}
    flow["escrow"] = {"usd_bn_per_year": 1.0, "paid_with": "counted(prisoners)"}
    world = rebels_who_attack(1.0, 0.0) | {"aid_flows": {"help": flow}}
    series = sim.run(deal(actors=actors, world=world, deal={"captives": prisoners()}), seed=1).series_table
    paid = series["aid(help)"]
    counted = series["persons_counted(prisoners)"] / 5_000
    np.testing.assert_allclose(paid, 3.0 + np.minimum(counted, 1.0), rtol=1e-12)
    assert paid[0] == 3.0
    assert paid[150] == 4.0


def test_a_revoked_licence_takes_only_those_who_fight_again() -> None:
    """With `returned_per_day` the recalled come out of the force that they joined, at the stated hazard."""
    returns = {"to": "fighters", "probability": 1.0, "delay_days": 1}
    moves = {"free": {"release": {"per_day": 50, "list": "claimant"}}, "catch": {"recall": {"returned_per_day": 0.05}}}
    state = actor(moves, "free", scheduled_moves=[{"day": 40, "move": "catch"}])
    scenario = deal(
        actors={"state": state, "rebels": actor({"wait": {}}, "wait")},
        deal={"captives": prisoners(returns=returns)},
        world=rebels_who_attack(1.0, 0.0),
    )
    series = sim.run(scenario, seed=1).series_table
    back, recalled = series["returned(prisoners)"], series["recalled(prisoners)"]
    strength = series["strength(fighters)"]
    np.testing.assert_allclose(strength, 10.0 + back / 1000.0, rtol=1e-9)
    assert recalled[40] == 0.0
    free = series["persons_freed(prisoners)"]
    np.testing.assert_array_equal(free[40:] + recalled[40:], free[40])
    expected = 2_000 * np.exp(-0.05 * 60)  # all of 2,000 are back by day 60 or so
    assert abs(back[100] - expected) < 0.35 * expected


def test_a_broken_pledge_is_seen_with_the_share_of_attacks_that_are_attributed() -> None:
    """Breaks are logged in a share of runs, cost what the file says then, and nothing otherwise."""
    reputation = {"every_days": 7, "pledge": 0.4, "gain": 0.0, "sd_log": 0.6, "clip_per_week": 1, "forget_days": 1e9}
    reputation |= {"broken_pledge": -0.5}
    world = rebels_who_attack(5.0, 0.0, unattributed_share=0.4, posture={"low": 0.2, "high": 2.0})
    world["reputation"] = reputation
    moves = {"low": {"violence": "low"}, "high": {"violence": "high"}}
    rebels = actor(moves, "low", scheduled_moves=[{"day": 20, "move": "high"}], payoff={"once": {"breaks_pledge": 1.0}})
    scenario = deal(
        actors={"state": actor({"wait": {}}, "wait"), "rebels": rebels},
        world=world,
        deal={"promises": {"no_surge": {"by": "rebels", "keep": "surge(rebels) < 1", "watched": True}}},
        horizon_days=30,
    )
    seen = 0
    for seed in range(200):
        run = sim.run(scenario, seed=seed)
        logged = "pledge_broken" in set(run.events.kind)
        assert run.outcome["payoff_rebels"] == (-1.0 if logged else 0.0)
        opinion = run.series_table["reputation_index(state, rebels)"]
        assert (opinion[21] - opinion[19] == pytest.approx(-0.5)) == logged
        seen += logged
    assert abs(seen / 200 - 0.6) < 4 * np.sqrt(0.24 / 200)


def test_a_pledge_that_hangs_on_the_world_is_looked_at_every_day() -> None:
    """A pledge about a date breaks on that date, though its giver never moves."""
    scenario = deal(
        deal={"promises": {"a_date": {"by": "state", "keep": "day < 33", "watched": True}}}, horizon_days=60
    )
    events = sim.run(scenario, seed=1).events
    assert events[events.kind == "pledge_broken"].day.tolist() == [33.0]
