"""One list of measures: what it holds, how each is read off runs, and that every consumer takes any of it by name."""

from __future__ import annotations

import datetime as dt
import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import sim
from sim.errors import ConvergenceWarning, ScenarioError, UsageError
from sim.experiments.definition import experiment_from
from sim.experiments.measures import measures_of
from sim.experiments.sensitivity import sensitivity_of
from sim.experiments.sweep_cells import sweep_cells
from sim.experiments.tipping_point import tipping_point

ENDLESS = {"deal.outcomes": {}, "actors.state.payoff.at_outcome": {}, "actors.rebels.payoff.at_outcome": {}}
"""No outcome ends a run before its horizon."""

DEAL = sim.load("toys/two_actors").replace(
    {
        "milestones.all_counted": {"when": "persons_counted(prisoners) >= 600", "label": "everybody home"},
        "measures.days_free": {"total": "persons_freed(prisoners)", "label": "days in freedom", "unit": "person-days"},
        "deal.promises.half": {
            "by": "state", "reach": {"of": "persons_freed(prisoners)", "at_least": 300}, "due": {"days": 60},
            "label": "half of them freed",
        },
    }
)  # fmt: skip
KNOWN = measures_of(DEAL)
BATCH = sim.replicate(DEAL, runs=60, seed=5)


def test_the_list_holds_what_the_scenario_declares_in_order() -> None:
    """Outcomes, talks, milestones, promises, measures, then numbers; labels are the scenario's own."""
    names = list(KNOWN)
    declared = ["settlement", "talks_began", "first_release", "half", "days_free", "days_until_settlement", "deaths"]
    assert sorted(declared, key=names.index) == declared
    labels = [KNOWN[name].label for name in ("all_counted", "half", "days_free", "payoff_state")]
    assert labels == ["everybody home", "half of them freed in time", "days in freedom", "payoff of State"]
    assert KNOWN["days_free"].unit == "person-days"
    silent = {f"actors.rebels.moves.{move}": {"violence": "full"} for move in ("hold_fire", "fight")}
    quiet = DEAL.replace({**silent, "deal.talks": None, **ENDLESS})
    assert "talks_began" not in measures_of(quiet)


@settings(max_examples=60, deadline=None)
@given(name=st.sampled_from([event.name for event in KNOWN.events]), day=st.integers(0, 365))
def test_an_event_by_a_day_agrees_with_its_day(name: str, day: int) -> None:
    """By a day and by its date are the same, and are the runs whose day is no later; the restricted day is its day."""
    table = BATCH.outcome_table
    days = KNOWN[name].days(table)
    date = DEAL.start + dt.timedelta(days=day)
    by_day, by_date = (KNOWN[f"{name} by {when}"].values(table) for when in (f"day {day}", date))
    assert (by_day == by_date).all()
    assert (by_day == (np.nan_to_num(days, nan=np.inf) < day + 1)).all()
    assert (KNOWN[name].values(table) == ~np.isnan(days)).all()
    until = KNOWN[f"days_until_{name}"].values(table)
    assert np.array_equal(until, np.where(np.isnan(days), 365.0, days))


def test_an_unknown_measure_is_refused_with_the_nearest() -> None:
    """The error lists names and says which is near; a date before the start and an unread date are refused."""
    with pytest.raises(UsageError, match=r"found 'all_conted'.*Did you mean 'all_counted'"):
        KNOWN["all_conted"]
    with pytest.raises(UsageError, match="before the start on 2030-01-01"):
        KNOWN["talks_began by 2029-12-31"]
    for name in ("talks_began by soon", "deaths by day 3", "talks_began by day"):
        assert name not in KNOWN
        assert KNOWN.get(name) is None


def test_the_headline_is_what_the_file_says() -> None:
    """Without one: outcomes, talks, milestones; with one: that, in its order."""
    assert [measure.name for measure in KNOWN.headline][-3:] == ["talks_began", "first_release", "all_counted"]
    chosen = ["days_free", "all_counted by 2030-06-30", "half"]
    assert [measure.name for measure in measures_of(DEAL.replace({"headline": chosen})).headline] == chosen


def test_comparisons_have_every_measure() -> None:
    """Shares, differences, dates and numbers of milestones, promises and measures are those of the runs."""
    slow = DEAL.replace({"actors.state.moves.free.release.per_day": 3})
    headline = {"headline": ["all_counted by day 200", "days_free"]}
    found = sim.compare([DEAL.replace(headline), slow], runs=60, seed=5, names=["a", "b"], baselines=False)
    a, b = (found.batches[name].outcomes for name in ("a", "b"))
    row = found.differences.loc[("b", "half")]
    assert row.difference == pytest.approx(b.half_kept.mean() - a.half_kept.mean())
    by_then = found.shares.loc[("b", "all_counted by day 200")]
    assert by_then.share == (b.all_counted_day <= 200).mean()
    dates = found.milestones.loc[("b", "all_counted")]
    restricted = b.all_counted_day.fillna(365.0) - a.all_counted_day.fillna(365.0)
    assert dates.difference == pytest.approx(restricted.mean())
    assert dates.share == b.all_counted_day.notna().mean()
    assert found.numbers.difference["b", "days_free"] == pytest.approx((b.days_free - a.days_free).mean())
    assert "days in freedom" in found.summary[0]
    assert "everybody home" in found.summary[0]
    curve = found.incidence("all_counted").loc["b"].incidence
    assert curve.iloc[200] == by_then.share


EXPERIMENT = {
    "schema_version": 1,
    "title": "How fast they go free",
    "scenario": DEAL,
    "vary": {
        "pace": {"path": "actors.state.moves.free.release.per_day", "range": [1, 30]},
        "talk": {"path": "deal.talks.opens.per_day", "range": [0.01, 0.2]},
    },
    "replications": 6,
    "seed": 3,
}
WANTED = ("all_counted", "all_counted by day 200", "days_until_all_counted", "half", "days_free", "settlement")


def test_sweeps_cells_and_sensitivities_take_every_measure(tmp_path: Path) -> None:
    """A heat map of any measure is the mean over the runs of a cell, and Morris's effects are found for any."""
    sweep = sim.sweep(experiment_from({**EXPERIMENT, "design": {"grid": {"levels": 3}}}), tmp_path / "grid")
    frame = sweep.frame()
    for name in WANTED:
        cells = sweep_cells(sweep, name)
        values = KNOWN[name].values({column: frame[column].to_numpy() for column in frame.columns})
        assert cells.mean.mean() == pytest.approx(values.mean())
        assert cells.is_share == KNOWN[name].is_share
    summary = sweep.summary
    assert summary.share_all_counted.mean() == pytest.approx(frame.all_counted_day.notna().mean())
    assert summary.share_half.mean() == pytest.approx(frame.half_kept.mean())
    assert summary.mean_days_free.mean() == pytest.approx(frame.days_free.mean())
    with pytest.raises(UsageError, match="Analyse days_until_all_counted or all_counted instead"):
        sweep_cells(sweep, "all_counted_day")


def test_a_sweep_may_keep_measures_alone(tmp_path: Path) -> None:
    """Outputs name measures as well as columns, and what was kept is what the columns would have given."""
    kept = experiment_from({**EXPERIMENT, "design": {"grid": {"levels": 2}}, "outputs": list(WANTED)})
    alone = sim.sweep(kept, tmp_path / "kept")
    whole = sim.sweep(experiment_from({**EXPERIMENT, "design": {"grid": {"levels": 2}}}), tmp_path / "whole")
    for name in WANTED:
        assert np.array_equal(sweep_cells(alone, name).mean, sweep_cells(whole, name).mean)
    morris = experiment_from({**EXPERIMENT, "design": {"morris": {"trajectories": 4}}, "outputs": ["days_free"]})
    with pytest.warns(ConvergenceWarning):
        found = sensitivity_of(sim.sweep(morris, tmp_path / "morris"), "days_free")
    assert found.frame().factor[0] == "pace"


def test_tipping_points_of_a_milestone_and_of_a_number_are_found() -> None:
    """Everybody home by a day tips where the pace allows it; the mean of a number crosses a level of its own."""
    pace = experiment_from({**EXPERIMENT, "design": {"grid": {"levels": 2}}}).factors[0]
    share = tipping_point(DEAL, pace, "all_counted by day 200", runs=60, seed=1, tolerance=0.05, grid=5)
    assert share.crossings[0].rising
    assert share.is_share
    number = tipping_point(DEAL, pace, "days_until_all_counted", runs=60, seed=1, level=250.0, tolerance=0.05, grid=5)
    assert not number.is_share
    assert not number.crossings[0].rising
    ends = [evaluation.share for evaluation in number.ends]
    assert ends[0] > 250.0 > ends[1]
    assert str(number).startswith("mean of days_until_all_counted = 250")
    with pytest.raises(UsageError, match="only some runs have"):
        tipping_point(DEAL, pace, "all_counted_day", runs=5)
    with pytest.raises(UsageError, match="level"):
        tipping_point(DEAL, pace, "all_counted", runs=5, level=2.0)


def test_experiment_files_take_measures_and_say_what_is_wrong() -> None:
    """A tipping point of any measure is legal; unknown ones, dates and impossible levels are errors at their place."""
    base = {**EXPERIMENT, "design": {"grid": {"levels": 2}}}
    for target in (
        {"measure": "half"},
        {"measure": "days_free", "level": 1000.0},
        {"measure": "first_release by day 9"},
    ):
        assert (
            experiment_from({**base, "tipping_point": {"factor": "pace", **target}}).tipping.measure
            == target["measure"]
        )
    wrong = {
        "all_conted": "Did you mean 'all_counted'?",
        "all_counted_day": "Take days_until_all_counted.",
    }
    for measure, said in wrong.items():
        with pytest.raises(ScenarioError) as caught:
            experiment_from({**base, "tipping_point": {"factor": "pace", "measure": measure}})
        assert said in str(caught.value)
    with pytest.raises(ScenarioError, match="a share of runs between 0 and 1"):
        experiment_from({**base, "tipping_point": {"factor": "pace", "measure": "half", "level": 3.0}})


def test_expected_signs_are_of_any_measure() -> None:
    """A sign of an event by a date is held against the runs."""
    sign = {"sign": "down", "against": "toys/two_actors", "why": "slower", "pre_registered": "2026-11-26"}
    toy = sim.load("toys/two_actors")
    slow = toy.replace(
        {"actors.state.moves.free.release.per_day": 2, "expects": {"all_counted by day 150": sign, "released": sign}}
    )
    found = sim.compare([toy, slow], runs=60, seed=2, names=["toy", "slow"], baselines=False)
    table = found.expectations.set_index("measure")
    assert table.verdict["all_counted by day 150"] == "borne out"
    assert not math.isnan(table.difference["released"])
