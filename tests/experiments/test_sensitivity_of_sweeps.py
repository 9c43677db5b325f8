"""One output of a sweep analysed whole: outputs, methods, warnings, and what the result says."""

from __future__ import annotations

import json
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from SALib.sample import morris
from sensitivity_functions import g_function, ishigami, one_by_one, own_luck, saltelli
from swept_results import PATHS, frame_of, sweep_of, swept

import sim
from sim.errors import ConvergenceWarning, SimWarning, UsageError
from sim.experiments.definition import experiment_from
from sim.experiments.measures import measures_of
from sim.experiments.sensitivity import luck_in, sensitivity_in, sensitivity_of
from sim.experiments.sensitivity.convergence import index_sequence, sobol_advice
from sim.experiments.sensitivity.output_runs import columns_for, output_runs
from sim.experiments.sensitivity.variance_split import variance_split

POINTS = saltelli(512, one_by_one(3), seed=1).reshape(-1, 3)
KNOWN = ishigami()


MEASURES = measures_of(sim.load("toys/two_actors"))


def test_a_sweep_of_saltelli_rows_gives_sobol_indices() -> None:
    """Indices, kinds, split, sequence and shares of one output agree with what is known of the function."""
    frame = frame_of(own_luck(KNOWN.function(POINTS), 1.0, 8, seed=1))
    sweep = sweep_of(swept(POINTS, 8), frame)
    found = sensitivity_of(sweep, "released", widest=0.5)
    assert found.sobol is not None
    assert found.morris is None
    assert found.converged
    known_shares = KNOWN.total / KNOWN.total.sum()
    assert found.kinds == ("hazards", "payoffs", "rules")
    np.testing.assert_allclose(found.sobol.total, KNOWN.total, atol=0.12)
    assert found.split.luck == pytest.approx(1.0, rel=0.1)
    assert found.split.luck_share == pytest.approx(1.0 / (1.0 + KNOWN.variance), abs=0.01)
    assert [step.blocks for step in found.sequence] == [16, 32, 64, 128, 256, 512]
    assert (found.sequence[-1].total == found.sobol.total).all()
    exact = dict(zip(found.kinds, known_shares, strict=True))
    for share in found.shares:
        assert share.share == pytest.approx(exact[share.kind], abs=0.06)
    assert sum(share.share for share in found.shares) == pytest.approx(1.0)


def test_a_sweep_of_trajectories_gives_elementary_effects() -> None:
    """Morris's design is analysed by Morris's method, on the scale of the output."""
    points = morris.sample(
        {"num_vars": 3, "names": list(PATHS), "bounds": [[0, 1]] * 3}, 40, seed=np.random.default_rng(1)
    )
    frame = frame_of((points @ [3.0, -1.0, 0.5])[:, None])
    found = sensitivity_in(frame, swept(points, 1), "released")
    assert found.morris is not None
    np.testing.assert_allclose(found.morris.mu, [3.0, -1.0, 0.5])
    assert found.frame()["factor"].tolist() == ["hazard", "payoff", "rule"]
    assert found.shares == ()


def test_the_order_of_lines_does_not_matter() -> None:
    """A frame in any order gives the same numbers to the bit."""
    frame = frame_of(own_luck(KNOWN.function(POINTS), 1.0, 3, seed=1))
    mixed = frame.sample(frac=1.0, random_state=1)
    one, other = (sensitivity_in(f, swept(POINTS, 3), "released", widest=1.0, resamples=20) for f in (frame, mixed))
    assert one.sobol is not None
    assert other.sobol is not None
    assert (one.sobol.total == other.sobol.total).all()
    assert (one.sobol.total_error == other.sobol.total_error).all()


def test_a_design_of_another_kind_is_refused() -> None:
    """The message names the designs that serve."""
    points = np.random.default_rng(1).random((16, 3))
    with pytest.raises(UsageError, match=r"saltelli.*morris"):
        sensitivity_in(frame_of(np.zeros((16, 1))), swept(points, 1), "released")


def test_luck_is_split_off_for_any_design() -> None:
    """A grid or random rows have no indices, but the share of luck is known."""
    points = np.random.default_rng(1).random((400, 3))
    runs = own_luck(2.0 * points[:, 0], 1.0, 5, seed=1)
    assert luck_in(frame_of(runs), swept(points, 5), "released") == variance_split(runs)
    runs[3] = np.nan
    with pytest.raises(UsageError, match="1 rows in which every run failed"):
        luck_in(frame_of(runs), swept(points, 5), "released")


def test_a_measure_is_a_share_of_runs() -> None:
    """An outcome is 1 in the runs that had it; so is the beginning of talks; a failed run is neither 1 nor 0."""
    frame = pd.DataFrame(
        {
            "row": [0, 0, 1, 1],
            "replication": [0, 1, 0, 1],
            "outcome": ["settlement", "civil_war", "settlement", None],
            "talks_day": [12.0, np.nan, 4.0, np.nan],
            "failure": [None, None, None, "day 1: x"],
        }
    )
    settled = output_runs(frame, "settlement", 2, 2, MEASURES)
    np.testing.assert_array_equal(settled.values, [[1, 0], [1, np.nan]])
    np.testing.assert_array_equal(output_runs(frame, "talks_began", 2, 2, MEASURES).values, [[1, 0], [1, np.nan]])
    assert settled.is_share
    assert settled.shared_luck
    with pytest.raises(UsageError, match=r"talks_day.*1 of 4 runs.*talks_began"):
        output_runs(frame, "talks_day", 2, 2, MEASURES)
    with pytest.raises(UsageError, match="Did you mean 'settlement'"):
        output_runs(frame, "setlement", 2, 2, MEASURES)


def test_a_measure_that_a_sweep_kept_alone_is_analysed(tmp_path: Path) -> None:
    """`outputs: [settlement]` keeps no outcomes, but the measure itself: it gives what the whole sweep gives."""
    plan = {
        "schema_version": 1,
        "title": "Pace of a settlement",
        "scenario": "toys/two_actors",
        "vary": {"pace": {"path": "deal.outcomes.settlement.per_day", "range": [0.0, 0.05]}},
        "design": {"grid": {"levels": 3}},
        "replications": 10,
    }
    whole, alone = (
        sim.sweep(experiment_from(plan | extra), tmp_path / name)
        for name, extra in (("whole", {}), ("alone", {"outputs": ["settlement", "talks_began"]}))
    )
    for output in ("settlement", "talks_began"):
        expected, kept = (output_runs(sweep.frame(), output, 3, 10, MEASURES) for sweep in (whole, alone))
        np.testing.assert_array_equal(kept.values, expected.values)
        assert kept.is_share
        cells = luck_in(alone.frame(columns_for(output, alone.columns, MEASURES)), alone.experiment, output)
        assert cells == luck_in(whole.frame(), whole.experiment, output)
    assert len({*output_runs(alone.frame(), "settlement", 3, 10, MEASURES).values.ravel()}) == 2
    with pytest.raises(UsageError, match=r"'civil_war', expected.*There are: .*settlement, talks_began$"):
        output_runs(alone.frame(), "civil_war", 3, 10, MEASURES)


def test_luck_of_its_own_is_recognised() -> None:
    """Rows share their luck only if replication and seed agree in all of them."""
    frame = frame_of(np.zeros((2, 2)))
    assert output_runs(frame, "released", 2, 2).shared_luck
    frame["replication"] = [0, 1, 2, 3]
    assert not output_runs(frame, "released", 2, 2).shared_luck
    frame = frame_of(np.zeros((2, 2)))
    frame["seed"] = [1, 1, 2, 2]
    assert not output_runs(frame, "released", 2, 2).shared_luck


def test_an_unfinished_sweep_is_refused() -> None:
    """Missing runs are no failed runs: the message says how to finish."""
    frame = frame_of(np.zeros((4, 2)))
    with pytest.raises(UsageError, match=r"7 runs.*--resume"):
        output_runs(frame.iloc[:-1], "released", 4, 2)
    twice = frame.copy()
    twice.loc[0, "row"] = 1
    with pytest.raises(UsageError, match="for each of 4 rows"):
        output_runs(twice, "released", 4, 2)


def test_failed_runs_are_counted_in_the_result() -> None:
    """The result says what failed and what it cost."""
    runs = own_luck(KNOWN.function(POINTS), 1.0, 3, seed=1)
    runs[0] = np.nan
    runs[77, 0] = np.nan
    found = sensitivity_in(frame_of(runs), swept(POINTS, 3), "released", widest=1.0, resamples=20)
    assert (found.failures.failed, found.failures.left_out) == (4, 1)
    assert found.sobol is not None
    assert found.sobol.blocks == 511


def test_wide_intervals_warn_with_advice() -> None:
    """What has not converged says so in a warning and in the result, with the number that would do."""
    few = saltelli(32, one_by_one(3), seed=1).reshape(-1, 3)
    frame = frame_of(KNOWN.function(few)[:, None])
    with pytest.warns(ConvergenceWarning, match=r"sensitivity of released.*blocks instead of 32"):
        found = sensitivity_in(frame, swept(few, 1), "released", resamples=50)
    assert not found.converged
    assert issubclass(ConvergenceWarning, SimWarning)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        sensitivity_in(frame, swept(few, 1), "released", resamples=50, widest=2.0)


def test_the_advice_is_borne_out() -> None:
    """With the number of blocks that is advised the intervals are as narrow as was asked, to a fifth."""
    known = g_function([0, 1])

    def indices(blocks: int) -> Any:
        runs = known.function(saltelli(blocks, one_by_one(2), seed=1))[:, :, None]
        return index_sequence(("a", "b"), runs, shared_luck=True, resamples=200)[-1], variance_split(runs[:, 0])

    first = indices(64)
    said = sobol_advice(*first, 0.15)
    assert said is not None
    blocks = int(said.split("Use about ")[1].split(" blocks")[0].replace(",", ""))
    assert blocks > 64
    assert indices(blocks)[0].widest < 1.2 * 0.15


def test_noisy_means_ask_for_replications() -> None:
    """Where luck is much of what varies between rows, more replications are advised rather than more rows."""
    runs = own_luck(KNOWN.function(POINTS), 12.0, 2, seed=1)
    with pytest.warns(ConvergenceWarning, match="replications instead of 2"):
        sensitivity_in(frame_of(runs), swept(POINTS, 2), "released", resamples=50)


def test_groups_are_true_grouped_indices() -> None:
    """A design that exchanges groups is reported as such, with the total of each group."""
    points = saltelli(1024, [[0, 2], [1]], seed=1).reshape(-1, 3)
    found = sensitivity_in(frame_of(KNOWN.function(points)[:, None]), swept(points, 1), "released", widest=0.5)
    assert found.grouped
    assert found.names == ("hazard + rule", "payoff")
    assert found.kinds == ("mixed", "payoffs")
    assert found.to_dict()["share_of_totals"] == "true grouped indices"
    assert found.shares[0].total == pytest.approx(1.0 - KNOWN.first[1], abs=0.05)


def test_everything_is_plain_data() -> None:
    """The result goes to JSON with every number that the frame has."""
    frame = frame_of(own_luck(KNOWN.function(POINTS), 1.0, 3, seed=1))
    found = sensitivity_in(frame, swept(POINTS, 3), "released", widest=1.0, resamples=20)
    data = json.loads(json.dumps(found.to_dict()))
    assert data["scenario_sha256"] == found.scenario.sha256
    assert data["share_of_totals"] == "sums of total-order indices"
    assert {row["factor"] for row in data["factors"]} == set(PATHS)
    assert data["factors"][0]["total"] == max(row["total"] for row in data["factors"])
    assert data["converged"] is True


@pytest.mark.parametrize("widest", [0.0, -1.0, float("nan"), float("inf")])
def test_a_width_is_a_width(widest: float) -> None:
    """A wanted width that is none is refused."""
    with pytest.raises(UsageError, match="widest"):
        sensitivity_in(frame_of(np.zeros((4, 1))), swept(POINTS, 1), "released", widest=widest)


def test_a_factor_is_no_output() -> None:
    """A factor that is called like an outcome does not stand for it, and no factor is analysed as an output."""
    frame = frame_of(own_luck(KNOWN.function(POINTS), 1.0, 3, seed=1))
    settled = frame["released"] > frame["released"].median()
    frame["outcome"] = np.where(settled, "settlement", "stalemate")
    paths = {"settlement": PATHS["hazard"], "payoff": PATHS["payoff"], "rule": PATHS["rule"]}
    frame["settlement"] = np.repeat(POINTS[:, 0], 3)
    found = sensitivity_in(frame, swept(POINTS, 3, paths), "settlement", widest=9.0, resamples=20)
    plain = sensitivity_in(frame.drop(columns="settlement"), swept(POINTS, 3), "settlement", widest=9.0, resamples=20)
    assert found.is_share
    assert found.sobol is not None
    assert plain.sobol is not None
    assert (found.sobol.total == plain.sobol.total).all()
    frame["payoff"] = 1.0
    with pytest.raises(UsageError, match="the factor 'payoff'"):
        sensitivity_in(frame, swept(POINTS, 3), "payoff")


def test_luck_alone_is_said_to_be_luck_alone() -> None:
    """Where no variance can be told from luck the result has no shares and says so, and no figure is drawn."""
    rng = np.random.default_rng(8)
    frame = frame_of(rng.normal(size=(len(POINTS), 2)))
    with pytest.warns(ConvergenceWarning, match="luck is all that shows"):
        found = sensitivity_in(frame, swept(POINTS, 2), "released", resamples=50)
    assert found.sobol is not None
    assert not np.isfinite(found.sobol.total_error).all()
    assert found.shares == ()
    assert found.split.luck_share > 0.9
    assert found.to_dict()["converged"] is False
