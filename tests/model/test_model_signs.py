"""What each mechanism does under scripted play: paired seeds, four standard errors."""

from __future__ import annotations

import numpy as np
from scripted_doha import daily, scripted, surely_higher

import sim

FREED = "persons_freed(taliban_prisoners)"
LIST_PLAY = {"government": [(10, "their_list")], "taliban": [(10, "baseline")], "us": []}


def test_slower_vetting_slows_release() -> None:
    """At 20 vetted a day fewer are free on day 100 than at 1,000."""
    slow = daily(scripted(deal__captives__taliban_prisoners__vetting_per_day=20), FREED)
    fast = daily(scripted(), FREED)
    assert surely_higher(fast[:, 100], slow[:, 100])


def test_higher_recidivism_raises_insurgent_strength() -> None:
    """If 68 % return instead of 5.6 %, the insurgents have more fighters on day 300."""
    path = "deal__captives__taliban_prisoners__returns__probability"
    high = daily(scripted(**{path: 0.68}), "strength(taliban_fighters)")
    low = daily(scripted(**{path: 0.056}), "strength(taliban_fighters)")
    assert surely_higher(high[:, -1], low[:, -1])


def test_an_unresolved_dual_presidency_delays_talks() -> None:
    """With a presidency that stays claimed twice, talks open later."""
    lasting = scripted(LIST_PLAY, world__offices__presidency__dual__mean_days=1e6, horizon=400)
    short = scripted(LIST_PLAY, world__offices__presidency__dual__mean_days=1.0, horizon=400)
    days = [
        np.nan_to_num(sim.replicate(s, runs=200, seed=2).outcome_table["talks_day"], nan=400.0)
        for s in (lasting, short)
    ]
    assert surely_higher(days[0], days[1])


def test_verification_lowers_walk_outs() -> None:
    """If the claimant recognises all of the holder's picks at once, there are fewer days in dispute."""
    blind = daily(scripted(), "dispute(taliban_prisoners)").sum(axis=1)
    verified = daily(
        scripted(deal__captives__taliban_prisoners__counted_at_once__own=1.0), "dispute(taliban_prisoners)"
    ).sum(axis=1)
    assert verified.max() == 0.0
    assert surely_higher(blind, verified)
    better = scripted(
        deal__captives__taliban_prisoners__counted_at_once__own=0.9,
        deal__captives__taliban_prisoners__verify_backlog_days=30,
    )
    assert surely_higher(blind, daily(better, "dispute(taliban_prisoners)").sum(axis=1))


def test_more_spoiler_attacks_lower_reputation() -> None:
    """Attacks of others that are blamed on an actor cost it the trust of the rest."""
    name = "reputation_index(us, taliban)"
    quiet = daily(scripted(), name)
    spoiled = daily(scripted(world__armed_forces__isis_k__attacks__per_day=60.0), name)
    assert surely_higher(quiet[:, 100], spoiled[:, 100])


def test_a_faster_drawdown_raises_the_balance_of_force() -> None:
    """Troops that leave at 1.6 times the schedule leave the insurgents stronger on day 200."""
    fast = daily(scripted({"us": [(12, "accelerate")]}), "balance_of_force")
    planned = daily(scripted(), "balance_of_force")
    assert surely_higher(fast[:, 200], planned[:, 200])


def test_an_executed_cut_lowers_capacity() -> None:
    """A threat that is executed while the government stalls leaves its forces weaker on day 300."""
    stall = {"government": [(10, "stall")], "taliban": [(10, "baseline")]}
    cut = daily(scripted({**stall, "us": [(12, "threaten")]}), "strength(afghan_forces)")
    spared = daily(scripted({**stall, "us": []}), "strength(afghan_forces)")
    aid = daily(scripted({**stall, "us": [(12, "threaten")]}), "aid(us_aid)")
    assert (aid[:, -1] < 4.3).mean() > 0.9
    assert surely_higher(spared[:, -1], cut[:, -1])


def test_a_quiet_week_moves_reputation_up() -> None:
    """At a quarter of the reference the Taliban's reputation rises from the start; at the baseline it falls.

    Who spares foreigners and cities is believed by Washington, and not by Kabul, whose army it goes on fighting.
    """
    for name in ("reputation_index(us, taliban)", "reputation_index(government, taliban)"):
        calm = daily(scripted({"taliban": [(7, "reduced")]}), name)
        usual = daily(scripted({"taliban": [(2, "baseline")]}), name)
        assert surely_higher(calm[:, 21], calm[:, 0])
        assert surely_higher(usual[:, 8], usual[:, 36])
    spares = scripted({"taliban": [(2, "selective")]})
    washington, kabul = (daily(spares, f"reputation_index({eye}, taliban)") for eye in ("us", "government"))
    assert surely_higher(washington[:, 36], washington[:, 8])
    assert surely_higher(kabul[:, 8], kabul[:, 36])
