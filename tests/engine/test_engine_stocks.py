"""Arms in three tranches under a mission that counts: both engines, the story, the report, the figure."""

from __future__ import annotations

import numpy as np
import pytest
from matplotlib.figure import Figure
from toy_deals import actor, deal, prisoners, rebels_who_attack

import sim
from sim.cli.run_report import outcome_lines
from sim.plots import trajectories_figure
from sim.scenario.scenario import Scenario

TRANCHES = [
    {"until_share": 0.3, "over_days": 60},
    {"until_share": 0.6, "over_days": 60, "when": "freed(prisoners) >= 0.3"},
    {"until_share": 1.0, "over_days": 60, "when": "accepted(arms) >= 0.55"},
]
ARMS = {"holder": "rebels", "claimant": "mission", "arms_of": "fighters", "held": 8_994, "unit": "weapons"}


def scenario(leaves: bool = False) -> Scenario:
    """Return a deal of arms for prisoners, perhaps with a mission that leaves on day 100."""
    lay = {"hand_over": {"arms": {"tranches": TRANCHES}}}
    script = [{"day": 100, "move": "leave"}] if leaves else []
    actors = {
        "state": actor({"free": {"release": {"per_day": 30, "list": "own"}}}, "free"),
        "rebels": actor({"lay": lay}, "lay"),
        "mission": actor({"count": {}, "leave": {"verify": False}}, "count", script=script),
    }
    world = rebels_who_attack(20.0, 0.0)
    world["armed_forces"]["army"] = {"kind": "regular", "actor": "state", "strength_thousand": 10}
    stock = ARMS | {"counted_at_once": 0.9, "verify_backlog_days": 5}
    return deal(actors=actors, world=world, deal={"captives": prisoners(), "stocks": {"arms": stock}}, horizon_days=220)


def test_arms_go_in_three_parts_of_sixty_days() -> None:
    """30, 30 and 40 per cent, counted within days, and out of the balance of force."""
    series = sim.run(scenario(), seed=7).series_table
    laid = series["amount_handed_over(arms)"]
    assert laid[60] == 2_698
    assert laid[120] == 5_396
    assert laid[-1] == series["amount_accepted(arms)"][-1] == 8_994
    assert np.allclose(series["disarmed(fighters)"], laid / 8_994, rtol=0.0, atol=1e-9)
    left = 1.0 - series["disarmed(fighters)"]
    assert np.allclose(series["balance_of_force"], left / (left + 1.0), rtol=0.0, atol=1e-9)


def test_a_mission_that_leaves_counts_nothing_more_and_the_last_part_waits() -> None:
    """What it did not see is handed over but not accepted, so the third tranche never opens."""
    series = sim.run(scenario(leaves=True), seed=7).series_table
    assert series["amount_handed_over(arms)"][-1] == 5_396
    assert series["amount_accepted(arms)"][-1] == series["amount_accepted(arms)"][101] < 0.55 * 8_994


@pytest.mark.parametrize("leaves", [False, True])
def test_both_engines_agree_to_the_bit(leaves: bool) -> None:
    """In what is handed over and what is accepted."""
    batch = sim.replicate(scenario(leaves), runs=6, seed=7).outcomes
    for replication in range(6):
        outcome = sim.run(scenario(leaves), seed=7, replication=replication).outcome
        for column in ("handed_over_arms", "accepted_arms", "attacks", "balance_of_force", "released"):
            assert batch.loc[replication, column] == outcome[column]


def test_people_read_of_it_in_its_own_words() -> None:
    """The story tells the first part and the last; report and figure say weapons; released are captives only."""
    run = sim.run(scenario(), seed=7)
    told = [text for _, text in run.story()]
    assert any(text.startswith("arms: first 1,259 weapons handed over until 20") for text in told)
    assert "arms: all that was promised is handed over" in told
    assert "Handed over: arms 8,994 of 8,994 weapons, counted 8,994" in outcome_lines(run)
    assert run.outcome["released"] == run.outcome["freed_prisoners"]
    figure: Figure = trajectories_figure(sim.replicate(scenario(), runs=10, seed=7))
    assert "Arms handed over by Rebels" in [axes.get_title(loc="left") for axes in figure.axes]
    assert "weapons" in [axes.get_ylabel() for axes in figure.axes]
