"""Levers beyond release, violence and withdrawal: recall, disarm, offer, single team, support, technical talks, aid."""

from __future__ import annotations

from typing import Any

import numpy as np
from scripted_doha import daily, scripted, surely_higher
from toy_deals import actor, deal, prisoners, rebels_who_attack

import sim
from sim.scenario.scenario import Scenario


def state_that(move: dict[str, Any], **sections: Any) -> Scenario:
    """Return a toy whose state turns to a move on day 50."""
    moves = {"free": {"release": {"per_day": 50, "list": "claimant"}}, "then": move}
    state = actor(moves, "free", scheduled_moves=[{"day": 50, "move": "then"}])
    actors = {"state": state, "rebels": actor({"wait": {}}, "wait")}
    return deal(**({"actors": actors, "deal": {"captives": prisoners()}} | sections))


def test_recall_takes_freed_captives_back() -> None:
    """From the day of the move on, the freed shrink by the recalled, who never exceed them."""
    run = sim.run(state_that({"recall": {"per_day": 5}}), seed=1)
    freed = run.series_table["persons_freed(prisoners)"]
    recalled = run.events[run.events.kind == "recall"]
    assert freed[50] == 2_500
    assert freed[-1] == 2_500 - recalled.value.sum()
    assert abs(recalled.value.sum() - 750) < 4 * np.sqrt(750)
    assert (np.diff(freed[50:]) <= 0).all()


def test_disarming_lowers_attacks_and_the_balance_of_force() -> None:
    """Half of the arms beyond use after half a year make half of the attacks and less force."""
    army = {"army": {"kind": "regular", "actor": "state", "strength_thousand": 10}}
    world = rebels_who_attack(20.0, 0.0)
    world["armed_forces"] |= army

    def rebels(move: dict[str, Any]) -> Scenario:
        actors = {"state": actor({"wait": {}}, "wait"), "rebels": actor({"stand": move}, "stand")}
        stocks = {"arms": {"holder": "rebels", "arms_of": "fighters", "held": 1, "divisible": True}}
        return deal(actors=actors, world=world, deal={"stocks": stocks})

    armed = sim.run(rebels({}), seed=3).series_table
    disarming = sim.run(rebels({"hand_over": {"arms": {"over_days": 365.25}}}), seed=3).series_table
    day = 183
    assert armed["balance_of_force"][day] == 0.5
    left = 1.0 - day / 365.25
    assert abs(disarming["balance_of_force"][day] - left / (1.0 + left)) < 1e-3
    assert abs(disarming["attack_rate(fighters)"][day] - 20.0 * left) < 1e-6


def test_an_offer_resolves_a_dual_office_sooner() -> None:
    """Offering the rival a share doubles the pace of resolution, on the same luck."""
    content = scripted().to_dict()
    content["actors"]["government"]["moves"]["own_batches"]["offer"] = True
    offered = daily(Scenario.from_dict(content), "dual_office(presidency)").sum(axis=1)
    plain = daily(scripted(), "dual_office(presidency)").sum(axis=1)
    assert surely_higher(plain, offered)


def test_a_single_team_lets_talks_open_sooner_while_the_office_is_claimed_twice() -> None:
    """One team at the talks halves the harm of a dual presidency that lasts."""
    script = {"government": [(10, "their_list")], "taliban": [(10, "baseline")]}
    lasting = scripted(script, horizon=400, world__offices__presidency__dual__mean_days=1e6)
    content = lasting.to_dict()
    content["actors"]["government"]["moves"]["their_list"]["single_team"] = True
    days = [
        np.nan_to_num(sim.replicate(s, runs=300, seed=2).outcome_table["talks_day"], nan=400.0)
        for s in (lasting, Scenario.from_dict(content))
    ]
    assert surely_higher(days[0], days[1])


def test_technical_talks_open_later_than_sitting_and_refusal_never_opens() -> None:
    """Contacts at a quarter of the pace delay talks; refusing them rules them out."""
    script = {"government": [(10, "their_list")], "taliban": [(10, "baseline")]}
    days = {}
    for stance in ("sit", "technical", "refuse"):
        content = scripted(script, horizon=300).to_dict()
        content["actors"]["taliban"]["moves"]["baseline"]["talks"] = stance
        table = sim.replicate(Scenario.from_dict(content), runs=200, seed=2).outcome_table
        days[stance] = np.nan_to_num(table["talks_day"], nan=300.0)
    assert (days["refuse"] == 300.0).all()
    assert surely_higher(days["technical"], days["sit"])


def test_full_air_support_lowers_the_balance_of_force_and_withheld_aid_the_capacity() -> None:
    """A donor that supports with full air power, or pays half, moves the contest at once and capacity in time."""
    base = scripted({"us": [(12, "schedule")]})
    full, withheld = base.to_dict(), base.to_dict()
    full["actors"]["us"]["moves"]["schedule"]["support"] = "full"
    withheld["actors"]["us"]["moves"]["schedule"]["aid"] = 0.5
    plain = sim.run(base, seed=5).series_table
    supported = sim.run(Scenario.from_dict(full), seed=5).series_table
    unpaid = sim.run(Scenario.from_dict(withheld), seed=5).series_table
    assert supported["balance_of_force"][20] < plain["balance_of_force"][20]
    assert unpaid["balance_of_force"][20] > plain["balance_of_force"][20]
    assert unpaid["strength(afghan_forces)"][200] < plain["strength(afghan_forces)"][200]
