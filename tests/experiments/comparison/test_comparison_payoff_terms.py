"""Payoffs of a comparison taken apart by term."""

from __future__ import annotations

import numpy as np
import pytest

import sim
from sim.experiments.comparison.payoff_terms import payoff_term_table
from sim.model.world import FAILED


@pytest.fixture(scope="module")
def comparison() -> sim.Comparison:
    """Return two deals, the second of which pays the state for something that the first does not weigh."""
    toy = sim.load("toys/two_actors")
    keen = toy.replace({"actors.state.payoff.per_year.balance_of_force": -0.5})
    return sim.compare([toy, keen], runs=40, seed=6, names=["toy", "keen"])


@pytest.mark.parametrize("column", ["mean", "difference"])
def test_terms_sum_to_the_payoff(comparison: sim.Comparison, column: str) -> None:
    """In every scenario and for every actor the terms add up, and so do what they change."""
    sums = comparison.payoff_terms[column].groupby(level=["scenario", "actor"], sort=False).sum()
    if column == "difference":
        sums = sums.drop(index="toy", level="scenario")
    assert len(sums)
    assert np.allclose(sums, comparison.payoffs[column].loc[sums.index], atol=1e-9)


def test_a_term_that_only_one_weighs_is_nothing_in_the_other(comparison: sim.Comparison) -> None:
    """What the reference does not weigh is 0 there, and its difference is all of it."""
    terms = comparison.payoff_terms
    assert terms["mean"]["toy", "state", "balance_of_force"] == 0.0
    row = terms.loc[("keen", "state", "balance_of_force")]
    assert row["mean"] == row["difference"] < 0.0


def test_the_reference_does_not_differ_from_itself(comparison: sim.Comparison) -> None:
    """No term of the reference has a difference."""
    assert comparison.payoff_terms.difference["toy"].isna().all()


def test_failed_runs_and_missing_actors_are_unknown() -> None:
    """A failed run is left out of means of terms; an actor that a scenario does not have is NaN."""
    whole, two, five = (sim.replicate(sim.load(f"toys/{n}_actors"), 10, 1) for n in ("two", "two", "five"))
    two.rows["status"][:3] = FAILED
    table = payoff_term_table(["whole", "two", "five"], [whole, two, five])
    assert table.pairs["two", "state", "at_outcome"] == 7
    assert np.isnan(table["mean"]["two", "donor"]).all()
    assert np.isfinite(table["mean"]["five", "donor"]).all()


def test_progress_is_shown_once(comparison: sim.Comparison) -> None:
    """Taking runs apart shows progress, and the result is kept."""
    seen: list[tuple[int, int]] = []
    fresh = sim.compare(list(comparison.scenarios.values())[:1], runs=5, seed=1, baselines=False)
    first = fresh.decompose(lambda done, total: seen.append((done, total)))
    assert seen == [(5, 5)]
    assert fresh.payoff_terms is first
