"""Two deals in their own words, in YAML alone: an exchange of captives without a state, and Colombia in 2016."""

from __future__ import annotations

from functools import cache

import numpy as np

import sim
from sim.experiments.compliance import compliance

RUNS = 400


@cache
def batch(name: str, **changes: float) -> sim.Batch:
    """Run a scenario, its plebiscite decided if `yes` says so."""
    scenario = sim.load(name)
    if "yes" in changes:
        scenario = scenario.replace({"events.plebiscite.one_of.yes.probability": changes["yes"]})
    return sim.replicate(scenario, RUNS, seed=7)


def about(share: float, expected: float, runs: int = RUNS) -> bool:
    """Whether a share agrees with one that docs/colombia.md states, at 4 standard errors."""
    return bool(abs(share - expected) <= 4 * np.sqrt(expected * (1 - expected) * (1 / runs + 1 / 2_000)))


def test_an_exchange_completes_or_breaks_off() -> None:
    """Most runs bring all home, in step; whoever breaks off does so while one side is ahead."""
    table = batch("toys/captive_exchange").outcome_table
    assert set(table["outcome"]) <= {"all_home", "broken_off", "stalled"}
    done = table["outcome"] == "all_home"
    assert done.mean() > 0.8
    assert (table["freed_river_men"][done] == 300).all()
    assert (table["freed_hill_men"][done] == 300).all()
    broken = table["outcome"] == "broken_off"
    assert broken.any()
    assert (table["freed_river_men"] - table["freed_hill_men"])[done].max() == 0
    assert (table["end_day"][done] == 365).all()  # the run goes on, and so does what the deal is worth


def test_mine_after_yours() -> None:
    """On no day has the river freed more than the hill, nor is the hill ahead by more than a tranche."""
    series = sim.run(sim.load("toys/captive_exchange"), seed=1).series_table
    ahead = series["persons_freed(river_men)"] - series["persons_freed(hill_men)"]
    assert ahead.min() >= 0
    assert ahead.max() <= 50


def test_colombia_is_as_its_page_says() -> None:
    """Shares of the outcomes, and what a No does to them."""
    outcome = batch("colombia_2016/baseline").outcome_table["outcome"]
    assert about(float((outcome == "arms_laid_down").mean()), 0.865)
    lost = batch("colombia_2016/baseline", yes=0.0).outcome_table["outcome"]
    assert about(float((lost == "arms_laid_down").mean()), 0.660)
    assert about(float((lost == "back_to_war").mean()), 0.305)


def test_colombia_keeps_what_it_promised_or_not() -> None:
    """Most runs have the arms in time, none the prisoners."""
    table = compliance(batch("colombia_2016/baseline")).set_index("promise")
    assert about(float(table.in_time["all_arms"]), 0.864)
    assert table.in_time["amnesty"] == 0.0


def test_the_new_government_comes_on_its_date() -> None:
    """Its text is in the story, and it is another profile of the government."""
    run = sim.run(sim.load("colombia_2016/baseline"), seed=3)
    dated = {str(date): text for date, text in run.story()}
    assert "campaigned against" in dated["2018-08-07"]
