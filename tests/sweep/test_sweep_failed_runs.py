"""Runs that fail and workers that die: the sweep ends, the failed runs are rows, all others are equal to the bit."""

import pandas as pd
import pytest
from faulty_rules import MARK, naming, registered
from small_experiment import small_experiment

import sim
from sim.engine.event_batch import can_fork
from sim.errors import RunError, SimError, SweepStoppedError, UsageError

pytestmark = pytest.mark.skipif(not can_fork(), reason="rules in plain Python run on forked processes")
OUTCOMES = ["outcome", "deaths", "released", "payoff_state", "payoff_rebels"]


@pytest.fixture(scope="module", autouse=True)
def rules():
    """Let scenarios name the rules."""
    registered()


def swept(folder, rule, **more):
    """Sweep 100 runs in which the state plays by a rule."""
    return sim.sweep(small_experiment(rows=2, replications=50, changes=naming(rule)), folder, threads=2, **more)


@pytest.fixture(scope="module")
def calm(tmp_path_factory):
    """Sweep the rule that nothing goes wrong with."""
    return swept(tmp_path_factory.mktemp("calm") / "sweep", "calm")


def assert_others_equal(sweep, calm, failed):
    """Every run that did not fail has the outcome it has where none fails, to the bit."""
    mine, theirs = sweep.frame(), calm.frame()
    assert mine.loc[mine["failure"].notna(), "run"].tolist() == failed
    others = mine["failure"].isna()
    pd.testing.assert_frame_equal(mine.loc[others, OUTCOMES], theirs.loc[others, OUTCOMES], check_exact=True)
    assert mine.loc[~others, OUTCOMES].isna().all(axis=None)


def test_a_rule_that_raises_in_four_percent_of_the_runs(tmp_path, calm):
    """The sweep ends; 4 % of the rows say what was raised, with their seed; the rest is equal to the bit."""
    sweep = swept(tmp_path / "sweep", "raising", chunk_seconds=0.05)
    assert sweep.complete
    assert sweep.failed == 4
    assert_others_equal(sweep, calm, [7, 32, 57, 82])
    failures = sweep.failures
    assert failures["seed"].tolist() == [7] * 4
    assert failures["failure"].str.contains('raised ValueError: no choice in ["replication"', regex=False).all()
    assert failures["command"].str.contains("--replication 7").tolist() == [True, False, True, False]
    with pytest.raises(RunError, match="no choice in"):
        sweep.run(32)
    assert sweep.digest == swept(tmp_path / "again", "raising").digest


def test_too_many_failures(tmp_path, calm):
    """At --max-failures the sweep stops with a reason; with a higher bound it goes on to the same result."""
    with pytest.raises(SweepStoppedError, match=r"3 runs failed, expected fewer than 3.*--resume.*--max-failures"):
        swept(tmp_path / "sweep", "raising", max_failures=3, chunk_seconds=1e-6)
    so_far = sim.open_sweep(tmp_path / "sweep")
    assert 57 < so_far.done < 100
    sweep = swept(tmp_path / "sweep", "raising", resume=True, max_failures=5)
    assert_others_equal(sweep, calm, [7, 32, 57, 82])
    with pytest.raises(UsageError, match="max_failures: found 0"):
        swept(tmp_path / "sweep", "raising", resume=True, max_failures=0)


def test_a_worker_that_exits(tmp_path, calm):
    """A run that takes its worker process down is one failed row; those that were done beside it are done again."""
    sweep = swept(tmp_path / "sweep", "deadly")
    assert sweep.complete
    assert_others_equal(sweep, calm, [11, 61])
    assert sweep.failures["failure"].tolist() == ["its worker process ended before the run did"] * 2


def test_a_batch_whose_worker_exits():
    """Outside a sweep nothing is kept: the error names the rule and says how to see more."""
    scenario = small_experiment(changes=naming("deadly")).scenario
    with pytest.raises(SimError, match=r"plain Python of .*deadly.*threads=1"):
        sim.replicate(scenario, 100, seed=7, threads=2)


def test_a_worker_that_exits_once(tmp_path, calm, monkeypatch):
    """A run that fails by an accident is tried once more, and nothing of the accident is left in the results."""
    monkeypatch.setenv(MARK, str(tmp_path / "mark"))
    sweep = swept(tmp_path / "sweep", "deadly_once")
    assert (tmp_path / "mark").exists()
    assert sweep.failed == 0
    assert_others_equal(sweep, calm, [])
