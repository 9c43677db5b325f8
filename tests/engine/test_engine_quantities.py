"""Quantities of a scenario's own are read by payoffs, guards and series alike, and called by their label."""

from __future__ import annotations

import re

import numpy as np
import pytest

import sim
from sim.experiments.comparison.yardsticks import judged_otherwise, yardsticks
from sim.plots import payoff_decomposition_figure
from sim.scenario.scenario import Scenario

OWED = {
    "of": "freed(prisoners) - counted(prisoners)",
    "at_least": 0,
    "times": "1 - talks",
    "label": "what the rebels do not count",
}


@pytest.fixture(scope="module")
def scenario() -> Scenario:
    """Return the toy in which the state minds what it has freed and the rebels do not count while talks are closed."""
    return sim.load("toys/two_actors").replace(
        {
            "quantities.owed": OWED,
            "actors.state.payoff.per_year.quantity(owed)": -3.0,
            "actors.state.payoff.beyond_window.quantity(owed)": -1.0,
            "actors.state.moves.free.when": "quantity(owed) <= 0.08",
        }
    )


def test_both_engines_agree_to_the_bit(scenario: Scenario) -> None:
    """In payoffs, what stands beyond the window, and a guard."""
    batch = sim.replicate(scenario, runs=12, seed=7)
    for replication in (0, 5, 11):
        row, run = batch.outcomes.loc[replication], sim.run(scenario, seed=7, replication=replication).outcome
        assert row["outcome"] == run["outcome"]
        assert row["payoff_state"] == run["payoff_state"]


def test_it_is_a_daily_series_of_what_it_reads(scenario: Scenario) -> None:
    """Its column is the sum of those of its features, within bounds, times the other sum."""
    series = sim.run(scenario, seed=7).series
    uncounted = (series["persons_freed(prisoners)"] - series["persons_counted(prisoners)"]) / 600.0
    expected = np.maximum(uncounted, 0.0) * (1.0 - series["talks"])
    assert np.allclose(series["quantity(owed)"], expected, rtol=0.0, atol=1e-12)
    assert series["quantity(owed)"].max() > 0.0


def test_explanations_and_figures_call_it_by_its_label(scenario: Scenario) -> None:
    """In the list of terms, where it is meant by the end of the window too, and in the legend."""
    explanation = str(sim.run(scenario, seed=7).explain("2030-01-22"))
    assert re.search(r"^ +what the rebels do not count +what the rebels do not count$", explanation, re.MULTILINE)
    assert "what the rebels do not count, at the end of the window" in explanation
    weighed = scenario.replace({"actors.state.payoff.per_year.quantity(owed)": -30.0})
    figure = payoff_decomposition_figure(sim.compare([weighed], runs=10, seed=7))
    assert OWED["label"] in [text.get_text() for text in figure.legends[0].get_texts()]


def test_payoffs_that_weigh_another_quantity_are_judged_otherwise(scenario: Scenario) -> None:
    """A quantity is part of what an actor wants, and what its features are divided by is its yardstick."""
    other = scenario.replace({"quantities.owed.at_least": 0.01})
    assert judged_otherwise(scenario, other) == {"state": "other weights"}
    assert yardsticks(scenario)["state"]["quantity(owed)"] == {"deal.captives.prisoners.promised": 600.0}
