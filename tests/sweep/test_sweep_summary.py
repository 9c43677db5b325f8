"""``keep: summary``: of each design row counts, exact sums and histograms, the same however runs were split."""

import contextlib
import hashlib
import itertools
import json
import math
import shutil
from fractions import Fraction

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small_experiment import small_experiment

import sim
from sim.cli import main
from sim.cli.sweep_report import report_sweep
from sim.errors import StoreError, UsageError
from sim.experiments.definition import experiment_from_dict
from sim.experiments.sweep import layout, pending
from sim.experiments.sweep.chunks import Work, run_chunk
from sim.experiments.sweep.exact_sums import Dyadic, sums_of, variance_of
from sim.experiments.sweep.identity import identity_of
from sim.experiments.sweep.journal import Entry, line_of, read_journal
from sim.experiments.sweep.layout import Layout
from sim.experiments.sweep.value_bins import bins_of, edges_of
from sim.experiments.sweep_cells import sweep_cells

FINITE = st.floats(allow_nan=False, allow_infinity=False)


@pytest.fixture(scope="module")
def runs(tmp_path_factory):
    """Sweep 160 runs of a year and keep each."""
    return sim.sweep(small_experiment(days=365, replications=40), tmp_path_factory.mktemp("runs") / "sweep")


@pytest.fixture(scope="module")
def experiment():
    """Make the same experiment that keeps summaries."""
    return small_experiment(days=365, replications=40, keep="summary")


@pytest.fixture(scope="module")
def done(experiment, tmp_path_factory):
    """Sweep it."""
    return sim.sweep(experiment, tmp_path_factory.mktemp("done") / "sweep")


@given(st.lists(st.tuples(FINITE, st.integers(0, 2)), max_size=40))
def test_sums_are_exact(pairs):
    """Sums of numbers of any size and of their squares are those of fractions, and are written and read as they are."""
    values, group = (np.array([pair[i] for pair in pairs], dtype=kind) for i, kind in ((0, np.float64), (1, np.int64)))
    with np.errstate(over="ignore"):
        sums, squares = sums_of(values, group, 3)
    for which in range(3):
        mine = [Fraction(value) for value in values[group == which].tolist()]
        for found, expected in ((sums[which], sum(mine)), (squares[which], sum(x * x for x in mine))):
            assert Fraction(found.whole) * Fraction(2) ** found.exponent == expected
            assert Dyadic.read(found.text) == found


def test_a_variance_does_not_cancel():
    """Numbers far from 0 have the variance of their differences."""
    values = 1e9 + np.array([0.0, 0.25, 0.5])
    sums, squares = sums_of(values, np.zeros(3, np.int64), 1)
    assert variance_of(3, sums[0], squares[0]) == 0.0625
    assert math.isnan(variance_of(1, sums[0], squares[0]))


def test_a_variance_beyond_all_numbers_is_infinite():
    """The variance of numbers that no float64 holds is infinite, and their mean is still exact."""
    sums, squares = sums_of(np.array([1e308, -1e308, 1e308]), np.zeros(3, np.int64), 1)
    assert variance_of(3, sums[0], squares[0]) == math.inf
    assert sums[0].over(3) == 1e308 / 3
    sums, squares = sums_of(np.array([1.7e308, 1e-300]), np.zeros(2, np.int64), 1)  # of more digits than a float has
    assert variance_of(2, sums[0], squares[0]) == math.inf
    assert Dyadic.of(-sums[0].whole, sums[0].exponent + 9).over(1) == -math.inf


@given(FINITE, st.sampled_from([0.0, 1.0, 7.0]))
def test_every_number_lies_in_its_bin(value, width):
    """A value lies between the edges of its bin; only what is next to nothing counts as 0."""
    number = int(bins_of(np.array([value]), width)[0])
    low, high = edges_of(number, width)
    if width:
        assert low <= value < high or abs(value) > 1e4
    elif number == 0:
        assert abs(value) < 2.0**-20
    else:
        assert low <= value <= high
        assert math.isinf(high - low) or high - low <= min(abs(low), abs(high)) / 8  # of the last bin of all


def test_the_summary_is_that_of_the_runs(done, runs):
    """Shares, means and errors are those of a sweep that keeps every run, to the bit, and those of its frame."""
    pd.testing.assert_frame_equal(done.summary[runs.summary.columns], runs.summary, check_exact=True)
    for row, frame in runs.frame().groupby("row"):
        line = done.summary.loc[row]
        assert line["mean_deaths"] == pytest.approx(frame["deaths"].mean())
        assert line["standard_error_payoff_state"] == pytest.approx(frame["payoff_state"].sem())
        assert line["mean_talks_day"] == pytest.approx(frame["talks_day"].mean())
        assert line["share_settlement"] == (frame["outcome"] == "settlement").mean()
        until = frame["outcome_day"].where(frame["outcome"] == "settlement", 365.0)
        assert line["mean_days_until_settlement"] == pytest.approx(until.mean())
    assert (done.runs, done.done, done.failed, done.complete, len(done.files)) == (160, 160, 0, True, 1)


def test_histograms_count_every_value(done, runs):
    """Each value of a row is counted in its bin; a sweep that keeps runs has the same histogram."""
    frame = runs.frame()
    for output, row in itertools.product(["deaths", "payoff_state", "talks_day", "all_counted_day"], range(4)):
        counted = done.histogram(output, row)
        pd.testing.assert_frame_equal(counted, runs.histogram(output, row))
        values = frame.loc[frame["row"] == row, output].dropna().to_numpy()
        assert counted["count"].sum() == len(values)
        for low, high, count in counted.itertuples(index=False):
            assert ((values >= low) & (values < high)).sum() == count or (
                low == high and (values == 0.0).sum() == count
            )
    assert (done.histogram("talks_day", 0)["high"] - done.histogram("talks_day", 0)["low"] == 3.0).all()
    with pytest.raises(UsageError, match="output: found 'outcome', expected one of"):
        done.histogram("outcome", 0)
    with pytest.raises(UsageError, match="row: found 4"):
        done.histogram("deaths", 4)


@pytest.mark.parametrize("threads", [1, 3])
@pytest.mark.parametrize("seconds", [1e-6, 0.02])
@pytest.mark.parametrize("rows", [1, layout.SHARD_ROWS])
def test_digest_whatever_the_chunks(experiment, done, tmp_path, monkeypatch, threads, seconds, rows):
    """Chunks of one run or of many, on one thread or three, joined early or late, give one digest in files of rows."""
    monkeypatch.setattr(layout, "SHARD_ROWS", rows)
    monkeypatch.setattr(pending, "MOST_PIECES", 5)
    other = sim.sweep(experiment, tmp_path / "sweep", threads=threads, chunk_seconds=seconds)
    assert len(other.files) == -(-4 // rows)
    pd.testing.assert_frame_equal(other.summary, done.summary, check_exact=True)
    assert rows == 1 or other.digest == done.digest
    if rows == 1:  # the digest goes by blocks of rows, which only a test makes smaller
        monkeypatch.undo()
        assert sim.open_sweep(other.folder).digest == done.digest


@settings(max_examples=6, deadline=None)
@given(cuts=st.lists(st.integers(1, 159), max_size=6, unique=True), order=st.randoms(use_true_random=False))
def test_parts_add_up_in_any_order(experiment, cuts, order):
    """The tables of any parts of the runs join to the table of all of them, whatever comes first."""
    work = Work.of(experiment)
    form = Layout.of(identity_of(experiment, work.columns))
    ends = [0, *sorted(cuts), experiment.runs]
    parts = [run_chunk(work, first, last).table for first, last in itertools.pairwise(ends)]
    order.shuffle(parts)
    assert form.rows_in(form.joined(parts)) == form.rows_in(run_chunk(work, 0, experiment.runs).table)


def test_an_interrupted_sweep_goes_on(experiment, done, tmp_path, monkeypatch):
    """What is done of a sweep that was stopped is read back, does not count twice, and ends in the same digest."""
    monkeypatch.setattr(pending, "MOST_PIECES", 8)
    folder = tmp_path / "sweep"

    class Enough(Exception):
        pass

    for enough in (30, 75, 130):

        def stop(count, _runs, enough=enough):
            if count > enough:
                raise Enough

        with contextlib.suppress(Enough):
            sim.sweep(experiment, folder, resume=True, threads=1, chunk_seconds=1e-6, progress=stop)
        opened = sim.open_sweep(folder)
        assert opened.summary["runs"].sum() == opened.done > enough
        assert not opened.complete
        (path,) = (folder / "pending").iterdir()
        path.write_bytes(path.read_bytes()[:-3])  # as a kill would tear the last chunk
    assert sim.sweep(experiment, folder, resume=True).digest == done.digest


def test_what_needs_single_runs_is_refused(done):
    """Rows, frames and queries say that no runs are kept and what there is instead; a run can still be repeated."""
    for read in (lambda: next(done.rows), done.frame, done.arrow, done.relation):
        with pytest.raises(UsageError, match=r"keeps a summary of each row and no single runs.*expected keep: runs"):
            read()
    assert done.run(50).outcome["deaths"] >= 0
    assert "--replication 10" in done.command(50)


def test_cells_and_boxes_are_those_of_the_runs(tmp_path):
    """Where means of rows are enough a summary gives the same: cells of a grid with their errors, and boxes."""
    grid = small_experiment(
        days=365,
        vary={
            "settle": {"path": "deal.outcomes.settlement.per_day", "range": [0.001, 0.02]},
            "fall": {"path": "deal.outcomes.government_collapse.per_day", "range": [0.0005, 0.02]},
        },
        design={"grid": {"levels": 7}},
        replications=4,
    )
    every, summed = (sim.sweep(grid, tmp_path / keep, keep=keep) for keep in ("runs", "summary"))
    for output in ("settlement", "deaths", "days_until_settlement"):
        mine, theirs = (sweep_cells(sweep, output) for sweep in (summed, every))
        np.testing.assert_allclose(mine.mean, theirs.mean)
        if output != "settlement":  # whose error by row is that of a share
            np.testing.assert_allclose(mine.standard_error, theirs.standard_error)
        assert (mine.is_share, mine.runs.tolist(), mine.failed.sum()) == (theirs.is_share, theirs.runs.tolist(), 0)
    assert repr(sim.discover(summed, "settlement")) == repr(sim.discover(every, "settlement"))
    with pytest.raises(UsageError, match=r"output 'outcome_day'|output 'all_counted_day': found no value in"):
        sweep_cells(summed, "all_counted_day")
    with pytest.raises(UsageError, match="output: found 'nothing', expected one that the sweep has: settlement"):
        summed.means("nothing")
    with pytest.raises(UsageError, match="sensitivity: found a sweep that keeps a summary of each row"):
        sim.sensitivity_of(summed, "settlement")
    assert main(["sensitivity", str(summed.folder)]) == 2
    assert summed.plot("settlement").axes


def test_failures(tmp_path):
    """Failed runs are counted by row; the first of each row is named with its reason and its command."""
    captives = "deal.captives.prisoners."
    mixed = small_experiment(
        vary={"held": {"path": captives + "held"}, "promised": {"path": captives + "promised"}},
        design={"rows": {"values": {"held": [900.0, 700.0, 700.0], "promised": [850.0, 850.0, 650.0]}}},
        replications=4,
    )
    sweep = sim.sweep(mixed, tmp_path / "a", keep="summary", chunk_seconds=1e-6)
    assert sweep.failed == 4
    assert sweep.summary["failed"].tolist() == [0, 4, 0]
    assert np.isnan(sweep.summary["mean_deaths"]).tolist() == [False, True, False]
    (failure,) = sweep.failures.to_dict("records")
    assert (failure["run"], failure["failed"], failure["held"]) == (4, 4, 700.0)
    assert "promised" in failure["failure"]
    assert "--replication 0" in failure["command"]
    assert sweep.digest == sim.sweep(mixed, tmp_path / "b", keep="summary").digest


def test_the_experiment_says_what_is_kept(experiment, tmp_path):
    """Runs and summaries are different experiments; going on with the other is refused; a wrong word is, too."""
    plain = experiment.keeping("runs")
    assert plain == small_experiment(days=365, replications=40) != experiment
    assert experiment_from_dict(experiment.to_dict()) == experiment
    sim.sweep(plain.resized(replications=2), tmp_path / "sweep")
    with pytest.raises(StoreError, match=r"experiment: \+ keep: summary"):
        sim.sweep(experiment.resized(replications=2), tmp_path / "sweep", resume=True)
    with pytest.raises(UsageError, match="keep: found 'means', expected runs or summary"):
        sim.sweep(plain, tmp_path / "other", keep="means")


def test_size(tmp_path):
    """A row takes kilobytes however many runs it has, and the plan says so beforehand."""
    small, large = (
        sim.sweep(small_experiment(replications=n, keep="summary"), tmp_path / str(n)).files[0].stat().st_size
        for n in (300, 1500)
    )
    assert large < 1.3 * small
    plan = sim.sweep(small_experiment(replications=1500, keep="summary"), tmp_path / "plan", dry_run=True)
    assert plan.files == 1
    assert 0.5 * large < plan.bytes < 2 * large
    assert plan.bytes == pytest.approx(
        sim.sweep(small_experiment(replications=10**6, keep="summary"), tmp_path / "p", dry_run=True).bytes, rel=0.3
    )


def test_report_and_command_line(tmp_path, capsys, monkeypatch):
    """The command takes --keep, reports extremes as ever, and gives the summary as JSON."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "pace.yaml").write_text(
        "schema_version: 1\ntitle: Pace\nscenario: toys/two_actors\nkeep: summary\n"
        "vary: {pace: {path: deal.outcomes.settlement.per_day, range: [0.001, 0.05]}}\n"
        "design: {grid: {levels: 3}}\nreplications: 30\n"
    )
    assert main(["sweep", "pace.yaml", "--out", "a", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert main(["sweep", "pace.yaml", "--out", "b", "--keep", "runs"]) == 0
    assert "Least and most between rows" in capsys.readouterr().out
    assert sim.open_sweep("a").keep == "summary"
    assert sim.open_sweep("b").keep == "runs"
    assert [row["runs"] for row in told["rows"]] == [30] * 3
    report_sweep(sim.open_sweep("a"))
    assert "settlement: " in capsys.readouterr().out
    assert main(["sweep", "pace.yaml", "--out", "c", "--keep", "all"]) == 2


SPOILS = {
    "another row": lambda t: t.set_column(0, "row", pa.array([9] * len(t))),
    "a line less": lambda t: t.slice(1),
    "other counts": lambda t: t.set_column(3, "count", pa.array([10**9] * len(t))),
    "no sum": lambda t: t.set_column(4, "sum", pa.nulls(len(t), pa.string())),
    "an endless sum": lambda t: t.set_column(4, "sum", pa.array(["1p9999999999"] * len(t))),
    "an endless bin": lambda t: t.set_column(8, "bins", pa.array(["99999:1"] * len(t))),
    "bins of others": lambda t: t.set_column(8, "bins", pa.array(["1:1"] * len(t))),
    "text for a count": lambda t: t.set_column(3, "count", pa.array(["x"] * len(t))),
    "no columns": lambda t: t.select(["row"]),
}


@pytest.mark.parametrize("spoil", SPOILS)
def test_summaries_that_are_none(done, tmp_path, spoil):
    """A file of summaries that was made by hand is refused with its name wherever it is read."""
    folder = shutil.copytree(done.folder, tmp_path / "sweep")
    (path,) = (folder / "shards").iterdir()
    pq.write_table(SPOILS[spoil](pq.read_table(path)), path)
    (entry,) = read_journal(folder / "journal.jsonl")[0]
    data = path.read_bytes()
    line = line_of(Entry(entry.first, entry.last, 0, len(data), hashlib.sha256(data).hexdigest()))
    (folder / "journal.jsonl").write_bytes(line)
    spoiled = sim.open_sweep(folder)
    for read in (lambda: spoiled.digest, lambda: spoiled.summary, lambda: spoiled.histogram("deaths", 0)):
        with pytest.raises(StoreError, match=r"\.parquet: .*--resume"):
            read()
