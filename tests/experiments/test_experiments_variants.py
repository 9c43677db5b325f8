"""Variants run in one batch are what each alone would be, and share their luck."""

from __future__ import annotations

import numpy as np
import pytest

import sim
from sim.errors import UsageError
from sim.experiments.measures import measures_of
from sim.experiments.scenario_number import number_at
from sim.experiments.variants import measured, run_variants
from sim.kernel.bound import bound
from sim.model.world import FAILED

TOY = "toys/two_actors"


def test_a_row_is_what_replicate_gives() -> None:
    """Variants that share Tables and variants that do not are equal to the bit to batches of their own."""
    toy = sim.load(TOY)
    variants = [
        toy,
        toy.replace({"actors.state.payoff.per_year.attacks": -1.2}),
        toy.replace({"deal.talks.opens_when": "persons_counted(prisoners) >= 100"}),
        toy.replace({"horizon_days": 200}),
    ]
    tables = [bound(variant).tables.tobytes() for variant in variants]
    assert tables[0] == tables[1] != tables[2]
    rows = run_variants(variants, 30, seed=5)
    for variant, row in zip(variants, rows, strict=True):
        assert (row == sim.replicate(variant, runs=30, seed=5).rows).all()


def test_threads_change_nothing_and_progress_is_complete() -> None:
    """One thread or three, the rows are the same, and progress ends at the total over all groups."""
    toy = sim.load(TOY)
    variants = [toy, toy.replace({"deal.talks.opens_when": "persons_counted(prisoners) >= 100"})]
    seen: list[tuple[int, int]] = []
    one = run_variants(variants, 70, seed=5, threads=1, progress=lambda done, total: seen.append((done, total)))
    assert (one == run_variants(variants, 70, seed=5, threads=3)).all()
    assert seen[-1] == (140, 140)
    assert [done for done, _ in seen] == sorted(done for done, _ in seen)


def test_every_run_has_one_outcome() -> None:
    """Each run has exactly one outcome, and the measures say what the outcome table says."""
    scenario = sim.load("doha_2020/baseline")
    had = measured(scenario, run_variants([scenario], 80, seed=2)[0], measures_of(scenario).shares)
    table = sim.replicate(scenario, runs=80, seed=2).outcome_table
    assert (np.sum([had[name] for name in scenario.outcome_names], axis=0) == 1).all()
    for name in scenario.outcome_names:
        assert (had[name] == (table["outcome"] == name)).all()
    assert (had["talks_began"] == ~np.isnan(table["talks_day"])).all()
    assert (had["thousandth"] == ~np.isnan(table["thousandth_day"])).all()


def test_a_run_that_stops_itself_has_no_outcome() -> None:
    """A row that says it failed counts for no measure, whatever else stands in it; its numbers are unknown."""
    scenario = sim.load(TOY)
    rows = run_variants([scenario], 5, seed=2)[0]
    every = list(measures_of(scenario).values())
    before = measured(scenario, rows, every)
    rows["status"][3] = FAILED
    had = measured(scenario, rows, every)
    for name, values in had.items():
        assert not values[3] if values.dtype == bool else np.isnan(values[3]), name
        assert np.array_equal(np.delete(values, 3), np.delete(before[name], 3), equal_nan=values.dtype != bool)


@pytest.mark.parametrize("runs", [0, -1, 2.5, True])
def test_a_strange_number_of_runs_is_refused(runs: object) -> None:
    """Runs are a positive whole number."""
    with pytest.raises(UsageError, match="runs"):
        run_variants([sim.load(TOY)], runs, seed=1)  # type: ignore[arg-type]


def test_no_scenario_is_refused() -> None:
    """There is nothing to run without a scenario."""
    with pytest.raises(UsageError, match="none"):
        run_variants([], 10, seed=1)


def test_numbers_are_read_where_replace_writes_them() -> None:
    """Plain keys, list elements, features with arguments and keys that hold dots themselves are found."""
    scenario = sim.load("doha_2020/baseline")
    for path in (
        "actors.us.payoff.per_year.counted(taliban_prisoners)",
        "deal.withdrawal.us_troops.steps[1].day",
        "actors.us.types.leaving_anyway.scales.at_outcome.government_collapse",
    ):
        value = number_at(scenario, path)
        assert number_at(scenario.replace({path: value + 1.0}), path) == value + 1.0


@pytest.mark.parametrize("path", ["actors.nobody", "actors.us", "title", "deal.withdrawal.us_troops.steps.9.day", ""])
def test_what_is_no_number_is_refused(path: str) -> None:
    """A path to nothing, to a section or to a text is an error that names it."""
    with pytest.raises(UsageError, match="path"):
        number_at(sim.load("doha_2020/baseline"), path)
