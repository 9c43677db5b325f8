"""Clocks and calendar (THEORY row 19): competing hazards, dates, paces, tranches."""

from __future__ import annotations

import datetime as dt

import numpy as np
from toy_deals import actor, deal, prisoners, rebels_who_attack

import sim


def test_competing_clocks_fire_in_proportion_to_their_rates() -> None:
    """Of two hazards in the ratio 2 to 3 the first comes first with probability 0.4."""
    outcomes = {
        "deal_void": {"per_day": 0.02},
        "government_collapse": {
            "per_day": 0.06,
            "factors": {"balance": {"form": "logistic", "of": "balance_of_force", "midpoint": 0.0, "width": 1.0}},
        },
    }
    # no forces: the balance of force is 0 (logistic(0) = 1/2)
    scenario = deal(deal={"outcomes": outcomes}, steps_per_day=4, horizon_days=400)
    outcome = sim.replicate(scenario, runs=20_000, seed=1).outcome_table["outcome"]
    share = (outcome == "deal_void").mean()
    assert (outcome == "unresolved").sum() == 0
    assert abs(share - 0.4) < 4 * np.sqrt(0.24 / 20_000)


def test_first_withdrawal_step_is_due_on_13_july() -> None:
    """135 days after 29 February 2020 is 13 July 2020, and troops on schedule are down to 8,600 that day."""
    withdrawal = {"troops": {"owner": "state", "start": 13_000, "steps": [{"day": 135, "left": 8_600}]}}
    run = sim.run(deal(deal={"withdrawal": withdrawal}), seed=1)
    step = run.events[run.events.kind == "withdrawal_step"].iloc[0]
    assert step.date == dt.date(2020, 7, 13).isoformat()
    assert (
        run.series_table["troop_count(troops)"][135] == 8_600
        or abs(run.series_table["troop_count(troops)"][135] - 8_600) < 1e-6
    )


def freed_by_day(move: dict[str, object]) -> np.ndarray:
    """Run a state that releases from day 0 without set-up lag and return the captives freed by day."""
    actors = {"state": actor({"free": move}, "free"), "rebels": actor({"wait": {}}, "wait")}
    return sim.run(deal(actors=actors, deal={"captives": prisoners()}), seed=1).series_table["persons_freed(prisoners)"]


def test_fifteen_hundred_at_a_hundred_a_day_take_fifteen_days() -> None:
    """The decree's first stage ends on day 15."""
    freed = freed_by_day({"release": {"per_day": 100, "list": "own", "until": 1_500}})
    assert freed[14] == 1_400
    assert freed[15] == 1_500
    assert freed[-1] == 1_500


def test_thirty_five_hundred_at_500_a_fortnight_take_98_days() -> None:
    """The decree's second stage ends 98 days after the first."""
    then = {"amount": 500, "every_days": 14}
    freed = freed_by_day({"release": {"per_day": 100, "list": "own", "until": 1_500, "then": then}})
    assert freed[15 + 97] == 4_500
    assert freed[15 + 98] == 5_000


def test_second_stage_waits_for_quiet() -> None:
    """A tranche whose condition does not hold on its date is skipped, not saved up."""
    then = {"amount": 500, "every_days": 14, "when": "holding_fire(rebels)"}
    state = actor({"free": {"release": {"per_day": 100, "list": "own", "until": 500, "then": then}}}, "free")
    moves = {"fight": {"violence": "full"}, "hold": {"violence": "low"}}
    rebels = actor(moves, "fight", scheduled_moves=[{"day": 40, "move": "hold"}])
    world = rebels_who_attack(5.0, 0.0, posture={"full": 1.0, "low": 0.2}) | {
        "reputation": {
            "every_days": 7,
            "pledge": 0.4,
            "gain": 0.0,
            "sd_log": 0.6,
            "clip_per_week": 1,
            "forget_days": 60,
        }
    }
    scenario = deal(actors={"state": state, "rebels": rebels}, world=world, deal={"captives": prisoners()})
    freed = sim.run(scenario, seed=1).series_table["persons_freed(prisoners)"]
    assert freed[5] == 500
    assert freed[46] == 500  # due on days 19 and 33, while the rebels fight
    assert freed[47] == 1_000  # day 5 + 3 x 14


def test_a_step_of_an_hour_frees_the_same_captives() -> None:
    """Thirty a day make 30 on day 1 and 3,000 on day 100, in steps of a day or of an hour."""
    for steps in (1, 24):
        actors = {
            "state": actor({"free": {"release": {"per_day": 30, "list": "own"}}}, "free"),
            "rebels": actor({"wait": {}}, "wait"),
        }
        scenario = deal(actors=actors, deal={"captives": prisoners()}, steps_per_day=steps)
        freed = sim.run(scenario, seed=1).series_table["persons_freed(prisoners)"]
        assert freed[1] == 30
        assert freed[100] == 3_000


def test_tranches_that_fell_due_under_another_move_are_gone() -> None:
    """A second stage that is left and taken up again goes on by its calendar and pays nothing back."""
    then = {"amount": 500, "every_days": 14}
    moves = {
        "free": {"release": {"per_day": 100, "list": "own", "until": 500, "then": then}},
        "wait": {"release": "none"},
    }
    dated = [{"day": 20, "move": "wait"}, {"day": 70, "move": "free"}]
    actors = {"state": actor(moves, "free", scheduled_moves=dated), "rebels": actor({"wait": {}}, "wait")}
    scenario = deal(actors=actors, deal={"captives": prisoners()})
    freed = sim.run(scenario, seed=1).series_table["persons_freed(prisoners)"]
    assert freed[19] == 1_000  # day 5 + 14
    assert freed[74] == 1_000
    assert freed[75] == 1_500  # day 5 + 5 x 14, the first date after day 70
    assert freed[88] == 1_500
    assert freed[89] == 2_000
