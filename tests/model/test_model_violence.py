"""Violence: self-exciting counts whose mean does not depend on the step (THEORY row 18)."""

from __future__ import annotations

import numpy as np
import pytest
from toy_deals import actor, deal, rebels_who_attack

import sim


@pytest.mark.parametrize("steps_per_day", [1, 4, 24])
def test_mean_attacks_do_not_depend_on_the_step(steps_per_day: int) -> None:
    """Base rate 5 a day and a self-excited share of one half make 10 attacks a day, at any step."""
    scenario = deal(world=rebels_who_attack(10.0, 0.5), steps_per_day=steps_per_day, horizon_days=400)
    attacks = sim.replicate(scenario, runs=150, seed=3).outcome_table["attacks"] / 400
    error = attacks.std(ddof=1) / np.sqrt(len(attacks))
    assert abs(attacks.mean() - 10.0) < 4 * error
    assert error < 0.2


@pytest.mark.parametrize(("posture", "factor"), [("ceasefire", 0.0), ("reduced", 0.25), ("surge", 1.5)])
def test_posture_scales_the_mean_at_once(posture: str, factor: float) -> None:
    """The mean is mu s / (1 - n): the excitation a posture inherits is scaled with it."""
    world = rebels_who_attack(10.0, 0.5, posture={posture: factor})
    actors = {"state": actor({"wait": {}}, "wait"), "rebels": actor({"fight": {"violence": posture}}, "fight")}
    scenario = deal(world=world, actors=actors, horizon_days=400)
    attacks = sim.replicate(scenario, runs=150, seed=4).outcome_table["attacks"] / 400
    error = attacks.std(ddof=1) / np.sqrt(len(attacks))
    assert abs(attacks.mean() - 10.0 * factor) <= 4 * error


def test_attacks_cluster() -> None:
    """A self-excited process spreads more over windows than a Poisson process of the same mean."""
    calm = sim.replicate(deal(world=rebels_who_attack(10.0, 0.0)), runs=300, seed=5).outcome_table["attacks"]
    excited = sim.replicate(deal(world=rebels_who_attack(10.0, 0.5)), runs=300, seed=5).outcome_table["attacks"]
    assert 0.7 < calm.var(ddof=1) / calm.mean() < 1.4
    assert excited.var(ddof=1) / excited.mean() > 2.0


def test_deaths_have_the_mean_of_the_scenario() -> None:
    """Attacks kill half a person on average."""
    table = sim.replicate(deal(world=rebels_who_attack(10.0, 0.4)), runs=200, seed=6).outcome_table
    ratio = table["deaths"] / table["attacks"]
    assert abs(ratio.mean() - 0.5) < 4 * ratio.std(ddof=1) / np.sqrt(len(ratio))


def test_more_intensity_never_means_fewer_attacks_under_one_seed() -> None:
    """Draws are inversions at fixed addresses, so runs of a higher rate have at least as many attacks on every day."""
    low = sim.run(deal(world=rebels_who_attack(10.0, 0.4)), seed=8).series_table["daily_attacks(fighters)"]
    high = sim.run(deal(world=rebels_who_attack(12.0, 0.4)), seed=8).series_table["daily_attacks(fighters)"]
    assert (high[1:] >= low[1:]).all()
    assert high[1:].sum() > low[1:].sum()
