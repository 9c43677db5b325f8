"""What a sweep holds: the rows of the batch engine, in the same form however they were done."""

import json
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small_experiment import small_experiment

import sim
from sim.cli.sweep_report import report_sweep
from sim.errors import UsageError
from sim.experiments.sweep import layout
from sim.experiments.sweep.canonical_digest import digest_of_tables
from sim.experiments.sweep.chunks import Work, run_chunk
from sim.experiments.sweep_extremes import extremes_of


@pytest.fixture(scope="module")
def experiment():
    """Make a hundred runs of four rows."""
    return small_experiment()


@pytest.fixture(scope="module")
def done(experiment, tmp_path_factory):
    """Sweep it."""
    return sim.sweep(experiment, tmp_path_factory.mktemp("done") / "sweep", threads=2)


def test_rows_are_those_of_the_batch_engine(experiment, done):
    """Every design row has the outcomes of `sim.replicate` of its scenario, to the bit."""
    frame = done.frame()
    assert frame["run"].tolist() == list(range(experiment.runs))
    for row in range(experiment.rows):
        batch = sim.replicate(experiment.scenario_at(row), experiment.replications, experiment.seed).outcomes
        mine = frame[frame["row"] == row].reset_index(drop=True)
        assert mine["replication"].tolist() == batch["replication"].tolist()
        dates = [name for name in batch.columns if name.endswith("_date")]  # days in another form
        for name in batch.columns.drop(["replication", "failure", *dates]):
            pd.testing.assert_series_equal(mine[name], batch[name], check_exact=True, check_dtype=False)


@pytest.mark.parametrize("threads", [1, 3])
@pytest.mark.parametrize("seconds", [1e-6, 0.01])
@pytest.mark.parametrize("runs", [7, layout.SHARD_RUNS])
def test_digest_whatever_the_chunks(experiment, done, tmp_path, monkeypatch, threads, seconds, runs):
    """Chunks of one run or of many, on one thread or three, in few shards or in many, give the same digest."""
    monkeypatch.setattr(layout, "SHARD_RUNS", runs)
    other = sim.sweep(experiment, tmp_path / "sweep", threads=threads, chunk_seconds=seconds)
    assert other.digest == done.digest
    assert len(other.files) == -(-100 // runs)
    assert list((other.folder / "pending").iterdir()) == []


@settings(max_examples=25)
@given(cuts=st.lists(st.integers(1, 99), max_size=6, unique=True), block=st.integers(1, 120))
def test_digest_of_any_cut(experiment, cuts, block):
    """Rows cut anywhere give the digest of the rows in one piece, for blocks of any length."""
    whole = run_chunk(Work.of(experiment), 0, experiment.runs).table
    ends = [0, *sorted(cuts), experiment.runs]
    pieces = [whole.slice(first, last - first) for first, last in pairwise(ends)]
    assert digest_of_tables(pieces, block) == digest_of_tables([whole], block)


def test_digest_sees_every_row(experiment):
    """A row that is missing, or has another number, changes the digest."""
    whole = run_chunk(Work.of(experiment), 0, 40).table
    without = [whole.slice(0, 17), whole.slice(18)]
    assert digest_of_tables(without) != digest_of_tables([whole])


def test_a_row_leads_to_its_run(experiment, done):
    """The run of a row, simulated again with its log, has the row's outcome."""
    row = list(done.rows)[63]
    run = done.run(63)
    assert (row["row"], row["replication"], row["pace"]) == (2, 13, experiment.points["pace"][2])
    assert run.scenario == experiment.scenario_at(2)
    assert len(run.events) > 0
    for name, value in run.outcome.items():
        assert row[name] == value or (value != value and row[name] != row[name])


def test_the_command_repeats_the_run(done, tmp_path, monkeypatch, capsys):
    """The command that a sweep names for a run gives its outcome."""
    from sim.cli import main

    monkeypatch.chdir(tmp_path)
    command = done.command(88).split()
    assert command[:2] == ["sim", "run"]
    assert main([*command[1:], "--runs", "0", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)["outcome"]
    row = list(done.rows)[88]
    assert told["deaths"] == row["deaths"]
    assert told["payoff_rebels"] == row["payoff_rebels"]


def test_reading_back(done, experiment):
    """Frame, Arrow, relation and rows hold the same; the experiment is the one that was run."""
    again = sim.open_sweep(done.folder)
    assert again.experiment == experiment
    assert again.complete
    assert len(again) == again.runs == experiment.runs
    assert again.digest == done.digest
    frame = again.frame(["run", "deaths"])
    assert frame.columns.tolist() == ["run", "deaths"]
    assert again.arrow(["deaths"]).column("deaths").to_pylist() == frame["deaths"].tolist()
    assert [row["deaths"] for row in again.rows] == frame["deaths"].tolist()
    pytest.importorskip("duckdb")
    assert again.relation().aggregate("sum(deaths)").fetchall() == [(frame["deaths"].sum(),)]
    with pytest.raises(UsageError, match="columns: found 'death'"):
        again.frame(["death"])


def test_summary_by_design_row(done):
    """Shares, means and standard errors by row are those of the frame."""
    frame, summary = done.frame(), done.summary
    for row, rows in frame.groupby("row"):
        line = summary.loc[row]
        share = (rows["outcome"] == "stalemate").mean()
        assert line["runs"] == len(rows)
        assert line["pace"] == rows["pace"].iloc[0]
        assert line["share_stalemate"] == pytest.approx(share)
        assert line["standard_error_stalemate"] == pytest.approx(np.sqrt(share * (1 - share) / len(rows)))
        assert line["mean_deaths"] == pytest.approx(rows["deaths"].mean())
        assert line["standard_error_deaths"] == pytest.approx(rows["deaths"].sem())
    assert "How fast" in done._repr_html_()


def test_chosen_outputs_and_own_luck(tmp_path):
    """Outputs may be outcome columns and measures; without common luck every run has its own replication number."""
    chosen = small_experiment(
        replications=5, days=60, outputs=["outcome", "deaths", "talks_began", "stalemate"], common_luck=False
    )
    sweep = sim.sweep(chosen, tmp_path / "sweep")
    frame = sweep.frame()
    assert frame.columns.tolist()[4:] == ["pace", "outcome", "deaths", "talks_began", "stalemate", "failure"]
    assert frame["replication"].tolist() == list(range(20))
    assert ((frame["outcome"] == "stalemate") == (frame["stalemate"] == 1.0)).all()
    assert sweep.summary["mean_stalemate"].tolist() == sweep.summary["share_stalemate"].tolist()


def test_a_row_that_is_no_scenario(tmp_path):
    """A design row whose values make no scenario is kept as failed runs with the reason; the others are as ever."""
    captives = "deal.captives.prisoners."
    mixed = small_experiment(
        vary={"held": {"path": captives + "held"}, "promised": {"path": captives + "promised"}},
        design={"rows": {"values": {"held": [900.0, 700.0, 700.0], "promised": [850.0, 650.0, 850.0]}}},
        replications=4,
    )
    sweep = sim.sweep(mixed, tmp_path / "sweep")
    assert sweep.complete
    assert sweep.failures["run"].tolist() == [8, 9, 10, 11]
    assert sweep.failures["failure"].str.contains("promised").all()
    assert sweep.failures["seed"].tolist() == [7] * 4
    assert sweep.frame()["deaths"].notna().tolist() == [True] * 8 + [False] * 4
    assert sweep.summary["failed"].tolist() == [0, 0, 4]


def test_columns_of_the_report_stand_below_their_heads(tmp_path, capsys):
    """Without a terminal, too, every row has its first share where the head names it."""
    done = sim.sweep(small_experiment(days=200), tmp_path / "sweep")
    report_sweep(done)
    head, *rows = capsys.readouterr().out.split("\n\n")[1].splitlines()
    shares = [name for name in done.summary.columns if name.startswith("share_") and done.summary[name].any()]
    place = head.index(shares[0].removeprefix("share_").replace("_", " "))
    assert len(rows) == 4
    assert all(row[place - 1] == " " and row[place] != " " for row in rows)


def test_a_report_says_that_nothing_differs(done, capsys):
    """A month is too short for any ending: what the scenario shows first is the same in every row."""
    report_sweep(done)
    assert "No row differs from another in " in capsys.readouterr().out


@pytest.mark.parametrize("output", ["settlement", "deaths", "all_counted by day 150", "days_until_settlement"])
def test_a_report_of_one_output_says_that_it_varies(tmp_path, capsys, output):
    """A sweep that keeps one measure alone is told where that is least and most, as a sweep that keeps all is."""
    whole = sim.sweep(small_experiment(days=365, replications=40), tmp_path / "whole")
    alone = sim.sweep(small_experiment(days=365, replications=40, outputs=[output]), tmp_path / "alone")
    report_sweep(alone)
    told = capsys.readouterr().out
    (extremes,) = extremes_of(alone)
    assert extremes.measure.name == output
    assert "No row differs" not in told
    assert f"  {extremes.measure.label}: " in told
    for column in (name for name in alone.summary.columns if name in whole.summary.columns):
        pd.testing.assert_series_equal(alone.summary[column], whole.summary[column])


def test_outputs_that_are_no_measures(tmp_path, capsys):
    """The column of outcomes is no measure itself, and the report of a sweep that keeps it says what it can."""
    sweep = sim.sweep(small_experiment(days=365, outputs=["outcome"]), tmp_path / "sweep")
    report_sweep(sweep)
    assert "settlement" in capsys.readouterr().out
